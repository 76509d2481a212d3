"""Figures that can be no more, or no less, than others."""

from collections.abc import Iterator, Mapping

import numpy as np

from petitionlib.checks._exact import apart, minus, product
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.causes import blank
from petitionlib.checks.sums import rules_of
from petitionlib.checks.verdict import (
    CONTRADICTS,
    HOLDS,
    UNEXPLAINED,
    Checks,
    Claims,
    Computed,
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
    stated, limit = sheet.value.at(rows), sheet.value.at(parts)
    if added:
        limit = minus(limit, sheet.value.at(plus))
    most = rule["relation"] == "<="
    numerator, denominator = in_units_of(stated, limit)
    if not most:
        numerator = product(numerator, 5)
    over = apart(stated.digits, numerator, denominator) * (1 if most else -1)
    slack = (slack_of(stated, stated) + slack_of(stated, limit) * (1 if most else 5)) * denominator
    holds = (over <= 0) | (over <= slack)
    wrong = CONTRADICTS if added or rule["severity"] == "error" else UNEXPLAINED
    texts = sheet.texts[parts] if most else "5 * " + sheet.texts[parts]
    texts = texts + " - " + sheet.texts[plus] if added else texts
    computed = Computed(numerator, denominator, slack, np.ones(len(rows), dtype=bool))
    claims = Claims("bound", rule["identity"], rows, stated, computed, texts)
    verdict = np.where(holds, HOLDS, wrong).astype(np.int8)
    return Checks(claims, verdict, blank(rows[:0]))
