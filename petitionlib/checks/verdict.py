"""A printed number beside what the others give, and the verdict."""

from collections.abc import Callable, Sequence
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
from petitionlib.codebook.codes import NUMBERS, VERDICTS
from petitionlib.codebook.entries import entries

__all__ = [
    "CANNOT_CHECK", "CHANGE", "CONTRADICTS", "EQUAL", "GROWTH", "HOLDS", "LEAST", "LONG", "MOST",
    "OF_PART", "OF_WHOLE", "PERCENT", "REVISED", "UNEXPLAINED", "VALUE",
    "Checks", "Claims", "Coded", "Computed", "Entries", "Slot", "Terms", "bounded", "coded",
    "divided", "in_slots", "in_units_of", "judged", "known_only", "other_totals", "percentage",
    "slack_of",
]  # fmt: skip

CONTRADICTS, HOLDS, UNEXPLAINED, CANNOT_CHECK, REVISED = map(
    VERDICTS.index, ("contradicts", "holds", "unexplained", "cannot_check", "revised")
)  # before them stand those of `agreement`, by the same numbers
VALUE, CHANGE, PERCENT = range(len(NUMBERS))  # which of the numbers of a row
EQUAL, MOST, LEAST = range(3)  # how the stated number stands to the computed one
GROWTH, OF_PART, OF_WHOLE = range(
    3, 6
)  # the same of a percentage beside one count: a whole gives it
_JUST: Final = 1 - 1e-15
LONG: Final = 100  # a number of fewer digits agrees with too much by chance

Whole = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Marks = Sequence[Bools]  # which numbers are meant: of each kind, a row each, and False at the end


class Coded(NamedTuple):
    """A column of texts: the code of each row, and the text of each code."""

    codes: npt.NDArray[Any]
    names: list[str]


class Entries(NamedTuple):
    """The printed numbers in some claims: the claim that each belongs to, its row and its kind.

    By how much the computed numerator and denominator grow where the number grows by one unit of
    its last printed decimal.
    """

    owner: Rows
    row: Rows
    kind: Rows
    numerator: Whole
    denominator: Whole


class Slot(NamedTuple):
    """One part of each of some claims: its row (-1: none) and its kind."""

    rows: Rows
    kind: int = VALUE


class Terms(NamedTuple):
    """The printed numbers that claims are computed from.

    `touching` tells which claims hold a number that is meant; `entries` lists those of some claims.
    """

    touching: Callable[[Marks], Bools]
    entries: Callable[[Rows], Entries]


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

    `identity` names the rule, one for all or one for each. `parts` are the codes and `printed` the
    numbers of what they are computed from, `missing` the codes of what is not printed.
    `kind` is which number of the row is stated, `relation` how it must stand to the computed one;
    `newer` are rows of later sources that print another figure than the one computed from.
    """

    check: str
    identity: str | Texts
    rows: Rows
    stated: Printed
    computed: Computed
    terms: Terms
    parts: Coded
    printed: Texts
    missing: Coded
    kind: int = VALUE
    relation: Any = EQUAL
    newer: Rows | None = None


class Checks(NamedTuple):
    """Claims with their verdicts.

    `tolerance` is by how much they may be off and still agree, times the denominator; `firm` are
    those without an approximate figure: the digits of one are not those that were counted.
    """

    claims: Claims
    verdict: npt.NDArray[np.int8]
    tolerance: Floats
    firm: Bools


def judged(
    claims: Claims,
    *,
    loose: Floats | None = None,
    rounding: Floats | None = None,
    severe: bool = True,
) -> Checks:
    """Give verdicts; what is within `loose` and `rounding` beyond its slack is not judged."""
    numerator, denominator, slack, known = claims.computed
    verdict = agreement(claims.stated.digits, numerator, denominator)
    off = np.flatnonzero(verdict == APART)
    gap = np.abs(apart(claims.stated.digits[off], numerator[off], denominator[off]))
    gap = gap.astype(np.float64) * _JUST  # a gap of one unit is within one unit, in floats too
    verdict[off] = np.where(gap <= slack[off], ROUNDED, CONTRADICTS if severe else UNEXPLAINED)
    firm, tolerance = slack == 0, slack
    if loose is not None:
        firm &= loose == 0
        tolerance = slack + loose + (0 if rounding is None else rounding)
        verdict[off[(gap > slack[off]) & (gap <= tolerance[off])]] = CANNOT_CHECK
    verdict[~known] = CANNOT_CHECK
    return Checks(claims, verdict, tolerance, firm)


def bounded(claims: Claims, *, severe: bool = True) -> Checks:
    """Give verdicts to figures that can be no more, or no less, than what the others give."""
    numerator, denominator, slack, _ = claims.computed
    over = apart(claims.stated.digits, numerator, denominator)
    over = over if claims.relation == MOST else -over
    holds = (over <= 0) | (over <= slack)
    verdict = np.where(holds, HOLDS, CONTRADICTS if severe else UNEXPLAINED).astype(np.int8)
    return Checks(claims, verdict, slack, slack == 0)


def in_slots(slots: Sequence[Slot], weights: Callable[[Rows], Sequence[tuple[Any, Any]]]) -> Terms:
    """Return the terms of claims that have a part in each slot, or none.

    `weights` gives the weights of the slots in some claims (`Entries`).
    """

    def touching(marks: Marks) -> Bools:
        found: Bools = np.logical_or.reduce([marks[slot.kind][slot.rows] for slot in slots])
        return found

    def of(some: Rows) -> Entries:
        spots = np.arange(len(some))
        columns = [
            (spots, slot.rows[some], np.full(len(some), slot.kind), _wide(n, some), _wide(d, some))
            for slot, (n, d) in zip(slots, weights(some), strict=True)
        ]
        joined = [np.concatenate(column) for column in zip(*columns, strict=True)]
        here = joined[1] >= 0
        return Entries(*(column[here] for column in joined))

    return Terms(touching, of)


def _wide(weight: Any, some: Rows) -> Whole:
    return np.broadcast_to(np.asarray(weight), len(some))


def coded(text: str, rows: Rows) -> Coded:
    """Return a column of one text."""
    return Coded(np.zeros(len(rows), dtype=np.int8), [text])


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
