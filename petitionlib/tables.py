"""Files -> one tidy table: a row for each published figure."""

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.codebook import entries, read_codebook, window
from petitionlib.csvfile import CsvText, read_csv_text, shown_path, text_fault
from petitionlib.errors import DataNotFoundError, Problem, TableError, did_you_mean

__all__ = ["check_table", "find_data", "read_table", "read_tables", "sources"]

KEY: Final = ("place", "year", "span", "indicator", "source")
COLUMNS: Final = (
    "place", "year", "span", "indicator", "value", "change", "change_percent",
    "status", "source", "locator",
)  # fmt: skip
SOURCE_COLUMNS: Final = ("source", "title", "publisher", "url", "published", "note")
STATUSES: Final = ("", "p", "r", "e")
_NOT_TABLES: Final = {"sources.csv", "known.csv"}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_YEAR = re.compile(r"[12][0-9]{3}")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")
_MOST_DECIMALS: Final = 15
LARGEST: Final = 10**15
_FOLDED_MARKS: Final = str.maketrans({"đ": "d", "Đ": "D", " ": "-", "_": "-"})

FilePath = str | os.PathLike[str]


class _Book(NamedTuple):
    """The codes that a file is checked against; `sources` is None where no list of them exists."""

    frame: pd.DataFrame
    places: Mapping[str, Mapping[str, str]]
    spans: frozenset[str]
    units: dict[str, str]
    sources: list[list[str]] | None


def read_tables(folder: FilePath | None = None) -> pd.DataFrame:
    """Read all the yearly tables of a data folder as one tidy frame.

    Takes every `<year>.csv` of the folder, with its `sources.csv` and, if there, its `codebook/`.
    Without a folder: `$PETITIONLIB_DATA`, else the nearest `data/` that holds a `sources.csv`,
    from the working folder upwards.

    Returns one row a published figure: `place`, `year` (int), `span`, `indicator`, `value`,
    `change` (in the indicator's unit; percentage points for a rate), `change_percent` (percent),
    `status`, `source`, `locator`, and `decimals`, `change_percent_decimals` (as printed). A blank
    number is missing, not 0. Rows stand by year, then as in the file.

    Raises `DataNotFoundError` where there is nothing to read, and `TableError` with every fault of
    every file, each with its line and remedy.

    >>> table = read_tables()
    >>> table.loc[table["place"] == "can-tho", "year"].unique().tolist()
    [2017, 2018, 2022, 2023, 2024]
    """
    home = find_data() if folder is None else Path(folder)
    files, problems = _table_files(home)
    if not (home / "sources.csv").exists():
        message = (
            f"{shown_path(home)}/ has tables but no sources.csv, which says where they are from"
        )
        raise DataNotFoundError(message)
    listed = read_csv_text(home / "sources.csv", SOURCE_COLUMNS)
    problems += _check_sources(home / "sources.csv", listed)
    try:
        extra = read_codebook(home)
    except TableError as error:
        raise TableError([*problems, *error.problems]) from None
    book = _open_book(extra, None if listed.problems else _source_rows(listed))
    texts = [(path, read_csv_text(path, COLUMNS)) for path in files]
    problems += [fault for path, text in texts for fault in _check(path, text, book)]
    if problems:
        raise TableError(problems)
    return _frame([text for _, text in texts], book)


def read_table(path: FilePath) -> pd.DataFrame:
    """Read one yearly table, with the columns of `read_tables`.

    A `sources.csv` and a `codebook/` beside the file are used; without a `sources.csv` the
    sources are not checked. Raises `DataNotFoundError` where the file is not there, and
    `TableError` with every fault of the file.
    """
    text, book, problems = _read_one(path)
    if problems:
        raise TableError(problems)
    return _frame([text], book)


def check_table(path: FilePath) -> None:
    """Raise `TableError` with every fault of a table, or of a folder of tables.

    Each problem has `file`, `line`, `column`, `found` and a message with the remedy.
    Raises `DataNotFoundError` where there is nothing to check.
    """
    if Path(path).is_dir():
        read_tables(path)
        return
    _, _, problems = _read_one(path)
    if problems:
        raise TableError(problems)


