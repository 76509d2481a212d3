"""One indicator of several places over the years, in one chart."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from petitionlib.changes import year_over_year
from petitionlib.charts.template import (
    BLUE,
    GREY,
    ORANGE,
    as_text,
    base_layout,
    empty_figure,
    line_told,
    told,
    wrap,
)
from petitionlib.charts.trend import SYMBOLS, break_lines, longest_span, points_of
from petitionlib.codebook import check_known, entries
from petitionlib.labels import (
    MISSING,
    label_figure,
    label_indicator,
    label_number,
    label_place,
    label_span,
    unit_of,
)
from petitionlib.readings.breaks import label_breaks
from petitionlib.words import say

__all__ = ["plot_trends", "trends_numbers"]

# Okabe and Ito's colours, the darkest first; then the same with broken lines.
_COLOURS: Final = (BLUE, ORANGE, "#009E73", "#AA4499", "#B8860B", "#56B4E9")
_DASHES: Final = ("solid", "dash", "dot")
_MOST_SILENT: Final = 3  # named one by one
_IN_A_LINE: Final = 3  # names in a line of the legend
_LEGEND_LINE: Final = 22


def trends_numbers(
    table: pd.DataFrame,
    places: Sequence[str],
    indicator: str,
    *,
    span: str | None = None,
    percent: bool = False,
) -> pd.DataFrame:
    """Return the points of several trends, those of `trend_numbers` for each place in turn.

    Columns: `place`, those of `trend_numbers`, `drawn` (the height of the point: the value, or if
    `percent` the value in percent of the base) and `base_year` (missing if not `percent`). The
    base is the first year in which every place that has figures has one above 0; where there is no
    such year, the first of each place. Rates are drawn as they are: a percentage of a rate
    misleads.
    """
    span = span or _longest_span(table, places, indicator)
    return _points(_compared(table, places, indicator, span), indicator, percent=percent)


def _compared(
    table: pd.DataFrame, places: Sequence[str], indicator: str, span: str
) -> pd.DataFrame:
    """Compare the rows of all places at once, and put them into the order of the places."""
    for place in places:
        check_known(table, place=place, indicator=indicator, span=span)
    here = table["place"].isin(list(places)) & (table["indicator"] == indicator)
    changes = year_over_year(table[here & (table["span"] == span)])
    order = list(dict.fromkeys(places))
    ranks = changes["place"].astype("str").map(order.index)
    return changes.iloc[ranks.argsort(kind="stable")]


def _points(changes: pd.DataFrame, indicator: str, *, percent: bool) -> pd.DataFrame:
    """Return the points of all places, and how high each is drawn."""
    points = points_of(changes)
    if not percent or unit_of(indicator, changes) == "percent":
        return points.assign(drawn=points["value"], base_year=float("nan"))
    base_years = points["place"].map(_base_years(points))
    bases = points.set_index(["place", "year"])["value"]
    pairs = pd.MultiIndex.from_arrays([points["place"], base_years])
    base = bases.reindex(pairs).to_numpy()
    return points.assign(drawn=100 * points["value"] / base, base_year=base_years)


def _base_years(points: pd.DataFrame) -> dict[str, int]:
    """Return the first year that all places share, for each place; else its own first one."""
    above = points[points["value"] > 0]
    years = {str(place): {int(y) for y in rows["year"]} for place, rows in above.groupby("place")}
    common = set.intersection(*years.values()) if years else set()
    return {place: min(common or own) for place, own in years.items()}


def _longest_span(table: pd.DataFrame, places: Sequence[str], indicator: str) -> str:
    """Return the span of which most figures of the places are published."""
    here = table[table["place"].isin(list(places))]
    single = here.assign(place="", year=here.groupby(["place", "year"], observed=True).ngroup())
    return longest_span(single, "", indicator)


def plot_trends(
    table: pd.DataFrame,
    places: Sequence[str],
    indicator: str,
    *,
    span: str | None = None,
    percent: bool = False,
    lang: str = "en",
) -> go.Figure:
    """Draw an indicator of several places over the years, a line each; gaps stay gaps.

    Takes a tidy table (`read_tables`), places, an indicator and a span of the codebook; without a
    span, the one that has most figures. If `percent`, counts are drawn in percent of the first
    year that all of them share, so that a province can be seen beside the country; rates are drawn
    as they are. Figures that were derived, provisional, revised or approximate have markers of
    their own. Returns the figure and does not show it; where nothing was published the figure says
    so. Raises `DataNotFoundError` for a code that neither table nor codebook knows, `ValueError`
    without a place.

    >>> from petitionlib import read_tables
    >>> places = ["viet-nam", "can-tho"]
    >>> figure = plot_trends(read_tables(), places, "reception.visits", span="Y")
    >>> figure.layout.title.text
    'Visits received, 2012–2023: 2 places'
    """
    if not places:
        message = "no place to draw; name at least one"
        raise ValueError(message)
    span = span or _longest_span(table, places, indicator)
    compared = _compared(table, places, indicator, span)
    points = _points(compared, indicator, percent=percent)
    title = _title(points, table, places, indicator, span, lang)
    if points.empty:
        return empty_figure(title, lang=lang)
    breaks = _breaks(compared, points, indicator, span, lang)
    drawn = (indicator, span, lang)
    lines = [
        part
        for order, (place, rows) in enumerate(points.groupby("place", sort=False))
        for part in _line(rows, str(place), order, drawn, table)
    ]
    published = set(points["place"])
    lines += _silent([place for place in places if place not in published], table, lang)
    lines += break_lines(points.assign(value=points["drawn"]), breaks, lang)
    lines += _kinds(set(points["kind"]) - {"final", ""}, lang)
    layout = base_layout(title, lang=lang) | _axes(points, unit_of(indicator, table), lang)
    layout["legend"] = {"tracegroupgap": 0}
    layout["height"] += _LEGEND_LINE * (_legend_lines(lines) - 1)
    layout["meta"] = _text(points, breaks, drawn, table)
    return go.Figure(lines, layout)


def _legend_lines(traces: Sequence[Mapping[str, Any]]) -> int:
    """Return how many lines the legend takes, which would else be taken from the chart."""
    named = sum(bool(trace.get("showlegend", True)) for trace in traces)
    return -(-named // _IN_A_LINE)


def _breaks(
    compared: pd.DataFrame,
    points: pd.DataFrame,
    indicator: str,
    span: str,
    lang: str,
) -> dict[int, str]:
    """Say what changed before a year of any of the series."""
    found: dict[int, str] = {}
    for place, own in points.groupby("place", sort=False):
        rows = compared[compared["place"] == place]
        found |= label_breaks(rows, indicator, span, own["year"].tolist(), lang=lang)
    return dict(sorted(found.items()))


def _axes(points: pd.DataFrame, unit: str, lang: str) -> dict[str, Any]:
    years = sorted(set(points.loc[points["value"].notna(), "year"].astype(int)))
    based = points["base_year"].notna().any()
    return {
        "xaxis": {
            "tickvals": years,
            "ticktext": [str(year) for year in years],
            "showgrid": False,
        },
        "yaxis": {
            "rangemode": "tozero",
            "tickformat": ",~r" if based or unit == "percent" else ",d",
            "ticksuffix": " %" if based else "",
            "title": {"text": wrap(_axis(points, unit, lang))},
        },
    }


def _line(
    rows: pd.DataFrame,
    place: str,
    order: int,
    drawn: tuple[str, str, str],
    table: pd.DataFrame,
) -> Iterator[dict[str, Any]]:
    """Draw the line of a place, each point with the marker of its kind."""
    indicator, span, lang = drawn
    colour = _COLOURS[order % len(_COLOURS)]
    dash = _DASHES[order // len(_COLOURS) % len(_DASHES)]
    name = label_place(place, lang=lang, table=table)
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": as_text(name),
        "legendgroup": place,
        "line": {"color": colour, "width": 2, "dash": dash},
    }
    marker = {"color": colour, "size": 10, "line": {"color": colour, "width": 2}}
    symbols = [SYMBOLS.get(kind, "circle") for kind in rows["kind"]]
    yield line | {
        "x": rows["year"].astype(int).tolist(),
        "y": [None if pd.isna(height) else round(float(height), 4) for height in rows["drawn"]],
        "marker": marker | {"symbol": symbols},
        "showlegend": symbols[0] == "circle",  # plotly's legend takes the first marker
        "customdata": [
            as_text(f"{name}, {_told(row, indicator, span, lang, table)}")
            for _, row in rows.iterrows()
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if symbols[0] != "circle":
        yield line | {"x": [None], "y": [None], "marker": marker, "hoverinfo": "skip"}


def _told(row: pd.Series, indicator: str, span: str, lang: str, table: pd.DataFrame) -> str:
    """Write what a point shows: period, figure, its kind if not final, and percent of the base."""
    if not row["kind"]:
        return ""
    unit = unit_of(indicator, table)
    value = label_figure(row["value"], unit, decimals=row["decimals"], lang=lang)
    text = f"{label_span(span, int(row['year']), lang=lang, table=table)}: {value}"
    if row["kind"] != "final":
        kind = say(f"status.{row['kind']}", lang)
        text += f" ({kind})"
    if pd.notna(row["base_year"]) and pd.notna(row["drawn"]):
        share = label_number(row["drawn"], lang, 1, 1)
        text += f"; {say('trends.of_base', lang, percent=share, year=int(row['base_year']))}"
    return text


def _silent(places: Sequence[str], table: pd.DataFrame, lang: str) -> Iterator[dict[str, Any]]:
    """Name the places of which nothing was published in the legend; of many, their number."""
    names = [label_place(place, lang=lang, table=table) for place in dict.fromkeys(places)]
    if len(names) > _MOST_SILENT:
        names = [say("counted.places", lang, count=len(names))]
    for name in names:
        yield {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "lines",
            "hoverinfo": "skip",
            "name": as_text(f"{name}: {say('not_published', lang)}"),
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
    points: pd.DataFrame,
    breaks: dict[int, str],
    drawn: tuple[str, str, str],
    table: pd.DataFrame,
) -> dict[str, Any]:
    """Write the points as text, a row a year and a column a place."""
    indicator, span, lang = drawn
    unit = unit_of(indicator, table)
    places = list(dict.fromkeys(points["place"]))
    labels = {
        (row["place"], row["year"]): label_figure(
            row["value"], unit, decimals=row["decimals"], lang=lang
        )
        for _, row in points.iterrows()
    }
    years = sorted(set(points.loc[points["value"].notna(), "year"].astype(int)))
    names = [label_place(place, lang=lang, table=table) for place in places]
    rows = [
        (
            label_span(span, year, lang=lang, table=table),
            *(labels.get((place, year), MISSING) for place in places),
        )
        for year in years
    ]
    ends = points[points["value"].notna()].groupby("place", sort=False).tail(1)
    items = (
        f"{label_place(row['place'], lang=lang, table=table)}, {labels[row['place'], row['year']]}"
        f" ({int(row['year'])})"
        for _, row in ends.iterrows()
    )
    alt = line_told(years[0], years[-1], items, breaks, lang)
    return told(alt, [say("column.period", lang), *names], rows)


def _axis(points: pd.DataFrame, unit: str, lang: str) -> str:
    bases = set(points["base_year"].dropna().astype(int))
    if not bases:
        return say(f"unit.{unit}", lang) if unit else ""
    key = "trends.base" if len(bases) == 1 else "trends.own_base"
    return say(key, lang, year=min(bases))


def _title(
    points: pd.DataFrame,
    table: pd.DataFrame,
    places: Sequence[str],
    indicator: str,
    span: str,
    lang: str,
) -> str:
    subject = label_indicator(indicator, lang=lang, table=table)
    if span != "Y":
        known = entries("spans", table).get(span, {}).get(f"label_{lang}", span)
        subject += f", {known[:1].lower()}{known[1:]}"
    drawn = len(set(points["place"])) or len(places)
    count = say("counted.places" + ".one" * (drawn == 1), lang, count=drawn)
    if points.empty:
        return say("title.nothing", lang, place=count, subject=subject)
    first, last = int(points["year"].min()), int(points["year"].max())
    years = f"{first}–{last}" if first < last else str(first)
    return say("title.trends", lang, subject=subject, years=years, places=count)
