"""Which rows print which figure: keys, duplicates, and the preferred source."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.errors import Problem, TableError
from petitionlib.faults import LARGEST
from petitionlib.tables import source_list

__all__ = [
    "Keys",
    "best",
    "by_source",
    "complete",
    "figures",
    "pack",
    "preference",
    "refuse_duplicates",
]

_KEY: Final = ("place", "year", "span", "indicator")
_YEARS: Final = (1000, 9998)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Keys(NamedTuple):
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


def figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each (place, year, span, indicator): the preferred source's figure.

    An exact figure goes before an approximate one, then the newest source wins; the rows are
    sorted by the key and have the columns of the table.
    """
    table = complete(table)
    keys = pack(table)
    refuse_duplicates(table, keys)
    value = table["value"].to_numpy(dtype="float64", na_value=np.nan)
    chosen = best(keys.code, preference(table), ~np.isnan(value))
    return table.iloc[chosen].reset_index(drop=True)


def by_source(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the figures with a value of each source on its own, the newest source first."""
    table = complete(table)
    refuse_duplicates(table)
    known = table[table["value"].notna()]
    order = {row[0]: place for place, row in enumerate(source_list(table))}
    names = sorted(set(known["source"]), key=lambda name: (order.get(name, -1), name))
    return [known[known["source"] == name] for name in reversed(names)]


def refuse_duplicates(table: pd.DataFrame, keys: Keys | None = None) -> None:
    """Raise `TableError` where one source prints one figure twice."""
    keys = keys or pack(table)
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


def pack(table: pd.DataFrame) -> Keys:
    """Pack the key of each row into one number, in the order of the keys."""
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
    return Keys(
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


def preference(table: pd.DataFrame) -> Ints:
    """Rank the rows: exact before approximate, then by the source's place in sources.csv.

    A source that the table has no list for ranks below the listed ones, and by its id.
    """
    codes, names = _factorize(table["source"].fillna(""))
    listed = {row[0]: place for place, row in enumerate(source_list(table), start=len(names))}
    rank = np.array([listed.get(name, i) for i, name in enumerate(names)], dtype="int64")
    exact = table["status"].to_numpy() != "e"
    ranks: Ints = exact * (rank.max(initial=0) + 1) + rank[codes]
    return ranks


def best(code: Ints, ranks: Ints, eligible: Bools) -> Ints:
    """Return the row of each key with the highest preference, in the order of the keys."""
    rows = np.flatnonzero(eligible)
    rows = rows[np.lexsort((ranks[rows], code[rows]))]
    last = np.append(np.diff(code[rows]) != 0, True)[: len(rows)]
    chosen: Ints = rows[last]
    return chosen
