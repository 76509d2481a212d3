"""What an analyst can choose: what was published for the places on screen."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from petitionlib.codebook.entries import entries, leading

__all__ = ["Choice", "Published", "settle"]


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


class Published:
    """What was published in a table; it is searched only when the places on screen change.

    Places, indicators and spans are in the order of the codebook; those it does not know come last.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        """Keep the keys of the figures, and list the places that have any."""
        self.table = table
        self._keys = table.loc[table["value"].notna(), ["place", "indicator", "span", "year"]]
        self.places = self._in_order("places", self._keys["place"].unique())
        self._here: tuple[str, ...] = ()
        self._found: set[tuple[str, str, int]] = set()

    def first_indicator(self, places: tuple[str, ...]) -> str:
        """Name the first indicator that carries a report and was published for the places."""
        there = self.indicators(places)
        return next((code for code in leading(self.table) if code in there), there[0])

    def indicators(self, places: tuple[str, ...]) -> list[str]:
        """List the indicators that were published for any of the places."""
        return self._in_order("indicators", (code for code, _, _ in self._of(places)))

    def spans(self, places: tuple[str, ...], indicator: str) -> list[str]:
        """List the spans in which an indicator was published for any of the places."""
        found = self._of(places)
        return self._in_order("spans", (span for code, span, _ in found if code == indicator))

    def years(self, places: tuple[str, ...], indicator: str, span: str) -> list[int]:
        """List the years in which an indicator was published for any of the places."""
        found = self._of(places)
        return sorted(year for code, period, year in found if (code, period) == (indicator, span))

    def fullest(self) -> str:
        """Name the place of most figures."""
        return str(self._keys["place"].value_counts().index[0])

    def _of(self, places: tuple[str, ...]) -> set[tuple[str, str, int]]:
        if places != self._here:
            rows = self._keys[self._keys["place"].isin(places)]
            columns = (rows["indicator"], rows["span"], rows["year"])
            self._found = {(str(i), str(s), int(y)) for i, s, y in zip(*columns, strict=True)}
            self._here = places
        return self._found

    def _in_order(self, file: str, codes: Iterable[str]) -> list[str]:
        found = {str(code) for code in codes}
        known = [code for code in entries(file, self.table) if code in found]
        return known + sorted(found - set(known))


def settle(published: Published, wanted: Choice) -> Choice:
    """Return the choice nearest to the one that is wanted for which something was published.

    Places and language stay. An indicator or a span that was not published for them gives way to
    the first one, or the one of most years. Years that were not published give way to all.
    """
    places = wanted.places
    indicators = published.indicators(places)
    indicator = wanted.indicator
    if indicator not in indicators:
        indicator = indicators[0] if indicator else published.first_indicator(places)
    spans = published.spans(places, indicator)
    longest = max(spans, key=lambda span: len(published.years(places, indicator, span)))
    span = wanted.span if wanted.span in spans else longest
    years = published.years(places, indicator, span)
    first = wanted.first if wanted.first in years else years[0]
    last = wanted.last if wanted.last in years and wanted.last >= first else years[-1]
    detail = wanted.detail if wanted.detail in places else places[0]
    return wanted._replace(detail=detail, indicator=indicator, span=span, first=first, last=last)
