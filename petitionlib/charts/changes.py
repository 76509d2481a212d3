"""The year's changes of one place, as bars to the left and right of no change."""

import math

import pandas as pd
import plotly.graph_objects as go

from petitionlib.charts.alt_text import bars_alt, meta
from petitionlib.charts.bars import bars
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
from petitionlib.codebook.entries import about
from petitionlib.errors import NotATableError, said
from petitionlib.tables.frame import Row, records, refuse_other_years
from petitionlib.tables.grid import refuse_duplicates
from petitionlib.text.comparisons import moves
from petitionlib.text.numbers import has_printed_change, is_known
from petitionlib.text.tables import change_cell
from petitionlib.text.text import Text
from petitionlib.words import percent_sign

__all__ = ["change_numbers", "plot_changes"]


def change_numbers(
    changes: pd.DataFrame, place: str, year: int, *, span: str | None = None
) -> pd.DataFrame:
    """Return the counts of a place whose change on the previous year is known, largest rise first.

    Takes a table of `year_over_year`. Columns: those of the table and `percent` (the relative
    change in percent, as printed where the base was not published; missing where the base is zero
    or too small for a percentage). Rates are left out: their change is in percentage points, which
    has no place on this axis.
    """
    span = span or about(changes).default_span
    check_known(changes, place=place, span=span)
    check_year(year)
    if "absolute_change" not in changes:
        raise NotATableError(said("fault.no_comparisons"))
    refuse_other_years(changes)
    here = (changes["place"] == place) & (changes["year"] == year) & (changes["span"] == span)
    rows = changes[here]
    if rows["indicator"].duplicated().any():
        refuse_duplicates(rows)
    units = Text(table=changes).unit
    each = records(rows)
    percents = [_percent(row) for row in each]
    counted = [
        position
        for position, row in enumerate(each)
        if units(row["indicator"]) != "percent"
        and (is_known(row["absolute_change"]) or has_printed_change(row))
    ]
    order = [math.inf if math.isnan(percent) else -percent for percent in percents]
    counted.sort(key=lambda at: (order[at], each[at]["indicator"]))
    rows = rows.iloc[counted].reset_index(drop=True)
    return rows.assign(percent=pd.Series([percents[at] for at in counted], dtype="float64"))


def plot_changes(
    changes: pd.DataFrame,
    place: str,
    year: int,
    *,
    span: str | None = None,
    text: Text | None = None,
) -> go.Figure:
    """Draw the year's changes of a place in percent, rises to the right and falls to the left.

    Takes a table of `year_over_year`. Each change stands in words under its name. A change on a
    base below 20, or of an approximate figure, has no bar; one that was printed in percent has a
    bar though its base was not published. Rates are not drawn. Without a span: the codebook's
    default. `text` says in which language. Returns the figure and does not show it; where nothing
    can be compared the figure says so. Raises `DataNotFoundError` for a code that is not known.

    >>> from petitionlib import read_tables, year_over_year
    >>> figure = plot_changes(year_over_year(read_tables()), "can-tho", 2023)
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2023: of 6 figures that can be compared with 2022, 1 rose and 5 fell'
    """
    text = text or Text(table=changes)
    span = span or about(text).default_span
    every = records(change_numbers(text.given(changes), place, year, span=span))
    rows = every[::-1]
    named = {"place": text.place(place), "period": text.period(span, year), "previous": year - 1}
    if not rows:
        return empty_figure(text, text.say("title.no_changes", **named))
    title = _title(text, [_rise(row) for row in rows], **named)
    layout = base_layout(text, title, rows=len(rows))
    layout["xaxis"] |= {
        "ticksuffix": percent_sign(text.lang),
        "zeroline": True,
        "zerolinewidth": 2,
        "title": {"text": as_text(text.say("axis.change"))},
    }
    percents = [None if pd.isna(row["percent"]) else row["percent"] for row in rows]
    trace = bars(
        percents,
        [bar_label(text.indicator(row["indicator"]), _change(text, row)) for row in rows],
        [ORANGE if (percent or 0) < 0 else BLUE for percent in percents],
        [wrap(text.comparison(row), 60) for row in rows],
    )
    table = [_record(text, row) for row in every]
    alt = bars_alt(text, (f"{name}: {change}" for name, *_, change in table))
    columns = [text.say(f"column.{n}") for n in ("indicator", "value", "previous", "change")]
    layout["meta"] = meta(alt, columns, table)
    return as_figure([trace], layout)


def _percent(row: Row) -> float:
    """Return the change in percent, as printed where that is all that is known of it."""
    if not is_known(row["absolute_change"]):
        printed = row.get("change_percent", math.nan)
        return float(printed) if is_known(printed) else math.nan
    vague = {"small_base", "approximate"} & {*row["flag"].split()}
    known = is_known(row["relative_change"]) and not vague
    return 100 * float(row["relative_change"]) if known else math.nan


def _rise(row: Row) -> float:
    """Return the change of a row or, where it is missing, the printed one; a fall is below 0."""
    change: float = row["absolute_change"]
    return change if is_known(change) else row["percent"]


def _title(text: Text, rises: list[float], **named: object) -> str:
    """Say how many figures rose and how many fell; of those that did the same, that they did."""
    signs = {(rise > 0) - (rise < 0) for rise in rises}
    if len(signs) > 1:
        moved = moves(text, rises, "figures")
        return text.say("title.changes", count=len(rises), moved=moved, **named)
    moved = text.say({1: "moved.up", -1: "moved.down", 0: "moved.same"}[signs.pop()])
    counted = {1: "title.changes.same.one", 2: "title.changes.same.two"}
    key = counted.get(len(rises), "title.changes.same")
    count = {} if len(rises) in counted else {"count": len(rises)}
    return text.say(key, moved=moved, **count, **named)


def _record(text: Text, row: Row) -> list[str]:
    """Write a row of the table behind the chart."""
    unit = text.unit(row["indicator"])
    figures = [text.value_of(row, unit), text.figure(row["previous"], unit)]
    return [text.indicator(row["indicator"]), *figures, _change(text, row)]


def _change(text: Text, row: Row) -> str:
    if has_printed_change(row):
        return change_cell(text, row)
    return text.change_of(row, text.unit(row["indicator"]))
