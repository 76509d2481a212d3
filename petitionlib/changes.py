"""A year against the year before: matched by key and year, never by row."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.codebook import entries, window
from petitionlib.keys import (
    Bools,
    Floats,
    Ints,
    Keys,
    best,
    complete,
    pack,
    preference,
    refuse_duplicates,
)

__all__ = ["year_over_year"]

FLAGS: Final = (
    "no_previous", "zero_base", "small_base", "boundary", "form", "window", "approximate",
)  # fmt: skip
_FLOAT_NOISE: Final = 9


class _Windows(NamedTuple):
    """The days (ordinals) on which the spans of each year end: `ends[span, year - first + 1]`."""

    ends: Ints
    known: Bools


def year_over_year(table: pd.DataFrame, *, small_base: float = 20) -> pd.DataFrame:
    """Compare each figure with the same place, span and indicator one year before.

    Takes a tidy table (`read_tables`). Returns a row for each (place, year, span, indicator) that
    has a value, sorted by that key, with the columns of the table and: `previous`, `basis`
    (`published`, `derived` from the published change, or missing), `absolute_change` (percentage
    points for rates), `relative_change` (a fraction: 0.179 is +17.9 %; missing for rates and for a
    zero base), `flag` (why the comparison needs care) and `previous_source`.

    Where several sources print one figure, an exact one goes before an approximate one, and then
    the newest. What a source printed only as a percentage is not turned into a base. Where the
    territory differs, nothing is computed. `small_base` is the count below which a base is flagged.

    Raises `TableError` if one source prints a figure twice, or a needed column is not there.
    Definitions: comparison with the same period of the year before ("so với cùng kỳ"), circular
    06/2025/TT-TTCP; the codes of the flags are in data/README.md.

    >>> from petitionlib import read_tables
    >>> changes = year_over_year(read_tables())
    >>> row = changes[(changes["place"] == "can-tho") & (changes["year"] == 2022)
    ...               & (changes["indicator"] == "petitions.received")].iloc[0]
    >>> int(row["previous"]), row["basis"], int(row["absolute_change"])
    (2636, 'derived', 472)
    """
    table = complete(table)
    keys = pack(table)
    refuse_duplicates(table, keys)
    value = table["value"].to_numpy(dtype="float64", na_value=np.nan)
    ranks = preference(table)
    chosen = best(keys.code, ranks, ~np.isnan(value))
    result = table.iloc[chosen].reset_index(drop=True)
    before = _row_before(keys, chosen)

    derived, derived_from = _derive(table, keys, chosen, value, ranks)
    windows = _windows(table, keys)
    elsewhere = _other_territory(table, keys, windows, chosen, before)
    previous = np.where(before >= 0, value[before], derived)
    previous[elsewhere] = np.nan
    known = ~np.isnan(previous)
    origin = np.where(known, np.where(before >= 0, before, derived_from), -1)

    rate = _is_rate(table, keys)[keys.indicator[chosen]]
    current = value[chosen]
    change = np.round(current - previous, _FLOAT_NOISE) + 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(rate | (previous == 0), np.nan, change / previous)

    result["previous"] = previous
    result["basis"] = _choose(
        np.where(known, np.where(before >= 0, 0, 1), -1), ["published", "derived"]
    )
    result["absolute_change"] = change
    result["relative_change"] = relative
    rough = table["status"].to_numpy() == "e"
    marks = {
        "no_previous": ~known & ~elsewhere,
        "zero_base": known & ~rate & (previous == 0),
        "small_base": known & ~rate & (np.abs(previous) < small_base),
        "boundary": elsewhere,
        **_break_marks(table, keys, windows, chosen),
        "approximate": rough[chosen] | (known & rough[origin]),
    }
    result["flag"] = _join(marks)
    result["previous_source"] = table["source"].array.take(origin, allow_fill=True)
    return result


def _row_before(keys: Keys, chosen: Ints) -> Ints:
    """Return for each chosen row the chosen row of the same key one year before, or -1."""
    code = keys.code[chosen]
    if not len(code):
        return chosen
    wanted = code - keys.year_stride
    spot = np.searchsorted(code, wanted)
    found = (code[spot] == wanted) & (keys.year[chosen] > keys.first_year)
    return np.where(found, chosen[spot], -1)


def _derive(
    table: pd.DataFrame, keys: Keys, chosen: Ints, value: Floats, ranks: Ints
) -> tuple[Floats, Ints]:
    """Return the previous figures that follow from published changes, and the rows that say so."""
    change = table["change"].to_numpy(dtype="float64", na_value=np.nan)
    stating = best(keys.code, ranks, ~np.isnan(value) & ~np.isnan(change))
    derived = np.full(len(chosen), np.nan)
    origin = np.full(len(chosen), -1, dtype="int64")
    spot = np.searchsorted(keys.code[chosen], keys.code[stating])
    base = np.round(value[stating] - change[stating], _FLOAT_NOISE)
    derived[spot] = np.where(base < 0, np.nan, base)
    origin[spot] = stating
    return derived, origin


def _is_rate(table: pd.DataFrame, keys: Keys) -> Bools:
    book = entries("indicators", table)
    kinds = [book[name]["kind"] if name in book else "" for name in keys.indicator_names]
    return np.array([kind == "rate" for kind in kinds], dtype=bool)


def _windows(table: pd.DataFrame, keys: Keys) -> _Windows:
    """Find where the windows end; an open one is taken to last for the whole reporting year."""
    known_spans = entries("spans", table)
    years = range(keys.first_year - 1, int(keys.year.max(initial=keys.first_year)) + 1)
    ends = np.zeros((len(keys.span_names), len(years)), dtype="int64")
    known = np.array([name in known_spans for name in keys.span_names], dtype=bool)
    for i, name in enumerate(keys.span_names):
        for j, year in enumerate(years):
            if known[i]:
                last = window(name, year, table)[1] or date(year, 12, 14)
                ends[i, j] = last.toordinal()
    return _Windows(ends, known)


def _other_territory(
    table: pd.DataFrame, keys: Keys, windows: _Windows, chosen: Ints, before: Ints
) -> Bools:
    """Tell where the place's territory is not that of a year before.

    That is where the place began since, and no figure of its own territory was given for the year
    before; and where the figure is dated after the place became part of another.
    """
    if not len(chosen):
        return np.zeros(0, dtype=bool)
    book = entries("places", table)
    units = [book.get(name, {}) for name in keys.place_names]
    begins = _ordinals([unit.get("valid_from", "") for unit in units], blank=0)
    merged = [unit.get("valid_to", "") if unit.get("successor") else "" for unit in units]
    ends = _ordinals(merged, blank=date.max.toordinal())
    place, span, year = keys.place[chosen], keys.span[chosen], keys.year[chosen] - keys.first_year
    began_since = (begins[place] > windows.ends[span, year]) & (before < 0)
    ended_before = ends[place] < windows.ends[span, year + 1]
    return windows.known[span] & (began_since | ended_before)


def _ordinals(days: list[str], *, blank: int) -> Ints:
    return np.array(
        [date.fromisoformat(day).toordinal() if day else blank for day in days], dtype="int64"
    )


def _break_marks(
    table: pd.DataFrame, keys: Keys, windows: _Windows, chosen: Ints
) -> dict[str, Bools]:
    """Tell which comparisons cross a break of form or window that names their indicator."""
    names = np.array(keys.indicator_names, dtype=object)
    span, column = keys.span[chosen], keys.year[chosen] - keys.first_year
    marks = {scope: np.zeros(len(chosen), dtype=bool) for scope in ("form", "window")}
    for row in entries("breaks", table).values():
        if row["scope"] in marks:
            day = date.fromisoformat(row["date"]).toordinal()
            crossed = (windows.ends[:, :-1] < day) & (day <= windows.ends[:, 1:])
            crossed &= windows.known[:, None]
            touched = np.isin(names, row["indicators"].split(" + ")) | (row["indicators"] == "*")
            marks[row["scope"]] |= crossed[span, column] & touched[keys.indicator[chosen]]
    return marks


def _join(marks: dict[str, Bools]) -> pd.Series:
    """Write the flags of each row, joined by spaces; `no_previous` stands alone."""
    bits = np.zeros(len(next(iter(marks.values()))), dtype="int64")
    for position, name in enumerate(FLAGS):
        bits |= marks[name].astype("int64") << position
    bits[marks["no_previous"]] = 1
    texts = {
        int(n): " ".join(f for i, f in enumerate(FLAGS) if n >> i & 1) for n in np.unique(bits)
    }
    return pd.Series(bits).map(texts).astype("str")


def _choose(codes: npt.NDArray[np.int64], names: list[str]) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(names))).astype("str")
