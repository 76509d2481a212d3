"""The rows of the codebook by their code, shipped and of a data folder, without pandas."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final, Protocol

from petitionlib.errors import TableError
from petitionlib.files import PACKAGE, CsvText, read_csv_text

__all__ = [
    "COLUMNS", "Carrier", "digest_of", "entries", "is_rate", "rates_of", "rows_of", "shipped_rows",
]  # fmt: skip

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "indicators": (
        "indicator", "unit", "kind", "label_en", "label_vi", "numerator", "denominator",
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


def rates_of(table: Carrier = None) -> dict[str, Mapping[str, str]]:
    """Return the rows of the rates of the codebook by their code."""
    book = entries("indicators", table)
    return {code: row for code, row in book.items() if row["kind"] == "rate"}


@lru_cache(maxsize=64)
def _entries(name: str, extra: str) -> dict[str, dict[str, str]]:
    rows = list(shipped_rows(name))
    if extra:
        rows += [tuple(row) for row in json.loads(extra).get(name, [])]
    keys = [" ".join(row) if name == "breaks" else row[0] for row in rows]
    return {
        key: dict(zip(COLUMNS[name], row, strict=True)) for key, row in zip(keys, rows, strict=True)
    }


@cache
def shipped_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of one file of the shipped codebook, in the order of its columns."""
    text = read_csv_text(PACKAGE / "codebook" / f"{name}.csv", COLUMNS[name])
    if text.problems:
        raise TableError(text.problems)
    return tuple(rows_of(name, text))


def rows_of(name: str, text: CsvText) -> list[tuple[str, ...]]:
    """Return the rows of a file of the codebook that was read, in the order of its columns."""
    return list(zip(*(text.columns[column] for column in COLUMNS[name]), strict=True))
