"""One indicator of one place over the years."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
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
from petitionlib.codebook import check_known, entries
from petitionlib.labels import label_figure, label_indicator, label_place, label_span, unit_of
from petitionlib.readings.breaks import label_breaks
from petitionlib.readings.comparisons import label_comparison
from petitionlib.words import say

__all__ = ["SYMBOLS", "break_lines", "plot_trend", "points_of", "trend_numbers"]

_SMALL_COUNT: Final = 5  # up to here each whole number has its tick
_FEW_POINTS: Final = 6  # so many have room for their numbers beside them, even on a phone
_MOST_ITEMS: Final = 8
_HEADROOM: Final = 1.1
_MARKERS: Final = {
    "final": ("circle", BLUE),
    "r": ("square", BLUE),
    "derived": ("circle-open", BLUE),
    "p": ("diamond-open", ORANGE),
    "e": ("x-thin-open", GREY),
}
SYMBOLS: Final = {kind: symbol for kind, (symbol, _) in _MARKERS.items()}


def trend_numbers(
    table: pd.DataFrame, place: str, indicator: str, *, span: str | None = None
) -> pd.DataFrame:
    """Return the points of a trend, one a year from the first to the last, gaps included.

    Without a span: the one that has figures for most years, the reporting year before others.

    Columns: `year`, `value` (missing in a gap), `kind` (`final`, `p`, `r`, `e` as in the status
    column, `derived` for a figure that follows from the change published a year later, blank in a
    gap) and `decimals` (as printed; missing for derived figures and gaps).
    """
    return points_of(_changes(table, place, indicator, span)).drop(columns="place")


def _changes(table: pd.DataFrame, place: str, indicator: str, span: str | None) -> pd.DataFrame:
    check_known(table, place=place, indicator=indicator, **({"span": span} if span else {}))
    span = span or longest_span(table, place, indicator)
    here = (table["place"] == place) & (table["indicator"] == indicator) & (table["span"] == span)
    return year_over_year(table[here])


def points_of(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the points of trends, as `trend_numbers` does, from the comparisons of their rows.

    Takes rows of one indicator and span, sorted by place; has `place` before those columns.
    """
    names = ("place", "year", "value", "status", "basis", "previous")
    columns = [changes[name].tolist() for name in names]
    columns.append(
        changes["decimals"].tolist() if "decimals" in changes else [pd.NA] * len(changes)
    )
    rows: list[tuple[Any, ...]] = []
    for place, own in groupby(zip(*columns, strict=True), key=itemgetter(0)):
        rows += ((place, *point) for point in _points(own))
    points = pd.DataFrame(rows, columns=["place", "year", "value", "kind", "decimals"])
    kinds = {"place": "str", "year": "int64", "value": "float64", "kind": "str", "decimals": "Int8"}
    return points.astype(kinds)


def _points(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, float, str, Any]]:
    """Return year, value, kind and decimals from the first year to the last."""
    found: dict[int, tuple[float, str, Any]] = {}
    for _, year, value, status, basis, previous, decimals in rows:
        if basis == "derived":
            found[year - 1] = (previous, "derived", pd.NA)
        found[year] = (value, status or "final", decimals)
    for year in range(min(found), max(found) + 1):
        yield (year, *found.get(year, (float("nan"), "", pd.NA)))


def longest_span(table: pd.DataFrame, place: str, indicator: str) -> str:
    """Return the span of which most years are published; of equals the first of the codebook."""
    here = table[(table["place"] == place) & (table["indicator"] == indicator)]
    years = here[here["value"].notna()].groupby("span", observed=True)["year"].nunique()
    order = list(entries("spans", table))
    ranked = sorted(
        years.items(), key=lambda item: (-item[1], order.index(item[0]) if item[0] in order else 99)
    )
    return str(ranked[0][0]) if ranked else "Y"


def plot_trend(
    table: pd.DataFrame,
    place: str,
    indicator: str,
    *,
    span: str | None = None,
    lang: str = "en",
) -> go.Figure:
    """Draw an indicator of a place over the years; gaps stay gaps.

    Takes a tidy table (`read_tables`), a place, an indicator and a span of the codebook; without
    a span, the one that has figures for most years, the reporting year before others. Figures that
    were derived, provisional, revised or approximate have markers of their own. The title states
    the latest change. Returns the figure and does not show it; where nothing was published
    the figure says so. Raises `DataNotFoundError` for a code that neither table nor codebook knows.

    >>> from petitionlib import read_tables
    >>> figure = plot_trend(read_tables(), "can-tho", "petitions.received")
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2023. Petitions received: 2,917 petitions, down 191 (−6.1 %) on 2022.'
    """
    span = span or longest_span(table, place, indicator)
    changes = _changes(table, place, indicator, span)
    points = points_of(changes)
    unit = unit_of(indicator, table)
    title = _title(changes, place, indicator, span, lang)
    if points.empty:
        return empty_figure(title, lang=lang)
    labels = [
        label_figure(value, unit, decimals=decimals, lang=lang)
        for value, decimals in zip(points["value"], points["decimals"], strict=True)
    ]
    periods = [label_span(span, year, lang=lang, table=table) for year in points["year"]]
    points = points.assign(label=labels, period=periods)
    breaks = label_breaks(changes, indicator, span, points["year"].tolist(), lang=lang)
    name = label_indicator(indicator, lang=lang, table=table)
    layout = base_layout(title, lang=lang) | _axes(points, unit, lang)
    layout["meta"] = _told(points, breaks, name, lang)
    return go.Figure([*_lines(points, lang), *break_lines(points, breaks, lang)], layout)