def sources(table: pd.DataFrame) -> pd.DataFrame:
    """Return the sources that a table was read from, oldest first.

    Columns: `source`, `title`, `publisher`, `url`, `published` (ISO date or blank), `note`.
    Only sources that the table names (as `source` or `previous_source`) are listed; a table made
    in memory has only their ids.

    >>> sources(read_tables()).iloc[-1]["published"]
    ''
    """
    named = [table[c].dropna() for c in ("source", "previous_source") if c in table.columns]
    used = set(pd.concat(named).astype("str"))
    known = [row for row in source_list(table) if row[0] in used]
    missing = sorted(used - {row[0] for row in known})
    rows = [[source, "", "", "", "", ""] for source in missing] + known
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS), dtype="str")


def source_list(table: pd.DataFrame) -> list[list[str]]:
    """Return the rows of `sources.csv` that the table carries, in their order: oldest first."""
    rows: list[list[str]] = json.loads(table.attrs.get("sources") or "[]")
    return rows


def find_data(start: FilePath | None = None) -> Path:
    """Find the data folder: `$PETITIONLIB_DATA`, else the nearest `data/` with a `sources.csv`.

    The search goes from the working folder (or `start`) upwards. Raises `DataNotFoundError` that
    says where it looked.
    """
    named = os.environ.get("PETITIONLIB_DATA", "").strip()
    if named:
        if (Path(named) / "sources.csv").is_file():
            return Path(named)
        message = f"$PETITIONLIB_DATA is {named!r}, but there is no sources.csv in it"
        raise DataNotFoundError(message)
    here = Path.cwd() if start is None else Path(start).absolute()
    for folder in (here, *here.parents):
        if (folder / "data" / "sources.csv").is_file():
            return folder / "data"
    message = (
        f"No data folder: no data/sources.csv in {here} or above it. Name the folder"
        " (read_tables(folder), --data, or $PETITIONLIB_DATA), or make one: petitionlib init"
    )
    raise DataNotFoundError(message)


def _table_files(home: Path) -> tuple[list[Path], list[Problem]]:
    if not home.is_dir():
        message = f"{shown_path(home)} is not a folder"
        if home.is_file():
            message += "; read_table(path) reads one file"
        raise DataNotFoundError(message)
    found = sorted(path for path in home.iterdir() if path.suffix.lower() == ".csv")
    files = [path for path in found if path.suffix == ".csv" and _YEAR.fullmatch(path.stem)]
    if not files:
        message = f"No tables under {shown_path(home)}/: no file is named <year>.csv"
        raise DataNotFoundError(message)
    strange = [
        Problem(
            shown_path(path),
            None,
            None,
            path.name,
            "is not a table; name it <year>.csv or move it away",
        )
        for path in found
        if path not in files
        and path.name not in _NOT_TABLES
        and not path.name.startswith((".", "~$"))
    ]
    return files, strange


def _read_one(path: FilePath) -> tuple[CsvText, _Book, list[Problem]]:
    path = Path(path)
    if path.is_dir():
        message = f"{shown_path(path)} is a folder; read_tables(folder) reads all its tables"
        raise DataNotFoundError(message)
    if not path.exists():
        raise _no_such_table(path)
    problems: list[Problem] = []
    listed = None
    if (path.parent / "sources.csv").is_file():
        listed = read_csv_text(path.parent / "sources.csv", SOURCE_COLUMNS)
        problems = _check_sources(path.parent / "sources.csv", listed)
    rows = None if listed is None or listed.problems else _source_rows(listed)
    try:
        extra = read_codebook(path.parent)
    except TableError as error:
        raise TableError([*problems, *error.problems]) from None
    book = _open_book(extra, rows)
    text = read_csv_text(path, COLUMNS)
    return text, book, problems + _check(path, text, book)


