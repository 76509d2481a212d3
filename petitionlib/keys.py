"""Which rows print which figure: keys, duplicates, and the preferred source."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.codebook import YEARS, check_codebook, check_is_table
from petitionlib.errors import Problem, TableError
from petitionlib.faults import LARGEST
from petitionlib.recency import recency, refuse_undecided

__all__ = [
    "Keys",
    "Texts",
    "as_kind",
    "by_source",
    "complete",
    "factorize",
    "figures",
    "locate",
    "number",
    "pack",
    "preferred",
    "refuse_duplicates",
    "refuse_other_years",
    "text",
]

KEY: Final = ("place", "year", "span", "indicator")
_ROOM: Final = 8  # cells a row may cost before the keys are sorted instead
_SMALL: Final = 1 << 20

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Keys(NamedTuple):
    """The keys of a table as a grid: place by year by span by indicator, each in order.

    `cell` is the cell of each row. Where the grid would be far larger than the table, `codes`
    lists the cells in use, and a row's `cell` is its place in that list.
    """

    cell: Ints
    codes: Ints | None
    size: int
    places: list[str]
    first_year: int
    years: int
    spans: list[str]
    indicators: list[str]

    @property
    def of_year(self) -> int:
        """Return how many cells a place has in a year."""
        return len(self.spans) * len(self.indicators)

    @property
    def of_place(self) -> int:
        """Return how many cells a place has."""
        return self.years * self.of_year

    def packed(self, cells: Ints) -> Ints:
        """Return the positions of cells in the whole grid."""
        return cells if self.codes is None else self.codes[cells]

    def split(self, cells: Ints) -> tuple[Ints, Ints]:
        """Return the period (place by year by span) and the indicator of cells."""
        packed = self.packed(cells)
        period = packed // len(self.indicators) if self.indicators else packed
        return period, packed - period * len(self.indicators)

    def year_before(self, rows: Ints) -> Ints:
        """Return what `rows`, one for each cell, holds in the cell of the year before, or -1."""
        earlier = np.full_like(rows, -1)
        if self.codes is None:
            shape = (len(self.places), self.years, self.of_year)
            earlier.reshape(shape)[:, 1:] = rows.reshape(shape)[:, :-1]
        elif len(rows):
            spot = np.searchsorted(self.codes, self.codes - self.of_year)
            found = self.codes[spot] == self.codes - self.of_year
            found &= self.codes // self.of_year % self.years > 0
            earlier[found] = rows[spot[found]]
        return earlier


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each (place, year, span, indicator): the preferred source's figure.

    An exact figure goes before an approximate one, then the newest source wins; the rows are
    sorted by the key and have the columns of the table.
    """
    table = complete(table)
    rows = preferred(table, pack(table))
    return table.iloc[rows[rows >= 0]].reset_index(drop=True)


