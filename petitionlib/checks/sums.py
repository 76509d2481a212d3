"""Totals against their parts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from petitionlib.checks._exact import Printed, apart, power, product, roomy, scaled, unit
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.verdict import (
    CANNOT_CHECK,
    CONTRADICTS,
    EQUAL,
    HOLDS,
    LEAST,
    UNEXPLAINED,
    Bools,
    Checks,
    Claims,
    Coded,
    Computed,
    Slot,
    Terms,
    Texts,
    Whole,
    coded,
    in_slots,
    judged,
)
from petitionlib.codebook.entries import entries

__all__ = ["Parts", "check_sum", "check_sums", "rules_of"]


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
            rows, parts = rows[some], parts[some]
            more = sheet.beside(rule["plus"], rows)
            for printed in (True, False) if rule["plus"] else (False,):
                here = np.flatnonzero((more >= 0) == printed)
                plus = more[here] if printed else None
                severe = printed or rule["severity"] != "warning"
                yield check_sum(
                    sheet, rule["identity"], rows[here], Parts(parts[here], names),
                    plus=(rule["plus"], plus), severe=severe,
                )  # fmt: skip


_SCHEME: Final = "whole_only"
_FEW: Final = 8


class Parts:
    """The parts of totals: a row for each total, a column for each part, -1 where none is printed.

    `names` are their codes; `needed` tells which of them a total has, `whole` which totals have
    all of theirs.
    """

    def __init__(self, rows: Rows, names: Sequence[str], needed: Bools | None = None) -> None:
        """Take the rows of the parts and their names."""
        self.rows, self.names = rows, names
        self.present = rows >= 0
        self.lacking = ~self.present if needed is None else needed & ~self.present
        self.whole: Bools = np.logical_not(self.lacking.any(axis=1))
        self.owner, column = np.nonzero(self.present)
        self.flat = rows[self.owner, column]
        self.first = np.searchsorted(self.owner, np.arange(len(rows)))

    def named(self, which: Bools, more: str = "") -> Coded:
        """Return the names of these parts of each total, joined."""
        patterns, codes = _patterns(which)
        names = [
            " + ".join([name for name, yes in zip(self.names, row, strict=True) if yes] + [more])
            for row in patterns.tolist()
        ]
        return Coded(codes, [name.removesuffix(" + ") for name in names])


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


def check_sum(  # noqa: PLR0913  # a total, its parts, and what is added to it
    sheet: Sheet,
    identity: str,
    rows: Rows,
    parts: Parts,
    *,
    plus: tuple[str, Rows | None] = ("", None),
    severe: bool = True,
) -> Checks:
    """Check the totals of some rows against the sum of their parts.

    Parts are never negative: where one is not printed, the others must not exceed the total.
    """
    stated, terms = sheet.value.at(rows), sheet.value.at(parts.flat)
    more, added = plus
    extra = None if added is None else sheet.value.at(added)
    decimals = max(_most(stated), _most(terms), 0 if extra is None else _most(extra))
    numerator = _segments(scaled(terms, decimals), parts.first)
    denominator = power(decimals - stated.decimals)
    slack = _slack(unit(stated), denominator)
    if terms.rough.any() and len(rows):
        units = _slack(unit(terms), power(decimals - terms.decimals))
        slack = slack + np.add.reduceat(units, parts.first)
    values = _joined(sheet.texts[parts.flat], parts.first)
    slots = [Slot(column) for column in parts.rows.T]
    if added is not None and extra is not None:
        numerator, digits = roomy(_most_of(numerator) + _most_of(scaled(extra, decimals)),
                                  numerator, scaled(extra, decimals))  # fmt: skip
        numerator = numerator - digits
        slack = slack + _slack(unit(extra), power(decimals - extra.decimals))
        values = values + " + " + sheet.texts[added]
        slots.append(Slot(added))
    less = added is not None
    claims = Claims(
        "sum", identity, rows, stated, Computed(numerator, denominator, slack, parts.whole),
        _terms(sheet, slots, decimals, less=less), parts.named(parts.present, more if less else ""),
        values, coded("", rows) if parts.whole.all() else parts.named(parts.lacking),
        relation=np.where(parts.whole, EQUAL, LEAST),
    )  # fmt: skip
    return _incomplete(judged(claims, severe=severe), severe=severe)


def _incomplete(checks: Checks, *, severe: bool) -> Checks:
    """Judge the totals of which a part is not printed by the parts that are."""
    claims = checks.claims
    numerator, denominator, slack, whole = claims.computed
    some = np.flatnonzero(~whole)
    if not len(some):
        return checks
    gap = apart(claims.stated.digits[some], numerator[some], denominator[some])
    verdict, known = checks.verdict, whole.copy()
    verdict[some[gap == 0]] = HOLDS
    verdict[some[-gap > slack[some]]] = CONTRADICTS if severe else UNEXPLAINED
    known[some] = verdict[some] != CANNOT_CHECK
    computed = claims.computed._replace(known=known)
    missing = claims.missing
    return checks._replace(claims=claims._replace(computed=computed, missing=missing))


def _terms(sheet: Sheet, slots: Sequence[Slot], decimals: int, *, less: bool) -> Terms:
    """Return the terms of sums; the last slot is taken away from them if there is `less`."""

    def weights(some: Rows) -> list[tuple[Any, int]]:
        found = [(power(decimals - sheet.value.decimals[slot.rows[some]]), 0) for slot in slots]
        return [*found[:-1], (-found[-1][0], 0)] if less else found

    return in_slots(slots, weights)


def _patterns(which: Bools) -> tuple[Bools, Rows]:
    """Return the different rows of a matrix, and which of them each row is."""
    codes = np.zeros(len(which), dtype=np.int64)
    if not len(which) or which.all():
        return which[:1], codes
    for column in which.T:
        codes = codes * 2 + column
        if codes.max(initial=0) > _WIDE:
            codes = pd.factorize(codes)[0]
    codes, kinds = pd.factorize(codes)
    first = np.zeros(len(kinds), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return which[first], codes


_WIDE: Final = 1 << 60


def _slack(units: Whole, scale: Whole) -> Any:
    return product(units, scale).astype(np.float64)


def _most_of(numbers: Whole) -> float:
    return float(np.abs(numbers).max(initial=0))


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
