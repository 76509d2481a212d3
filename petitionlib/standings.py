"""Which places of a year can be ranked with one another, by what, and which stand apart."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from petitionlib.changes import year_over_year
from petitionlib.codebook import (
    Carrier,
    as_codes,
    check_is_table,
    check_known,
    check_year,
    entries,
    last_day,
)

__all__ = ["APART", "is_rate", "ranking_numbers", "widest_span"]

# Why a place stands apart from a ranking, in the order in which the reader is told.
APART: Final = (
    "small_base", "zero_base", "no_previous", "boundary", "not_published", "other_level",
)  # fmt: skip

Group = tuple[str, str]


def ranking_numbers(  # noqa: PLR0913  # table, year, indicator, and three options by name
    table: pd.DataFrame,
    year: int,
    indicator: str,
    *,
    span: str | None = None,
    percent: bool = True,
    places: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the places of a year, those that can be ranked first, from the largest rise down.

    Takes a tidy table (`read_tables`). Columns: those of `year_over_year`, and `percent` (the
    change in percent; missing for rates and for a base that is zero or small), `standing` and
    `rank` (1 is the largest rise, equal changes share one; missing for what is not ranked).

    Counts are ranked by their change in percent or, with `percent=False`, in their unit; rates by
    points. `standing` is `ranked`, or why a place stands apart: `small_base`, `zero_base` (no
    percentage), `no_previous`, `boundary` (not compared), `not_published`, `other_level`: a whole
    and its parts are never in one ranking. Without `places`: the places of one level of which the
    table has any figure of the year or the year before. Without a `span`: that of most places
    (`widest_span`). Raises `DataNotFoundError` for a code that neither table nor codebook has.
    """
    places = _checked(table, year, places)
    span = span or widest_span(table, year, indicator, places=places)
    check_known(table, indicator=indicator, span=span)
    near = _near(table, year, places)
    here = _compared(table, near & (table["span"] == span), year, indicator)
    group = _fullest(here, table)
    chosen = _members(table[near], span, year, group) if places is None else places
    rows = _with_missing(here, chosen).assign(year=year, span=span, indicator=indicator)
    in_percent = percent and not is_rate(indicator, table)
    small = [bool({"zero_base", "small_base"} & set(flags.split())) for flags in rows["flag"]]
    rows["percent"] = (100 * rows["relative_change"]).mask(pd.Series(small, dtype="bool"))
    names = ("place", "value", "absolute_change", "flag")
    cells = zip(*(rows[name].tolist() for name in names), strict=True)
    standings = [_standing(*row, group=group, table=table, in_percent=in_percent) for row in cells]
    rows["standing"] = pd.Series(standings, dtype="str")
    measure = rows["percent" if in_percent else "absolute_change"]
    ranks = measure.where(rows["standing"] == "ranked").rank(method="min", ascending=False)
    rows["rank"] = ranks.astype("Int64")
    return _in_order(rows, table)


def widest_span(
    table: pd.DataFrame,
    year: int,
    indicator: str,
    *,
    places: str | Sequence[str] | None = None,
) -> str:
    """Return the span in which most places of one level can be compared with the year before.

    Of equals, the one that most places published; then the first of the codebook.
    """
    places = _checked(table, year, places)
    check_known(table, indicator=indicator)
    compared = _compared(table, _near(table, year, places), year, indicator)
    order = [*entries("spans", table), *sorted(set(compared["span"]))]
    spans = sorted(set(compared["span"]), key=order.index)
    sizes = {s: _size(compared[compared["span"] == s], table) for s in spans}
    return max(sizes, key=sizes.__getitem__, default="Y")


def is_rate(indicator: str, table: Carrier = None) -> bool:
    """Tell a rate, which changes in percentage points, from what is counted."""
    return entries("indicators", table).get(indicator, {}).get("kind") == "rate"


def _checked(
    table: pd.DataFrame, year: int, places: str | Sequence[str] | None
) -> list[str] | None:
    """Return the codes of the places; refuse what is no table, no year and no place."""
    check_is_table(table, "place", "year", "span", "indicator", "value")
    check_year(year)
    named = None if places is None else as_codes(places)
    for place in named or ():
        check_known(table, place=place)
    return named


