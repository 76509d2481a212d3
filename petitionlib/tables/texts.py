"""A table, or a whole data folder, as text that is free of faults; without pandas."""

from collections.abc import Callable, Sequence
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from petitionlib.codebook.about import LOOSE, about_of
from petitionlib.codebook.entries import about, loose_codebook
from petitionlib.codebook.validate import read_codebook
from petitionlib.errors import DataNotFoundError, Problem, TableError, said
from petitionlib.files import CsvText, FilePath, read_csv_text, shown_path
from petitionlib.tables.cells import UNIT, loose_cells, table_cells
from petitionlib.tables.folder import PRINTED, SOURCE_COLUMNS, SOURCE_OPTIONAL, YEAR, table_files
from petitionlib.tables.known import as_carried, read_known
from petitionlib.tables.loose import is_loose
from petitionlib.tables.validate import Book, loose_book, open_book, source_faults, table_faults

__all__ = [
    "CheckedTexts", "check_table", "figure_lines", "read_folder_texts", "read_source_rows",
    "read_texts",
]  # fmt: skip


class CheckedTexts(NamedTuple):
    """The cells of tables that were checked, with the codes and what is known of contradictions."""

    files: Sequence[Path]
    tables: list[CsvText]
    book: Book
    known: str


def check_table(path: FilePath) -> None:
    """Raise `TableError` with every fault of a table, or of a folder of tables.

    Each problem has `file`, `line`, `column`, `found` and a message with the remedy.
    Raises `DataNotFoundError` where there is nothing to check.

    >>> check_table("data/2022.csv")
    """
    if Path(path).is_dir():
        read_folder_texts(Path(path))
    else:
        read_texts(Path(path))


def figure_lines(path: FilePath) -> dict[tuple[str, ...], tuple[str, int]]:
    """Return where each figure of a folder or a table stands, by its key: the file and the line.

    The key is the text of `place`, `year`, `span`, `indicator` and `source`. Takes files that can
    be read (`read_tables`, `read_table`).

    >>> key = ("viet-nam", "2008", "Y", "reception.cases", "123docz-viet-nam-2008-2013")
    >>> figure_lines("data")[key][1]
    2
    """
    path = Path(path)
    texts = read_folder_texts(path) if path.is_dir() else read_texts(path)
    places: dict[tuple[str, ...], tuple[str, int]] = {}
    for file, text in zip(texts.files, texts.tables, strict=True):
        keys = zip(*(text.columns[name] for name in PRINTED), strict=True)
        shown = shown_path(file)
        places.update((key, (shown, line)) for key, line in zip(keys, text.lines, strict=True))
    return places


def read_folder_texts(home: Path) -> CheckedTexts:
    """Read all tables of a data folder; raises as `read_tables` does."""
    files, problems = table_files(home)
    if not (home / "sources.csv").exists():
        raise DataNotFoundError(said("fault.no_sources", folder=shown_path(home)))
    return _read(home, files, problems)


def read_texts(path: Path) -> CheckedTexts:
    """Read one table; raises as `read_table` does."""
    if path.is_dir():
        raise DataNotFoundError(said("fault.folder_no_file", path=shown_path(path)))
    if not path.exists():
        raise _no_such_table(path)
    return _read_loose(path) if is_loose(path.parent) else _read(path.parent, [path], [])


def read_source_rows(home: Path) -> tuple[list[list[str]] | None, list[Problem]]:
    """Read the list of sources of a folder, None where there is none, and list its faults."""
    path = home / "sources.csv"
    if not path.exists():
        return None, []
    needed = [column for column in SOURCE_COLUMNS if column not in SOURCE_OPTIONAL]
    listed = read_csv_text(path, needed, SOURCE_OPTIONAL)
    return None if listed.problems else _source_rows(listed), source_faults(path, listed)


def _read(home: Path, files: Sequence[Path], problems: Sequence[Problem]) -> CheckedTexts:
    """Read tables of one folder with what stands beside them; raise all faults at once."""
    rows, faults = read_source_rows(home)
    problems = [*problems, *faults]
    try:
        book = open_book(read_codebook(home), rows)
    except TableError as error:
        raise TableError([*problems, *error.problems]) from None
    span = about(book).default_span
    tables = [_cells(path, span, table_cells) for path in files]
    for path, text in zip(files, tables, strict=True):
        problems += table_faults(path, text, book)
    known = ""
    try:
        known = as_carried(read_known(home))
    except TableError as error:
        problems += error.problems
    if problems:
        raise TableError(problems)
    return CheckedTexts(files, tables, book, known)


def _read_loose(path: Path) -> CheckedTexts:
    """Read a table that lies beside no codebook; raise all its faults at once."""
    span = about_of({"codebook": LOOSE}).default_span
    text = _cells(path, span, loose_cells)
    units = dict(
        zip(text.columns.get("indicator", []), text.columns.get(UNIT, repeat("")), strict=False)
    )
    book = loose_book(loose_codebook(units.items()))
    if problems := table_faults(path, text, book):
        raise TableError(problems)
    return CheckedTexts([path], [text], book, "")


def _cells(path: Path, span: str, take: Callable[[Path, bytes, str], CsvText]) -> CsvText:
    try:
        return take(path, path.read_bytes(), span)
    except OSError as error:
        fault = said("fault.cannot_read", reason=error.strerror or str(error))
        return CsvText([], {}, [Problem(shown_path(path), None, None, None, *fault)])


def _no_such_table(path: Path) -> DataNotFoundError:
    folder = shown_path(path.parent)
    years = sorted(p.stem for p in path.parent.glob("*.csv") if YEAR.fullmatch(p.stem))
    if years and YEAR.fullmatch(path.stem):
        there = ", ".join(years)
        fault = said("fault.no_table_of_year", year=path.stem, folder=folder, years=there)
        return DataNotFoundError(fault, years)
    return DataNotFoundError(said("fault.not_there", path=shown_path(path)), years)


def _source_rows(listed: CsvText) -> list[list[str]]:
    blank = [""] * len(listed.lines)
    columns = (listed.columns.get(column, blank) for column in SOURCE_COLUMNS)
    return [list(row) for row in zip(*columns, strict=True)]
