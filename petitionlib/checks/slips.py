"""One simple slip in digits between the number that would be right and the printed one."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from petitionlib.checks._exact import Printed, power, product, roomy

__all__ = ["digit_slip", "shifted", "variants"]

_SHIFTS: Final = (1, 2, 3)
_TWO_DIGITS: Final = 10
_THREE_DIGITS: Final = 100
_TWO: Final = 2

Whole = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]


def digit_slip(printed: Whole, right: Whole) -> Bools:
    """Tell one digit wrong, lost or added, or two neighbours exchanged: 32.3 for 33.2.

    Both in the same decimals. The longer one has three digits or more.
    """
    most = max(float(np.abs(each).max(initial=0)) for each in (printed, right))
    a, b = roomy(100 * most, np.abs(printed), np.abs(right))
    sound = ((printed < 0) == (right < 0)) & (np.maximum(a, b) >= _THREE_DIGITS)
    sound &= printed != right
    wrong = np.zeros(len(a), dtype=np.int64)
    swapped, lost, added = (np.zeros(len(a), dtype=bool) for _ in range(3))
    longer = np.zeros(len(a), dtype=np.int64)  # how many digits more the printed one has
    step = 1
    while (a >= step).any() or (b >= step).any():
        next_ = 10 * step
        here, there = a // step % 10, b // step % 10
        differs = here != there
        swapped |= differs & (here == b // next_ % 10) & (there == a // next_ % 10)
        wrong += differs
        longer += (a >= step).astype(np.int64) - (b >= step)
        lost |= a == b // next_ * step + b % step
        added |= b == a // next_ * step + a % step
        step = next_
    near = (longer == 0) & ((wrong == 1) | ((wrong == _TWO) & swapped))
    near |= ((longer == -1) & lost) | ((longer == 1) & added)
    found: Bools = sound & near
    return found


def shifted(printed: Printed, right: Printed) -> Whole:
    """Return by which power of ten the printed number is the right one's: 1 for 701, of 70.1.

    Negative where it is smaller, zero where it is none; thousands are the farthest.
    """
    decimals = np.maximum(printed.decimals, right.decimals)
    a = product(printed.digits, power(decimals - printed.decimals))
    b = product(right.digits, power(decimals - right.decimals))
    found = np.zeros(len(decimals), dtype=np.int64)
    long = np.minimum(np.abs(a), np.abs(b)) != 0
    for places in _SHIFTS:
        found[long & (a == product(b, 10**places))] = places
        found[long & (product(a, 10**places) == b)] = -places
    found[np.abs(printed.digits) < _TWO_DIGITS] = 0
    return found


def variants(printed: int) -> Iterator[int]:
    """Yield the whole numbers that one slip away from a printed one would be right.

    The farthest come first: where many would do, two are soon found.
    """
    text = str(abs(printed))
    seen = {abs(printed)}
    near = (value for value in _digits(text) if max(value, abs(printed)) >= _THREE_DIGITS)
    for value in chain(_shifts(text) if abs(printed) >= _TWO_DIGITS else (), near):
        if value not in seen:
            seen.add(value)
            yield -value if printed < 0 else value


def _shifts(text: str) -> Iterator[int]:
    for places in _SHIFTS:
        yield int(text) * 10**places
        if text.endswith("0" * places):
            yield int(text[:-places])


def _digits(text: str) -> Iterator[int]:
    ends, digits = range(len(text)), "0123456789"
    for spot in ends:
        for digit in digits:
            yield int(text[: spot + 1] + digit + text[spot + 1 :])
        if len(text) > 1 and (spot or text[1] != "0"):
            yield int(text[:spot] + text[spot + 1 :])
    for spot in ends:
        for digit in digits[spot == 0 :]:
            yield int(text[:spot] + digit + text[spot + 1 :])
    for digit in digits[1:]:
        yield int(digit + text)
    for spot in ends[:-1]:
        if text[spot + 1] != "0" or spot:
            yield int(text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :])
