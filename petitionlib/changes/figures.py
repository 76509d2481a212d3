"""The figures of a table: one for each key, or those that each source printed."""

import numpy as np
import pandas as pd

from petitionlib.tables.frame import complete
from petitionlib.tables.grid import pack, preferred, refuse_duplicates
from petitionlib.tables.sources import source_list

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

    The rows are of one place, year and span.
    """
    table = complete(table)
    found: dict[str, dict[str, float]] = {}
    rows = list(zip(*(table[n].tolist() for n in ("source", "indicator", "value")), strict=True))
    if len({row[:2] for row in rows}) < len(rows):
        refuse_duplicates(table)
    for source, indicator, value in rows:
        if not np.isnan(value):
            found.setdefault(source, {})[indicator] = value
    order = {row[0]: place for place, row in enumerate(source_list(table))}
    names = sorted(found, key=lambda name: (order.get(name, -1), name), reverse=True)
    return [found[name] for name in names]
