"""How many of the cases were settled, with the counts behind each rate."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from petitionlib.charts.template import (
    BLUE,
    PALE_BLUE,
    as_figure,
    as_text,
    bar_label,
    bars_told,
    base_layout,
    empty_figure,
    told,
    wrap,
)
from petitionlib.codebook import check_is_tidy, check_known, check_year, entries
from petitionlib.keys import by_source, figures
from petitionlib.labels import label_count, label_percent, label_place, label_span
from petitionlib.recency import part_of
from petitionlib.record import Row, records_of
from petitionlib.words import say

__all__ = ["plot_settlement", "settlement_numbers"]

_TYPES: Final = ("complaints_denunciations", "all", "complaints", "denunciations", "feedback")


def settlement_numbers(
    table: pd.DataFrame, place: str, year: int, *, span: str = "Y"
) -> pd.DataFrame:
    """Return the settlement rates of a place and year, and the counts behind them.

    Columns: `type` (complaints, denunciations, feedback, complaints_denunciations, all), `due`,
    `settled` (cases, both of one source), `printed` (the published rate, percent), `decimals` (as
    printed), `rate` (settled / due in percent, missing where none was due; or the printed rate
    where the counts are not published) and `from_counts`. A type of which neither was published
    has no row.
    """
    check_is_tidy(table)
    check_known(table, place=place, span=span)
    check_year(year)
    at = (table["place"] == place) & (table["year"] == year) & (table["span"] == span)
    here = part_of(table, at)
    rates = entries("indicators", table)
    chosen = figures(here)
    values = dict(zip(chosen["indicator"], chosen["value"], strict=True))
    digits = dict(zip(chosen["indicator"], chosen.get("decimals", ()), strict=False))
    printed_by = by_source(here)
    rows = []
    for kind in _TYPES:
        code = f"cases.{kind}.settlement_rate"
        counts = [rates[code]["numerator"], rates[code]["denominator"]]
        both = [[own[count] for count in counts] for own in printed_by if own.keys() >= {*counts}]
        settled, due = both[0] if both else (np.nan, np.nan)
        printed = values.get(code, np.nan)
        rate = (100 * settled / due if due else np.nan) if both else printed
        if both or not np.isnan(printed):
            rows.append((kind, due, settled, printed, digits.get(code), rate, bool(both)))
    numbers = pd.DataFrame(
        rows, columns=["type", "due", "settled", "printed", "decimals", "rate", "from_counts"]
    )
    return numbers.astype({"type": "str", "decimals": "Int8", "from_counts": "bool"})


def plot_settlement(
    table: pd.DataFrame, place: str, year: int, *, span: str = "Y", lang: str = "en"
) -> go.Figure:
    """Draw the settlement rates of a place and year, each with the counts behind it.

    Takes a tidy table (`read_tables`). A bar is settled / due where both were published, else the
    printed rate, paler. Where the printed rate is another, both are named. Returns the figure
    and does not show it; where nothing was published the figure says so. Raises
    `DataNotFoundError` for a code that is not known.

    >>> from petitionlib import read_tables
    >>> figure = plot_settlement(read_tables(), "can-tho", 2022)
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2022. Complaints and denunciations: 177 of 185 cases settled (95.67 %)'
    """
    numbers = settlement_numbers(table, place, year, span=span)
    name = label_place(place, lang=lang, table=table)
    period = label_span(span, year, lang=lang, table=table)
    if numbers.empty:
        subject = say("subject.settlement", lang)
        title = say("title.nothing_in", lang, place=name, period=period, subject=subject)
        return empty_figure(title, lang=lang)
    every = records_of(numbers)
    title = say(
        "title.settlement",
        lang,
        place=name,
        period=period,
        sentence=_sentence(every[0], lang),
    )
    rows = every[::-1]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [None if pd.isna(row["rate"]) else row["rate"] for row in rows],
        "y": [bar_label(say(f"type.{row['type']}", lang), _text(row, lang)) for row in rows],
        "marker": {"color": [BLUE if row["from_counts"] else PALE_BLUE for row in rows]},
        "customdata": [wrap(_sentence(row, lang), 60) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout = base_layout(title, lang=lang, rows=len(numbers))
    layout["xaxis"] |= {
        "range": [0, max(100.0, numbers["rate"].max(skipna=True))],
        "ticksuffix": " %",
        "title": {"text": as_text(say("axis.settled", lang))},
    }
    alt = bars_told((_sentence(row, lang) for row in every), lang)
    columns = [say(f"column.{column}", lang) for column in ("kind", "settled", "due", "rate")]
    records = [_record(row, lang) for row in every]
    layout["meta"] = told(alt, columns, records)
    return as_figure([bars], layout)


def _record(row: Row, lang: str) -> list[str]:
    """Write a row of the table behind the chart."""
    counts = [label_count(row[name], "cases", lang=lang) for name in ("settled", "due")]
    rate = _rate(row, lang) if row["from_counts"] else _text(row, lang)
    return [say(f"type.{row['type']}", lang), *counts, rate]


def _text(row: Row, lang: str) -> str:
    if not row["from_counts"]:
        return say("settled.printed", lang, rate=_rate(row, lang))
    counts = {name: label_count(row[name], lang=lang) for name in ("settled", "due")}
    return say("settled.counts", lang, rate=_rate(row, lang), **counts)


def _sentence(row: Row, lang: str) -> str:
    kind = say(f"type.{row['type']}", lang)
    if not row["from_counts"]:
        return say("settled.sentence_printed", lang, type=kind, rate=_rate(row, lang))
    counts = {name: label_count(row[name], lang=lang) for name in ("settled", "due")}
    return say("settled.sentence", lang, type=kind, rate=_rate(row, lang), **counts)


def _rate(row: Row, lang: str) -> str:
    """Write the rate as it was printed; where that is not what the counts give, both."""
    computed = label_percent(row["rate"], decimals=2, lang=lang)
    if pd.isna(row["printed"]):
        return computed
    digits = 2 if pd.isna(row["decimals"]) else int(row["decimals"])
    printed = label_percent(row["printed"], decimals=digits, lang=lang)
    if abs(row["printed"] - row["rate"]) < 10.0**-digits:
        return printed
    return say("settled.both", lang, computed=computed, printed=printed)
