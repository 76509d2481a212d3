"""One indicator over the years: of one place, or of several, a line each."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.charts.alt_text import line_alt, meta
from petitionlib.charts.lines import (
    Line,
    Point,
    axes,
    breaks,
    is_drawn,
    kinds,
    lines,
    without_line,
)
from petitionlib.charts.theme import as_figure, as_text, base_layout, empty_figure, wrap
from petitionlib.codebook.arguments import YEARS, as_codes, check_is_tidy, check_known, check_year
from petitionlib.codebook.entries import about, is_rate
from petitionlib.codebook.windows import longest_span
from petitionlib.errors import ArgumentError, DataNotFoundError, said
from petitionlib.tables.frame import records
from petitionlib.text.cautions import breaks_before
from petitionlib.text.numbers import MISSING
from petitionlib.text.text import Text
from petitionlib.words import percent_sign

__all__ = ["plot_trend", "trend_numbers"]

_MOST_ITEMS: Final = 8
_TWO: Final = 2  # figures, from which on there is something to compare
_IN_A_LINE: Final = 3  # names in a line of the legend
_LEGEND_LINE: Final = 22
_KINDS: Final = {
    "place": "str", "year": "int64", "value": "float64", "kind": "str", "decimals": "Int8",
    "drawn": "float64", "base_year": "float64",
}  # fmt: skip

Years = tuple[int, int]  # the first and the last
Points = Mapping[str, Sequence[Point]]  # by place


def trend_numbers(  # as `plot_trend`
    table: pd.DataFrame,
    places: str | Sequence[str],
    indicator: str,
    *,
    span: str | None = None,
    years: Years | None = None,
    percent: bool = False,
) -> pd.DataFrame:
    """Return the points of a trend, place after place, one a year, gaps included.

    Without a span: the one that has figures for most years, of equals the one that goes on longer.
    With `years`, the first and the last that are wanted, no others.

    Columns: `place`, `year`, `value` (missing in a gap), `kind` (`final`, `p`, `r`, `e` as in the
    status column, `derived` for a figure that follows from the change published a year later,
    blank in a gap), `decimals` (as printed; missing for derived figures and gaps), `drawn` (the
    height of the point: the value, or if `percent` the value in percent of the base) and
    `base_year` (missing if not `percent`). The base is the first year in which every place that
    has figures has one above 0; where there is no such year, the first of each place. Rates are
    drawn as they are: a percentage of a rate misleads.
    """
    places = as_codes(places)
    _, changes = _compared(table, places, indicator, span)
    found = _points(changes, places, years, percent=percent and not is_rate(indicator, table))
    points = [point for those in found.values() for point in those]
    return pd.DataFrame(points, columns=Point._fields).astype(_KINDS)


def plot_trend(  # what is drawn, and four options by name
    table: pd.DataFrame,
    places: str | Sequence[str],
    indicator: str | None = None,
    *,
    span: str | None = None,
    years: Years | None = None,
    percent: bool = False,
    text: Text | None = None,
) -> go.Figure:
    """Draw an indicator of a place, or of several, over the years; gaps stay gaps.

    Takes a tidy table (`read_tables`), places, an indicator and a span of the codebook; without an
    indicator, the first that carries a report (`lead`) and has figures there; without a span, the
    one that has figures for most years, of equals the one that goes on longer. With
    `years`, the first and the last that are wanted, no others are drawn; the first is compared
    with the previous year all the same. If `percent`, counts are drawn in percent of the first
    year that all places share, or each of its own first year where they share none; rates are
    drawn as they are. Figures that were derived, provisional, revised or approximate have markers
    of their own. Of one place, the title states the latest change. `text` says in which language.
    Returns the figure and does not show it; one of fewer than two figures compares nothing, and a
    page leaves it out.
    Raises `DataNotFoundError` for a code that neither table nor codebook knows, `ValueError`
    without a place and for what is no first and last year.

    >>> from petitionlib import read_tables
    >>> figure = plot_trend(read_tables(), "can-tho", "petitions.received")
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2023. Petitions received: 2,917 petitions, down 191 (−6.1%) on 2022.'
    >>> figure = plot_trend(read_tables(), ["viet-nam", "can-tho"], "reception.visits", span="Y")
    >>> figure.layout.title.text
    'Visits received, 2012–2024: 2 places'
    """
    text = text or Text(table=table)
    table, places = text.given(table), as_codes(places)
    if not places:
        raise ArgumentError(said("fault.no_place"))
    indicator = indicator or _first_lead(text, table, places, span)
    span, changes = _compared(table, places, indicator, span)
    points = _points(changes, places, years, percent=percent and not is_rate(indicator, table))
    changes = changes[changes["year"].between(*(years or YEARS))]
    named = text.places(places)
    if not points or changes.empty:
        return empty_figure(text, _nothing(text, places, indicator, span))
    unit = text.unit(indicator)
    told = [_line(text, named[place], those, span, unit) for place, those in points.items()]
    title = _latest(text, changes) if len(places) == 1 else _overview(text, told, indicator, span)
    drawn = [line for line in told if any(map(is_drawn, line.points))]
    top = max((p.drawn for line in drawn for p in line.points if is_drawn(p)), default=0)
    later = {point.year for line in told for point in line.points[1:]}
    reasons = breaks_before(text, changes, indicator, span, later)
    flat = [line.name for line in told if line not in drawn]
    silent = [named[place] for place in places if place not in points]
    traces = [
        *lines(text, drawn),
        *without_line(text, flat, text.say("trends.no_base")),
        *without_line(text, silent, text.say("ranking.not_published")),
        *breaks(text, reasons, top),
        *kinds(text, drawn),
    ]
    layout = base_layout(text, title) | _axes(text, told, top, unit)
    layout["legend"] = {"tracegroupgap": 0}
    layout["height"] += _LEGEND_LINE * max(0, _legend_lines(traces) - 1)
    layout["meta"] = _meta(text, told, indicator, reasons, silent)
    compares = sum(bool(point.kind) for line in told for point in line.points) >= _TWO
    return as_figure(traces, layout, compares=compares)


def _first_lead(text: Text, table: pd.DataFrame, places: list[str], span: str | None) -> str:
    """Return the first indicator that carries a report and has figures of the places."""
    check_is_tidy(table)
    here = table["place"].isin(places) & ((table["span"] == span) | (not span))
    found = [*text.leading(table[here]), *text.leading(table)]
    if not found:
        raise DataNotFoundError(said("fault.no_lead"))
    return found[0]


def _compared(
    table: pd.DataFrame, places: Sequence[str], indicator: str, span: str | None
) -> tuple[str, pd.DataFrame]:
    """Compare the rows of all places at once; without a span, of the one of most figures."""
    check_is_tidy(table)
    check_known(table, indicator=indicator, **({"span": span} if span else {}))
    for place in places:
        check_known(table, place=place)
    here = table["place"].isin(places) & (table["indicator"] == indicator)
    span = span or longest_span(table[here])
    return span, year_over_year(table[here & (table["span"] == span)])


def _points(
    changes: pd.DataFrame, places: Sequence[str], years: Years | None, *, percent: bool
) -> Points:
    """Return the points of each place that has any, in the order of the places."""
    wanted = _checked(years or YEARS)
    own = {
        str(place): list(_years(str(place), rows, wanted))
        for place, rows in groupby(records(changes), itemgetter("place"))
    }
    found = {place: own[place] for place in places if own.get(place)}
    if not percent:
        return found
    bases = _bases(found)
    return {place: [_in_percent(p, bases.get(place)) for p in found[place]] for place in found}


def _years(place: str, rows: Iterable[Mapping[str, Any]], wanted: Years) -> Iterator[Point]:
    """Return the points of a place from its first year to its last, of those that are wanted."""
    found: dict[int, Point] = {}
    for row in rows:
        year, base, value = row["year"], row["previous"], row["value"]
        if row["basis"] == "derived":
            found[year - 1] = Point(place, year - 1, base, "derived", pd.NA, base)
        kind = row["status"] or "final"
        found[year] = Point(place, year, value, kind, row.get("decimals", pd.NA), value)
    known = [year for year in found if wanted[0] <= year <= wanted[1]]
    for year in range(min(known), max(known) + 1) if known else ():
        yield found.get(year, Point(place, year, math.nan, "", pd.NA, math.nan))


def _checked(years: Years) -> Years:
    both = list(years) if isinstance(years, Iterable) else []
    for year in both:
        check_year(year)
    if len(both) != len(YEARS) or both[0] > both[1]:
        raise ArgumentError(said("fault.years", found=repr(years)))
    return both[0], both[1]


def _bases(found: Points) -> dict[str, Point]:
    """Return the point of the first year that all places share; else of its own first one."""
    above = {place: {p.year: p for p in those if p.value > 0} for place, those in found.items()}
    above = {place: points for place, points in above.items() if points}
    common = set.intersection(*map(set, above.values())) if above else set()
    return {place: points[min(common or points)] for place, points in above.items()}


def _in_percent(point: Point, base: Point | None) -> Point:
    """Measure a point in percent of its base; a line that is never above 0 has none."""
    if base is None:
        return point._replace(drawn=math.nan)
    return point._replace(drawn=100 * point.value / base.value, base_year=base.year)


def _line(text: Text, name: str, points: Sequence[Point], span: str, unit: str) -> Line:
    """Write the period and the figure of each point; a gap's is a dash."""
    periods = {point.year: text.period(span, point.year) for point in points}
    figures = {
        p.year: text.value_of({"value": p.value, "decimals": p.decimals, "status": p.kind}, unit)
        for p in points
    }
    return Line(name, points, periods, figures)


