"""What is known of each page of a folder: what it was built from, and how the last try ended."""

import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from petitionlib.codebook.about import About
from petitionlib.errors import BatchError, Said, said
from petitionlib.files import publish, refusal
from petitionlib.page.index import Listed, index_file, index_page
from petitionlib.reports.batch.dependencies import SHARED, SINGLE_FILE, Inputs
from petitionlib.reports.job import Built, Job
from petitionlib.tables.raw import digest, digest_of_bytes
from petitionlib.words import LANGUAGES

__all__ = [
    "CHANGED",
    "MISSING",
    "Record",
    "Records",
    "State",
    "assess",
    "keep_shared",
    "share",
    "write_index",
]

MISSING: Final = "page is missing"
CHANGED: Final = "page was changed"

_STATE: Final = ".petitionlib"
_FORMAT: Final = 2
_PLOTLY: Final = b"* plotly.js v"
_PAUSE: Final = 0.05


class Record(NamedTuple):
    """One report: what its page was built from, and the fault of the last try (None: none).

    `inputs` and `rows` are digests: of each part, and of the rows of each place that it read.
    """

    inputs: Mapping[str, str] = {}
    rows: Mapping[str, str] = {}
    size: int = 0
    digest: str = ""
    title: str = ""
    headline: str = ""
    fault: Said | None = None
    cell: int | None = None


