"""The window of a span of a year, and the span in which a series is told."""

import calendar
from datetime import date
from typing import TYPE_CHECKING

from petitionlib.codebook.entries import Carrier, about, entries
from petitionlib.errors import DataNotFoundError, did_you_mean, said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["last_day", "longest_span", "window"]


def longest_span(rows: "pd.DataFrame", book: Carrier = None) -> str:
    """Return the span in which rows of a tidy table have most figures, one a place and year.

    Of equals the one that goes on longer, then the first of the codebook: that of the rows, or
    `book`. Without a figure it is the reporting year.

    >>> from petitionlib import read_tables
    >>> longest_span(read_tables().query("place == 'viet-nam' and indicator == 'reception.groups'"))
    'Y'
    """
    book = rows if book is None else book
    known = rows[rows["value"].notna() & rows["span"].notna()]
    names = ("span", "place", "year")
    years: dict[str, list[int]] = {}
    for span, _, year in set(zip(*(known[name].tolist() for name in names), strict=True)):
        years.setdefault(span, []).append(year)
    order = [*entries("spans", book), *sorted(years)]
    ranked = sorted(years, key=order.index)
    most = about(book).default_span
    return max(ranked, key=lambda span: (len(years[span]), max(years[span])), default=most)


def window(span: str, year: int, table: Carrier = None) -> tuple[date, date | None]:
    """Return the first and the last day of a span of a year; the last is None where it is open.

    >>> window("Y", 2022)
    (datetime.date(2021, 12, 15), datetime.date(2022, 12, 14))
    """
    book = entries("spans", table)
    if span not in book:
        near = did_you_mean(span, book)
        fault = said("fault.not_in_codebook", column="span", cell=span, near=near)
        raise DataNotFoundError(fault, list(book))
    first, last = book[span]["start"], book[span]["end"]
    return _first_day(first, year), _last_day(last, year)


def last_day(span: str, year: int, table: Carrier = None) -> date:
    """Return the last day of a span of a year; one that is open or unknown lasts for the year.

    That is the default span of the codebook; where that is open too, the calendar year.

    >>> last_day("H1", 2022), last_day("YTD", 2022)
    (datetime.date(2022, 6, 14), datetime.date(2022, 12, 14))
    """
    end = window(span, year, table)[1] if span in entries("spans", table) else None
    whole = about(table).default_span
    if end is None and whole != span and whole in entries("spans", table):
        end = window(whole, year, table)[1]
    return end or date(year, 12, 31)


def _first_day(bound: str, year: int) -> date:
    base, _, day_of_year = bound.partition("/")
    month, day = map(int, day_of_year.split("-"))
    year += int(base.removeprefix("Y") or 0)
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _last_day(bound: str, year: int) -> date | None:
    return _first_day(bound, year) if bound else None
