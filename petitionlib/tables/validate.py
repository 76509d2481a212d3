"""The text of a table -> every fault in it, with its line and the remedy."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.codebook.codebook import entries
from petitionlib.codebook.codes import STATUSES
from petitionlib.codebook.spelling import as_code
from petitionlib.codebook.windows import window
from petitionlib.errors import Problem, did_you_mean
from petitionlib.files import CsvText, shown_path, text_fault
from petitionlib.tables.folder import YEAR

__all__ = ["KEY", "LARGEST", "Book", "open_book", "source_faults", "table_faults"]

KEY: Final = ("place", "year", "span", "indicator", "source")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")
_MOST_DECIMALS: Final = 15
_ABOUT: Final = ("hơn", "gần", "trên", "khoảng", "about", "over", "nearly", "~")
LARGEST: Final = 10**15


class Book(NamedTuple):
    """The codes that a file is checked against; `sources` is None where no list of them exists."""

    frame: pd.DataFrame
    places: Mapping[str, Mapping[str, str]]
    spans: frozenset[str]
    units: dict[str, str]
    sources: list[list[str]] | None


def open_book(extra: str, listed: list[list[str]] | None) -> Book:
    """Gather the codes of the shipped codebook, of a folder's own rows, and of its sources."""
    frame = pd.DataFrame()
    if extra:
        frame.attrs["codebook"] = extra
    units = {code: row["unit"] for code, row in entries("indicators", frame).items()}
    return Book(frame, entries("places", frame), frozenset(entries("spans", frame)), units, listed)


def table_faults(path: Path, text: CsvText, book: Book) -> list[Problem]:
    """List every fault of one file, in the order of its lines."""
    if not text.columns:
        return text.problems
    file = shown_path(path)
    problems = list(text.problems)
    faults: list[tuple[int, str, str]] = []
    for column, known in (
        ("place", book.places),
        ("span", book.spans),
        ("indicator", book.units),
        ("source", None if book.sources is None else [row[0] for row in book.sources]),
        ("status", STATUSES),
    ):
        faults += _check_codes(column, text.columns[column], known)
    faults += _check_years(path, text.columns["year"])
    faults += _check_numbers(text, book.units)
    faults += _check_locators(text.columns["locator"])
    bad_rows = {row for row, column, _ in faults if column in {"place", "year", "span"}}
    faults += _check_places_in_time(text, book, bad_rows)
    faults += _check_keys(text)
    problems += [
        Problem(file, text.lines[row], column, text.columns[column][row], message)
        for row, column, message in faults
    ]
    return sorted(problems, key=lambda problem: problem.line or 0)


def source_faults(path: Path, listed: CsvText) -> list[Problem]:
    """List every fault of a list of sources, in the order of its lines."""
    if not listed.columns:
        return listed.problems
    file = shown_path(path)
    problems = list(listed.problems)
    seen: set[str] = set()
    columns = listed.columns
    for line, source, day in zip(
        listed.lines, columns["source"], columns["published"], strict=True
    ):
        if not source or source in seen or text_fault(source):
            fault = (
                "is blank" if not source else text_fault(source) or "is listed twice; keep one row"
            )
            problems.append(Problem(file, line, "source", source, f"source {source!r} {fault}"))
        seen.add(source)
        if day and not _is_date(day):
            message = f"published {day!r} is not a date like 2022-12-27{_date_remedy(day)}"
            problems.append(Problem(file, line, "published", day, message))
    return sorted(problems, key=lambda problem: problem.line or 0)


def _date_remedy(day: str) -> str:
    """Offer a date written as 27/12/2022 in ISO form."""
    parts = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", day.strip())
    iso = f"{parts[3]}-{parts[2]:0>2}-{parts[1]:0>2}" if parts else ""
    return f"; write {iso}" if _is_date(iso) else "; leave it blank if unknown"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_codes(
    column: str, cells: Sequence[str], known: Iterable[str] | None
) -> list[tuple[int, str, str]]:
    """List the cells that hold no code of this column; without a list, only blank ones."""
    codes = None if known is None else set(known)
    faults = {
        cell: _code_fault(column, cell, codes)
        for cell in dict.fromkeys(cells)
        if codes is None or cell not in codes
    }
    return [(row, column, faults[cell]) for row, cell in enumerate(cells) if faults.get(cell)]


def _code_fault(column: str, cell: str, codes: set[str] | None) -> str:
    if codes is None and cell and not text_fault(cell):
        return ""
    if not cell:
        return f"{column} is blank; no part of a key may be"
    if codes is None:
        return f"{column} {cell!r} {text_fault(cell)}"
    if column == "status":
        return f"status {cell!r} is none of p (provisional), r (revised), e (approximate), or blank"
    where = "sources.csv" if column == "source" else "the codebook"
    return f"{column} {cell!r} is not in {where}{did_you_mean(as_code(cell, column), codes)}"


def _check_years(path: Path, cells: Sequence[str]) -> list[tuple[int, str, str]]:
    expected = path.stem if YEAR.fullmatch(path.stem) else None
    faults = []
    for row, cell in enumerate(cells):
        if cell == expected:
            continue
        if not YEAR.fullmatch(cell):
            faults.append((row, "year", f"year {cell!r} is not a year like 2022"))
        elif expected:
            message = f"year {cell} stands in the table of {expected}; move the row to {cell}.csv"
            faults.append((row, "year", message))
    return faults


