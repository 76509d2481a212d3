"""How a figure moved from one publication to the next."""

from typing import Final

import numpy as np
import pandas as pd

from petitionlib.changes.figures import figures
from petitionlib.codebook.codebook import entries
from petitionlib.tables.folder import SOURCE_COLUMNS
from petitionlib.tables.frame import complete
from petitionlib.tables.sources import source_list

__all__ = ["revisions"]

_KEY: Final = ["place", "year", "span", "indicator"]
_FLOAT_NOISE: Final = 9


def revisions(table: pd.DataFrame) -> pd.DataFrame:
    """List the figures that two or more sources printed, publication by publication.

    Takes a tidy table (`read_tables`). Returns a row for each figure and source that printed a
    value, sorted by place, year, span and indicator and then in the order of publication (that of
    `sources.csv`; a source that is not listed stands before the listed ones, by its id): `source`,
    `published` (ISO text, blank if unknown), `status`, `value`, `previous_value` (of the
    publication before), `revision` (the difference, in the indicator's unit; percentage points for
    a rate), `relative_revision` (a fraction; missing for rates and where the publication before
    printed zero) and `preferred` (the one that stands where the figure is wanted once).

    Two sources may differ for another reason than a revision: one may be approximate (`status`),
    one may have erred. Raises `TableError` if one source prints a figure twice.

    >>> from petitionlib import read_tables
    >>> moved = revisions(read_tables())
    >>> at = (moved["place"] == "can-tho") & (moved["indicator"] == "reception.visits")
    >>> moved.loc[at, ["source", "value", "revision", "preferred"]].values.tolist()
    [['thanhtra-2022-11-21', 2650.0, nan, False], ['thanhtra-2022-12-27', 2650.0, 0.0, True]]
    """
    table = complete(table)
    chosen = figures(table.assign(row=np.arange(len(table))))["row"]
    table = table.assign(preferred=np.isin(np.arange(len(table)), chosen))
    printed = table[table["value"].notna()]
    printed = _in_order(printed[printed.duplicated(_KEY, keep=False)])
    published = {row[0]: row[SOURCE_COLUMNS.index("published")] for row in source_list(table)}
    days = printed["source"].astype("str").map(published).fillna("").astype("str")
    value = printed["value"].astype("float64")
    first = ~printed.duplicated(_KEY)
    previous = value.shift().mask(first)
    revision = (value - previous).round(_FLOAT_NOISE) + 0.0
    fraction = (revision / previous).mask(_is_rate(printed) | (previous == 0))
    result = printed[[*_KEY, "source"]].assign(
        published=days, status=printed["status"], value=value, previous_value=previous,
        revision=revision, relative_revision=fraction, preferred=printed["preferred"],
    )  # fmt: skip
    result.attrs = dict(table.attrs)
    return result


def _in_order(printed: pd.DataFrame) -> pd.DataFrame:
    """Sort figures by key, and those of one key as they were published."""
    printed = printed.reset_index(drop=True)
    order = {row[0]: place for place, row in enumerate(source_list(printed))}
    names = sorted(printed["source"].astype("str").unique())
    rank = {name: place for place, name in enumerate(sorted(names, key=lambda n: order.get(n, -1)))}
    texts = {name: printed[name].astype("str") for name in ("place", "span", "indicator")}
    keys = printed.assign(**texts, rank=printed["source"].astype("str").map(rank))
    return printed.loc[keys.sort_values([*_KEY, "rank"]).index].reset_index(drop=True)


def _is_rate(printed: pd.DataFrame) -> pd.Series:
    book = entries("indicators", printed)
    rates = [code for code, row in book.items() if row["kind"] == "rate"]
    return printed["indicator"].isin(rates)
