"""The counts of a place against those of its children."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.sums import Parts, check_sum
from petitionlib.checks.verdict import Bools, Checks
from petitionlib.codebook.entries import entries, rates_of

__all__ = ["check_children"]

_NEVER: Final = "9999-12-31"


def check_children(sheet: Sheet) -> Iterator[Checks]:
    """Check the counts of a place against the sum of its children, each partition on its own."""
    families = list(_families(sheet))
    if families:
        counts = _count_rows(sheet)
        for parent, partition, names in families:
            rows, parts = _family(sheet, counts, parent, names)
            yield check_sum(sheet, f"children:{partition}", rows, parts)


class _Counts(NamedTuple):
    """The rows with counts, by place; of each row of the table its year and span, and its slot.

    Rows of two places have the same slot if year, span, source and indicator are the same.
    """

    order: Rows
    start: Rows
    places: Sequence[str]
    moment: Rows
    slot: Rows

    def of(self, place: str) -> Rows:
        """Return the rows of a place."""
        if place not in self.places:
            return self.order[:0]
        number = self.places.index(place)
        return self.order[self.start[number] : self.start[number + 1]]


def _families(sheet: Sheet) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each place of the table whose children's counts are in it too, with the children."""
    families: dict[tuple[str, str], list[str]] = {}
    for place, row in entries("places", sheet.table).items():
        if row["partition"]:
            families.setdefault((row["parent"], row["partition"]), []).append(place)
    used = set(sheet.keys.places)
    for (parent, partition), names in families.items():
        if parent in used and used.intersection(names):
            yield parent, partition, names


def _family(sheet: Sheet, counts: _Counts, parent: str, names: Sequence[str]) -> tuple[Rows, Parts]:
    """Match the counts of a place with those of its children, of the same period and source."""
    alive = _alive(sheet, names)
    parents = counts.of(parent)
    parents = parents[np.argsort(counts.slot[parents])]
    found = [counts.of(name) for name in names]
    born = np.repeat(np.arange(len(names)), [len(rows) for rows in found])
    rows = np.concatenate(found)
    owner = np.searchsorted(counts.slot[parents], counts.slot[rows])
    match = alive[born, counts.moment[rows]] & (owner < len(parents))
    match[match] = counts.slot[parents[owner[match]]] == counts.slot[rows[match]]
    some, spot = np.unique(owner[match], return_inverse=True)
    parents = parents[some]
    parts = np.full((len(parents), len(names)), -1, dtype=np.int64)
    parts[spot, born[match]] = rows[match]
    return parents, Parts(parts, names, alive[:, counts.moment[parents]].T)


def _count_rows(sheet: Sheet) -> _Counts:
    keys, rates = sheet.keys, rates_of(sheet.table)
    rate = np.array([name in rates for name in keys.indicators])
    period, indicator = keys.split(keys.cell)
    of_place = keys.years * len(keys.spans)
    place = period // of_place
    moment = period - place * of_place
    slot = moment.astype(np.int64) * len(sheet.sources) + sheet.source
    slot *= len(keys.indicators)
    order = np.flatnonzero(sheet.known & ~rate[indicator])
    order = order[np.argsort(place[order], kind="stable")]
    start = np.searchsorted(place[order], np.arange(len(keys.places) + 1))
    return _Counts(order, start, keys.places, moment, slot + indicator)


def _alive(sheet: Sheet, names: Sequence[str]) -> Bools:
    """Tell which places are valid on the last day of each year and span."""
    book, last = entries("places", sheet.table), sheet.last_days().ravel()
    first = np.array([book[name]["valid_from"] for name in names], dtype=object)[:, None]
    end = np.array([book[name]["valid_to"] or _NEVER for name in names], dtype=object)[:, None]
    valid: Bools = (first <= last) & (last <= end)
    return valid
