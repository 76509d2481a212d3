"""Packed keys: which rows print which figure, duplicates, and the preferred source."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.codebook.arguments import YEARS
from petitionlib.codebook.spelling import spelled_twice
from petitionlib.errors import Problem, TableError, said
from petitionlib.tables.folder import PRINTED
from petitionlib.tables.recency import recency, refuse_undecided

__all__ = [
    "Bools",
    "Floats",
    "Ints",
    "Keys",
    "Texts",
    "factorize",
    "locate",
    "number",
    "pack",
    "preferred",
    "refuse_duplicates",
    "text",
]

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

    def cell_before(self, cells: Ints) -> Ints:
        """Return the cells of the year before of some cells, or -1 where there is none."""
        packed = self.packed(cells)
        first = packed // self.of_year % self.years == 0
        return np.where(first, -1, self._cells(packed - self.of_year))

    def cell_of_span(self, cells: Ints, steps: int) -> Ints:
        """Return the cells of another span, so many steps on, or -1 where there is none."""
        return self._cells(self.packed(cells) + steps * len(self.indicators))

    def nearest_earlier(self, rows: Ints, cells: Ints) -> Ints:
        """Return what `rows`, one for each cell, holds in the nearest earlier year of some cells.

        That is -1 where no year before holds any.
        """
        found = np.full(len(cells), -1, dtype=rows.dtype)
        if not len(cells):
            return found
        if self.codes is not None:
            return self._nearest_listed(rows, cells)
        cell, open_ = cells.copy(), np.arange(len(cells))
        year = cells // self.of_year % self.years
        for back in range(1, self.years):
            open_ = open_[year[open_] >= back]
            if not len(open_):
                break
            here = rows[cell[open_] - back * self.of_year]
            found[open_] = here
            open_ = open_[here < 0]
        return found

    def _nearest_listed(self, rows: Ints, cells: Ints) -> Ints:
        """Find the nearest earlier year in a list of cells."""
        codes = self.codes[rows >= 0] if self.codes is not None else rows[:0]
        year, series = codes // self.of_year % self.years, codes % self.of_year
        series = series + codes // self.of_place * self.of_year
        order = np.lexsort((year, series))
        before = np.full(len(codes), -1, dtype=rows.dtype)
        same = series[order[1:]] == series[order[:-1]]
        before[order[1:][same]] = rows[rows >= 0][order[:-1][same]]
        spread = np.full(self.size, -1, dtype=rows.dtype)
        spread[rows >= 0] = before
        return spread[cells]

    def _cells(self, packed: Ints) -> Ints:
        """Return the cells at these positions of the whole grid, or -1 where none is in use."""
        if self.codes is None:
            return packed
        spot = np.minimum(np.searchsorted(self.codes, packed), len(self.codes) - 1)
        return np.where(self.codes[spot] == packed, spot, -1)


def pack(table: pd.DataFrame) -> Keys:
    """Find the cell of each row's key.

    Raises `TableError` where part of a key is missing, or one code is written in two ways.
    """
    place, places = factorize(table["place"])
    span, spans = factorize(table["span"])
    indicator, indicators = factorize(table["indicator"])
    for column, codes in {"place": places, "span": spans, "indicator": indicators}.items():
        if two := spelled_twice(codes):
            fault = said("fault.table_spelling", column=column, code=two[0], other=two[1])
            raise TableError.of_table(fault, column)
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
    used = None
    if size > max(_ROOM * len(table), _SMALL):
        used, cell = np.unique(cell, return_inverse=True)
        size = len(used)
    return Keys(cell, used, size, places, first, years, spans, indicators)


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
        name = str(column.name)
        raise TableError.of_table(said("fault.table_key", column=name), name)
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
        names = list(PRINTED)
        twice = table.iloc[rows[order[1:][same]]][names].drop_duplicates()
        raise TableError(
            Problem(
                "table",
                None,
                "indicator",
                None,
                *said("fault.table_twice", figure=" ".join(map(str, key))),
            )
            for key in twice.itertuples(index=False, name=None)
        )
