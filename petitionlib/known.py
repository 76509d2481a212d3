"""Contradictions that are known: each row of known.csv says why one stands as printed."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.csvfile import CsvText, read_csv_text, shown_path, text_fault
from petitionlib.errors import Problem, TableError
from petitionlib.folder import YEAR

__all__ = ["Known", "draft_known", "mark_known", "read_known", "stale_known"]

_NAME: Final = ("identity", "place", "year", "span", "indicator", "source")
COLUMNS: Final = (*_NAME, "reason")

Name = tuple[str, ...]  # what a row names: the rule, and the figure that contradicts it


class Known(NamedTuple):
    """The rows of a known.csv; `columns` stand as in its header, and there are none without it."""

    file: str
    columns: tuple[str, ...]
    reasons: dict[Name, str]
    lines: dict[Name, int]


def read_known(folder: str | os.PathLike[str]) -> Known:
    """Read the `known.csv` of a data folder; where there is none, nothing is known.

    A row names a contradiction of the ledger by its `identity` and the key of the figure (`place`,
    `year`, `span`, `indicator`, `source`), and gives the `reason` why it stands. Raises
    `TableError` with every fault of the file, each with its line and remedy.
    """
    path = Path(folder) / "known.csv"
    file = shown_path(path)
    if not path.exists():
        return Known(file, (), {}, {})
    text = read_csv_text(path, COLUMNS)
    problems = [*text.problems, *_faults(file, text)] if text.columns else text.problems
    if problems:
        raise TableError(sorted(problems, key=lambda problem: problem.line or 0))
    names = _names(text)
    reasons = dict(zip(names, text.columns["reason"], strict=True))
    return Known(file, tuple(text.columns), reasons, dict(zip(names, text.lines, strict=True)))


def mark_known(ledger: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Return the contradictions of a ledger with two more columns: `known` and its `reason`.

    Takes rows of `reconcile`; gives those whose verdict is `contradicts`, in their order.
    """
    rows = ledger[ledger["verdict"] == "contradicts"].reset_index(drop=True)
    names = _ledger_names(rows)
    rows["known"] = pd.Series([name in known.reasons for name in names], dtype="bool")
    rows["reason"] = pd.Series([known.reasons.get(name, "") for name in names], dtype="str")
    return rows


def stale_known(ledger: pd.DataFrame, known: Known) -> list[tuple[int, str]]:
    """List the rows of known.csv that name no contradiction: their lines, and in what way.

    `agrees`: the ledger has the check, but it contradicts no longer; `no_check`: it has none such.
    """
    contradicting = set(_ledger_names(ledger[ledger["verdict"] == "contradicts"]))
    checks = set(_ledger_names(ledger))
    return [
        (line, "agrees" if name in checks else "no_check")
        for name, line in known.lines.items()
        if name not in contradicting
    ]


def draft_known(contradictions: pd.DataFrame, known: Known) -> str:
    """Write the rows that known.csv lacks, ready to paste: the reasons are left to a person.

    Takes rows of `mark_known`. The columns stand as in the file; a file that is not there yet gets
    its header too.
    """
    columns = known.columns or COLUMNS
    draft = io.StringIO()
    writer = csv.writer(draft, lineterminator="\n")
    if not known.columns:
        writer.writerow(columns)
    for name in _ledger_names(contradictions[~contradictions["known"]]):
        cells = {**dict(zip(_NAME, name, strict=True)), "reason": ""}
        writer.writerow([cells[column] for column in columns])
    return draft.getvalue()


def _ledger_names(ledger: pd.DataFrame) -> list[Name]:
    return list(zip(*(ledger[column].astype("str") for column in _NAME), strict=True))


def _names(text: CsvText) -> list[Name]:
    return list(zip(*(text.columns[column] for column in _NAME), strict=True))


def _faults(file: str, text: CsvText) -> Iterator[Problem]:
    for column in COLUMNS:
        for line, cell in zip(text.lines, text.columns[column], strict=True):
            fault = _cell_fault(column, cell)
            if fault:
                yield Problem(file, line, column, cell, fault)
    first: dict[Name, int] = {}
    for line, name in zip(text.lines, _names(text), strict=True):
        if name in first:
            message = f"{' '.join(name)} stands in line {first[name]} already; keep one"
            yield Problem(file, line, "identity", name[0], message)
        first.setdefault(name, line)


def _cell_fault(column: str, cell: str) -> str:
    if not cell.strip():
        if column == "reason":
            return "reason is blank; say why the contradiction stands as printed"
        return f"{column} is blank; no part of a key may be"
    if text_fault(cell):
        return f"{column} {cell!r} {text_fault(cell)}"
    if column == "year" and not YEAR.fullmatch(cell):
        return f"year {cell!r} is not a year like 2022"
    return ""
