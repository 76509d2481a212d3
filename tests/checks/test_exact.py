"""Printed numbers in exact arithmetic, against Python's own Decimal and Fraction."""

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from petitionlib.checks._exact import (
    APART,
    EXACT,
    ROUNDED,
    TRUNCATED,
    Printed,
    agreement,
    apart,
    minus,
    power,
    printed,
    product,
    rounded,
    scaled,
    spelled,
    unit,
)

small = examples(150)
HUGE = 10**15 - 1
wholes = st.integers(-HUGE, HUGE) | st.integers(-1000, 1000)
places = st.integers(0, 9)
written = st.tuples(wholes, places).filter(lambda pair: abs(pair[0]) < 10**15)


def texts_of(pairs):
    """Write whole numbers with a decimal point before their last digits."""
    return [str(Decimal(digits).scaleb(-decimals)) for digits, decimals in pairs]


def numbers(*pairs, rough=False):
    """Make printed numbers of pairs of digits and decimals."""
    digits, decimals = zip(*pairs, strict=True) if pairs else ((), ())
    return Printed(
        np.array(digits, dtype=np.int64),
        np.array(decimals, dtype=np.int64),
        np.full(len(pairs), rough),
    )


def take_back(*values, decimals=None):
    """Take numbers back to the pairs of digits and decimals in which they were printed."""
    decimals = [-1] * len(values) if decimals is None else decimals
    found = printed(
        np.array(values, dtype=np.float64),
        np.array(decimals, dtype=np.int64),
        np.zeros(len(values), dtype=bool),
    )
    return list(zip(found.digits.tolist(), found.decimals.tolist(), strict=True))


def whole(*values):
    """Make a column of whole numbers: of 64 bits where they fit."""
    fits = all(abs(value) < 2**63 for value in values)
    return np.array(values, dtype=np.int64 if fits else object)


def verdict(stated, computed):
    """Compare a whole number with a fraction in plain arithmetic."""
    size = abs(computed)
    sign = -1 if computed < 0 else 1
    if stated == computed:
        return EXACT
    if stated == sign * math.floor(size + Fraction(1, 2)):
        return ROUNDED
    return TRUNCATED if stated == sign * math.floor(size) else APART


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        pytest.param(93.1, 2, (9310, 2), id="the printed zero counts"),
        pytest.param(93.1, -1, (931, 1), id="as few decimals as give the number"),
        pytest.param(2650.0, -1, (2650, 0), id="whole"),
        pytest.param(-0.05, -1, (-5, 2), id="negative"),
        pytest.param(-0.0, -1, (0, 0), id="negative zero"),
        pytest.param(0.0, 2, (0, 2), id="zero with decimals"),
        pytest.param(0.29, -1, (29, 2), id="times a hundred it is not 29 in floats"),
        pytest.param(1.005, 3, (1005, 3), id="times a thousand it is not 1005 in floats"),
        pytest.param(0.1 + 0.2, -1, (300_000_000, 9), id="noise is cut off at nine decimals"),
        pytest.param(1e-9, -1, (1, 9), id="nine decimals"),
        pytest.param(1e-12, -1, (0, 9), id="smaller than nine decimals"),
        pytest.param(float("nan"), -1, (0, 0), id="missing"),
        pytest.param(float("nan"), 2, (0, 2), id="missing, with decimals"),
        pytest.param(999_999_999_999_999.0, 0, (HUGE, 0), id="fifteen digits"),
        pytest.param(123_456_789_012_345.0, 9, (123_456_789_012_345 * 10**9, 9), id="24 digits"),
        pytest.param(12345.678901234, 9, (12_345_678_901_234, 9), id="14 digits"),
    ],
)
def test_printed(value, decimals, expected):
    """A number goes back to the digits in which it was printed, whatever stands beside it."""
    assert [expected] == take_back(value, decimals=[decimals])
    beside = take_back(value, 1e14, 0.5, decimals=[decimals, 6, -1])
    assert [expected, (10**20, 6), (5, 1)] == beside


@small
@given(pairs=st.lists(written, min_size=1, max_size=5))
def test_printed_with_known_decimals(pairs):
    """Text to float and back to digits loses nothing, up to fifteen digits."""
    values = [float(text) for text in texts_of(pairs)]
    assert pairs == take_back(*values, decimals=[decimals for _, decimals in pairs])


