"""The rows of a codebook by their code, without pandas: the shipped one, or a data folder's."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any, Final, Protocol

from petitionlib.codebook.about import About, about_of, read_about
from petitionlib.errors import TableError
from petitionlib.files import PACKAGE, CsvText, read_csv_text

__all__ = [
    "COLUMNS", "Carrier", "about", "digest_of", "entries", "is_rate", "leading", "rates_of",
    "rows_of", "shipped_rows",
]  # fmt: skip

_SHIPPED: Final = PACKAGE / "codebook" / "vn"
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "units": ("unit", "one_en", "many_en", "one_vi", "many_vi", "decimals"),
    "indicators": (
        "indicator", "unit", "kind", "label_en", "label_vi", "numerator", "denominator", "lead",
    ),
    "places": (
        "place", "name_en", "name_vi", "level", "code", "parent", "partition",
        "valid_from", "valid_to", "successor",
    ),
    "spans": ("span", "label_en", "label_vi", "start", "end", "cumulative"),
    "breaks": ("date", "scope", "indicators", "label_en", "label_vi", "source"),
    "identities": ("identity", "whole", "relation", "parts", "severity", "authority"),
}  # fmt: skip


class _Carrying(Protocol):
    """What carries the codebook of a data folder: a table, or a `Text`."""

    @property
    def attrs(self) -> Mapping[Any, Any]: ...


Carrier = _Carrying | None  # None: the shipped codebook


def entries(name: str, table: Carrier = None) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of one file of the codebook by their code: for reading only."""
    return _entries(name, "" if table is None else str(table.attrs.get("codebook", "")))


def about(table: Carrier = None) -> About:
    """Return what the codebook of a table says of itself: its languages, title, default span.

    >>> about().default_span, about().languages
    ('Y', ('en', 'vi'))
    """
    return _about("" if table is None else str(table.attrs.get("codebook", "")))


@lru_cache(maxsize=64)
def _about(extra: str) -> About:
    path = _SHIPPED / "about.yaml"
    content, problems = read_about(path.name, path.read_bytes())
    if problems:
        raise TableError(problems)
    found = about_of(content)
    if extra:
        found = about_of(json.loads(extra).get("about", {}), found)
    first = next(iter(_entries("spans", extra)), "")
    return found if found.default_span else found._replace(default_span=first)


def digest_of(extra: str) -> str:
    """Return a short name for what a data folder adds to the codebook (`read_codebook`), or blank.

    It begins with a word, so that no CSV file takes it for a number.

    >>> digest_of(""), digest_of('{"places": []}')
    ('', 'own-4cb63a8d3b64')
    """
    if not extra:
        return ""
    return f"own-{hashlib.blake2b(extra.encode(), digest_size=6).hexdigest()}"


def is_rate(indicator: str, table: Carrier = None) -> bool:
    """Tell a rate, which changes in percentage points, from what is counted."""
    return entries("indicators", table).get(indicator, {}).get("kind") == "rate"


def leading(table: Carrier = None) -> list[str]:
    """Return the indicators that carry a report, in the order of their `lead`.

    Without any, those of the codebook in its order.

    >>> leading()[:2]
    ['petitions.received', 'reception.visits']
    """
    book = entries("indicators", table)
    leads = {code: int(row["lead"]) for code, row in book.items() if row["lead"]}
    return sorted(leads, key=leads.__getitem__) or list(book)


def rates_of(table: Carrier = None) -> dict[str, Mapping[str, str]]:
    """Return the rows of the rates of the codebook by their code."""
    book = entries("indicators", table)
    return {code: row for code, row in book.items() if row["kind"] == "rate"}


@lru_cache(maxsize=64)
def _entries(name: str, extra: str) -> dict[str, dict[str, str]]:
    found = json.loads(extra) if extra else {}
    own = about_of(found.get("about", {})).own
    rows = [] if own else list(shipped_rows(name))
    rows += [tuple(row) for row in found.get(name, [])]
    keys = [" ".join(row) if name == "breaks" else row[0] for row in rows]
    return {
        key: dict(zip_longest(COLUMNS[name], row, fillvalue=""))
        for key, row in zip(keys, rows, strict=True)
    }


@cache
def shipped_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of one file of the shipped codebook, in the order of its columns."""
    text = read_csv_text(_SHIPPED / f"{name}.csv", COLUMNS[name])
    if text.problems:
        raise TableError(text.problems)
    return tuple(rows_of(name, text))


def rows_of(name: str, text: CsvText) -> list[tuple[str, ...]]:
    """Return the rows of a file of the codebook that was read, in the order of its columns."""
    blank = [""] * len(text.lines)
    return list(zip(*(text.columns.get(column, blank) for column in COLUMNS[name]), strict=True))
