"""Places over time: old units added up to the units of a day."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from petitionlib.changes.figures import figures
from petitionlib.codebook.entries import entries, rates_of
from petitionlib.codebook.windows import last_day, window
from petitionlib.files import FilePath
from petitionlib.tables.folder import KEY
from petitionlib.tables.frame import as_kind, complete
from petitionlib.tables.grid import Ints
from petitionlib.tables.read import with_codebook
from petitionlib.tables.recency import part_of, recency
from petitionlib.tables.sources import JOINED, as_day, join_names

__all__ = ["to_boundaries"]

_KEY: Final = list(KEY)
_TEXTS: Final = ("place", "span", "indicator", "status", "source")
_COUNT: Final = ("status", "source", "missing")
_NEWEST: Final = ("source_order", "published", "age")  # of the newest part
_CARES: Final = ("", "r", "p", "e")  # of the parts of a sum, the last of these counts
_NUMBERS: Final = ("value", "change")

Book = Mapping[str, Mapping[str, str]]


def to_boundaries(
    table: pd.DataFrame, date: str | dt.date, *, codebook: FilePath | None = None
) -> pd.DataFrame:
    """Add the figures of old units up to the units that are valid on a day.

    Takes a tidy table (`read_tables`) and a day: an ISO text or a date. Places are followed by
    their id through `successor`, never by name or code. Returns the table without the rows of the
    old units, then the rows made of them, sorted by key. The columns are those of the table and
    `missing`: the parts whose figure is not there, joined by ` + `, else blank.

    A figure is made only of all its parts: every unit that was valid on the last day of the window
    and became this one. Where one is missing, the row has no value. Counts add up; so does a
    published `change` that all parts print. A rate that a part prints is recomputed from the added
    counts, in percent. Each part gives its preferred figure (`figures`); `source` joins the
    sources of the parts by ` + `, `locator` their places, `status` is `e` if any part is
    approximate, else `p`, else `r`; `decimals` is the most that was printed; `source_order` and
    `published` are those of the newest part. A unit with a row of its own for a figure keeps it,
    and nothing is made.

    Left out, because nothing can be made of them: old figures of an indicator that the codebook
    does not know (it may be a rate), units that begin after the day (a territory
    cannot be split), figures of a unit that was not valid on the last day of the window, and old
    figures of a window without an end (`YTD`: its parts may end on different days). Units that
    ended without a successor and places that the codebook does not know stay as they are.

    A table that has lost the codebook of its data folder is given it again by `codebook`, the
    folder. Raises `ValueError` for what is not a day, and `TableError` as `year_over_year` does.
    Definition: resolution 202/2025/QH15 (63 provinces and cities become 34 on 1 July 2025).

    >>> letters = pd.DataFrame({
    ...     "place": ["can-tho", "hau-giang", "soc-trang", "can-tho", "hau-giang"],
    ...     "year": [2023, 2023, 2023, 2024, 2024], "span": "Y",
    ...     "indicator": "petitions.received", "value": [2917, 400, 500, 2800, 410]})
    >>> to_boundaries(letters, "2025-07-01")[["place", "year", "value", "missing"]].values.tolist()
    [['can-tho-2025', 2023, 3817.0, ''], ['can-tho-2025', 2024, nan, 'soc-trang']]
    """
    day = as_day(date).isoformat()
    table = complete(with_codebook(table, codebook))
    book = entries("places", table)
    became = {place: _unit_on(place, day, book) for place in book}
    became = {place: unit for place, unit in became.items() if unit != place}
    later = [place for place, unit in book.items() if unit["valid_from"] > day]
    old = table["place"].isin(list(became))
    known = table["indicator"].isin(list(entries("indicators", table)))
    sums = _sums(_parts(part_of(table, old & known), became), became)
    made = _recompute(sums, rates_of(table))
    if "codebook" in table.columns and len(table):
        made["codebook"] = table["codebook"].iloc[0]
    return _together(table[~old & ~table["place"].isin(later)], made)


def _unit_on(place: str, day: str, book: Book) -> str:
    """Follow the successors of a place up to the unit that has its territory on a day."""
    for _ in book:
        successor = book[place]["successor"]
        ended = "" != book[place]["valid_to"] < day
        if not successor or not ended or book[successor]["valid_from"] > day:
            break
        place = successor
    return place


def _parts(old: pd.DataFrame, became: Mapping[str, str]) -> pd.DataFrame:
    """Return the preferred figures of the old units, with their `unit` and the `last` day.

    Only figures that belong to the old unit: it was valid on the last day of the window.
    """
    old = old.assign(**{name: old[name].astype("category") for name in _TEXTS}, last=_last(old))
    place = old["place"].cat
    begins, ends = _validity(place.categories, old)
    own = (begins[place.codes] <= old["last"]) & (old["last"] <= ends[place.codes])
    parts = figures(old[own])
    numbers = {name: parts[name].astype("float64") for name in _NUMBERS}
    parts = parts.assign(**numbers, unit=parts["place"].map(became).astype("category"))
    return parts.assign(**_ages(parts))


def _ages(parts: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the order and the date of the source of each part, and its `age`, greatest if newest.

    Without an order the newest of several is not known where one has no date.
    """
    found = recency(parts, np.arange(len(parts)))
    age = pd.Series(found.rank, index=parts.index, dtype="float64")
    order, published = (parts.get(name, pd.Series(index=parts.index)) for name in _NEWEST[:2])
    published = published.astype("str").fillna("")
    if found.days is not None:
        age = age.mask(published == "", np.inf)
    return {"source_order": order.astype("Float64"), "published": published, "age": age}


