"""The rows of a codebook by their code, without pandas: the shipped one, or a data folder's."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any, Final, Protocol

from petitionlib.codebook.about import LOOSE, About, about_of, read_about
from petitionlib.errors import TableError, said
from petitionlib.files import PACKAGE, CsvText, read_csv_text
from petitionlib.words import LANGUAGES

__all__ = [
    "FILES", "NO_CODEBOOK", "Carrier", "about", "by_theme", "carried", "columns_of", "digest_of",
    "entries", "is_rate", "leading", "loose_codebook", "optional_columns", "rates_of", "rows_of",
    "shipped_rows",
]  # fmt: skip

_SHIPPED: Final = PACKAGE / "codebook" / "vn"
NO_CODEBOOK: Final = LOOSE  # in the column `codebook`: a loose table has none
# The columns of each file; those that end in `_` stand once for each language, those in brackets
# may be left out.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "units": ("unit", "one_", "many_", "[decimals]"),
    "indicators": (
        "indicator", "unit", "kind", "label_", "[said_]", "[numerator]", "[denominator]",
        "[theme]", "[lead]",
    ),
    "places": (
        "place", "name_", "level", "[code]", "[parent]", "[partition]", "[valid_from]",
        "[valid_to]", "[successor]",
    ),
    "spans": ("span", "label_", "start", "end", "cumulative"),
    "breaks": ("date", "scope", "indicators", "[places]", "label_", "source"),
    "identities": ("identity", "whole", "relation", "parts", "severity", "authority", "[plus]"),
    "words": ("key", "[_]"),  # the library's own sentences, in a further language
}  # fmt: skip
FILES: Final = tuple(_COLUMNS)
_MOST_DECIMALS: Final = 15


class _Carrying(Protocol):
    """What carries the codebook of a data folder: a table, or a `Text`."""

    @property
    def attrs(self) -> Mapping[Any, Any]: ...


Carrier = _Carrying | None  # None: the shipped codebook


def entries(name: str, table: Carrier = None) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of one file of the codebook by their code: for reading only."""
    return _entries(name, carried(table))


def about(table: Carrier = None) -> About:
    """Return what the codebook of a table says of itself: its languages, title, default span.

    >>> about().default_span, about().languages
    ('Y', ('en', 'vi'))
    """
    return _about(carried(table))


def carried(table: Carrier) -> str:
    """Return what a table carries of a codebook, as JSON text; blank: the shipped one.

    A loose table that has lost it (a merge, a CSV file) has it again from its own columns.
    """
    extra = "" if table is None else str(table.attrs.get("codebook", ""))
    rows: Any = table
    if extra or "codebook" not in getattr(table, "columns", ()) or not len(rows):
        return extra
    return loose_codebook(_units_of(rows)) if rows["codebook"].iloc[0] == NO_CODEBOOK else ""


def loose_codebook(units: Iterable[Sequence[str]]) -> str:
    """Write the codebook of a loose table: its indicators with their units, and nothing else.

    An indicator is a rate where its unit is percent.
    """
    kinds = {"percent": ["percent", "rate"]}
    rows = [[code, *kinds.get(unit, ["", "flow"])] for code, unit in units]
    found = {"about": {"codebook": NO_CODEBOOK}, "indicators": rows}
    return json.dumps(found, ensure_ascii=False)


def _units_of(table: Any) -> list[tuple[str, str]]:
    """Return the indicators of a frame, each with what the column `unit` says, if there is one."""
    if "unit" not in table.columns:
        return [(str(code), "") for code in table["indicator"].unique()]
    pairs = table[["indicator", "unit"]].astype("str").fillna("").drop_duplicates()
    units: dict[str, str] = {}
    for code, unit in pairs.itertuples(index=False, name=None):
        if units.setdefault(code, unit) != unit:
            fault = said("fault.loose_unit", cell=code, unit=unit, other=units[code])
            raise TableError.of_table(fault, "unit")
    return list(units.items())


@lru_cache(maxsize=64)
def _about(extra: str) -> About:
    content = json.loads(extra).get("about", {}) if extra else {}
    found = about_of(content)
    if not found.own:
        path = _SHIPPED / "about.yaml"
        shipped, problems = read_about(path.name, path.read_bytes())
        if problems:
            raise TableError(problems)
        found = about_of(content, about_of(shipped))
    first = next(iter(_entries("spans", extra)), "")
    return found if found.default_span else found._replace(default_span=first)


