"""Which printed number is wrong: the one whose single replacement makes every check agree.

The error localisation of Fellegi and Holt (1976), with the values that were printed: checks of one
source that fail and share a number are judged together, and checks that agree acquit.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

import numpy as np

from petitionlib.checks._evidence import KINDS, Evidence
from petitionlib.checks._exact import Printed, apart, product, rounded
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.slips import digit_slip, shifted, variants
from petitionlib.checks.verdict import CHANGE, EQUAL, LONG, VALUE, Bools, Floats, Whole
from petitionlib.tables.grid import number

__all__ = ["Suspects", "find_suspects", "stated_numbers"]

_POINTS: Final = 40  # a number that more values would mend has no one value that is right
_PAIR: Final = 2
_EXACT: Final = float(1 << 53)  # below this a float is a whole number


class Suspects(NamedTuple):
    """Of each check of the evidence: its group (-1: it agrees), and the suspects of the group.

    `first` and `second` are places in the evidence's numbers, or -1; two were exchanged. `right`
    has for each number the value that would be right, in units of its last printed decimal.
    """

    group: Rows
    first: Rows
    second: Rows
    right: Whole


def find_suspects(sheet: Sheet, evidence: Evidence, explained: Bools) -> Suspects:
    """Find the suspects; `explained` are checks whose stated number a slip would produce."""
    groups = _Groups.of(evidence)
    fits = _fitting(evidence, groups)
    acquitted, supported = _elsewhere(sheet, evidence, fits)
    fitting = fits.fits & ~acquitted
    slips = fitting & _one_slip_away(evidence, fits.right, explained)
    first = np.full(groups.number, -1, dtype=np.int64)
    open_ = np.bincount(groups.of_number[fits.several], minlength=groups.number) > 0
    for rivals in (fitting & supported, fitting, slips):  # the later ones only where none is alone
        alone = np.bincount(groups.of_number[rivals], minlength=groups.number) == 1
        alone &= ~open_ | (rivals is not fitting and rivals is not slips)
        some = np.flatnonzero(rivals & alone[groups.of_number] & (first[groups.of_number] < 0))
        first[groups.of_number[some]] = some
    second = np.full(groups.number, -1, dtype=np.int64)
    right = fits.right.copy()
    doubtful = np.bincount(groups.of_number[slips], minlength=groups.number) > 0
    for one, other in _exchanged(sheet, evidence, groups, acquitted):
        here = {int(groups.of_number[each]) for each in (one, other)} - {-1}
        if len(here) > 1 or not doubtful[min(here)]:
            for group in here:
                first[group], second[group] = one, other
            right[one], right[other] = (evidence.printed.digits[each] for each in (other, one))
    return Suspects(groups.of_check, first[groups.of_check], second[groups.of_check], right)


class _Groups(NamedTuple):
    """The groups of failing checks that share a number; -1 is none.

    `everywhere` are the numbers that stand in every check of their group; `limits` are groups of
    checks that only limit a number, `firm` those without an approximate figure.
    """

    of_check: Rows
    of_number: Rows
    number: int
    size: Rows
    everywhere: Bools
    limits: Bools
    firm: Bools

    @classmethod
    def of(cls, evidence: Evidence) -> "_Groups":
        some = np.flatnonzero(evidence.failing[evidence.check])
        check, number_ = evidence.check[some], evidence.number[some]
        label = np.arange(len(evidence.failing))
        while True:
            least = np.full(len(evidence.numbers), len(label))
            np.minimum.at(least, number_, label[check])
            new = label.copy()
            np.minimum.at(new, check, least[number_])
            new = new[new]
            if (new == label).all():
                break
            label = new
        failing = np.flatnonzero(evidence.failing)
        roots, code = np.unique(label[failing], return_inverse=True)
        of_check = np.full(len(label), -1, dtype=np.int64)
        of_check[failing] = code
        of_number = np.full(len(evidence.numbers), -1, dtype=np.int64)
        of_number[number_] = of_check[check]
        size = np.bincount(code, minlength=len(roots))
        count = np.bincount(number_, minlength=len(evidence.numbers))
        equal = np.bincount(code, evidence.relation[failing] == EQUAL, len(roots))
        everywhere = (of_number >= 0) & (count == np.append(size, 0)[of_number])
        rough = np.bincount(code, ~evidence.firm[failing], len(roots))
        return cls(of_check, of_number, len(roots), size, everywhere, equal == 0, rough == 0)


class _Fits(NamedTuple):
    """Which numbers fit: one value of each would mend its group; and that value.

    Of `several` more values would, and one of these is one slip away: they do not fit, but may be
    what is wrong.
    """

    fits: Bools
    right: Whole
    several: Bools


def _fitting(evidence: Evidence, groups: _Groups) -> _Fits:
    """Find the numbers of which one value makes all checks of the group agree and breaks none."""
    candidate = groups.everywhere & np.append(groups.firm, False)[groups.of_number]
    low, high = _window(evidence, candidate)
    value = evidence.numbers % KINDS == VALUE
    low = np.where(value, np.maximum(low, 0), low)
    first = np.ceil(low)
    count = np.floor(high) - first + 1
    few = candidate & (count >= 1) & (count <= _POINTS) & (np.abs(first) < _EXACT)
    limits = np.append(groups.limits, False)[groups.of_number]
    right = evidence.printed.digits.copy()
    passing = np.zeros(len(few), dtype=np.int64)
    start = np.where(few, first, 0).astype(np.int64)
    stated = np.zeros(len(few), dtype=bool)
    for step in range(int(count[few].max(initial=0))):
        some = np.flatnonzero(few & ~limits & (count > step))
        some = some[_mended(evidence, some, start[some] + step)]
        whole = _rounded(evidence, some) == start[some] + step
        better = (passing[some] == 0) | whole
        right[some[better]] = start[some[better]] + step
        stated[some[whole]] = True
        passing[some] += 1
    fits = (passing == 1) | stated
    _limited(evidence, groups, (candidate & limits & (count >= 1), low, high), fits, right)
    several = _one_slip_would_do(evidence, candidate & ~limits & ~fits & (count > 1), low, high)
    return _Fits(fits, right, several)


def _one_slip_would_do(evidence: Evidence, numbers: Bools, low: Floats, high: Floats) -> Bools:
    """Tell which numbers have a value one slip away with which all their checks agree."""
    spots = np.flatnonzero(numbers)
    columns = (evidence.printed.digits[spots], low[spots], high[spots])
    near = [
        [value for value in variants(digits) if least <= value <= most]
        for digits, least, most in zip(*(each.tolist() for each in columns), strict=True)
    ]
    found = np.zeros(len(numbers), dtype=bool)
    for step in range(max(map(len, near), default=0)):
        some = [at for at, values in enumerate(near) if step < len(values) and not found[spots[at]]]
        values = np.array([near[at][step] for at in some], dtype=evidence.printed.digits.dtype)
        found[spots[some][_mended(evidence, spots[some], values)]] = True
    return found


def _window(evidence: Evidence, candidate: Bools) -> tuple[Floats, Floats]:
    """Return between which values all checks of each candidate may agree."""
    low, high = (np.full(len(candidate), end) for end in (-np.inf, np.inf))
    entries = np.flatnonzero(candidate[evidence.number])
    least, most = evidence.window(entries)
    np.maximum.at(low, evidence.number[entries], least)
    np.minimum.at(high, evidence.number[entries], most)
    return low, high


def _mended(evidence: Evidence, numbers: Rows, values: Whole) -> Bools:
    """Tell which numbers, replaced by these values, let all their checks agree."""
    grow = np.zeros(len(evidence.numbers), dtype=values.dtype)
    grow[numbers] = values - evidence.printed.digits[numbers]
    chosen = np.zeros(len(evidence.numbers), dtype=bool)
    chosen[numbers] = True
    entries = np.flatnonzero(chosen[evidence.number])
    of = evidence.number[entries]
    more = [product(weight[entries], grow[of]) for weight in evidence.weights]
    chosen[of[~evidence.agrees(evidence.check[entries], *more)]] = False
    mended: Bools = chosen[numbers]
    return mended


def stated_numbers(evidence: Evidence) -> Rows:
    """Return the number that each check states."""
    found = np.full(len(evidence.failing), -1, dtype=np.int64)
    entries = np.flatnonzero(evidence.weights[0] == 1)
    found[evidence.check[entries]] = evidence.number[entries]
    return found


def _rounded(evidence: Evidence, numbers: Rows) -> Whole:
    """Return what some numbers would be, rounded, in a failing check that states them."""
    checks = np.flatnonzero(evidence.failing & (evidence.relation == EQUAL))
    found = np.full(len(evidence.numbers), -1, dtype=evidence.stated.dtype)
    found[stated_numbers(evidence)[checks]] = rounded(
        evidence.numerator[checks], evidence.denominator[checks]
    )
    return found[numbers]


def _limited(
    evidence: Evidence,
    groups: _Groups,
    within: tuple[Bools, Floats, Floats],
    fits: Bools,
    right: Whole,
) -> None:
    """Let a number fit in a group of limits if it alone has a value one slip away, and only one."""
    candidate, low, high = within
    candidate = candidate & ~_open(evidence, groups, within)
    found: dict[int, list[tuple[int, int]]] = {}
    order = np.flatnonzero(candidate)
    columns = (
        order,
        groups.of_number[order],
        evidence.printed.digits[order],
        low[order],
        high[order],
    )
    for spot, group, digits, least, most in zip(*(each.tolist() for each in columns), strict=True):
        mine = found.setdefault(group, [])
        if len(mine) < _PAIR:
            near = (value for value in variants(digits) if least <= value <= most)
            mine += [(spot, value) for value in islice(near, _PAIR)]
    alone = [mine[0] for mine in found.values() if len(mine) == 1]
    if alone:
        spots, values = (np.array(each, dtype=right.dtype) for each in zip(*alone, strict=True))
        spots = spots.astype(np.int64)
        mended = _mended(evidence, spots, values)
        fits[spots[mended]], right[spots[mended]] = True, values[mended]


def _open(evidence: Evidence, groups: _Groups, within: tuple[Bools, Floats, Floats]) -> Bools:
    """Tell the numbers whose groups hold one that a lost or an added digit mends in two ways."""
    candidate, low, high = within
    size = np.abs(evidence.printed.digits).astype(np.float64)
    long = candidate & (evidence.printed.digits >= LONG)
    more = long & np.isinf(high) & (10 * size >= low)
    two = evidence.printed.digits % 100 % 11 != 0  # the last digits differ
    less = long & (low <= 0) & (size // 10 + 10 <= high) & two
    several = np.zeros(groups.number + 1, dtype=bool)
    several[groups.of_number[more | less]] = True
    found: Bools = several[groups.of_number]
    return found


def _elsewhere(sheet: Sheet, evidence: Evidence, fits: _Fits) -> tuple[Bools, Bools]:
    """Tell which numbers another source prints too, and of which it prints the right value."""
    acquitted, supported = (np.zeros(len(evidence.numbers), dtype=bool) for _ in range(2))
    some = np.flatnonzero((evidence.numbers % KINDS == VALUE) & (fits.fits | _failing(evidence)))
    mine = evidence.numbers[some] // KINDS
    owner, rows = sheet.printed_in(sheet.keys.cell[mine])
    other = (sheet.source[rows] != sheet.source[mine[owner]]) & ~sheet.value.rough[rows]
    owner, rows = owner[other], rows[other]
    value, spots = number(sheet.table, "value")[rows], some[owner]
    acquitted[spots[value == number(sheet.table, "value")[mine[owner]]]] = True
    right = fits.right[spots].astype(np.float64) / 10.0 ** evidence.printed.decimals[spots]
    supported[spots[fits.fits[spots] & (value == right)]] = True
    return acquitted, supported


def _failing(evidence: Evidence) -> Bools:
    """Tell which numbers stand in a failing check."""
    found = np.zeros(len(evidence.numbers), dtype=bool)
    found[evidence.number[evidence.failing[evidence.check]]] = True
    return found


def _one_slip_away(evidence: Evidence, right: Whole, explained: Bools) -> Bools:
    """Tell which numbers one simple slip separates from the value that would be right."""
    printed, decimals = evidence.printed.digits, evidence.printed.decimals
    meant = Printed(right, decimals, evidence.printed.rough)
    found = digit_slip(printed, right) | (shifted(evidence.printed, meant) != 0)
    found |= (evidence.numbers % KINDS >= CHANGE) & (printed == -right) & (printed != 0)
    stated = stated_numbers(evidence)[explained & evidence.failing]
    found[stated[stated >= 0]] = True
    slipped: Bools = found
    return slipped


def _exchanged(
    sheet: Sheet, evidence: Evidence, groups: _Groups, acquitted: Bools
) -> Iterator[tuple[int, int]]:
    """Yield pairs of numbers of one source, place and period that were exchanged.

    Each is the only pair of its groups that mends all their checks and breaks none.
    """
    pairs = _pairs(sheet, evidence, groups)
    firm = np.append(groups.firm, True)[groups.of_number]
    pairs = pairs[~acquitted[pairs].any(axis=1) & firm[pairs].all(axis=1)]
    pairs = pairs[_mended_pairs(evidence, groups, pairs)]
    of = groups.of_number[pairs]
    several = np.zeros(groups.number + 1, dtype=np.int64)
    np.add.at(several, of[:, 0], 1)
    np.add.at(several, of[of[:, 0] != of[:, 1], 1], 1)
    several[-1] = 1  # numbers that stand in no failing check
    yield from pairs[(several[of] == 1).all(axis=1)].tolist()


def _pairs(sheet: Sheet, evidence: Evidence, groups: _Groups) -> Rows:
    """Return pairs that would mend the first failing sum of a group, if they were exchanged."""
    sums = evidence.failing & (evidence.relation == EQUAL)
    first = np.full(groups.number, len(sums), dtype=np.int64)
    checks = np.flatnonzero(sums)
    np.minimum.at(first, groups.of_check[checks], checks)
    chosen = np.zeros(len(sums) + 1, dtype=bool)
    chosen[first] = True
    entries = np.flatnonzero(chosen[evidence.check])
    value = evidence.numbers % KINDS == VALUE
    entries = entries[(value & _long(evidence))[evidence.number[entries]]]
    pairs = np.concatenate([
        _in_one_sum(evidence, entries), _as_wanted(sheet, evidence, entries, value)
    ])  # fmt: skip
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _long(evidence: Evidence) -> Bools:
    long: Bools = np.abs(evidence.printed.digits) >= LONG
    return long


def _in_one_sum(evidence: Evidence, entries: Rows) -> Rows:
    """Return pairs of numbers of one sum that it would agree with, if they were exchanged."""
    checks = evidence.check[entries]
    digits = evidence.printed.digits[evidence.number[entries]]
    decimals = evidence.printed.decimals[evidence.number[entries]]
    s, n, d = (weight[entries] for weight in evidence.weights)
    weight = n - s * evidence.denominator[checks]
    rest = -apart(evidence.stated[checks], evidence.numerator[checks], evidence.denominator[checks])
    found = [np.zeros((0, 2), dtype=np.int64)]
    for step in range(1, len(entries)):
        one, other = np.arange(len(entries) - step), np.arange(step, len(entries))
        same = checks[one] == checks[other]
        if not same.any():
            break
        one, other = one[same], other[same]
        linear = (d[one] == 0) & (d[other] == 0) & (decimals[one] == decimals[other])
        more = product(weight[one] - weight[other], digits[other] - digits[one])
        match = linear & (rest[one] + more == 0)
        found.append(np.stack([
            evidence.number[entries[one[match]]], evidence.number[entries[other[match]]]
        ], axis=1))  # fmt: skip
    return np.concatenate(found)


def _as_wanted(sheet: Sheet, evidence: Evidence, entries: Rows, value: Bools) -> Rows:
    """Return pairs of a number of a sum and another one that has the value it should have."""
    low, high = evidence.window(entries)
    low, high = np.ceil(low), np.floor(high)
    near = np.flatnonzero((high >= low) & (high - low <= 1) & (np.abs(low) < _EXACT))
    rivals = np.flatnonzero(value & _long(evidence))
    if not len(near) or not len(rivals):
        return np.zeros((0, 2), dtype=np.int64)
    wanted = np.concatenate([low[near], high[near]]).astype(np.int64)
    mine = np.concatenate([evidence.number[entries[near]]] * 2)
    block = sheet.group[evidence.numbers // KINDS]
    digits, decimals = evidence.printed.digits, evidence.printed.decimals
    known, code = np.unique(digits[rivals], return_inverse=True)
    spot = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    some = np.flatnonzero(known[spot] == wanted)
    mine, spot = mine[some], spot[some]
    key = block[rivals] * len(known) + code
    order = np.argsort(key, kind="stable")
    query = block[mine] * len(known) + spot
    low_, high_ = (np.searchsorted(key[order], query, side) for side in ("left", "right"))
    count = high_ - low_
    owner = np.repeat(np.arange(len(mine)), count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    other = rivals[order[place + np.repeat(low_, count)]]
    one = mine[owner]
    here = (one != other) & (decimals[one] == decimals[other])
    return np.stack([one[here], other[here]], axis=1)


def _mended_pairs(evidence: Evidence, groups: _Groups, pairs: Rows) -> Bools:
    """Tell which pairs, exchanged, let all checks of their groups and all others agree."""
    order = np.argsort(evidence.number, kind="stable")
    sorted_ = evidence.number[order]
    digits = evidence.printed.digits
    parts = []
    for side in (0, 1):
        numbers = pairs[:, side]
        low, high = (np.searchsorted(sorted_, numbers, edge) for edge in ("left", "right"))
        count = high - low
        owner = np.repeat(np.arange(len(pairs)), count)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        entries = order[place + np.repeat(low, count)]
        grow = (digits[pairs[:, 1 - side]] - digits[numbers])[owner]
        weights = (product(weight[entries], grow) for weight in evidence.weights)
        parts.append((owner, evidence.check[entries], *weights))
    owner, check, *more = (np.concatenate(each) for each in zip(*parts, strict=True))
    key, spot = np.unique(owner * len(evidence.failing) + check, return_inverse=True)
    sums = []
    for each in more:
        total = np.zeros(len(key), dtype=each.dtype)
        np.add.at(total, spot, each)
        sums.append(total)
    owner, check = key // max(len(evidence.failing), 1), key % max(len(evidence.failing), 1)
    agrees = evidence.agrees(check, *sums)
    broken = np.bincount(owner, ~agrees, len(pairs))
    mended = np.bincount(owner, evidence.failing[check], len(pairs))
    of = groups.of_number[pairs]
    size = np.append(groups.size, 0)
    needed = size[of[:, 0]] + np.where(of[:, 0] == of[:, 1], 0, size[of[:, 1]])
    found: Bools = (broken == 0) & (mended == needed)
    return found