def _validity(names: Iterable[str], table: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return the first and the last days of places as ordinals; open ends reach far."""
    units = [entries("places", table).get(name, {}) for name in names]
    begins = [_ordinal(unit.get("valid_from") or "0001-01-01") for unit in units]
    ends = [_ordinal(unit.get("valid_to") or "9999-12-31") for unit in units]
    return np.array(begins, dtype="int64"), np.array(ends, dtype="int64")


def _ordinal(day: str) -> int:
    return dt.date.fromisoformat(day).toordinal()


def _last(table: pd.DataFrame) -> Ints:
    """Return the last day of the window of each row as an ordinal, 0 where it is open."""
    span, spans = pd.factorize(table["span"])
    year, years = pd.factorize(table["year"])
    cell, cells = pd.factorize(span * max(len(years), 1) + year)
    pairs = [divmod(int(n), len(years)) for n in cells]
    ends = [_last_day(str(spans[s]), int(years[y]), table) for s, y in pairs]
    ordinals = np.array([day.toordinal() if day else 0 for day in ends], dtype="int64")
    return ordinals[cell]


def _last_day(span: str, year: int, table: pd.DataFrame) -> dt.date | None:
    is_open = span in entries("spans", table) and window(span, year, table)[1] is None
    return None if is_open else last_day(span, year, table)


def _sums(parts: pd.DataFrame, became: Mapping[str, str]) -> pd.DataFrame:
    """Add up the parts of each figure; `required` and `missing` name parts."""
    by = ["unit", "year", "span", "indicator"]
    number = np.asarray(parts.groupby(by, sort=False, observed=True).ngroup(), dtype="int64")
    sums = parts.loc[~pd.Series(number).duplicated().to_numpy(), [*by, "last"]]
    sums = sums.rename(columns={"unit": "place"}).reset_index(drop=True)
    sums["required"] = _required(sums, became, parts)
    sums["missing"] = _each(_without, sums["required"], _joined(number, parts["place"]))
    groups = parts.groupby(number)
    whole = sums["missing"] == ""
    everywhere = groups["change"].count() == groups.size()
    sums["value"] = groups["value"].sum().where(whole)
    sums["change"] = groups["change"].sum().where(whole & everywhere)
    care = parts["status"].map(dict(zip(_CARES, range(len(_CARES)), strict=True)))
    sums["status"] = np.array(_CARES)[care.astype("int64").groupby(number).max()]
    sums["source"] = _joined(number, parts["source"])
    if "decimals" in parts.columns:
        sums["decimals"] = groups["decimals"].max()
    newest = parts[[*_NEWEST]].assign(number=number).sort_values(["number", "age"], kind="stable")
    newest = newest[~newest["number"].duplicated(keep="last")].reset_index(drop=True)
    return sums.assign(**{name: newest[name] for name in _NEWEST})


def _required(sums: pd.DataFrame, became: Mapping[str, str], table: pd.DataFrame) -> pd.Series:
    """Name the units that were valid on the last day of the window and became this place."""
    begins, ends = _validity(became, table)
    members: dict[str, list[tuple[str, int, int]]] = {}
    for name, first, last in sorted(zip(became, begins, ends, strict=True)):
        members.setdefault(became[name], []).append((name, first, last))

    def valid(unit: str, day: int) -> str:
        return JOINED.join(name for name, first, last in members[unit] if first <= day <= last)

    return _each(valid, sums["place"], sums["last"])


def _without(required: str, present: str) -> str:
    there = set(present.split(JOINED))
    return JOINED.join(place for place in required.split(JOINED) if place not in there)


def _recompute(sums: pd.DataFrame, rates: Book) -> pd.DataFrame:
    """Put the rates that follow from the added counts in the place of added rates."""
    rated = sums["indicator"].isin(list(rates))
    made = sums[rated].reset_index(drop=True)
    over, under = (
        _counts_of(made, {code: row[side] for code, row in rates.items()}, sums)
        for side in ("numerator", "denominator")
    )
    made["value"] = (100 * over["value"] / under["value"]).where(under["value"] != 0)
    made["change"] = np.nan
    for column, join in (("status", _careful), ("source", join_names), ("missing", join_names)):
        made[column] = _each(join, over[column], under[column])
    texts = ["required", "status", "source", "missing"]
    newer = (over["age"] >= under["age"]) | under["age"].isna()
    for column in _NEWEST:
        made[column] = over[column].where(newer, under[column])
    both = [part.astype(dict.fromkeys(texts, "str")) for part in (sums[~rated], made)]
    made = pd.concat(both, ignore_index=True)
    made["locator"] = made["required"].where(made["value"].notna(), "")
    return made.sort_values(_KEY, ignore_index=True)


def _counts_of(made: pd.DataFrame, code: Mapping[str, str], sums: pd.DataFrame) -> pd.DataFrame:
    """Return the sums that a rate is made of, for the same place, year and span."""
    known = sums["indicator"].cat.categories
    counts = made["indicator"].map(code).astype("category").cat.set_categories(known)
    wanted = made[_KEY].assign(indicator=counts)
    found = wanted.merge(sums[[*_KEY, "value", *_COUNT, *_NEWEST]], on=_KEY, how="left")
    found = found.astype(dict.fromkeys(_COUNT, "str"))
    found["missing"] = found["missing"].fillna(made["required"].astype("str"))
    return found.fillna({"status": "", "source": "", "published": ""})


def _careful(one: str, other: str) -> str:
    return max(one, other, key=_CARES.index)


def _each(function: Callable[..., str], left: pd.Series, right: pd.Series) -> pd.Series:
    """Apply a function to the two cells of each row, once for equal pairs."""
    code, lefts = pd.factorize(left)
    other, rights = pd.factorize(right)
    pair, pairs = pd.factorize(code * max(len(rights), 1) + other)
    cells = [divmod(int(n), len(rights)) for n in pairs]
    texts = [function(lefts[one], rights[two]) for one, two in cells]
    return _spelled(pair, texts, left.index)


def _spelled(codes: Ints, texts: list[str], index: pd.Index | None = None) -> pd.Series:
    """Return the text of each code as a categorical column; texts may be equal."""
    same, names = pd.factorize(pd.Series(texts, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(same[codes], names), index=index)


def _joined(number: Ints, texts: pd.Series) -> pd.Series:
    """Join the different texts of each group (0, 1, ...) in alphabetical order; leave out blanks.

    Groups with the same texts share one text, so the work is that of a few passes over the rows.
    """
    codes, names = pd.factorize(texts.astype("str"), sort=True)
    pairs = pd.DataFrame({"group": number, "code": codes})[np.asarray(names)[codes] != ""]
    pairs = pairs.drop_duplicates().sort_values(["group", "code"])
    rank = pairs.groupby("group").cumcount()
    spelled = [""]
    text = np.zeros(number.max(initial=-1) + 1, dtype="int64")
    for place in range(int(rank.max()) + 1 if len(rank) else 0):
        here = pairs[rank == place]
        longer, found = pd.factorize(text[here["group"]] * len(names) + here["code"].to_numpy())
        text[here["group"]] = len(spelled) + longer
        spelled += [
            f"{spelled[n // len(names)]}{JOINED}{names[n % len(names)]}".removeprefix(JOINED)
            for n in found
        ]
    return _spelled(text, spelled)


def _together(kept: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Put the made figures below the rows that stay, in the same columns of the same kinds."""
    attrs = kept.attrs
    if "missing" not in kept.columns:
        kept = kept.assign(missing=pd.Series("", index=kept.index, dtype="str"))
    made = pd.DataFrame({name: _column(made, kept[name]) for name in kept.columns})
    kept = kept.astype({name: made[name].dtype for name in kept.select_dtypes("category")})
    rival = kept.loc[kept["place"].isin(made["place"]), _KEY]
    taken = pd.concat([rival, made[_KEY]]).duplicated().to_numpy()[len(rival) :]
    result = pd.concat([kept, made[~taken]], ignore_index=True)
    result.attrs = dict(attrs)
    return result


def _column(made: pd.DataFrame, column: pd.Series) -> pd.Series:
    """Return a column of the made figures of the kind that the table has; unknown: missing."""
    if column.name not in made.columns:
        return column.iloc[:0].reindex(made.index)
    if column.name in _NUMBERS:
        return made[column.name]
    if column.name == "source_order":
        return made[column.name].astype("Int64")
    return as_kind(made[column.name], column)
