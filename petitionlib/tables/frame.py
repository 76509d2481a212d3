"""What a table that was made in memory must have, and columns of one kind."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from petitionlib.codebook.arguments import YEARS, check_codebook, check_is_table
from petitionlib.codebook.entries import carried
from petitionlib.errors import TableError, said
from petitionlib.tables.folder import KEY
from petitionlib.tables.validate import LARGEST

__all__ = ["CODES", "Row", "as_kind", "complete", "records", "refuse_other_years"]


Row = pd.Series | Mapping[str, Any]  # one row of a table: its cells by column
CODES: Final = frozenset({
    "identity", "status", "source", "flag", "published", "coverage", "parts", "part_values",
    "missing", "event", "cause", "cause_detail", "cause_part", "suspect", "suspect_place",
    "suspect_year", "suspect_span", "suspect_column", "suspect_value", "suspect_printed",
})  # fmt: skip


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a small table one by one, without what a `Series` a row costs.

    Where a code is missing, as a CSV file leaves it, it is blank.

    >>> [row["year"] for row in records(pd.DataFrame({"year": [2021, 2022]}))]
    [2021, 2022]
    """
    names = list(table.columns)
    columns = (_cells(name, column.tolist()) for name, column in table.items())
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _cells(name: object, cells: list[Any]) -> list[Any]:
    if name not in CODES:
        return cells
    return [cell if isinstance(cell, str) else _code(cell) for cell in cells]


def _code(cell: Any) -> Any:
    """Return a code that a CSV file has made a number, or nothing."""
    if pd.isna(cell):
        return ""
    return f"{cell:.15g}" if isinstance(cell, float) else cell


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table made in memory the columns it may lack (change, status, source).

    Raises `TableError` for a table without its key or its values, with text for numbers or a
    negative value, or that has lost its codebook (`check_codebook`), and `NotATableError` for what
    is no table.
    """
    check_is_table(table)
    check_codebook(table)
    missing = [column for column in (*KEY, "value") if column not in table.columns]
    if missing:
        raise TableError.of_table(said("fault.table_column", column=missing[0]), missing[0])
    refuse_other_years(table)
    ends = (table["year"].min(), table["year"].max()) if len(table) else ()
    for year in ends:
        if not YEARS[0] <= year <= YEARS[1]:
            raise TableError.of_table(said("fault.table_year", year=int(year)), "year")
    table = table.copy(deep=False)
    if book := carried(table):
        table.attrs["codebook"] = book
    for name, blank in {"change": np.nan, "status": "", "source": ""}.items():
        if name not in table:
            kind = "str" if blank == "" else "float64"
            table[name] = pd.Series(blank, index=table.index, dtype=kind)
    numbers = [name for name in ("value", "change", "change_percent") if name in table]
    readings = dict.fromkeys(numbers, _numbers) | dict.fromkeys(("status", "source"), _texts)
    for name, read in readings.items():
        given = table[name]
        column = read(given)
        if column is not given:  # each column that is set costs the time of a small table
            table[name] = column
    return table


def refuse_other_years(table: pd.DataFrame) -> None:
    """Raise `TableError` for years that are no whole numbers."""
    years = table["year"]
    kind = years.dtype
    if pd.api.types.is_integer_dtype(kind) and not years.isna().any():
        return
    if len(years) and years.isna().any():
        fault = said("fault.table_year_blank", count=int(years.isna().sum()), rows=len(years))
    elif isinstance(kind, pd.PeriodDtype) or pd.api.types.is_datetime64_any_dtype(kind):
        fault = said("fault.table_year_date", kind=str(kind))
    elif pd.api.types.is_float_dtype(kind) or all(map(_is_year, years)):
        fault = said("fault.table_year_kind", kind=str(kind))
    else:
        cell = next(str(year) for year in years if not _is_year(year))
        fault = said("fault.table_year_text", cell=cell)
    raise TableError.of_table(fault, "year")


def _is_year(cell: object) -> bool:
    return str(cell).strip().isdecimal()


def as_kind(texts: pd.Series, column: pd.Series) -> pd.Series:
    """Return a column of the same kind as another: of its categories and more, or of its type.

    >>> kinds = pd.Series(["b", "a"], dtype="category")
    >>> as_kind(pd.Series(["c", "a"]), kinds).cat.categories.tolist()
    ['a', 'b', 'c']
    """
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        new = sorted(set(texts.dropna().unique()) - set(kind.categories))
        kind = pd.CategoricalDtype(kind.categories.append(pd.Index(new)), ordered=kind.ordered)
    return texts.astype(kind)


def _texts(column: pd.Series) -> pd.Series:
    """Return a column of codes with blanks for what is missing, of the same kind as it was."""
    if not column.isna().any():
        return column
    if isinstance(column.dtype, pd.CategoricalDtype) and "" not in column.cat.categories:
        column = column.cat.add_categories([""])
    return column.fillna("")


def _numbers(column: pd.Series) -> pd.Series:
    """Return a column of numbers as it is, one of nothing as missing; refuse anything else."""
    if column.dtype != "float64" and column.isna().all():
        return column.astype("float64")
    name = str(column.name)
    if not pd.api.types.is_numeric_dtype(column.dtype):
        fault = said("fault.table_numbers", column=name, kind=str(column.dtype))
        raise TableError.of_table(fault, name)
    if column.dtype == "float32":  # 95.67 is 95.67, not 95.669998
        column = column.astype("str").astype("float64")
    numbers = column.to_numpy(dtype="float64", na_value=np.nan)
    least = np.fmin.reduce(numbers, initial=0)
    for extreme in (np.fmax.reduce(numbers, initial=0), least):
        if abs(extreme) >= LARGEST:
            fault = said("fault.table_large", column=name, number=float(extreme))
            raise TableError.of_table(fault, name)
    if name == "value" and least < 0:
        raise TableError.of_table(said("fault.table_negative", number=float(least)), name)
    return column