@small
@given(pairs=st.lists(written, min_size=1, max_size=5))
def test_printed_with_unknown_decimals(pairs):
    """Where the decimals are not known they are those of the shortest text."""
    expected = []
    for text in texts_of(pairs):
        sign, digits, exponent = Decimal(text).normalize().as_tuple()
        number = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
        expected.append((-number if sign else number, max(-exponent, 0)))
    assert expected == take_back(*(float(text) for text in texts_of(pairs)))


def test_nothing_is_printed():
    """Columns without rows give columns without rows."""
    none = numbers()
    assert take_back() == []
    assert minus(none, none).digits.tolist() == []
    assert spelled(none).tolist() == []
    assert unit(none).tolist() == []
    assert agreement(none.digits, none.digits, none.digits).tolist() == []


def test_at():
    """Some of the numbers are taken by their rows."""
    found = numbers((1, 0), (25, 1), (3, 0)).at(np.array([1, 1]))
    assert spelled(found).tolist() == ["2.5", "2.5"]


@pytest.mark.parametrize(
    ("stated", "numerator", "denominator", "expected"),
    [
        pytest.param(6, 12, 2, EXACT, id="exact"),
        pytest.param(0, 0, 7, EXACT, id="zero"),
        pytest.param(13, 25, 2, ROUNDED, id="a half up"),
        pytest.param(12, 25, 2, TRUNCATED, id="a half cut off"),
        pytest.param(-13, -25, 2, ROUNDED, id="a negative half, away from zero"),
        pytest.param(-12, -25, 2, TRUNCATED, id="a negative half, cut off"),
        pytest.param(12, -25, 2, APART, id="another sign"),
        pytest.param(9567, 17_700_000, 1850, TRUNCATED, id="95.67 of 177 / 185"),
        pytest.param(9568, 17_700_000, 1850, ROUNDED, id="95.68 of 177 / 185"),
        pytest.param(0, 1, 3, ROUNDED, id="rounded to zero"),
        pytest.param(0, 2, 3, TRUNCATED, id="cut off to zero"),
        pytest.param(0, -2, 3, TRUNCATED, id="cut off to zero from below"),
        pytest.param(2, 1, 1, APART, id="apart"),
        pytest.param(0, 1, 2**62, ROUNDED, id="a denominator of 63 bits"),
        pytest.param(1, 2**62, 2**63 - 1, ROUNDED, id="both of 63 bits"),
    ],
)
def test_agreement(stated, numerator, denominator, expected):
    """A whole number agrees with a fraction exactly, rounded half up, cut off, or not."""
    found = agreement(whole(stated), whole(numerator), whole(denominator))
    assert [expected] == found.tolist()


@small
@given(
    numerator=wholes | st.integers(-(10**24), 10**24),
    denominator=st.integers(1, HUGE) | st.integers(1, 20) | st.integers(1, 2**63 - 1),
    off=st.integers(-2, 2),
)
def test_agreement_as_with_fractions(numerator, denominator, off):
    """The verdict is that of fractions, in and beyond the range of 64 bits."""
    stated = int(Fraction(numerator, denominator)) + off
    columns = whole(stated), whole(numerator), whole(denominator)
    expected = verdict(stated, Fraction(numerator, denominator))
    assert [expected] == agreement(*columns).tolist()
    assert [stated * denominator - numerator] == apart(*columns).tolist()


@small
@given(pair=written, stated=wholes, decimals=places)
def test_rounding_as_in_decimals(pair, stated, decimals):
    """Half up and cut off are what Decimal makes of a longer number."""
    exact = Decimal(pair[0]).scaleb(-pair[1])
    step = Decimal(1).scaleb(-decimals)
    numerator, denominator = product(whole(pair[0]), power(whole(decimals))), power(whole(pair[1]))
    up, down = (
        int(exact.quantize(step, rounding).scaleb(decimals))
        for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    )
    assert [up] == rounded(numerator, denominator).tolist()
    assert agreement(whole(up), numerator, denominator)[0] in {EXACT, ROUNDED}
    assert agreement(whole(down), numerator, denominator)[0] != APART


