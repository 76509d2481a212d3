"""What can go wrong, and the remedy."""

import traceback
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, Self

__all__ = [
    "BatchError",
    "DataNotFoundError",
    "FaultsError",
    "NotATableError",
    "NotebookError",
    "PaperError",
    "ParameterError",
    "PetitionlibError",
    "PlanError",
    "Problem",
    "TableError",
    "did_you_mean",
]


_RED, _PLAIN = "\x1b[31m", "\x1b[0m"


class PetitionlibError(Exception):
    """The base of every error that petitionlib raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """Show in a notebook the line that asked and the message, without our own frames.

        IPython asks for this; plain Python shows the whole traceback.
        """
        frames = traceback.extract_tb(self.__traceback__)
        modules = (
            frame.f_globals.get("__name__", "")
            for frame, _ in traceback.walk_tb(self.__traceback__)
        )
        ours = [name.partition(".")[0] == __package__ for name in modules]
        asked = frames[: ours.index(True) if any(ours) else None]
        lines = [f"----> {frame.lineno} {frame.line}" for frame in asked[-1:]]
        return [*lines, "", f"{_RED}{type(self).__name__}{_PLAIN}: {self}"]


class Problem(NamedTuple):
    """One fault of a file: where it is, what was found, and the remedy."""

    file: str
    line: int | None
    column: str | None
    found: str | None
    message: str

    def __str__(self) -> str:
        """Write the problem as one line, the place first."""
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.message}"


class FaultsError(PetitionlibError, ValueError):
    """What a person wrote cannot be taken; `problems` lists every fault found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take all the problems of a file or folder at once."""
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """List the problems, one a line."""
        return "\n".join(map(str, self.problems))


class TableError(FaultsError):
    """A table breaks the data contract."""

    @classmethod
    def of_table(cls, message: str, column: str) -> Self:
        """Return the error of one fault of a table in memory, which has no file and no lines."""
        return cls([Problem("table", None, column, None, message)])


class PlanError(FaultsError):
    """A plan of reports cannot be followed."""


class DataNotFoundError(PetitionlibError, LookupError):
    """A folder, table, place or year that is not there; `available` says what is."""

    def __init__(self, message: str, available: Iterable[object] = ()) -> None:
        """Take the whole sentence, and what there is instead."""
        self.message = message
        self.available = list(available)
        super().__init__(message, self.available)

    def __str__(self) -> str:
        """Give the sentence alone."""
        return self.message


class NotATableError(PetitionlibError, TypeError):
    """A function that takes a table was given something else."""


class ParameterError(PetitionlibError, ValueError):
    """A notebook was given a parameter that it does not take, or a value that does not fit."""

    def __init__(self, message: str, notebook: str, parameter: str | None = None) -> None:
        """Take the whole sentence, the notebook and the parameter it is about."""
        self.message = message
        self.notebook = notebook
        self.parameter = parameter
        super().__init__(message, notebook, parameter)

    def __str__(self) -> str:
        """Give the sentence alone."""
        return self.message


class NotebookError(PetitionlibError, RuntimeError):
    """A notebook could not become a report: which one, which cell, and why."""

    def __init__(self, notebook: str | Path, cell: int | None, cause: str) -> None:
        """Take the notebook, the cell as JupyterLab counts (None: no single cell) and the cause."""
        self.notebook = str(notebook)
        self.cell = cell
        self.cause = cause
        super().__init__(self.notebook, cell, cause)

    def __str__(self) -> str:
        """Say where and why in one line."""
        where = self.notebook if self.cell is None else f"{self.notebook}, cell [{self.cell}]"
        return f"{where}: {self.cause}"


class PaperError(PetitionlibError, RuntimeError):
    """A page could not be printed as a PDF: no browser, or one that failed."""


class BatchError(PetitionlibError, RuntimeError):
    """A batch could not go on: its folder is taken, or cannot be written."""


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the nearest known word, or nothing if none is near.

    >>> did_you_mean("petition.received", ["petitions.received", "petitions.total"])
    "; did you mean 'petitions.received'?"
    >>> did_you_mean("weather", ["petitions.received"])
    ''
    """
    words = {word.lower(): word for word in sorted(known)}
    near = get_close_matches(found.lower(), list(words), n=1, cutoff=0.7)
    return f"; did you mean {words[near[0]]!r}?" if near else ""
