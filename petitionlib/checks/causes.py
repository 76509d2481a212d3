"""The one simple slip that would produce a printed number, where there is one."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from petitionlib.checks._exact import (
    APART,
    EXACT,
    Printed,
    agreement,
    power,
    product,
    roomy,
    rounded,
    spelled,
)

__all__ = ["Causes", "blank", "shifted_decimals", "wrong_digits"]

_SHIFTS: Final = (1, 2, 3)
_TWO_DIGITS: Final = 10
_THREE_DIGITS: Final = 100
_FOUR_DIGITS: Final = 1000

Whole = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]


class Causes(NamedTuple):
    """What may have happened to the printed numbers of some rows; blank where nothing simple fits.

    `part` is the indicator or place that the cause is about, if it is about one.
    """

    rows: npt.NDArray[Any]
    cause: npt.NDArray[np.object_]
    detail: npt.NDArray[np.object_]
    part: npt.NDArray[np.object_]

    def claim(self, spots: npt.NDArray[Any], cause: str, detail: Whole, part: Any = "") -> None:
        """Name a cause for the numbers at some spots that have none yet."""
        free = self.cause[spots] == ""
        self.cause[spots[free]] = cause
        self.detail[spots[free]] = detail[free]
        self.part[spots[free]] = part if isinstance(part, str) else part[free]


def blank(rows: npt.NDArray[Any]) -> Causes:
    """Return no cause for the numbers of some rows."""
    return Causes(rows, *(np.full(len(rows), "", dtype=object) for _ in range(3)))


def shifted_decimals(causes: Causes, stated: Printed, numerator: Whole, denominator: Whole) -> None:
    """Name a decimal sign that was lost or stands elsewhere: 701 for 70.1.

    The fraction is what was to be printed, in units of the last printed decimal.
    """
    long = np.abs(stated.digits) >= _TWO_DIGITS
    for places in _SHIFTS:
        times = 10**places
        finer = agreement(stated.digits, product(numerator, times), denominator) != APART
        match = np.flatnonzero(long & finer)
        meant = stated._replace(decimals=stated.decimals + places).at(match)
        causes.claim(match, "decimal_shift", spelled(meant) + f" * {times}")
        coarser = agreement(stated.digits, numerator, product(denominator, times))
        coarse = (coarser == EXACT) | ((coarser != APART) & (stated.decimals >= places))
        zeros = power(np.maximum(places - stated.decimals, 0))
        fewer = np.maximum(stated.decimals - places, 0)
        meant = Printed(product(stated.digits, zeros), fewer, stated.rough)
        match = np.flatnonzero(long & coarse)
        causes.claim(match, "decimal_shift", spelled(meant.at(match)) + f" / {times}")


def wrong_digits(
    causes: Causes, stated: Printed, numerator: Whole, denominator: Whole, *, rate: bool
) -> None:
    """Name one wrong digit, or two neighbours that changed places: 32.3 for 33.2.

    A number of fewer than three digits is too short for that. A last digit alone may differ for
    other reasons: a revision, a part that was not printed; in a rate of four digits it may count.
    """
    meant = rounded(numerator, denominator)
    match = np.flatnonzero(_near_in_digits(stated.digits, meant, rate=rate))
    causes.claim(match, "digit_slip", spelled(stated._replace(digits=meant).at(match)))


def _near_in_digits(stated: Whole, meant: Whole, *, rate: bool) -> Bools:
    most = max(float(np.abs(each).max(initial=0)) for each in (stated, meant))
    a, b = roomy(100 * most, np.abs(stated), np.abs(meant))
    sound = ((stated < 0) == (meant < 0)) & (a >= _THREE_DIGITS) & (b >= _THREE_DIGITS)
    wrong = np.zeros(len(a), dtype=np.int64)
    swapped = np.zeros(len(a), dtype=bool)
    last = np.zeros(len(a), dtype=bool)
    step = 1
    while (a >= step).any() or (b >= step).any():
        here, there = a // step % 10, b // step % 10
        differs = here != there
        swapped |= differs & (here == b // (10 * step) % 10) & (there == a // (10 * step) % 10)
        wrong += differs
        last |= differs & (step == 1)
        sound &= (a >= step) == (b >= step)
        step *= 10
    one = wrong == 1
    one &= ~last | (rate & (a >= _FOUR_DIGITS))
    near: Bools = sound & (one | ((wrong == 2) & swapped))  # noqa: PLR2004  # a swap touches two
    return near
