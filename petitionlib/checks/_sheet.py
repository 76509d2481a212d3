"""What each source printed about one place and period, side by side."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.checks._exact import Printed, printed, spelled
from petitionlib.codebook.codes import NUMBERS
from petitionlib.codebook.entries import rates_of
from petitionlib.codebook.windows import last_day
from petitionlib.tables.folder import CHANGE_STATUS
from petitionlib.tables.grid import Keys, factorize, number, pack, preferred

__all__ = ["Rows", "Sheet", "lay_out", "printed_column"]

Rows = npt.NDArray[Any]
_ROOM = 8


class Sheet(NamedTuple):
    """A table with its numbers as printed; a group is one place, year, span and source.

    Of each row: its `group`, the number of its `source`, its `value` as printed (`known` if there
    is one) and as a text. The
    rows with a value stand by indicator in `order`, each indicator from its `start` on. `preferred`
    has the row of the preferred source for each cell.
    """

    table: pd.DataFrame
    keys: Keys
    known: npt.NDArray[np.bool_]
    value: Printed
    texts: npt.NDArray[np.object_]
    source: Rows
    sources: list[str]
    group: Rows
    groups: int
    order: Rows
    start: Rows
    preferred: Rows

    def rows_of(self, indicator: str) -> Rows:
        """Return the rows that print a value of an indicator."""
        if indicator not in self.keys.indicators:
            return self.order[:0]
        number = self.keys.indicators.index(indicator)
        return self.order[self.start[number] : self.start[number + 1]]

    def beside(self, indicator: str, rows: Rows) -> Rows:
        """Return the row of an indicator in the group of each of some rows, or -1."""
        others = self.rows_of(indicator)
        column = np.full(self.groups, -1, dtype=self.order.dtype)
        column[self.group[others]] = others
        return column[self.group[rows]]

    def printed_in(self, cells: Rows) -> tuple[Rows, Rows]:
        """Return all rows that print a value in some cells (-1: none), and the request of each."""
        wanted = np.zeros(self.keys.size + 1, dtype=bool)
        wanted[cells] = True
        wanted[-1] = False
        rows = np.flatnonzero(wanted[self.keys.cell] & self.known)
        rows = rows[np.argsort(self.keys.cell[rows], kind="stable")]
        found = self.keys.cell[rows]
        low, high = (np.searchsorted(found, cells, side) for side in ("left", "right"))
        count = np.where(cells < 0, 0, high - low)
        owner = np.repeat(np.arange(len(cells)), count)
        spots = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        return owner, rows[spots + np.repeat(low, count)]

    def is_rate(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Tell which rows print a rate."""
        rates = rates_of(self.table)
        rate = np.array([name in rates for name in self.keys.indicators], dtype=bool)
        return rate[self.keys.split(self.keys.cell[rows])[1]]

    def texts_of(self, column: str) -> npt.NDArray[np.object_]:
        """Return a column of texts that a table may lack, blank where it says nothing."""
        if column not in self.table.columns:
            return np.full(len(self.table), "", dtype=object)
        return self.table[column].astype("str").fillna("").to_numpy(dtype=object)

    def printed(self, kind: int, rows: Rows) -> Printed:
        """Return one of the numbers of some rows as it was printed: value, change or percent."""
        if kind == 0:
            return self.value.at(rows)
        decimals = ("", "change_decimals", "change_percent_decimals")[kind]
        return printed_column(self.table, NUMBERS[kind], decimals, rows)

    def last_days(self) -> npt.NDArray[np.object_]:
        """Return the last day (ISO) of each year by span; an open one lasts for the year."""
        keys = self.keys
        days = np.empty((keys.years, len(keys.spans)), dtype=object)
        for column, span in enumerate(keys.spans):
            for row, year in enumerate(range(keys.first_year, keys.first_year + keys.years)):
                days[row, column] = last_day(span, year, self.table).isoformat()
        return days


def lay_out(table: pd.DataFrame) -> Sheet:
    """Lay a complete table out. Raises `TableError` where one source prints one figure twice."""
    keys = pack(table)
    known = ~np.isnan(number(table, "value"))
    value = printed_column(table, "value", "decimals", np.arange(len(table)))
    period, indicator = keys.split(keys.cell)
    sources, names = factorize(table["source"])
    source = sources.numbers()
    group, groups = _groups(table, keys, period.astype(np.int64) * len(names) + source, len(names))
    order = np.flatnonzero(known)
    kind = np.min_scalar_type(len(keys.indicators))
    order = order[np.argsort(indicator[order].astype(kind), kind="stable")]
    start = np.searchsorted(indicator[order], np.arange(len(keys.indicators) + 1))
    return Sheet(
        table, keys, known, value, spelled(value), source, names, group, groups, order, start,
        preferred(table, keys),
    )  # fmt: skip


def printed_column(table: pd.DataFrame, column: str, decimals: str, rows: Rows) -> Printed:
    """Return a column of numbers of some rows as they were printed."""
    digits = np.full(len(rows), -1, dtype=np.int64)
    if decimals in table.columns:
        written = table[decimals].iloc[rows]
        if not pd.api.types.is_numeric_dtype(written.dtype):  # blanks of a CSV file are text
            written = pd.to_numeric(written, errors="coerce")
        digits = written.fillna(-1).to_numpy(dtype=np.int64)
    rough = (table["status"].iloc[rows] == "e").to_numpy()
    if column != "value" and CHANGE_STATUS in table.columns:
        rough = rough | (table[CHANGE_STATUS].iloc[rows] == "e").to_numpy()
    return printed(number(table, column)[rows], digits, rough)


def _groups(table: pd.DataFrame, keys: Keys, code: Rows, sources: int) -> tuple[Rows, int]:
    """Return the group of each row: a place, year, span and source; and how many there may be."""
    size = len(keys.places) * keys.years * len(keys.spans) * sources
    if size > _ROOM * len(table):
        known, group = np.unique(code, return_inverse=True)
        return group, len(known)
    return code, size
