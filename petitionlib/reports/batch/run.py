"""Many reports: what has changed is built, each page published whole, by one batch at a time."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from petitionlib.errors import BatchError, NotebookError, PetitionlibError
from petitionlib.files import refusal
from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.batch.pages import Record, Records, State, assess
from petitionlib.reports.job import BUILT, FAILED, LEFT, UNCHANGED, Build, Job, Options, Outcome
from petitionlib.words import say

__all__ = ["Result", "Work", "run_batch"]


class Result(NamedTuple):
    """How a batch ended: every report of the plan in its order, and what ended it early.

    `signal` is the number of the signal that stopped it, `others` the pages that no plan names.
    """

    outcomes: list[Outcome]
    others: list[str]
    signal: int = 0


def run_batch(  # noqa: PLR0913  # what to build, where, from what, with what; and two listeners
    jobs: Sequence[Job],
    records: Records,
    inputs: Inputs,
    build: Build,
    options: Options,
    *,
    chosen: Sequence[Job] | None = None,
    ready: Callable[[int], object] = lambda _: None,
    tell: Callable[[Outcome, int], object] = lambda *_: None,
    say: Callable[[str], None] = lambda _: None,
    close: Callable[[Result], object] = lambda _: None,
) -> Result:
    """Build the reports that have changed, and return what became of every report of the plan.

    `chosen` are those to look at, by default all. `ready` is called once, with their number,
    before the first is built, `tell` with each outcome and the number still to come, `say` with a
    sentence for the reader, and `close` with the result while the folder is still its own.

    A report that fails is noted and the others go on. Raises `BatchError` where the folder cannot
    be written or is another batch's; the pages that were there still stand.
    """
    with _writing(records.out):
        records.prepare()
        with records.locked(wait=options.wait, say=say):
            records.clean()
            states = assess(jobs, records, inputs)
            wanted = {job.name for job in (jobs if chosen is None else chosen)}
            todo = [s for s in states if s.job.name in wanted and (s.why or options.force)]
            done, stopped = {}, 0
            if todo:
                ready(len(todo))
                work = Work(records, inputs, build, options, tell)
                work.run(todo)
                done, stopped = work.outcomes, work.signal
            outcomes = [done.get(state.job.name) or _untouched(state) for state in states]
            others = records.others({job.name for job in jobs})
            result = Result(outcomes, others, stopped)
            close(result)
            return result


def _untouched(state: State) -> Outcome:
    """Tell of a report that this batch did not try to build."""
    record = state.record or Record()
    kind = LEFT if state.why else UNCHANGED
    return Outcome(
        state.job, kind, state.why, state.stands, record.title, record.headline, record.fault,
        record.cell,
    )  # fmt: skip


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Turn what the disk refuses into one sentence."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or out
        message = f"cannot write {where}: {refusal(error)} (the pages there still stand)"
        raise BatchError(message) from None


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
        fault, cell = "", None
        try:
            # an edit from now on is for the next batch
            parts = self.inputs.parts(job, single_file=state.single_file)
            async with asyncio.timeout(self.options.timeout) as limit:
                built = await self.build(
                    job, self.inputs.data, memory=self.options.memory,
                    single_file=state.single_file,
                )  # fmt: skip
        except BatchError:
            raise
        except NotebookError as error:
            fault, cell = error.cause, error.cell
        except PetitionlibError as error:
            fault = str(error)
        except TimeoutError as error:
            fault = _ran_too_long(self.options.timeout) if limit.expired() else repr(error)
        except Exception as error:  # noqa: BLE001  # one report must never stop the others
            fault = say("fault.not_built", "en", error=f"{type(error).__name__}: {error}")
        seconds = time.monotonic() - start
        if fault:
            fault = " ".join(fault.split())
            self.records.fail(job.name, fault, cell)
            record = state.record or Record()
            return Outcome(
                job, FAILED, why, state.stands, record.title, record.headline, fault, cell, seconds
            )
        rows = self.inputs.seen(built.reads)
        self.records.keep(job.name, built, parts, rows)
        return Outcome(job, BUILT, why, True, built.title, built.headline, seconds=seconds)  # noqa: FBT003


def _ran_too_long(seconds: float) -> str:
    return say("fault.timeout", "en", seconds=f"{seconds:g}")
