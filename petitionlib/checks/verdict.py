"""A printed number beside what the others give: the verdict, and a cause where it is simple."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from petitionlib.checks._exact import (
    APART,
    ROUNDED,
    Printed,
    agreement,
    apart,
    power,
    product,
    unit,
)
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.causes import Causes, blank, shifted_decimals, wrong_digits
from petitionlib.codebook.codes import VERDICTS
from petitionlib.codebook.entries import entries

__all__ = [
    "CANNOT_CHECK", "CONTRADICTS", "HOLDS", "LONG", "UNEXPLAINED",
    "Checks", "Claims", "Computed", "divided", "explained", "in_units_of", "judged",
    "known_only", "other_totals", "percentage", "slack_of",
]  # fmt: skip

CONTRADICTS, HOLDS, UNEXPLAINED, CANNOT_CHECK = map(
    VERDICTS.index, ("contradicts", "holds", "unexplained", "cannot_check")
)  # before them stand those of `agreement`, by the same numbers
_JUST: Final = 1 - 1e-15
LONG: Final = 100  # a number of fewer digits agrees with too much by chance

Whole = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Explanation = Callable[[Causes, Rows], None]


class Computed(NamedTuple):
    """What the other figures give, as fractions in units of the last decimal that was printed.

    `slack` is by how much a number made of approximate figures may be off, times the denominator;
    where not `known`, a figure is missing.
    """

    numerator: Whole
    denominator: Whole
    slack: Floats
    known: Bools


class Claims(NamedTuple):
    """Printed numbers under check: their rows, what they state, and what the others give.

    `identity` names the rule, one for all or one for each; `arithmetic` writes the others out.
    """

    check: str
    identity: str | Texts
    rows: Rows
    stated: Printed
    computed: Computed
    arithmetic: Texts


class Checks(NamedTuple):
    """Claims with their verdicts, and the causes of those that contradict."""

    claims: Claims
    verdict: npt.NDArray[np.int8]
    causes: Causes


def judged(claims: Claims, *, loose: Floats | None = None, severe: bool = True) -> Checks:
    """Give verdicts; what is within `loose` beyond its slack is too rough to judge.

    What has an approximate figure in it has no cause: its digits are not those that were counted.
    """
    numerator, denominator, slack, known = claims.computed
    verdict = agreement(claims.stated.digits, numerator, denominator)
    off = np.flatnonzero(verdict == APART)
    gap = np.abs(apart(claims.stated.digits[off], numerator[off], denominator[off]))
    gap = gap.astype(np.float64) * _JUST  # a gap of one unit is within one unit, in floats too
    verdict[off] = np.where(gap <= slack[off], ROUNDED, CONTRADICTS if severe else UNEXPLAINED)
    if loose is not None:
        verdict[off[(gap > slack[off]) & (gap <= slack[off] + loose[off])]] = CANNOT_CHECK
    verdict[~known] = CANNOT_CHECK
    firm = slack == 0 if loose is None else (slack == 0) & (loose == 0)
    return Checks(claims, verdict, blank(np.flatnonzero((verdict == CONTRADICTS) & firm)))


def explained(checks: Checks, specific: Explanation | None = None, *, rate: bool = False) -> Checks:
    """Name the cause of contradictions where one simple slip would do: the simplest first."""
    causes, claims = checks.causes, checks.claims
    wrong = causes.rows
    if len(wrong):
        stated = claims.stated.at(wrong)
        numerator, denominator = (
            claims.computed.numerator[wrong],
            claims.computed.denominator[wrong],
        )
        shifted_decimals(causes, stated, numerator, denominator)
        if specific is not None:
            specific(causes, wrong)
        wrong_digits(causes, stated, numerator, denominator, rate=rate)
    return checks


def other_totals(sheet: Sheet, name: str) -> list[str]:
    """Return the other totals that are counted in the unit of an indicator and were printed."""
    book = entries("indicators", sheet.table)
    rules = entries("identities", sheet.table).values()
    wholes = {rule["whole"]: rule for rule in rules if rule["relation"] == "="}
    unit_of = book.get(name, {}).get("unit")
    used = set(sheet.keys.indicators)
    return [
        code for code, row in book.items()
        if code in wholes and code in used and code != name and row["unit"] == unit_of
    ]  # fmt: skip


def percentage(stated: Printed, part: Printed, whole: Printed, known: Bools) -> Computed:
    """Return 100 * part / whole in units of the last printed decimal."""
    numerator = product(100, part.digits, power(whole.decimals + stated.decimals))
    denominator = product(whole.digits, power(part.decimals))
    return known_only(known, numerator, denominator, slack_of(stated, stated) * denominator)


def known_only(known: Bools, numerator: Whole, denominator: Whole, slack: Whole) -> Computed:
    """Leave out what is not known."""
    return Computed(
        np.where(known, numerator, 0), np.where(known, denominator, 1),
        np.where(known, slack, 0).astype(np.float64), known,
    )  # fmt: skip


def in_units_of(stated: Printed, other: Printed) -> tuple[Whole, Whole]:
    """Return other numbers as fractions in units of the last decimal of the stated ones."""
    return product(other.digits, power(stated.decimals)), power(other.decimals)


def slack_of(stated: Printed, *numbers: Printed) -> Floats:
    """Return by how much approximate numbers may be off together, in units of the stated ones."""
    slack = np.zeros(len(stated.digits))
    for one in numbers:
        if one.rough.any():
            slack += unit(one) * 10.0 ** (stated.decimals - one.decimals)
    return slack


def divided(numbers: Floats, whole: Printed) -> Floats:
    """Divide by whole numbers, where they are above zero."""
    size = (whole.digits / 10.0**whole.decimals).astype(np.float64)
    share: Floats = np.zeros(len(numbers))
    np.divide(numbers, size, out=share, where=size > 0)
    return share
