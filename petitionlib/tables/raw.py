"""The rows of the tables as text, without pandas: which keys have figures, which lines they are."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Final

from petitionlib.codebook.about import LOOSE, About, about_of, read_about
from petitionlib.codebook.entries import about, columns_of, entries
from petitionlib.errors import Problem, TableError, said
from petitionlib.files import COMMENT, CsvText, csv_text, shown_path
from petitionlib.tables.cells import UNIT, loose_cells, table_cells
from petitionlib.tables.folder import (
    BESIDE,
    CHANGE_STATUS,
    COLUMNS,
    KEY,
    SOURCE_COLUMNS,
    SOURCE_OPTIONAL,
    table_files,
)
from petitionlib.tables.loose import is_loose

__all__ = ["Rows", "Snapshot", "digest", "digest_of_bytes"]

_PLACE: Final = COLUMNS.index("place")
_VALUE: Final = COLUMNS.index("value")
_SOURCES: Final = "sources.csv"
_ABOUT: Final = "codebook/about.yaml"

Row = tuple[str, ...]


class Rows:
    """The rows of all tables of a folder, in the order of `COLUMNS` and then what they may have."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """Take the rows of the tables."""
        self.rows = list(rows)

    def keys(self, names: Sequence[str]) -> set[Row]:
        """Return the values of these key columns that occur together with a value."""
        columns = [COLUMNS.index(name) for name in names]
        return {tuple(row[i] for i in columns) for row in self.rows if row[_VALUE]}

    def counts(self, names: Sequence[str]) -> Counter[Row]:
        """Count the figures of each combination of these key columns, by whoever printed them."""
        columns = [KEY.index(name) for name in names]
        whole = [COLUMNS.index(name) for name in KEY]
        figures = {tuple(row[i] for i in whole) for row in self.rows if row[_VALUE]}
        return Counter(tuple(figure[i] for i in columns) for figure in figures)

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of the rows of each place, whatever the order of rows and columns."""
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row[_PLACE], []).append(row)
        return {place: digest(sorted(rows)) for place, rows in sorted(grouped.items())}


