"""What can go wrong, and the remedy: a code of words.csv with values, told in a language."""

import traceback
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import reduce
from pathlib import Path
from typing import Any, Final, NamedTuple, Self, TypeAlias

from petitionlib.words import say

__all__ = [
    "ArgumentError",
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
    "Said",
    "TableError",
    "did_you_mean",
    "joined",
    "said",
]


_RED, _PLAIN = "\x1b[31m", "\x1b[0m"
_TABLE: Final = "table"  # what stands for the file of a table that was made in memory

Value: TypeAlias = "str | int | float | Said | list[Said]"


class Said(NamedTuple):
    """A sentence, or a part of one: its code in words.csv and its values.

    A value may be said itself, so that it is told in the language too; of a list each stands on a
    line of its own.
    """

    code: str
    values: Mapping[str, Value]

    def told(self, lang: str) -> str:
        """Write it in a language.

        >>> said("fault.at_line", file="2022.csv", line=3, fault=said("fault.row_blank")).told("vi")
        '2022.csv, dòng 3: dòng trống; xóa dòng này'
        """
        values = {name: _told(value, lang) for name, value in self.values.items()}
        return say(self.code, lang, **values)

    def __str__(self) -> str:
        """Write it in English."""
        return self.told("en")

    def as_dict(self) -> dict[str, Any]:
        """Return code and values as JSON has them."""
        return {
            "code": self.code,
            "values": {name: _packed(value) for name, value in self.values.items()},
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Take code and values from JSON; raise `KeyError` for a code that is not in words.csv."""
        values = {name: _unpacked(value) for name, value in stored["values"].items()}
        found = cls(stored["code"], values)
        found.told("en")
        return found


def said(code: str, /, **values: Value) -> Said:
    """Return what a code of words.csv says with these values.

    >>> str(said("fault.not_there", path="data/2022.csv"))
    'data/2022.csv is not there'
    """
    return Said(code, values)


def _told(value: Value, lang: str) -> str | int | float:
    if isinstance(value, list):
        return "\n".join(one.told(lang) for one in value)
    return value.told(lang) if isinstance(value, Said) else value


def _packed(value: Value) -> object:
    if isinstance(value, list):
        return [one.as_dict() for one in value]
    return value.as_dict() if isinstance(value, Said) else value


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [Said.from_dict(one) for one in value]
    return Said.from_dict(value) if isinstance(value, dict) else value


class PetitionlibError(Exception):
    """The base of every error that petitionlib raises on purpose: a code with values.

    `str()` tells it in English, `told` in a language.
    """

    def __init__(self, cause: Said | str, *facts: object) -> None:
        """Take what is said, or somebody else's text as it is, and what else an error carries."""
        self.said = said("fault.text", text=cause) if isinstance(cause, str) else cause
        super().__init__(self.said, *facts)

    @property
    def code(self) -> str:
        """The key of its sentence in words.csv."""
        return self.said.code

    @property
    def values(self) -> Mapping[str, Value]:
        """What its sentence names."""
        return self.said.values

    def told(self, lang: str) -> str:
        """Tell the error in a language."""
        return self.said.told(lang)

    def __str__(self) -> str:
        """Tell the error in English."""
        return self.told("en")

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
    """One fault of a file: where it is, what was found, and what is said of it with the remedy."""

    file: str
    line: int | None
    column: str | None
    found: str | None
    code: str
    values: Mapping[str, Value]

    @property
    def said(self) -> Said:
        """What is said of it, without its place."""
        return Said(self.code, self.values)

    @property
    def located(self) -> Said:
        """What is said of it, the place first."""
        file = said("fault.table") if self.file == _TABLE else self.file
        if self.line is None:
            return said("fault.at", file=file, fault=self.said)
        return said("fault.at_line", file=file, line=self.line, fault=self.said)

    @property
    def message(self) -> str:
        """What is said of it in English, without its place."""
        return self.said.told("en")

    def told(self, lang: str) -> str:
        """Write the problem as one line in a language, the place first."""
        return self.located.told(lang)

    def __str__(self) -> str:
        """Write the problem as one line in English, the place first."""
        return self.told("en")


class FaultsError(PetitionlibError, ValueError):
    """What a person wrote cannot be taken; `problems` lists every fault found.

    It is told one problem a line.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take all the problems of a file or folder at once."""
        self.problems = list(problems)
        super().__init__(said("fault.lines", faults=[each.located for each in self.problems]))
        self.args = (self.problems,)  # what a copy is made of


class TableError(FaultsError):
    """A table breaks the data contract."""

    @classmethod
    def of_table(cls, fault: Said, column: str) -> Self:
        """Return the error of one fault of a table in memory, which has no file and no lines."""
        return cls([Problem(_TABLE, None, column, None, *fault)])


class PlanError(FaultsError):
    """A plan of reports cannot be followed."""


class DataNotFoundError(PetitionlibError, LookupError):
    """A folder, table, place or year that is not there; `available` says what is."""

    def __init__(self, cause: Said | str, available: Iterable[object] = ()) -> None:
        """Take the whole sentence, and what there is instead."""
        self.available = list(available)
        super().__init__(cause, self.available)


class NotATableError(PetitionlibError, TypeError):
    """A function that takes a table was given something else."""


class ArgumentError(PetitionlibError, ValueError):
    """A function was given a value that cannot be meant: no year, no day, no place at all."""


class ParameterError(PetitionlibError, ValueError):
    """A notebook was given a parameter that it does not take, or a value that does not fit."""

    def __init__(self, cause: Said | str, notebook: str, parameter: str | None = None) -> None:
        """Take the whole sentence, the notebook and the parameter it is about."""
        self.notebook = notebook
        self.parameter = parameter
        super().__init__(cause, notebook, parameter)


class NotebookError(PetitionlibError, RuntimeError):
    """A notebook could not become a report: which one, which cell, and why."""

    def __init__(self, notebook: str | Path, cell: int | None, cause: Said | str) -> None:
        """Take the notebook, the cell as JupyterLab counts (None: no single cell) and the cause."""
        self.notebook = str(notebook)
        self.cell = cell
        super().__init__(cause)
        self.args = (self.notebook, cell, self.said)

    @property
    def cause(self) -> str:
        """Why, in English; code and values are those of the cause."""
        return self.said.told("en")

    @property
    def located(self) -> Said:
        """What is said of it, the notebook and the cell first."""
        if self.cell is None:
            return said("fault.at", file=self.notebook, fault=self.said)
        return said("fault.at_cell", file=self.notebook, cell=self.cell, fault=self.said)

    def told(self, lang: str) -> str:
        """Say where and why in one line."""
        return self.located.told(lang)


class PaperError(PetitionlibError, RuntimeError):
    """A page could not be printed as a PDF: no browser, or one that failed."""


class BatchError(PetitionlibError, RuntimeError):
    """A batch could not go on: its folder is taken, or cannot be written."""


def did_you_mean(found: str, known: Iterable[str]) -> Said | str:
    """Return `"; did you mean 'x'?"` for the nearest known word, or nothing if none is near.

    >>> str(did_you_mean("petition.received", ["petitions.received", "petitions.total"]))
    "; did you mean 'petitions.received'?"
    >>> did_you_mean("weather", ["petitions.received"])
    ''
    """
    by_lower = {word.lower(): word for word in sorted(known)}
    near = get_close_matches(found.lower(), list(by_lower), n=1, cutoff=0.7)
    return said("fault.did_you_mean", words=repr(by_lower[near[0]])) if near else ""


def joined(code: str, texts: Iterable[Said | str]) -> Said | str:
    """Join texts, at least one, as words.csv does it: by `fault.and` or `fault.or`, say.

    >>> str(joined("fault.or", ["'a'", "'b'", "'c'"]))
    "'a' or 'b' or 'c'"
    """
    return reduce(lambda one, other: said(code, one=one, other=other), texts)
