"""Tables of HTML: they scroll or fold on a narrow screen, and their numbers stand to the right."""

import html
import re
from collections.abc import Sequence
from typing import Final

from petitionlib.text.typography import is_number

__all__ = ["framed", "with_roles"]

_PHONE: Final = 44  # letters that stand side by side on a phone
_MOST_NUMBERS: Final = 5  # columns of numbers in a table that folds
_MOST_TEXTS: Final = 4  # columns of text in it, each of them a line of its own
_SHOWN: Final = '<table class="shown"'
_OURS: Final = r'(?<=<td|<th) class="number"|(?<=<table) class="shown"'
_CELL: Final = r"<(?:td|th)\b([^>]*)>(.*?)</(?:td|th)>"
_ROLES: Final = {
    "table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell",
}  # fmt: skip

_Row = Sequence[tuple[str, str]]  # the attributes and the content of each cell


def framed(source: str, *, fold: bool = True) -> str:
    """Let wide tables scroll or `fold`; set numbers and what stands above them to the right."""
    source = re.sub(
        r"<table.*?</table>", lambda found: _table(found[0], fold=fold), source, flags=re.DOTALL
    )
    return source.replace("<table", '<div class="wide" tabindex="0"><table').replace(
        "</table>", "</table></div>"
    )


def with_roles(source: str) -> str:
    """Say of each piece of a table what it is: laid out in another way, it is still read as one."""

    def named(found: re.Match[str]) -> str:
        tag, attributes = found[1], found[2]
        head = "columnheader" if '"col"' in attributes else "rowheader"
        return f'<{tag}{attributes} role="{_ROLES.get(tag, head)}">'

    return re.sub(r"<(table|thead|tbody|tr|th|td)\b([^>]*)>", named, source)


def _table(source: str, *, fold: bool) -> str:
    """Mark the heads and numbers of a table that is none of `show`'s; name one that folds."""
    heads, rows = _cells(source)
    if not source.startswith(_SHOWN) or not _have_scope(heads):
        source = _marked(re.sub(_OURS, "", source))
        heads, rows = _cells(source)
    numbers = [i for i, (attributes, _) in enumerate(heads) if "number" in attributes]
    folds = fold and _have_scope(heads) and _folds(heads, rows, numbers)
    return with_roles(_folding(source, len(numbers))) if folds else source


def _cells(source: str) -> tuple[_Row, list[_Row]]:
    """Take a table apart: its heads, and its rows."""
    head, _, body = source.partition("</thead>")
    return re.findall(_CELL, head, re.DOTALL), _rows(body)


def _have_scope(heads: _Row) -> bool:
    return all('scope="col"' in attributes for attributes, _ in heads)


def _marked(source: str) -> str:
    """Say of the heads of a table whether they head a column or a row; align whole columns."""
    source = re.sub(r"<td>(?=([^<]*))", lambda cell: _cell(number=is_number(cell[1])), source)
    head, cut, body = source.partition("</thead>")
    if not cut:
        return source
    rows = _rows(body)
    width = head.count("<th>")
    texts = {i for i in range(width) if not _numbers([row[i] for row in rows if i < len(row)])}
    heads = iter(range(width))
    head = re.sub("<th>", lambda _: _head(number=next(heads) not in texts), head)
    body = re.sub(r"<tr[^>]*>.*?</tr>", lambda row: _aligned(row[0], texts), body, flags=re.DOTALL)
    return head + cut + body.replace("<th>", '<th scope="row">')


def _rows(body: str) -> list[_Row]:
    return [row for part in body.split("</tr>") if (row := re.findall(_CELL, part, re.DOTALL))]


def _numbers(cells: _Row) -> bool:
    """Tell whether the cells of a column all begin with a number, or are dashes."""
    return bool(cells) and all("number" in attributes for attributes, _ in cells)


def _folds(heads: _Row, rows: Sequence[_Row], numbers: Sequence[int]) -> bool:
    """Tell whether a table is read more easily on a phone with its texts as lines of their own.

    So it is where its columns do not fit side by side, and no text stands between its numbers.
    """
    texts = len(heads) - len(numbers)
    if not rows or not numbers or len(numbers) > _MOST_NUMBERS or texts > _MOST_TEXTS:
        return False
    together = numbers[-1] - numbers[0] + 1 == len(numbers)
    if not together or any(len(row) != len(heads) for row in rows):
        return False
    words = [max(map(len, _plain(head).split(" "))) for head in heads]
    cells = [max(len(_plain(row[i])) for row in rows) for i in range(len(heads))]
    return sum(map(max, words, cells)) + 2 * len(heads) > _PHONE


def _plain(cell: tuple[str, str]) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", cell[1])).strip()


def _folding(source: str, numbers: int) -> str:
    """Name a table as one that folds on a phone, and say how many numbers stand side by side."""
    return re.sub("<table[^>]*>", f'<table class="folds" style="--numbers: {numbers}">', source)


def _head(*, number: bool) -> str:
    return '<th class="number" scope="col">' if number else '<th scope="col">'


def _cell(*, number: bool) -> str:
    return '<td class="number">' if number else "<td>"


def _aligned(row: str, texts: set[int]) -> str:
    """Set the cells of some columns of a row to the left, as they are not all numbers."""
    cells = iter(range(row.count("<td") + row.count("<th")))
    return re.sub(
        r"<t[dh][^>]*>",
        lambda cell: "<td>" if next(cells) in texts and cell[0].startswith("<td") else cell[0],
        row,
    )
