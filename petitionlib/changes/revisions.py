"""How a figure moved from one publication to the next."""

from typing import Final

import numpy as np
import pandas as pd

from petitionlib.changes.figures import figures
from petitionlib.codebook.entries import rates_of
from petitionlib.files import FilePath
from petitionlib.tables.folder import KEY
from petitionlib.tables.frame import complete
from petitionlib.tables.grid import Ints
from petitionlib.tables.read import with_codebook
from petitionlib.tables.recency import recency, refuse_undecided

__all__ = ["revisions"]

_KEY: Final = list(KEY)
_FLOAT_NOISE: Final = 9


def revisions(table: pd.DataFrame, *, codebook: FilePath | None = None) -> pd.DataFrame:
    """List the figures that two or more sources printed, publication by publication.

    Takes a tidy table (`read_tables`). Returns a row for each figure and source that printed a
    value, sorted by place, year, span and indicator and then in the order of publication (that of
    `sources.csv`; in tables of two folders, by date): `source`, `published` (ISO text, blank if
    unknown), `status`, `value`, `previous_value` (of the
    publication before), `revision` (the difference, in the indicator's unit; percentage points for
    a rate), `relative_revision` (a fraction; missing for rates and where the publication before
    printed zero) and `preferred` (the one that stands where the figure is wanted once).

    Two sources may differ for another reason than a revision: one may be approximate (`status`),
    one may have erred. A table that has lost its codebook takes it from a data folder (`codebook`).
    Raises `TableError` if one source prints a figure twice, and where of two that print different
    values nothing says which is newer.

    >>> from petitionlib import read_tables
    >>> moved = revisions(read_tables())
    >>> at = (moved["place"] == "can-tho") & (moved["indicator"] == "reception.visits")
    >>> moved.loc[at, ["source", "value", "revision", "preferred"]].values.tolist()
    [['thanhtra-2022-11-21', 2650.0, nan, False], ['thanhtra-2022-12-27', 2650.0, 0.0, True]]
    """
    table = complete(with_codebook(table, codebook)).reset_index(drop=True)
    chosen = figures(table.assign(row=np.arange(len(table))))["row"]
    table = table.assign(preferred=np.isin(np.arange(len(table)), chosen))
    printed = table[table["value"].notna()]
    printed = _in_order(table, printed[printed.duplicated(_KEY, keep=False)])
    days = printed["published"] if "published" in printed.columns else ""
    days = pd.Series(days, index=printed.index).astype("str").fillna("")
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


def _in_order(table: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Sort figures of a table by key, and those of one key as they were published."""
    rows = printed.index.to_numpy()
    age = recency(table, rows)
    texts = {name: printed[name].astype("str") for name in ("place", "span", "indicator")}
    keys = printed.assign(**texts, order=age.order()).reset_index(drop=True)
    spots = keys.sort_values([*_KEY, "order"]).index.to_numpy()
    printed = printed.iloc[spots].reset_index(drop=True)
    one, other = _rivals(printed)
    open_pairs = age.undecided(spots[one], spots[other])
    pairs = zip(rows[spots[one[open_pairs]]], rows[spots[other[open_pairs]]], strict=True)
    refuse_undecided(table, pairs)
    return printed


def _rivals(printed: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return the pairs of rows with one key and different values; rows of a key stand together."""
    key = np.cumsum(~printed.duplicated(_KEY).to_numpy())
    value = printed["value"].to_numpy(dtype="float64")
    pairs = [np.zeros((2, 0), dtype="int64")]
    for step in range(1, np.bincount(key).max(initial=0)):
        one = np.flatnonzero((key[step:] == key[:-step]) & (value[step:] != value[:-step]))
        pairs.append(np.stack([one, one + step]))
    one, other = np.concatenate(pairs, axis=1)
    return one, other


def _is_rate(printed: pd.DataFrame) -> pd.Series:
    return printed["indicator"].isin(list(rates_of(printed)))
