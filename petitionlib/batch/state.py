"""How each report stands: its page, the record of it, and what has changed since it was built."""

from collections.abc import Sequence
from typing import NamedTuple

from petitionlib.batch.inputs import Inputs
from petitionlib.batch.records import Record, Records
from petitionlib.job import Job

__all__ = ["State", "assess"]


class State(NamedTuple):
    """A report as it stands: its record, and what has changed since it was built."""

    job: Job
    record: Record | None
    stands: bool
    why: list[str]


def assess(jobs: Sequence[Job], records: Records, inputs: Inputs) -> list[State]:
    """Say of each report whether its page stands, and what has changed since it was built."""
    return [_state(job, records, inputs) for job in jobs]


def _state(job: Job, records: Records, inputs: Inputs) -> State:
    record = records.read(job.name)
    if record is None or not record.inputs:
        failed = record is not None and record.fault
        return State(job, record, stands=False, why=["failed last time" if failed else "new"])
    fault = records.fault_of_page(job.name, record)
    why = [fault] if fault else []
    why += ["failed last time"] if record.fault else []
    why += inputs.why(job, record.inputs, record.rows)
    return State(job, record, stands=fault != "page is missing", why=why)
