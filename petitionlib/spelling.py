"""What a misspelt word may have meant: the nearest known one, and a name as a code would be."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

__all__ = ["as_code", "did_you_mean", "without_marks"]

_CODE_MARKS: Final = str.maketrans({" ": "-", "_": "-"})


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the nearest known word, or nothing if none is near.

    >>> did_you_mean("petition.received", ["petitions.received", "petitions.total"])
    "; did you mean 'petitions.received'?"
    >>> did_you_mean("weather", ["petitions.received"])
    ''
    """
    words = {word.lower(): word for word in sorted(known)}
    near = get_close_matches(found.lower(), list(words), n=1, cutoff=0.7)
    return f"; did you mean {words[near[0]]!r}?" if near else ""


def without_marks(text: str) -> str:
    """Write Vietnamese without its marks, as readers of the Latin alphabet look words up.

    >>> without_marks("Đồng Tháp")
    'Dong Thap'
    """
    bare = text.replace("đ", "d").replace("Đ", "D")
    bare = "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def as_code(cell: str, column: str) -> str:
    """Write a name as the code of a column might be; the capitals of spans stay.

    >>> as_code("Cần Thơ ", "place")
    'can-tho'
    """
    plain = without_marks(cell.strip())
    plain = plain.translate(_CODE_MARKS) if column == "place" else plain
    return plain if column == "span" else plain.lower()
