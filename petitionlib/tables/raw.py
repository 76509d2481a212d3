"""The rows of the tables as text, without pandas: which keys have figures, what a cell holds."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from petitionlib.errors import Problem, TableError
from petitionlib.files import read_csv_text
from petitionlib.tables.folder import COLUMNS, SOURCE_COLUMNS, table_files

__all__ = ["KEY_COLUMNS", "Cell", "Rows", "digest", "read_rows"]

KEY_COLUMNS: Final = ("place", "year", "span", "indicator")
_VALUE: Final = COLUMNS.index("value")
_SOURCE: Final = COLUMNS.index("source")
_CELL: Final = slice(0, 3)

Cell = tuple[str, str, str]


class Rows:
    """The rows of all tables of a folder, in the order of `COLUMNS`, and those of sources.csv."""

    def __init__(
        self, rows: Iterable[tuple[str, ...]] = (), sources: Iterable[tuple[str, ...]] = ()
    ) -> None:
        """Take the rows of the tables and of the list of sources."""
        self.rows = list(rows)
        self.sources = list(sources)

    def keys(self, names: Sequence[str]) -> set[tuple[str, ...]]:
        """Return the values of these key columns that occur together with a value."""
        places = [COLUMNS.index(name) for name in names]
        return {tuple(row[i] for i in places) for row in self.rows if row[_VALUE]}

    @cached_property
    def whole(self) -> str:
        """The digest of all that the tables hold, whatever the order of rows and columns."""
        return digest([sorted(self.rows), self.sources])

    @cached_property
    def cells(self) -> dict[Cell, str]:
        """The digest of each cell (place, year, span): its rows, and their sources in order."""
        grouped: dict[Cell, list[tuple[str, ...]]] = {}
        for row in self.rows:
            place, year, span = row[_CELL]
            grouped.setdefault((place, year, span), []).append(row)
        order = {row[0]: (rank, row) for rank, row in enumerate(self.sources)}
        return {cell: self._digest(rows, order) for cell, rows in grouped.items()}

    @staticmethod
    def _digest(
        rows: Sequence[tuple[str, ...]], order: dict[str, tuple[int, tuple[str, ...]]]
    ) -> str:
        named = {row[_SOURCE] for row in rows}
        sources = [row for _, row in sorted(order[name] for name in named if name in order)]
        return digest([sorted(rows), sources])


def read_rows(folder: Path | None) -> Rows:
    """Read the rows of a data folder as text; raise `TableError` where a file cannot be read.

    Whether the rows hold what the codebook knows is left to `check_table`.
    """
    if folder is None:
        return Rows()
    files, problems = table_files(folder)
    rows = [row for file in files for row in _read(file, COLUMNS, problems)]
    listed = folder / "sources.csv"
    sources = _read(listed, SOURCE_COLUMNS, problems) if listed.exists() else []
    if problems:
        raise TableError(problems)
    return Rows(rows, sources)


def _read(path: Path, columns: Sequence[str], problems: list[Problem]) -> list[tuple[str, ...]]:
    text = read_csv_text(path, columns)
    problems += text.problems
    return list(zip(*(text.columns.get(name, []) for name in columns), strict=True))


def digest(content: object) -> str:
    """Return a short name for a content of lists, texts and numbers; equal for equal contents."""
    encoded = json.dumps(content, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass")
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()
