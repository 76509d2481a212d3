"""Counts that are far larger, or smaller, than the one before: thousands for ones, or a slip."""

from collections.abc import Iterator

import numpy as np

from petitionlib.checks._sheet import Sheet
from petitionlib.checks.verdict import (
    UNEXPLAINED,
    Checks,
    Claims,
    Coded,
    Computed,
    Slot,
    coded,
    in_slots,
    in_units_of,
)
from petitionlib.codebook.entries import rates_of
from petitionlib.tables.scale import scale_jumps

__all__ = ["check_scale"]


def check_scale(sheet: Sheet) -> Iterator[Checks]:
    """Name each count that is ten times, or a tenth of, the nearest earlier published one."""
    keys = sheet.keys
    rates = rates_of(sheet.table)
    counted = np.array([name not in rates for name in keys.indicators], dtype=bool)
    rows, earlier = scale_jumps(sheet.table, keys, sheet.preferred, counted)
    if len(rows):
        stated, other = sheet.value.at(rows), sheet.value.at(earlier)
        numerator, denominator = in_units_of(stated, other)
        known = np.ones(len(rows), dtype=bool)
        computed = Computed(numerator, denominator, np.zeros(len(rows)), known)
        years = sheet.table["year"].iloc[earlier].to_numpy(dtype=np.int64)
        named, codes = np.unique(years, return_inverse=True)
        terms = in_slots([Slot(earlier)], lambda some: [(some * 0, 0)])
        claims = Claims(
            "scale", "", rows, stated, computed, terms, Coded(codes, [str(n) for n in named]),
            sheet.texts[earlier], coded("", rows),
        )  # fmt: skip
        verdict = np.full(len(rows), UNEXPLAINED, dtype=np.int8)
        yield Checks(claims, verdict, np.zeros(len(rows)), known)
