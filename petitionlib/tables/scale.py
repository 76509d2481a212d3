"""Counts that are at least ten times, or at most a tenth of, the nearest earlier one."""

from typing import Final

import numpy as np
import pandas as pd

from petitionlib.tables.grid import Bools, Ints, Keys, number

__all__ = ["scale_jumps"]

_TIMES: Final = 10
_LEAST: Final = 100  # of both figures: smaller ones jump by nature


def scale_jumps(
    table: pd.DataFrame, keys: Keys, preferred: Ints, counted: Bools
) -> tuple[Ints, Ints]:
    """Return the rows of figures that jump in scale, and of the earlier figure of each.

    `preferred` has a row for each cell, or -1; `counted` tells which indicators are no rates. The
    earlier figure is that of the same place, span and indicator in whichever year is the nearest.
    """
    value = number(table, "value")
    cells = np.flatnonzero(preferred >= 0)
    rows = preferred[cells]
    cells = cells[(value[rows] >= _LEAST) & counted[keys.split(cells)[1]]]
    earlier = keys.nearest_earlier(preferred, cells)
    cells, earlier = cells[earlier >= 0], earlier[earlier >= 0]
    rows = preferred[cells]
    now, then = value[rows], value[earlier]
    jump = (then >= _LEAST) & ((now >= _TIMES * then) | (then >= _TIMES * now))
    return rows[jump], earlier[jump]
