"""Numbers as the reader writes them, with their units."""

import math
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final, TypeGuard

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from petitionlib.codebook.record import Row
from petitionlib.errors import did_you_mean
from petitionlib.words import language_index, say, words

__all__ = [
    "MISSING",
    "MOST_DECIMALS",
    "direction",
    "has_printed_change",
    "is_known",
    "label_change",
    "label_change_of",
    "label_count",
    "label_date",
    "label_figure",
    "label_number",
    "label_percent",
    "label_printed_change",
    "label_printed_size",
    "rounds_to_zero",
]

MISSING: Final = "–"
SMALL_BASE: Final = 20
MOST_DECIMALS: Final = 2


def label_count(
    value: float | None, unit: str = "", *, lang: str = "en", most: int = MOST_DECIMALS
) -> str:
    """Write a count with its unit; a missing one is a dash.

    `unit` is a unit of the codebook (visits, people, cases, groups, sessions, days, petitions) or
    blank. Decimals are written where there are any, up to `most`.

    >>> label_count(3108, "petitions"), label_count(3108, "petitions", lang="vi")
    ('3,108 petitions', '3.108 đơn')
    >>> label_count(1, "visits"), label_count(None, "petitions")
    ('1 visit', '–')
    """
    language_index(lang)
    return _with_unit(value, unit, lang, most) if is_known(value) else MISSING


def label_percent(value: float | None, *, decimals: int = 1, lang: str = "en") -> str:
    """Write a number of percent at the given decimals; a missing one is a dash.

    >>> label_percent(95.6757), label_percent(93.1, decimals=2, lang="vi"), label_percent(None)
    ('95.7 %', '93,10 %', '–')
    """
    language_index(lang)
    return f"{label_number(value, lang, decimals, decimals)} %" if is_known(value) else MISSING


def label_change(  # noqa: PLR0913  # two numbers, and four options by name
    change: float | None,
    unit: str = "",
    *,
    relative: float | None = None,
    previous: float | None = None,
    small_base: float = SMALL_BASE,
    lang: str = "en",
) -> str:
    """Write a change with its sign (English) or its verb (Vietnamese), and its percentage.

    `change` is in the unit (`percent`: percentage points), `relative` is a fraction. With a
    `previous` count below `small_base` the percentage is withheld and the two counts are named
    instead: two complaints after one are no finding.

    >>> label_change(472, "petitions", relative=0.17906)
    '+472 petitions (+17.9 %)'
    >>> label_change(472, "petitions", relative=0.17906, lang="vi")
    'tăng 472 đơn (17,9 %)'
    >>> label_change(2, "groups", relative=2 / 3, previous=3)
    '+2 groups (from 3 to 5)'
    >>> label_change(-7.2, "percent", lang="vi"), label_change(0, "visits")
    ('giảm 7,2 điểm phần trăm', 'unchanged')
    """
    language_index(lang)
    if not is_known(change):
        return MISSING
    if rounds_to_zero(change):
        return say("unchanged", lang)
    size = _with_unit(abs(change), "points" if unit == "percent" else unit, lang)
    lead = ("-" if change < 0 else "+") if lang == "en" else say(direction(change), lang) + " "
    if unit != "percent" and is_known(previous) and abs(previous) < small_base:
        return lead + size + _from_to(change, previous, lang)
    return lead + size + _share(change, relative, lang)


def label_change_of(row: Mapping[str, Any] | Row, unit: str = "", *, lang: str = "en") -> str:
    """Write the change of a row of `year_over_year`; where its base is flagged as small, by counts.

    >>> changed = pd.Series({"absolute_change": 2.0, "relative_change": 0.04, "previous": 50.0,
    ...                      "flag": "small_base"})
    >>> label_change_of(changed)
    '+2 (from 50 to 52)'
    """
    return label_change(
        row["absolute_change"],
        unit,
        relative=row["relative_change"],
        previous=row["previous"],
        small_base=math.inf if "small_base" in row["flag"].split() else 0,
        lang=lang,
    )


def has_printed_change(row: Mapping[str, Any] | Row) -> bool:
    """Tell whether the change of a row of `year_over_year` is known only as a printed percentage.

    Then its figure was published with a change in percent, and that of the year before was not.
    """
    return (
        not is_known(row["absolute_change"])
        and is_known(row.get("change_percent"))
        and "boundary" not in row["flag"].split()
    )