def _check_numbers(text: CsvText, units: dict[str, str]) -> list[tuple[int, str, str]]:
    faults = []
    for column in ("value", "change", "change_percent"):
        verdicts: dict[tuple[str, bool], str] = {}
        for row, cell in enumerate(text.columns[column]):
            if not cell:
                continue
            unit = units.get(text.columns["indicator"][row], "percent")
            whole = unit != "percent" and column != "change_percent"
            if (cell, whole) not in verdicts:
                verdicts[cell, whole] = _number_fault(cell, column, whole=whole)
            if verdicts[cell, whole]:
                faults.append((row, column, verdicts[cell, whole]))
    return faults


def _number_fault(cell: str, column: str, *, whole: bool) -> str:
    """Say why a cell is not a number in machine format, and what to write instead."""
    if _NUMBER.fullmatch(cell):
        if abs(float(cell)) >= LARGEST:
            return f"{column} {cell!r} is too large to be a published figure"
        if cell.startswith("-") and column == "value":
            return f"value {cell!r} is negative; a count or a rate cannot be"
        if whole and "." in cell:
            return f"{column} {cell!r} {_decimals_fault(cell)}"
        if len(cell.partition(".")[2]) > _MOST_DECIMALS:
            return f"{column} {cell!r} has more decimals than a published figure"
        return ""
    return (
        f"{column} {cell!r} is not a number like 2650 or 95.67"
        f"{_number_remedy(cell, column, whole=whole)}"
    )


def _decimals_fault(cell: str) -> str:
    fault = "has decimals, but this indicator is counted in whole numbers"
    if _GROUPED.fullmatch(cell):
        return f"{fault}; write {cell.replace('.', '')} if the point separates thousands"
    count, _, decimals = cell.partition(".")
    return fault if decimals.strip("0") else f"{fault}; write {count}"


def _number_remedy(cell: str, column: str, *, whole: bool) -> str:
    plain = (
        cell.strip()
        .replace("\u2212", "-")
        .replace("\u2013", "-")
        .replace("\u2014", "-")
        .removeprefix("+")
    )
    plain = re.sub(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}\b)", "", plain.removesuffix("%").strip())
    about = re.fullmatch(rf"(?:{'|'.join(_ABOUT)})\s+(.+)", plain.lower())
    if about and column == "value":
        exact = _number_remedy(about[1], column, whole=whole)
        return f"{exact or f'; write {about[1]}'} with status e"
    if not whole and "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    wanted = (column != "value" or not plain.startswith("-")) and not (whole and "." in plain)
    if _NUMBER.fullmatch(plain) and wanted:
        return f"; write {plain}"
    if plain.lower() in {"", "-", "x", "..", "...", "…", "na", "n/a", "nan", "null", "none"}:
        return "; leave it blank if it was not published"
    return ""


def _check_locators(cells: Sequence[str]) -> list[tuple[int, str, str]]:
    faults = {cell: text_fault(cell) for cell in dict.fromkeys(cells)}
    return [
        (row, "locator", f"locator {cell!r} {faults[cell]}")
        for row, cell in enumerate(cells)
        if faults[cell]
    ]


def _check_places_in_time(
    text: CsvText, book: Book, bad_rows: set[int]
) -> list[tuple[int, str, str]]:
    """List figures that belong to another unit: one not valid on the last day of their window."""
    verdicts: dict[tuple[str, str, str], str] = {}
    faults = []
    cells = (text.columns[name] for name in ("place", "span", "year"))
    for row, key in enumerate(zip(*cells, strict=True)):
        if row in bad_rows:
            continue
        if key not in verdicts:
            verdicts[key] = _validity_fault(key[0], key[1], key[2], book)
        if verdicts[key]:
            faults.append((row, "place", verdicts[key]))
    return faults


def _validity_fault(place: str, span: str, year: str, book: Book) -> str:
    unit = book.places[place]
    valid_from, valid_to, successor = unit["valid_from"], unit["valid_to"], unit["successor"]
    first, last = window(span, int(year), book.frame)
    latest = last or date(int(year), 12, 31)
    if valid_from and latest < date.fromisoformat(valid_from):
        return (
            f"place {place!r} begins on {valid_from}, after {span} {year} ends ({latest});"
            " name the unit of that day"
        )
    if not valid_to:
        return ""
    ended = date.fromisoformat(valid_to)
    if ended < first or (last and successor and ended < last):
        instead = f"; the territory is now in {successor!r}" if successor else ""
        return f"place {place!r} ended on {valid_to}, before {span} {year} ends ({latest}){instead}"
    return ""


def _check_keys(text: CsvText) -> list[tuple[int, str, str]]:
    first: dict[tuple[str, ...], int] = {}
    faults = []
    for row, key in enumerate(zip(*(text.columns[name] for name in KEY), strict=True)):
        if key in first:
            line = text.lines[first[key]]
            message = f"the figure {' '.join(key)} stands in line {line} already; keep one"
            faults.append((row, "indicator", message))
        first.setdefault(key, row)
    return faults
