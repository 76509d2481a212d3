"""The text of a table -> every fault in it, with its line and the remedy."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from petitionlib.codebook.codes import STATUSES
from petitionlib.codebook.entries import entries
from petitionlib.codebook.spelling import as_code
from petitionlib.codebook.windows import window
from petitionlib.errors import Problem, Said, did_you_mean, said
from petitionlib.files import CsvText, shown_path, text_fault
from petitionlib.tables.folder import CHANGE_STATUS, PRINTED, SOURCE_COLUMNS, YEAR

__all__ = ["LARGEST", "Book", "loose_book", "open_book", "source_faults", "table_faults"]

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")
_MOST_DECIMALS: Final = 15
_SUGGESTED: Final = 100  # unknown codes of a column that are told what they may mean
_ABOUT: Final = ("hơn", "gần", "trên", "khoảng", "about", "over", "nearly", "~")
_MOST_DIGITS: Final = 15  # that a float holds
LARGEST: Final = 10**15
_EXCEL: Final = date(1899, 12, 30).toordinal()
_HIDDEN: Final = re.compile(r"[<>≤≥]\s?[0-9.,]+|\[[a-z]\]|[:*]")
_POWERS: Final = re.compile(r"-?[0-9](\.[0-9]+)?[eE][+-]?[0-9]{1,3}")
_MARKED: Final = re.compile(r"([0-9][0-9.,]*)\s?(?:[(\[]\s?([per])\s?[)\]]|([per]))", re.IGNORECASE)

Fault = tuple[int, str, Said]  # the row, the column, and what is wrong


class Book(NamedTuple):
    """The codes that a file is checked against; `sources` is None where no list of them exists.

    A loose table is checked against none: `places` is None. `decimals` says of each indicator how
    many its unit allows: 0 for what is counted. `attrs` are what a table carries of them: the
    codebook of its folder.
    """

    attrs: Mapping[str, str]
    places: Mapping[str, Mapping[str, str]] | None
    spans: frozenset[str]
    decimals: dict[str, int]
    sources: list[list[str]] | None


def open_book(extra: str, listed: list[list[str]] | None) -> Book:
    """Gather the codes of the shipped codebook, of a folder's own rows, and of its sources."""
    attrs = {"codebook": extra} if extra else {}
    book = Book(attrs, {}, frozenset(), {}, listed)
    allowed = {unit: int(row["decimals"]) for unit, row in entries("units", book).items()}
    indicators = entries("indicators", book).items()
    return book._replace(
        places=entries("places", book),
        spans=frozenset(entries("spans", book)),
        decimals={code: allowed.get(row["unit"], _MOST_DECIMALS) for code, row in indicators},
    )


def loose_book(extra: str) -> Book:
    """Gather what a loose table is checked against: nothing but its form."""
    return Book({"codebook": extra}, None, frozenset(), {}, None)


