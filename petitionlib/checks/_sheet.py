"""What each source printed about one place and period, side by side."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.checks._exact import Printed, printed, spelled
from petitionlib.codebook.entries import rates_of
from petitionlib.codebook.windows import last_day
from petitionlib.tables.folder import CHANGE_STATUS
from petitionlib.tables.grid import Keys, factorize, number, pack, preferred

__all__ = ["Rows", "Sheet", "lay_out", "printed_column"]

Rows = npt.NDArray[Any]
_ROOM = 8


class Sheet(NamedTuple):
    """A table with its numbers as printed; a group is one place, year, span and source.

    Of each row: its `group`, its `value` as printed (`known` if there is one) and as a text. The
    rows with a value stand by indicator in `order`, each indicator from its `start` on. `preferred`
    has the row of the preferred source for each cell, `earlier` that of the year before.
    """

    table: pd.DataFrame
    keys: Keys
    known: npt.NDArray[np.bool_]
    value: Printed
    texts: npt.NDArray[np.object_]
    group: Rows
    groups: int
    order: Rows
    start: Rows
    preferred: Rows
    earlier: Rows

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

    def is_rate(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Tell which rows print a rate."""
        rates = rates_of(self.table)
        rate = np.array([name in rates for name in self.keys.indicators], dtype=bool)
        return rate[self.keys.split(self.keys.cell[rows])[1]]

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
    group, groups = _groups(table, keys, period)
    order = np.flatnonzero(known)
    kind = np.min_scalar_type(len(keys.indicators))
    order = order[np.argsort(indicator[order].astype(kind), kind="stable")]
    start = np.searchsorted(indicator[order], np.arange(len(keys.indicators) + 1))
    chosen = preferred(table, keys)
    return Sheet(
        table, keys, known, value, spelled(value), group, groups, order, start,
        chosen, keys.year_before(chosen),
    )  # fmt: skip


def printed_column(table: pd.DataFrame, column: str, decimals: str | None, rows: Rows) -> Printed:
    """Return a column of numbers of some rows as they were printed."""
    digits = np.full(len(rows), -1, dtype=np.int64)
    if decimals in table.columns:
        digits = table[decimals].iloc[rows].fillna(-1).to_numpy(dtype=np.int64)
    rough = (table["status"].iloc[rows] == "e").to_numpy()
    if column != "value" and CHANGE_STATUS in table.columns:
        rough = rough | (table[CHANGE_STATUS].iloc[rows] == "e").to_numpy()
    return printed(number(table, column)[rows], digits, rough)


def _groups(table: pd.DataFrame, keys: Keys, period: Rows) -> tuple[Rows, int]:
    """Return the group of each row: a place, year, span and source; and how many there may be."""
    sources, names = factorize(table["source"])
    code = period.astype(np.int64) * len(names) + sources.numbers()
    size = len(keys.places) * keys.years * len(keys.spans) * len(names)
    if size > _ROOM * len(table):
        known, group = np.unique(code, return_inverse=True)
        return group, len(known)
    return code, size
