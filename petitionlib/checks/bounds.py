"""Figures that can be no more, or no less, than others."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from petitionlib.checks._exact import minus, power, product
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.sums import rules_of
from petitionlib.checks.verdict import (
    LEAST,
    MOST,
    Checks,
    Claims,
    Computed,
    Slot,
    bounded,
    coded,
    in_slots,
    in_units_of,
    slack_of,
)

__all__ = ["check_bounds"]


def check_bounds(sheet: Sheet) -> Iterator[Checks]:
    """Check each figure that can be no more, or no less, than another one of the same source."""
    for rule in rules_of(sheet):
        if rule["relation"] != "=":
            rows = sheet.rows_of(rule["whole"])
            parts = sheet.beside(rule["parts"], rows)
            rows, parts = rows[parts >= 0], parts[parts >= 0]
            plus = sheet.beside(rule["plus"], rows)
            for some in (plus < 0, plus >= 0) if rule["plus"] else (plus < 0,):
                yield _bound(sheet, rule, rows[some], parts[some], plus[some])


def _bound(sheet: Sheet, rule: Mapping[str, str], rows: Rows, parts: Rows, plus: Rows) -> Checks:
    """Check figures against their limit; what the rule adds to them is taken from it."""
    added = bool(len(plus)) and bool((plus >= 0).all())
    most = rule["relation"] == "<="
    times = 1 if most else 5
    stated, limit = sheet.value.at(rows), sheet.value.at(parts)
    slack = slack_of(stated, stated) + slack_of(stated, limit) * times
    if not most:
        limit = limit._replace(digits=product(limit.digits, times))
    if added:
        limit = minus(limit, sheet.value.at(plus))
        slack = slack + slack_of(stated, sheet.value.at(plus))
    numerator, denominator = in_units_of(stated, limit)
    slack = slack * denominator
    computed = Computed(numerator, denominator, slack, np.ones(len(rows), dtype=bool))
    slots = [Slot(parts), Slot(plus)] if added else [Slot(parts)]

    def weights(some: Rows) -> list[tuple[Any, int]]:
        grow = power(stated.decimals[some])
        finer = [limit.decimals[some] - sheet.value.decimals[s.rows[some]] for s in slots]
        signs = zip((times, -1), finer, strict=False)
        return [(product(sign * grow, power(more)), 0) for sign, more in signs]

    values = sheet.texts[parts]
    claims = Claims(
        "bound", rule["identity"], rows, stated, computed, in_slots(slots, weights),
        coded(f"{rule['parts']} + {rule['plus']}" if added else rule["parts"], rows),
        values + " + " + sheet.texts[plus] if added else values, coded("", rows),
        relation=MOST if most else LEAST,
    )  # fmt: skip
    return bounded(claims, severe=added or rule["severity"] == "error")
