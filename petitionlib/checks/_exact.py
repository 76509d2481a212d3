"""Printed numbers as whole numbers with a decimal point: exact arithmetic on whole columns."""

from decimal import Decimal
from functools import reduce
from operator import mul
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = [
    "APART",
    "EXACT",
    "ROUNDED",
    "TRUNCATED",
    "Printed",
    "agreement",
    "apart",
    "minus",
    "power",
    "printed",
    "product",
    "roomy",
    "rounded",
    "scaled",
    "spelled",
    "unit",
]

EXACT, ROUNDED, TRUNCATED, APART = range(4)
_SAFE: Final = 2.0**60  # products below this fit 64 bits, above it Python's own numbers are used
_DIGITS: Final = 2.0**50  # below this a float times a power of ten is off by less than a half
_MOST_DECIMALS: Final = 9  # what stands beyond in a float was computed, not printed
_SHIFT: Final = 64

Whole = npt.NDArray[Any]  # of int64, or of Python's whole numbers where those would overflow
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Printed(NamedTuple):
    """Numbers as they were printed: 93.10 is 9310 with 2 decimals; `rough` ones are approximate."""

    digits: Whole
    decimals: npt.NDArray[np.int64]
    rough: Bools

    def at(self, rows: npt.NDArray[Any]) -> "Printed":
        """Return the numbers of some rows."""
        return Printed(self.digits[rows], self.decimals[rows], self.rough[rows])


def printed(values: Floats, decimals: npt.NDArray[np.int64], rough: Bools) -> Printed:
    """Take numbers back to the digits in which they were printed.

    Where it is not known how many decimals those were (-1), they are as few as give the number.
    """
    values = np.nan_to_num(values)
    decimals = np.where(decimals < 0, _fewest(values, decimals < 0), decimals)
    shifted = values if not decimals.any() else values * 10.0**decimals
    digits: Whole = np.rint(shifted)
    if len(digits) and np.abs(shifted).max() >= _DIGITS:
        exact = [int((Decimal(repr(v)).scaleb(d)).to_integral_value()) for v, d in
                 zip(values.tolist(), decimals.tolist(), strict=True)]  # fmt: skip
        return Printed(np.array(exact, dtype=object), decimals, rough)
    return Printed(digits.astype("int64"), decimals, rough)


def agreement(stated: Whole, numerator: Whole, denominator: Whole) -> npt.NDArray[np.int8]:
    """Compare whole numbers with fractions: EXACT, ROUNDED (half up), TRUNCATED (cut off), APART.

    Both are in units of the last printed decimal; denominators are above zero.
    """
    limit = _largest(numerator) + (_largest(stated) + 1) * _largest(denominator)
    stated, numerator, denominator = roomy(2 * limit, stated, numerator, denominator)
    verdicts = np.full(len(stated), APART, dtype=np.int8)
    size = np.abs(numerator) // denominator
    verdicts[np.where(numerator < 0, -size, size) == stated] = TRUNCATED
    verdicts[rounded(numerator, denominator) == stated] = ROUNDED
    verdicts[stated * denominator == numerator] = EXACT
    return verdicts


def rounded(numerator: Whole, denominator: Whole) -> Whole:
    """Divide whole numbers and round half up (half away from zero for negative ones)."""
    limit = 2 * (_largest(numerator) + _largest(denominator))
    numerator, denominator = roomy(limit, numerator, denominator)
    size = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    quotient: Whole = np.where(numerator < 0, -size, size)
    return quotient


def apart(stated: Whole, numerator: Whole, denominator: Whole) -> Whole:
    """Return `stated - numerator / denominator`, times the denominator: exact and whole."""
    limit = _largest(numerator) + _largest(stated) * _largest(denominator)
    stated, numerator, denominator = roomy(limit, stated, numerator, denominator)
    difference: Whole = stated * denominator - numerator
    return difference


