"""A name as a code would be, Vietnamese without its marks, and one code written in two ways."""

import unicodedata
from collections.abc import Iterable
from typing import Final

__all__ = ["as_code", "spelled_twice", "without_marks"]

_CODE_MARKS: Final = str.maketrans({" ": "-", "_": "-"})


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


def spelled_twice(codes: Iterable[str]) -> tuple[str, str] | None:
    """Return two codes that differ only in their Unicode form or in blanks, if there are any.

    >>> spelled_twice(["can-tho", "ha-noi", "can-tho "])
    ('can-tho', 'can-tho ')
    """
    seen: dict[str, str] = {}
    for code in codes:
        plain = "".join(unicodedata.normalize("NFC", code).split())
        if seen.setdefault(plain, code) != code:
            return seen[plain], code
    return None
