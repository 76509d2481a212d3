"""Some reports are built, several at a time; each ends as an outcome, whatever happens to it."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence

from petitionlib.errors import BatchError, NotebookError, PetitionlibError, Said, said
from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.batch.pages import Record, Records, State
from petitionlib.reports.job import BUILT, FAILED, Build, Options, Outcome

__all__ = ["Work"]


class Work:
    """The part of a batch that runs: some reports, several at a time."""

    def __init__(
        self,
        records: Records,
        inputs: Inputs,
        build: Build,
        options: Options,
        tell: Callable[[Outcome, int], object],
    ) -> None:
        """Take where the pages go, what they are made from and with, and who listens."""
        self.records = records
        self.inputs = inputs
        self.build = build
        self.options = options
        self.tell = tell
        self.outcomes: dict[str, Outcome] = {}
        self.signal = 0

    def run(self, todo: Sequence[State]) -> None:
        """Build some reports; a signal ends it early, with `signal` set."""
        try:
            asyncio.run(self._all(todo))
        except KeyboardInterrupt:  # where the loop cannot listen to signals
            self.signal = self.signal or signal.SIGINT
        except asyncio.CancelledError:
            if not self.signal:
                raise
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            if signal.getsignal(signal.SIGTERM) is signal.default_int_handler:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)

    async def _all(self, todo: Sequence[State]) -> None:
        waiting = iter(todo)
        total = len(todo)

        async def worker() -> None:
            for state in waiting:
                outcome = await self._one(state)
                self.outcomes[state.job.name] = outcome
                self.tell(outcome, total - len(self.outcomes))

        try:
            with self._listening():
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(self.options.jobs, total)):
                        group.create_task(worker())
        finally:
            if close := getattr(self.build, "close", None):
                await close()

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """End at the first Ctrl-C or SIGTERM as at a full stop; a second one ends at once."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        numbers = (signal.SIGINT, signal.SIGTERM)

        def stop(number: int) -> None:
            self.signal = number
            for one in numbers:
                loop.remove_signal_handler(one)
                signal.signal(one, signal.default_int_handler)  # which cleans up, as SIG_DFL cannot
            if task:
                task.cancel()

        listening = False
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            for number in numbers:
                loop.add_signal_handler(number, stop, number)
            listening = True
        try:
            yield
        finally:
            for number in numbers if listening else ():
                loop.remove_signal_handler(number)

    async def _one(self, state: State) -> Outcome:
        """Build and publish one report, or note why it failed."""
        start = time.monotonic()
        job = state.job
        why = state.why or ["forced"]
        fault: Said | None = None
        cell = None
        try:
            # an edit from now on is for the next batch
            parts = self.inputs.parts(job, single_file=state.single_file)
            async with asyncio.timeout(self.options.timeout) as limit:
                built = await self.build(
                    job, memory=self.options.memory, single_file=state.single_file
                )
        except BatchError:
            raise
        except NotebookError as error:
            fault, cell = error.said, error.cell
        except PetitionlibError as error:
            fault = error.said
        except TimeoutError as error:
            fault = said("fault.text", text=repr(error))
            if limit.expired():
                fault = said("fault.timeout", seconds=f"{self.options.timeout:g}")
        except Exception as error:  # noqa: BLE001  # one report must never stop the others
            fault = said("fault.not_built", error=f"{type(error).__name__}: {error}")
        seconds = time.monotonic() - start
        if fault:
            self.records.fail(job.name, fault, cell)
            record = state.record or Record()
            return Outcome(
                job, FAILED, why, state.stands, record.title, record.headline, fault, cell, seconds
            )
        self.records.keep(job.name, built, parts, self.inputs.rows(job))
        return Outcome(job, BUILT, why, True, built.title, built.headline, seconds=seconds)  # noqa: FBT003
