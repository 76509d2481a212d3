"""Rates recomputed from their counts, beside what was printed."""

from typing import Final

import pandas as pd

from petitionlib.changes.figures import figures
from petitionlib.changes.year_over_year import year_over_year
from petitionlib.codebook.entries import rates_of
from petitionlib.files import FilePath
from petitionlib.tables.folder import KEY
from petitionlib.tables.frame import as_kind, complete
from petitionlib.tables.read import with_codebook
from petitionlib.tables.recency import part_of
from petitionlib.tables.sources import join_names

__all__ = ["rates"]

_CASE: Final = list(KEY[:3])
_KEY: Final = list(KEY)
_ORDER: Final = ("published", "source_order")
_NO_VALUE: Final = "no_value"


def rates(table: pd.DataFrame, *, codebook: FilePath | None = None) -> pd.DataFrame:
    """Recompute every rate of the codebook from its two counts.

    Takes a tidy table (`read_tables`). Returns a row for each place, year, span and rate of which
    both counts, or the rate itself, are printed, sorted by that key: `numerator`, `denominator`
    (their codes), `numerator_value`, `denominator_value`, `source` (of the counts), `printed` (the
    preferred published rate, percent) and its `decimals` (as printed, if the table has them),
    `computed` (percent), `previous_computed` (one year before), `absolute_change` (percentage
    points, of the recomputed rates) and `flag` (as `year_over_year`;
    `no_value` where nothing is computed).

    Both counts come from one source: the preferred one that prints both. Only where no source does,
    the preferred figure of each is taken, and `source` joins the two by ` + `. A denominator of 0
    and a count that is not there leave the rate missing. Rates are compared where `year_over_year`
    would: not where the territory differs. A table that has lost the codebook of its data folder
    is given it again by `codebook`, the folder.

    Raises `TableError` as `year_over_year` does. Numerators and denominators:
    `indicators()`.

    >>> from petitionlib import read_tables
    >>> found = rates(read_tables())
    >>> at = (found["place"] == "can-tho") & (found["year"] == 2022) & found["printed"].notna()
    >>> counts = ["numerator_value", "denominator_value"]
    >>> found.loc[at, [*counts, "printed", "computed"]].round(3).values.tolist()[1]
    [177.0, 185.0, 95.67, 95.676]
    """
    table = complete(with_codebook(table, codebook))
    codes = _codes(table)
    table = part_of(table, table["indicator"].isin(codes.to_numpy().ravel()))
    chosen = figures(table)
    counts = _counts(table, chosen)
    computed = 100 * counts["numerator_value"] / counts["denominator_value"]
    counts["value"] = computed.mask(counts["denominator_value"] == 0)
    columns = [*_KEY, "previous", "absolute_change", "flag"]
    changes = year_over_year(counts)[columns].astype({"flag": "str"})
    published = chosen[chosen["indicator"].isin(codes["indicator"])]
    printed = _plain(published[[*_KEY, "value"]]).rename(columns={"value": "printed"})
    if "decimals" in published.columns:
        printed["decimals"] = published["decimals"]
    found = counts.rename(columns={"value": "computed"}).merge(printed, on=_KEY, how="outer")
    found = found.merge(changes, on=_KEY, how="left").sort_values(_KEY, ignore_index=True)
    return _neat(found, table)


def _codes(table: pd.DataFrame) -> pd.DataFrame:
    rates = rates_of(table).items()
    rows = [(code, row["numerator"], row["denominator"]) for code, row in rates]
    return pd.DataFrame(rows, columns=["indicator", "numerator", "denominator"], dtype="str")


def _counts(table: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return the two counts of each rate, of one source where one prints both."""
    codes = _codes(table)
    needed = [*codes["numerator"], *codes["denominator"]]
    printed = _plain(table[table["indicator"].isin(needed) & table["value"].notna()])
    preferred = _plain(chosen[chosen["indicator"].isin(needed)])
    same = figures(_pairs(printed, codes, [*_CASE, "source"]))
    mixed = _pairs(preferred, codes, _CASE)
    both = pd.concat([same, mixed], ignore_index=True)
    counts = both[~both.duplicated(_KEY)].reset_index(drop=True)
    counts.attrs = dict(table.attrs)
    return counts


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a part of a table with plain texts, which merge with those of any other."""
    wanted = (*_KEY, "value", "status", "source", *_ORDER)
    names = [name for name in wanted if name in table.columns]
    texts = [name for name in names if name not in {"year", "value", "source_order"}]
    plain = table[names].astype(dict.fromkeys(texts, "str") | {"value": "float64"})
    plain.attrs = dict(table.attrs)
    return plain


def _pairs(printed: pd.DataFrame, codes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Match numerators and denominators; the `value` is that of the numerator."""
    over = printed.rename(columns={"indicator": "numerator", "value": "numerator_value"})
    under = printed.rename(columns={"indicator": "denominator", "value": "denominator_value"})
    over = over.merge(codes, on="numerator")
    pairs = over.merge(under, on=[*by, "denominator"], suffixes=("", "_under"))
    if "source" not in by:
        names = map(join_names, pairs["source"], pairs["source_under"])
        pairs["source"] = pd.Series(list(names), index=pairs.index, dtype="str")
    rough = (pairs["status"] == "e") | (pairs["status_under"] == "e")
    pairs["status"] = pairs["status"].mask(rough, "e")
    pairs["value"] = pairs["numerator_value"]
    pairs = pairs.drop(columns=[name for name in pairs.columns if name.endswith("_under")])
    pairs.attrs = dict(printed.attrs)
    return pairs


def _neat(found: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    codes = _codes(table).set_index("indicator")
    for name in ("numerator", "denominator"):
        found[name] = found["indicator"].map(codes[name]).astype("str")
    found["flag"] = found["flag"].fillna(_NO_VALUE)
    found["source"] = found["source"].fillna("")
    found = found.rename(columns={"previous": "previous_computed"})
    names = [
        *_KEY, "numerator", "denominator", "numerator_value", "denominator_value", "source",
        "printed", "decimals", "computed", "previous_computed", "absolute_change", "flag",
    ]  # fmt: skip
    found = found[[name for name in names if name in found.columns]]
    for name in ("place", "span", "indicator", "source"):
        found[name] = as_kind(found[name], table[name])
    found.attrs = dict(table.attrs)
    return found
