"""A year against the year before: matched by key and year, never by row."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.codebook.break_scope import broken_indicators, broken_places, is_everywhere
from petitionlib.codebook.codes import FLAGS
from petitionlib.codebook.entries import entries, rates_of
from petitionlib.codebook.windows import last_day
from petitionlib.files import FilePath
from petitionlib.tables.folder import CHANGE_STATUS
from petitionlib.tables.frame import complete
from petitionlib.tables.grid import Bools, Floats, Ints, Keys, locate, number, pack, preferred, text
from petitionlib.tables.read import with_codebook
from petitionlib.tables.recency import recency
from petitionlib.tables.scale import scale_jumps
from petitionlib.tables.sources import known_on

__all__ = ["year_over_year"]

_BIT: Final = {flag: np.uint16(1 << position) for position, flag in enumerate(FLAGS)}
_RATE: Final = np.uint16(1 << len(FLAGS))
_BASES: Final = ["published", "derived"]
_FLOAT_NOISE: Final = 9
_NEVER: Final = date.max.toordinal()

Marks = npt.NDArray[np.uint16]
Days = npt.NDArray[np.int64]


def year_over_year(
    table: pd.DataFrame,
    *,
    as_of: str | date | None = None,
    small_base: float = 20,
    codebook: FilePath | None = None,
) -> pd.DataFrame:
    """Compare each figure with the same place, span and indicator one year before.

    Takes a tidy table (`read_tables`). Returns a row for each (place, year, span, indicator) that
    has a value, sorted by that key, with the columns of the table and: `previous`, `basis`
    (`published`, `derived` from the published change, or missing), `absolute_change` (percentage
    points for rates), `relative_change` (a fraction: 0.179 is +17.9%; missing for rates and for a
    zero base), `flag` (why the comparison needs care) and `previous_source`.

    Where several sources print one figure, an exact one goes before an approximate one, and then
    the newest. What a source printed only as a percentage is not turned into a base. Where the
    territory differs, nothing is computed. `small_base` is the count below which a base is flagged;
    with `as_of`, a day, only what was published by then counts (`known_on`). What decides a number
    stands in the columns (`read_tables`), so that a merge, a concat or a CSV file changes none; a
    table that has lost the codebook of its data folder is given it again by `codebook`, the folder.

    Raises `TableError` if one source prints a figure twice, if of two that print different values
    nothing says which is newer, if the table has lost its codebook, or if a needed column is not
    there.
    Definitions: comparison with the same period of the year before ("so với cùng kỳ"), circular
    06/2025/TT-TTCP; the codes of the flags are in data/README.md.

    >>> from petitionlib import read_tables
    >>> changes = year_over_year(read_tables())
    >>> row = changes[(changes["place"] == "can-tho") & (changes["year"] == 2022)
    ...               & (changes["indicator"] == "petitions.received")].iloc[0]
    >>> int(row["previous"]), row["basis"], int(row["absolute_change"])
    (2636, 'derived', 472)
    """
    table = with_codebook(table, codebook)
    table = complete(table if as_of is None else known_on(table, as_of))
    pairs = _match(table)
    result = _take(table, pairs.chosen)
    result["previous"] = pairs.previous
    result["basis"] = text(pairs.basis, _BASES, table["place"])
    change = _difference(number(result, "value"), pairs.previous)
    result["absolute_change"] = change
    counted = pairs.marks < _RATE
    result["relative_change"] = _quotient(change, pairs.previous, counted)
    marks = (pairs.marks & ~_RATE) | _rough_marks(table, pairs) | _source_marks(table, pairs)
    marks |= _base_marks(pairs.previous, counted, small_base)
    alone = pairs.origin < 0
    alone[pairs.elsewhere] = False
    marks[alone] = _BIT["no_previous"]
    marks[pairs.elsewhere] |= _BIT["boundary"]
    marks[np.isin(pairs.chosen, pairs.jumps)] |= _BIT["scale"]
    result["flag"] = _flags(marks, table["place"])
    result["first_value"] = pairs.first
    result["previous_source"] = table["source"].array.take(pairs.origin, allow_fill=True)
    return result


class _Pairs(NamedTuple):
    """The row of each figure, and what stood a year before.

    The `previous` figure and its `basis` (a number of _BASES, or -1), the row that it comes from
    (`origin`, or -1), the `marks` of breaks and rates, where the territory is `elsewhere`, and the
    rows that are of another scale than the nearest earlier figure (`jumps`); and what a `first`
    source printed, where a later one replaced it and the figure of the year before stands.
    """

    chosen: Ints
    previous: Floats
    basis: npt.NDArray[np.int8]
    origin: Ints
    marks: Marks
    elsewhere: Ints
    jumps: Ints
    first: Floats


def _match(table: pd.DataFrame) -> _Pairs:
    """Find for each figure that of the year before, by key and year."""
    keys = pack(table)
    rows = preferred(table, keys)
    cells = np.flatnonzero(rows >= 0).astype(rows.dtype)
    chosen, before = rows[cells], keys.year_before(rows)[cells]
    place, within = _split(keys, cells)
    ends = _ends(table, keys)
    marks = _marks(table, keys, ends, place, within)
    elsewhere = _other_territory(table, keys, ends, cells, place, within)
    rates = rates_of(table)
    counted = np.array([name not in rates for name in keys.indicators], dtype=bool)
    jumps = scale_jumps(table, keys, rows, counted)[0]
    del rows, place, within
    previous = number(table, "value")[before]
    previous[before < 0] = np.nan
    origin = _derive(table, keys, cells, previous, before)
    previous[elsewhere], origin[elsewhere] = np.nan, -1
    basis = (before < 0).view(np.int8)
    basis[origin < 0] = -1
    first = _first_values(table, keys, cells)
    first[basis != _BASES.index("published")] = np.nan
    marks[~np.isnan(first)] |= _BIT["stage"]
    return _Pairs(chosen, previous, basis, origin, marks, elsewhere, jumps, first)


def _take(table: pd.DataFrame, rows: Ints) -> pd.DataFrame:
    """Return rows of a table; one that is in order already is not copied."""
    whole = len(rows) == len(table) and bool((np.diff(rows) == 1).all())
    return (table if whole else table.iloc[rows]).reset_index(drop=True)


def _split(keys: Keys, cells: Ints) -> tuple[Ints, Ints]:
    """Return the place of each cell, and its position among the cells of the place."""
    packed = keys.packed(cells)
    place = packed // keys.of_place
    return place, packed - place * keys.of_place


def _marks(table: pd.DataFrame, keys: Keys, ends: Days, place: Ints, within: Ints) -> Marks:
    """Return what each figure carries: the breaks that its comparison crosses, and being a rate."""
    names, rates = keys.indicators, rates_of(table)
    rate = np.array([name in rates for name in names], dtype=bool)
    marks = np.zeros((keys.years, len(keys.spans), len(names)), dtype=np.uint16)
    marks[:, :, rate] |= _RATE
    breaks = [
        row for row in entries("breaks", table).values() if row["scope"] in {"form", "window"}
    ]
    for row in filter(is_everywhere, breaks):
        marks |= _crossed(row, keys, ends)
    found: Marks = marks.ravel()[within]
    for row in breaks:
        if not is_everywhere(row) and (those := broken_places(row, keys.places, table)):
            here = np.array([name in those for name in keys.places], dtype=bool)
            found |= np.where(here[place], _crossed(row, keys, ends).ravel()[within], 0)
    return found


def _crossed(row: Mapping[str, str], keys: Keys, ends: Days) -> Marks:
    """Mark the years, spans and indicators whose comparison crosses a break."""
    day = date.fromisoformat(row["date"]).toordinal()
    those = broken_indicators(row, keys.indicators)
    touched = np.array([name in those for name in keys.indicators], dtype=bool)
    crossed = ((ends[:-1] < day) & (day <= ends[1:]))[:, :, None] & touched
    marks: Marks = crossed.astype(np.uint16) * _BIT[row["scope"]]
    return marks


def _ends(table: pd.DataFrame, keys: Keys) -> Days:
    """Return the day on which each span of each year ends, from the year before the first on.

    An open span is taken to last for the whole reporting year; an unknown one never ends.
    """
    known = entries("spans", table)
    ends = np.full((keys.years + 1, len(keys.spans)), _NEVER)
    for column, span in enumerate(keys.spans):
        for row, year in enumerate(range(keys.first_year - 1, keys.first_year + keys.years)):
            if span in known:
                last = last_day(span, year, table)
                ends[row, column] = last.toordinal()
    return ends


def _other_territory(  # noqa: PLR0913, PLR0917  # what `_match` has found so far
    table: pd.DataFrame, keys: Keys, ends: Days, cells: Ints, place: Ints, within: Ints
) -> Ints:
    """Find where the place's territory is not that of a year before.

    That is where the place began in between, and its table has no row of its own territory for
    the year before (`to_boundaries` makes one, though it may lack a part); and where the figure is
    dated after the place became part of another.
    """
    book = entries("places", table)
    units = [book.get(name, {}) for name in keys.places]
    begins = _ordinals([unit.get("valid_from", "") for unit in units], blank=0)
    merged = [unit.get("valid_to", "") if unit.get("successor") else "" for unit in units]
    lasts = _ordinals(merged, blank=_NEVER)
    began = begins[:, None, None]
    began_since = (began > ends[:-1]) & (began <= ends[1:])
    ended_before = (lasts[:, None, None] < ends[1:]) & (ends[1:] < _NEVER)
    if not (began_since | ended_before).any():
        return np.zeros(0, dtype=np.int64)
    rows = np.full(keys.size, -1, dtype=keys.cell.dtype)
    rows[keys.cell] = 1
    absent = keys.year_before(rows)[cells] < 0
    period = place * (keys.years * len(keys.spans)) + within // len(keys.indicators)
    elsewhere = ended_before.ravel()[period] | (began_since.ravel()[period] & absent)
    return np.flatnonzero(elsewhere)


def _ordinals(days: list[str], *, blank: int) -> Days:
    return np.array(
        [date.fromisoformat(day).toordinal() if day else blank for day in days], dtype="int64"
    )


def _derive(table: pd.DataFrame, keys: Keys, cells: Ints, previous: Floats, before: Ints) -> Ints:
    """Fill in the previous figures that follow from published changes.

    Returns the row that each previous figure comes from, or -1.
    """
    origin = before.copy()
    value, change = number(table, "value"), number(table, "change")
    stating = ~np.isnan(change) & ~np.isnan(value)
    if stating.any():
        open_cells = np.flatnonzero(before < 0)
        rows = locate(table, keys, stating)[cells[open_cells]]
        stated = rows >= 0
        rows, open_cells = rows[stated], open_cells[stated]
        base = _difference(value[rows], change[rows])
        sound = base >= 0
        previous[open_cells[sound]] = base[sound]
        origin[open_cells[sound]] = rows[sound]
    return origin


def _difference(current: Floats, previous: Floats) -> Floats:
    """Subtract; what is left of decimal fractions as binary noise is rounded away."""
    change = current - previous
    rest = np.rint(change)
    rest -= change
    odd = np.flatnonzero(np.abs(rest, out=rest) > 0)
    change[odd] = np.round(change[odd], _FLOAT_NOISE) + 0.0
    return change


def _quotient(change: Floats, previous: Floats, counted: Bools) -> Floats:
    """Divide a change by its base: missing for rates and for a zero base."""
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = change / previous
    relative[~counted | (previous == 0)] = np.nan
    return relative


def _base_marks(previous: Floats, counted: Bools, small_base: float) -> Marks:
    """Mark counts whose base is zero or small."""
    marks: Marks = (counted & (previous == 0)).astype(np.uint16) * _BIT["zero_base"]
    small = counted & (previous < small_base) & (previous > -small_base)
    marks |= small.astype(np.uint16) * _BIT["small_base"]
    return marks


def _rough_marks(table: pd.DataFrame, pairs: _Pairs) -> Marks:
    """Mark comparisons with an approximate figure on either side."""
    rough = np.append((table["status"] == "e").to_numpy(), False)  # row -1 is none
    if not rough.any() and CHANGE_STATUS not in table.columns:
        return np.zeros(len(pairs.chosen), dtype=np.uint16)
    marks = rough[pairs.chosen] | rough[pairs.origin]
    if CHANGE_STATUS in table.columns:  # of the printed change from which a base was derived
        changed = np.append((table[CHANGE_STATUS] == "e").to_numpy(), False)
        marks |= changed[pairs.origin] & (pairs.basis == _BASES.index("derived"))
    found: Marks = marks.astype(np.uint16) * _BIT["approximate"]
    return found


def _source_marks(table: pd.DataFrame, pairs: _Pairs) -> Marks:
    """Mark comparisons of two sources that cover other parts, or whose periods may end apart."""
    marks = np.zeros(len(pairs.chosen), dtype=np.uint16)
    based = pairs.origin >= 0
    if "coverage" in table.columns:
        coverage, _ = pd.factorize(table["coverage"].astype("str").fillna(""))
        marks[based & (coverage[pairs.chosen] != coverage[pairs.origin])] |= _BIT["coverage"]
    known = entries("spans", table)
    ends = {span: row["end"] for span, row in known.items()}
    open_ = [span for span in table["span"].unique() if ends.get(span) == ""]
    if open_:
        here = table["span"].isin(open_).to_numpy()[pairs.chosen]
        source, _ = pd.factorize(table["source"])
        marks[based & here & (source[pairs.chosen] != source[pairs.origin])] |= _BIT["window"]
    return marks


def _first_values(table: pd.DataFrame, keys: Keys, cells: Ints) -> Floats:
    """Return the first values of figures that were replaced, where those a year before were not."""
    value = number(table, "value")
    known = np.flatnonzero(~np.isnan(value))
    found = np.full(len(cells), np.nan)
    count = np.bincount(keys.cell[known], minlength=keys.size)
    if count.max(initial=0) < 2:  # noqa: PLR2004  # one source each
        return found
    rows = known[count[keys.cell[known]] > 1]
    rows = rows[np.argsort(-recency(table, rows).order(), kind="stable")]
    oldest = np.full(keys.size + 1, np.nan)
    oldest[keys.cell[rows]] = value[rows]
    chosen = preferred(table, keys)
    oldest[:-1][value[chosen] == oldest[:-1]] = np.nan
    replaced = np.isnan(oldest[keys.cell_before(cells)])
    found[replaced] = oldest[cells[replaced]]
    return found


def _flags(marks: Marks, like: pd.Series) -> pd.Series:
    """Write the flags of each row, joined by spaces."""
    used = np.zeros(1 << len(FLAGS), dtype=bool)
    used[marks] = True
    kinds = np.flatnonzero(used)
    names = [" ".join(f for f in FLAGS if n & _BIT[f]) for n in kinds.tolist()]
    number_of = np.zeros(len(used), dtype=np.int8)
    number_of[kinds] = np.arange(len(kinds))
    return text(number_of[marks], names, like)