@small
@given(pairs=st.lists(st.tuples(written, written), min_size=1, max_size=4))
def test_minus_as_in_decimals(pairs):
    """A difference is exact and has the decimals of the longer number."""
    left, right = (numbers(*side) for side in zip(*pairs, strict=True))
    found = minus(left, right)
    expected = [
        Fraction(a, 10**i) - Fraction(b, 10**j) for (a, i), (b, j) in pairs
    ]  # fmt: skip
    assert [max(i, j) for (_, i), (_, j) in pairs] == found.decimals.tolist()
    assert expected == [
        Fraction(int(digits), 10 ** int(decimals))
        for digits, decimals in zip(found.digits, found.decimals, strict=True)
    ]


def test_minus_is_rough_if_either_is():
    """What follows from an approximate figure is approximate."""
    exact, rough = numbers((5, 0)), numbers((3, 0), rough=True)
    assert minus(exact, exact).rough.tolist() == [False]
    assert minus(exact, rough).rough.tolist() == [True]
    assert minus(rough, exact).rough.tolist() == [True]


@small
@given(pairs=st.lists(written, min_size=1, max_size=4), more=places)
def test_scaled(pairs, more):
    """More decimals add zeros to the digits."""
    decimals = max(decimals for _, decimals in pairs) + more
    expected = [digits * 10 ** (decimals - own) for digits, own in pairs]
    assert expected == scaled(numbers(*pairs), decimals).tolist()


@pytest.mark.parametrize("exponents", [[0], [17, 0, 3], [18, 1], [40, 0], []])
def test_power(exponents):
    """Powers of ten are whole numbers of any size."""
    assert [10**exponent for exponent in exponents] == power(whole(*exponents)).tolist()


@small
@given(factors=st.lists(st.lists(wholes, min_size=3, max_size=3), min_size=1, max_size=4))
def test_product(factors):
    """Products never overflow, and a number multiplies a column."""
    columns = [whole(*factor) for factor in factors]
    expected = [math.prod(each) for each in zip(*factors, strict=True)]
    assert expected == product(*columns).tolist()
    assert [100 * number for number in expected] == product(100, *columns).tolist()


@pytest.mark.parametrize(
    ("digits", "decimals", "expected"),
    [
        pytest.param(2900, 0, 100, id="hundreds"),
        pytest.param(-2900, 0, 100, id="negative"),
        pytest.param(2941, 0, 1, id="ones"),
        pytest.param(380_000, 0, 10_000, id="ten thousands"),
        pytest.param(763, 1, 1, id="a tenth, in tenths"),
        pytest.param(760, 1, 1, id="the printed zero counts"),
        pytest.param(0, 0, 1, id="zero"),
        pytest.param(10**14, 0, 10**14, id="huge"),
    ],
)
def test_unit(digits, decimals, expected):
    """An approximate number may be off by one of its last significant digit, an exact one not."""
    assert [expected] == unit(numbers((digits, decimals), rough=True)).tolist()
    assert [0] == unit(numbers((digits, decimals))).tolist()


def test_unit_of_some():
    """Each number has a unit of its own."""
    mixed = Printed(whole(2900, 2900, 30), whole(0, 0, 0), np.array([True, False, True]))
    assert unit(mixed).tolist() == [100, 0, 10]


@small
@given(pairs=st.lists(written, min_size=1, max_size=6))
def test_spelled_as_decimals_are(pairs):
    """A number is written with all its decimals, and reads back as it was."""
    texts = spelled(numbers(*pairs)).tolist()
    assert [f"{Decimal(digits).scaleb(-decimals):f}" for digits, decimals in pairs] == texts


def test_spelled():
    """The same digits with other decimals are another text."""
    assert spelled(numbers((9310, 2), (9310, 0), (-5, 2), (0, 0), (0, 1))).tolist() == [
        "93.10", "9310", "-0.05", "0", "0.0",
    ]  # fmt: skip


def test_spelled_beyond_64_bits():
    """Numbers beyond 64 bits are written out."""
    huge = Printed(np.array([10**30, -7], dtype=object), whole(3, 0), np.zeros(2, dtype=bool))
    assert spelled(huge).tolist() == ["1" + "0" * 27 + ".000", "-7"]
