"""Periods against those that lie inside them: a half year counts no more than its year."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np

from petitionlib.checks._exact import power, product
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.verdict import (
    LEAST,
    UNEXPLAINED,
    Bools,
    Checks,
    Claims,
    Coded,
    Computed,
    Slot,
    bounded,
    coded,
    in_slots,
    in_units_of,
    slack_of,
)
from petitionlib.codebook.break_scope import broken_indicators, broken_places
from petitionlib.codebook.codes import VERDICTS
from petitionlib.codebook.entries import about, entries
from petitionlib.codebook.windows import window
from petitionlib.tables.recency import recency

__all__ = ["check_nested"]

_CONTRADICTS: Final = VERDICTS.index("contradicts")
_YES: Final = "yes"


def check_nested(sheet: Sheet) -> Iterator[Checks]:
    """Check each flow of a long period against the largest of the shorter ones inside it.

    Long periods are the cumulative ones that begin with the codebook's default one; inside lie
    those that begin on the same day, and single months and quarters.
    """
    inside = _inside(sheet)
    if not inside:
        return
    rows = _flows(sheet, {longer for longer, _ in inside})
    shorter, spans = _largest(sheet, rows, inside)
    some = shorter >= 0
    rows, shorter, spans = rows[some], shorter[some], spans[some]
    some = ~_broken(sheet, rows)
    rows, shorter, spans = rows[some], shorter[some], spans[some]
    if len(rows):
        yield _nested(sheet, rows, shorter, spans)


def _nested(sheet: Sheet, rows: Rows, shorter: Rows, spans: Rows) -> Checks:
    stated, least = sheet.value.at(rows), sheet.value.at(shorter)
    numerator, denominator = in_units_of(stated, least)
    slack = slack_of(stated, stated, least) * denominator
    computed = Computed(numerator, denominator, slack, np.ones(len(rows), dtype=bool))

    def weights(some: Rows) -> list[tuple[Any, int]]:
        return [(product(1, power(stated.decimals[some])), 0)]

    claims = Claims(
        "nested", "", rows, stated, computed, in_slots([Slot(shorter)], weights),
        Coded(spans, sheet.keys.spans), sheet.texts[shorter], coded("", rows), relation=LEAST,
    )  # fmt: skip
    checks = bounded(claims)
    wrong = np.flatnonzero(checks.verdict == _CONTRADICTS)
    if len(wrong):
        rank = recency(sheet.table, np.concatenate([rows[wrong], shorter[wrong]])).rank
        newer = rank[len(wrong) :] > rank[: len(wrong)]
        provisional = (sheet.table["status"].iloc[shorter[wrong]] == "p").to_numpy()
        checks.verdict[wrong[newer | provisional]] = UNEXPLAINED
    return checks


def _inside(sheet: Sheet) -> dict[tuple[int, int], Bools]:
    """Tell for each pair of spans in which years the second lies inside the first."""
    book, spans, keys = entries("spans", sheet.table), sheet.keys.spans, sheet.keys
    whole = about(sheet.table).default_span
    if whole not in book or len(spans) < 2:  # noqa: PLR2004  # one span has none inside
        return {}
    years = range(keys.first_year, keys.first_year + keys.years)
    days = {
        span: [_days(sheet, span, year) for year in years] for span in {*spans, whole} & {*book}
    }
    found = {}
    for longer, one in enumerate(spans):
        if one not in days or book[one]["cumulative"] != _YES:
            continue
        for other in book:
            if other in spans and other != one:
                shorter = spans.index(other)
                single = book[other]["cumulative"] != _YES
                lies = [
                    long[0] == start[0] < long[1]
                    and (short[0] == long[0] or (single and short[0] > long[0]))
                    and short[0] <= short[1] <= long[1]
                    and short != long
                    for long, short, start in zip(days[one], days[other], days[whole], strict=True)
                ]
                if any(lies):
                    found[longer, shorter] = np.array(lies)
    return found


def _days(sheet: Sheet, span: str, year: int) -> tuple[int, int]:
    """Return the first and the last day of a span by number; an open one never begins."""
    first, last = window(span, year, sheet.table)
    return (first.toordinal(), last.toordinal()) if last else (0, 0)


def _flows(sheet: Sheet, spans: set[int]) -> Rows:
    """Return the rows that print a flow of these spans."""
    book, keys = entries("indicators", sheet.table), sheet.keys
    flow = np.array([book.get(name, {}).get("kind") == "flow" for name in keys.indicators])
    period, indicator = keys.split(keys.cell)
    long = np.isin(np.arange(len(keys.spans)), list(spans))
    found: Rows = np.flatnonzero(sheet.known & flow[indicator] & long[period % len(keys.spans)])
    return found


def _largest(sheet: Sheet, rows: Rows, inside: dict[tuple[int, int], Bools]) -> tuple[Rows, Rows]:
    """Return the row of the largest shorter figure of each of some rows, or -1, and its span.

    Its source covers as much; of equals it is the first in the order of the codebook.
    """
    keys, value = sheet.keys, sheet.table["value"].to_numpy(dtype="float64", na_value=np.nan)
    cells, coverage = keys.cell[rows], sheet.texts_of("coverage")
    period = keys.split(cells)[0]
    span, year = period % len(keys.spans), period // len(keys.spans) % keys.years
    best, of_span = np.full(len(rows), -1, dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for (longer, shorter), lies in inside.items():
        some = np.flatnonzero((span == longer) & lies[year])
        cell = keys.cell_of_span(cells[some], shorter - longer)
        other = np.where(cell < 0, -1, sheet.preferred[cell])
        other[coverage[other] != coverage[rows[some]]] = -1
        more = (other >= 0) & ((best[some] < 0) | (value[other] > value[best[some]]))
        best[some[more]], of_span[some[more]] = other[more], shorter
    return best, of_span


def _broken(sheet: Sheet, rows: Rows) -> Bools:
    """Tell which figures are of a period with a break of form inside it."""
    keys = sheet.keys
    period, indicator = keys.split(keys.cell[rows])
    moment, place = (
        period % (keys.years * len(keys.spans)),
        period // (keys.years * len(keys.spans)),
    )
    first, last = np.array([
        _days(sheet, span, year) if span in entries("spans", sheet.table) else (0, 0)
        for year in range(keys.first_year, keys.first_year + keys.years) for span in keys.spans
    ]).T  # fmt: skip
    broken = np.zeros(len(rows), dtype=bool)
    for row in entries("breaks", sheet.table).values():
        if row["scope"] == "form":
            day = date.fromisoformat(row["date"]).toordinal()
            within = (first < day) & (day <= last)
            those = broken_indicators(row, keys.indicators)
            touched = np.array([name in those for name in keys.indicators], dtype=bool)
            named = broken_places(row, keys.places, sheet.table)
            here = np.array([name in named for name in keys.places], dtype=bool)
            broken |= within[moment] & touched[indicator] & here[place]
    return broken
