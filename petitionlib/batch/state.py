"""How each report stands: its page, the record of it, and what has changed since it was built."""

from collections.abc import Sequence
from typing import NamedTuple

from petitionlib.batch.inputs import SINGLE_FILE, Inputs
from petitionlib.batch.records import CHANGED, MISSING, Record, Records
from petitionlib.job import Job

__all__ = ["State", "assess"]


class State(NamedTuple):
    """A report as it stands: its record, and what has changed since it was built.

    `single_file` is the form that its page has to have.
    """

    job: Job
    record: Record | None
    stands: bool
    why: list[str]
    single_file: bool


def assess(jobs: Sequence[Job], records: Records, inputs: Inputs) -> list[State]:
    """Say of each report whether its page stands, and what has changed since it was built."""
    return [_state(job, records, inputs) for job in jobs]


def _state(job: Job, records: Records, inputs: Inputs) -> State:
    record = records.read(job.name)
    if record is None or not record.inputs:
        failed = record is not None and record.fault
        form = _form(records.is_single_file(job.name) or False, inputs)
        return State(job, record, False, ["failed last time" if failed else "new"], form)  # noqa: FBT003
    fault = records.fault_of_page(job.name, record)
    kept = record.inputs.get("form") == SINGLE_FILE
    seen = records.is_single_file(job.name) if fault == CHANGED else None
    form = _form(kept if seen is None else seen, inputs)
    why = [fault] if fault else []
    why += ["failed last time"] if record.fault else []
    why += inputs.why(job, record.inputs, record.rows, single_file=form)
    return State(job, record, fault != MISSING, why, form)


def _form(kept: bool, inputs: Inputs) -> bool:  # noqa: FBT001  # the form that the page has
    """Tell whether a page is to be a single file: as asked for, else as it is."""
    return kept if inputs.single_file is None else inputs.single_file
