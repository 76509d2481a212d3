"""One report to build, and what building it gave."""

from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypedDict

__all__ = ["Build", "Built", "Job", "Reads"]


class Job(NamedTuple):
    """A notebook with the parameters to inject, the values of all of them, and its page's name."""

    notebook: Path
    parameters: Mapping[str, object]
    values: Mapping[str, object]
    name: str


class Reads(TypedDict):
    """What a run read of the tables: everything, or the cells (place, year, span) it asked for.

    A cell that was asked for and is blank belongs to it too: its first figure changes the report.
    """

    all: bool
    cells: Sequence[Sequence[str | int]]


class Built(NamedTuple):
    """A page that is ready to be published, what it was made from, and how the index tells it."""

    page: str
    reads: Reads
    title: str
    headline: str


class Build(Protocol):
    """What makes a page of a job; it raises `NotebookError` with the cell and the cause.

    `data` is the folder of the tables (None: the notebook reads none). `memory` is the number of
    megabytes that the notebook may use (None: all there is). A page that is not a `single_file`
    refers to the plotly.js beside it. Cancelling it ends all that it started.
    """

    def __call__(
        self, job: Job, data: Path | None, *, memory: int | None, single_file: bool
    ) -> Awaitable[Built]:
        """Build the page of a job."""
