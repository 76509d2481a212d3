"""The words of readers, in English and Vietnamese: they stand in words.csv."""

import csv
from functools import cache
from pathlib import Path
from typing import Final

__all__ = [
    "LANGUAGES",
    "capital",
    "language_name",
    "percent_sign",
    "say",
    "separators",
    "uncapital",
    "words",
]

LANGUAGES: Final = ("en", "vi")


def say(key: str, lang: str, /, **values: object) -> str:
    """Look up a phrase of words.csv and fill in its values; in a further language, the first.

    >>> say("not_published", "vi")
    'không công bố'
    """
    index = LANGUAGES.index(lang) if lang in LANGUAGES else 0
    return words()[key][index].format(**values)


def capital(text: str) -> str:
    """Write a text as the beginning of a sentence.

    >>> capital("kiến nghị, phản ánh: 798 đơn")
    'Kiến nghị, phản ánh: 798 đơn'
    """
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """Write a sentence as it stands within another; an acronym in front keeps its capitals.

    >>> uncapital("Tiếp nhận 798 đơn"), uncapital("UBND tiếp nhận 798 đơn")
    ('tiếp nhận 798 đơn', 'UBND tiếp nhận 798 đơn')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@cache
def separators(lang: str) -> str:
    """Return the marks of decimals and of thousands of a language.

    >>> separators("en"), separators("vi")
    ('.,', ',.')
    """
    from babel import Locale  # noqa: PLC0415  # a batch that has nothing to do needs none

    marks = Locale.parse(lang).number_symbols["latn"]
    return f"{marks['decimal']}{marks['group']}"


@cache
def percent_sign(lang: str) -> str:
    """Return what a language writes after a number of percent, with the blank before it, if any.

    >>> percent_sign("vi"), len(percent_sign("fr"))
    ('%', 2)
    """
    from babel import Locale  # noqa: PLC0415  # the same

    pattern = Locale.parse(lang).percent_formats[None].pattern
    return pattern.lstrip("#,.0") if pattern[-1] == "%" else "%"


def language_name(lang: str) -> str:
    """Name a language in its own words.

    >>> language_name("en"), language_name("vi"), language_name("fr")
    ('English', 'Tiếng Việt', 'Français')
    """
    from babel import Locale  # noqa: PLC0415  # the same

    return capital(Locale.parse(lang).get_display_name() or lang)


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return every phrase by its key, in the order of `LANGUAGES`."""
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["key"]: tuple(row[lang] for lang in LANGUAGES) for row in rows}