def by_source(table: pd.DataFrame) -> list[dict[str, float]]:
    """Return the values by indicator that each source prints, the newest source first.

    The rows are of one place, year and span. Raises `TableError` as `preferred` does.
    """
    table = complete(table).reset_index(drop=True)
    found: dict[str, dict[str, float]] = {}
    rows = list(zip(*(table[n].tolist() for n in ("source", "indicator", "value")), strict=True))
    if len({row[1] for row in rows}) < len(rows):
        preferred(table, pack(table))
    order = recency(table, np.arange(len(table))).order()
    for row in np.argsort(-order, kind="stable").tolist():
        source, indicator, value = rows[row]
        if not np.isnan(value):
            found.setdefault(source, {})[indicator] = value
    return list(found.values())


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table made in memory the columns it may lack (change, status, source).

    Raises `TableError` for a table without its key or its values, with text for numbers, or that
    has lost its codebook (`check_codebook`), and `NotATableError` for what is no table.
    """
    check_is_table(table)
    check_codebook(table)
    missing = [column for column in (*KEY, "value") if column not in table.columns]
    if missing:
        message = f"has no column {missing[0]!r}; data/README.md describes the columns"
        raise _bad(message, missing[0])
    refuse_other_years(table)
    ends = (table["year"].min(), table["year"].max()) if len(table) else ()
    for year in ends:
        if not YEARS[0] <= year <= YEARS[1]:
            message = f"has the year {year}; a year is a number like 2022"
            raise _bad(message, "year")
    table = table.copy(deep=False)
    for name, blank in {"change": np.nan, "status": "", "source": ""}.items():
        if name not in table:
            kind = "str" if blank == "" else "float64"
            table[name] = pd.Series(blank, index=table.index, dtype=kind)
    numbers = [name for name in ("value", "change", "change_percent") if name in table]
    readings = dict.fromkeys(numbers, _numbers) | dict.fromkeys(("status", "source"), _texts)
    for name, read in readings.items():
        given = table[name]
        column = read(given)
        if column is not given:  # each column that is set costs the time of a small table
            table[name] = column
    return table


def refuse_other_years(table: pd.DataFrame) -> None:
    """Raise `TableError` for years that are no whole numbers."""
    years = table["year"]
    if not pd.api.types.is_integer_dtype(years.dtype) or years.isna().any():
        message = f"has a year that is not a whole number (dtype {years.dtype}); use "
        message += 'table.astype({"year": "int64"})'
        raise _bad(message, "year")


def pack(table: pd.DataFrame) -> Keys:
    """Find the cell of each row's key. Raises `TableError` where part of a key is missing."""
    place, places = factorize(table["place"])
    span, spans = factorize(table["span"])
    indicator, indicators = factorize(table["indicator"])
    year = table["year"].to_numpy(dtype="int64")
    first = int(year.min()) if len(year) else YEARS[0]
    years = int(year.max()) - first + 1 if len(year) else 1
    of_year = len(spans) * len(indicators)
    size = len(places) * years * of_year
    kind: type[Any] = np.int32 if size < np.iinfo(np.int32).max else np.int64
    cell = place.numbers(years * of_year, kind)
    cell += (year - first).astype(kind) * kind(of_year)
    if len(spans) > 1:
        cell += span.numbers(len(indicators), kind)
    cell += indicator.numbers(1, kind)
    codes = None
    if size > max(_ROOM * len(table), _SMALL):
        codes, cell = np.unique(cell, return_inverse=True)
        size = len(codes)
    return Keys(cell, codes, size, places, first, years, spans, indicators)


def preferred(table: pd.DataFrame, keys: Keys) -> Ints:
    """Return for each cell the row whose figure is preferred, or -1 where none has a value.

    Raises `TableError` where one source prints one figure twice, and where of two that print
    different values nothing says which is newer.
    """
    rows = np.arange(len(table), dtype=keys.cell.dtype)
    chosen = np.full(keys.size, -1, dtype=keys.cell.dtype)
    chosen[keys.cell] = rows
    several = chosen[keys.cell] != rows
    blank = np.isnan(number(table, "value"))
    if several.any():
        shared = np.zeros(keys.size, dtype=bool)
        shared[keys.cell[several]] = True
        several = shared[keys.cell]
        _refuse(table, keys, rows[several])
        chosen[keys.cell[several]] = -1
        blank |= several
    chosen[keys.cell[blank]] = -1
    if several.any():
        again = rows[several & ~np.isnan(number(table, "value"))]
        _choose(table, keys, again, chosen)
    return chosen


def locate(table: pd.DataFrame, keys: Keys, eligible: Bools) -> Ints:
    """Return for each cell the eligible row of the preferred source, or -1."""
    rows = np.flatnonzero(eligible).astype(keys.cell.dtype)
    chosen = np.full(keys.size, -1, dtype=keys.cell.dtype)
    chosen[keys.cell[rows]] = rows
    if (chosen[keys.cell[rows]] != rows).any():
        _choose(table, keys, rows, chosen)
    return chosen


def refuse_duplicates(table: pd.DataFrame) -> None:
    """Raise `TableError` where one source prints one figure twice."""
    preferred(table, pack(table))


def number(table: pd.DataFrame, column: str) -> Floats:
    """Return a column of numbers as an array, missing as NaN."""
    return table[column].to_numpy(dtype="float64", na_value=np.nan)


def text(codes: npt.NDArray[Any], names: list[str], like: pd.Series) -> pd.Series:
    """Return a column of texts by their number (-1: missing), categorical if `like` is."""
    if isinstance(like.dtype, pd.CategoricalDtype):
        return pd.Series(pd.Categorical.from_codes(codes, pd.Index(names, dtype="str")))
    return pd.Series(pd.array(names, dtype="str").take(codes, allow_fill=True))


def as_kind(texts: pd.Series, column: pd.Series) -> pd.Series:
    """Return a column of the same kind as another: of its categories and more, or of its type.

    >>> kinds = pd.Series(["b", "a"], dtype="category")
    >>> as_kind(pd.Series(["c", "a"]), kinds).cat.categories.tolist()
    ['a', 'b', 'c']
    """
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        new = sorted(set(texts.dropna().unique()) - set(kind.categories))
        kind = pd.CategoricalDtype(kind.categories.append(pd.Index(new)), ordered=kind.ordered)
    return texts.astype(kind)


