"""The words of readers, in English and Vietnamese: they stand in words.csv."""

import csv
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["LANGUAGES", "capital", "language_index", "say", "uncapital", "words"]

LANGUAGES: Final = ("en", "vi")


def say(key: str, lang: str, /, **values: object) -> str:
    """Look up a phrase of words.csv and fill in its values.

    >>> say("not_published", "vi")
    'không công bố'
    """
    return words()[key][language_index(lang)].format(**values)


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
def words() -> dict[str, tuple[str, ...]]:
    """Return every phrase by its key, in the order of `LANGUAGES`."""
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["key"]: tuple(row[lang] for lang in LANGUAGES) for row in rows}


def language_index(lang: str) -> int:
    """Return the place of a language; raise `ValueError` for one that is not there."""
    if lang not in LANGUAGES:
        message = f"lang {lang!r} is not available; the languages are {', '.join(LANGUAGES)}"
        raise ValueError(message)
    return LANGUAGES.index(lang)
