"""The year's changes of one place, as bars to the left and right of no change."""

import pandas as pd
import plotly.graph_objects as go

from petitionlib.charts.template import (
    BLUE,
    ORANGE,
    as_text,
    bar_label,
    bars_told,
    base_layout,
    empty_figure,
    told,
    wrap,
)
from petitionlib.codebook import check_known
from petitionlib.labels import (
    label_change_of,
    label_figure,
    label_indicator,
    label_place,
    label_span,
    unit_of,
)
from petitionlib.readings.comparisons import label_comparison, label_moves
from petitionlib.words import say

__all__ = ["change_numbers", "plot_changes"]


def change_numbers(
    changes: pd.DataFrame, place: str, year: int, *, span: str = "Y"
) -> pd.DataFrame:
    """Return the counts of a place that can be compared with the year before, largest rise first.

    Takes a table of `year_over_year`. Columns: those of the table and `percent` (the relative
    change in percent; missing where the base is zero or too small for a percentage). Rates are
    left out: their change is in percentage points, which has no place on this axis.
    """
    check_known(changes, place=place, span=span)
    here = (changes["place"] == place) & (changes["year"] == year) & (changes["span"] == span)
    rows = changes[here & changes["absolute_change"].notna()]
    counted = [unit_of(i, changes) != "percent" for i in rows["indicator"]]
    rows = rows[pd.Series(counted, index=rows.index, dtype="bool")]
    small = rows["flag"].str.split().map(lambda flags: "small_base" in flags).astype(bool)
    percent = (100 * rows["relative_change"]).mask(small)
    rows = rows.assign(percent=percent)
    return rows.sort_values(["percent", "indicator"], ascending=[False, True], ignore_index=True)


def plot_changes(
    changes: pd.DataFrame, place: str, year: int, *, span: str = "Y", lang: str = "en"
) -> go.Figure:
    """Draw the year's changes of a place in percent, rises to the right and falls to the left.

    Takes a table of `year_over_year`. Each change stands in words under its name. A change on a
    base below 20 has no bar, only its counts. Rates are not drawn. Returns the figure and does not
    show it; where nothing can be compared the figure says so. Raises `DataNotFoundError` for a
    code that is not known.

    >>> from petitionlib import read_tables, year_over_year
    >>> figure = plot_changes(year_over_year(read_tables()), "can-tho", 2023)
    >>> figure.layout.title.text
    'Can Tho, 2023: of 6 figures compared with 2022, 1 rose and 5 fell'
    """
    rows = change_numbers(changes, place, year, span=span).iloc[::-1]
    name = label_place(place, lang=lang, table=changes)
    period = label_span(span, year, lang=lang, table=changes)
    if rows.empty:
        title = say("title.no_changes", lang, place=name, period=period, previous=year - 1)
        return empty_figure(title, lang=lang)
    title = say(
        "title.changes.one" if len(rows) == 1 else "title.changes",
        lang,
        place=name,
        period=period,
        count=len(rows),
        previous=year - 1,
        moved=label_moves(rows["absolute_change"], "figures", lang=lang),
    )
    layout = base_layout(title, lang=lang, rows=len(rows))
    layout["xaxis"] |= {
        "ticksuffix": " %",
        "zeroline": True,
        "zerolinewidth": 2,
        "title": {"text": as_text(say("axis.change", lang))},
    }
    percents = [None if pd.isna(p) else p for p in rows["percent"]]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": percents,
        "y": [_label(row, lang, changes) for _, row in rows.iterrows()],
        "marker": {"color": [ORANGE if (p or 0) < 0 else BLUE for p in percents]},
        "customdata": [wrap(label_comparison(row, lang=lang), 60) for _, row in rows.iterrows()],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    records = [_record(row, lang, changes) for _, row in rows.iloc[::-1].iterrows()]
    alt = bars_told((f"{name}: {change}" for name, *_, change in records), lang)
    columns = [say(f"column.{name}", lang) for name in ("indicator", "value", "previous", "change")]
    layout["meta"] = told(alt, columns, records)
    return go.Figure([bars], layout)


def _record(row: pd.Series, lang: str, table: pd.DataFrame) -> list[str]:
    """Write a row of the table behind the chart."""
    unit = unit_of(row["indicator"], table)
    name = label_indicator(row["indicator"], lang=lang, table=table)
    figures = [label_figure(row[column], unit, lang=lang) for column in ("value", "previous")]
    return [name, *figures, label_change_of(row, unit, lang=lang)]


def _label(row: pd.Series, lang: str, table: pd.DataFrame) -> str:
    change = label_change_of(row, unit_of(row["indicator"], table), lang=lang)
    name = label_indicator(row["indicator"], lang=lang, table=table)
    return bar_label(name, change)
