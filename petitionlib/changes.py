"""A year against the year before: matched by key and year, never by row."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.codebook import entries, window
from petitionlib.errors import Problem, TableError
from petitionlib.faults import LARGEST
from petitionlib.tables import source_list

__all__ = ["by_source", "complete", "figures", "refuse_duplicates", "year_over_year"]

FLAGS: Final = (
    "no_previous", "zero_base", "small_base", "boundary", "form", "window", "approximate",
)  # fmt: skip
_KEY: Final = ("place", "year", "span", "indicator")
_FLOAT_NOISE: Final = 9
_YEARS: Final = (1000, 9998)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class _Keys(NamedTuple):
    """Each row's key as whole numbers; `code` packs place, year, span and indicator in order."""

    code: Ints
    place: Ints
    year: Ints
    span: Ints
    indicator: Ints
    place_names: list[str]
    span_names: list[str]
    indicator_names: list[str]
    first_year: int
    year_stride: int


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
    keys = _pack(table)
    refuse_duplicates(table, keys)
    value = table["value"].to_numpy(dtype="float64", na_value=np.nan)
    preference = _preference(table)
    chosen = _best(keys.code, preference, ~np.isnan(value))
    result = table.iloc[chosen].reset_index(drop=True)
    before = _row_before(keys, chosen)

    derived, derived_from = _derive(table, keys, chosen, value, preference)
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


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each (place, year, span, indicator): the preferred source's figure.

    An exact figure goes before an approximate one, then the newest source wins; the rows are
    sorted by the key and have the columns of the table.
    """
    table = complete(table)
    keys = _pack(table)
    refuse_duplicates(table, keys)
    value = table["value"].to_numpy(dtype="float64", na_value=np.nan)
    chosen = _best(keys.code, _preference(table), ~np.isnan(value))
    return table.iloc[chosen].reset_index(drop=True)


def by_source(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the figures with a value of each source on its own, the newest source first."""
    table = complete(table)
    refuse_duplicates(table)
    known = table[table["value"].notna()]
    order = {row[0]: place for place, row in enumerate(source_list(table))}
    names = sorted(set(known["source"]), key=lambda name: (order.get(name, -1), name))
    return [known[known["source"] == name] for name in reversed(names)]


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table made in memory the columns it may lack (change, status, source).

    Raises `TableError` for a table without its key or its values, or with text for numbers.
    """
    missing = [column for column in (*_KEY, "value") if column not in table.columns]
    if missing:
        message = f"has no column {missing[0]!r}; data/README.md describes the columns"
        raise _bad(message, missing[0])
    if not pd.api.types.is_integer_dtype(table["year"].dtype) or table["year"].isna().any():
        message = f"has a year that is not a whole number (dtype {table['year'].dtype})"
        raise _bad(message, "year")
    strange = table["year"][(table["year"] < _YEARS[0]) | (table["year"] > _YEARS[1])]
    if len(strange):
        message = f"has the year {strange.iloc[0]}; a year is a number like 2022"
        raise _bad(message, "year")
    table = table.copy(deep=False)
    table["value"] = _numbers(table["value"])
    table["change"] = _numbers(table.get("change", pd.Series(np.nan, index=table.index)))
    for column in ("status", "source"):
        table[column] = _texts(table.get(column, pd.Series("", index=table.index, dtype="str")))
    return table


def _texts(column: pd.Series) -> pd.Series:
    """Return a column of codes with blanks for what is missing, of the same kind as it was."""
    if not column.isna().any():
        return column
    if isinstance(column.dtype, pd.CategoricalDtype) and "" not in column.cat.categories:
        column = column.cat.add_categories([""])
    return column.fillna("")


def _numbers(column: pd.Series) -> pd.Series:
    """Return a column of numbers as it is, one of nothing as missing; refuse anything else."""
    if column.isna().all():
        return column.astype("float64")
    if not pd.api.types.is_numeric_dtype(column.dtype):
        message = f"has {column.name} as {column.dtype}, not as numbers; use pandas.to_numeric"
        raise _bad(message, str(column.name))
    large = column[column.abs() >= LARGEST]
    if len(large):
        message = f"has the {column.name} {large.iloc[0]}, too large to be one"
        raise _bad(message, str(column.name))
    return column


def _bad(message: str, column: str) -> TableError:
    return TableError([Problem("table", None, column, None, message)])


def _pack(table: pd.DataFrame) -> _Keys:
    place, place_names = _factorize(table["place"])
    span, span_names = _factorize(table["span"])
    indicator, indicator_names = _factorize(table["indicator"])
    year = table["year"].to_numpy(dtype="int64")
    first = int(year.min()) if len(year) else 0
    count = int(year.max()) - first + 1 if len(year) else 1
    stride = len(span_names) * len(indicator_names)
    code = ((place * count + (year - first)) * len(span_names) + span) * len(
        indicator_names
    ) + indicator
    return _Keys(
        code, place, year, span, indicator, place_names, span_names, indicator_names, first, stride
    )


def _factorize(column: pd.Series) -> tuple[Ints, list[str]]:
    """Return each text of a column as its number in alphabetical order, and the texts."""
    codes, names = pd.factorize(column, sort=False)
    if (codes < 0).any():
        message = f"has a row without {column.name}; no part of a key may be missing"
        raise TableError([Problem("table", None, str(column.name), None, message)])
    texts = np.asarray(names, dtype=object).astype(str)
    order = np.argsort(texts, kind="stable")
    rank: Ints = np.empty(len(order), dtype="int64")
    rank[order] = np.arange(len(order))
    return rank[codes], texts[order].tolist()


def refuse_duplicates(table: pd.DataFrame, keys: _Keys | None = None) -> None:
    """Raise `TableError` where one source prints one figure twice."""
    keys = keys or _pack(table)
    source, _ = pd.factorize(table["source"], use_na_sentinel=False)
    pair = np.stack([keys.code, source.astype("int64")])
    order = np.lexsort(pair[::-1])
    same = (pair[:, order[1:]] == pair[:, order[:-1]]).all(axis=0)
    if same.any():
        rows = table.iloc[order[1:][same]]
        names = [*_KEY, "source"]
        problems = [
            Problem(
                "table",
                None,
                "indicator",
                None,
                f"prints {' '.join(map(str, key))} twice; keep one",
            )
            for key in rows[names].drop_duplicates().itertuples(index=False, name=None)
        ]
        raise TableError(problems)


def _preference(table: pd.DataFrame) -> Ints:
    """Rank the rows: exact before approximate, then by the source's place in sources.csv.

    A source that the table has no list for ranks below the listed ones, and by its id.
    """
    codes, names = _factorize(table["source"].fillna(""))
    listed = {row[0]: place for place, row in enumerate(source_list(table), start=len(names))}
    rank = np.array([listed.get(name, i) for i, name in enumerate(names)], dtype="int64")
    exact = table["status"].to_numpy() != "e"
    preference: Ints = exact * (rank.max(initial=0) + 1) + rank[codes]
    return preference


def _best(code: Ints, preference: Ints, eligible: Bools) -> Ints:
    """Return the row of each key with the highest preference, in the order of the keys."""
    rows = np.flatnonzero(eligible)
    rows = rows[np.lexsort((preference[rows], code[rows]))]
    last = np.append(np.diff(code[rows]) != 0, True)[: len(rows)]
    best: Ints = rows[last]
    return best


def _row_before(keys: _Keys, chosen: Ints) -> Ints:
    """Return for each chosen row the chosen row of the same key one year before, or -1."""
    code = keys.code[chosen]
    if not len(code):
        return chosen
    wanted = code - keys.year_stride
    spot = np.searchsorted(code, wanted)
    found = (code[spot] == wanted) & (keys.year[chosen] > keys.first_year)
    return np.where(found, chosen[spot], -1)


def _derive(
    table: pd.DataFrame, keys: _Keys, chosen: Ints, value: Floats, preference: Ints
) -> tuple[Floats, Ints]:
    """Return the previous figures that follow from published changes, and the rows that say so."""
    change = table["change"].to_numpy(dtype="float64", na_value=np.nan)
    stating = _best(keys.code, preference, ~np.isnan(value) & ~np.isnan(change))
    derived = np.full(len(chosen), np.nan)
    origin = np.full(len(chosen), -1, dtype="int64")
    spot = np.searchsorted(keys.code[chosen], keys.code[stating])
    base = np.round(value[stating] - change[stating], _FLOAT_NOISE)
    derived[spot] = np.where(base < 0, np.nan, base)
    origin[spot] = stating
    return derived, origin


def _is_rate(table: pd.DataFrame, keys: _Keys) -> Bools:
    book = entries("indicators", table)
    kinds = [book[name]["kind"] if name in book else "" for name in keys.indicator_names]
    return np.array([kind == "rate" for kind in kinds], dtype=bool)


def _windows(table: pd.DataFrame, keys: _Keys) -> _Windows:
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
    table: pd.DataFrame, keys: _Keys, windows: _Windows, chosen: Ints, before: Ints
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
    table: pd.DataFrame, keys: _Keys, windows: _Windows, chosen: Ints
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
