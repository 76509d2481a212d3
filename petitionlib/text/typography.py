"""Text as it is printed on a page: true minus signs, and each number with its unit on one line."""

import re
from functools import cache
from typing import Final

from petitionlib.words import words

__all__ = ["is_number", "joined_units", "true_minus"]

_HYPHEN: Final = re.compile(r"(^|[(>]|(?<!\d) |[^\S ])-(?=\d)")

_YEAR: Final = r"(?<![\d.,])[12]\d{3}"
_BEFORE_WORD: Final = re.compile(rf"(?<=\d)(?<!{_YEAR}) (?=%|[^\W\d_])")


def true_minus(text: str) -> str:
    """Write the hyphen before a number as a minus sign, but not that of a range or a code.

    >>> true_minus("2,917 petitions, -191 (-6.1%)")
    '2,917 petitions, −191 (−6.1%)'
    >>> true_minus("Tel. 0292 -3820")
    'Tel. 0292 -3820'
    """
    return _HYPHEN.sub("\\1\N{MINUS SIGN}", text)


def joined_units(text: str) -> str:
    """Keep a number and the word after it on one line, and a quotient of two numbers; not a year.

    >>> joined_units("2,917 petitions in 2023 compared").split(" ")[1:]
    ['in', '2023', 'compared']
    >>> joined_units("177 / 185 settled").split(" ")[1:]
    []
    """
    text = re.sub(r"(?<=\d) / (?=\d)", "\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}", text)
    return _BEFORE_WORD.sub("\N{NO-BREAK SPACE}", text)


def is_number(cell: str) -> bool:
    """Tell whether a cell of a table is a number, a change in words, or the dash of a missing one.

    >>> cells = ("2,650 visits", "up 472", "–", "updated", "- 3", "3rd", "2022-01-05", "up to now")
    >>> [cell for cell in (*cells, "about 7,000", "about it") if is_number(cell)]
    ['2,650 visits', 'up 472', '–', 'about 7,000']
    """
    number = rf"[+\-−]?\d[\d.,]*(?![\w.,:-])|–\s*$|(?:{_words('up', 'down', 'about')})\s+\d"
    return re.match(rf"\s*(?:{number}|(?:{_words('unchanged')})\b)", cell) is not None


@cache
def _words(*keys: str) -> str:
    """Write words that a change may begin with as alternatives."""
    said = (word.partition("{")[0].strip() for key in keys for word in words()[key])
    return "|".join(map(re.escape, said))
