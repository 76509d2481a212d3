"""Printed changes against the figures of the year before."""

from collections.abc import Iterator

import numpy as np

from petitionlib.checks._exact import APART, Printed, agreement, minus, spelled
from petitionlib.checks._sheet import Rows, Sheet, printed_column
from petitionlib.checks.causes import Causes
from petitionlib.checks.verdict import (
    LONG,
    Bools,
    Checks,
    Claims,
    Floats,
    divided,
    explained,
    in_units_of,
    judged,
    known_only,
    percentage,
    slack_of,
)
from petitionlib.tables.grid import number

__all__ = ["check_changes"]


def check_changes(sheet: Sheet) -> Iterator[Checks]:
    """Check printed changes against the figure of the year before, or against each other."""
    counted = _column(sheet, "change")
    if len(counted):
        yield _change(sheet, counted)
    shared = _column(sheet, "change_percent")
    if len(shared):
        yield _percent(sheet, shared)


def _change(sheet: Sheet, rows: Rows) -> Checks:
    stated = printed_column(sheet.table, "change", None, rows)
    base = sheet.earlier[sheet.keys.cell[rows]]
    value, before = sheet.value.at(rows), sheet.value.at(base)
    numerator, denominator = in_units_of(stated, minus(value, before))
    slack = slack_of(stated, stated) * denominator
    computed = known_only(sheet.known[rows] & (base >= 0), numerator, denominator, slack)
    rounded = np.where(sheet.is_rate(rows), _rounding(stated, value, before), 0)
    loose = (slack_of(stated, value, before) + rounded) * denominator
    texts = sheet.texts[rows] + " - " + sheet.texts[base]
    texts[~computed.known] = ""
    claims = Claims("change", "change", rows, stated, computed, texts)
    return explained(judged(claims, loose=loose))


def _rounding(stated: Printed, *rates: Printed) -> Floats:
    """Return by how much rates may be off that were rounded, in units of the stated change."""
    off: Floats = sum(
        (10.0 ** (stated.decimals - rate.decimals) / 2 for rate in rates), np.zeros(1)
    )
    return off


def _percent(sheet: Sheet, rows: Rows) -> Checks:
    """Check a percentage against the base, or, without one, against the printed change in count."""
    stated = printed_column(sheet.table, "change_percent", "change_percent_decimals", rows)
    earlier = sheet.earlier[sheet.keys.cell[rows]]
    value = sheet.value.at(rows)
    implied = minus(value, printed_column(sheet.table, "change", None, rows))
    base = _either(earlier >= 0, sheet.value.at(earlier), implied)
    stands = (earlier >= 0) | ~np.isnan(number(sheet.table, "change")[rows])
    grown = minus(value, base)
    computed = percentage(stated, grown, base, sheet.known[rows] & stands & (base.digits > 0))
    share = np.abs(computed.numerator / computed.denominator).astype(np.float64)
    share *= 10.0**-stated.decimals
    loose = divided(100 * slack_of(stated, value) + (100 + share) * slack_of(stated, base), base)
    texts = spelled(grown) + " / " + spelled(base)
    texts[~computed.known] = ""
    claims = Claims("change", "change_percent", rows, stated, computed, texts)
    checks = judged(claims, loose=loose * computed.denominator)
    return _explain(checks, grown, value)


def _explain(checks: Checks, grown: Printed, value: Printed) -> Checks:
    def specific(causes: Causes, wrong: Rows) -> None:
        change, new = grown.at(wrong), value.at(wrong)
        computed = percentage(checks.claims.stated.at(wrong), change, new, new.digits > 0)
        found = agreement(
            checks.claims.stated.digits[wrong], computed.numerator, computed.denominator
        )
        long = np.abs(checks.claims.stated.digits[wrong]) >= LONG
        match = np.flatnonzero((found != APART) & (new.digits > 0) & long)
        detail = spelled(change.at(match)) + " / " + spelled(new.at(match))
        causes.claim(match, "divided_by_new", detail)

    return explained(checks, specific, rate=True)


def _either(first: Bools, one: Printed, other: Printed) -> Printed:
    return Printed(*(np.where(first, a, b) for a, b in zip(one, other, strict=True)))


def _column(sheet: Sheet, name: str) -> Rows:
    """Return the rows that print a change."""
    if name not in sheet.table.columns:
        return sheet.order[:0]
    return np.flatnonzero(~np.isnan(number(sheet.table, name)))
