"""A whole taken apart: what its parts contribute to its change, and their shares in it."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from petitionlib.changes.figures import figures
from petitionlib.changes.year_over_year import year_over_year
from petitionlib.codebook.arguments import check_known
from petitionlib.codebook.entries import entries, is_rate
from petitionlib.codebook.windows import last_day
from petitionlib.errors import DataNotFoundError, did_you_mean, said
from petitionlib.files import FilePath
from petitionlib.tables.folder import KEY
from petitionlib.tables.frame import as_kind, complete
from petitionlib.tables.read import with_codebook
from petitionlib.tables.recency import part_of

__all__ = ["contributions", "shares"]

REST: Final = "rest"
_CASE: Final = list(KEY[:3])
_CHILDREN: Final = "children:"
_TEXTS: Final = ("place", "span", "indicator")
_NO_VALUE: Final = "no_value"
_MISSING_PART: Final = "missing_part"
_FLOAT_NOISE: Final = 9


def contributions(
    table: pd.DataFrame,
    whole: str,
    *,
    split: str | None = None,
    codebook: FilePath | None = None,
) -> pd.DataFrame:
    """Split the change of a count on the year before into what its parts contribute to it.

    Takes a tidy table (`read_tables`), an indicator that is counted, and a `split`: an identity of
    the codebook whose whole it is (`jurisdiction-by-type`), or `children:` and a partition
    (`children:receiving-body`): the same indicator of the places that a place consists of. Without
    a `split`: the first of the codebook's whose parts are all printed at least once beside the
    whole.

    Returns, for each place, year and span where the whole and a part of it are printed, a row for
    each part and one for the `rest`: `whole`, `split`, `part` (an indicator or a child's place),
    `previous`, `value`, `absolute_change`, `contribution` (to the growth of the whole, in
    percentage points: 100 times the change of the part over the previous whole) and `flag` (as
    `year_over_year`; that of the whole for the rest). The rest is what the whole has beyond its
    parts, and is 0 where they add up. Changes and contributions of the rows add up to those of the
    whole. What is missing is not taken for 0: a part without a figure (`no_value`) or without one
    a year before makes the rest missing (`missing_part`). A table that has lost the codebook of
    its data folder is given it again by `codebook`, the folder.

    Raises `DataNotFoundError` for an indicator or a split that is not there, and names those that
    are. Definition: the percentage-point contribution to growth of national accounts.

    >>> visits = pd.DataFrame({
    ...     "place": "can-tho", "year": [2022, 2022, 2022, 2023, 2023, 2023], "span": "Y",
    ...     "indicator": 2 * ["reception.visits", "reception.regular.visits",
    ...                       "reception.leader.visits"],
    ...     "value": [2650, 1977, 673, 2271, 1700, 570]})
    >>> apart = contributions(visits, "reception.visits")
    >>> apart.loc[apart["year"] == 2023, ["part", "absolute_change", "contribution"]].round(1)
                           part  absolute_change  contribution
    3  reception.regular.visits           -277.0         -10.5
    4   reception.leader.visits           -103.0          -3.9
    5                      rest              1.0           0.0
    """
    table = with_codebook(table, codebook)
    changes = year_over_year(_concerned(table, whole)).astype({"flag": "str"})
    split = _choose(changes, whole, split)
    apart = _apart(changes, whole, split, ["previous", "value", "absolute_change"])
    rest = apart["part"] == REST
    base = apart["whole_previous"].mask(apart["whole_previous"] == 0)
    apart["contribution"] = 100 * apart["absolute_change"] / base
    lost = rest & apart["absolute_change"].isna() & apart["whole_absolute_change"].notna()
    flag = apart["flag"].fillna(_NO_VALUE).mask(rest, apart["whole_flag"])
    apart["flag"] = flag.mask(lost, (flag + f" {_MISSING_PART}").str.strip())
    names = ["previous", "value", "absolute_change", "contribution", "flag"]
    return _neat(apart, table, whole, split, names)


def shares(
    table: pd.DataFrame,
    whole: str,
    *,
    split: str | None = None,
    codebook: FilePath | None = None,
) -> pd.DataFrame:
    """Return the share of each part in a whole, in percent.

    Takes a tidy table, an indicator that is counted, and a `split`, as `contributions`. Returns,
    for each place, year and span where the whole and a part of it are printed, a row for each part
    and one for the `rest` (the whole less its parts; it may be negative): `whole`, `split`, `part`,
    `value`, `whole_value` and `share` (100 times the value over that of the whole). Values are the
    preferred figures. A part without a figure is missing, and so is then the rest; a share in a
    whole of 0 is missing. `codebook` is that of `contributions`.

    Raises `DataNotFoundError` as `contributions` does.

    >>> from petitionlib import read_tables
    >>> apart = shares(read_tables(), "reception.visits")
    >>> at = (apart["place"] == "can-tho") & (apart["year"] == 2022)
    >>> apart.loc[at, ["part", "value", "share"]].round(1).reset_index(drop=True)
                           part   value  share
    0  reception.regular.visits  1977.0   74.6
    1   reception.leader.visits   673.0   25.4
    2                      rest     0.0    0.0
    """
    table = with_codebook(table, codebook)
    chosen = figures(_concerned(table, whole))
    split = _choose(chosen, whole, split)
    apart = _apart(chosen, whole, split, ["value"])
    apart["share"] = 100 * apart["value"] / apart["whole_value"].mask(apart["whole_value"] == 0)
    return _neat(apart, table, whole, split, ["value", "whole_value", "share"])


def _concerned(table: pd.DataFrame, whole: str) -> pd.DataFrame:
    """Return the rows of a whole and of its parts in any split."""
    table = complete(table)
    check_known(table, indicator=whole)
    rules = [rule["parts"].split(" + ") for rule in _sums(table).values() if rule["whole"] == whole]
    named = [whole, *(part for parts in rules for part in parts)]
    return part_of(table, table["indicator"].isin(named))


def _choose(chosen: pd.DataFrame, whole: str, split: str | None) -> str:
    """Return the split that is wanted: the one named, else the first that is printed in full."""
    splits = _splits(chosen, whole)
    if split in splits:
        return split
    if split is not None:
        fault = said("fault.no_split.none", whole=whole, split=split)
        if splits:
            near, there = did_you_mean(split, splits), ", ".join(splits)
            fault = said("fault.no_split", whole=whole, split=split, near=near, splits=there)
        raise DataNotFoundError(fault, splits)
    for name in splits:
        apart = _apart(chosen, whole, name, ["value"])
        if (apart.loc[apart["part"] == REST, "value"].notna()).any():
            return name
    if not splits:
        key = "fault.split_of_rate" if is_rate(whole, chosen) else "fault.split_unknown"
        raise DataNotFoundError(said(key, whole=whole), splits)
    fault = said("fault.split_in_full", whole=whole, splits=", ".join(splits))
    raise DataNotFoundError(fault, splits)


def _splits(chosen: pd.DataFrame, whole: str) -> list[str]:
    """List the splits of an indicator; a rate has none, because rates do not add up."""
    if is_rate(whole, chosen):
        return []
    names = [name for name, rule in _sums(chosen).items() if rule["whole"] == whole]
    partitions = [place["partition"] for place in entries("places", chosen).values()]
    return names + [f"{_CHILDREN}{name}" for name in dict.fromkeys(partitions) if name]


def _sums(chosen: pd.DataFrame) -> dict[str, Mapping[str, str]]:
    rules = entries("identities", chosen)
    return {name: rule for name, rule in rules.items() if rule["relation"] == "="}


def _apart(chosen: pd.DataFrame, whole: str, split: str, numbers: Sequence[str]) -> pd.DataFrame:
    """Return a row for each part of each whole, and one for the rest, with those of the whole."""
    columns = [*numbers, "flag"] if "flag" in chosen.columns else list(numbers)
    parts = None if split.startswith(_CHILDREN) else _sums(chosen)[split]["parts"].split(" + ")
    printed = chosen[chosen["indicator"].isin([whole, *(parts or [])])]
    printed = printed[[*KEY, *columns]].astype(dict.fromkeys(_TEXTS, "str"))
    wholes = printed[printed["indicator"] == whole].reset_index(drop=True)
    wholes = wholes.rename(columns={name: f"whole_{name}" for name in columns})
    wholes = wholes.rename_axis(index="row").reset_index()
    if parts is None:
        apart = _children(wholes, split.removeprefix(_CHILDREN), chosen)
    else:
        named = pd.DataFrame({"part": parts, "of": parts})
        apart = wholes.merge(named, how="cross").assign(at=lambda made: made["place"])
    printed = printed.rename(columns={"place": "at", "indicator": "of"})
    apart = apart.merge(printed, how="left", on=["at", "year", "span", "of"])
    apart = apart[apart.groupby("row")["value"].transform("count") > 0]
    return _with_rest(apart, numbers)


def _children(wholes: pd.DataFrame, partition: str, chosen: pd.DataFrame) -> pd.DataFrame:
    """Name the children of each place that were valid on the last day of the window."""
    rows = [
        (place["parent"], name, place["valid_from"] or "0001-01-01", place["valid_to"] or "9999")
        for name, place in entries("places", chosen).items()
        if place["partition"] == partition
    ]
    children = pd.DataFrame(rows, columns=["place", "part", "begins", "ends"], dtype="str")
    cases = wholes[["span", "year"]].drop_duplicates()
    last = [str(last_day(span, year, chosen)) for span, year in cases.itertuples(index=False)]
    cases = cases.assign(last=pd.Series(last, index=cases.index, dtype="str"))
    apart = wholes.merge(children, on="place").merge(cases, on=["span", "year"])
    apart = apart[(apart["begins"] <= apart["last"]) & (apart["last"] <= apart["ends"])]
    apart = apart.sort_values("row", kind="stable")
    return apart.assign(at=apart["part"], of=apart["indicator"])


def _with_rest(apart: pd.DataFrame, numbers: Sequence[str]) -> pd.DataFrame:
    """Add what each whole has beyond its parts; where a part is missing, so is the rest."""
    rest = apart[~apart["row"].duplicated()].assign(part=REST)
    known = apart.groupby("row")[list(numbers)].sum(skipna=False)
    for name in numbers:
        left = rest[f"whole_{name}"] - rest["row"].map(known[name])
        rest[name] = left.round(_FLOAT_NOISE) + 0.0
    return pd.concat([apart, rest]).sort_values("row", kind="stable", ignore_index=True)


def _neat(
    apart: pd.DataFrame, table: pd.DataFrame, whole: str, split: str, names: Sequence[str]
) -> pd.DataFrame:
    labels = pd.DataFrame({"whole": whole, "split": split}, index=apart.index, dtype="str")
    found = pd.concat([apart[_CASE], labels, apart[["part", *names]]], axis="columns")
    for name in ("place", "span"):
        found[name] = as_kind(found[name], table[name])
    found.attrs = dict(table.attrs)
    return found