class Records:
    """The pages of one folder and a small file about each, in its folder `.petitionlib`."""

    def __init__(self, out: Path) -> None:
        """Take the folder of the pages; nothing is read or made yet."""
        self.out = out
        self.state = out / _STATE

    def prepare(self) -> None:
        """Make the folders, and see that they can be written."""
        self.state.mkdir(parents=True, exist_ok=True)
        for folder in (self.out, self.state):
            if not os.access(folder, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    def clean(self) -> None:
        """Remove the drafts of batches that died; only the one that holds the lock may."""
        for draft in self.state.glob(".*.part"):
            draft.unlink(missing_ok=True)

    def page(self, name: str) -> Path:
        """Return where the page of a report lies."""
        return self.out / f"{name}.html"

    def read(self, name: str) -> Record | None:
        """Read what is known of a report; None where that is nothing, or cannot be read."""
        try:
            stored = json.loads((self.state / f"{name}.json").read_bytes())
            if stored.pop("format") != _FORMAT:
                return None
            fault = stored.pop("fault")
            record = Record(**stored, fault=Said.from_dict(fault) if fault else None)
            return record if _is_sound(record) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def fault_of_page(self, name: str, record: Record) -> str:
        """Say what is wrong with the page that a record tells of; nothing where it stands.

        A page that is not newer than its record is believed by its size; else its content counts.
        """
        try:
            page = self.page(name).stat()
            record_time = (self.state / f"{name}.json").stat().st_mtime_ns
            if page.st_size == record.size and page.st_mtime_ns <= record_time:
                return ""
            same = page.st_size == record.size and (
                digest_of_bytes(self.page(name).read_bytes()) == record.digest
            )
        except OSError:
            return MISSING
        return "" if same else CHANGED

    def is_single_file(self, name: str) -> bool | None:
        """Tell whether the page there stands by itself; None where it has no charts to tell by."""
        try:
            page = self.page(name).read_bytes()
        except OSError:
            return None
        if b"<script src=" in page:
            return False
        return True if _PLOTLY in page else None

    def keep(
        self, name: str, built: Built, inputs: Mapping[str, str], rows: Mapping[str, str]
    ) -> None:
        """Publish a page, and then the record of it."""
        content = built.page.encode(errors="xmlcharrefreplace")
        publish(self.page(name), content, drafts=self.state)
        record = Record(
            inputs, rows, len(content), digest_of_bytes(content), built.title, built.headline
        )
        self._write(name, record)

    def fail(self, name: str, fault: Said, cell: int | None) -> None:
        """Note that the last try failed; what is known of the page that stands is kept."""
        before = self.read(name) or Record()
        self._write(name, before._replace(fault=fault, cell=cell))

    def others(self, names: set[str]) -> list[str]:
        """Return the reports that are known here and are not among these, where a page stands."""
        known = {path.stem for path in self.state.glob("[!.]*.json")} - names
        return sorted(name for name in known if self.page(name).exists())

    def _write(self, name: str, record: Record) -> None:
        stored = record._asdict() | {"fault": record.fault.as_dict() if record.fault else None}
        text = json.dumps({"format": _FORMAT, **stored}, ensure_ascii=False, indent=0)
        content = text.encode(errors="backslashreplace")
        publish(self.state / f"{name}.json", content, drafts=self.state)

    @contextmanager
    def locked(self, *, wait: bool, say: Callable[[Said], None]) -> Iterator[None]:
        """Hold the folder for one batch; a second one waits, having said so, or is refused."""
        with (self.state / "lock").open("a+", encoding="utf-8") as file:
            if not _try_lock(file):
                if not wait:
                    other = said("fault.batch_taken", process=_holder(file), folder=str(self.out))
                    raise BatchError(other)
                say(said("batch.waiting", process=_holder(file), folder=str(self.out)))
                while not _try_lock(file):
                    time.sleep(_PAUSE)
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
            yield


def _is_sound(record: Record) -> bool:
    """Tell whether a record that was read has what one has that was written."""
    kinds = (dict, dict, int, str, str, str, Said | None, int | None)
    return all(isinstance(value, kind) for value, kind in zip(record, kinds, strict=True))


def _holder(file: IO[str]) -> Said | str:
    file.seek(0)
    return file.read().strip() or said("fault.batch_unknown")


def _try_lock(file: IO[str]) -> bool:
    """Lock an open file if nobody else has it; the lock ends with the process."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  # only there

            file.seek(1 << 20)  # beyond the text, which must stay readable
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  # not on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class State(NamedTuple):
    """A report as it stands: its record, and what has changed since it was built.

    `single_file` is the form that its page has to have.
    """

    job: Job
    record: Record | None
    stands: bool
    why: list[str]
    single_file: bool


def assess(jobs: Sequence[Job], records: Records, inputs: Inputs) -> list[State]:
    """Say of each report whether its page stands, and what has changed since it was built."""
    return [_state(job, records, inputs) for job in jobs]


def _state(job: Job, records: Records, inputs: Inputs) -> State:
    record = records.read(job.name)
    if record is None or not record.inputs:
        failed = record is not None and record.fault
        form = _form(records.is_single_file(job.name) or False, inputs)
        return State(job, record, False, ["failed last time" if failed else "new"], form)  # noqa: FBT003
    fault = records.fault_of_page(job.name, record)
    kept = record.inputs.get("form") == SINGLE_FILE
    seen = records.is_single_file(job.name) if fault == CHANGED else None
    form = _form(kept if seen is None else seen, inputs)
    why = [fault] if fault else []
    why += ["failed last time"] if record.fault else []
    why += inputs.why(job, record.inputs, record.rows, single_file=form)
    return State(job, record, fault != MISSING, why, form)


def _form(kept: bool, inputs: Inputs) -> bool:  # noqa: FBT001  # the form that the page has
    """Tell whether a page is to be a single file: as asked for, else as it is."""
    return kept if inputs.single_file is None else inputs.single_file


def share(records: Records) -> None:
    """Put the plotly.js to which new pages refer beside them, if it is not there.

    Raises `BatchError` where that cannot be.
    """
    from petitionlib.page.assets import shared_name  # noqa: PLC0415  # loads what pages are made with

    try:
        if not _is_shared(records, shared_name()):
            _put(records)
    except OSError as error:
        where = records.out / shared_name()
        fault = said("fault.cannot_write.pages", path=str(where), reason=refusal(error))
        raise BatchError(fault) from None


def keep_shared(records: Records, names: Iterable[str]) -> None:
    """Put plotly.js back where somebody has removed or changed it and one of these pages needs it.

    It costs nothing to look.
    """
    if not _is_shared(records) and any(_needs(records, name) for name in names):
        _put(records)


def _needs(records: Records, name: str) -> bool:
    record = records.read(name)
    return record is not None and record.inputs.get("form") == SHARED


def _is_shared(records: Records, name: str = "") -> bool:
    """Tell whether a file is there as it was put, by its size and because it is no newer."""
    mark = records.state / "shared"
    try:
        noted, size = mark.read_text(encoding="utf-8").split()
        file = (records.out / noted).stat()
        fresh = file.st_mtime_ns <= mark.stat().st_mtime_ns
    except (OSError, ValueError):
        return False
    return fresh and file.st_size == int(size) and noted == (name or noted)


def _put(records: Records) -> None:
    from petitionlib.page.assets import plotly_js, shared_name  # noqa: PLC0415  # the same

    content = plotly_js().encode()
    publish(records.out / shared_name(), content, drafts=records.state)
    note = f"{shared_name()} {len(content)}"
    publish(records.state / "shared", note, drafts=records.state)


def write_index(  # noqa: PLR0913  # what the list is made of
    out: Path,
    listed: Sequence[Listed],
    *,
    places: Mapping[str, Mapping[str, str]],
    about: About,
    drafts: Path,
    code: str,
) -> list[Path]:
    """Write the index in each language of the reports; nothing where it stands already.

    `places` are the rows of the codebook, `about` is what it says of itself, `code` is the digest
    of the package. The first language is `index.html`. Returns the paths.
    """
    order = dict.fromkeys((*about.languages, *LANGUAGES))
    langs = [lang for lang in order if any(report.lang == lang for report in listed)]
    langs = langs or [about.languages[0]]
    paths = [out / index_file(lang, langs) for lang in langs]
    shown = [[*report[:2], sorted(report.values.items()), *report[2:]] for report in listed]
    key = digest([code, repr(shown), sorted(places.items()), about])
    mark = drafts / "index"
    if _is_written(paths, mark, key):
        return paths
    for lang, path in zip(langs, paths, strict=True):
        title = about.title.get(lang) or next(iter(about.title.values()), "")
        publish(path, index_page(lang, langs, listed, places, title), drafts=drafts)
    for path in (out / f"index.{lang}.html" for lang in order):
        if path not in paths:
            path.unlink(missing_ok=True)
    sizes = [str(path.stat().st_size) for path in paths]
    publish(mark, " ".join([key, *sizes]), drafts=drafts)
    return paths


def _is_written(paths: Sequence[Path], mark: Path, key: str) -> bool:
    """Tell whether the index was made of the same, and nobody has touched it since."""
    try:
        files = [path.stat() for path in paths]
        noted = mark.read_text(encoding="utf-8").split()
        made = mark.stat().st_mtime_ns
    except (OSError, ValueError):
        return False
    fresh = all(file.st_mtime_ns <= made for file in files)
    return fresh and noted == [key, *(str(file.st_size) for file in files)]
