"""The places of one year side by side, ranked by their change on the year before."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from petitionlib.charts.standings import APART, ranking_numbers, widest_span
from petitionlib.charts.template import (
    BLUE,
    GREY,
    ORANGE,
    as_text,
    bar_label,
    base_figure,
    empty_figure,
    wrap,
)
from petitionlib.labels import (
    is_added_up,
    label_change_of,
    label_figure,
    label_indicator,
    label_place,
    label_span,
    unit_of,
)
from petitionlib.readings.comparisons import label_comparison
from petitionlib.words import say

__all__ = ["plot_ranking", "ranking_notes", "ranking_numbers"]

_CAREFUL: Final = ("form", "window", "approximate")
_NOTE_WIDTH: Final = 88
_NOTE_LINE: Final = 19


def plot_ranking(
    table: pd.DataFrame,
    year: int,
    indicator: str,
    *,
    span: str | None = None,
    percent: bool = True,
    places: Sequence[str] | None = None,
    lang: str = "en",
) -> go.Figure:
    """Draw the places of a year by their change on the year before, the largest rise on top.

    Takes a tidy table (`read_tables`); which places, span and measure: `ranking_numbers`. A change
    on a base that is zero or small has no bar in percent, only its counts. Above the chart stand
    the places that cannot be compared, each with its figure if there is one, and what makes a
    comparison uncertain. Returns the figure and does not show it; where no place can be compared
    the figure says so. Raises `DataNotFoundError` for a code that is not known.

    >>> from petitionlib import read_tables
    >>> figure = plot_ranking(read_tables(), 2023, "petitions.received")
    >>> figure.layout.title.text.replace("<br>", " ")
    'Petitions received, 2023: only Can Tho can be compared with 2022, -191 petitions (-6.1 %)'
    """
    span = span or widest_span(table, year, indicator, places=places)
    numbers = ranking_numbers(table, year, indicator, span=span, percent=percent, places=places)
    drawn = _drawn(numbers)
    title = _title(drawn, year, indicator, span, lang)
    notes = ranking_notes(numbers, lang=lang)
    if drawn.empty:
        return _with_notes(empty_figure(title, lang=lang), notes)
    in_percent = percent and unit_of(indicator, table) != "percent"
    figure = base_figure(title, lang=lang, rows=len(drawn))
    rows = drawn.iloc[::-1]
    sizes = rows["percent" if in_percent else "absolute_change"]
    figure.add_bar(
        orientation="h",
        x=[None if pd.isna(size) else size for size in sizes],
        y=[_label(row, lang) for _, row in rows.iterrows()],
        marker={"color": [ORANGE if size < 0 else BLUE for size in sizes]},
        customdata=[wrap(label_comparison(row, lang=lang), 60) for _, row in rows.iterrows()],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_xaxes(
        ticksuffix=" %" if in_percent else "",
        zeroline=True,
        zerolinewidth=2,
        title={"text": as_text(_axis(indicator, numbers, in_percent=in_percent, lang=lang))},
    )
    return _with_notes(figure, notes)


def ranking_notes(numbers: pd.DataFrame, *, lang: str = "en") -> list[str]:
    """Name the places of `ranking_numbers` that stand apart, and those to compare with care.

    One note for each reason, with its places.

    >>> from petitionlib import read_tables
    >>> numbers = ranking_numbers(read_tables(), 2022, "petitions.received")
    >>> ranking_notes(numbers)[-1]
    'Base derived from the published change: Can Tho.'
    """
    drawn = _drawn(numbers)
    notes = [_note(numbers[numbers["standing"] == s], f"ranking.{s}", lang) for s in APART]
    flags = drawn["flag"].str.split()
    for flag in _CAREFUL:
        touched = [flag in found for found in flags]
        notes.append(_note(drawn[touched], f"flag.{flag}", lang, of=drawn))
    derived = [basis == "derived" for basis in drawn["basis"]]
    notes.append(_note(drawn[derived], "remark.derived", lang, of=drawn))
    added = [is_added_up(row) for _, row in drawn.iterrows()]
    notes.append(_note(drawn[added], "remark.added_up", lang, of=drawn))
    return [note for note in notes if note]


def _drawn(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the places that have a bar, or would have one if their base were not so small."""
    drawn: pd.DataFrame = numbers[numbers["standing"].isin(["ranked", "small_base", "zero_base"])]
    return drawn


def _note(rows: pd.DataFrame, key: str, lang: str, *, of: pd.DataFrame | None = None) -> str:
    """Write a reason with the places that it is about, and their figures if they are not drawn."""
    if rows.empty:
        return ""
    reason = say(key, lang)
    names = [label_place(place, lang=lang, table=rows) for place in rows["place"]]
    if of is None:
        names = [_named(row, lang) for _, row in rows.iterrows()]
    elif len(rows) == len(of) > 1:
        names = [say("ranking.all", lang)]
    return f"{reason[:1].upper()}{reason[1:]}: {', '.join(names)}."


def _named(row: pd.Series, lang: str) -> str:
    """Name a place; one that is not drawn with its figure."""
    name = label_place(row["place"], lang=lang, table=row)
    if row["standing"] in {"small_base", "zero_base", "not_published"}:
        return name
    unit = unit_of(row["indicator"], row)
    figure = label_figure(row["value"], unit, decimals=row.get("decimals"), lang=lang)
    return f"{name} ({figure})"


def _title(drawn: pd.DataFrame, year: int, indicator: str, span: str, lang: str) -> str:
    names = {
        "indicator": label_indicator(indicator, lang=lang, table=drawn),
        "period": label_span(span, year, lang=lang, table=drawn),
        "previous": year - 1,
    }
    if drawn.empty:
        return say("title.no_ranking", lang, **names)
    if len(drawn) == 1:
        place = label_place(drawn["place"].iloc[0], lang=lang, table=drawn)
        return say(
            "title.ranking.one", lang, **names, place=place, change=_change(drawn.iloc[0], lang)
        )
    up, down = (int((drawn["absolute_change"] * sign > 0).sum()) for sign in (1, -1))
    return say("title.ranking", lang, **names, count=len(drawn), up=up, down=down)


def _axis(indicator: str, table: pd.DataFrame, *, in_percent: bool, lang: str) -> str:
    unit = unit_of(indicator, table)
    if in_percent or not unit:
        return say("axis.change", lang)
    return say(
        "axis.change_in", lang, unit=say(f"unit.{'points' if unit == 'percent' else unit}", lang)
    )


def _label(row: pd.Series, lang: str) -> str:
    return bar_label(label_place(row["place"], lang=lang, table=row), _change(row, lang))


def _change(row: pd.Series, lang: str) -> str:
    return label_change_of(row, unit_of(row["indicator"], row), lang=lang)


def _with_notes(figure: go.Figure, notes: list[str]) -> go.Figure:
    """Write the notes between title and chart, in room of their own."""
    text = "<br>".join(wrap(note, _NOTE_WIDTH) for note in notes)
    if not text:
        return figure
    room = _NOTE_LINE * (text.count("<br>") + 1)
    title = figure.layout.title.text.count("<br>")
    return figure.update_layout(
        title={
            "subtitle": {"text": text, "font": {"size": 13, "color": GREY}},
            "y": 1,
            "yanchor": "top",
            "pad": {"t": 20, "l": 12},
        },
        height=figure.layout.height + room,
        margin={"t": 64 + 22 * title + room},
    )
