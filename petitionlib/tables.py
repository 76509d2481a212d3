"""Files -> one tidy table: a row for each published figure."""

import json
import os
from collections.abc import Container, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from petitionlib.codebook import read_codebook
from petitionlib.csvfile import CsvText, read_csv_text, shown_path
from petitionlib.errors import DataNotFoundError, Problem, TableError, did_you_mean
from petitionlib.faults import (
    COLUMNS,
    SOURCE_COLUMNS,
    YEAR,
    Book,
    open_book,
    source_faults,
    table_faults,
)

__all__ = [
    "as_day",
    "as_kind",
    "check_table",
    "find_data",
    "join_names",
    "known_on",
    "publication_days",
    "read_table",
    "read_tables",
    "source_list",
    "sources",
]

JOINED: Final = " + "  # between the sources, or the places, of a figure that was added up
_NOT_TABLES: Final = {"sources.csv", "known.csv"}

FilePath = str | os.PathLike[str]


def read_tables(folder: FilePath | None = None, *, as_of: str | date | None = None) -> pd.DataFrame:
    """Read all the yearly tables of a data folder as one tidy frame.

    Takes every `<year>.csv` of the folder, with its `sources.csv` and, if there, its `codebook/`.
    Without a folder: `$PETITIONLIB_DATA`, else the nearest `data/` that holds a `sources.csv`,
    from the working folder upwards. With `as_of`, a day: only what was published by then
    (`known_on`).

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
    table = _read(home, files, problems)
    return table if as_of is None else known_on(table, as_of)


def read_table(path: FilePath) -> pd.DataFrame:
    """Read one yearly table, with the columns of `read_tables`.

    A `sources.csv` and a `codebook/` beside the file are used; without a `sources.csv` the
    sources are not checked. Raises `DataNotFoundError` where the file is not there, and
    `TableError` with every fault of the file.
    """
    path = Path(path)
    if path.is_dir():
        message = f"{shown_path(path)} is a folder; read_tables(folder) reads all its tables"
        raise DataNotFoundError(message)
    if not path.exists():
        raise _no_such_table(path)
    return _read(path.parent, [path], [])


def check_table(path: FilePath) -> None:
    """Raise `TableError` with every fault of a table, or of a folder of tables.

    Each problem has `file`, `line`, `column`, `found` and a message with the remedy.
    Raises `DataNotFoundError` where there is nothing to check.
    """
    if Path(path).is_dir():
        read_tables(path)
    else:
        read_table(path)


def sources(table: pd.DataFrame) -> pd.DataFrame:
    """Return the sources that a table was read from, oldest first.

    Columns: `source`, `title`, `publisher`, `url`, `published` (ISO date or blank), `note`.
    Only sources that the table names (as `source` or `previous_source`) are listed, each of those
    joined by ` + ` on its own; a table made in memory has only their ids.

    >>> sources(read_tables()).iloc[-1]["published"]
    ''
    """
    named = [table[c].dropna() for c in ("source", "previous_source") if c in table.columns]
    listed = {row[0] for row in source_list(table)}
    used = {one for name in pd.concat(named).unique() for one in _single(str(name), listed)}
    known = [row for row in source_list(table) if row[0] in used]
    missing = sorted(used - listed)
    rows = [[source, "", "", "", "", ""] for source in missing] + known
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS), dtype="str")


def source_list(table: pd.DataFrame) -> list[list[str]]:
    """Return the rows of `sources.csv` that the table carries, in their order: oldest first."""
    rows: list[list[str]] = json.loads(table.attrs.get("sources") or "[]")
    return rows


def known_on(table: pd.DataFrame, day: str | date) -> pd.DataFrame:
    """Return the table as it was known on a day: the rows of sources published by then.

    Takes a tidy table with its list of sources (`read_tables`) and a day: an ISO text or a date.
    Returns the rows in their order, with the columns and the index that they had. The list stands
    oldest first: a source without a date counts as published on the day of the next dated one
    after it, and is left out where there is none. A figure that was added up (`to_boundaries`)
    was known when its last source was.

    Raises `ValueError` for what is not a day, and `TableError` for a source that is not in the
    table's list.

    >>> table = read_tables()
    >>> len(known_on(table, "2022-12-31")) < len(table) == len(known_on(table, "2025-09-08")) + 4
    True
    """
    latest = as_day(day).isoformat()
    days = publication_days(table)
    known = [name for name, published in days.items() if "" != published <= latest]
    return table[table["source"].isin(known)]


def publication_days(table: pd.DataFrame) -> dict[str, str]:
    """Return by which day each source of a table was published, ISO text; blank if unknown.

    Raises `TableError` with every source that is not in the list that the table carries.
    """
    if "source" not in table.columns:
        message = "has no column 'source'; data/README.md describes the columns"
        raise TableError([Problem("table", None, "source", None, message)])
    days: dict[str, str] = {}
    next_day = ""
    for row in reversed(source_list(table)):
        next_day = row[SOURCE_COLUMNS.index("published")] or next_day
        days[row[0]] = next_day
    named = {str(name): _single(str(name), days) for name in table["source"].unique()}
    unlisted = sorted({one for names in named.values() for one in names} - days.keys())
    if unlisted:
        raise TableError(Problem("table", None, "source", n, _unlisted(n, days)) for n in unlisted)
    dated = {name: [days[one] for one in names] for name, names in named.items()}
    return {name: max(dates) if all(dates) else "" for name, dates in dated.items()}


def join_names(one: str, other: str) -> str:
    """Join two names, or names that are joined already, by ` + `; each once, blanks left out.

    >>> join_names("b + a", "b"), join_names("", "a")
    ('a + b', 'a')
    """
    return JOINED.join(sorted({*one.split(JOINED), *other.split(JOINED)} - {""}))


def _single(name: str, listed: Container[str]) -> list[str]:
    """Take the sources of a figure that was added up apart."""
    return [name] if name in listed else name.split(JOINED)


def _unlisted(source: str, listed: Iterable[str]) -> str:
    listed = list(listed)
    where = "the sources of the table" if listed else "a list of sources, which the table lacks"
    remedy = did_you_mean(source, listed) or "; read_tables(folder) takes them from sources.csv"
    return f"source {source!r} is not in {where}, so its day is unknown{remedy}"


def as_day(day: str | date) -> date:
    """Take a day as an ISO text or a date; raise `ValueError` for anything else.

    >>> as_day("2025-07-01")
    datetime.date(2025, 7, 1)
    """
    try:
        found = date.fromisoformat(day) if isinstance(day, str) else day
        found = date(found.year, found.month, found.day)
    except (AttributeError, TypeError, ValueError):
        found = None
    if found is None or (isinstance(day, str) and found.isoformat() != day):
        message = f"{day!r} is not a day; write it like '2025-07-01', or give a datetime.date"
        raise ValueError(message)
    return found


def as_kind(texts: pd.Series, column: pd.Series) -> pd.Series:
    """Return a column of the same kind as another: of its categories and more, or of its type.

    >>> kinds = pd.Series(["b", "a"], dtype="category")
    >>> as_kind(pd.Series(["c", "a"]), kinds).cat.categories.tolist()
    ['a', 'b', 'c']
    """
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        new = sorted(set(texts.dropna().unique()) - set(kind.categories))
        kind = pd.CategoricalDtype(kind.categories.append(pd.Index(new)), ordered=kind.ordered)
    return texts.astype(kind)


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
    files = [path for path in found if path.suffix == ".csv" and YEAR.fullmatch(path.stem)]
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


def _read(home: Path, files: Sequence[Path], problems: Sequence[Problem]) -> pd.DataFrame:
    """Read tables of one folder with its sources and codebook; raise all faults at once."""
    problems = list(problems)
    rows = None
    if (home / "sources.csv").exists():
        listed = read_csv_text(home / "sources.csv", SOURCE_COLUMNS)
        problems += source_faults(home / "sources.csv", listed)
        rows = None if listed.problems else _source_rows(listed)
    try:
        book = open_book(read_codebook(home), rows)
    except TableError as error:
        raise TableError([*problems, *error.problems]) from None
    texts = [(path, read_csv_text(path, COLUMNS)) for path in files]
    problems += [fault for path, text in texts for fault in table_faults(path, text, book)]
    if problems:
        raise TableError(problems)
    return _frame([text for _, text in texts], book)


def _no_such_table(path: Path) -> DataNotFoundError:
    folder = shown_path(path.parent)
    years = sorted(p.stem for p in path.parent.glob("*.csv") if YEAR.fullmatch(p.stem))
    if years and YEAR.fullmatch(path.stem):
        message = f"No table for {path.stem} under {folder}/ (there are {', '.join(years)})"
        return DataNotFoundError(message, years)
    return DataNotFoundError(f"{shown_path(path)} is not there", years)


def _source_rows(listed: CsvText) -> list[list[str]]:
    return [list(row) for row in zip(*(listed.columns[c] for c in SOURCE_COLUMNS), strict=True)]


def _frame(texts: Sequence[CsvText], book: Book) -> pd.DataFrame:
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
