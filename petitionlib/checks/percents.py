"""Percentages of which a count is not printed: some whole number must give them."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from petitionlib.checks._exact import APART, Printed, agreement, power, product
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.changes import bases_of, stating
from petitionlib.checks.verdict import (
    CHANGE,
    CONTRADICTS,
    GROWTH,
    HOLDS,
    OF_PART,
    OF_WHOLE,
    PERCENT,
    VALUE,
    Bools,
    Checks,
    Claims,
    Coded,
    Computed,
    Slot,
    Whole,
    coded,
    in_slots,
)
from petitionlib.codebook.codes import NUMBERS
from petitionlib.codebook.entries import rates_of

__all__ = ["check_percents", "given"]

_HUNDRED: Final = 100


def check_percents(sheet: Sheet) -> Iterator[Checks]:
    """Check percentages of which one count is printed: a whole number must give them.

    That is a change in percent whose base and count are not printed, and a rate with one of its
    counts. Rounded and cut off both count as given.
    """
    rows = stating(sheet, PERCENT)
    if len(rows):
        counted = np.isin(rows, stating(sheet, CHANGE)) | sheet.is_rate(rows)
        rows = rows[~counted & sheet.known[rows]]
        rows = rows[bases_of(sheet, rows).base < 0]
        yield _percents(sheet, rows, rows, (PERCENT, GROWTH), NUMBERS[PERCENT])
    for name, row in rates_of(sheet.table).items():
        rates = sheet.rows_of(name)
        if row["numerator"] and row["denominator"] and len(rates):
            yield from _of_rate(sheet, row, rates)


def _of_rate(sheet: Sheet, rate: Mapping[str, str], rows: Rows) -> Iterator[Checks]:
    above, below = (sheet.beside(rate[name], rows) for name in ("numerator", "denominator"))
    for one, other, relation in ((above, below, OF_PART), (below, above, OF_WHOLE)):
        some = np.flatnonzero((one >= 0) & (other < 0))
        yield _percents(sheet, rows[some], one[some], (VALUE, relation), rate["indicator"])


def _percents(
    sheet: Sheet, rows: Rows, counts: Rows, how: tuple[int, int], identity: str
) -> Checks:
    kind, relation = how
    stated, count = sheet.printed(kind, rows), sheet.value.at(counts)
    firm = ~stated.rough & ~count.rough & (count.decimals == 0)
    firm = np.flatnonzero(firm & ((relation != OF_WHOLE) | (count.digits > 0)))
    rows, counts, stated, count = rows[firm], counts[firm], stated.at(firm), count.at(firm)
    gives, numerator, denominator = given(stated.digits, power(stated.decimals), count, relation)
    known = denominator > 0
    computed = Computed(
        np.where(known, numerator, 0), np.where(known, denominator, 1), np.zeros(len(rows)), known
    )
    terms = in_slots([Slot(counts)], lambda some: [(some * 0 + 1, 0)])
    names = sheet.keys.indicators
    parts = Coded(sheet.keys.split(sheet.keys.cell[counts])[1], names)
    claims = Claims(
        "percent", identity, rows, stated, computed, terms, parts, sheet.texts[counts],
        coded("", rows), kind=kind, relation=relation,
    )  # fmt: skip
    verdict = np.where(gives, HOLDS, CONTRADICTS).astype(np.int8)
    return Checks(claims, verdict, np.zeros(len(rows)), np.ones(len(rows), dtype=bool))


def given(stated: Whole, unit: Whole, count: Printed, relation: int) -> tuple[Bools, Whole, Whole]:
    """Tell which percentages a whole number gives beside a count; and the nearest one it gives.

    Both in units of the last printed decimal, `unit` of them to one percent; the nearest is a
    fraction, and its denominator zero where there is none.
    """
    number, whole = count.digits, product(_HUNDRED, unit)  # of the units, to the whole
    top = product(number, stated) if relation == OF_WHOLE else product(number, whole)
    below = {OF_PART: stated, OF_WHOLE: whole}.get(relation, stated + whole)
    safe = np.where(below > 0, below, 1)
    low = top // safe
    best = np.zeros(len(stated), dtype=object), np.zeros(len(stated), dtype=object)
    gives = np.zeros(len(stated), dtype=bool)
    for other in (low, low + 1):
        if relation == OF_WHOLE:
            numerator, denominator = product(other, whole), number
        elif relation == OF_PART:
            numerator, denominator = product(number, whole), other
        else:
            numerator, denominator = product(number - other, whole), other
        sound = (denominator > 0) & (below > 0)
        over = np.where(sound, denominator, 1)
        gives |= sound & (agreement(stated, np.where(sound, numerator, 0), over) != APART)
        near = sound & _nearer(stated, (numerator, over), best)
        best = np.where(near, numerator, best[0]), np.where(near, over, best[1])
    gives |= (stated == 0) & (relation == OF_PART)  # of a whole that is large enough
    return gives, *best


def _nearer(stated: Whole, one: tuple[Whole, Whole], other: tuple[Whole, Whole]) -> Bools:
    """Tell where the first of two fractions is nearer; one without a denominator is never."""
    off = [np.abs(product(stated, below) - above) for above, below in (one, other)]
    nearer: Bools = (other[1] == 0) | (product(off[0], other[1]) < product(off[1], one[1]))
    return nearer
