"""Numbers and codes -> words, in English and Vietnamese."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final, TypeGuard

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from petitionlib.codebook.codebook import Carrier, entries
from petitionlib.codebook.record import Row
from petitionlib.codebook.windows import window
from petitionlib.errors import did_you_mean
from petitionlib.words import language_index, say, words

__all__ = [
    "MISSING",
    "direction",
    "has_printed_change",
    "is_added_up",
    "is_known",
    "label_change",
    "label_change_of",
    "label_count",
    "label_date",
    "label_figure",
    "label_flags",
    "label_indicator",
    "label_number",
    "label_part",
    "label_percent",
    "label_place",
    "label_printed_change",
    "label_printed_size",
    "label_span",
    "place_names",
    "rounds_to_zero",
    "span_name",
    "unit_of",
]

MISSING: Final = "–"
SMALL_BASE: Final = 20
_PARTS_OF_YEAR: Final = {"Q1", "Q2", "Q3", "Q4", "H1", "9M"}
_MONTHS: Final = {f"M{month:02d}" for month in range(1, 13)}
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


def label_flags(flags: str, *, lang: str = "en", skip: tuple[str, ...] = ()) -> list[str]:
    """Explain the flags of a comparison, one phrase a flag.

    >>> label_flags("small_base form", lang="en", skip=("small_base",))
    ['the reporting form changed between the two years']
    """
    return [say(f"flag.{flag}", lang) for flag in flags.split() if flag not in skip]


def label_indicator(indicator: str, *, lang: str = "en", table: Carrier = None) -> str:
    """Name an indicator; a code that the codebook does not know names itself.

    >>> label_indicator("petitions.received", lang="vi")
    'Đơn tiếp nhận trong kỳ'
    """
    return _name("indicators", indicator, "label", lang, table)


def label_part(indicator: str, *, lang: str = "en", table: Carrier = None) -> str:
    """Name an indicator as a part of its whole: what follows the colon of its name.

    >>> label_part("petitions.in_jurisdiction.feedback"), label_part("petitions.received")
    ('feedback', 'Petitions received')
    """
    return label_indicator(indicator, lang=lang, table=table).rpartition(": ")[2]


def label_place(place: str, *, lang: str = "en", table: Carrier = None) -> str:
    """Name a place; a code that the codebook does not know names itself.

    >>> label_place("can-tho"), label_place("can-tho", lang="vi")
    ('Can Tho', 'Cần Thơ')
    """
    return _name("places", place, "name", lang, table)


def place_names(
    places: Iterable[str], *, lang: str = "en", table: Carrier = None
) -> dict[str, str]:
    """Name places that stand side by side, each by a name of its own.

    Those of one name are told apart by what they are parts of, by when they began or ended, or
    else by their codes.

    >>> place_names(["can-tho", "can-tho-2025", "hue"])
    {'can-tho': 'Can Tho (until 30 June 2025)', 'can-tho-2025': 'Can Tho (from 1 July 2025)', \
'hue': 'Hue'}
    """
    named = {place: label_place(place, lang=lang, table=table) for place in places}
    alike: dict[str, list[str]] = {}
    for place, name in named.items():
        alike.setdefault(name, []).append(place)
    for name, those in alike.items():
        if len(those) > 1:
            apart = _told_apart(those, lang, table)
            named |= {place: f"{name} ({apart[place]})" for place in those}
    return named


def _told_apart(places: Sequence[str], lang: str, table: Carrier) -> dict[str, str]:
    book = entries("places", table)
    units = [book.get(place, {}) for place in places]
    wholes = [unit.get("parent", "") for unit in units]
    wholes = [whole and label_place(whole, lang=lang, table=table) for whole in wholes]
    for apart in (wholes, [_existence(unit, lang) for unit in units]):
        if all(apart) and len(set(apart)) == len(apart):
            return dict(zip(places, apart, strict=True))
    return {place: place for place in places}


def _existence(unit: Mapping[str, str], lang: str) -> str:
    """Say from when and until when a place exists; nothing of one that always does."""
    days = {"from": unit.get("valid_from"), "until": unit.get("valid_to")}
    return " ".join(
        say(f"place.{key}", lang, day=label_date(day, lang=lang))
        for key, day in days.items()
        if day
    )


def label_span(span: str, year: int, *, lang: str = "en", table: Carrier = None) -> str:
    """Name a span of a year, as it stands within a sentence.

    >>> label_span("Y", 2022), label_span("H1", 2022), label_span("H1", 2022, lang="vi")
    ('2022', 'first six months of 2022', '6 tháng đầu năm 2022')
    """
    if span == "Y":
        return say("span.year", lang, year=year)
    name = span_name(span, lang=lang, table=table)
    if name.endswith(f" {say('year', lang)}"):
        return f"{name} {year}"
    key = "span.of" if span in _PARTS_OF_YEAR else "span.part"
    return say(key, lang, span=name, year=year)


def span_name(span: str, *, lang: str = "en", table: Carrier = None) -> str:
    """Name a span of any year, as it stands within a sentence.

    >>> span_name("H1"), span_name("M02"), span_name("M02", lang="vi")
    ('first six months', 'February', 'tháng 2')
    """
    name = _name("spans", span, "label", lang, table)
    lower = name != span and (lang == "vi" or span not in _MONTHS)
    return name[:1].lower() + name[1:] if lower else name


def is_added_up(place: str, year: int, span: str, table: Carrier = None) -> bool:
    """Tell whether the base of a figure is from before its place began.

    Nobody published such a base: `to_boundaries` added it up.
    """
    begins = entries("places", table).get(place, {}).get("valid_from", "")
    if not begins or span not in entries("spans", table):
        return False
    last = window(span, year - 1, table)[1]
    return last is not None and last.isoformat() < begins


def unit_of(indicator: str, table: Carrier = None) -> str:
    """Return the unit of an indicator; blank where the codebook does not know it."""
    return entries("indicators", table).get(indicator, {}).get("unit", "")


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


def _name(file: str, code: str, column: str, lang: str, table: Carrier) -> str:
    language_index(lang)
    return entries(file, table).get(code, {}).get(f"{column}_{lang}", code)
