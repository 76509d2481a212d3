"""Which source is newer: the later in its folder's sources.csv, else the later published."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.codebook.entries import NO_CODEBOOK
from petitionlib.errors import Problem, TableError, said
from petitionlib.tables.folder import PRINTED

__all__ = [
    "JOINED", "Recency", "dates_of", "has_order", "part_of", "recency", "refuse_undecided",
]  # fmt: skip

JOINED: Final = " + "  # between the sources, or the places, of a figure that was added up
_DAY: Final = re.compile(r"([0-9]{4}(-[0-9]{2}){0,2})?")
_UNKNOWN: Final = -1  # the rank of a source that the order does not know

Ints = npt.NDArray[np.signedinteger[Any]]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Recency(NamedTuple):
    """How new the source of each of some rows is: of two, the greater `rank` is the newer.

    The rank is a number of `days`, the dates of publication in their order, where they decide;
    `days` is None where `source_order` does. `name` is the rank of each source's id, for those of
    which nothing says which is newer.
    """

    rank: Ints
    name: Ints
    names: int
    days: list[str] | None

    def order(self) -> Ints:
        """Return a number for each row, greater for the newer source, then for the later id."""
        order: Ints = self.rank.astype("int64") * self.names + self.name
        return order

    def undecided(self, one: Ints, other: Ints) -> Bools:
        """Tell of which of these pairs of rows nothing says whose source is newer.

        A date does not say it of one that begins with it: 2022-06 of 2022-06-15, blank of any.
        """
        earlier = np.minimum(self.rank[one], self.rank[other])
        later = np.maximum(self.rank[one], self.rank[other])
        if self.days is None:
            unknown: Bools = (earlier == later) | (earlier == _UNKNOWN)
            return unknown
        days = np.array(self.days, dtype=np.str_)
        begins: Bools = np.strings.startswith(days[later], days[earlier])
        return begins


def recency(table: pd.DataFrame, rows: Ints) -> Recency:
    """Return how new the sources of some rows of a table are; this alone says which is newer.

    That is the one with the greater `source_order`, where in the whole table each source has one
    order and each order one source; else the one with the later date in `published`. A figure that
    was added up has its sources joined, and the order of the newest of them.

    Raises `TableError` for an order that is no number and a day that is no date.
    """
    codes, names = _coded(table["source"].iloc[rows])
    by_name = np.argsort(np.argsort(np.array(names, dtype=object), kind="stable"))
    if has_order(table):
        days, rank = None, _places(_orders(table.iloc[rows]))
    else:
        days, rank = _days(table, rows)
    return Recency(rank, by_name[codes], max(len(names), 1), days)


def has_order(table: pd.DataFrame) -> bool:
    """Tell whether in this table each source has one order and each order one source.

    A blank names no source, and joined ones share the order of the newest of them.
    """
    if "source_order" not in table.columns:
        return False
    order, source = _orders(table), table["source"]
    if not isinstance(source.dtype, pd.CategoricalDtype) and not np.isnan(order).any():
        place, orders = pd.factorize(order)  # of numbers: in a third of the time
        first = np.zeros(len(orders), dtype="int64")
        first[place] = np.arange(len(place))
        names = source.iloc[first].to_numpy(dtype=object)
        if len(set(names)) == len(names):
            alike = source.to_numpy(dtype=object) == names[place]
            if bool(np.all(alike)):
                return True
    return _has_order(order, *_coded(source))


def part_of(table: pd.DataFrame, here: pd.Series) -> pd.DataFrame:
    """Return some rows of a table, in which the same decides which source is newer.

    The sources of two folders may share orders in the table and not in a part of it: there the
    rows have no `source_order`.
    """
    part = table[here]
    if "source_order" not in table.columns or "source" not in table.columns:
        return part
    if part["source"].nunique() < 2 or has_order(table):  # noqa: PLR2004  # one is newest alone
        return part
    return part.drop(columns="source_order")


def refuse_undecided(table: pd.DataFrame, pairs: Iterable[tuple[int, int]]) -> None:
    """Raise `TableError` for rows of one key of which nothing says which source is newer."""
    problems = list({each.message: each for each in _undecided(table, pairs)}.values())
    if problems:
        raise TableError(problems)


def dates_of(table: pd.DataFrame) -> dict[str, str]:
    """Return what the column `published` says of each source, oldest first.

    Sources of which nothing says which is newer stand by their id. Without the columns there are
    no dates.
    """
    if "published" not in table.columns or "source" not in table.columns:
        return {}
    rows = pd.DataFrame({name: _texts(table[name]) for name in ("source", "published")})
    rows["age"] = _orders(table) if has_order(table) else rows["published"]
    rows = rows[rows["source"] != ""].drop_duplicates().sort_values(["age", "source", "published"])
    return dict(zip(rows["source"], rows["published"], strict=True))


def _undecided(table: pd.DataFrame, pairs: Iterable[tuple[int, int]]) -> Iterator[Problem]:
    columns = [table[name] for name in (*PRINTED, "value")]
    book = table["codebook"].iloc[0] if "codebook" in table.columns and len(table) else ""
    key = "fault.newer_loose" if book == NO_CODEBOOK else "fault.newer"
    for pair in pairs:
        one, other = sorted(tuple(column.iloc[row] for column in columns) for row in pair)
        fault = said(
            key,
            figure=" ".join(map(str, one[:4])),
            value=f"{one[5]:.15g}",
            source=str(one[4]),
            other_value=f"{other[5]:.15g}",
            other=str(other[4]),
        )
        yield Problem("table", None, "source", str(one[4]), *fault)


def _has_order(order: Floats, codes: Ints, names: list[str]) -> bool:
    """Tell whether sources and orders go together, by the number of each row's source."""
    of = np.full(len(names), np.nan)
    of[codes] = order
    other = np.flatnonzero(of[codes] != order)
    if any(names[code] for code in np.unique(codes[other])):
        return False
    used = (np.bincount(codes, minlength=len(names)) > 0).tolist()
    single = [
        number
        for number, name, is_used in zip(of.tolist(), names, used, strict=True)
        if is_used and name and JOINED not in name
    ]
    return len(set(single)) == len(single)


