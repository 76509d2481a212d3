"""Numbers as the reader writes them, with their units."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final, TypeGuard

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from petitionlib.codebook.entries import about, entries
from petitionlib.errors import ArgumentError, did_you_mean, said
from petitionlib.tables.frame import Row
from petitionlib.words import LANGUAGES, percent_sign, say

__all__ = [
    "MISSING", "MOST_DECIMALS", "Numbers", "direction", "has_printed_change", "is_known",
    "rounds_to_zero",
]  # fmt: skip

_BUILT_IN: Final = ("points", "percent")
_ROSE: Final = "headline.moved.up"
_DATES: Final = {"en": "d MMMM y", "vi": "dd/MM/y"}
MISSING: Final = "–"
SMALL_BASE: Final = 20
MOST_DECIMALS: Final = 2
_FINEST: Final = 9  # what is left beyond is the noise of floats


@dataclass(frozen=True)
class Numbers:
    """Writes numbers, changes and dates in one language."""

    lang: str

    @property
    def attrs(self) -> dict[str, str]:
        """What it carries of the codebook: nothing, which is the shipped one."""
        return {}

    def say(self, key: str, **values: object) -> str:
        """Look up a phrase of words.csv and fill in its values.

        That of the codebook goes first; in a language that has none it is that of the first one.
        """
        own = entries("words", self).get(key, {}).get(self.lang, "")
        if own:
            return own.format(**values)
        return say(key, self.lang if self.lang in LANGUAGES else self._first(), **values)

    @property
    def spoken(self) -> str:
        """The language of the sentences: that of the reader, or the first that they are there in.

        A further language has them where the codebook's words.csv says what rose.
        """
        if self.lang in LANGUAGES or entries("words", self).get(_ROSE, {}).get(self.lang):
            return self.lang
        return self._first()

    def _first(self) -> str:
        """Return the first language of the codebook that the library speaks."""
        langs = (*about(self).languages, *LANGUAGES)
        return next(lang for lang in langs if lang in LANGUAGES)

    def number(self, value: float, least: int = 0, most: int = MOST_DECIMALS) -> str:
        """Write a number with at least and at most so many decimals; never "-0".

        >>> Numbers("vi").number(3108), Numbers("en").number(95.5, 2)
        ('3.108', '95.50')
        """
        return _number(value, self.lang, least, most)

    def count(self, value: float | None, unit: str = "", *, most: int = MOST_DECIMALS) -> str:
        """Write a count with its unit; a missing one is a dash.

        `unit` is a unit of the codebook (`pt.codebook.units()`) or blank. Decimals are written
        where there are any, up to `most`.

        >>> Numbers("en").count(3108, "petitions"), Numbers("vi").count(3108, "petitions")
        ('3,108 petitions', '3.108 đơn')
        >>> Numbers("en").count(1, "visits"), Numbers("en").count(None, "petitions")
        ('1 visit', '–')
        """
        if not is_known(value):
            return MISSING
        number = self.number(value, most=most)
        return f"{number} {self.unit_of(unit, number)}" if unit else number

    def unit_of(self, unit: str, number: str = "") -> str:
        """Name a unit as it stands after a written number; raise `ValueError` for no unit."""
        one = number.lstrip("-") == "1"
        if unit in _BUILT_IN:
            return self.say(f"unit.{unit}.one" if one else f"unit.{unit}")
        book = entries("units", self)
        if unit not in book:
            known = [*book, *_BUILT_IN]
            near, units = did_you_mean(unit, known), ", ".join(known)
            raise ArgumentError(said("fault.unit", unit=unit, near=near, units=units))
        return self.label(book[unit], "one" if one else "many") or unit

    def _decimals_of(self, unit: str) -> int:
        """Return how many decimals the figures of a unit may have."""
        return int(entries("units", self).get(unit, {}).get("decimals") or 0)

    def label(self, row: Mapping[str, str], column: str) -> str:
        """Return a label of a row of the codebook; without one, that of the first language."""
        own = row.get(f"{column}_{self.lang}")
        return own or row.get(f"{column}_{about(self).languages[0]}", "")

    def percent(self, value: float | None, *, decimals: int = 1) -> str:
        """Write a number of percent at the given decimals; a missing one is a dash.

        >>> Numbers("en").percent(95.6757), Numbers("vi").percent(93.1, decimals=2)
        ('95.7%', '93,10%')
        """
        return self._percent(self.number(value, decimals, decimals)) if is_known(value) else MISSING

    def _percent(self, number: str) -> str:
        return f"{number}{percent_sign(self.lang)}"

    def figure(self, value: float | None, unit: str, *, decimals: object = None) -> str:
        """Write a published figure: a count with its unit, a rate with its printed decimals.

        >>> Numbers("en").figure(93.1, "percent", decimals=2), Numbers("vi").figure(2716, "people")
        ('93.10%', '2.716 người')
        """
        if unit != "percent":
            most = self._decimals_of(unit)
            if is_known(value) and is_known(decimals) and (most or int(decimals)):
                number = self.number(value, int(decimals), int(decimals))
                return f"{number} {self.unit_of(unit, number)}" if unit else number
            return self.count(value, unit, most=max(most, MOST_DECIMALS))
        if is_known(value) and is_known(decimals):
            return self.percent(value, decimals=int(decimals))
        return self._percent(self.number(value)) if is_known(value) else MISSING

    def value_of(self, row: Mapping[str, Any] | Row, unit: str) -> str:
        """Write the figure of a row; one that was printed as approximate (status `e`), so.

        >>> row = {"value": 159000.0, "decimals": 0, "status": "e"}
        >>> Numbers("en").value_of(row, "visits"), Numbers("vi").value_of(row, "visits")
        ('about 159,000 visits', 'khoảng 159.000 lượt')
        """
        told = self.figure(row["value"], unit, decimals=row.get("decimals"))
        return self.say("about", value=told) if row.get("status") == "e" else told

    def change(
        self,
        change: float | None,
        unit: str = "",
        *,
        relative: float | None = None,
        previous: float | None = None,
        small_base: float = SMALL_BASE,
    ) -> str:
        """Write a change with its sign (English) or its verb (Vietnamese), and its percentage.

        `change` is in the unit (`percent`: percentage points), `relative` is a fraction. With a
        `previous` count below `small_base` the percentage is withheld and the two counts are
        named instead: two complaints after one are no finding.

        >>> Numbers("en").change(472, "petitions", relative=0.17906)
        '+472 petitions (+17.9%)'
        >>> Numbers("vi").change(472, "petitions", relative=0.17906)
        'tăng 472 đơn (17,9%)'
        >>> Numbers("en").change(2, "groups", relative=2 / 3, previous=3)
        '+2 groups (from 3 to 5)'
        >>> Numbers("vi").change(-7.2, "percent"), Numbers("en").change(0, "visits")
        ('giảm 7,2 điểm phần trăm', 'unchanged')
        """
        if not is_known(change):
            return MISSING
        if not change:
            return self.say("unchanged")
        most = MOST_DECIMALS
        while rounds_to_zero(change, most) and most < _FINEST:
            most += 1
        kind = "points" if unit == "percent" else unit
        size = self.lead(change) + self.count(abs(change), kind, most=most)
        if unit != "percent" and is_known(previous) and abs(previous) < small_base:
            return size + self._from_to(change, previous)
        return size + self._share(change, relative)

    def lead(self, change: float) -> str:
        """Return what stands before the size of a change: its sign, in Vietnamese its verb."""
        if self.spoken == "vi":
            return f"{self.say(direction(change))} "
        return "-" if change < 0 else "+"

    def change_of(self, row: Mapping[str, Any] | Row, unit: str = "") -> str:
        """Write the change of a row of `year_over_year`; where its base is small, by counts.

        Where a side is approximate there is no percentage.

        >>> changed = {"absolute_change": 2.0, "relative_change": 0.04, "previous": 50.0,
        ...            "flag": "small_base"}
        >>> Numbers("en").change_of(changed)
        '+2 (from 50 to 52)'
        """
        withheld = "approximate" in row["flag"].split()
        return self.change(
            row["absolute_change"],
            unit,
            relative=None if withheld else row["relative_change"],
            previous=row["previous"],
            small_base=math.inf if "small_base" in row["flag"].split() else 0,
        )

    def printed_change(self, row: Mapping[str, Any] | Row) -> str:
        """Write the printed percentage of a row with `has_printed_change`, with its verb.

        >>> Numbers("en").printed_change({"change_percent": -28.0, "change_percent_decimals": 0})
        'down 28%'
        """
        percent = row["change_percent"]
        if not percent:
            return self.say("unchanged")
        return f"{self.say(direction(percent))} {self.printed_size(row)}"

    def printed_size(self, row: Mapping[str, Any] | Row) -> str:
        """Write the printed percentage of a row with `has_printed_change`, without its verb."""
        decimals = row.get("change_percent_decimals")
        return self.figure(abs(row["change_percent"]), "percent", decimals=decimals)

    def date(self, day: str) -> str:
        """Write an ISO date as the reader does.

        >>> Numbers("en").date("2022-12-27"), Numbers("vi").date("2022-12-27")
        ('27 December 2022', '27/12/2022')
        """
        pattern = _DATES.get(self.lang, "long")
        return format_date(date.fromisoformat(day), pattern, locale=self.lang)

    def _from_to(self, change: float, previous: float) -> str:
        ends = {"previous": self.number(previous), "value": self.number(previous + change)}
        return f" ({self.say('rise_from_to' if change > 0 else 'fall_from_to', **ends)})"

    def _share(self, change: float, relative: float | None) -> str:
        if not is_known(relative):
            return ""
        if rounds_to_zero(relative * 100, 1):
            return f" ({self.say('under_a_tenth')})"
        sign = "" if self.spoken == "vi" else self.lead(change)
        return f" ({sign}{self.percent(abs(relative) * 100)})"


def has_printed_change(row: Mapping[str, Any] | Row) -> bool:
    """Tell whether the change of a row of `year_over_year` is known only as a printed percentage.

    Then its figure was published with a change in percent, and that of the previous year was not.
    """
    return (
        not is_known(row["absolute_change"])
        and is_known(row.get("change_percent"))
        and "boundary" not in row["flag"].split()
    )


def direction(change: float) -> str:
    """Return the key of the verb of a change: up or down."""
    return "up" if change > 0 else "down"


def rounds_to_zero(value: float, most: int = MOST_DECIMALS) -> bool:
    """Tell whether a number is written as 0 at so many decimals."""
    return not _rounded(value, most)


def is_known(value: object) -> TypeGuard[float]:
    """Tell a number from a missing one; an infinite number cannot be written and is missing."""
    if value is None or value is pd.NA:
        return False
    return math.isfinite(float(value))  # type: ignore[arg-type]  # a number or an error by contract


@lru_cache(maxsize=4096)  # a figure stands in a title, a label, a table and a text
def _number(value: float, lang: str, least: int, most: int) -> str:
    pattern = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    return format_decimal(_rounded(value, most), pattern, locale=lang)


def _rounded(value: float, most: int) -> Decimal:
    """Round half up, as the ledger does; there is no minus zero."""
    exact = Decimal(repr(round(float(value), 9)))
    return exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP) + 0
