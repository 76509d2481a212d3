"""Rates against their two counts."""

from collections.abc import Iterator, Mapping

import numpy as np

from petitionlib.causes import Causes
from petitionlib.checks.verdict import (
    LONG,
    Checks,
    Claims,
    divided,
    explained,
    judged,
    other_totals,
    percentage,
    slack_of,
)
from petitionlib.codebook import entries
from petitionlib.exact import APART, Printed, agreement, minus, spelled
from petitionlib.sheet import Rows, Sheet

__all__ = ["check_rates"]


def check_rates(sheet: Sheet) -> Iterator[Checks]:
    """Check each rate against its two counts, from the same source."""
    for name, row in entries("indicators", sheet.table).items():
        if row["kind"] == "rate" and len(rows := sheet.rows_of(name)):
            yield _rate(sheet, row, rows)


def _rate(sheet: Sheet, rate: Mapping[str, str], rows: Rows) -> Checks:
    name, base = rate["indicator"], rate["denominator"]
    above, below = sheet.beside(rate["numerator"], rows), sheet.beside(base, rows)
    stated, part, whole = sheet.value.at(rows), sheet.value.at(above), sheet.value.at(below)
    known = (above >= 0) & (below >= 0) & (whole.digits > 0)
    computed = percentage(stated, part, whole, known)
    share = (computed.numerator / computed.denominator).astype(np.float64)
    loose = 100 * slack_of(stated, part) + share * 10.0**-stated.decimals * slack_of(stated, whole)
    computed = computed._replace(
        slack=computed.slack + divided(loose, whole) * computed.denominator.astype(np.float64)
    )
    texts = sheet.texts[above] + " / " + sheet.texts[below]
    texts[~computed.known] = ""
    checks = judged(Claims("rate", name, rows, stated, computed, texts))
    return _explain(sheet, checks, base, part)


def _explain(sheet: Sheet, checks: Checks, base: str, part: Printed) -> Checks:
    def specific(causes: Causes, wrong: Rows) -> None:
        stated, above = checks.claims.stated.at(wrong), part.at(wrong)
        for total in other_totals(sheet, base):
            other = sheet.beside(total, checks.claims.rows[wrong])
            below = sheet.value.at(other)
            known = (other >= 0) & (below.digits > 0) & (minus(below, above).digits >= 0)
            computed = percentage(stated, above, below, known)
            match = agreement(stated.digits, computed.numerator, computed.denominator) != APART
            match = np.flatnonzero(match & known & (np.abs(stated.digits) >= LONG))
            detail = spelled(above.at(match)) + " / " + sheet.texts[other[match]]
            causes.claim(match, "other_base", detail, total)

    return explained(checks, specific, rate=True)