def _axes(text: Text, told: Sequence[Line], top: float, unit: str) -> dict[str, Any]:
    known = [point for line in told for point in line.points if point.kind]
    bases = {point.base_year for point in known if point.base_year is not None}
    title = as_text(text.unit_of(unit)) if unit and not bases else ""
    if bases:
        key = "trends.base" if len(bases) == 1 else "trends.own_base"
        title = wrap(text.say(key, year=min(bases)))
    made = axes((point.year for point in known), title, top, whole=not bases and unit != "percent")
    made["yaxis"]["ticksuffix"] = percent_sign(text.lang) if bases else ""
    return made


def _legend_lines(traces: Sequence[Mapping[str, Any]]) -> int:
    """Return how many lines the legend takes, which would else be taken from the chart."""
    named = sum(bool(trace.get("showlegend", True)) for trace in traces)
    return -(-named // _IN_A_LINE)


def _meta(
    text: Text, told: Sequence[Line], indicator: str, reasons: Mapping[int, str],
    silent: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """Write the points as text: of one place with remarks, of several a column each."""
    write = _of_one if len(told) == 1 and not silent else _of_several
    items, columns, rows = write(text, told, indicator, reasons)
    years = [p.year for line in told for p in line.points if p.kind]
    alt = line_alt(text, min(years), max(years), items, reasons)
    if silent:
        alt = text.say("alt.silent", alt=alt, places=", ".join(silent))
    return meta(alt, [text.say("column.period"), *columns], rows)


_Written = tuple[list[str], list[str], list[list[str]]]  # items, columns and rows


def _of_one(
    text: Text, told: Sequence[Line], indicator: str, reasons: Mapping[int, str]
) -> _Written:
    (line,) = told
    rows = []
    for point in line.points:
        kind = text.say(f"status.{point.kind}") if point.kind else ""
        remarks = "; ".join(filter(None, [kind, reasons.get(point.year, "")]))
        rows.append([line.periods[point.year], line.figures[point.year], remarks])
    main = _main([point for point in line.points if point.kind])
    items = [f"{line.periods[point.year]}: {line.figures[point.year]}" for point in main]
    return items, [text.indicator(indicator), text.say("column.remarks")], rows


def _of_several(_: Text, told: Sequence[Line], __: str, ___: Mapping[int, str]) -> _Written:
    periods = {p.year: line.periods[p.year] for line in told for p in line.points if p.kind}
    rows = [
        [periods[year], *(line.figures.get(year, MISSING) for line in told)]
        for year in sorted(periods)
    ]
    ends = [(line, [point for point in line.points if point.kind][-1]) for line in told]
    items = [f"{line.name}, {line.figures[end.year]} ({end.year})" for line, end in ends]
    return items, [line.name for line in told], rows


def _main(known: list[Point]) -> list[Point]:
    """Return all points, or of many the ends, the least and the greatest."""
    if len(known) <= _MOST_ITEMS:
        return known
    ordered = sorted(known, key=lambda point: point.value)
    return [point for point in known if point in {known[0], ordered[0], ordered[-1], known[-1]}]


def _latest(text: Text, changes: pd.DataFrame) -> str:
    """State the latest change of one place."""
    last = records(changes)[-1]
    period = text.period(last["span"], last["year"])
    sentence = text.comparison(last, notes=False)
    return text.say(
        "title.trend", place=text.place(last["place"]), period=period, sentence=sentence
    )


def _overview(text: Text, told: Sequence[Line], indicator: str, span: str) -> str:
    """Name what is drawn, the years and the places."""
    years = [point.year for line in told for point in line.points]
    first, last = min(years), max(years)
    count = text.say("counted.places", count=len(told)) if len(told) > 1 else told[0].name
    return text.say(
        "title.trends",
        subject=_subject(text, indicator, span),
        years=f"{first}–{last}" if first < last else str(first),
        places=count,
    )


def _nothing(text: Text, places: Sequence[str], indicator: str, span: str) -> str:
    """Say that nothing was published."""
    if len(places) == 1:
        subject = text.indicator(indicator)
        return text.say("title.nothing", place=text.place(places[0]), subject=subject)
    count = text.say("counted.places", count=len(places))
    return text.say("title.nothing", place=count, subject=_subject(text, indicator, span))


def _subject(text: Text, indicator: str, span: str) -> str:
    name = text.indicator(indicator)
    return name if span == about(text).default_span else f"{name}, {text.span(span)}"
