"""Codes as the reader names them: indicators, places, spans, flags."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from petitionlib.codebook.codebook import Carrier, entries
from petitionlib.codebook.windows import window
from petitionlib.text.numbers import label_date
from petitionlib.words import language_index, say

__all__ = [
    "is_added_up",
    "label_flags",
    "label_indicator",
    "label_part",
    "label_place",
    "label_span",
    "place_names",
    "span_name",
    "unit_of",
]

_PARTS_OF_YEAR: Final = {"Q1", "Q2", "Q3", "Q4", "H1", "9M"}


_MONTHS: Final = {f"M{month:02d}" for month in range(1, 13)}


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


def _name(file: str, code: str, column: str, lang: str, table: Carrier) -> str:
    language_index(lang)
    return entries(file, table).get(code, {}).get(f"{column}_{lang}", code)
