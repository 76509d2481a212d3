"""The year's changes of one place, as bars to the left and right of no change."""

import math

import pandas as pd
import plotly.graph_objects as go

from petitionlib.charts.alt_text import bars_told, told
from petitionlib.charts.theme import (
    BLUE,
    ORANGE,
    as_figure,
    as_text,
    bar_label,
    base_layout,
    empty_figure,
    wrap,
)
from petitionlib.codebook.arguments import check_known, check_year
from petitionlib.codebook.record import Row, records_of
from petitionlib.errors import NotATableError
from petitionlib.tables.frame import refuse_other_years
from petitionlib.tables.grid import refuse_duplicates
from petitionlib.text.comparisons import label_comparison, label_moves
from petitionlib.text.names import label_indicator, label_place, label_span, unit_of
from petitionlib.text.numbers import has_printed_change, is_known, label_change_of, label_figure
from petitionlib.text.tables import change_cell
from petitionlib.words import say

__all__ = ["change_numbers", "plot_changes"]


def change_numbers(
    changes: pd.DataFrame, place: str, year: int, *, span: str = "Y"
) -> pd.DataFrame:
    """Return the counts of a place whose change on the year before is known, largest rise first.

    Takes a table of `year_over_year`. Columns: those of the table and `percent` (the relative
    change in percent, as printed where the base was not published; missing where the base is zero
    or too small for a percentage). Rates are left out: their change is in percentage points, which
    has no place on this axis.
    """
    check_known(changes, place=place, span=span)
    check_year(year)
    if "absolute_change" not in changes:
        message = "the table has no comparisons; year_over_year(table) returns them"
        raise NotATableError(message)
    refuse_other_years(changes)
    here = (changes["place"] == place) & (changes["year"] == year) & (changes["span"] == span)
    rows = changes[here]
    if rows["indicator"].duplicated().any():
        refuse_duplicates(rows)
    records = records_of(rows)
    percents = [_percent(row) for row in records]
    told = [
        position
        for position, row in enumerate(records)
        if unit_of(row["indicator"], changes) != "percent"
        and (is_known(row["absolute_change"]) or has_printed_change(row))
    ]
    order = [math.inf if math.isnan(percent) else -percent for percent in percents]
    told.sort(key=lambda at: (order[at], records[at]["indicator"]))
    rows = rows.iloc[told].reset_index(drop=True)
    return rows.assign(percent=pd.Series([percents[at] for at in told], dtype="float64"))


def _percent(row: Row) -> float:
    """Return the change in percent, as printed where that is all that is known of it."""
    if not is_known(row["absolute_change"]):
        printed = row.get("change_percent", math.nan)
        return float(printed) if is_known(printed) else math.nan
    small = "small_base" in row["flag"].split() or not is_known(row["relative_change"])
    return math.nan if small else 100 * float(row["relative_change"])


def plot_changes(
    changes: pd.DataFrame, place: str, year: int, *, span: str = "Y", lang: str = "en"
) -> go.Figure:
    """Draw the year's changes of a place in percent, rises to the right and falls to the left.

    Takes a table of `year_over_year`. Each change stands in words under its name. A change on a
    base below 20 has no bar, only its counts; one that was printed in percent has a bar though its
    base was not published. Rates are not drawn. Returns the figure and does not show it; where
    nothing can be compared the figure says so. Raises `DataNotFoundError` for a code that is not
    known.

    >>> from petitionlib import read_tables, year_over_year
    >>> figure = plot_changes(year_over_year(read_tables()), "can-tho", 2023)
    >>> figure.layout.title.text
    'Can Tho, 2023: of 6 figures compared with 2022, 1 rose and 5 fell'
    """
    every = records_of(change_numbers(changes, place, year, span=span))
    rows = every[::-1]
    name = label_place(place, lang=lang, table=changes)
    period = label_span(span, year, lang=lang, table=changes)
    if not rows:
        title = say("title.no_changes", lang, place=name, period=period, previous=year - 1)
        return empty_figure(title, lang=lang)
    title = say(
        "title.changes.one" if len(rows) == 1 else "title.changes",
        lang,
        place=name,
        period=period,
        count=len(rows),
        previous=year - 1,
        moved=label_moves([_rise(row) for row in rows], "figures", lang=lang),
    )
    layout = base_layout(title, lang=lang, rows=len(rows))
    layout["xaxis"] |= {
        "ticksuffix": " %",
        "zeroline": True,
        "zerolinewidth": 2,
        "title": {"text": as_text(say("axis.change", lang))},
    }
    percents = [None if pd.isna(row["percent"]) else row["percent"] for row in rows]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": percents,
        "y": [_label(row, lang, changes) for row in rows],
        "marker": {"color": [ORANGE if (p or 0) < 0 else BLUE for p in percents]},
        "customdata": [wrap(label_comparison(row, lang=lang), 60) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    records = [_record(row, lang, changes) for row in every]
    alt = bars_told((f"{name}: {change}" for name, *_, change in records), lang)
    columns = [say(f"column.{name}", lang) for name in ("indicator", "value", "previous", "change")]
    layout["meta"] = told(alt, columns, records)
    return as_figure([bars], layout)


def _rise(row: Row) -> float:
    """Return the change of a row or, where it is missing, the printed one; a fall is below 0."""
    change: float = row["absolute_change"]
    return change if is_known(change) else row["percent"]


def _record(row: Row, lang: str, table: pd.DataFrame) -> list[str]:
    """Write a row of the table behind the chart."""
    unit = unit_of(row["indicator"], table)
    name = label_indicator(row["indicator"], lang=lang, table=table)
    figures = [label_figure(row[column], unit, lang=lang) for column in ("value", "previous")]
    return [name, *figures, _change(row, unit, lang)]


def _label(row: Row, lang: str, table: pd.DataFrame) -> str:
    change = _change(row, unit_of(row["indicator"], table), lang)
    name = label_indicator(row["indicator"], lang=lang, table=table)
    return bar_label(name, change)


def _change(row: Row, unit: str, lang: str) -> str:
    printed = has_printed_change(row)
    return change_cell(row, lang) if printed else label_change_of(row, unit, lang=lang)
