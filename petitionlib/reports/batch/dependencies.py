"""What a report depends on, as digests of content, and what of it has changed."""

import sys
import sysconfig
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from petitionlib.files import PACKAGE
from petitionlib.reports.declaration import KEY
from petitionlib.reports.job import Job
from petitionlib.reports.parameters import read_notebook
from petitionlib.tables.raw import Snapshot, digest, digest_of_bytes

__all__ = ["SHARED", "SINGLE_FILE", "Inputs"]

SINGLE_FILE: Final = "single file"
SHARED: Final = "beside plotly.js"

_MOST_NAMED: Final = 3
_APART: Final = {"cli"}  # no page is made with the command line
_BROUGHT: Final = {"data", "notebooks", "reports.yaml"}  # in a wheel; inputs by themselves


class Inputs:
    """All that the reports of one batch depend on; each digest is made once."""

    def __init__(self, data: Snapshot, *, single_file: bool | None = None) -> None:
        """Take the data folder as it was read, and whether pages are to be single files.

        None: each page that is there keeps its form, and a new one shares plotly.js.
        """
        self.data = data
        self.single_file = single_file
        self._notebooks: dict[Path, str] = {}

    def parts(self, job: Job, *, single_file: bool) -> dict[str, str]:
        """Return the digest of each part that a report depends on, its rows left out."""
        return {
            "notebook": self._notebook(job.notebook),
            "parameters": digest([repr(job.parameters), repr(job.values)]),
            "files": _contents([("listed", path) for path in job.files if path.is_file()]),
            "codebook": self.codebook,
            "sources.csv": self.sources,
            "known.csv": self.known,
            "package": self.package,
            "environment": self.environment,
            "form": SINGLE_FILE if single_file else SHARED,
        }

    def rows(self, job: Job) -> dict[str, str]:
        """Return the digest of the rows of each place that a report reads; blank: it has none."""
        digests = self.data.rows.digests
        if job.places is None:
            return digests
        return {place: digests.get(place, "") for place in job.places}

    def why(
        self, job: Job, parts: Mapping[str, str], rows: Mapping[str, str], *, single_file: bool
    ) -> list[str]:
        """Say in words what has changed since a report was built; nothing has if it is empty."""
        now = self.parts(job, single_file=single_file)
        changed = [name for name, value in now.items() if parts.get(name) != value]
        return changed + _changed_rows(rows, self.rows(job))

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
            named = [notebook["metadata"].get(name, {}) for name in ("kernelspec", KEY)]
            self._notebooks[path] = digest([path.stem, named, cells])
        return self._notebooks[path]

    @cached_property
    def codebook(self) -> str:
        """The digest of the shipped codebook and of the folder's own rows."""
        shipped = _contents([("shipped", PACKAGE / path) for path in self._shipped_codebook])
        return digest([shipped, self._own("codebook/")])

    @cached_property
    def _shipped_codebook(self) -> list[Path]:
        """The files of the shipped codebook, from the package's folder on."""
        found = (PACKAGE / "codebook").glob("*/*.*")
        return sorted(p.relative_to(PACKAGE) for p in found if p.suffix in {".csv", ".yaml"})

    @cached_property
    def sources(self) -> str:
        """The digest of the list of sources, sources.csv, in its order."""
        return digest(self.data.sources)

    @cached_property
    def known(self) -> str:
        """The digest of the reasons for contradictions, known.csv."""
        return digest(self._own("known.csv"))

    def _own(self, start: str) -> list[list[str]]:
        """Return the names of files of the data folder, and the digests of their content."""
        files = sorted(self.data.files.items())
        return [
            [name, digest_of_bytes(content)] for name, content in files if name.startswith(start)
        ]

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


def _changed_rows(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name the places of which a report read other rows."""
    places = sorted(before.keys() | now.keys())
    changed = [place for place in places if before.get(place, "") != now.get(place, "")]
    if not changed:
        return []
    named, more = changed[:_MOST_NAMED], len(changed) - _MOST_NAMED
    return [f"rows of {', '.join(named)}" + (f" and {more} more" if more > 0 else "")]


def _contents(paths: Sequence[tuple[str, Path]]) -> str:
    """Return the digest of files by the names of their folders and their own."""
    return digest([[kind, path.name, digest_of_bytes(path.read_bytes())] for kind, path in paths])
