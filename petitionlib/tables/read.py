"""Files -> one tidy table: a row for each published figure."""

import json
from datetime import date
from pathlib import Path

import pandas as pd

from petitionlib.codebook.arguments import check_is_table, codebook_name
from petitionlib.codebook.entries import digest_of
from petitionlib.codebook.validate import read_codebook
from petitionlib.errors import DataNotFoundError, TableError, said
from petitionlib.files import FilePath, shown_path
from petitionlib.tables.cells import UNIT
from petitionlib.tables.folder import CHANGE_STATUS, COLUMNS, SOURCE_COLUMNS, find_data
from petitionlib.tables.known import as_carried, read_known
from petitionlib.tables.sources import known_on
from petitionlib.tables.texts import CheckedTexts, read_folder_texts, read_source_rows, read_texts

__all__ = ["read_table", "read_tables", "with_codebook"]


def read_tables(folder: FilePath | None = None, *, as_of: str | date | None = None) -> pd.DataFrame:
    """Read all the yearly tables of a data folder as one tidy frame.

    Takes every `<year>.csv` of the folder, with its `sources.csv` and, if they are there, its
    `codebook/` and `known.csv`. Without a folder: `$PETITIONLIB_DATA`, else the nearest `data/`
    that holds a `sources.csv`, from the working folder upwards; the variable may name one table.
    With `as_of`, a day: only what was published by then (`known_on`).

    Returns one row a published figure: `place`, `year` (int), `span`, `indicator`, `value`,
    `change` (in the indicator's unit; percentage points for a rate), `change_percent` (percent),
    `status`, `source`, `locator`, and `decimals`, `change_decimals`, `change_percent_decimals` (as
    printed). A blank number is missing, not 0. Rows stand by year, then as in the file. Four
    columns say what else decides a number: `published`, the day of the source (text, blank if
    unknown), `source_order`, its place in `sources.csv`, oldest first, `coverage`, what of the
    office it covers (blank: all), and `codebook` (blank: the shipped one alone; else a short name
    for what the folder adds to it).

    Raises `DataNotFoundError` where there is nothing to read, and `TableError` with every fault of
    every file, each with its line and remedy.

    >>> table = read_tables()
    >>> table.loc[table["place"] == "can-tho", "year"].unique().tolist()
    [2017, 2018, 2022, 2023, 2024]
    """
    home = find_data() if folder is None else Path(folder)
    alone = folder is None and home.is_file()
    table = _frame(read_texts(home) if alone else read_folder_texts(home))
    return table if as_of is None else known_on(table, as_of)


def read_table(path: FilePath) -> pd.DataFrame:
    """Read one table, with the columns of `read_tables`.

    Only `place`, `year`, `indicator` and `value` must be there. A `sources.csv` and a `codebook/`
    beside the file are used, and its codes must be theirs. A file that lies beside neither is a
    loose table: its codes and labels are as they are, its file is the source of what names none,
    and a column `unit` may say which indicators are rates (`percent`). Without a `sources.csv`
    `published` and `source_order` are missing.

    Raises `DataNotFoundError` where the file is not there, and `TableError` with every fault of
    the file; of a loose table with other columns it gives the line of pandas that makes it right.

    >>> sorted(read_table("data/2008.csv")["value"])
    [2466.0, 187037.0]
    """
    return _frame(read_texts(Path(path)))


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
    rows, problems = read_source_rows(home)
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


def _frame(texts: CheckedTexts) -> pd.DataFrame:
    """Make the frame from texts that have been checked."""
    book = texts.book
    text = {name: [cell for t in texts.tables for cell in t.columns[name]] for name in COLUMNS}
    table = pd.DataFrame({name: pd.Series(text[name], dtype="str") for name in COLUMNS})
    table["year"] = table["year"].astype("int64")
    for name in ("value", "change", "change_percent"):
        table[name] = pd.to_numeric(table[name].where(table[name] != "")).astype("float64")
    for name, number in (
        ("decimals", "value"),
        ("change_decimals", "change"),
        ("change_percent_decimals", "change_percent"),
    ):
        printed = [_decimals(cell) for cell in text[number]]
        table[name] = pd.array(printed, dtype="Int8")
    listed = {row[0]: (place, row) for place, row in enumerate(book.sources or [])}
    codes, names = pd.factorize(table["source"])
    days, coverage = (
        [listed[n][1][SOURCE_COLUMNS.index(column)] if n in listed else "" for n in names]
        for column in ("published", "coverage")
    )
    order = pd.array([listed[n][0] if n in listed else None for n in names], dtype="Int64")
    table["published"] = pd.array(days, dtype="str").take(codes)
    table["source_order"] = order.take(codes)
    table["coverage"] = pd.array(coverage, dtype="str").take(codes)
    for name in (CHANGE_STATUS, UNIT):
        if any(name in t.columns for t in texts.tables):
            columns = (t.columns.get(name, [""] * len(t.lines)) for t in texts.tables)
            table[name] = pd.Series([cell for column in columns for cell in column], dtype="str")
    own = digest_of(book.attrs.get("codebook", ""))
    table["codebook"] = pd.Series(own, index=table.index, dtype="str")
    table.attrs.update(book.attrs)
    if book.sources:
        table.attrs["sources"] = json.dumps(book.sources, ensure_ascii=False)
    if texts.known:
        table.attrs["known"] = texts.known
    return table


def _decimals(cell: str) -> int | None:
    return len(cell.partition(".")[2]) if cell else None
