"""Sources against the preferred one."""

from collections.abc import Iterator

import numpy as np

from petitionlib.checks._exact import APART, Printed, agreement, power
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.verdict import (
    CONTRADICTS,
    REVISED,
    Checks,
    Claims,
    Coded,
    Computed,
    Slot,
    coded,
    in_slots,
    in_units_of,
    judged,
    slack_of,
)
from petitionlib.tables.recency import recency

__all__ = ["check_conflicts"]


def check_conflicts(sheet: Sheet) -> Iterator[Checks]:
    """Check what the other sources printed against the preferred one.

    Where the preferred one is newer and says that its figure is revised, they do not contradict.
    """
    best = sheet.preferred[sheet.keys.cell]
    rows = np.flatnonzero(sheet.known & (best != np.arange(len(best))))
    if len(rows):
        best = best[rows]
        stated, other = sheet.value.at(rows), sheet.value.at(best)
        numerator, denominator = in_units_of(stated, other)
        slack = slack_of(stated, stated, other) * denominator
        computed = Computed(numerator, denominator, slack, np.ones(len(rows), dtype=bool))
        source = sheet.table["source"].iloc[best].to_numpy(dtype=object)
        names = sheet.keys.indicators
        parts = Coded(sheet.keys.split(sheet.keys.cell[rows])[1], names)
        terms = in_slots([Slot(best)], lambda some: [(some * 0, 0)])
        claims = Claims(
            "conflict", source, rows, stated, computed, terms, parts, sheet.texts[best],
            coded("", rows),
        )  # fmt: skip
        yield _revised(sheet, _coarser(judged(claims), other), best)


def _coarser(checks: Checks, other: Printed) -> Checks:
    """Let figures agree of which the preferred one was printed with fewer decimals: 95.67, 95.7."""
    stated, verdict = checks.claims.stated, checks.verdict.copy()
    scale = power(np.maximum(stated.decimals - other.decimals, 0))
    found = agreement(other.digits, stated.digits, scale)
    agrees = (stated.decimals > other.decimals) & (verdict == CONTRADICTS) & (found != APART)
    verdict[agrees] = found[agrees]
    return checks._replace(verdict=verdict)


def _revised(sheet: Sheet, checks: Checks, best: Rows) -> Checks:
    """Let the newer source revise the older one where its status says so."""
    declared = (sheet.table["status"].iloc[best] == "r").to_numpy()
    some = np.flatnonzero(declared & (checks.verdict == CONTRADICTS))
    if len(some):
        rows = checks.claims.rows[some]
        rank = recency(sheet.table, np.concatenate([rows, best[some]])).rank
        checks.verdict[some[rank[: len(some)] < rank[len(some) :]]] = REVISED
    return checks
