"""What a report depends on, as digests of content, and what of it has changed."""

import hashlib
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from petitionlib.files import PACKAGE
from petitionlib.reports.job import Job, Reads
from petitionlib.reports.parameters import read_notebook
from petitionlib.tables.raw import Rows, digest

__all__ = ["SHARED", "SINGLE_FILE", "Inputs"]

SINGLE_FILE: Final = "single file"
SHARED: Final = "beside plotly.js"

_MOST_NAMED: Final = 3
_APART: Final = {"cli"}  # no page is made with the command line
_BROUGHT: Final = {"data", "notebooks", "reports.yaml"}  # in a wheel; inputs by themselves


class Inputs:
    """All that the reports of one batch depend on; each digest is made once."""

    def __init__(
        self, data: Path | None, rows: Rows, *, content: str = "", single_file: bool | None = None
    ) -> None:
        """Take the data folder, its rows, their files' digest, and whether pages are single files.

        None: each page that is there keeps its form, and a new one shares plotly.js.
        """
        self.data = data
        self.content = content
        self.rows = rows
        self.single_file = single_file
        self._notebooks: dict[Path, str] = {}

    def parts(self, job: Job, *, single_file: bool) -> dict[str, str]:
        """Return the digest of each part that a report depends on, its rows left out."""
        return {
            "notebook": self._notebook(job.notebook),
            "parameters": digest([repr(job.parameters), repr(job.values)]),
            "codebook": self.codebook,
            "known.csv": self.known,
            "package": self.package,
            "environment": self.environment,
            "form": SINGLE_FILE if single_file else SHARED,
        }

    def seen(self, reads: Reads) -> dict[str, Any]:
        """Return what a run read of the rows: the digest of each cell, and of the whole.

        Which cells its places have belongs to it: a year that is added may be one to show. Where
        the files were edited before the run read them, nobody knows what it read: all is blank, so
        that the next batch builds the report again.
        """
        edited = self.content and not {self.content}.issuperset(reads.get("contents", []))
        cells = {} if edited else self.rows.cells
        keys = [tuple(map(str, cell)) for cell in reads["cells"]]
        named = sorted(self.rows.cells if reads["all"] else keys)
        return {
            "all": bool(reads["all"]),
            "whole": "" if edited else self.rows.whole,
            "cells": {" ".join(key): cells.get((key[0], key[1], key[2]), "") for key in named},
            "places": {key[0]: self._extents.get(key[0], "") for key in named},
        }

    def why(
        self, job: Job, inputs: Mapping[str, str], seen: Mapping[str, Any], *, single_file: bool
    ) -> list[str]:
        """Say in words what has changed since a report was built; nothing has if it is empty."""
        now = self.parts(job, single_file=single_file)
        changed = [name for name, value in now.items() if inputs.get(name) != value]
        return changed + self._changed_rows(seen)

    def _changed_rows(self, seen: Mapping[str, Any]) -> list[str]:
        """Name the cells that a report read and that hold something else now."""
        if seen["whole"] == self.rows.whole:
            return []
        now = self._now
        before: Mapping[str, str] = seen["cells"]
        names = before.keys() | now.keys() if seen["all"] else before.keys()
        changed = [name for name in names if before.get(name, "") != now.get(name, "")]
        told = {name.partition(" ")[0] for name in changed}
        extents = seen.get("places", {}).items()
        grown = {place for place, extent in extents if self._extents.get(place, "") != extent}
        changed = sorted([*changed, *(grown - told)])
        if not changed:
            return ["sources"] if seen["all"] else []
        named, more = changed[:_MOST_NAMED], len(changed) - _MOST_NAMED
        return [f"rows of {', '.join(named)}" + (f" and {more} more" if more > 0 else "")]

    @cached_property
    def _extents(self) -> dict[str, str]:
        """The digest of which years and spans each place has."""
        kept: dict[str, list[str]] = {}
        for place, year, span in sorted(self.rows.cells):
            kept.setdefault(place, []).append(f"{year} {span}")
        return {place: digest(found) for place, found in kept.items()}

    @cached_property
    def _now(self) -> dict[str, str]:
        return {" ".join(cell): value for cell, value in self.rows.cells.items()}

    def _notebook(self, path: Path) -> str:
        """Return the digest of a notebook's source: its outputs and counts are no input."""
        if path not in self._notebooks:
            notebook = read_notebook(path)
            cells = [
                [
                    cell["cell_type"],
                    "".join(cell["source"]),
                    cell.get("metadata", {}).get("tags", []),
                    cell.get("attachments", {}),
                ]
                for cell in notebook["cells"]
            ]
            kernel = notebook["metadata"].get("kernelspec", {})
            self._notebooks[path] = digest([path.stem, kernel, cells])
        return self._notebooks[path]

    @cached_property
    def codebook(self) -> str:
        """The digest of the shipped codebook and of the folder's own rows."""
        own = [] if self.data is None else sorted((self.data / "codebook").glob("*.csv"))
        shipped = [("shipped", PACKAGE / path) for path in self._shipped_codebook]
        return _contents(shipped + [("own", path) for path in own])

    @cached_property
    def _shipped_codebook(self) -> list[Path]:
        """The files of the shipped codebook, from the package's folder on."""
        return sorted(p.relative_to(PACKAGE) for p in (PACKAGE / "codebook").rglob("*.csv"))

    @cached_property
    def known(self) -> str:
        """The digest of the reasons for contradictions, known.csv."""
        own = [] if self.data is None else list(self.data.glob("known.csv"))
        return _contents([("own", path) for path in own])

    @cached_property
    def package(self) -> str:
        """The digest of the code, words and templates that pages are made with."""
        left_out = {*_APART, *_BROUGHT}
        paths = [path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*")) if path.is_file()]
        used = [
            path
            for path in paths
            if path.parts[0] not in left_out
            and "__pycache__" not in path.parts
            and path not in self._shipped_codebook
        ]
        return _contents([(str(path.parent), PACKAGE / path) for path in used])

    @cached_property
    def environment(self) -> str:
        """The digest of the Python minor, the platform, and what is installed at which version."""
        folders = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
        installed = {p.name for f in sorted(folders) for p in Path(f).glob("*.dist-info")}
        return digest([sys.version_info[:2], sysconfig.get_platform(), sorted(installed)])


def _contents(paths: Sequence[tuple[str, Path]]) -> str:
    """Return the digest of files by the names of their folders and their own."""
    return digest(
        [[kind, path.name, hashlib.sha256(path.read_bytes()).hexdigest()] for kind, path in paths]
    )
