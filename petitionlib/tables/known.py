"""Contradictions that are known: each row of known.csv says why one stands as printed."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from petitionlib.errors import Problem, Said, TableError, said
from petitionlib.files import CsvText, read_csv_text, shown_path, text_fault
from petitionlib.tables.folder import PRINTED, YEAR

if TYPE_CHECKING:
    from petitionlib.tables.frame import Row

__all__ = ["COLUMNS", "NAME", "Known", "Name", "as_carried", "known_reason", "read_known"]

NAME: Final = ("identity", *PRINTED)
COLUMNS: Final = (*NAME, "reason")
OPTIONAL: Final = ("stated", "reason_vi")

Name = tuple[str, ...]  # what a row names: the rule, and the figure that contradicts it


class Known(NamedTuple):
    """The rows of a known.csv; `columns` stand as in its header, and there are none without it.

    `stated` is the printed number that a row is about (blank: any), `vietnamese` its reason in
    Vietnamese (blank: there is none yet).
    """

    file: str
    columns: tuple[str, ...]
    reasons: dict[Name, str]
    lines: dict[Name, int]
    stated: Mapping[Name, str] = MappingProxyType({})
    vietnamese: Mapping[Name, str] = MappingProxyType({})

    def covers(self, name: Name, stated: float) -> bool:
        """Tell whether a row is about this contradiction, and about the number that is printed."""
        number = self.stated.get(name, "")
        return name in self.reasons and (not number or float(number) == stated)


def read_known(folder: str | os.PathLike[str]) -> Known:
    """Read the `known.csv` of a data folder; where there is none, nothing is known.

    A row names a contradiction of the ledger by its `identity` and the key of the figure (`place`,
    `year`, `span`, `indicator`, `source`), and gives the `reason` why it stands. Two columns may be
    left out: `stated`, the printed number that the reason is about, and `reason_vi`, the reason in
    Vietnamese. Raises `TableError` with every fault of the file, each with its line and remedy.
    """
    path = Path(folder) / "known.csv"
    file = shown_path(path)
    if not path.exists():
        return Known(file, (), {}, {})
    text = read_csv_text(path, COLUMNS, OPTIONAL)
    problems = [*text.problems, *_faults(file, text)] if text.columns else text.problems
    if problems:
        raise TableError(sorted(problems, key=lambda problem: problem.line or 0))
    names = _names(text)
    reasons = dict(zip(names, text.columns["reason"], strict=True))
    lines = dict(zip(names, text.lines, strict=True))
    blank = [""] * len(names)
    more = [dict(zip(names, text.columns.get(c, blank), strict=True)) for c in OPTIONAL]
    return Known(file, tuple(text.columns), reasons, lines, *more)


def as_carried(known: Known) -> str:
    """Write what is known as the JSON text that a table carries; blank if that is nothing."""
    rows = [
        [*name, known.stated.get(name, ""), reason, known.vietnamese.get(name, "")]
        for name, reason in known.reasons.items()
    ]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def known_reason(row: "Row", carried: str, lang: str) -> str:
    """Say why a contradiction stands as printed: a row of `reconcile`, by what `as_carried` wrote.

    Blank where nothing is known of it. A reason that is not there in Vietnamese is given as it is.
    """
    known = _carried(carried)
    name = tuple(str(row[column]) for column in NAME)
    if row["verdict"] != "contradicts" or not known.covers(name, row["stated"]):
        return ""
    return (known.vietnamese[name] if lang == "vi" else "") or known.reasons[name]


@lru_cache(maxsize=8)
def _carried(text: str) -> Known:
    rows = {tuple(row[: len(NAME)]): row[len(NAME) :] for row in json.loads(text or "[]")}
    stated, reasons, vietnamese = ({n: r[i] for n, r in rows.items()} for i in range(3))
    return Known("", (), reasons, {}, stated, vietnamese)


def _names(text: CsvText) -> list[Name]:
    return list(zip(*(text.columns[column] for column in NAME), strict=True))


def _faults(file: str, text: CsvText) -> Iterator[Problem]:
    for column in [name for name in (*COLUMNS, *OPTIONAL) if name in text.columns]:
        for line, cell in zip(text.lines, text.columns[column], strict=True):
            fault = _cell_fault(column, cell)
            if fault and (cell or column not in OPTIONAL):
                yield Problem(file, line, column, cell, *fault)
    first: dict[Name, int] = {}
    for line, name in zip(text.lines, _names(text), strict=True):
        if name in first:
            fault = said("fault.known_twice", figure=" ".join(name), line=first[name])
            yield Problem(file, line, "identity", name[0], *fault)
        first.setdefault(name, line)


def _cell_fault(column: str, cell: str) -> Said | None:
    if column == "stated" and cell and not re.fullmatch(r"-?\d+(\.\d+)?", cell):
        return said("fault.known_number", cell=cell)
    if not cell.strip():
        if column == "reason":
            return said("fault.known_reason")
        return said("fault.key_blank", column=column)
    if fault := text_fault(cell):
        return said("fault.cell", column=column, cell=cell, fault=fault)
    if column == "year" and not YEAR.fullmatch(cell):
        return said("fault.year", cell=cell)
    return None
