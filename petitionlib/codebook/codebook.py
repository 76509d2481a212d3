"""Indicators, places, spans, breaks and identities: what the codes of a table mean."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final, Protocol

import pandas as pd

from petitionlib.errors import TableError
from petitionlib.files import PACKAGE, CsvText, read_csv_text

__all__ = [
    "COLUMNS",
    "Carrier",
    "breaks",
    "digest_of",
    "entries",
    "identities",
    "indicators",
    "is_rate",
    "places",
    "rates_of",
    "rows_of",
    "shipped_rows",
    "spans",
]

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


def indicators(table: Carrier = None) -> pd.DataFrame:
    """Return the indicators that a table may use, one a row.

    Columns: `indicator`, `unit` (visits, people, cases, groups, sessions, days, petitions,
    percent), `kind` (flow, stock, rate), `label_en`, `label_vi`, and for rates their
    `numerator` and `denominator`. With a table, the rows that its own folder brought are included.

    >>> indicators().set_index("indicator").at["petitions.received", "unit"]
    'petitions'
    """
    return _frame("indicators", table)


def places(table: Carrier = None) -> pd.DataFrame:
    """Return the places, one a row: names, level, GSO code, parent, partition, validity, successor.

    A place is one territory: where a merger changed the territory, the new unit is another place.

    >>> places().set_index("place").at["can-tho", "successor"]
    'can-tho-2025'
    """
    return _frame("places", table)


def spans(table: Carrier = None) -> pd.DataFrame:
    """Return the spans, one a row: labels, `start` and `end` relative to the year, `cumulative`.

    `Y-1/12-15` is 15 December of the year before; a blank end is open; a day that the month does
    not have is its last day.

    >>> spans().set_index("span").at["H1", "label_en"]
    'First six months'
    """
    return _frame("spans", table)


def breaks(table: Carrier = None) -> pd.DataFrame:
    """Return the breaks in series, one a row: `date`, `scope`, `indicators`, labels, `source`.

    >>> sorted(breaks()["scope"].unique())
    ['boundary', 'form', 'window']
    """
    return _frame("breaks", table)


def identities(table: Carrier = None) -> pd.DataFrame:
    """Return the arithmetic that must hold between indicators, one rule a row.

    `relation` is `=`, `<=` or `>=5x`; `parts` are joined by ` + `; a rule of severity `warning`
    may fail for a reason that the table does not show; `authority` is the form that prints it.

    >>> identities().set_index("identity").at["visits-by-reception", "parts"]
    'reception.regular.visits + reception.leader.visits'
    """
    return _frame("identities", table)


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


def _frame(name: str, table: Carrier) -> pd.DataFrame:
    rows = list(entries(name, table).values())
    return pd.DataFrame(rows, columns=list(COLUMNS[name]), dtype="str")


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