class Snapshot:
    """A data folder, or one table, as it stands when it is first asked: every file is read once.

    What is edited later changes nothing of it. Whether the rows hold what the codebook knows is
    left to `check_table`. Without a folder there are no rows.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Take the folder, or the file of one table; nothing is read yet."""
        self.folder = folder
        self.alone = folder is not None and folder.is_file()
        self._unread: list[Problem] = []

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The content of all that `read_tables` looks at, by the paths from the folder.

        Raises `DataNotFoundError` where there is no table.
        """
        if self.folder is None:
            return {}
        _, self._unread = self._table_files()
        home = self._home
        named = {path.relative_to(home).as_posix(): path for path in self._looked_at()}
        contents = {}
        for name, path in named.items():
            try:
                contents[name] = path.read_bytes()
            except OSError as error:
                fault = said("fault.cannot_read", reason=error.strerror or str(error))
                self._unread.append(Problem(shown_path(path), None, None, None, *fault))
        return contents

    @cached_property
    def rows(self) -> Rows:
        """The rows of the tables; raises `TableError` where a file cannot be read."""
        problems = [p for text in self._texts.values() for p in text.problems]
        problems = [*self._unread, *problems]
        if problems:
            raise TableError(problems)
        columns = (*COLUMNS, CHANGE_STATUS, UNIT)
        return Rows(row for name in self.tables for row in _rows(self._texts[name], columns))

    @cached_property
    def sources(self) -> list[Row]:
        """The rows of sources.csv, in the order of `SOURCE_COLUMNS`."""
        raw = self.files.get(_SOURCES)
        if raw is None:
            return []
        needed = [column for column in SOURCE_COLUMNS if column not in SOURCE_OPTIONAL]
        text = csv_text(shown_path(self._home / _SOURCES), raw, needed, SOURCE_OPTIONAL)
        return _rows(text, SOURCE_COLUMNS) if text.columns else []

    @cached_property
    def tables(self) -> list[str]:
        """The names of the tables, in the order in which they are read."""
        return sorted(self._texts)

    @cached_property
    def about(self) -> About:
        """What the codebook says of itself."""
        told, _ = read_about(_ABOUT, self.files.get(_ABOUT, b""))
        if self.is_loose:
            told = {"codebook": LOOSE}
        own = about_of(told).own
        found = about_of(told, None if own else about())
        first = next(iter(self._own("spans")), "")
        return found if found.default_span else found._replace(default_span=first)

    @cached_property
    def is_loose(self) -> bool:
        """Tell whether it is a table that lies beside no sources.csv and no codebook."""
        return self.alone and is_loose(self._home)

    @cached_property
    def places(self) -> Mapping[str, Mapping[str, str]]:
        """The places of the codebook, of the shipped one and the folder's, by their code."""
        return self.entries("places")

    @property
    def figure_keys(self) -> list[tuple[str, int, str, str]]:
        """The keys of the figures that have a value, in the order of the files."""
        place, year, span, indicator = (COLUMNS.index(name) for name in KEY)
        return [
            (row[place], int(row[year]), row[span], row[indicator])
            for row in self.rows.rows
            if row[_VALUE] and row[year].isdecimal()
        ]

    @property
    def book(self) -> dict[str, list[str]]:
        """The codes of places, spans and indicators in their order, first those that lead."""
        rows = self.entries("indicators")
        leads = [code for code, row in rows.items() if row.get("lead", "").isdecimal()]
        leads.sort(key=lambda code: int(rows[code]["lead"]))
        known = {"place": [*self.places], "span": [*self.entries("spans")]}
        return known | {"indicator": leads or [*rows]}

    def entries(self, name: str) -> dict[str, Mapping[str, str]]:
        """Return the rows of one file of the codebook, the shipped one's and the folder's."""
        return ({} if self.about.own else dict(entries(name))) | self._own(name)

    def _own(self, name: str) -> dict[str, Mapping[str, str]]:
        """Return the rows that the folder brings by their code; faults are for others to tell."""
        own = self.files.get(f"codebook/{name}.csv", b"").decode("utf-8-sig", errors="replace")
        found: dict[str, Mapping[str, str]] = {}
        lines = (line for line in io.StringIO(own, newline="") if not line.startswith(COMMENT))
        with suppress(csv.Error):
            for row in csv.DictReader(lines, restval=""):
                row.pop(None, None)  # cells too many
                found[row.get(columns_of(name)[0], "")] = row
        return found

    @property
    def _home(self) -> Path:
        """The folder in which the tables lie."""
        folder = self.folder or Path()
        return folder.parent if self.alone else folder

    def _table_files(self) -> tuple[list[Path], list[Problem]]:
        if self.folder is None or self.alone:
            return [self.folder] if self.folder else [], []
        return table_files(self.folder)

    def _looked_at(self) -> list[Path]:
        """List the files that `read_tables` looks at, be it to refuse them."""
        tables = self._table_files()[0]
        if self.is_loose:
            return tables
        found = [*self._home.glob("*.*"), *(self._home / "codebook").glob("*.*")]
        named = [
            path
            for path in found
            if (path.suffix.lower() == ".csv" and not path.name.startswith((".", "~$")))
            or path == self._home / _ABOUT
        ]
        beside = {*BESIDE, *(path.name for path in tables)}
        return sorted(
            path
            for path in named
            if not self.alone or path.parent != self._home or path.name in beside
        )

    @cached_property
    def children(self) -> Mapping[str, Sequence[str]]:
        """The places of the codebook by their parents."""
        found: dict[str, list[str]] = {}
        for place, row in self.places.items():
            if parent := row.get("parent"):
                found.setdefault(parent, []).append(place)
        return found

    def narrowed(self, table: str, places: Collection[str]) -> str:
        """Return the text of a table with the rows of some places; blank where it has none."""
        header, found = self._lines[table]
        lines = sorted(line for place in set(places) for line in found.get(place, []))
        return header + "".join(text for _, text in lines) if lines else ""

    def header(self, table: str) -> str:
        """Return the first line of a table."""
        return self._lines[table][0]

    @cached_property
    def _texts(self) -> dict[str, CsvText]:
        """The cells of the tables."""
        take = loose_cells if self.is_loose else table_cells
        named = {path.name: path for path in self._table_files()[0]}
        span = self.about.default_span
        return {
            name: take(path, self.files[name], span)
            for name, path in named.items()
            if name in self.files
        }

    @cached_property
    def _lines(self) -> dict[str, tuple[str, dict[str, list[tuple[int, str]]]]]:
        """The header of each table, and the rows of each place: where they stand, and their text.

        A row that its quotes spread over several lines is one text.
        """
        return {name: _by_place(self.files[name], self._texts[name]) for name in self.tables}


def _rows(text: CsvText, columns: Sequence[str]) -> list[Row]:
    blank = [""] * len(text.lines)
    return list(zip(*(text.columns.get(name, blank) for name in columns), strict=True))


def _by_place(raw: bytes, text: CsvText) -> tuple[str, dict[str, list[tuple[int, str]]]]:
    lines = list(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += "\n"
    ends = [*text.lines[1:], len(lines) + 1]
    found: dict[str, list[tuple[int, str]]] = {}
    for place, start, end in zip(text.columns["place"], text.lines, ends, strict=False):
        found.setdefault(place, []).append((start, "".join(lines[start - 1 : end - 1])))
    return lines[0], found


def digest(content: object) -> str:
    """Return a short name for a content of lists, texts and numbers; equal for equal contents."""
    encoded = json.dumps(content, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass")
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()


def digest_of_bytes(content: bytes) -> str:
    """Return the digest of a file's content."""
    return hashlib.sha256(content).hexdigest()
