"""The rows of the tables as text, without pandas: which keys have figures, which lines they are."""

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Final

from petitionlib.codebook.about import about_of, read_about
from petitionlib.codebook.entries import entries
from petitionlib.errors import Problem, TableError, said
from petitionlib.files import CsvText, csv_text, shown_path
from petitionlib.tables.folder import COLUMNS, SOURCE_COLUMNS, table_files

__all__ = ["Rows", "Snapshot", "digest", "digest_of_bytes"]

_PLACE: Final = COLUMNS.index("place")
_VALUE: Final = COLUMNS.index("value")
_OWN_PLACES: Final = "codebook/places.csv"
_ABOUT: Final = "codebook/about.yaml"

Row = tuple[str, ...]


class Rows:
    """The rows of all tables of a folder, in the order of `COLUMNS`."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """Take the rows of the tables."""
        self.rows = list(rows)

    def keys(self, names: Sequence[str]) -> set[Row]:
        """Return the values of these key columns that occur together with a value."""
        columns = [COLUMNS.index(name) for name in names]
        return {tuple(row[i] for i in columns) for row in self.rows if row[_VALUE]}

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of the rows of each place, whatever the order of rows and columns."""
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row[_PLACE], []).append(row)
        return {place: digest(sorted(rows)) for place, rows in sorted(grouped.items())}


class Snapshot:
    """A data folder as it stands when it is first asked: every file is read once.

    What is edited later changes nothing of it. Whether the rows hold what the codebook knows is
    left to `check_table`. Without a folder there are no rows.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Take the folder; nothing is read yet."""
        self.folder = folder
        self._unread: list[Problem] = []

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The content of all that `read_tables` looks at, by the paths from the folder.

        Raises `DataNotFoundError` where there is no table.
        """
        if self.folder is None:
            return {}
        _, strange = table_files(self.folder)
        self._unread = strange
        named = {path.relative_to(self.folder).as_posix(): path for path in _looked_at(self.folder)}
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
        return Rows(row for name in self.tables for row in _rows(self._texts[name], COLUMNS))

    @cached_property
    def sources(self) -> list[Row]:
        """The rows of sources.csv, in the order of `SOURCE_COLUMNS`."""
        text = self._texts.get("sources.csv")
        return _rows(text, SOURCE_COLUMNS) if text else []

    @cached_property
    def tables(self) -> list[str]:
        """The names of the tables, in the order in which they are read."""
        found = [name for name in self._texts if name != "sources.csv"]
        return sorted(found)

    @cached_property
    def places(self) -> Mapping[str, Mapping[str, str]]:
        """The places of the codebook, of the shipped one and the folder's, by their code."""
        own = self.files.get(_OWN_PLACES, b"").decode("utf-8-sig", errors="replace")
        told, _ = read_about(_ABOUT, self.files.get(_ABOUT, b""))
        found = {} if about_of(told).own else dict(entries("places"))
        with suppress(csv.Error):  # which is told by who checks the codebook
            for row in csv.DictReader(io.StringIO(own, newline=""), restval=""):
                row.pop(None, None)  # cells too many
                found[row.get("place", "")] = row
        return found

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
        """The cells of the tables and of sources.csv."""
        if self.folder is None:
            return {}
        columns: dict[str, Sequence[str]] = {
            path.name: COLUMNS for path in table_files(self.folder)[0]
        }
        columns["sources.csv"] = SOURCE_COLUMNS
        return {
            name: csv_text(shown_path(self.folder / name), raw, columns[name])
            for name, raw in self.files.items()
            if name in columns
        }

    @cached_property
    def _lines(self) -> dict[str, tuple[str, dict[str, list[tuple[int, str]]]]]:
        """The header of each table, and the rows of each place: where they stand, and their text.

        A row that its quotes spread over several lines is one text.
        """
        return {name: _by_place(self.files[name], self._texts[name]) for name in self.tables}


def _looked_at(folder: Path) -> list[Path]:
    """List the files that `read_tables` looks at, be it to refuse them."""
    found = [*folder.iterdir(), *(folder / "codebook").glob("*")]
    return sorted(
        path
        for path in found
        if (path.suffix.lower() == ".csv" and not path.name.startswith((".", "~$")))
        or path == folder / _ABOUT
    )


def _rows(text: CsvText, columns: Sequence[str]) -> list[Row]:
    return list(zip(*(text.columns.get(name, []) for name in columns), strict=True))


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
