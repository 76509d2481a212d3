"""Files -> one tidy table: a row for each published figure."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from petitionlib.codebook.arguments import check_is_table, codebook_name
from petitionlib.codebook.codebook import digest_of
from petitionlib.codebook.validate import read_codebook
from petitionlib.errors import DataNotFoundError, Problem, TableError, said
from petitionlib.files import CsvText, FilePath, read_csv_text, shown_path
from petitionlib.tables.folder import (
    COLUMNS,
    PRINTED,
    SOURCE_COLUMNS,
    YEAR,
    find_data,
    table_files,
)
from petitionlib.tables.known import as_carried, read_known
from petitionlib.tables.sources import known_on
from petitionlib.tables.validate import Book, open_book, source_faults, table_faults

__all__ = ["check_table", "figure_lines", "read_table", "read_tables", "with_codebook"]


def read_tables(folder: FilePath | None = None, *, as_of: str | date | None = None) -> pd.DataFrame:
    """Read all the yearly tables of a data folder as one tidy frame.

    Takes every `<year>.csv` of the folder, with its `sources.csv` and, if they are there, its
    `codebook/` and `known.csv`. Without a folder: `$PETITIONLIB_DATA`, else the nearest `data/`
    that holds a `sources.csv`, from the working folder upwards. With `as_of`, a day: only what was
    published by then (`known_on`).

    Returns one row a published figure: `place`, `year` (int), `span`, `indicator`, `value`,
    `change` (in the indicator's unit; percentage points for a rate), `change_percent` (percent),
    `status`, `source`, `locator`, and `decimals`, `change_percent_decimals` (as printed). A blank
    number is missing, not 0. Rows stand by year, then as in the file. Three columns say what else
    decides a number: `published`, the day of the source (text, blank if unknown), `source_order`,
    its place in `sources.csv`, oldest first, and `codebook` (blank: the shipped one alone; else a
    short name for what the folder adds to it).

    Raises `DataNotFoundError` where there is nothing to read, and `TableError` with every fault of
    every file, each with its line and remedy.

    >>> table = read_tables()
    >>> table.loc[table["place"] == "can-tho", "year"].unique().tolist()
    [2017, 2018, 2022, 2023, 2024]
    """
    home = find_data() if folder is None else Path(folder)
    files, problems = table_files(home)
    if not (home / "sources.csv").exists():
        raise DataNotFoundError(said("fault.no_sources", folder=shown_path(home)))
    table = _read(home, files, problems)
    return table if as_of is None else known_on(table, as_of)


def read_table(path: FilePath) -> pd.DataFrame:
    """Read one yearly table, with the columns of `read_tables`.

    A `sources.csv` and a `codebook/` beside the file are used; without a `sources.csv` the
    sources are not checked, and `published` and `source_order` are missing. Raises
    `DataNotFoundError` where the file is not there, and `TableError` with every fault of the file.

    >>> sorted(read_table("data/2008.csv")["value"])
    [2466.0, 187037.0]
    """
    path = Path(path)
    if path.is_dir():
        raise DataNotFoundError(said("fault.folder_no_file", path=shown_path(path)))
    if not path.exists():
        raise _no_such_table(path)
    return _read(path.parent, [path], [])


def check_table(path: FilePath) -> None:
    """Raise `TableError` with every fault of a table, or of a folder of tables.

    Each problem has `file`, `line`, `column`, `found` and a message with the remedy.
    Raises `DataNotFoundError` where there is nothing to check.

    >>> check_table("data/2022.csv")
    """
    if Path(path).is_dir():
        read_tables(path)
    else:
        read_table(path)


def figure_lines(path: FilePath) -> dict[tuple[str, ...], tuple[str, int]]:
    """Return where each figure of a folder or a table stands, by its key: the file and the line.

    The key is the text of `place`, `year`, `span`, `indicator` and `source`. Takes files that can
    be read (`read_tables`, `read_table`).

    >>> key = ("viet-nam", "2008", "Y", "reception.cases", "123docz-viet-nam-2008-2013")
    >>> figure_lines(find_data())[key][1]
    2
    """
    path = Path(path)
    files = table_files(path)[0] if path.is_dir() else [path]
    places: dict[tuple[str, ...], tuple[str, int]] = {}
    for file in files:
        text = read_csv_text(file, COLUMNS)
        keys = zip(*(text.columns[name] for name in PRINTED), strict=True)
        shown = shown_path(file)
        places.update((key, (shown, line)) for key, line in zip(keys, text.lines, strict=True))
    return places


def _read(home: Path, files: Sequence[Path], problems: Sequence[Problem]) -> pd.DataFrame:
    """Read tables of one folder with what stands beside them; raise all faults at once."""
    rows, faults = _read_sources(home)
    problems = [*problems, *faults]
    try:
        book = open_book(read_codebook(home), rows)
    except TableError as error:
        raise TableError([*problems, *error.problems]) from None
    texts = [(path, read_csv_text(path, COLUMNS)) for path in files]
    problems += [fault for path, text in texts for fault in table_faults(path, text, book)]
    known = ""
    try:
        known = as_carried(read_known(home))
    except TableError as error:
        problems += error.problems
    if problems:
        raise TableError(problems)
    table = _frame([text for _, text in texts], book)
    if known:
        table.attrs["known"] = known
    return table


def with_codebook(table: pd.DataFrame, folder: FilePath | None) -> pd.DataFrame:
    """Return a table that carries again what its data folder says beside its rows.

    That is the folder's codebook, its list of sources, and what is known of contradictions: pandas
    drops them on merge, concat and CSV. Without a folder the table is returned as it is.

    Raises `TableError` where the folder has another codebook than the table's column `codebook`
    names, and with every fault of the files; `DataNotFoundError` where the folder is not there.
    """
    check_is_table(table)
    if folder is None:
        return table
    home = Path(folder)
    if not home.is_dir():
        raise DataNotFoundError(said("fault.codebook_no_folder", folder=str(folder)))
    rows, problems = _read_sources(home)
    if problems:
        raise TableError(problems)
    extra = read_codebook(home)
    table = table.copy(deep=False)
    own = digest_of(extra)
    if "codebook" not in table.columns:
        table["codebook"] = pd.Series(own, index=table.index, dtype="str")
    other = sorted(set(table["codebook"].astype("str").fillna("").unique()) - {own})
    if other:
        names = {"book": codebook_name(other[0]), "other": codebook_name(own)}
        fault = said("fault.codebook_folder", folder=shown_path(home), **names)
        raise TableError.of_table(fault, "codebook")
    carried = {"codebook": extra, "known": as_carried(read_known(home))}
    carried["sources"] = json.dumps(rows, ensure_ascii=False) if rows else ""
    table.attrs.update({name: text for name, text in carried.items() if text})
    return table


def _read_sources(home: Path) -> tuple[list[list[str]] | None, list[Problem]]:
    """Read the list of sources of a folder, None where there is none, and list its faults."""
    path = home / "sources.csv"
    if not path.exists():
        return None, []
    listed = read_csv_text(path, SOURCE_COLUMNS)
    return None if listed.problems else _source_rows(listed), source_faults(path, listed)


def _no_such_table(path: Path) -> DataNotFoundError:
    folder = shown_path(path.parent)
    years = sorted(p.stem for p in path.parent.glob("*.csv") if YEAR.fullmatch(p.stem))
    if years and YEAR.fullmatch(path.stem):
        there = ", ".join(years)
        fault = said("fault.no_table_of_year", year=path.stem, folder=folder, years=there)
        return DataNotFoundError(fault, years)
    return DataNotFoundError(said("fault.not_there", path=shown_path(path)), years)


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
    listed = {row[0]: (place, row) for place, row in enumerate(book.sources or [])}
    codes, names = pd.factorize(table["source"])
    days = [listed[n][1][SOURCE_COLUMNS.index("published")] if n in listed else "" for n in names]
    order = pd.array([listed[n][0] if n in listed else None for n in names], dtype="Int64")
    table["published"] = pd.array(days, dtype="str").take(codes)
    table["source_order"] = order.take(codes)
    table["codebook"] = pd.Series(_digest(book), index=table.index, dtype="str")
    table.attrs.update(book.frame.attrs)
    if book.sources:
        table.attrs["sources"] = json.dumps(book.sources, ensure_ascii=False)
    return table


def _digest(book: Book) -> str:
    return digest_of(str(book.frame.attrs.get("codebook", "")))


def _decimals(cell: str) -> int | None:
    return len(cell.partition(".")[2]) if cell else None