def _orders(table: pd.DataFrame) -> Floats:
    """Return the order of each row's source, missing where it has none."""
    column = table["source_order"]
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype="float64", na_value=np.nan)
    if (column.isna() | (column == "")).all():  # blanks of a CSV file are text
        return np.full(len(column), np.nan)
    fault = said("fault.table_numbers", column="source_order", kind=str(column.dtype))
    raise TableError.of_table(fault, "source_order")


def _places(orders: Floats) -> Ints:
    """Return the number of each order, the oldest first; a missing one is unknown."""
    known, place = np.unique(orders, return_inverse=True)
    return np.where(np.isnan(known), _UNKNOWN, np.arange(len(known)))[place]


def _days(table: pd.DataFrame, rows: Ints) -> tuple[list[str], Ints]:
    """Return the dates of publication, sorted, and that of each of some rows by its number."""
    if "published" not in table.columns:
        return [""], np.zeros(len(rows), dtype="int64")
    codes, names = _coded(table["published"].iloc[rows])
    for name in names:
        if not _DAY.fullmatch(name):
            raise TableError.of_table(said("fault.table_published", cell=name), "published")
    days, place = np.unique(np.array(names, dtype=np.str_), return_inverse=True)
    return days.tolist(), place[codes]


def _coded(column: pd.Series) -> tuple[npt.NDArray[Any], list[str]]:
    """Return the number of each row's text, and the texts; a missing one is blank."""
    codes: npt.NDArray[Any]
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, names = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, names = pd.factorize(column, sort=False)
    texts = [str(name) for name in names]
    if len(codes) and codes.min() < 0:
        codes = np.where(codes < 0, len(texts), codes)
        texts.append("")
    return codes, texts


def _texts(column: pd.Series) -> pd.Series:
    return column.astype("str").fillna("")