def label_printed_change(row: Mapping[str, Any] | Row, *, lang: str = "en") -> str:
    """Write the printed percentage of a row with `has_printed_change`, with its verb.

    >>> label_printed_change({"change_percent": -28.0, "change_percent_decimals": 0})
    'down 28 %'
    """
    percent = row["change_percent"]
    if not percent:
        return say("unchanged", lang)
    return f"{say(direction(percent), lang)} {label_printed_size(row, lang=lang)}"


def label_printed_size(row: Mapping[str, Any] | Row, *, lang: str = "en") -> str:
    """Write the printed percentage of a row with `has_printed_change`, without sign or verb."""
    decimals = row.get("change_percent_decimals")
    return label_figure(abs(row["change_percent"]), "percent", decimals=decimals, lang=lang)


def label_date(day: str, *, lang: str = "en") -> str:
    """Write an ISO date as the reader does.

    >>> label_date("2022-12-27"), label_date("2022-12-27", lang="vi")
    ('27 December 2022', '27/12/2022')
    """
    pattern = ("d MMMM y", "dd/MM/y")[language_index(lang)]
    return format_date(date.fromisoformat(day), pattern, locale=lang)


def label_figure(
    value: float | None, unit: str, *, decimals: object = None, lang: str = "en"
) -> str:
    """Write a published figure: a count with its unit, a rate with its printed decimals.

    >>> label_figure(93.1, "percent", decimals=2), label_figure(2716, "people", lang="vi")
    ('93.10 %', '2.716 người')
    """
    language_index(lang)
    if unit != "percent":
        return label_count(value, unit, lang=lang)
    if is_known(value) and is_known(decimals):
        return label_percent(value, decimals=int(decimals), lang=lang)
    return f"{label_number(value, lang)} %" if is_known(value) else MISSING


def _from_to(change: float, previous: float, lang: str) -> str:
    counts = {
        "previous": label_number(previous, lang),
        "value": label_number(previous + change, lang),
    }
    return f" ({say('rise_from_to' if change > 0 else 'fall_from_to', lang, **counts)})"


def _share(change: float, relative: float | None, lang: str) -> str:
    if not is_known(relative):
        return ""
    if rounds_to_zero(relative * 100, 1):
        return f" ({say('under_a_tenth', lang)})"
    sign = ("-" if change < 0 else "+") if lang == "en" else ""
    return f" ({sign}{label_percent(abs(relative) * 100, lang=lang)})"


def direction(change: float) -> str:
    """Return the key of the verb of a change: up or down."""
    return "up" if change > 0 else "down"


def _with_unit(value: float, unit: str, lang: str, most: int = MOST_DECIMALS) -> str:
    number = label_number(value, lang, most=most)
    if not unit:
        return number
    key = f"unit.{unit}"
    if key not in words():
        near, units = did_you_mean(unit, _units()), ", ".join(_units())
        message = f"unit {unit!r} is unknown{near}; the units are {units}"
        raise ValueError(message)
    one = f"{key}.one" if number.lstrip("-") == "1" else key
    return f"{number} {say(one, lang)}"


def _units() -> list[str]:
    return [
        key.removeprefix("unit.")
        for key in words()
        if key.startswith("unit.") and ".one" not in key
    ]


@lru_cache(maxsize=4096)  # a figure stands in a title, a label, a table and a text
def label_number(value: float, lang: str, least: int = 0, most: int = MOST_DECIMALS) -> str:
    """Write a number as the reader does, with at least and at most so many decimals; never "-0"."""
    pattern = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    return format_decimal(_rounded(value, most), pattern, locale=lang)


def rounds_to_zero(value: float, most: int = MOST_DECIMALS) -> bool:
    """Tell whether a number is written as 0 at so many decimals."""
    return not _rounded(value, most)


def _rounded(value: float, most: int) -> Decimal:
    """Round half up, as the ledger does; there is no minus zero."""
    exact = Decimal(repr(round(float(value), 9)))
    return exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP) + 0


def is_known(value: object) -> TypeGuard[float]:
    """Tell a number from a missing one; an infinite number has no label and counts as missing."""
    if value is None or value is pd.NA:
        return False
    return math.isfinite(float(value))  # type: ignore[arg-type]  # a number or an error by contract