def _no_such_table(path: Path) -> DataNotFoundError:
    folder = shown_path(path.parent)
    years = sorted(p.stem for p in path.parent.glob("*.csv") if _YEAR.fullmatch(p.stem))
    if years and _YEAR.fullmatch(path.stem):
        message = f"No table for {path.stem} under {folder}/ (there are {', '.join(years)})"
        return DataNotFoundError(message, years)
    return DataNotFoundError(f"{shown_path(path)} is not there", years)


def _source_rows(listed: CsvText) -> list[list[str]]:
    return [list(row) for row in zip(*(listed.columns[c] for c in SOURCE_COLUMNS), strict=True)]


def _open_book(extra: str, listed: list[list[str]] | None) -> _Book:
    frame = pd.DataFrame()
    if extra:
        frame.attrs["codebook"] = extra
    units = {code: row["unit"] for code, row in entries("indicators", frame).items()}
    return _Book(frame, entries("places", frame), frozenset(entries("spans", frame)), units, listed)


def _frame(texts: Sequence[CsvText], book: _Book) -> pd.DataFrame:
    """Make the frame from texts that have been checked."""
    text = {name: [cell for t in texts for cell in t.columns[name]] for name in COLUMNS}
    table = pd.DataFrame({name: pd.Series(text[name], dtype="str") for name in COLUMNS})
    table["year"] = table["year"].astype("int64")
    for name in ("value", "change", "change_percent"):
        table[name] = pd.to_numeric(table[name].where(table[name] != "")).astype("float64")
    for name, number in (("decimals", "value"), ("change_percent_decimals", "change_percent")):
        printed = [_decimals(cell) for cell in text[number]]
        table[name] = pd.array(printed, dtype="Int8")
    table.attrs.update(book.frame.attrs)
    if book.sources:
        table.attrs["sources"] = json.dumps(book.sources, ensure_ascii=False)
    return table


def _decimals(cell: str) -> int | None:
    return len(cell.partition(".")[2]) if cell else None


def _check_sources(path: Path, listed: CsvText) -> list[Problem]:
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
            message = f"published {day!r} is not a date like 2022-12-27; leave it blank if unknown"
            problems.append(Problem(file, line, "published", day, message))
    return sorted(problems, key=lambda problem: problem.line or 0)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check(path: Path, text: CsvText, book: _Book) -> list[Problem]:
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
    return f"{column} {cell!r} is not in {where}{did_you_mean(_folded(cell, column), codes)}"


def _folded(cell: str, column: str) -> str:
    """Write a name as a code might be: "Cần Thơ " -> "can-tho"; capitals stay for spans."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", cell.strip()) if not unicodedata.combining(c)
    )
    plain = plain.translate(_FOLDED_MARKS) if column == "place" else plain
    return plain if column == "span" else plain.lower()


def _check_years(path: Path, cells: Sequence[str]) -> list[tuple[int, str, str]]:
    expected = path.stem if _YEAR.fullmatch(path.stem) else None
    faults = []
    for row, cell in enumerate(cells):
        if cell == expected:
            continue
        if not _YEAR.fullmatch(cell):
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
        f"{_number_remedy(cell, whole=whole, signed=column != 'value')}"
    )


def _decimals_fault(cell: str) -> str:
    fault = "has decimals, but this indicator is counted in whole numbers"
    if _GROUPED.fullmatch(cell):
        return f"{fault}; write {cell.replace('.', '')} if the point separates thousands"
    count, _, decimals = cell.partition(".")
    return fault if decimals.strip("0") else f"{fault}; write {count}"


def _number_remedy(cell: str, *, whole: bool, signed: bool) -> str:
    plain = (
        cell.strip()
        .replace("\u2212", "-")
        .replace("\u2013", "-")
        .replace("\u2014", "-")
        .removeprefix("+")
    )
    plain = plain.removesuffix("%").strip()
    if not whole and "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    wanted = (signed or not plain.startswith("-")) and not (whole and "." in plain)
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
    text: CsvText, book: _Book, bad_rows: set[int]
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


def _validity_fault(place: str, span: str, year: str, book: _Book) -> str:
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
