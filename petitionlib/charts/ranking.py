"""The places of one year side by side, ranked by their change on the year before."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from petitionlib.changes.ranking import is_rate, ranking_numbers, ranking_rows, widest_span
from petitionlib.charts.alt_text import bars_told, told
from petitionlib.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    as_figure,
    as_text,
    bar_label,
    base_layout,
    empty_layout,
    wrap,
)
from petitionlib.codebook.arguments import as_codes
from petitionlib.codebook.record import Record
from petitionlib.text.comparisons import label_comparison
from petitionlib.text.names import unit_of
from petitionlib.text.numbers import label_change_of, label_figure
from petitionlib.text.rankings import DRAWN, label_ranking, ranked_names, ranking_notes
from petitionlib.words import say

__all__ = ["plot_ranking", "ranking_numbers"]

_NOTE_WIDTH: Final = 88
_NOTE_LINE: Final = 19


def plot_ranking(
    table: pd.DataFrame,
    year: int,
    indicator: str,
    *,
    span: str | None = None,
    percent: bool = True,
    places: str | Sequence[str] | None = None,
    lang: str = "en",
) -> go.Figure:
    """Draw the places of a year by their change on the year before, the largest rise on top.

    Takes a tidy table (`read_tables`); which places, span and measure: `ranking_numbers`. A change
    on a base that is zero or small has no bar in percent, only its counts. Above the chart stand
    the places that cannot be compared, each with its figure if there is one, and what makes a
    comparison uncertain. Returns the figure and does not show it; where only one place can be
    compared, or none, there is nothing to rank: the figure says so in its title and has no bars.
    Raises `DataNotFoundError` for a code that is not known. The sample data have no year in which
    two places of one level can be compared.

    >>> from petitionlib import read_tables
    >>> figure = plot_ranking(read_tables(), 2023, "petitions.received")
    >>> figure.layout.title.text.replace("<br>", " ").partition(": ")[2]
    'only Can Tho can be compared with 2022: 2,917 petitions, −191 (−6.1 %)'
    """
    places = None if places is None else as_codes(places)
    span = span or widest_span(table, year, indicator, places=places)
    every = ranking_rows(table, year, indicator, span=span, percent=percent, places=places)
    rows = [row for row in reversed(every) if row["standing"] in DRAWN]
    title = label_ranking(every, year, indicator, span=span, table=table, lang=lang)
    notes = ranking_notes(every, lang=lang)
    if len(rows) <= 1:
        return as_figure([], _with_notes(empty_layout(title, lang=lang), notes))
    names = ranked_names(every, lang)
    in_percent = percent and not is_rate(indicator, table)
    sizes = [row["percent" if in_percent else "absolute_change"] for row in rows]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [None if pd.isna(size) else size for size in sizes],
        "y": [bar_label(names[row["place"]], _change(row, lang)) for row in rows],
        "marker": {"color": [ORANGE if size < 0 else BLUE for size in sizes]},
        "customdata": [wrap(label_comparison(row, lang=lang), 60) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout = _with_notes(base_layout(title, lang=lang, rows=len(rows)), notes)
    layout["xaxis"] |= {
        "ticksuffix": " %" if in_percent else "",
        "zeroline": True,
        "zerolinewidth": 2,
        "title": {"text": as_text(_axis(indicator, table, in_percent=in_percent, lang=lang))},
    }
    layout["meta"] = _told(every, names, notes, lang)
    return as_figure([bars], layout)


def _told(
    rows: Sequence[Record], names: Mapping[str, str], notes: list[str], lang: str
) -> dict[str, Any]:
    """Write every place as text, those that are not drawn with the reason."""
    records = []
    for row in rows:
        unit = unit_of(row["indicator"], row)
        figures = [
            label_figure(row["value"], unit, decimals=row.get("decimals"), lang=lang),
            label_figure(row["previous"], unit, lang=lang),
        ]
        apart = "" if row["standing"] == "ranked" else say(f"ranking.{row['standing']}", lang)
        records.append([names[row["place"]], *figures, _change(row, lang), apart])
    drawn = sum(row["standing"] in DRAWN for row in rows)
    items = (f"{name}: {change}" for name, _, _, change, _ in records[:drawn])
    alt = " ".join([bars_told(items, lang), *notes])
    columns = ("place", "value", "previous", "change", "remarks")
    return told(alt, [say(f"column.{name}", lang) for name in columns], records)


def _axis(indicator: str, table: pd.DataFrame, *, in_percent: bool, lang: str) -> str:
    unit = unit_of(indicator, table)
    if in_percent or not unit:
        return say("axis.change", lang)
    named = say(f"unit.{'points' if unit == 'percent' else unit}", lang)
    return say("axis.change_in", lang, unit=named)


def _change(row: Record, lang: str) -> str:
    return label_change_of(row, unit_of(row["indicator"], row), lang=lang)


def _with_notes(layout: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """Write the notes between title and chart, in room of their own."""
    text = "<br>".join(wrap(note, _NOTE_WIDTH) for note in notes)
    if not text:
        return layout
    room = _NOTE_LINE * (text.count("<br>") + 1)
    lines = layout["title"]["text"].count("<br>")
    title = {
        "subtitle": {"text": text, "font": {"size": 13, "color": GREY}},
        "y": 1,
        "yanchor": "top",
        "pad": {"t": 20, "l": 12},
    }
    return layout | {
        "title": layout["title"] | title,
        "height": layout["height"] + room,
        "margin": {"t": 64 + 22 * lines + room},
    }
