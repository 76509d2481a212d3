"""The words that readers see, in English and Vietnamese; they stand in words.csv."""

from functools import cache
from pathlib import Path
from typing import Final

from petitionlib.csvfile import read_csv_text
from petitionlib.errors import TableError

__all__ = ["LANGUAGES", "say", "speech", "words"]

LANGUAGES: Final = ("en", "vi")


def say(key: str, lang: str, **values: object) -> str:
    """Look up a phrase of words.csv and fill in its values.

    >>> say("not_published", "vi")
    'không công bố'
    """
    return words()[key][speech(lang)].format(**values)


def speech(lang: str) -> int:
    """Return the place of a language among the languages; raise `ValueError` for another."""
    if lang not in LANGUAGES:
        message = f"lang {lang!r} is not available; the languages are {', '.join(LANGUAGES)}"
        raise ValueError(message)
    return LANGUAGES.index(lang)


@cache
def words() -> dict[str, tuple[str, str]]:
    """Read all phrases, English and Vietnamese, by their keys."""
    text = read_csv_text(Path(__file__).with_name("words.csv"), ("key", *LANGUAGES))
    if text.problems:
        raise TableError(text.problems)
    columns = (text.columns[name] for name in ("key", *LANGUAGES))
    return {key: (en, vi) for key, en, vi in zip(*columns, strict=True)}
