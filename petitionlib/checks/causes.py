"""The simple slips that would produce a printed number."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from petitionlib.checks._exact import (
    APART,
    EXACT,
    Printed,
    agreement,
    minus,
    power,
    product,
    rounded,
    spelled,
)
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.changes import stating
from petitionlib.checks.slips import digit_slip
from petitionlib.checks.sums import rules_of
from petitionlib.checks.verdict import (
    CHANGE,
    CONTRADICTS,
    EQUAL,
    LONG,
    PERCENT,
    UNEXPLAINED,
    VALUE,
    Bools,
    Checks,
    Texts,
    Whole,
    in_units_of,
    other_totals,
    percentage,
)
from petitionlib.codebook.entries import entries
from petitionlib.codebook.windows import window

__all__ = ["LAST_DIGIT", "Cause", "digits_of", "explanations"]

LAST_DIGIT: Final = "last_digit"  # a digit slip only where it is sure that the number is wrong

_SHIFTS: Final = (1, 2, 3)
_TWO_DIGITS: Final = 10
_USUAL: Final = 2  # decimals of a percentage, at most
_FOUR_DIGITS: Final = 1000


class Cause(NamedTuple):
    """A slip that would produce the stated numbers of some claims of one set.

    `detail` is its arithmetic, `part` the indicator or place that it is about, if there is one.
    """

    code: str
    claims: Rows
    detail: Texts
    part: Any = ""


def explanations(sheet: Sheet, checks: Checks) -> Iterator[Cause]:
    """Yield what may have been done to numbers that contradict, but for slips in their digits."""
    claims = checks.claims
    wrong = _equations(checks, CONTRADICTS)
    if not len(wrong) or claims.check == "conflict":
        return
    if claims.check == "sum":
        yield from _of_parts(sheet, checks, wrong)
        if not str(claims.identity).startswith("children:"):
            yield from _of_totals(sheet, checks, wrong)
    elif claims.check == "rate":
        yield from _of_bases(sheet, checks, wrong)
    elif claims.kind == PERCENT:
        yield from _of_percents(sheet, checks, wrong)
    elif claims.kind == CHANGE:
        yield from _of_changes(sheet, checks, wrong)


def digits_of(checks: Checks) -> Iterator[Cause]:
    """Yield slips in the digits of stated numbers: a wrong digit, a decimal sign that was lost.

    A last digit alone is LAST_DIGIT: it may differ for other reasons, a revision or a part that was
    not printed; in a rate of four digits it counts.
    """
    claims = checks.claims
    wrong = _equations(checks, UNEXPLAINED if claims.check == "scale" else CONTRADICTS)
    if not len(wrong):
        return
    stated = claims.stated.at(wrong)
    numerator, denominator = claims.computed.numerator[wrong], claims.computed.denominator[wrong]
    meant = rounded(numerator, denominator)
    rate = claims.check == "rate" or claims.kind == PERCENT
    near = digit_slip(stated.digits, meant)
    last = stated.digits // _TWO_DIGITS == meant // _TWO_DIGITS
    if rate:
        last &= np.abs(stated.digits) < _FOUR_DIGITS
    longer = np.zeros(len(wrong), dtype=bool)  # what was meant has other decimals, not only zeros
    for cause, spots, times in _shifts(wrong, stated, numerator, denominator):
        more = " * " in "".join(cause.detail[:1])
        one, other = (stated.digits, meant) if more else (meant, stated.digits)
        longer[spots] = one[spots] != product(other[spots], times)
        longer[spots] &= more | (product(10, times) <= power(stated.decimals[spots]))
        yield cause
    if rate:  # of three decimals the last one was rather added: 80.796 for 80.79
        less = digit_slip(stated.digits, rounded(numerator, product(denominator, 10)))
        near &= ~(less & (stated.decimals > _USUAL))
    for code, which in (("digit_slip", ~last), (LAST_DIGIT, last)):
        some = np.flatnonzero(near & ~longer & which)
        yield Cause(code, wrong[some], spelled(stated._replace(digits=meant).at(some)))
    if rate:
        usual = near & (stated.decimals >= 1) & (stated.decimals <= _USUAL)
        yield from _of_decimals(wrong, stated, numerator, denominator, usual)


def _of_decimals(
    wrong: Rows, stated: Printed, numerator: Whole, denominator: Whole, usual: Bools
) -> Iterator[Cause]:
    """Yield digits that were lost or added behind the decimal sign: 26.972 for 26.92.

    None was lost where a number of the `usual` decimals is one slip away.
    """
    for more, meant in ((-1, rounded(numerator, product(denominator, 10))),
                        (1, rounded(product(numerator, 10), denominator))):  # fmt: skip
        long = stated.decimals + more >= 1
        long &= (more < 0) | ~usual
        some = np.flatnonzero(long & digit_slip(stated.digits, meant))
        printed = Printed(meant, np.maximum(stated.decimals + more, 0), stated.rough).at(some)
        yield Cause("digit_slip", wrong[some], spelled(printed))


def _equations(checks: Checks, verdict: int) -> Rows:
    """Return the claims with a verdict that give a value, and no approximate one."""
    wrong = np.flatnonzero(checks.verdict == verdict)
    relation = np.broadcast_to(checks.claims.relation, len(checks.verdict))[wrong]
    found: Rows = wrong[(relation == EQUAL) & checks.firm[wrong]]
    return found


def _shifts(
    wrong: Rows, stated: Printed, numerator: Whole, denominator: Whole
) -> Iterator[tuple[Cause, Rows, int]]:
    """Yield decimal signs that were lost or stand elsewhere: 701 for 70.1.

    The fraction is what was to be printed, in units of the last printed decimal.
    """
    long, done = np.abs(stated.digits) >= _TWO_DIGITS, np.zeros(len(wrong), dtype=bool)
    for places in _SHIFTS:
        times = 10**places
        finer = agreement(stated.digits, product(numerator, times), denominator) != APART
        match = np.flatnonzero(long & finer & ~done)
        meant = stated._replace(decimals=stated.decimals + places).at(match)
        yield Cause("decimal_shift", wrong[match], spelled(meant) + f" * {times}"), match, times
        done[match] = True
        coarser = agreement(stated.digits, numerator, product(denominator, times))
        coarse = (coarser == EXACT) | ((coarser != APART) & (stated.decimals >= places))
        zeros = power(np.maximum(places - stated.decimals, 0))
        fewer = np.maximum(stated.decimals - places, 0)
        meant = Printed(product(stated.digits, zeros), fewer, stated.rough)
        match = np.flatnonzero(long & coarse & ~done)
        detail = spelled(meant.at(match)) + f" / {times}"
        yield Cause("decimal_shift", wrong[match], detail), match, times
        done[match] = True


def _of_parts(sheet: Sheet, checks: Checks, wrong: Rows) -> Iterator[Cause]:
    """Yield a part that was left out of a total, or counted twice."""
    claims = checks.claims
    terms = claims.terms.entries(wrong)
    order = np.argsort(terms.owner, kind="stable")
    owner, rows, weight = terms.owner[order], terms.row[order], terms.numerator[order]
    digits, decimals = sheet.value.digits[rows], sheet.value.decimals[rows]
    size = product(digits, weight)
    total, below = claims.computed.numerator[wrong], claims.computed.denominator[wrong]
    gap = product(claims.stated.digits[wrong], below) - total
    longest = np.zeros(len(wrong), dtype=np.int64)
    np.maximum.at(longest, owner, decimals)
    scale = _decimals(below) + claims.stated.decimals[wrong] - longest
    written = spelled(Printed(total // power(scale), longest, np.zeros(len(wrong), dtype=bool)))
    children = str(claims.identity).startswith("children:")
    names = sheet.table["place" if children else "indicator"].iloc[rows].to_numpy(dtype=object)
    for code, sign, mark in (("part_left_out", -1, " - "), ("part_twice", 1, " + ")):
        match = np.flatnonzero((digits >= _TWO_DIGITS) & (weight > 0) & (size == sign * gap[owner]))
        found, first = np.unique(owner[match], return_index=True)
        detail = written[found] + mark + sheet.texts[rows[match[first]]]
        yield Cause(code, wrong[found], detail, names[match[first]])


def _decimals(powers: Whole) -> Rows:
    """Return the exponents of powers of ten."""
    return np.rint(np.log10(powers.astype(np.float64))).astype(np.int64)


def _of_totals(sheet: Sheet, checks: Checks, wrong: Rows) -> Iterator[Cause]:
    """Yield another printed total of the same unit that equals the sum, or the printed number."""
    claims = checks.claims
    rows, stated = claims.rows[wrong], claims.stated.at(wrong)
    numerator, denominator = claims.computed.numerator[wrong], claims.computed.denominator[wrong]
    name = str(sheet.table["indicator"].iloc[rows[0]])
    rules = [{rule["whole"], *rule["parts"].split(" + ")} for rule in rules_of(sheet)]
    near = set().union(*(codes for codes in rules if name in codes))
    done = np.zeros(len(wrong), dtype=bool)
    for total in other_totals(sheet, name):
        if total not in near:  # those are equal where the rest is zero
            other = sheet.beside(total, rows)
            digits, one = in_units_of(stated, sheet.value.at(other))
            equal = product(numerator, one) == product(digits, denominator)
            equal |= product(stated.digits, one) == digits
            long = np.abs(sheet.value.digits[other]) >= LONG
            match = np.flatnonzero(equal & long & (other >= 0) & ~done)
            done[match] = True
            yield Cause("other_total", wrong[match], sheet.texts[other[match]], total)


def _of_bases(sheet: Sheet, checks: Checks, wrong: Rows) -> Iterator[Cause]:
    """Yield another total that a rate would be right for."""
    claims = checks.claims
    rate = entries("indicators", sheet.table)[str(claims.identity)]
    rows, stated = claims.rows[wrong], claims.stated.at(wrong)
    above = sheet.value.at(sheet.beside(rate["numerator"], rows))
    done = np.zeros(len(wrong), dtype=bool)
    for total in _other_bases(sheet, rate["numerator"], rate["denominator"]):
        other = sheet.beside(total, rows)
        below = sheet.value.at(other)
        known = (other >= 0) & (below.digits > 0) & (minus(below, above).digits >= 0)
        match = np.flatnonzero(_matches(stated, above, below, known) & ~done)
        done[match] = True
        detail = spelled(above.at(match)) + " / " + sheet.texts[other[match]]
        yield Cause("other_base", wrong[match], detail, total)


def _matches(stated: Printed, part: Printed, whole: Printed, known: Bools) -> Bools:
    """Tell where a number of three digits is the percentage of a part in a whole."""
    computed = percentage(stated, part, whole, known)
    near = agreement(stated.digits, computed.numerator, computed.denominator) != APART
    matching: Bools = near & known & (np.abs(stated.digits) >= LONG)
    return matching


def _other_bases(sheet: Sheet, part: str, base: str) -> list[str]:
    """Return what a rate may have been divided by instead: totals, and what bounds its base."""
    bounding = [
        rule["parts"]
        for rule in entries("identities", sheet.table).values()
        if rule["whole"] == base and rule["relation"] == "<="
    ]
    bases = dict.fromkeys([*other_totals(sheet, base), *bounding])
    return [code for code in bases if code != part]


def _of_percents(sheet: Sheet, checks: Checks, wrong: Rows) -> Iterator[Cause]:
    """Yield a change in percent that was divided by the newer figure, is of it, or lost a sign."""
    claims = checks.claims
    rows, stated = claims.rows[wrong], claims.stated.at(wrong)
    new = sheet.value.at(rows)
    base = _base(sheet, checks, wrong)
    grown = minus(new, base)
    above = new.digits > 0
    divided = _near(stated, grown, new, above)
    sure = np.abs(stated.digits) >= LONG
    counted = np.isin(rows, stating(sheet, CHANGE))
    same = np.zeros(len(wrong), dtype=bool)
    if counted.any():
        printed = sheet.printed(CHANGE, rows)
        same = counted & (minus(printed, grown).digits == 0)
        divided |= counted & _near(stated, printed, new, above)
        sure |= counted & ~same
    match = np.flatnonzero(divided & (sure | same))
    written = spelled(grown)
    if counted.any():
        written[counted] = spelled(sheet.printed(CHANGE, rows[counted]))
    yield Cause("divided_by_new", wrong[match], written[match] + " / " + sheet.texts[rows[match]])
    match = np.flatnonzero(_near(stated, new, base, base.digits > 0))
    detail = sheet.texts[rows[match]] + " / " + spelled(base.at(match))
    yield Cause("new_in_percent", wrong[match], detail)
    turned = grown._replace(digits=-grown.digits)
    match = np.flatnonzero(_near(stated, turned, base, base.digits > 0) & (stated.digits != 0))
    detail = spelled(grown.at(match)) + " / " + spelled(base.at(match))
    yield Cause("lost_sign", wrong[match], detail)


def _near(stated: Printed, part: Printed, whole: Printed, known: Bools) -> Bools:
    """Tell where a number is the percentage of a part in a whole."""
    computed = percentage(stated, part, whole, known)
    near: Bools = agreement(stated.digits, computed.numerator, computed.denominator) != APART
    return near & known


def _base(sheet: Sheet, checks: Checks, wrong: Rows) -> Printed:
    """Return the figure of the year before that some claims rest on, printed or as it follows."""
    claims = checks.claims
    rows = claims.rows[wrong]
    found = sheet.value.at(rows)
    parts: list[Any] = [each.copy() for each in found]
    terms = claims.terms.entries(wrong)
    base = (terms.kind == VALUE) & (terms.row != rows[terms.owner])
    for part, whole in zip(parts, sheet.value.at(terms.row[base]), strict=True):
        part[terms.owner[base]] = whole
    implied = np.unique(terms.owner[terms.kind == CHANGE])
    if len(implied):
        some = rows[implied]
        follows = minus(sheet.value.at(some), sheet.printed(CHANGE, some))
        for part, whole in zip(parts, follows, strict=True):
            part[implied] = whole
    return Printed(*parts)


def _of_changes(sheet: Sheet, checks: Checks, wrong: Rows) -> Iterator[Cause]:
    """Yield a change that lost its sign, is in percent of a rate, or is that on another period."""
    claims = checks.claims
    rows, stated = claims.rows[wrong], claims.stated.at(wrong)
    value, base = sheet.value.at(rows), _base(sheet, checks, wrong)
    numerator, denominator = claims.computed.numerator[wrong], claims.computed.denominator[wrong]
    near = agreement(stated.digits, -numerator, denominator) != APART
    match = np.flatnonzero(near & (stated.digits != 0))
    detail = spelled(value.at(match)) + " - " + spelled(base.at(match))
    yield Cause("lost_sign", wrong[match], detail)
    grown = minus(value, base)
    rate = sheet.is_rate(rows) & (base.digits > 0)
    match = np.flatnonzero(rate & _near(stated, grown, base, rate))
    detail = spelled(grown.at(match)) + " / " + spelled(base.at(match))
    yield Cause("percent_of_rate", wrong[match], detail)
    other = _period_before(sheet, rows)
    change = minus(value, sheet.value.at(other))
    match = np.flatnonzero((other >= 0) & (minus(stated, change).digits == 0))
    detail = sheet.texts[rows[match]] + " - " + sheet.texts[other[match]]
    yield Cause("other_period", wrong[match], detail)


def _period_before(sheet: Sheet, rows: Rows) -> Rows:
    """Return the row of the month or quarter just before that of each row, in its source, or -1."""
    keys = sheet.keys
    cells = keys.cell[rows]
    span = keys.split(cells)[0] % len(keys.spans)
    wanted = np.full(len(rows), -1, dtype=np.int64)
    for one, (other, back) in _singles_before(sheet).items():
        some = np.flatnonzero(span == one)
        year = keys.cell_before(cells[some]) if back else cells[some]
        wanted[some] = np.where(year < 0, -1, keys.cell_of_span(year, other - one))
    owner, other_rows = sheet.printed_in(wanted)
    same = sheet.source[other_rows] == sheet.source[rows[owner]]
    found = np.full(len(rows), -1, dtype=np.int64)
    found[owner[same]] = other_rows[same]
    return found


def _singles_before(sheet: Sheet) -> dict[int, tuple[int, int]]:
    """Return for each single month or quarter the one before, and how many years back it is."""
    keys, book = sheet.keys, entries("spans", sheet.table)
    single = [
        code for code, name in enumerate(keys.spans)
        if name in book and book[name]["cumulative"] != "yes"
    ]  # fmt: skip
    days = {
        (code, back): window(keys.spans[code], keys.first_year - back, sheet.table)
        for code in single for back in (0, 1)
    }  # fmt: skip
    return {
        one: (other, back)
        for one in single
        for (other, back), (_, last) in days.items()
        if last and last.toordinal() + 1 == days[one, 0][0].toordinal()
    }
