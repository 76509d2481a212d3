"""One indicator of one place over the years."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.charts.alt_text import line_told, told
from petitionlib.charts.theme import (
    BLUE,
    CLEAR,
    GREY,
    ORANGE,
    as_figure,
    as_text,
    base_layout,
    empty_figure,
    wrap,
)
from petitionlib.codebook.arguments import YEARS, check_is_tidy, check_known, check_year
from petitionlib.codebook.windows import longest_span
from petitionlib.text.breaks import label_breaks
from petitionlib.text.comparisons import label_comparison
from petitionlib.text.names import label_indicator, label_place, label_span, unit_of
from petitionlib.text.numbers import label_figure
from petitionlib.words import say

__all__ = [
    "KINDS",
    "SYMBOLS",
    "Point",
    "Years",
    "break_lines",
    "compare_span",
    "height_axis",
    "plot_trend",
    "points_of",
    "trend_numbers",
    "year_axis",
]

_SMALL_COUNT: Final = 5  # up to here each whole number has its tick
_FEW_POINTS: Final = 6  # so many have room for their numbers beside them, even on a phone
_MOST_ITEMS: Final = 8
_LOW: Final = 0.15  # of the highest: below it a number would lie on the axis
_HEADROOM: Final = 1.1
_MARKERS: Final = {
    "final": ("circle", BLUE),
    "r": ("square", BLUE),
    "derived": ("circle-open", BLUE),
    "p": ("diamond-open", ORANGE),
    "e": ("x-thin-open", GREY),
}
KINDS: Final = {
    "place": "str", "year": "int64", "value": "float64", "kind": "str", "decimals": "Int8",
}  # fmt: skip
SYMBOLS: Final = {kind: symbol for kind, (symbol, _) in _MARKERS.items()}

Years = tuple[int, int]  # the first and the last


class Point(NamedTuple):
    """A year of a trend. In a gap the value is missing and the kind blank."""

    place: str
    year: int
    value: float
    kind: str
    decimals: Any  # as printed; missing where the figure was derived


def trend_numbers(
    table: pd.DataFrame,
    place: str,
    indicator: str,
    *,
    span: str | None = None,
    years: Years | None = None,
) -> pd.DataFrame:
    """Return the points of a trend, one a year from the first to the last, gaps included.

    Without a span: the one that has figures for most years, of equals the one that goes on longer.
    With `years`, the first and the last that are wanted, no others.

    Columns: `year`, `value` (missing in a gap), `kind` (`final`, `p`, `r`, `e` as in the status
    column, `derived` for a figure that follows from the change published a year later, blank in a
    gap) and `decimals` (as printed; missing for derived figures and gaps).
    """
    points = points_of(_changes(table, place, indicator, span)[1], years)
    return pd.DataFrame(points, columns=Point._fields).astype(KINDS).drop(columns="place")


def _changes(
    table: pd.DataFrame, place: str, indicator: str, span: str | None
) -> tuple[str, pd.DataFrame]:
    """Compare the rows of a span; without one, of that of most figures."""
    check_is_tidy(table)
    check_known(table, place=place, indicator=indicator, **({"span": span} if span else {}))
    here = (table["place"] == place) & (table["indicator"] == indicator)
    return compare_span(table, here, span)


def compare_span(
    table: pd.DataFrame, here: pd.Series, span: str | None
) -> tuple[str, pd.DataFrame]:
    """Compare those rows of a span; without one, of that in which most figures are published."""
    span = span or longest_span(table[here])
    return span, year_over_year(table[here & (table["span"] == span)])


def points_of(changes: pd.DataFrame, years: Years | None = None) -> list[Point]:
    """Return the points of trends, place after place, from the comparisons of their rows.

    Takes rows of one indicator and span, sorted by place and year. Raises `ValueError` for what is
    no first and last year.
    """
    wanted = _checked(years or YEARS)
    names = ("place", "year", "value", "status", "basis", "previous")
    columns = [changes[name].tolist() for name in names]
    columns.append(
        changes["decimals"].tolist() if "decimals" in changes else [pd.NA] * len(changes)
    )
    rows = groupby(zip(*columns, strict=True), key=itemgetter(0))
    return [point for place, own in rows for point in _points(str(place), own, wanted)]


def _points(place: str, rows: Iterable[tuple[Any, ...]], wanted: Years) -> Iterator[Point]:
    """Return the points of a place from its first year to its last, of those that are wanted."""
    found: dict[int, tuple[float, str, Any]] = {}
    for _, year, value, status, basis, previous, decimals in rows:
        if basis == "derived":
            found[year - 1] = (previous, "derived", pd.NA)
        found[year] = (value, status or "final", decimals)
    known = [year for year in found if wanted[0] <= year <= wanted[1]]
    for year in range(min(known), max(known) + 1) if known else ():
        yield Point(place, year, *found.get(year, (float("nan"), "", pd.NA)))


def _checked(years: Years) -> Years:
    both = list(years) if isinstance(years, Iterable) else []
    for year in both:
        check_year(year)
    if len(both) != len(YEARS) or both[0] > both[1]:
        message = f"years is {years!r}; it must be the first and the last, like (2020, 2023)"
        raise ValueError(message)
    return both[0], both[1]


def plot_trend(
    table: pd.DataFrame,
    place: str,
    indicator: str,
    *,
    span: str | None = None,
    years: Years | None = None,
    lang: str = "en",
) -> go.Figure:
    """Draw an indicator of a place over the years; gaps stay gaps.

    Takes a tidy table (`read_tables`), a place, an indicator and a span of the codebook; without
    a span, the one that has figures for most years, of equals the one that goes on longer. With
    `years`, the first and the last that are wanted, no others are drawn; the first is compared with
    the year before it all the same. Figures that were derived, provisional, revised or approximate
    have markers of their own. The title states the latest change. Returns the figure and does not
    show it; where nothing was published the figure says so. Raises `DataNotFoundError` for a code
    that neither table nor codebook knows, `ValueError` for what is no first and last year.

    >>> from petitionlib import read_tables
    >>> figure = plot_trend(read_tables(), "can-tho", "petitions.received")
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2023. Petitions received: 2,917 petitions, down 191 (−6.1 %) on 2022.'
    """
    span, changes = _changes(table, place, indicator, span)
    found = points_of(changes, years)
    changes = changes[changes["year"].between(*(years or YEARS))]
    unit = unit_of(indicator, table)
    title = _title(changes, place, indicator, span, lang)
    points = [
        _Told(
            point.year,
            point.value,
            point.kind,
            label_span(span, point.year, lang=lang, table=table),
            label_figure(point.value, unit, decimals=point.decimals, lang=lang),
        )
        for point in found
    ]
    if not points or changes.empty:
        return empty_figure(title, lang=lang)
    known = [point for point in points if point.kind]
    top = max(point.value for point in known)
    breaks = label_breaks(changes, indicator, span, [point.year for point in points], lang=lang)
    layout = base_layout(title, lang=lang) | _axes(known, top, unit, lang)
    layout["meta"] = _text(points, breaks, label_indicator(indicator, lang=lang, table=table), lang)
    return as_figure([*_lines(points, lang), *break_lines(breaks, top, lang)], layout)


class _Told(NamedTuple):
    """A point of the chart, and what it says of its period and figure."""

    year: int
    value: float
    kind: str
    period: str
    label: str


def _lines(points: Sequence[_Told], lang: str) -> Iterator[dict[str, Any]]:
    """Draw the line, and on it the points of each kind with their marker."""
    yield {
        "type": "scatter",
        "x": [point.year for point in points],
        "y": [point.value if point.kind else None for point in points],
        "mode": "lines",
        "line": {"color": BLUE, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    few = sum(bool(point.kind) for point in points) <= _FEW_POINTS
    sides = _clear_sides(points)
    for kind, (symbol, colour) in _MARKERS.items():
        these = [point for point in points if point.kind == kind]
        if not these:
            continue
        yield {
            "type": "scatter",
            "x": [point.year for point in these],
            "y": [point.value for point in these],
            "mode": "markers+text" if few else "markers",
            "text": [as_text(point.label.partition(" ")[0]) for point in these] if few else None,
            "textposition": [sides[point.year] for point in these] if few else None,
            "cliponaxis": False,
            "name": say(f"status.{kind}", lang),
            "marker": {
                "symbol": symbol,
                "color": colour,
                "size": 11,
                "line": {"color": colour, "width": 2},
            },
            "customdata": [as_text(f"{point.period}: {point.label}") for point in these],
            "hovertemplate": "%{customdata}<extra>%{fullData.name}</extra>",
            "showlegend": True,
        }


def _clear_sides(points: Sequence[_Told]) -> dict[int, str]:
    """Put the number of a point below it where its neighbours are higher on average, else above.

    So the line seldom strikes it.
    """
    top = max(point.value for point in points if point.kind)
    sides = {}
    for before, point, after in zip([None, *points], points, [*points[1:], None], strict=False):
        near = [other.value for other in (before, after) if other and other.kind]
        below = near and sum(near) / len(near) > point.value > _LOW * top
        sides[point.year] = "bottom center" if below else "top center"
    return sides


def break_lines(breaks: Mapping[int, str], highest: float, lang: str) -> Iterator[dict[str, Any]]:
    """Draw a dashed line before each year that is not quite like those before it."""
    top = (highest or 1) * _HEADROOM
    for i, (year, reasons) in enumerate(breaks.items()):
        yield {
            "type": "scatter",
            "x": [year - 0.5] * 3,
            "y": [0, top / 2, top],
            "mode": "lines",
            "name": say("break", lang),
            "line": {"color": GREY, "width": 1.5, "dash": "dash"},
            "legendgroup": "break",
            "customdata": [wrap(reasons, 60)] * 3,
            "hovertemplate": "%{customdata}<extra></extra>",
            "showlegend": not i,
        }


def _axes(known: Sequence[_Told], top: float, unit: str, lang: str) -> dict[str, Any]:
    title = as_text(say(f"unit.{unit}", lang)) if unit else ""
    return {
        "xaxis": year_axis(point.year for point in known),
        "yaxis": height_axis(title, top, whole=unit != "percent"),
    }


def height_axis(title: str, top: float, *, whole: bool) -> dict[str, Any]:
    """Begin at zero; whole numbers, up to a small one, have a tick each."""
    axis = {"rangemode": "tozero", "tickformat": ",d" if whole else ",~r", "title": {"text": title}}
    return axis | {"dtick": 1} if whole and top <= _SMALL_COUNT else axis


def year_axis(years: Iterable[int]) -> dict[str, Any]:
    """Name each year that has a figure, clear of a marker that lies on the axis."""
    named = sorted(set(years))
    return {
        "tickvals": named,
        "ticktext": [str(year) for year in named],
        "showgrid": False,
    } | CLEAR


def _text(
    points: Sequence[_Told], breaks: Mapping[int, str], name: str, lang: str
) -> dict[str, Any]:
    """Write the points and the breaks as text."""
    rows = []
    for point in points:
        kind = say(f"status.{point.kind}", lang) if point.kind else ""
        remarks = "; ".join(filter(None, [kind, breaks.get(point.year, "")]))
        rows.append((point.period, point.label, remarks))
    items = (f"{point.period}: {point.label}" for point in _main([p for p in points if p.kind]))
    alt = line_told(points[0].year, points[-1].year, items, breaks, lang)
    columns = [say("column.period", lang), name, say("column.remarks", lang)]
    return told(alt, columns, rows)


def _main(known: list[_Told]) -> list[_Told]:
    """Return all points, or of many the ends, the least and the greatest."""
    if len(known) <= _MOST_ITEMS:
        return known
    least, most = min(known, key=_value), max(known, key=_value)
    return [point for point in known if point in {known[0], least, most, known[-1]}]


def _value(point: _Told) -> float:
    return point.value


def _title(changes: pd.DataFrame, place: str, indicator: str, span: str, lang: str) -> str:
    name = label_place(place, lang=lang, table=changes)
    if changes.empty:
        label = label_indicator(indicator, lang=lang, table=changes)
        return say("title.nothing", lang, place=name, subject=label)
    last = changes.iloc[-1]
    period = label_span(span, int(last["year"]), lang=lang, table=changes)
    sentence = label_comparison(last, lang=lang, notes=False)
    return say("title.trend", lang, place=name, period=period, sentence=sentence)
