"""Rates against their two counts."""

from collections.abc import Iterator, Mapping

import numpy as np

from petitionlib.checks._exact import APART, Printed, agreement, minus, power, product, spelled
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.causes import Causes, blank
from petitionlib.checks.verdict import (
    CONTRADICTS,
    HOLDS,
    LONG,
    Checks,
    Claims,
    Computed,
    divided,
    explained,
    judged,
    other_totals,
    percentage,
    slack_of,
)
from petitionlib.codebook.entries import entries, rates_of

__all__ = ["check_rates"]


def check_rates(sheet: Sheet) -> Iterator[Checks]:
    """Check each rate against its two counts, from the same source."""
    for name, row in rates_of(sheet.table).items():
        if row["numerator"] and row["denominator"] and len(rows := sheet.rows_of(name)):
            checks = _rate(sheet, row, rows)
            yield checks
            if _is_share(sheet, row):
                yield _most(sheet, row, rows[~checks.claims.computed.known])


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
    return _explain(sheet, checks, rate, part)


def _is_share(sheet: Sheet, rate: Mapping[str, str]) -> bool:
    """Tell a rate whose numerator is a part of its denominator: it can be 100 % at most."""
    return any(
        rule["whole"] == rate["numerator"]
        and rule["parts"] == rate["denominator"]
        and (rule["relation"], rule["severity"]) == ("<=", "error")
        for rule in entries("identities", sheet.table).values()
    )


def _most(sheet: Sheet, rate: Mapping[str, str], rows: Rows) -> Checks:
    """Check rates whose counts were not printed against 100 %."""
    stated = sheet.value.at(rows)
    whole = product(100, power(stated.decimals))
    computed = Computed(whole, whole * 0 + 1, np.zeros(len(rows)), np.ones(len(rows), dtype=bool))
    verdict = np.where(stated.digits <= whole, HOLDS, CONTRADICTS).astype(np.int8)
    texts = np.full(len(rows), "100", dtype=object)
    claims = Claims("bound", rate["indicator"], rows, stated, computed, texts)
    return Checks(claims, verdict, blank(rows[:0]))


def _explain(sheet: Sheet, checks: Checks, rate: Mapping[str, str], part: Printed) -> Checks:
    def specific(causes: Causes, wrong: Rows) -> None:
        stated, above = checks.claims.stated.at(wrong), part.at(wrong)
        for total in _other_bases(sheet, rate):
            other = sheet.beside(total, checks.claims.rows[wrong])
            below = sheet.value.at(other)
            known = (other >= 0) & (below.digits > 0) & (minus(below, above).digits >= 0)
            computed = percentage(stated, above, below, known)
            match = agreement(stated.digits, computed.numerator, computed.denominator) != APART
            match = np.flatnonzero(match & known & (np.abs(stated.digits) >= LONG))
            detail = spelled(above.at(match)) + " / " + sheet.texts[other[match]]
            causes.claim(match, "other_base", detail, total)

    return explained(checks, specific, rate=True)


def _other_bases(sheet: Sheet, rate: Mapping[str, str]) -> list[str]:
    """Return what a rate may have been divided by instead: totals, and what bounds its base."""
    base = rate["denominator"]
    bounding = [
        rule["parts"]
        for rule in entries("identities", sheet.table).values()
        if rule["whole"] == base and rule["relation"] == "<="
    ]
    bases = dict.fromkeys([*other_totals(sheet, base), *bounding])
    return [code for code in bases if code != rate["numerator"]]
