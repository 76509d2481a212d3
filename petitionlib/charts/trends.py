"""One indicator of several places over the years, in one chart."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from petitionlib.charts.alt_text import line_told, told
from petitionlib.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    as_figure,
    as_text,
    base_layout,
    empty_figure,
    wrap,
)
from petitionlib.charts.trend import (
    KINDS,
    SYMBOLS,
    Point,
    Years,
    break_lines,
    compare_span,
    height_axis,
    points_of,
    year_axis,
)
from petitionlib.codebook.arguments import as_codes, check_is_tidy, check_known
from petitionlib.text.breaks import label_breaks_before
from petitionlib.text.names import (
    label_indicator,
    label_place,
    label_span,
    place_names,
    span_name,
    unit_of,
)
from petitionlib.text.numbers import MISSING, label_figure, label_number
from petitionlib.words import say

__all__ = ["plot_trends", "trends_numbers"]

# Okabe and Ito's colours, the darkest first, and three of Tol's; then the same with broken lines.
_COLOURS: Final = (
    BLUE, ORANGE, "#009E73", "#AA4499", "#B8860B", "#56B4E9", "#332288", "#CC6677", "#882255",
)  # fmt: skip
_DASHES: Final = ("solid", "dash", "dot")
_MOST_NAMED: Final = 3  # places without a line
_IN_A_LINE: Final = 3  # names in a line of the legend
_LEGEND_LINE: Final = 22


def trends_numbers(
    table: pd.DataFrame,
    places: str | Sequence[str],
    indicator: str,
    *,
    span: str | None = None,
    years: Years | None = None,
    percent: bool = False,
) -> pd.DataFrame:
    """Return the points of several trends, those of `trend_numbers` for each place in turn.

    Columns: `place`, those of `trend_numbers`, `drawn` (the height of the point: the value, or if
    `percent` the value in percent of the base) and `base_year` (missing if not `percent`). The
    base is the first year in which every place that has figures has one above 0; where there is no
    such year, the first of each place. Rates are drawn as they are: a percentage of a rate
    misleads.
    """
    places = as_codes(places)
    _, compared = _compared(table, places, indicator, span)
    points = _points(compared, places, indicator, years, percent=percent)
    rows = [point for line in points.values() for point in line]
    kinds = KINDS | {"drawn": "float64", "base_year": "float64"}
    return pd.DataFrame(rows, columns=_Point._fields).astype(kinds)


class _Point(NamedTuple):
    """A year of a trend, how high it is drawn, and in percent of which year, if of any."""

    place: str
    year: int
    value: float
    kind: str
    decimals: Any
    drawn: float
    base_year: int | None


_Lines = Mapping[str, Sequence[_Point]]  # by place


def _compared(
    table: pd.DataFrame, places: Sequence[str], indicator: str, span: str | None
) -> tuple[str, pd.DataFrame]:
    """Compare the rows of all places at once; without a span, of the one of most figures."""
    check_is_tidy(table)
    check_known(table, indicator=indicator, **({"span": span} if span else {}))
    for place in places:
        check_known(table, place=place)
    here = table["place"].isin(places) & (table["indicator"] == indicator)
    return compare_span(table, here, span)


def _points(
    changes: pd.DataFrame,
    places: Sequence[str],
    indicator: str,
    years: Years | None,
    *,
    percent: bool,
) -> _Lines:
    """Return the points of each place that has any, in the order of the places."""
    points = points_of(changes, years)
    own = {place: list(rows) for place, rows in groupby(points, attrgetter("place"))}
    found = {place: own[place] for place in places if place in own}
    if not percent or unit_of(indicator, changes) == "percent":
        return {
            place: [_Point(*point, point.value, None) for point in line]
            for place, line in found.items()
        }
    bases = _bases(found)
    return {place: _in_percent(line, bases.get(place)) for place, line in found.items()}


def _in_percent(line: Sequence[Point], base: Point | None) -> list[_Point]:
    """Measure a line in percent of its base; one that is never above 0 has none."""
    if base is None:
        return [_Point(*point, math.nan, None) for point in line]
    return [_Point(*point, 100 * point.value / base.value, base.year) for point in line]


def _bases(lines: Mapping[str, Sequence[Point]]) -> dict[str, Point]:
    """Return the point of the first year that all places share; else of its own first one."""
    above = {place: {p.year: p for p in line if p.value > 0} for place, line in lines.items()}
    above = {place: points for place, points in above.items() if points}
    common = set.intersection(*map(set, above.values())) if above else set()
    return {place: points[min(common or points)] for place, points in above.items()}


def plot_trends(
    table: pd.DataFrame,
    places: str | Sequence[str],
    indicator: str,
    *,
    span: str | None = None,
    years: Years | None = None,
    percent: bool = False,
    lang: str = "en",
) -> go.Figure:
    """Draw an indicator of several places over the years, a line each; gaps stay gaps.

    Takes a tidy table (`read_tables`), places, an indicator and a span of the codebook; without a
    span, the one that has most figures. With `years`, the first and the last that are wanted, no
    others are drawn. If `percent`, counts are drawn in percent of the first year that all of them
    share, or each of its own first year where they share none, so that a province can be seen
    beside the country; rates are drawn as they are. Figures that were derived, provisional, revised
    or approximate have markers of their own. Returns the figure and does not show it; where nothing
    was published the figure says so. Raises `DataNotFoundError` for a code that neither table nor
    codebook knows, `ValueError` without a place.

    >>> from petitionlib import read_tables
    >>> places = ["viet-nam", "can-tho"]
    >>> figure = plot_trends(read_tables(), places, "reception.visits", span="Y")
    >>> figure.layout.title.text
    'Visits received, 2012–2023: 2 places'
    """
    places = as_codes(places)
    if not places:
        message = "no place to draw; name at least one"
        raise ValueError(message)
    span, compared = _compared(table, places, indicator, span)
    points = _points(compared, places, indicator, years, percent=percent)
    title = _title(points, table, places, indicator, span, lang)
    if not points:
        return empty_figure(title, lang=lang)
    later = {point.year for line in points.values() for point in line[1:]}
    breaks = label_breaks_before(compared, indicator, span, later, lang=lang)
    names = place_names(places, lang=lang, table=table)
    shown = _labelled(points, indicator, span, lang, table)
    lined = {place: line for place, line in points.items() if any(map(_is_drawn, line))}
    lines = [
        part
        for order, (place, line) in enumerate(lined.items())
        for part in _line(line, names[place], shown, order, lang)
    ]
    flat = [names[place] for place in points if place not in lined]
    lines += _without_line(flat, say("trends.no_base", lang), lang)
    silent = [names[place] for place in places if place not in points]
    lines += _without_line(silent, say("ranking.not_published", lang), lang)
    drawn = [point for line in lined.values() for point in line if _is_drawn(point)]
    top = max((point.drawn for point in drawn), default=0)
    lines += break_lines(breaks, top, lang)
    lines += _kinds({point.kind for point in drawn} - {"final"}, lang)
    known = [point for line in points.values() for point in line if point.kind]
    layout = base_layout(title, lang=lang) | _axes(known, top, unit_of(indicator, table), lang)
    layout["legend"] = {"tracegroupgap": 0}
    layout["height"] += _LEGEND_LINE * (_legend_lines(lines) - 1)
    layout["meta"] = _text(points, names, shown, breaks, lang)
    if silent:
        alt, listed = layout["meta"]["alt"], ", ".join(silent)
        layout["meta"]["alt"] = say("alt.silent", lang, alt=alt, places=listed)
    return as_figure(lines, layout)


def _legend_lines(traces: Sequence[Mapping[str, Any]]) -> int:
    """Return how many lines the legend takes, which would else be taken from the chart."""
    named = sum(bool(trace.get("showlegend", True)) for trace in traces)
    return -(-named // _IN_A_LINE)


def _is_drawn(point: _Point) -> bool:
    return not math.isnan(point.drawn)


def _axes(known: Sequence[_Point], top: float, unit: str, lang: str) -> dict[str, Any]:
    bases = {point.base_year for point in known if point.base_year is not None}
    heights = height_axis(
        wrap(_axis(bases, unit, lang)), top, whole=not bases and unit != "percent"
    )
    return {
        "xaxis": year_axis(point.year for point in known),
        "yaxis": heights | {"ticksuffix": " %" if bases else ""},
    }


class _Shown(NamedTuple):
    """What a point says of its period and its figure."""

    period: str
    figure: str


_Labels = Mapping[tuple[str, int], _Shown]  # by place and year


def _labelled(points: _Lines, indicator: str, span: str, lang: str, table: pd.DataFrame) -> _Labels:
    """Write the period and the figure of each point; a gap's is a dash."""
    unit = unit_of(indicator, table)
    return {
        (point.place, point.year): _Shown(
            label_span(span, point.year, lang=lang, table=table),
            label_figure(point.value, unit, decimals=point.decimals, lang=lang),
        )
        for line in points.values()
        for point in line
    }