def table_faults(path: Path, text: CsvText, book: Book) -> list[Problem]:
    """List every fault of one file, in the order of its lines."""
    if not text.columns:
        return text.problems
    file = shown_path(path)
    problems = list(text.problems)
    faults: list[Fault] = []
    loose = book.places is None
    for column, known in (
        ("place", book.places),
        ("span", None if loose else book.spans),
        ("indicator", None if loose else book.decimals),
        ("source", None if book.sources is None else [row[0] for row in book.sources]),
        ("status", STATUSES),
    ):
        faults += _check_codes(column, text.columns[column], known)
    if CHANGE_STATUS in text.columns:
        faults += _check_codes(CHANGE_STATUS, text.columns[CHANGE_STATUS], ("", "e"))
    faults += _check_years(path, text.columns["year"])
    faults += _check_numbers(text, book.decimals)
    faults += _check_locators(text.columns["locator"])
    if loose:
        faults += _check_units(text)
    else:
        faults += _check_future(text, book)
        bad_rows = {row for row, column, _ in faults if column in {"place", "year", "span"}}
        faults += _check_places_in_time(text, book, bad_rows)
    faults += _check_keys(text)
    problems += [
        Problem(file, text.lines[row], column, text.columns[column][row], *fault)
        for row, column, fault in faults
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
        fault = text_fault(source) if source else said("fault.blank")
        if fault is None and source in seen:
            fault = said("fault.source_twice")
        if fault:
            told = said("fault.cell", column="source", cell=source, fault=fault)
            problems.append(Problem(file, line, "source", source, *told))
        seen.add(source)
        if day and not _is_date(day):
            fault = said("fault.published", cell=day, remedy=_date_remedy(day))
            problems.append(Problem(file, line, "published", day, *fault))
    return sorted(problems, key=lambda problem: problem.line or 0)


def _date_remedy(day: str) -> Said:
    """Offer a date written as 27/12/2022 in ISO form."""
    if re.fullmatch(r"[1-9][0-9]{4}", day.strip()):  # the days of Excel since the end of 1899
        iso = date.fromordinal(_EXCEL + int(day)).isoformat()
        return said("fault.write_excel", instead=iso)
    parts = re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", day.strip())
    if not parts:
        return said("fault.blank_unknown")
    first, second, year = parts.groups()
    isos = [f"{year}-{m:0>2}-{d:0>2}" for m, d in ((second, first), (first, second))]
    sound = [iso for iso in dict.fromkeys(isos) if _is_date(iso)]
    if len(sound) > 1:
        return said("fault.write_day_or_month", day_first=sound[0], month_first=sound[1])
    return said("fault.write", instead=sound[0]) if sound else said("fault.blank_unknown")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_codes(column: str, cells: Sequence[str], known: Iterable[str] | None) -> list[Fault]:
    """List the cells that hold no code of this column; without a list, only blank ones."""
    codes = None if known is None else set(known)
    unknown = [cell for cell in dict.fromkeys(cells) if codes is None or cell not in codes]
    faults = {
        cell: _code_fault(column, cell, codes, near=number < _SUGGESTED)
        for number, cell in enumerate(unknown)
    }
    return [(row, column, fault) for row, cell in enumerate(cells) if (fault := faults.get(cell))]


def _code_fault(column: str, cell: str, codes: set[str] | None, *, near: bool) -> Said | None:
    if not cell:
        return said("fault.key_blank", column=column)
    if codes is None:
        return _text_fault(column, cell)
    if column == "status":
        marks = [mark for mark in cell if mark in STATUSES and mark]
        several = len(marks) == len(cell) > 1
        return said("fault.status_several" if several else "fault.status", cell=cell)
    if column == CHANGE_STATUS:
        return said("fault.choice", column=column, cell=cell, choices="e")
    nearest = did_you_mean(as_code(cell, column), codes if near else ())
    if column == "source":
        return said("fault.not_in_sources", cell=cell, near=nearest)
    return said("fault.not_in_codebook", column=column, cell=cell, near=nearest)


def _text_fault(column: str, cell: str) -> Said | None:
    fault = text_fault(cell)
    return said("fault.cell", column=column, cell=cell, fault=fault) if fault else None


def _check_years(path: Path, cells: Sequence[str]) -> list[Fault]:
    expected = path.stem if YEAR.fullmatch(path.stem) else None
    faults = []
    for row, cell in enumerate(cells):
        if cell == expected:
            continue
        if not YEAR.fullmatch(cell):
            fault = said("fault.year", cell=cell, remedy=_year_remedy(cell))
            faults.append((row, "year", fault))
        elif expected:
            fault = said("fault.other_year", year=cell, expected=expected)
            faults.append((row, "year", fault))
    return faults


def _year_remedy(cell: str) -> Said | str:
    """Say what to write instead of a year with decimals, a date, or two years."""
    text = cell.strip()
    if plain := re.fullmatch(
        r"([12][0-9]{3})(?:\.0+|年|[./-](?:0?[1-9]|1[0-2])(?:[./-][0-9]{1,2})?)", text
    ):
        return said("fault.write", instead=plain[1])
    if date_ := re.fullmatch(r"[0-9]{1,2}[./-][0-9]{1,2}[./-]([12][0-9]{3})(?: .*)?", text):
        return said("fault.write", instead=date_[1])
    if two := re.fullmatch(
        r"(?:[A-Za-z]{0,8} ?)?([12][0-9]{3}) ?[/–-] ?([0-9]{2}|[12][0-9]{3})", text
    ):
        end = two[2] if len(two[2]) > 2 else two[1][:2] + two[2]  # noqa: PLR2004  # 2022/23
        return said("fault.write_year_end", end=end)
    if short := re.fullmatch(r"(?:[A-Za-z]{2,8} ?)([12][0-9]{3})", text):
        return said("fault.write", instead=short[1])
    return ""


def _check_numbers(text: CsvText, allowed: Mapping[str, int]) -> list[Fault]:
    faults = []
    for column in ("value", "change", "change_percent"):
        verdicts: dict[tuple[str, int], Said | None] = {}
        for row, cell in enumerate(text.columns[column]):
            if not cell:
                continue
            most = allowed.get(text.columns["indicator"][row], _MOST_DECIMALS)
            most = _MOST_DECIMALS if column == "change_percent" else most
            if (cell, most) not in verdicts:
                verdicts[cell, most] = _number_fault(cell, column, most)
            if fault := verdicts[cell, most]:
                faults.append((row, column, fault))
    return faults


def _number_fault(cell: str, column: str, most: int) -> Said | None:
    """Say why a cell is not a number in machine format, and what to write instead."""
    if _NUMBER.fullmatch(cell):
        if abs(float(cell)) >= LARGEST:
            return said("fault.large", column=column, cell=cell)
        if len(cell.lstrip("-0").replace(".", "").lstrip("0")) > _MOST_DIGITS:
            return said("fault.digits_many", column=column, cell=cell, most=_MOST_DIGITS)
        if cell.startswith("-") and column == "value":
            return said("fault.negative", cell=cell)
        return _decimals_fault(cell, column, most)
    remedy = _number_remedy(cell, column, whole=not most)
    return said("fault.number", column=column, cell=cell, remedy=remedy)


def _decimals_fault(cell: str, column: str, most: int) -> Said | None:
    """Say that a number has more decimals than its unit allows."""
    decimals = len(cell.partition(".")[2])
    if decimals <= most:
        return None
    if not most:
        return said("fault.decimals", column=column, cell=cell, remedy=_whole_remedy(cell))
    if most == _MOST_DECIMALS:
        return said("fault.decimals_many", column=column, cell=cell)
    return said("fault.decimals_unit", column=column, cell=cell, most=most)


def _whole_remedy(cell: str) -> Said | str:
    if _GROUPED.fullmatch(cell):
        return said("fault.write_thousands", instead=cell.replace(".", ""))
    count, _, decimals = cell.partition(".")
    return "" if decimals.strip("0") else said("fault.write", instead=count)


def _number_remedy(cell: str, column: str, *, whole: bool) -> Said | str:
    return _mark_remedy(cell.strip(), column, whole=whole) or _plain_remedy(
        cell, column, whole=whole
    )


def _mark_remedy(cell: str, column: str, *, whole: bool) -> Said | str:
    """Say what to write instead of a number with a mark of official tables, or of Excel."""
    marked = _MARKED.fullmatch(cell)
    if column == "value" and marked:
        exact = _plain_remedy(marked[1], column, whole=whole)
        remedy = exact or said("fault.write", instead=marked[1])
        return said("fault.write_mark", remedy=remedy, mark=(marked[2] or marked[3]).lower())
    if _HIDDEN.fullmatch(cell):
        return said("fault.hidden_value", cell=cell)
    return said("fault.write_in_full") if _POWERS.fullmatch(cell) else ""


def _plain_remedy(cell: str, column: str, *, whole: bool) -> Said | str:
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
        exact = _plain_remedy(about[1], column, whole=whole)
        remedy = exact or said("fault.write", instead=about[1])
        return said("fault.write_status", remedy=remedy)
    if not whole and re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", plain):
        return said(
            "fault.write_either", whole=plain.replace(",", ""), decimal=plain.replace(",", ".")
        )
    if not whole and "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
        plain = re.sub(r"\.0+$", "", plain) if whole else plain
    elif re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    wanted = (column != "value" or not plain.startswith("-")) and not (whole and "." in plain)
    if _NUMBER.fullmatch(plain) and wanted:
        return said("fault.write", instead=plain)
    if plain.lower() in {"", "-", "x", "..", "...", "…", "na", "n/a", "nan", "null", "none"}:
        return said("fault.blank_unpublished")
    return ""


def _check_locators(cells: Sequence[str]) -> list[Fault]:
    faults = {cell: _text_fault("locator", cell) for cell in dict.fromkeys(cells)}
    return [(row, "locator", fault) for row, cell in enumerate(cells) if (fault := faults[cell])]


def _check_places_in_time(text: CsvText, book: Book, bad_rows: set[int]) -> list[Fault]:
    """List figures that belong to another unit: one not valid on the last day of their window."""
    verdicts: dict[tuple[str, str, str], Said | None] = {}
    faults = []
    cells = (text.columns[name] for name in ("place", "span", "year"))
    for row, key in enumerate(zip(*cells, strict=True)):
        if row in bad_rows:
            continue
        if key not in verdicts:
            verdicts[key] = _validity_fault(key[0], key[1], key[2], book)
        if fault := verdicts[key]:
            faults.append((row, "place", fault))
    return faults


def _check_future(text: CsvText, book: Book) -> list[Fault]:
    """List figures of a period that had not begun when their source was published."""
    index = SOURCE_COLUMNS.index("published")
    days = {row[0]: row[index] for row in book.sources or [] if len(row) > index}
    faults = []
    cells = (text.columns[name] for name in ("year", "span", "source"))
    for row, (year, span, source) in enumerate(zip(*cells, strict=True)):
        day = days.get(source, "")
        if YEAR.fullmatch(year) and YEAR.fullmatch(day[:4]) and span in book.spans:
            first = window(span, int(year), book)[0].isoformat()
            if first[: len(day)] > day:
                fault = said("fault.year_later", year=year, span=span, source=source, day=day)
                faults.append((row, "year", fault))
    return faults


def _check_units(text: CsvText) -> list[Fault]:
    """List indicators of a loose table that have another unit than above."""
    first: dict[str, str] = {}
    cells = zip(text.columns["indicator"], text.columns.get("unit", ()), strict=False)
    faults = []
    for row, (code, unit) in enumerate(cells):
        if first.setdefault(code, unit) != unit:
            fault = said("fault.loose_unit", cell=code, unit=unit, other=first[code])
            faults.append((row, "unit", fault))
    return faults


def _validity_fault(place: str, span: str, year: str, book: Book) -> Said | None:
    unit = (book.places or {})[place]
    valid_from, valid_to, successor = unit["valid_from"], unit["valid_to"], unit["successor"]
    first, last = window(span, int(year), book)
    latest = last or date(int(year), 12, 31)
    period = {"place": place, "span": span, "year": year, "latest": latest.isoformat()}
    if valid_from and latest < date.fromisoformat(valid_from):
        return said("fault.place_begins", day=valid_from, **period)
    if not valid_to:
        return None
    ended = date.fromisoformat(valid_to)
    if ended < first or (last and successor and ended < last):
        instead = said("fault.territory", successor=successor) if successor else ""
        return said("fault.place_ended", day=valid_to, instead=instead, **period)
    return None


def _check_keys(text: CsvText) -> list[Fault]:
    first: dict[tuple[str, ...], int] = {}
    faults = []
    for row, key in enumerate(zip(*(text.columns[name] for name in PRINTED), strict=True)):
        if key in first:
            line = text.lines[first[key]]
            fault = said("fault.figure_twice", figure=" ".join(key), line=line)
            faults.append((row, "indicator", fault))
        first.setdefault(key, row)
    return faults
