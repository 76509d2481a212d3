"""The figures of a table: one for each key, or those that each source printed."""

import numpy as np
import pandas as pd

from petitionlib.tables.frame import complete
from petitionlib.tables.grid import pack, preferred
from petitionlib.tables.recency import recency

__all__ = ["by_source", "figures"]


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
