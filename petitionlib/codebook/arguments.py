"""What a function is given: a table, codes that are known, a year; refused with the remedy."""

import reprlib
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any, Final

import numpy.typing as npt
import pandas as pd

from petitionlib.codebook.entries import NO_CODEBOOK, carried, digest_of, entries
from petitionlib.codebook.spelling import as_code, without_marks
from petitionlib.errors import (
    ArgumentError,
    DataNotFoundError,
    NotATableError,
    Said,
    TableError,
    did_you_mean,
    joined,
    said,
)

__all__ = [
    "YEARS",
    "as_codes",
    "check_codebook",
    "check_is_table",
    "check_is_tidy",
    "check_known",
    "check_year",
    "codebook_name",
]

_SHIPPED: Final = "fault.codebook_shipped"
YEARS: Final = (1000, 9998)  # the first and the last; each has a year before it and one after


def check_known(table: pd.DataFrame, **codes: str) -> None:
    """Raise `DataNotFoundError` for a code that neither the table nor the codebook has.

    The codes are named by their column: `check_known(table, place="can-tho", span="Y")`. Raises
    `NotATableError` for what is no table.
    """
    check_is_table(table, *codes)
    for column, code in codes.items():
        _check_text(column, code)
        book = entries(f"{column}s", table)
        if code not in book and not (table[column] == code).any():
            known = {*book, *table[column].dropna().astype("str")}
            near = _codes_of(str(code), book) or did_you_mean(as_code(str(code), column), known)
            fault = said("fault.code_unknown", column=column, cell=str(code), near=near)
            raise DataNotFoundError(fault, sorted(known))


def check_year(year: object) -> None:
    """Raise `ArgumentError` for what is no year: no whole number, or none of four digits."""
    first, last = YEARS
    whole = isinstance(year, Integral) and not isinstance(year, bool) and first <= int(year) <= last
    if not whole:
        raise ArgumentError(said("fault.year_kind", found=repr(year)))


def as_codes(codes: str | Iterable[str], column: str = "place") -> list[str]:
    """Return codes, each once; one alone may stand without a list.

    Raises `DataNotFoundError` for what is no text.

    >>> as_codes("can-tho"), as_codes(["can-tho", "ha-noi", "can-tho"])
    (['can-tho'], ['can-tho', 'ha-noi'])
    """
    named: list[Any] = [codes]
    if isinstance(codes, Iterable) and not isinstance(codes, str):
        named = list(codes)
    for code in named:
        _check_text(column, code)
    return list(dict.fromkeys(map(str, named)))


def _check_text(what: str, code: object) -> None:
    if not isinstance(code, str):
        raise DataNotFoundError(said("fault.code_kind", column=what, found=repr(code)))


_TO_PANDAS: Final = {  # frames of others, and the line that converts them
    "polars": "table.to_pandas()",
    "pyarrow": "table.to_pandas()",
    "duckdb": "relation.df()",
    "_duckdb": "relation.df()",
    "modin": "table.modin.to_pandas()",
    "dask": "table.compute()",
    "pyspark": "table.toPandas()",
}


def check_is_table(table: object, *columns: str) -> None:
    """Raise `NotATableError` for what is no table of pandas, or lacks one of the columns."""
    if not isinstance(table, pd.DataFrame):
        maker = type(table).__module__.partition(".")[0]
        if line := _TO_PANDAS.get(maker):
            raise NotATableError(said("fault.other_frame", maker=maker, line=line))
        raise NotATableError(said("fault.not_a_table", found=reprlib.repr(table)))
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise NotATableError(said("fault.no_column", column=missing[0]))


def check_codebook(table: pd.DataFrame) -> None:
    """Raise `TableError` for a table that does not carry the codebook its rows are ruled by.

    Which one that is stands in its column `codebook`: blank for the shipped one alone, else the
    `digest_of` the rows that its folder added. A table without the column is not checked.
    """
    if "codebook" not in table.columns or table.empty:
        return
    named = _codebooks(table["codebook"])
    own = digest_of(carried(table))
    if named == [own]:
        return
    if len(named) > 1:
        books = joined("fault.and", map(codebook_name, named))
        fault = said("fault.codebooks", books=books, codebook=named[-1])
    elif own:
        told = codebook_name(own)
        fault = said("fault.codebook_other", book=codebook_name(named[0]), other=told)
    else:
        fault = said("fault.codebook_lost", book=codebook_name(named[0]))
    raise TableError.of_table(fault, "codebook")


def codebook_name(codebook: str) -> Said:
    """Name the codebook that a table's column `codebook` names; blank: the shipped one."""
    if codebook == NO_CODEBOOK:
        return said("fault.codebook_none")
    return said("fault.codebook_own", codebook=codebook) if codebook else said(_SHIPPED)


def check_is_tidy(table: object) -> None:
    """Raise `NotATableError` for what is no table of figures: of key and value."""
    check_is_table(table, "place", "year", "span", "indicator", "value")


def _codes_of(name: str, book: Mapping[str, Mapping[str, str]]) -> Said | str:
    """Write which codes have a name or label, in either language, with its marks or without."""
    wanted = without_marks(name).casefold()
    codes = [
        repr(code)
        for code, row in book.items()
        for column, label in row.items()
        if column.startswith(("name_", "label_")) and without_marks(label).casefold() == wanted
    ]
    found = dict.fromkeys(codes)
    return said("fault.did_you_mean", words=joined("fault.or", found)) if found else ""


def _codebooks(column: pd.Series) -> list[str]:
    """List the codebooks that a column names."""
    codes: npt.NDArray[Any]
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
    else:
        codes = column.to_numpy(dtype=object)
    if (codes == codes[0]).all():  # as a rule, and in a tenth of the time
        column = column.iloc[:1]
    return sorted({"" if pd.isna(name) else str(name) for name in column.unique()})