def _near(table: pd.DataFrame, year: int, places: Sequence[str] | None) -> pd.Series:
    """Tell which rows are of the places in the year and the one before."""
    near: pd.Series = table["year"].isin([year - 1, year])
    return near if places is None else near & table["place"].isin(list(places))


def _compared(table: pd.DataFrame, near: pd.Series, year: int, indicator: str) -> pd.DataFrame:
    changes = year_over_year(table[near & (table["indicator"] == indicator)])
    return changes[changes["year"] == year]


def _group(place: str, table: Carrier) -> Group:
    """Return what a place may be ranked with: the parts of one split, or the places of a level."""
    unit = entries("places", table).get(place, {})
    if unit.get("partition"):
        return unit["parent"], unit["partition"]
    level = unit.get("level", "")
    return (unit["parent"] if level == "body" else ""), level


def _groups(compared: pd.DataFrame, table: Carrier) -> dict[Group, tuple[int, int, bool]]:
    """Return how many places of each group can be compared and have a figure, and if it is none."""
    groups = pd.Series([_group(place, table) for place in compared["place"]], dtype="object")
    known = compared["absolute_change"].notna().to_numpy()
    return {
        group: (
            int(known[(groups == group).to_numpy()].sum()),
            int((groups == group).sum()),
            group[1] != "country",
        )
        for group in dict.fromkeys(groups)
    }


def _fullest(compared: pd.DataFrame, table: Carrier) -> Group:
    """Return the group of which most places can be compared; of equals the parts of a country."""
    sizes = _groups(compared, table)
    return max(sizes, key=sizes.__getitem__, default=("", "province"))


def _size(compared: pd.DataFrame, table: Carrier) -> tuple[int, int, bool]:
    return max(_groups(compared, table).values())


def _members(near: pd.DataFrame, span: str, year: int, group: Group) -> list[str]:
    """List the places of a group of which the table has figures, as far as they exist then."""
    book = entries("places", near)
    end = last_day(span, year, near).isoformat()
    found = near.loc[near["value"].notna(), "place"].astype("str").unique()
    return [place for place in found if _group(place, near) == group and _exists(book, place, end)]


def _exists(book: Mapping[str, Mapping[str, str]], place: str, day: str) -> bool:
    unit = book.get(place, {})
    return unit.get("valid_from", "") <= day <= (unit.get("valid_to", "") or day)


def _with_missing(compared: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Return a row for each place; one that has no figure has only its name."""
    rows = compared.assign(place=compared["place"].astype("str")).set_index("place")
    rows = rows.reindex(pd.Index(list(dict.fromkeys(places)), dtype="str", name="place"))
    texts = {name: rows[name].astype("str").fillna("") for name in ("flag", "status", "source")}
    return rows.assign(**texts).reset_index()


def _standing(  # noqa: PLR0913  # the cells of a row, and what they are measured by
    place: str,
    value: float,
    change: float,
    flag: str,
    *,
    group: Group,
    table: Carrier,
    in_percent: bool,
) -> str:
    flags = flag.split()
    if pd.isna(value):
        return "not_published"
    if _group(place, table) != group:
        return "other_level"
    if pd.isna(change):
        return "boundary" if "boundary" in flags else "no_previous"
    small = [flag for flag in ("zero_base", "small_base") if in_percent and flag in flags]
    return small[0] if small else "ranked"


def _in_order(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Put the ranked places first, then those apart by their reason; of equals as the codebook."""
    book = [*entries("places", table), *sorted(set(rows["place"]))]
    columns = (rows["standing"], rows["rank"].fillna(len(rows) + 1), rows["place"])
    keys = [
        (("ranked", *APART).index(standing), rank, book.index(place))
        for standing, rank, place in zip(*columns, strict=True)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rows = rows.iloc[order].reset_index(drop=True)
    rows.attrs = table.attrs
    return rows