def _line(
    points: Sequence[_Point], name: str, shown: _Labels, order: int, lang: str
) -> Iterator[dict[str, Any]]:
    """Draw the line of a place, each point with the marker of its kind."""
    colour = _COLOURS[order % len(_COLOURS)]
    dash = _DASHES[order // len(_COLOURS) % len(_DASHES)]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": as_text(name),
        "legendgroup": points[0].place,
        "line": {"color": colour, "width": 2, "dash": dash},
    }
    marker = {"color": colour, "size": 10, "line": {"color": colour, "width": 2}}
    symbols = [SYMBOLS.get(point.kind, "circle") for point in points]
    yield line | {
        "x": [point.year for point in points],
        "y": [None if math.isnan(point.drawn) else round(point.drawn, 4) for point in points],
        "marker": marker | {"symbol": symbols},
        "cliponaxis": False,
        "showlegend": symbols[0] == "circle",  # plotly's legend takes the first marker
        "customdata": [as_text(f"{name}, {_told(point, shown, lang)}") for point in points],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if symbols[0] != "circle":
        yield line | {"x": [None], "y": [None], "marker": marker, "hoverinfo": "skip"}


def _told(point: _Point, shown: _Labels, lang: str) -> str:
    """Write what a point shows: period, figure, its kind if not final, and percent of the base."""
    if not point.kind:
        return ""
    text = ": ".join(shown[point.place, point.year])
    if point.kind != "final":
        kind = say(f"status.{point.kind}", lang)
        text += f" ({kind})"
    if point.base_year is not None:
        share = label_number(point.drawn, lang, 1, 1)
        text += f"; {say('trends.of_base', lang, percent=share, year=point.base_year)}"
    return text


def _without_line(names: Sequence[str], why: str, lang: str) -> Iterator[dict[str, Any]]:
    """Name the places that have no line in the legend; of many, their number."""
    if len(names) > _MOST_NAMED:
        names = [say("counted.places", lang, count=len(names))]
    for name in names:
        yield {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "lines",
            "hoverinfo": "skip",
            "name": as_text(f"{name}: {why}"),
            "line": {"color": "rgba(0,0,0,0)"},
        }


def _kinds(kinds: set[str], lang: str) -> Iterator[dict[str, Any]]:
    """Explain the markers of points that are not final in the legend."""
    for kind in [kind for kind in SYMBOLS if kind in kinds]:
        yield {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "markers",
            "name": say(f"status.{kind}", lang),
            "hoverinfo": "skip",
            "marker": {
                "symbol": SYMBOLS[kind],
                "color": GREY,
                "size": 10,
                "line": {"color": GREY, "width": 2},
            },
        }


def _text(
    points: _Lines,
    names: Mapping[str, str],
    shown: _Labels,
    breaks: Mapping[int, str],
    lang: str,
) -> dict[str, Any]:
    """Write the points as text, a row a year and a column a place."""
    ends = [[point for point in line if point.kind][-1] for line in points.values()]
    drawn = [point for line in points.values() for point in line if point.kind]
    periods = {point.year: shown[point.place, point.year].period for point in drawn}
    rows = [
        (periods[year], *(_figure(shown, place, year) for place in points))
        for year in sorted(periods)
    ]
    items = (
        f"{names[end.place]}, {shown[end.place, end.year].figure} ({end.year})" for end in ends
    )
    alt = line_told(min(periods), max(periods), items, breaks, lang)
    return told(alt, [say("column.period", lang), *map(names.__getitem__, points)], rows)


def _figure(shown: _Labels, place: str, year: int) -> str:
    return shown[place, year].figure if (place, year) in shown else MISSING


def _axis(bases: set[int], unit: str, lang: str) -> str:
    if not bases:
        return say(f"unit.{unit}", lang) if unit else ""
    key = "trends.base" if len(bases) == 1 else "trends.own_base"
    return say(key, lang, year=min(bases))


def _title(
    points: _Lines,
    table: pd.DataFrame,
    places: Sequence[str],
    indicator: str,
    span: str,
    lang: str,
) -> str:
    subject = label_indicator(indicator, lang=lang, table=table)
    if span != "Y":
        subject += f", {span_name(span, lang=lang, table=table)}"
    drawn = list(points or places)
    count = say("counted.places", lang, count=len(drawn))
    if len(drawn) == 1:
        count = label_place(drawn[0], lang=lang, table=table)
    if not points:
        return say("title.nothing", lang, place=count, subject=subject)
    years = [point.year for line in points.values() for point in line]
    first, last = min(years), max(years)
    span_of_years = f"{first}–{last}" if first < last else str(first)
    return say("title.trends", lang, subject=subject, years=span_of_years, places=count)
