"""The places of one year side by side, ranked by their change on the previous year."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from petitionlib.changes.ranking import ranking_rows, widest_span
from petitionlib.charts.alt_text import bars_alt, meta
from petitionlib.charts.bars import bars
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
from petitionlib.codebook.arguments import as_codes, check_is_tidy
from petitionlib.codebook.entries import is_rate
from petitionlib.errors import DataNotFoundError, said
from petitionlib.tables.frame import Row
from petitionlib.text.rankings import DRAWN, notes, ranked_names, ranking
from petitionlib.text.text import Text
from petitionlib.words import percent_sign

__all__ = ["plot_ranking"]

_NOTE_WIDTH: Final = 88
_NOTE_LINE: Final = 19


def plot_ranking(
    table: pd.DataFrame,
    year: int,
    indicator: str | None = None,
    *,
    span: str | None = None,
    percent: bool = True,
    places: str | Sequence[str] | None = None,
    text: Text | None = None,
) -> go.Figure:
    """Draw the places of a year by their change on the previous year, the largest rise on top.

    Takes a tidy table (`read_tables`); without an indicator, the first that carries a report
    (`lead`) and has figures of the year. Counts are ranked by their change in percent or, with
    `percent=False`, in their unit; rates by points. Without `places`: those of one level of which
    the table has any figure of the year or the previous one. Without a `span`: that of most
    places. A change on a base that is zero or small has no bar in percent, only its counts. Above
    the chart stand the places that cannot be compared, each with its figure if there is one, and
    what makes a comparison uncertain. `text` says in which language. Returns the figure and does
    not show it; where only one place can be compared, or none, there is nothing to rank: the
    figure says so in its title and has no bars. Raises `DataNotFoundError` for a code that is not
    known. The sample data have no year in which two places of one level can be compared.

    >>> from petitionlib import read_tables
    >>> figure = plot_ranking(read_tables(), 2023, "petitions.received")
    >>> figure.layout.title.text.replace("<br>", " ").partition(": ")[2]
    'only Can Tho can be compared with 2022: 2,917 petitions, −191 (−6.1%)'
    """
    text = text or Text(table=table)
    table = text.given(table)
    places = None if places is None else as_codes(places)
    if not indicator:
        check_is_tidy(table)
        found = [*text.leading(table[table["year"] == year]), *text.leading(table)]
        if not found:
            raise DataNotFoundError(said("fault.no_lead"))
        indicator = found[0]
    span = span or widest_span(table, year, indicator, places=places)
    every = ranking_rows(table, year, indicator, span=span, percent=percent, places=places)
    rows = [row for row in reversed(every) if row["standing"] in DRAWN]
    title = ranking(text, every, year, indicator, span)
    noted = notes(text, every)
    if len(rows) <= 1:
        return as_figure([], _with_notes(empty_layout(text, title), noted), compares=False)
    names = ranked_names(text, every)
    in_percent = percent and not is_rate(indicator, table)
    sizes = [row["percent" if in_percent else "absolute_change"] for row in rows]
    trace = bars(
        [None if pd.isna(size) else size for size in sizes],
        [bar_label(names[row["place"]], _change(text, row)) for row in rows],
        [ORANGE if size < 0 else BLUE for size in sizes],
        [wrap(text.comparison(row), 60) for row in rows],
    )
    layout = _with_notes(base_layout(text, title, rows=len(rows)), noted)
    layout["xaxis"] |= {
        "ticksuffix": percent_sign(text.lang) if in_percent else "",
        "zeroline": True,
        "zerolinewidth": 2,
        "title": {"text": as_text(_axis(text, indicator, in_percent=in_percent))},
    }
    layout["meta"] = _told(text, every, names, noted)
    return as_figure([trace], layout)


def _told(
    text: Text, rows: Sequence[Row], names: Mapping[str, str], noted: list[str]
) -> dict[str, Any]:
    """Write every place as text, those that are not drawn with the reason."""
    table = []
    for row in rows:
        unit = text.unit(row["indicator"])
        figures = [
            text.value_of(row, unit),
            text.figure(row["previous"], unit),
        ]
        apart = "" if row["standing"] == "ranked" else text.say(f"ranking.{row['standing']}")
        table.append([names[row["place"]], *figures, _change(text, row), apart])
    drawn = sum(row["standing"] in DRAWN for row in rows)
    items = (f"{name}: {change}" for name, _, _, change, _ in table[:drawn])
    columns = ("place", "value", "previous", "change", "remarks")
    alt = " ".join([bars_alt(text, items), *noted])
    return meta(alt, [text.say(f"column.{name}") for name in columns], table)


def _axis(text: Text, indicator: str, *, in_percent: bool) -> str:
    unit = text.unit(indicator)
    if in_percent or not unit:
        return text.say("axis.change")
    named = text.unit_of("points" if unit == "percent" else unit)
    return text.say("axis.change_in", unit=named)


def _change(text: Text, row: Row) -> str:
    return text.change_of(row, text.unit(row["indicator"]))


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
