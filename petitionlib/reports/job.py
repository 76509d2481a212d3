"""One report to build, how, and what became of it."""

from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from petitionlib.errors import Said

__all__ = [
    "BUILT",
    "FAILED",
    "LEFT",
    "UNCHANGED",
    "Build",
    "Built",
    "Job",
    "Options",
    "Outcome",
]

BUILT: Final = "built"
FAILED: Final = "failed"
LEFT: Final = "left"
UNCHANGED: Final = "unchanged"


class Job(NamedTuple):
    """A notebook with the parameters to inject, the values of all of them, and its page's name.

    `places` are those whose rows it reads (None: all rows), `files` what it opens by itself.
    """

    notebook: Path
    parameters: Mapping[str, object]
    values: Mapping[str, object]
    name: str
    places: tuple[str, ...] | None = None
    files: tuple[Path, ...] = ()


class Built(NamedTuple):
    """A page that is ready to be published, and how the index tells it."""

    page: str
    title: str
    headline: str


class Build(Protocol):
    """What makes a page of a job; it raises `NotebookError` with the cell and the cause.

    It raises `BatchError` for what no report of the batch can do without.

    `memory` is the number of megabytes that the notebook may use (None: all there is). A page that
    is not a `single_file` refers to the plotly.js beside it. Cancelling it ends all that it
    started.
    """

    def __call__(self, job: Job, *, memory: int | None, single_file: bool) -> Awaitable[Built]:
        """Build the page of a job."""


class Options(NamedTuple):
    """How a batch runs: so many at a time, so long and so large each, forced, waiting or not."""

    jobs: int = 1
    timeout: float = 600
    memory: int | None = None
    force: bool = False
    wait: bool = True


class Outcome(NamedTuple):
    """What a batch did with a report: `kind` is built, failed, left or unchanged.

    `left`: something has changed, and this batch did not come to build it. `stands`: a page of it
    is there. `fault` and `cell` are those of the last try.
    """

    job: Job
    kind: str
    why: list[str]
    stands: bool
    title: str = ""
    headline: str = ""
    fault: Said | None = None
    cell: int | None = None
    seconds: float = 0
