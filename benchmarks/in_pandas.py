"""A year against the year before in pandas: a merge, for reference."""

from functools import partial

import pandas as pd
from race import Contender

__all__ = ["contenders"]

KEY = ["place", "year", "span", "indicator"]


def contenders(table: pd.DataFrame) -> list[Contender]:
    """Return the one way to compare the table: bare, its text as categories."""
    return [Contender("pandas", "merge", "category", "bare", partial(_bare, table), pd.DataFrame)]


def _bare(table: pd.DataFrame) -> pd.DataFrame:
    """Compare and no more."""
    known = table.loc[table["value"].notna(), [*KEY, "value"]]
    earlier = known.assign(year=known["year"] + 1).rename(columns={"value": "previous"})
    matched = known.merge(earlier, on=KEY, how="left")
    matched["absolute_change"] = matched["value"] - matched["previous"]
    matched["relative_change"] = matched["absolute_change"] / matched["previous"]
    return matched
