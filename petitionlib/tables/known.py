"""Contradictions that are known: each row of known.csv says why one stands as printed."""

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.codebook.record import Row
from petitionlib.errors import Problem, TableError
from petitionlib.files import CsvText, read_csv_text, shown_path, text_fault
from petitionlib.tables.folder import YEAR

__all__ = [
    "Known",
    "as_carried",
    "draft_known",
    "known_reason",
    "mark_known",
    "other_numbers",
    "read_known",
    "stale_known",
]

_NAME: Final = ("identity", "place", "year", "span", "indicator", "source")
COLUMNS: Final = (*_NAME, "reason")
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


def known_reason(row: Row, lang: str) -> str:
    """Say why a contradiction stands as printed: a row of `reconcile` of tables with a known.csv.

    Blank where nothing is known of it. A reason that is not there in Vietnamese is given as it is.
    """
    known = _carried(str(row.attrs.get("known", "")))
    name = tuple(str(row[column]) for column in _NAME)
    if row["verdict"] != "contradicts" or not known.covers(name, row["stated"]):
        return ""
    return (known.vietnamese[name] if lang == "vi" else "") or known.reasons[name]


@lru_cache(maxsize=8)
def _carried(text: str) -> Known:
    rows = {tuple(row[: len(_NAME)]): row[len(_NAME) :] for row in json.loads(text or "[]")}
    stated, reasons, vietnamese = ({n: r[i] for n, r in rows.items()} for i in range(3))
    return Known("", (), reasons, {}, stated, vietnamese)


def mark_known(ledger: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Return the contradictions of a ledger with three more columns: `known` and its reasons.

    Takes rows of `reconcile`; gives those whose verdict is `contradicts`, in their order. One is
    known if a row names it and the number that is printed; `reason` and `reason_vi` are blank
    otherwise.
    """
    rows = ledger[ledger["verdict"] == "contradicts"].reset_index(drop=True)
    names = _ledger_names(rows)
    covered = [known.covers(*both) for both in zip(names, rows["stated"], strict=True)]
    rows["known"] = pd.Series(covered, dtype="bool")
    for column, reasons in (("reason", known.reasons), ("reason_vi", known.vietnamese)):
        texts = [reasons.get(n, "") if yes else "" for n, yes in zip(names, covered, strict=True)]
        rows[column] = pd.Series(texts, dtype="str")
    return rows


def stale_known(ledger: pd.DataFrame, known: Known) -> list[tuple[int, str]]:
    """List the rows of known.csv that name no contradiction: their lines, and in what way.

    `agrees`: the ledger has the check, but it contradicts no longer; `no_check`: it has none such;
    `other_number`: it contradicts, but another number is printed than the one that the row states.
    """
    rows = ledger[ledger["verdict"] == "contradicts"]
    printed = dict(zip(_ledger_names(rows), rows["stated"], strict=True))
    checks = set(_ledger_names(ledger))
    found = []
    for name, line in known.lines.items():
        if name not in printed:
            found.append((line, "agrees" if name in checks else "no_check"))
        elif not known.covers(name, printed[name]):
            found.append((line, "other_number"))
    return found


def other_numbers(contradictions: pd.DataFrame, known: Known) -> list[int]:
    """List the rows of known.csv whose contradiction is there with another printed number.

    Takes rows of `mark_known`; returns their lines.
    """
    names = _ledger_names(contradictions[~contradictions["known"]])
    return [known.lines[name] for name in names if name in known.lines]


def draft_known(contradictions: pd.DataFrame, known: Known) -> str:
    """Write the rows that known.csv lacks, ready to paste: the reasons are left to a person.

    Takes rows of `mark_known`. The columns stand as in the file; a file that is not there yet gets
    its header too. A contradiction whose row states another number needs no row more.
    """
    columns = known.columns or COLUMNS
    draft = io.StringIO()
    writer = csv.writer(draft, lineterminator="\n")
    if not known.columns:
        writer.writerow(columns)
    rows = contradictions[~contradictions["known"]]
    for name, stated in zip(_ledger_names(rows), rows["stated"], strict=True):
        if name not in known.reasons:
            cells = {
                **dict(zip(_NAME, name, strict=True)),
                "stated": f"{Decimal(f'{stated:.15g}'):f}",
            }
            writer.writerow([cells.get(column, "") for column in columns])
    return draft.getvalue()


def _ledger_names(ledger: pd.DataFrame) -> list[Name]:
    return list(zip(*(ledger[column].astype("str") for column in _NAME), strict=True))


def _names(text: CsvText) -> list[Name]:
    return list(zip(*(text.columns[column] for column in _NAME), strict=True))


def _faults(file: str, text: CsvText) -> Iterator[Problem]:
    for column in [name for name in (*COLUMNS, *OPTIONAL) if name in text.columns]:
        for line, cell in zip(text.lines, text.columns[column], strict=True):
            fault = _cell_fault(column, cell)
            if fault and (cell or column not in OPTIONAL):
                yield Problem(file, line, column, cell, fault)
    first: dict[Name, int] = {}
    for line, name in zip(text.lines, _names(text), strict=True):
        if name in first:
            message = f"{' '.join(name)} stands in line {first[name]} already; keep one"
            yield Problem(file, line, "identity", name[0], message)
        first.setdefault(name, line)


def _cell_fault(column: str, cell: str) -> str:
    if column == "stated" and cell and not re.fullmatch(r"-?\d+(\.\d+)?", cell):
        return f"stated {cell!r} is not a number as the table has it, like 2650 or 95.67"
    if not cell.strip():
        if column == "reason":
            return "reason is blank; say why the contradiction stands as printed"
        return f"{column} is blank; no part of a key may be"
    if text_fault(cell):
        return f"{column} {cell!r} {text_fault(cell)}"
    if column == "year" and not YEAR.fullmatch(cell):
        return f"year {cell!r} is not a year like 2022"
    return ""
