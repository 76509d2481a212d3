"""Totals against their parts."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from petitionlib.checks._exact import Printed, power, product, roomy, scaled, spelled, unit
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.causes import Causes
from petitionlib.checks.verdict import (
    LONG,
    Bools,
    Checks,
    Claims,
    Computed,
    Texts,
    Whole,
    explained,
    in_units_of,
    judged,
    other_totals,
)
from petitionlib.codebook.entries import entries

__all__ = ["Terms", "check_sum", "check_sums", "rules_of"]


def check_sums(sheet: Sheet) -> Iterator[Checks]:
    """Check each total of the codebook against the sum of its parts, from the same source."""
    for rule in rules_of(sheet):
        if rule["relation"] == "=":
            rows = sheet.rows_of(rule["whole"])
            names = rule["parts"].split(" + ")
            parts = np.stack([sheet.beside(name, rows) for name in names], axis=1)
            count = (parts >= 0).sum(axis=1)
            some = count >= 1
            if rule["severity"] == _SCHEME:
                others = [sheet.beside(name, rows) < 0 for name in _other_schemes(sheet, rule)]
                some = np.logical_and.reduce([count == len(names), *others])
            rows, parts, whole = rows[some], parts[some], count[some] == len(names)
            more = sheet.beside(rule["plus"], rows)
            for printed in (True, False) if rule["plus"] else (False,):
                here = np.flatnonzero((more >= 0) == printed)
                owner, column = np.nonzero(parts[here] >= 0)
                plus = more[here] if printed else None
                terms = Terms(owner, parts[here][owner, column], "indicator", whole[here], plus)
                severe = printed or rule["severity"] != "warning"
                yield check_sum(sheet, rule["identity"], rows[here], terms, severe=severe)


_SCHEME: Final = "whole_only"
_FEW: Final = 8
_TWO_DIGITS: Final = 10


class Terms(NamedTuple):
    """The parts of totals: the total each belongs to, its row, and which totals have them all.

    `plus` is the row of what is added to each total.
    """

    owner: Rows
    rows: Rows
    kind: str
    whole: Bools
    plus: Rows | None = None


def rules_of(sheet: Sheet) -> list[Mapping[str, str]]:
    """Return the identities that the indicators of a table bear on."""
    used = set(sheet.keys.indicators)
    rules = entries("identities", sheet.table).values()
    return [
        rule for rule in rules if rule["whole"] in used and used & set(rule["parts"].split(" + "))
    ]


def _other_schemes(sheet: Sheet, rule: Mapping[str, str]) -> set[str]:
    """Return the parts of other schemes of the same whole: where one is printed, it is another."""
    rules = [r for r in rules_of(sheet) if (r["whole"], r["severity"]) == (rule["whole"], _SCHEME)]
    parts = {part for other in rules for part in other["parts"].split(" + ")}
    return parts - {*rule["parts"].split(" + ")}


def check_sum(
    sheet: Sheet, identity: str, rows: Rows, terms: Terms, *, severe: bool = True
) -> Checks:
    """Check the totals of some rows against the sum of their terms."""
    stated, parts = sheet.value.at(rows), sheet.value.at(terms.rows)
    plus = None if terms.plus is None else sheet.value.at(terms.plus)
    decimals = max(_most(stated), _most(parts), 0 if plus is None else _most(plus))
    first = np.searchsorted(terms.owner, np.arange(len(rows)))
    numerator = _segments(scaled(parts, decimals), first)
    denominator = power(decimals - stated.decimals)
    slack = unit(stated) * denominator.astype(np.float64)
    if parts.rough.any():
        units = product(unit(parts), power(decimals - parts.decimals))
        slack += _segments(units, first).astype(np.float64)
    texts = _joined(sheet.texts[terms.rows], first)
    if plus is not None:
        added = scaled(plus, decimals)
        most = sum(float(np.abs(numbers).max(initial=0)) for numbers in (numerator, added))
        numerator, added = roomy(most, numerator, added)
        numerator = numerator - added
        slack += product(unit(plus), power(decimals - plus.decimals)).astype(np.float64)
        texts = texts + " - " + sheet.texts[terms.plus]
    computed = Computed(numerator, denominator, slack, terms.whole)
    checks = judged(Claims("sum", identity, rows, stated, computed, texts), severe=severe)

    def specific(causes: Causes, wrong: Rows) -> None:
        _wrong_parts(sheet, checks, terms, decimals)
        if terms.kind == "indicator":
            _wrong_totals(sheet, causes, checks.claims, wrong)

    return explained(checks, specific)


def _wrong_parts(sheet: Sheet, checks: Checks, terms: Terms, decimals: int) -> None:
    """Name a part that was left out of a total, or counted twice."""
    claims, causes = checks.claims, checks.causes
    stated = scaled(claims.stated.at(causes.rows), decimals)
    total = claims.computed.numerator[causes.rows]
    spot = np.full(len(claims.rows), -1, dtype=np.int64)
    spot[causes.rows] = np.arange(len(causes.rows))
    mine = np.flatnonzero(spot[terms.owner] >= 0)
    owner, rows = spot[terms.owner[mine]], terms.rows[mine]
    size = scaled(sheet.value.at(rows), decimals)
    names = sheet.table[terms.kind].iloc[rows].to_numpy(dtype=object)
    longest = np.zeros(len(total), dtype=np.int64)
    np.maximum.at(longest, owner, sheet.value.decimals[rows])
    shortened = total // power(decimals - longest)
    written = spelled(Printed(shortened, longest, np.zeros(len(total), dtype=bool)))
    for cause, gap, mark in (
        ("part_left_out", total - stated, " - "),
        ("part_twice", stated - total, " + "),
    ):
        match = np.flatnonzero((size >= _TWO_DIGITS) & (size == gap[owner]))
        found, first = np.unique(owner[match], return_index=True)
        detail = written[found] + mark + sheet.texts[rows[match[first]]]
        causes.claim(found, cause, detail, names[match[first]])


def _wrong_totals(sheet: Sheet, causes: Causes, claims: Claims, wrong: Rows) -> None:
    """Name another printed total of the same unit that equals the sum, or the printed number."""
    rows, stated = claims.rows[wrong], claims.stated.at(wrong)
    numerator, denominator = claims.computed.numerator[wrong], claims.computed.denominator[wrong]
    name = str(sheet.table["indicator"].iloc[rows[0]])
    rules = [{rule["whole"], *rule["parts"].split(" + ")} for rule in rules_of(sheet)]
    near = set().union(*(codes for codes in rules if name in codes))
    for total in other_totals(sheet, name):
        if total not in near:  # those are equal where the rest is zero
            other = sheet.beside(total, rows)
            digits, one = in_units_of(stated, sheet.value.at(other))
            equal = product(numerator, one) == product(digits, denominator)
            equal |= product(stated.digits, one) == digits
            long = np.abs(sheet.value.digits[other]) >= LONG
            match = np.flatnonzero(equal & long & (other >= 0))
            causes.claim(match, "other_total", sheet.texts[other[match]], total)


def _segments(numbers: Whole, first: Rows) -> Whole:
    """Add up runs of numbers that begin at `first`."""
    if not len(first):
        return numbers[:0]
    count = np.diff(np.append(first, len(numbers))).max()
    (numbers,) = roomy(float(np.abs(numbers).max()) * float(count), numbers)
    total: Whole = np.add.reduceat(numbers, first)
    return total


def _joined(texts: Texts, first: Rows) -> Texts:
    """Join runs of texts that begin at `first` by plus signs."""
    count = np.diff(np.append(first, len(texts)))
    joined = texts[first]
    for position in range(1, _FEW):
        longer = np.flatnonzero((count > position) & (count <= _FEW))
        joined[longer] = joined[longer] + " + " + texts[first[longer] + position]
    for run in np.flatnonzero(count > _FEW):  # piece by piece, long ones would take their square
        joined[run] = " + ".join(texts[first[run] : first[run] + count[run]])
    return joined


def _most(numbers: Printed) -> int:
    return int(numbers.decimals.max(initial=0))
