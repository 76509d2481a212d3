"""Many reports: what has changed is built, each page published whole, by one batch at a time."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from petitionlib.errors import BatchError, Said, said
from petitionlib.files import refusal
from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.batch.pages import Record, Records, State, assess
from petitionlib.reports.job import LEFT, UNCHANGED, Build, Job, Options, Outcome

__all__ = ["Result", "run_batch"]


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
    say: Callable[[Said], None] = lambda _: None,
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
                from petitionlib.reports.batch.work import Work  # noqa: PLC0415  # loads asyncio

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
        where = str(error.filename2 or error.filename or out)
        fault = said("fault.cannot_write.pages", path=where, reason=refusal(error))
        raise BatchError(fault) from None
