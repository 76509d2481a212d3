"""What an analyst can choose: what was published for the places on screen."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from petitionlib.charts.trend import longest_span
from petitionlib.codebook import entries

__all__ = ["Choice", "indicators_of", "places_of", "settle", "spans_of", "years_of"]


class Choice(NamedTuple):
    """What is on screen. The year in detail is `last`, the place in detail `detail`."""

    places: tuple[str, ...]
    detail: str
    indicator: str
    span: str
    first: int
    last: int
    percent: bool
    lang: str


def places_of(table: pd.DataFrame) -> list[str]:
    """List the places that have a figure, in the order of the codebook."""
    return _in_order("places", table, table)


def indicators_of(table: pd.DataFrame, places: Sequence[str]) -> list[str]:
    """List the indicators that were published for any of the places."""
    return _in_order("indicators", table, table[table["place"].isin(list(places))])


def spans_of(table: pd.DataFrame, places: Sequence[str], indicator: str) -> list[str]:
    """List the spans in which an indicator was published for any of the places."""
    return _in_order("spans", table, _rows(table, places, indicator))


def years_of(table: pd.DataFrame, places: Sequence[str], indicator: str, span: str) -> list[int]:
    """List the years in which an indicator was published for any of the places."""
    rows = _rows(table, places, indicator)
    return sorted({int(year) for year in rows.loc[rows["span"] == span, "year"]})


def settle(table: pd.DataFrame, wanted: Choice) -> Choice:
    """Return the choice nearest to the one that is wanted for which something was published.

    Places and language stay. An indicator or a span that was not published for them gives way to
    the first one, or the one of most years. Years that were not published give way to all.
    """
    places = wanted.places
    indicators = indicators_of(table, places)
    indicator = wanted.indicator if wanted.indicator in indicators else indicators[0]
    span = wanted.span
    if span not in spans_of(table, places, indicator):
        here = _rows(table, places, indicator)
        span = longest_span(here.assign(place=""), "", indicator)
    years = years_of(table, places, indicator, span)
    first = wanted.first if wanted.first in years else years[0]
    last = wanted.last if wanted.last in years and wanted.last >= first else years[-1]
    detail = wanted.detail if wanted.detail in places else places[0]
    return wanted._replace(detail=detail, indicator=indicator, span=span, first=first, last=last)


def _rows(table: pd.DataFrame, places: Sequence[str], indicator: str) -> pd.DataFrame:
    here = table["place"].isin(list(places)) & (table["indicator"] == indicator)
    rows: pd.DataFrame = table[here & table["value"].notna()]
    return rows


def _in_order(file: str, table: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """List the codes of rows in the order of the codebook; those it does not know come last."""
    column = file.removesuffix("s")
    found = {str(code) for code in rows.loc[rows["value"].notna(), column]}
    known = [code for code in entries(file, table) if code in found]
    return known + sorted(found - set(known))
