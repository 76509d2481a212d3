"""The checks that bear on doubtful numbers, flat: which numbers each holds; and what if."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from petitionlib.checks._exact import APART, Printed, agreement, power, product
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.percents import given
from petitionlib.checks.verdict import (
    CONTRADICTS,
    EQUAL,
    GROWTH,
    HOLDS,
    LEAST,
    MOST,
    VALUE,
    Bools,
    Checks,
    Floats,
    Whole,
)
from petitionlib.codebook.codes import NUMBERS

__all__ = ["KINDS", "Evidence", "gather"]

KINDS: Final = len(NUMBERS)  # the number of a row's kind is row * KINDS + kind
_OUTSIDE: Final = frozenset({"conflict", "scale"})  # they accuse nobody, and acquit nobody
_AGREES: Final = HOLDS  # and all verdicts before it
_LEAST_STEP: Final = 1e-7


class Evidence(NamedTuple):
    """Checks, and the printed numbers of their own source that they hold.

    Of each check: which of the sets it is in and where (`made`, `spot`), whether it is `failing`,
    its figure's row, the stated number and the computed fraction, by how much they may differ,
    whether its figures are exact, and no doubtful one of another source is among them (`firm`), and
    how they must stand to each other. Of each
    entry, sorted by check: the check, the number (its place in `numbers`), and by how much stated,
    numerator and denominator grow with it.
    """

    made: Rows
    spot: Rows
    row: Rows
    failing: Bools
    relation: Rows
    stated: Whole
    decimals: Rows
    numerator: Whole
    denominator: Whole
    tolerance: Floats
    firm: Bools
    check: Rows
    number: Rows
    weights: tuple[Whole, Whole, Whole]
    numbers: Rows
    printed: Printed

    def agrees(self, checks: Rows, stated: Whole, numerator: Whole, denominator: Whole) -> Bools:
        """Tell which checks would agree with other numbers than the printed ones.

        What is stated, and the fraction that is computed, grow by so much.
        """
        stated = _sum(self.stated[checks], stated)
        numerator = _sum(self.numerator[checks], numerator)
        denominator = _sum(self.denominator[checks], denominator)
        found = np.zeros(len(checks), dtype=bool)
        relation, tolerance = self.relation[checks], self.tolerance[checks]
        sound = denominator > 0
        gap = product(stated, denominator) - numerator
        some = np.flatnonzero(sound & (relation == EQUAL))
        near = agreement(stated[some], numerator[some], denominator[some]) != APART
        found[some] = near | (np.abs(gap[some]).astype(np.float64) <= tolerance[some])
        found |= sound & (relation == MOST) & ((gap <= 0) | (gap <= tolerance))
        found |= sound & (relation == LEAST) & ((gap >= 0) | (-gap <= tolerance))
        for kind in np.unique(relation[relation >= GROWTH]).tolist():
            some = np.flatnonzero(relation == kind)
            zero = np.zeros(len(some), dtype=np.int64)
            count = Printed(numerator[some], zero, zero.astype(bool))
            found[some] = given(stated[some], power(self.decimals[checks[some]]), count, kind)[0]
        return found

    def window(self, entries: Rows) -> tuple[Floats, Floats]:
        """Return between which values the number of each entry lets its check agree.

        In units of its last printed decimal, and not narrower than they are: `agrees` decides.
        """
        checks = self.check[entries]
        s, n, d = (weight[entries].astype(np.float64) for weight in self.weights)
        stated = self.stated[checks].astype(np.float64)
        top, below = (part[checks].astype(np.float64)
                      for part in (self.numerator, self.denominator))  # fmt: skip
        off = self.tolerance[checks] / below
        relation, computed = self.relation[checks], top / below
        step = np.maximum(_LEAST_STEP, np.maximum(np.abs(stated), np.abs(computed)) * 1e-12)
        low, high = _agreeing(stated, off, relation, inverse=True)
        low -= step
        high += np.where((relation == EQUAL) & (off == 0) & (d == 0) & (stated >= 0), -step, step)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = [n - np.where(d == 0, 0.0, q * d) for q in (low, high)]
            ends = [(q * below - top) / each for q, each in zip((low, high), scale, strict=True)]
        pole = np.sign(scale[0]) * np.sign(scale[1]) <= 0
        least = np.where(pole, -np.inf, np.fmin(*ends))
        most = np.where(pole, np.inf, np.fmax(*ends))
        own_low, own_high = _agreeing(computed, off, relation, inverse=False)
        own = s != 0
        least = np.where(own, (own_low - step - stated) / np.where(own, s, 1), least)
        most = np.where(own, (own_high + step - stated) / np.where(own, s, 1), most)
        free = relation >= GROWTH
        value = self.printed.digits[self.number[entries]].astype(np.float64)
        return (np.where(free, -np.inf, value + least), np.where(free, np.inf, value + most))


def _agreeing(
    number: Floats, off: Floats, relation: Rows, *, inverse: bool
) -> tuple[Floats, Floats]:
    """Return what agrees with a computed number, or (`inverse`) with a stated one."""
    positive, negative = number > 0, number < 0
    near, far = (0.5, 1.0) if inverse else (1.0, 0.5)
    zero = ~(positive | negative)
    low = number - np.where(positive, near, far) - off
    high = number + np.where(positive, far, near) + off
    low, high = np.where(zero, -1.0 - off, low), np.where(zero, 1.0 + off, high)
    least, most = (MOST, LEAST) if inverse else (LEAST, MOST)
    low = np.where(relation == least, number - off, np.where(relation == most, -np.inf, low))
    high = np.where(relation == most, number + off, np.where(relation == least, np.inf, high))
    return low, high


def gather(sheet: Sheet, made: Sequence[Checks]) -> Evidence:
    """Collect the checks that contradict, and those that agree and hold a number beside theirs.

    That is a number of a check that contradicts, or one with which it may have been exchanged: a
    value of the same source, place and period.
    """
    failing = [_failing(checks) for checks in made]
    marks = [np.zeros(len(sheet.table) + 1, dtype=bool) for _ in NUMBERS]
    for checks, some in zip(made, failing, strict=True):
        if len(some):
            rows, kinds = _numbers(sheet, checks, some)[1:3]
            for kind, mark in enumerate(marks):
                mark[rows[kinds == kind]] = True
    accused = [mark.copy() for mark in marks]
    beside = np.zeros(sheet.groups, dtype=bool)
    for mark in marks:
        beside[sheet.group[np.flatnonzero(mark[:-1])]] = True
    marks[VALUE][:-1] |= beside[sheet.group]
    wanted = [
        np.sort(np.concatenate([some, _touching(checks, marks)]))
        for checks, some in zip(made, failing, strict=True)
    ]
    return _flat(sheet, made, wanted, accused)


def _failing(checks: Checks) -> Rows:
    if checks.claims.check in _OUTSIDE:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(checks.verdict == CONTRADICTS)


def _borrowing(sheet: Sheet, checks: Checks, some: Rows, accused: Sequence[Bools]) -> Bools:
    """Tell which claims hold a number of another source that contradicts others of that source."""
    terms = checks.claims.terms.entries(some)
    row, owner = terms.row, terms.owner
    wrong = sheet.source[row] != sheet.source[checks.claims.rows[some]][owner]
    wrong &= np.choose(terms.kind, [mark[row] for mark in accused])
    found = np.zeros(len(some), dtype=bool)
    found[owner[wrong]] = True
    return found


def _touching(checks: Checks, marks: Sequence[Bools]) -> Rows:
    """Return the claims that agree and hold a number that is meant."""
    claims = checks.claims
    if claims.check in _OUTSIDE:
        return np.zeros(0, dtype=np.int64)
    touched = marks[claims.kind][claims.rows] | claims.terms.touching(marks)
    found: Rows = np.flatnonzero(touched & (checks.verdict <= _AGREES))
    return found


def _numbers(sheet: Sheet, checks: Checks, some: Rows) -> tuple[Any, ...]:
    """Return the numbers of some claims that are of their own source: owner, row, kind, weights."""
    claims = checks.claims
    own = np.arange(len(some))
    terms = claims.terms.entries(some)
    zero = own * 0
    columns = [
        (own, terms.owner), (claims.rows[some], terms.row), (zero + claims.kind, terms.kind),
        (zero + 1, terms.owner * 0), (zero, terms.numerator), (zero, terms.denominator),
    ]  # fmt: skip
    owner, row, kind, *weights = (np.concatenate(each) for each in columns)
    here = np.flatnonzero(sheet.source[row] == sheet.source[claims.rows[some]][owner])
    here = here[np.argsort(owner[here], kind="stable")]
    return owner[here], row[here], kind[here], *(weight[here] for weight in weights)


def _flat(
    sheet: Sheet, made: Sequence[Checks], wanted: Sequence[Rows], accused: Sequence[Bools]
) -> Evidence:
    """Put some claims of each set one after the other; `accused` stand in a failing check."""
    checks: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    start = 0
    for index, (one, some) in enumerate(zip(made, wanted, strict=True)):
        if not len(some):
            continue
        claims = one.claims
        numerator, denominator = claims.computed.numerator[some], claims.computed.denominator[some]
        if isinstance(claims.relation, int) and claims.relation >= GROWTH:
            count = claims.terms.entries(some)
            numerator, denominator = sheet.value.digits[count.row], np.ones(len(some), dtype=int)
        relation = np.broadcast_to(claims.relation, len(claims.rows))[some]
        checks.append((
            np.full(len(some), index), some, claims.rows[some], one.verdict[some] == CONTRADICTS,
            relation, claims.stated.digits[some], claims.stated.decimals[some], numerator,
            denominator, one.tolerance[some].astype(np.float64),
            one.firm[some] & ~_borrowing(sheet, one, some, accused),
        ))  # fmt: skip
        owner, row, kind, *weights = _numbers(sheet, one, some)
        entries.append((owner + start, row.astype(np.int64) * KINDS + kind, *weights))
        start += len(some)
    columns = [_chain(each) for each in zip(*checks, strict=True)] or [_NOTHING] * 11
    check, number, *weights = [_chain(each) for each in zip(*entries, strict=True)] or [
        _NOTHING
    ] * 5
    numbers, place = np.unique(number, return_inverse=True)
    made_, spot, row, failing, relation, *rest, firm = columns
    stated, decimals, top, below, tolerance = rest
    return Evidence(
        made_, spot, row, failing.astype(bool), relation, stated, decimals, top, below, tolerance,
        firm.astype(bool), check, place, (weights[0], weights[1], weights[2]), numbers,
        _printed(sheet, numbers),
    )  # fmt: skip


_NOTHING: Final = np.zeros(0, dtype=np.int64)


def _printed(sheet: Sheet, numbers: Rows) -> Printed:
    """Return numbers as they were printed."""
    found = Printed(
        np.zeros(len(numbers), dtype=object), np.zeros(len(numbers), dtype=np.int64),
        np.zeros(len(numbers), dtype=bool),
    )  # fmt: skip
    for kind in range(KINDS):
        spots = np.flatnonzero(numbers % KINDS == kind)
        if len(spots):
            for whole, part in zip(
                found, sheet.printed(kind, numbers[spots] // KINDS), strict=True
            ):
                whole[spots] = part
    largest = np.abs(found.digits).max(initial=0)
    return found if largest > _WIDE else found._replace(digits=found.digits.astype(np.int64))


_WIDE: Final = 1 << 60


def _chain(arrays: Sequence[Any]) -> Any:
    return np.concatenate(arrays)


def _sum(one: Whole, other: Whole) -> Whole:
    """Add whole numbers without overflowing."""
    wide = max(float(np.abs(each).max(initial=0)) for each in (one, other)) > float(_WIDE)
    total: Whole = one.astype(object) + other if wide else one + other
    return total
