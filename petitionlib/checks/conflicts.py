"""Sources against the preferred one."""

from collections.abc import Iterator

import numpy as np

from petitionlib.checks.verdict import (
    Checks,
    Claims,
    Computed,
    explained,
    in_units_of,
    judged,
    slack_of,
)
from petitionlib.sheet import Sheet

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
        yield explained(judged(Claims("conflict", source, rows, stated, computed, texts)))
