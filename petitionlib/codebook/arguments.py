"""What a function is given: a table, codes that are known, a year; refused with the remedy."""

import reprlib
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any, Final

import pandas as pd

from petitionlib.codebook.codebook import digest_of, entries
from petitionlib.codebook.spelling import as_code, without_marks
from petitionlib.errors import DataNotFoundError, NotATableError, TableError, did_you_mean

__all__ = [
    "YEARS",
    "as_codes",
    "check_codebook",
    "check_is_table",
    "check_is_tidy",
    "check_known",
    "check_year",
]

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
            message = f"{column} {code!r} is neither in the table nor in the codebook{near}"
            raise DataNotFoundError(message, sorted(known))


def check_year(year: object) -> None:
    """Raise `ValueError` for what is no year: no whole number, or none of four digits."""
    first, last = YEARS
    whole = isinstance(year, Integral) and not isinstance(year, bool) and first <= int(year) <= last
    if not whole:
        message = f"year is {year!r}; it must be a whole number like 2022"
        raise ValueError(message)


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
        message = f"{what} is {code!r}; it must be a code of the codebook, as text"
        raise DataNotFoundError(message)


def check_is_table(table: object, *columns: str) -> None:
    """Raise `NotATableError` for what is no table of pandas, or lacks one of the columns."""
    if not isinstance(table, pd.DataFrame):
        message = f"{reprlib.repr(table)} is not a table; read_tables() returns one"
        raise NotATableError(message)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        message = f"the table has no column {missing[0]!r}; data/README.md describes the columns"
        raise NotATableError(message)


def check_codebook(table: pd.DataFrame) -> None:
    """Raise `TableError` for a table that does not carry the codebook its rows are ruled by.

    Which one that is stands in its column `codebook`: blank for the shipped one alone, else the
    `digest_of` the rows that its folder added. A table without the column is not checked.
    """
    if "codebook" not in table.columns or table.empty:
        return
    named = _codebooks(table["codebook"])
    own = digest_of(str(table.attrs.get("codebook", "")))
    if len(named) > 1:
        told = " and ".join(_told(name) for name in named)
        message = f"is ruled by {told}; compare the rows of each apart: table[table['codebook'] =="
        message += f" {named[-1]!r}]"
    elif named != [own] and not own:
        message = f"is ruled by {_told(named[0])} and has lost it; give the data folder that it was"
        message += " read from: codebook=FOLDER"
    elif named != [own]:
        message = f"is ruled by {_told(named[0])} and carries {_told(own)}; give the data folder"
        message += " that it was read from: codebook=FOLDER"
    else:
        return
    raise TableError.of_table(message, "codebook")


def check_is_tidy(table: object) -> None:
    """Raise `NotATableError` for what is no table of figures: of key and value."""
    check_is_table(table, "place", "year", "span", "indicator", "value")


def _codes_of(name: str, book: Mapping[str, Mapping[str, str]]) -> str:
    """Write which codes have a name or label, in either language, with its marks or without."""
    wanted = without_marks(name).casefold()
    codes = [
        repr(code)
        for code, row in book.items()
        for column in ("name_en", "name_vi", "label_en", "label_vi")
        if column in row and without_marks(row[column]).casefold() == wanted
    ]
    return f"; did you mean {' or '.join(dict.fromkeys(codes))}?" if codes else ""


def _codebooks(column: pd.Series) -> list[str]:
    """List the codebooks that a column names."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        if codes.min() == codes.max():
            column = column.iloc[:1]
    return sorted({"" if pd.isna(name) else str(name) for name in column.unique()})


def _told(codebook: str) -> str:
    return f"the codebook {codebook}" if codebook else "the shipped codebook"
