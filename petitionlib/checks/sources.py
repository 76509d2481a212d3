"""Sources against the preferred one."""

from collections.abc import Iterator

import numpy as np

from petitionlib.checks._exact import APART, Printed, agreement, power
from petitionlib.checks._sheet import Sheet
from petitionlib.checks.causes import blank
from petitionlib.checks.verdict import (
    CONTRADICTS,
    Checks,
    Claims,
    Computed,
    explained,
    in_units_of,
    judged,
    slack_of,
)

__all__ = ["check_conflicts"]


def check_conflicts(sheet: Sheet) -> Iterator[Checks]:
    """Check what the other sources printed against the preferred one."""
    best = sheet.preferred[sheet.keys.cell]
    rows = np.flatnonzero(sheet.known & (best != np.arange(len(best))))
    if len(rows):
        stated, other = sheet.value.at(rows), sheet.value.at(best[rows])
        numerator, denominator = in_units_of(stated, other)
        slack = slack_of(stated, stated, other) * denominator
        computed = Computed(numerator, denominator, slack, np.ones(len(rows), dtype=bool))
        source = sheet.table["source"].iloc[best[rows]].to_numpy(dtype=object)
        texts = sheet.texts[best[rows]]
        checks = judged(Claims("conflict", source, rows, stated, computed, texts))
        yield explained(_coarser(checks, other))


def _coarser(checks: Checks, other: Printed) -> Checks:
    """Let figures agree of which the preferred one was printed with fewer decimals: 95.67, 95.7."""
    stated, verdict = checks.claims.stated, checks.verdict.copy()
    scale = power(np.maximum(stated.decimals - other.decimals, 0))
    found = agreement(other.digits, stated.digits, scale)
    agrees = (stated.decimals > other.decimals) & (verdict == CONTRADICTS) & (found != APART)
    verdict[agrees] = found[agrees]
    kept = checks.causes.rows[~agrees[checks.causes.rows]]
    return Checks(checks.claims, verdict, blank(kept))
