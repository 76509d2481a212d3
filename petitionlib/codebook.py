"""Indicators, places, spans, breaks and identities: what the codes of a table mean."""

import calendar
import hashlib
import json
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from numbers import Integral
from pathlib import Path
from typing import Any, Final

import numpy.typing as npt
import pandas as pd

from petitionlib.csvfile import CsvText, read_csv_text, shown_path, text_fault
from petitionlib.errors import DataNotFoundError, NotATableError, Problem, TableError
from petitionlib.record import Row
from petitionlib.spelling import as_code, did_you_mean, without_marks

__all__ = [
    "YEARS",
    "Carrier",
    "as_codes",
    "breaks",
    "check_codebook",
    "check_is_table",
    "check_is_tidy",
    "check_known",
    "check_year",
    "digest_of",
    "entries",
    "identities",
    "indicators",
    "last_day",
    "places",
    "read_codebook",
    "spans",
    "window",
]

YEARS: Final = (1000, 9998)  # the first and the last; each has a year before it and one after
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "indicators": (
        "indicator", "unit", "kind", "label_en", "label_vi", "numerator", "denominator",
    ),
    "places": (
        "place", "name_en", "name_vi", "level", "code", "parent", "partition",
        "valid_from", "valid_to", "successor",
    ),
    "spans": ("span", "label_en", "label_vi", "start", "end", "cumulative"),
    "breaks": ("date", "scope", "indicators", "label_en", "label_vi", "source"),
    "identities": ("identity", "whole", "relation", "parts", "severity", "authority"),
}  # fmt: skip
_CHOICES: Final = {
    ("indicators", "unit"): (
        "visits", "people", "cases", "groups", "sessions", "days", "petitions", "percent",
    ),
    ("indicators", "kind"): ("flow", "stock", "rate"),
    ("places", "level"): ("country", "province", "district", "commune", "body"),
    ("spans", "cumulative"): ("yes", "no"),
    ("breaks", "scope"): ("window", "form", "boundary"),
    ("identities", "relation"): ("=", "<=", ">=5x"),
    ("identities", "severity"): ("error", "warning"),
}  # fmt: skip
_DATES: Final = {("places", "valid_from"), ("places", "valid_to"), ("breaks", "date")}
_REFERENCES: Final = {
    ("indicators", "numerator"): "indicators",
    ("indicators", "denominator"): "indicators",
    ("places", "parent"): "places",
    ("places", "successor"): "places",
    ("breaks", "indicators"): "indicators",
    ("identities", "whole"): "indicators",
    ("identities", "parts"): "indicators",
}
Carrier = pd.DataFrame | Row | None  # a table, or a row of one, which carries its codebook
_BOUND = re.compile(r"Y(?:-1)?/(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_REQUIRED: Final = {("breaks", "indicators"), ("identities", "whole"), ("identities", "parts")}


def indicators(table: Carrier = None) -> pd.DataFrame:
    """Return the indicators that a table may use, one a row.

    Columns: `indicator`, `unit` (visits, people, cases, groups, sessions, days, petitions,
    percent), `kind` (flow, stock, rate), `label_en`, `label_vi`, and for rates their
    `numerator` and `denominator`. With a table, the rows that its own folder brought are included.

    >>> indicators().set_index("indicator").at["petitions.received", "unit"]
    'petitions'
    """
    return _frame("indicators", table)


def places(table: Carrier = None) -> pd.DataFrame:
    """Return the places, one a row: names, level, GSO code, parent, partition, validity, successor.

    A place is one territory: where a merger changed the territory, the new unit is another place.

    >>> places().set_index("place").at["can-tho", "successor"]
    'can-tho-2025'
    """
    return _frame("places", table)


def spans(table: Carrier = None) -> pd.DataFrame:
    """Return the spans, one a row: labels, `start` and `end` relative to the year, `cumulative`.

    `Y-1/12-15` is 15 December of the year before; a blank end is open; a day that the month does
    not have is its last day.

    >>> spans().set_index("span").at["H1", "label_en"]
    'First six months'
    """
    return _frame("spans", table)


def breaks(table: Carrier = None) -> pd.DataFrame:
    """Return the breaks in series, one a row: `date`, `scope`, `indicators`, labels, `source`.

    >>> sorted(breaks()["scope"].unique())
    ['boundary', 'form', 'window']
    """
    return _frame("breaks", table)


def identities(table: Carrier = None) -> pd.DataFrame:
    """Return the arithmetic that must hold between indicators, one rule a row.

    `relation` is `=`, `<=` or `>=5x`; `parts` are joined by ` + `; a rule of severity `warning`
    may fail for a reason that the table does not show; `authority` is the form that prints it.

    >>> identities().set_index("identity").at["visits-by-reception", "parts"]
    'reception.regular.visits + reception.leader.visits'
    """
    return _frame("identities", table)


def window(span: str, year: int, table: Carrier = None) -> tuple[date, date | None]:
    """Return the first and the last day of a span of a year; the last is None where it is open.

    >>> window("Y", 2022)
    (datetime.date(2021, 12, 15), datetime.date(2022, 12, 14))
    """
    book = entries("spans", table)
    if span not in book:
        message = f"span {span!r} is not in the codebook{did_you_mean(span, book)}"
        raise DataNotFoundError(message, list(book))
    first, last = book[span]["start"], book[span]["end"]
    return _first_day(first, year), _last_day(last, year)


def last_day(span: str, year: int, table: Carrier = None) -> date:
    """Return the last day of a span of a year; one that is open or unknown lasts for the year.

    >>> last_day("H1", 2022), last_day("YTD", 2022)
    (datetime.date(2022, 6, 14), datetime.date(2022, 12, 14))
    """
    end = window(span, year, table)[1] if span in entries("spans", table) else None
    return end or date(year, 12, 14)


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
    raise TableError([Problem("table", None, "codebook", named[-1], message)])


def digest_of(extra: str) -> str:
    """Return a short name for what a data folder adds to the codebook (`read_codebook`), or blank.

    It begins with a word, so that no CSV file takes it for a number.

    >>> digest_of(""), digest_of('{"places": []}')
    ('', 'own-4cb63a8d3b64')
    """
    if not extra:
        return ""
    return f"own-{hashlib.blake2b(extra.encode(), digest_size=6).hexdigest()}"


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


def _told(codebook: str) -> str:
    return f"the codebook {codebook}" if codebook else "the shipped codebook"


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


def read_codebook(folder: str | Path) -> str:
    """Read the rows that a data folder adds to the codebook, as the JSON text a table carries.

    Looks for `<folder>/codebook/<name>.csv`; returns `""` where there is none. Raises `TableError`
    with every fault: an unknown column, a code that the codebook has already, a dangling reference.
    """
    found: dict[str, CsvText] = {}
    for name, columns in COLUMNS.items():
        path = Path(folder) / "codebook" / f"{name}.csv"
        if path.exists():
            found[name] = read_csv_text(path, columns)
    problems = _strange_files(Path(folder) / "codebook")
    problems += [p for text in found.values() for p in text.problems]
    if not problems:
        problems = [p for name in found for p in _check(Path(folder) / "codebook", name, found)]
    if problems:
        raise TableError(problems)
    extra = {n: [list(row) for row in _rows(n, text)] for n, text in found.items() if text.lines}
    return json.dumps(extra, ensure_ascii=False) if extra else ""


def _strange_files(folder: Path) -> list[Problem]:
    expected = [f"{name}.csv" for name in COLUMNS]
    message = f"is not a file of the codebook; those are {', '.join(expected)}"
    return [
        Problem(shown_path(path), None, None, path.name, message)
        for path in sorted(folder.glob("*.[cC][sS][vV]"))
        if path.name not in expected and not path.name.startswith((".", "~$"))
    ]


def entries(name: str, table: Carrier = None) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of one file of the codebook by their code: for reading only."""
    return _entries(name, "" if table is None else str(table.attrs.get("codebook", "")))


def _frame(name: str, table: Carrier) -> pd.DataFrame:
    rows = list(entries(name, table).values())
    return pd.DataFrame(rows, columns=list(COLUMNS[name]), dtype="str")


@lru_cache(maxsize=64)
def _entries(name: str, extra: str) -> dict[str, dict[str, str]]:
    rows = list(_shipped(name))
    if extra:
        rows += [tuple(row) for row in json.loads(extra).get(name, [])]
    keys = [" ".join(row) if name == "breaks" else row[0] for row in rows]
    return {
        key: dict(zip(COLUMNS[name], row, strict=True)) for key, row in zip(keys, rows, strict=True)
    }


@cache
def _shipped(name: str) -> tuple[tuple[str, ...], ...]:
    text = read_csv_text(Path(__file__).with_name("codebook") / f"{name}.csv", COLUMNS[name])
    if text.problems:
        raise TableError(text.problems)
    return tuple(_rows(name, text))


def _rows(name: str, text: CsvText) -> list[tuple[str, ...]]:
    return list(zip(*(text.columns[column] for column in COLUMNS[name]), strict=True))


def _first_day(bound: str, year: int) -> date:
    base, _, day_of_year = bound.partition("/")
    month, day = map(int, day_of_year.split("-"))
    year -= base == "Y-1"
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _last_day(bound: str, year: int) -> date | None:
    return _first_day(bound, year) if bound else None


def _check(folder: Path, name: str, found: Mapping[str, CsvText]) -> list[Problem]:
    """List what is wrong with the rows that one file adds."""
    known = {
        n: {row[0] for row in _shipped(n)}
        | set(found[n].columns[COLUMNS[n][0]] if n in found else [])
        for n in COLUMNS
    }
    taken = {row[0] for row in _shipped(name)} if name != "breaks" else set()
    problems: list[Problem] = []
    file = shown_path(folder / f"{name}.csv")
    for line, row in zip(found[name].lines, _rows(name, found[name]), strict=True):
        if name != "breaks":
            if row[0] in taken:
                message = f"{row[0]!r} is in the codebook already; rows can be added, not changed"
                problems.append(Problem(file, line, COLUMNS[name][0], row[0], message))
            taken.add(row[0])
        for column, cell in zip(COLUMNS[name], row, strict=True):
            fault = _cell_fault(name, column, cell, known)
            if fault:
                problems.append(Problem(file, line, column, cell, fault))
        cells = dict(zip(COLUMNS[name], row, strict=True))
        problems += [Problem(file, line, c, cells[c], m) for c, m in _row_faults(name, cells)]
    if name == "places":
        problems += _successor_faults(file, found[name])
    return problems


def _successor_faults(file: str, text: CsvText) -> list[Problem]:
    """List the successors that were there before: they would change their territory unseen."""
    rows = {row[0]: row for row in _shipped("places")}
    rows |= {row[0]: row for row in _rows("places", text)}
    begins = {code: row[COLUMNS["places"].index("valid_from")] for code, row in rows.items()}
    cells = zip(text.lines, text.columns["successor"], text.columns["valid_to"], strict=True)
    return [
        Problem(
            file, line, "successor", successor,
            f"successor {successor!r} does not begin after {ended or 'the end of this place'};"
            " a place that takes territory is a new row with a new code and its own valid_from",
        )
        for line, successor, ended in cells
        if successor and successor in begins and not begins[successor] > ended != ""
    ]  # fmt: skip


def _row_faults(name: str, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """List what is wrong with the cells of a row together."""
    faults = []
    if name == "places":
        faults += [
            (column, f"{column} {cells[column]!r} is the place itself")
            for column in ("parent", "successor")
            if cells[column] == cells["place"] != ""
        ]
        if "" != cells["valid_to"] < cells["valid_from"]:
            message = f"valid_to {cells['valid_to']!r} is before valid_from {cells['valid_from']!r}"
            faults.append(("valid_to", message))
    if name == "indicators" and cells["kind"] == "rate":
        faults += [
            (column, f"{column} is blank; a rate names its numerator and denominator")
            for column in ("numerator", "denominator")
            if not cells[column]
        ]
    return faults


def _cell_fault(name: str, column: str, cell: str, known: Mapping[str, set[str]]) -> str:
    fault = text_fault(cell)
    if fault:
        return f"{column} {cell!r} {fault}"
    if (
        name != "breaks"
        and column == COLUMNS[name][0]
        and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", cell)
    ):
        return f"{column} {cell!r} is not a code: letters, digits, '-', '_' and '.'"
    if column.startswith(("label_", "name_")) and not cell:
        return f"{column} is blank; every label has both languages"
    checks: list[Callable[[], str]] = [
        lambda: _choice_fault(name, column, cell),
        lambda: _date_fault(column, cell) if (name, column) in _DATES else "",
        lambda: _bound_fault(column, cell) if column in {"start", "end"} else "",
        lambda: _reference_fault(name, column, cell, known),
    ]
    return next((fault for check in checks if (fault := check())), "")


def _choice_fault(name: str, column: str, cell: str) -> str:
    choices = _CHOICES.get((name, column))
    if choices is None or cell in choices:
        return ""
    return f"{column} {cell!r} is none of {', '.join(choices)}"


def _date_fault(column: str, cell: str) -> str:
    try:
        good = date.fromisoformat(cell).isoformat() == cell if cell else column != "date"
    except ValueError:
        good = False
    return "" if good else f"{column} {cell!r} is not a date like 2025-07-01"


def _bound_fault(column: str, cell: str) -> str:
    if _BOUND.fullmatch(cell) or (column == "end" and not cell):
        return ""
    return f"{column} {cell!r} is not a day like Y/06-14 or Y-1/12-15"


def _reference_fault(name: str, column: str, cell: str, known: Mapping[str, set[str]]) -> str:
    target = _REFERENCES.get((name, column))
    if target is None or (cell == "*" and name == "breaks"):
        return ""
    if not cell:
        return f"{column} is blank; name an indicator" if (name, column) in _REQUIRED else ""
    for code in cell.split(" + "):
        if code not in known[target]:
            return f"{column} {code!r} is not in the codebook{did_you_mean(code, known[target])}"
    return ""
