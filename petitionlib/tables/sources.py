"""The sources of a table: which they are, when they were published, what was known on a day."""

import json
from collections.abc import Container, Iterable
from datetime import date

import pandas as pd

from petitionlib.codebook.entries import Carrier
from petitionlib.errors import ArgumentError, Problem, Said, TableError, did_you_mean, said
from petitionlib.tables.folder import SOURCE_COLUMNS
from petitionlib.tables.recency import JOINED, dates_of, has_order

__all__ = [
    "JOINED",
    "as_day",
    "join_names",
    "known_on",
    "publication_days",
    "source_list",
    "sources",
]


def sources(table: pd.DataFrame) -> pd.DataFrame:
    """Return the sources that a table was read from, oldest first.

    Columns: `source`, `title`, `publisher`, `url`, `published` (ISO date or blank), `note`,
    `coverage` (what of the office the figures are about, if not all).
    Only sources that the table names (as `source` or `previous_source`) are listed, each of those
    joined by ` + ` on its own; a table that has lost their titles has their ids and its column
    `published`.

    >>> from petitionlib import read_tables
    >>> sources(read_tables()).iloc[-1]["published"]
    '2026-01-25'
    """
    named = [table[c].dropna() for c in ("source", "previous_source") if c in table.columns]
    listed = {row[0] for row in source_list(table)}
    used = {one for name in pd.concat(named).unique() for one in _single(str(name), listed)}
    known = [row for row in source_list(table) if row[0] in used]
    days = dates_of(table) if used - listed else {}
    place = {source: number for number, source in enumerate(days)}
    missing = sorted(used - listed, key=lambda source: (place.get(source, -1), source))
    rows = [[source, "", "", "", days.get(source, ""), "", ""] for source in missing] + known
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS), dtype="str")


def source_list(table: Carrier) -> list[list[str]]:
    """Return the rows of `sources.csv` that a table or a `Text` carries, oldest first."""
    listed = "" if table is None else str(table.attrs.get("sources", ""))
    rows: list[list[str]] = json.loads(listed or "[]")
    return [row + [""] * (len(SOURCE_COLUMNS) - len(row)) for row in rows]


def known_on(table: pd.DataFrame, day: str | date) -> pd.DataFrame:
    """Return the table as it was known on a day: the rows of sources published by then.

    Takes a tidy table with its list of sources (`read_tables`) and a day: an ISO text or a date.
    Returns the rows in their order, with the columns and the index that they had. The list stands
    oldest first: a source without a date counts as published on the day of the next dated one
    after it, and is left out where there is none. A figure that was added up (`to_boundaries`)
    was known when its last source was. A table that has lost the list has its columns `published`
    and `source_order` instead.

    Raises `ArgumentError` for what is not a day, and `TableError` for a source that is not in the
    table's list.

    >>> from petitionlib import read_tables
    >>> table = read_tables()
    >>> len(known_on(table, "2022-12-31")) < len(known_on(table, "2026-12-31")) == len(table)
    True
    """
    latest = as_day(day).isoformat()
    days = publication_days(table)
    known = [name for name, published in days.items() if "" != published <= latest]
    return table[table["source"].isin(known)]


def publication_days(table: pd.DataFrame) -> dict[str, str]:
    """Return by which day each source of a table was published, ISO text; blank if unknown.

    Raises `TableError` with every source that is not in the list that the table carries; where it
    carries none, its columns say it.
    """
    if "source" not in table.columns:
        raise TableError.of_table(said("fault.table_column", column="source"), "source")
    days: dict[str, str] = {}
    next_day = ""
    for name, published in reversed(_listed(table)):
        next_day = published or next_day
        days[name] = next_day
    made = table["value"].isna() if "value" in table.columns else False
    named_in = table["source"][~(made & (table["source"] == ""))]  # of nothing: a part is missing
    named = {str(name): _single(str(name), days) for name in named_in.unique()}
    unlisted = sorted({one for names in named.values() for one in names} - days.keys())
    if unlisted:
        raise TableError(Problem("table", None, "source", n, *_unlisted(n, days)) for n in unlisted)
    dated = {name: [days[one] for one in names] for name, names in named.items()}
    return {name: max(dates) if all(dates) else "" for name, dates in dated.items()}


def _listed(table: pd.DataFrame) -> list[tuple[str, str]]:
    """List the sources of a table with their dates, oldest first; without a list, by its columns.

    Where no order tells which source comes after one without a date, that stands last.
    """
    rows = [(row[0], row[SOURCE_COLUMNS.index("published")]) for row in source_list(table)]
    if rows:
        return rows
    dates = list(dates_of(table).items())
    return dates if not dates or has_order(table) else sorted(dates, key=lambda row: not row[1])


def join_names(one: str, other: str) -> str:
    """Join two names, or names that are joined already, by ` + `; each once, blanks left out.

    >>> join_names("b + a", "b"), join_names("", "a")
    ('a + b', 'a')
    """
    return JOINED.join(sorted({*one.split(JOINED), *other.split(JOINED)} - {""}))


def as_day(day: str | date) -> date:
    """Take a day as an ISO text or a date; raise `ArgumentError` for anything else.

    >>> as_day("2025-07-01")
    datetime.date(2025, 7, 1)
    """
    try:
        found = date.fromisoformat(day) if isinstance(day, str) else day
        found = date(found.year, found.month, found.day)
    except (AttributeError, TypeError, ValueError):
        found = None
    if found is None or (isinstance(day, str) and found.isoformat() != day):
        raise ArgumentError(said("fault.not_a_day", found=repr(day)))
    return found


def _single(name: str, listed: Container[str]) -> list[str]:
    """Take the sources of a figure that was added up apart."""
    return [name] if name in listed else name.split(JOINED)


def _unlisted(source: str, listed: Iterable[str]) -> Said:
    listed = list(listed)
    remedy = did_you_mean(source, listed) or said("fault.sources_remedy")
    if listed:
        return said("fault.source_unlisted", source=source, remedy=remedy)
    return said("fault.source_no_list", source=source, remedy=remedy)