def digest_of(extra: str) -> str:
    """Return a short name for what a data folder adds to the codebook (`read_codebook`), or blank.

    It begins with a word, so that no CSV file takes it for a number.

    >>> digest_of(""), digest_of('{"places": []}'), digest_of(loose_codebook([("loans", "")]))
    ('', 'own-4cb63a8d3b64', 'none')
    """
    if not extra:
        return ""
    if extra.startswith(loose_codebook([]).partition("}")[0]):
        return NO_CODEBOOK
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


def by_theme(table: Carrier = None) -> list[str]:
    """Return the indicators in the order of the codebook, those of one theme together.

    >>> by_theme() == list(entries("indicators"))
    True
    """
    book = entries("indicators", table)
    themes = list(dict.fromkeys(row["theme"] for row in book.values()))
    return sorted(book, key=lambda code: themes.index(book[code]["theme"]))


def rates_of(table: Carrier = None) -> dict[str, Mapping[str, str]]:
    """Return the rows of the rates of the codebook by their code."""
    book = entries("indicators", table)
    return {code: row for code, row in book.items() if row["kind"] == "rate"}


@cache
def columns_of(name: str, languages: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the columns of one file of a codebook, those of each language one by one.

    They are those of the library's languages and of these.

    >>> columns_of("units"), columns_of("words", ("fr",))
    (('unit', 'one_en', 'one_vi', 'many_en', 'many_vi', 'decimals'), ('key', 'en', 'vi', 'fr'))
    """
    every = dict.fromkeys((*LANGUAGES, *languages))
    found: list[str] = []
    for column in _COLUMNS[name]:
        plain = column.strip("[]")
        labels = [f"{plain}{lang}".removeprefix("_") for lang in every]
        found += labels if plain.endswith("_") else [plain]
    return tuple(found)


@cache
def optional_columns(name: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that a file of a codebook in these languages may leave out.

    >>> optional_columns("units", ("en",))
    ('one_vi', 'many_vi', 'decimals')
    """
    plain = [column for column in _COLUMNS[name] if not column.startswith("[")]
    needed = {column for column in plain if not column.endswith("_")}
    labels = [column for column in plain if column.endswith("_")]
    needed |= {f"{column}{lang}" for column in labels for lang in languages}
    return tuple(column for column in columns_of(name, languages) if column not in needed)


@lru_cache(maxsize=64)
def _entries(name: str, extra: str) -> dict[str, dict[str, str]]:
    found = json.loads(extra) if extra else {}
    told = about_of(found.get("about", {}))
    rows = [] if told.own or name == "words" else _as_rows(shipped_rows(name), columns_of(name))
    rows += _as_rows(found.get(name, []), columns_of(name, told.languages))
    if name == "units":  # what a file does not say of decimals
        rows = [row | {"decimals": row["decimals"] or _decimals(row["unit"])} for row in rows]
    key = (lambda row: " ".join(row.values())) if name == "breaks" else _first
    return {key(row): row for row in rows}


def _decimals(unit: str) -> str:
    """Return how many decimals a unit has that does not say it: counts have none."""
    return str(_MOST_DECIMALS) if unit == "percent" else "0"


def _first(row: Mapping[str, str]) -> str:
    return next(iter(row.values()))


def _as_rows(rows: Iterable[Sequence[str]], columns: Sequence[str]) -> list[dict[str, str]]:
    return [dict(zip_longest(columns, row, fillvalue="")) for row in rows]


@cache
def shipped_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of one file of the shipped codebook, in the order of its columns."""
    columns, optional = columns_of(name), optional_columns(name, LANGUAGES)
    needed = [column for column in columns if column not in optional]
    text = read_csv_text(_SHIPPED / f"{name}.csv", needed, optional)
    if text.problems:
        raise TableError(text.problems)
    return tuple(rows_of(text, columns))


def rows_of(text: CsvText, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the rows of a file that was read, in the order of these columns."""
    blank = [""] * len(text.lines)
    return list(zip(*(text.columns.get(column, blank) for column in columns), strict=True))
