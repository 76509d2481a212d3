"""Which places of a year can be ranked with one another, by what, and which stand apart."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.codebook.arguments import as_codes, check_is_tidy, check_known, check_year
from petitionlib.codebook.entries import Carrier, about, entries, is_rate
from petitionlib.codebook.windows import last_day
from petitionlib.errors import ArgumentError, said
from petitionlib.tables.frame import Row, records

__all__ = ["APART", "ranking_numbers", "ranking_rows", "widest_span"]

# Why a place stands apart from a ranking, in the order in which the reader is told.
APART: Final = (
    "small_base", "zero_base", "no_previous", "boundary", "not_published", "other_level",
)  # fmt: skip
_STANDINGS: Final = ("ranked", *APART)
_TEXTS: Final = ("flag", "status", "source")

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
    compared, rows = _ranking(table, year, indicator, span, places, percent=percent)
    numbers = _with_missing(compared, [row["place"] for row in rows])
    numbers = numbers.assign(year=year, span=span, indicator=indicator)
    for name, kind in {"percent": "float64", "standing": "str", "rank": "Int64"}.items():
        numbers[name] = pd.Series([row[name] for row in rows], dtype=kind)
    return numbers


def ranking_rows(  # noqa: PLR0913  # as `ranking_numbers`
    table: pd.DataFrame,
    year: int,
    indicator: str,
    *,
    span: str,
    percent: bool = True,
    places: str | Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of `ranking_numbers` one by one, without what a table of them costs."""
    places = _checked(table, year, places)
    return _ranking(table, year, indicator, span, places, percent=percent)[1]


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
    rows = records(compared)
    sizes = {
        span: max(_sizes((row for row in rows if row["span"] == span), table).values())
        for span in spans
    }
    return max(sizes, key=sizes.__getitem__, default=about(table).default_span)


def _checked(
    table: pd.DataFrame, year: int, places: str | Sequence[str] | None
) -> list[str] | None:
    """Return the codes of the places; refuse what is no table, no year and no place."""
    check_is_tidy(table)
    check_year(year)
    named = None if places is None else as_codes(places)
    if named == []:
        raise ArgumentError(said("fault.rank_nothing"))
    for place in named or ():
        check_known(table, place=place)
    return named


def _near(table: pd.DataFrame, year: int, places: Sequence[str] | None) -> pd.Series:
    """Tell which rows are of the places in the year and the one before."""
    near: pd.Series = table["year"].isin([year - 1, year])
    return near if places is None else near & table["place"].isin(list(places))


def _compared(table: pd.DataFrame, near: pd.Series, year: int, indicator: str) -> pd.DataFrame:
    changes = year_over_year(table[near & (table["indicator"] == indicator)])
    return changes[changes["year"] == year].astype({"place": "str"})


def _ranking(  # noqa: PLR0913  # as `ranking_numbers`
    table: pd.DataFrame,
    year: int,
    indicator: str,
    span: str,
    places: Sequence[str] | None,
    *,
    percent: bool,
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Compare the places of a year; return those that have a figure, and all in their order."""
    check_known(table, indicator=indicator, span=span)
    near = _near(table, year, places)
    compared = _compared(table, near & (table["span"] == span), year, indicator)
    found = {row["place"]: row for row in records(compared)}
    group = _fullest(found.values(), table)
    if places is None:
        places = _members(table[near], span, year, group)
    blank: dict[str, Any] = dict.fromkeys(compared.columns, math.nan) | dict.fromkeys(_TEXTS, "")
    blank |= {"year": year, "span": span, "indicator": indicator}
    in_percent = percent and not is_rate(indicator, table)
    rows = [found.get(place) or blank | {"place": place} for place in places]
    for row in rows:
        flags = row["flag"].split()
        small = "zero_base" in flags or "small_base" in flags
        row["percent"] = math.nan if small else 100 * row["relative_change"]
        row["standing"] = _standing(row, flags, group, table, in_percent=in_percent)
    _rank(rows, "percent" if in_percent else "absolute_change")
    return compared, _in_order(rows, table)


def _group(place: str, table: Carrier) -> Group:
    """Return what a place may be ranked with: the parts of one split, or the places of a level."""
    unit = entries("places", table).get(place, {})
    if unit.get("partition"):
        return unit["parent"], unit["partition"]
    level = unit.get("level", "")
    return (unit["parent"] if level == "body" else ""), level


def _fullest(compared: Iterable[dict[str, Any]], table: Carrier) -> Group:
    """Return the group of which most places can be compared; of equals the parts of a country."""
    sizes = _sizes(compared, table)
    return max(sizes, key=sizes.__getitem__, default=("", "province"))


def _sizes(
    compared: Iterable[dict[str, Any]], table: Carrier
) -> dict[Group, tuple[int, int, bool]]:
    """Measure each group: its places that can be compared, those with a figure, no country last."""
    known: dict[Group, list[bool]] = {}
    for row in compared:
        known.setdefault(_group(row["place"], table), []).append(pd.notna(row["absolute_change"]))
    return {
        group: (sum(those), len(those), group[1] != "country") for group, those in known.items()
    }


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
    rows = compared.set_index("place").reindex(pd.Index(list(places), dtype="str", name="place"))
    texts = {name: rows[name].astype("str").fillna("") for name in _TEXTS}
    return rows.assign(**texts).reset_index()


def _standing(
    row: Row, flags: Sequence[str], group: Group, table: Carrier, *, in_percent: bool
) -> str:
    if pd.isna(row["value"]):
        return "not_published"
    if _group(row["place"], table) != group:
        return "other_level"
    if pd.isna(row["absolute_change"]):
        return "boundary" if "boundary" in flags else "no_previous"
    small = [flag for flag in ("zero_base", "small_base") if in_percent and flag in flags]
    return small[0] if small else "ranked"


def _rank(rows: Iterable[dict[str, Any]], measure: str) -> None:
    """Give each place its rank: one more than there are larger rises."""
    ranked = sorted((row[measure] for row in rows if row["standing"] == "ranked"), reverse=True)
    first: dict[float, int] = {}
    for rank, size in enumerate(ranked, start=1):
        first.setdefault(size, rank)
    for row in rows:
        row["rank"] = first[row[measure]] if row["standing"] == "ranked" else pd.NA


def _in_order(rows: list[dict[str, Any]], table: pd.DataFrame) -> list[dict[str, Any]]:
    """Put the ranked places first, then those apart by their reason; of equals as the codebook."""
    book = dict.fromkeys([*entries("places", table), *sorted(row["place"] for row in rows)])
    position = {place: i for i, place in enumerate(book)}

    def key(row: Row) -> tuple[int, int, int]:
        rank = row["rank"] if row["standing"] == "ranked" else 0
        return _STANDINGS.index(row["standing"]), rank, position[row["place"]]

    return sorted(rows, key=key)
