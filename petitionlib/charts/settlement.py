"""Rates beside the two counts behind each, as of cases settled in percent of those due."""

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
    bar_label,
    base_layout,
    empty_figure,
    wrap,
)
from petitionlib.codebook.arguments import check_is_tidy, check_known, check_year
from petitionlib.codebook.entries import about, entries, leading, rates_of
from petitionlib.tables.frame import Row, records
from petitionlib.tables.recency import part_of
from petitionlib.text.text import Text
from petitionlib.words import percent_sign

__all__ = ["plot_settlement", "settlement_numbers"]


def settlement_numbers(
    table: pd.DataFrame, place: str, year: int, *, span: str | None = None
) -> pd.DataFrame:
    """Return the rates of a place and year that carry a report, and the counts behind them.

    These are the rates of the codebook with a `lead`, in its order; of one without any, all its
    rates. Columns: `indicator`, `part` and `whole` (the two counts, both of one source), `printed`
    (the published rate, percent), `decimals` (as printed), `rate` (part / whole in percent, missing
    where the whole is 0; or the printed rate where the counts are not published) and `from_counts`.
    A rate of which neither was published has no row. Without a span: the default one.
    """
    span = span or about(table).default_span
    check_is_tidy(table)
    check_known(table, place=place, span=span)
    check_year(year)
    at = (table["place"] == place) & (table["year"] == year) & (table["span"] == span)
    here = part_of(table, at)
    chosen = figures(here)
    values = dict(zip(chosen["indicator"], chosen["value"], strict=True))
    digits = dict(zip(chosen["indicator"], chosen.get("decimals", ()), strict=False))
    printed_by = by_source(here)
    rows = []
    for code, counts in _rates(table).items():
        both = [[own[count] for count in counts] for own in printed_by if own.keys() >= {*counts}]
        part, whole = both[0] if both else (np.nan, np.nan)
        printed = values.get(code, np.nan)
        rate = (100 * part / whole if whole else np.nan) if both else printed
        if both or not np.isnan(printed):
            rows.append((code, part, whole, printed, digits.get(code), rate, bool(both)))
    numbers = pd.DataFrame(rows, columns=[*_COLUMNS])
    return numbers.astype({"indicator": "str", "decimals": "Int8", "from_counts": "bool"})


_COLUMNS: Final = ("indicator", "part", "whole", "printed", "decimals", "rate", "from_counts")


def _rates(table: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the two counts of each rate that carries a report."""
    rates = rates_of(table)
    order = [code for code in leading(table) if code in rates] or [*rates]
    return {code: (rates[code]["numerator"], rates[code]["denominator"]) for code in order}


def plot_settlement(
    table: pd.DataFrame,
    place: str,
    year: int,
    *,
    span: str | None = None,
    text: Text | None = None,
) -> go.Figure:
    """Draw the rates of a place and year that carry a report, each with the counts behind it.

    Takes a tidy table (`read_tables`). A bar is the part in percent of its whole (cases settled of
    those due) where both were published, else the printed rate, paler. Where the printed rate is
    another, both are named. Without a span: the codebook's default. `text` says in which language.
    Returns the figure and does not show it; where nothing was published the figure says so. Raises
    `DataNotFoundError` for a code that is not known.

    >>> from petitionlib import read_tables
    >>> figure = plot_settlement(read_tables(), "can-tho", 2022)
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2022. Complaints and denunciations: settlement rate 95.67% (177 of 185 cases)'
    """
    text = text or Text(table=table)
    span = span or about(text).default_span
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
        [bar_label(text.indicator(row["indicator"]), _words(text, row)) for row in rows],
        [BLUE if row["from_counts"] else PALE_BLUE for row in rows],
        [wrap(_sentence(text, row), 60) for row in rows],
    )
    layout = base_layout(text, title, rows=len(numbers))
    layout["xaxis"] |= {
        "range": [0, max(100.0, numbers["rate"].max(skipna=True))],
        "ticksuffix": percent_sign(text.lang),
    }
    alt = bars_alt(text, (_sentence(text, row) for row in every))
    columns = [text.say(f"column.{name}") for name in ("indicator", "part", "whole", "rate")]
    layout["meta"] = meta(alt, columns, [_record(text, row) for row in every])
    return as_figure([trace], layout)


def _record(text: Text, row: Row) -> list[str]:
    """Write a row of the table behind the chart."""
    book = entries("indicators", text).get(row["indicator"], {})
    units = [text.unit(book.get(name, "")) for name in ("numerator", "denominator")]
    counts = [text.figure(row[n], u) for n, u in zip(("part", "whole"), units, strict=True)]
    rate = _rate(text, row) if row["from_counts"] else _words(text, row)
    return [text.indicator(row["indicator"]), *counts, rate]


def _words(text: Text, row: Row) -> str:
    if not row["from_counts"]:
        return text.say("settled.printed", rate=_rate(text, row))
    return text.say("settled.counts", rate=_rate(text, row), **_counts(text, row))


def _sentence(text: Text, row: Row) -> str:
    told = {"name": text.indicator(row["indicator"]), "rate": _rate(text, row)}
    if not row["from_counts"]:
        return text.say("settled.sentence_printed", **told)
    return text.say("settled.sentence", **told, **_counts(text, row))


def _counts(text: Text, row: Row) -> dict[str, str]:
    """Write the two counts, the whole with its unit."""
    whole = text.unit(entries("indicators", text).get(row["indicator"], {}).get("denominator", ""))
    return {"part": text.count(row["part"]), "whole": text.figure(row["whole"], whole)}


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
