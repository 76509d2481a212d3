"""How many of the cases were settled, with the counts behind each rate."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from petitionlib.changes.figures import by_source, figures
from petitionlib.charts.alt_text import bars_alt, meta
from petitionlib.charts.bars import bars
from petitionlib.charts.theme import (
    BLUE,
    PALE_BLUE,
    as_figure,
    as_text,
    bar_label,
    base_layout,
    empty_figure,
    wrap,
)
from petitionlib.codebook.arguments import check_is_tidy, check_known, check_year
from petitionlib.codebook.entries import entries
from petitionlib.tables.frame import Row, records
from petitionlib.tables.recency import part_of
from petitionlib.text.text import Text

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
        if code not in rates:
            continue
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
    table: pd.DataFrame, place: str, year: int, *, span: str = "Y", text: Text | None = None
) -> go.Figure:
    """Draw the settlement rates of a place and year, each with the counts behind it.

    Takes a tidy table (`read_tables`). A bar is settled / due where both were published, else the
    printed rate, paler. Where the printed rate is another, both are named. `text` says in which
    language. Returns the figure and does not show it; where nothing was published the figure says
    so. Raises `DataNotFoundError` for a code that is not known.

    >>> from petitionlib import read_tables
    >>> figure = plot_settlement(read_tables(), "can-tho", 2022)
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2022. Complaints and denunciations: 177 of 185 cases settled (95.67 %)'
    """
    text = text or Text(table=table)
    numbers = settlement_numbers(text.given(table), place, year, span=span)
    named = {"place": text.place(place), "period": text.period(span, year)}
    if numbers.empty:
        subject = text.say("subject.settlement")
        return empty_figure(text, text.say("title.nothing_in", subject=subject, **named))
    every = records(numbers)
    title = text.say("title.settlement", sentence=_sentence(text, every[0]), **named)
    rows = every[::-1]
    trace = bars(
        [None if pd.isna(row["rate"]) else row["rate"] for row in rows],
        [bar_label(_type(text, row), _words(text, row)) for row in rows],
        [BLUE if row["from_counts"] else PALE_BLUE for row in rows],
        [wrap(_sentence(text, row), 60) for row in rows],
    )
    layout = base_layout(text, title, rows=len(numbers))
    layout["xaxis"] |= {
        "range": [0, max(100.0, numbers["rate"].max(skipna=True))],
        "ticksuffix": " %",
        "title": {"text": as_text(text.say("axis.settled"))},
    }
    alt = bars_alt(text, (_sentence(text, row) for row in every))
    columns = [text.say(f"column.{column}") for column in ("kind", "settled", "due", "rate")]
    layout["meta"] = meta(alt, columns, [_record(text, row) for row in every])
    return as_figure([trace], layout)


def _record(text: Text, row: Row) -> list[str]:
    """Write a row of the table behind the chart."""
    counts = [text.count(row[name], "cases") for name in ("settled", "due")]
    rate = _rate(text, row) if row["from_counts"] else _words(text, row)
    return [_type(text, row), *counts, rate]


def _type(text: Text, row: Row) -> str:
    return text.say(f"type.{row['type']}")


def _words(text: Text, row: Row) -> str:
    if not row["from_counts"]:
        return text.say("settled.printed", rate=_rate(text, row))
    return text.say("settled.counts", rate=_rate(text, row), **_counts(text, row))


def _sentence(text: Text, row: Row) -> str:
    told = {"type": _type(text, row), "rate": _rate(text, row)}
    if not row["from_counts"]:
        return text.say("settled.sentence_printed", **told)
    return text.say("settled.sentence", **told, **_counts(text, row))


def _counts(text: Text, row: Row) -> dict[str, str]:
    return {name: text.count(row[name]) for name in ("settled", "due")}


def _rate(text: Text, row: Row) -> str:
    """Write the rate as it was printed; where that is not what the counts give, both."""
    computed = text.percent(row["rate"], decimals=2)
    if pd.isna(row["printed"]):
        return computed
    digits = 2 if pd.isna(row["decimals"]) else int(row["decimals"])
    printed = text.percent(row["printed"], decimals=digits)
    if abs(row["printed"] - row["rate"]) < 10.0**-digits:
        return printed
    return text.say("settled.both", computed=computed, printed=printed)