def minus(left: Printed, right: Printed) -> Printed:
    """Subtract exactly; the difference has the decimals of the longer number."""
    decimals = np.maximum(left.decimals, right.decimals)
    limit = (_largest(left.digits) + _largest(right.digits)) * 10.0 ** _widest(decimals)
    a, b = roomy(limit, left.digits, right.digits)
    difference: Whole = a * power(decimals - left.decimals) - b * power(decimals - right.decimals)
    return Printed(difference, decimals, left.rough | right.rough)


def scaled(numbers: Printed, decimals: int) -> Whole:
    """Return the digits of numbers written with so many decimals, which none of them exceeds."""
    missing = decimals - numbers.decimals
    if not missing.any():
        return numbers.digits
    (digits,) = roomy(_largest(numbers.digits) * 10.0 ** _widest(missing), numbers.digits)
    longer: Whole = digits * power(missing)
    return longer


def power(exponents: npt.NDArray[Any]) -> Whole:
    """Return powers of ten as whole numbers."""
    if _widest(exponents) > 17:  # noqa: PLR2004  # the largest that 64 bits hold, less one
        return np.array([10 ** int(exponent) for exponent in exponents], dtype=object)
    table: Whole = 10 ** np.arange(18, dtype=np.int64)
    return np.asarray(table[exponents])


def product(*factors: Whole | int) -> Whole:
    """Multiply whole numbers, or columns of them, without ever overflowing."""
    columns = [np.asarray(factor) for factor in factors]
    limit = float(np.prod([max(1.0, _largest(column)) for column in columns]))
    result: Whole = np.asarray(reduce(mul, roomy(limit, *columns)))
    return result


def roomy(limit: float, *columns: Whole) -> list[Whole]:
    """Give columns of whole numbers that stay exact in products up to a limit."""
    return list(columns) if limit < _SAFE else [column.astype(object) for column in columns]


def unit(numbers: Printed) -> Whole:
    """Return by how much rough numbers may be off: one of the last significant digit, else nothing.

    In units of the last printed decimal: 2900 -> 100, 76.3 -> 1; a number that is not rough -> 0.
    """
    units = np.zeros(len(numbers.digits), dtype=np.int64)
    rows = np.flatnonzero(numbers.rough)
    units[rows] = 1
    rows = rows[(numbers.decimals[rows] == 0) & (numbers.digits[rows] != 0)]
    step = 10
    while len(rows := rows[numbers.digits[rows] % step == 0]):
        units[rows] = step
        step *= 10
    return units


def spelled(numbers: Printed) -> npt.NDArray[np.object_]:
    """Return numbers as texts, each with its decimals: "1945", "93.10"."""
    codes, digits = pd.factorize(numbers.digits)
    codes, kinds = pd.factorize(codes * _SHIFT + numbers.decimals)
    texts = [_spell(int(digits[kind // _SHIFT]), int(kind % _SHIFT)) for kind in kinds.tolist()]
    return np.array(texts, dtype=object)[codes]


def _spell(digits: int, decimals: int) -> str:
    if not decimals:
        return str(digits)
    text = str(abs(digits)).zfill(decimals + 1)
    return f"{'-' * (digits < 0)}{text[:-decimals]}.{text[-decimals:]}"


def _fewest(values: Floats, unknown: Bools) -> npt.NDArray[np.int64]:
    """Return the fewest decimals that give each number; zero where they are known."""
    decimals = np.zeros(len(values), dtype="int64")
    rows = np.flatnonzero(unknown)
    for count in range(_MOST_DECIMALS + 1):
        decimals[rows] = count
        rows = rows[np.rint(values[rows] * 10.0**count) / 10.0**count != values[rows]]
    return decimals


def _largest(digits: Whole) -> float:
    return float(np.abs(digits).max()) if digits.size else 0.0


def _widest(exponents: npt.NDArray[Any]) -> int:
    return int(exponents.max()) if len(exponents) else 0