def _lines(points: pd.DataFrame, lang: str) -> Iterator[dict[str, Any]]:
    """Draw the line, and on it the points of each kind with their marker."""
    yield {
        "type": "scatter",
        "x": points["year"].tolist(),
        "y": [None if pd.isna(value) else value for value in points["value"]],
        "mode": "lines",
        "line": {"color": BLUE, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    few = points["value"].notna().sum() <= _FEW_POINTS
    for kind, (symbol, colour) in _MARKERS.items():
        these = points[points["kind"] == kind]
        if these.empty:
            continue
        texts = zip(these["period"], these["label"], strict=True)
        yield {
            "type": "scatter",
            "x": these["year"].tolist(),
            "y": these["value"].tolist(),
            "mode": "markers+text" if few else "markers",
            "text": [as_text(label.partition(" ")[0]) for label in these["label"]] if few else None,
            "textposition": "top center",
            "cliponaxis": False,
            "name": say(f"status.{kind}", lang),
            "marker": {
                "symbol": symbol,
                "color": colour,
                "size": 11,
                "line": {"color": colour, "width": 2},
            },
            "customdata": [as_text(f"{period}: {label}") for period, label in texts],
            "hovertemplate": "%{customdata}<extra>%{fullData.name}</extra>",
            "showlegend": True,
        }


def break_lines(
    points: pd.DataFrame, breaks: Mapping[int, str], lang: str
) -> Iterator[dict[str, Any]]:
    """Draw a dashed line before each year that is not quite like those before it."""
    top = points["value"].max() * _HEADROOM
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


def _axes(points: pd.DataFrame, unit: str, lang: str) -> dict[str, Any]:
    known = points.loc[points["value"].notna(), "year"].tolist()
    ticks = {"tickvals": known, "ticktext": [str(year) for year in known], "showgrid": False}
    heights: dict[str, Any] = {
        "rangemode": "tozero",
        "tickformat": ",~r" if unit == "percent" else ",d",
        "title": {"text": as_text(say(f"unit.{unit}", lang)) if unit else ""},
    }
    if unit != "percent" and points["value"].max() <= _SMALL_COUNT:
        heights |= {"dtick": 1}
    return {"xaxis": ticks, "yaxis": heights}


def _told(points: pd.DataFrame, breaks: Mapping[int, str], name: str, lang: str) -> dict[str, Any]:
    """Write the points and the breaks as text."""
    kinds = [say(f"status.{kind}", lang) if kind else "" for kind in points["kind"]]
    why = [breaks.get(year, "") for year in points["year"]]
    remarks = ["; ".join(filter(None, both)) for both in zip(kinds, why, strict=True)]
    rows = list(zip(points["period"], points["label"], remarks, strict=True))
    known = points[points["value"].notna()]
    if len(known) > _MOST_ITEMS:
        ends = [known.index[0], known["value"].idxmin(), known["value"].idxmax(), known.index[-1]]
        known = known.loc[sorted(set(ends))]
    items = (f"{p}: {label}" for p, label in zip(known["period"], known["label"], strict=True))
    first, last = points["year"].iloc[0], points["year"].iloc[-1]
    alt = line_told(first, last, items, breaks, lang)
    columns = [say("column.period", lang), name, say("column.remarks", lang)]
    return told(alt, columns, rows)


def _title(changes: pd.DataFrame, place: str, indicator: str, span: str, lang: str) -> str:
    name = label_place(place, lang=lang, table=changes)
    if changes.empty:
        label = label_indicator(indicator, lang=lang, table=changes)
        return say("title.nothing", lang, place=name, subject=label)
    last = changes.iloc[-1]
    period = label_span(span, int(last["year"]), lang=lang, table=changes)
    sentence = label_comparison(last, lang=lang, notes=False)
    return say("title.trend", lang, place=name, period=period, sentence=sentence)