class Texts(NamedTuple):
    """A column of texts: the code of each row, and each code's rank in alphabetical order."""

    codes: npt.NDArray[Any]
    rank: npt.NDArray[np.int64]

    def numbers(self, stride: int = 1, kind: type[Any] = np.int64) -> Ints:
        """Return the rank of each row's text, times a stride."""
        numbers: Ints = (self.rank * stride).astype(kind)[self.codes]
        return numbers


def factorize(column: pd.Series) -> tuple[Texts, list[str]]:
    """Return the texts of a column, and their names in alphabetical order."""
    codes: npt.NDArray[Any]
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, names = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, names = pd.factorize(column, sort=False)
    if len(codes) and codes.min() < 0:
        message = f"has a row without {column.name}; no part of a key may be missing"
        raise _bad(message, str(column.name))
    texts = np.asarray(names, dtype=object).astype(str)
    order = np.argsort(texts, kind="stable")
    rank = np.empty(len(order), dtype="int64")
    rank[order] = np.arange(len(order))
    return Texts(codes, rank), texts[order].tolist()


def _choose(table: pd.DataFrame, keys: Keys, rows: Ints, chosen: Ints) -> None:
    """Fill in the preferred of some rows of each cell: exact before approximate, then the newest.

    Of equal values any may stand, where nothing says which source is newer: the later id does.
    """
    age = recency(table, rows)
    exact = (table["status"].iloc[rows] != "e").to_numpy()
    order = age.order()
    order += exact * (order.max(initial=0) - order.min(initial=0) + 1)
    spots = np.argsort(order, kind="stable")
    chosen[keys.cell[rows[spots]]] = spots
    best = chosen[keys.cell[rows]]
    value = number(table, "value")[rows]
    rivals = np.flatnonzero((value != value[best]) & (exact == exact[best]))
    rivals = rivals[age.undecided(rivals, best[rivals])]
    if len(rivals):
        pairs = zip(rows[rivals].tolist(), rows[best[rivals]].tolist(), strict=True)
        refuse_undecided(table, pairs)
    chosen[keys.cell[rows]] = rows[best]


def _refuse(table: pd.DataFrame, keys: Keys, rows: Ints) -> None:
    """Raise `TableError` where rows of one cell have the same source."""
    source, _ = pd.factorize(table["source"].iloc[rows])
    pair = np.stack([keys.cell[rows].astype("int64"), source.astype("int64")])
    order = np.lexsort(pair[::-1])
    same = (pair[:, order[1:]] == pair[:, order[:-1]]).all(axis=0)
    if same.any():
        names = [*KEY, "source"]
        twice = table.iloc[rows[order[1:][same]]][names].drop_duplicates()
        raise TableError(
            Problem(
                "table",
                None,
                "indicator",
                None,
                f"prints {' '.join(map(str, key))} twice; keep one",
            )
            for key in twice.itertuples(index=False, name=None)
        )


def _texts(column: pd.Series) -> pd.Series:
    """Return a column of codes with blanks for what is missing, of the same kind as it was."""
    if not column.isna().any():
        return column
    if isinstance(column.dtype, pd.CategoricalDtype) and "" not in column.cat.categories:
        column = column.cat.add_categories([""])
    return column.fillna("")


def _numbers(column: pd.Series) -> pd.Series:
    """Return a column of numbers as it is, one of nothing as missing; refuse anything else."""
    if column.dtype != "float64" and column.isna().all():
        return column.astype("float64")
    if not pd.api.types.is_numeric_dtype(column.dtype):
        message = f"has {column.name} as {column.dtype}, not as numbers; use pandas.to_numeric"
        raise _bad(message, str(column.name))
    if column.dtype == "float32":  # 95.67 is 95.67, not 95.669998
        column = column.astype("str").astype("float64")
    numbers = column.to_numpy(dtype="float64", na_value=np.nan)
    for extreme in (np.fmax.reduce(numbers, initial=0), np.fmin.reduce(numbers, initial=0)):
        if abs(extreme) >= LARGEST:
            message = f"has the {column.name} {extreme}, too large to be one"
            raise _bad(message, str(column.name))
    return column


def _bad(message: str, column: str) -> TableError:
    return TableError([Problem("table", None, column, None, message)])
