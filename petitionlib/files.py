"""A file read with every fault, or written whole or not at all; and where the package lies."""

import codecs
import csv
import errno
import io
import os
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from petitionlib.errors import Problem, Said, did_you_mean, said

if TYPE_CHECKING:
    import _csv

__all__ = [
    "COMMENT",
    "PACKAGE",
    "CsvText",
    "FilePath",
    "csv_text",
    "publish",
    "read_csv_text",
    "refusal",
    "shipped",
    "shown_path",
    "text_fault",
    "yaml_fault",
]

FilePath = str | os.PathLike[str]
_FIELD_LIMIT = 1_000_000


COMMENT: Final = "# "  # begins a line that is none of the table
_NEVER: Final = "\0"  # no file that is read holds it


class CsvText(NamedTuple):
    """The cells of a file as text: `columns[name][i]` stands in line `lines[i]`."""

    lines: list[int]
    columns: dict[str, list[str]]
    problems: list[Problem]


def shown_path(path: str | os.PathLike[str]) -> str:
    """Write a path as a person would say it: from the working folder where it lies below it."""
    full = Path(path).absolute()
    try:
        return full.relative_to(Path.cwd()).as_posix()
    except (ValueError, FileNotFoundError):
        return str(path)


def read_csv_text(
    path: str | os.PathLike[str], columns: Sequence[str], optional: Sequence[str] = ()
) -> CsvText:
    """Read a comma-separated UTF-8 file that must have exactly these columns, in any order.

    Columns that are `optional` may be there or not. A line that begins with `# ` is a comment.
    Nothing is converted: a cell is the text that the file holds, a blank cell is `""`.
    Faults are returned, not raised, with file, line, column, what was found and the remedy.
    """
    file = shown_path(path)
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        return _refuse(file, said("fault.cannot_read", reason=error.strerror or str(error)))
    return csv_text(file, raw, columns, optional)


def csv_text(
    file: str,
    raw: bytes,
    columns: Sequence[str],
    optional: Sequence[str] = (),
    *,
    comments: bool = True,
) -> CsvText:
    """Take the content of a file apart as `read_csv_text` does; `file` is its name in faults.

    Without `comments` a line that begins like one is a row like any other.
    """
    text, problem = _decode(raw)
    if problem:
        return _refuse(file, problem)
    limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        return _read_text(file, text, (columns, optional), COMMENT if comments else _NEVER)
    finally:
        csv.field_size_limit(limit)


def yaml_fault(file: str, error: Exception) -> Problem:
    """Say where and why a file is not readable as YAML, by what its reading has raised."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", error)
    fault = said("fault.not_yaml", reason=" ".join(str(reason).split()))
    if isinstance(error, UnicodeDecodeError):
        fault = said("fault.not_utf_eight")
    if isinstance(error, RecursionError):
        fault = said("fault.yaml_deep")
    return Problem(file, mark.line + 1 if mark else None, None, None, *fault)


def _read_text(
    file: str, text: str, columns: tuple[Sequence[str], Sequence[str]], comment: str
) -> CsvText:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next((row for row in reader if not (row and row[0].startswith(comment))), [])
    except csv.Error as error:
        return _refuse(file, said("fault.not_csv", reason=str(error)), line=1)
    if not header:
        return _refuse(file, said("fault.no_header"), line=1)
    problems = _check_header(file, header, *columns)
    if problems:
        return CsvText([], {}, problems)
    return _read_body(file, reader, header, comment)


def _read_body(file: str, reader: "_csv.Reader", header: list[str], comment: str) -> CsvText:
    lines: list[int] = []
    rows: list[list[str]] = []
    problems: list[Problem] = []
    start = reader.line_num + 1
    try:
        for row in reader:
            if row and row[0].startswith(comment):
                pass
            elif row and not any(row):
                problems.append(Problem(file, start, None, None, *said("fault.row_blank")))
            elif len(row) == len(header):
                lines.append(start)
                rows.append(row)
            elif row:
                problems.append(_ragged(file, start, row, header))
            start = reader.line_num + 1
    except csv.Error as error:
        fault = said("fault.row_unreadable", reason=str(error))
        problems.append(Problem(file, start, None, None, *fault))
    cells = zip(*rows, strict=True) if rows else ([] for _ in header)
    return CsvText(lines, {n: list(c) for n, c in zip(header, cells, strict=True)}, problems)


def _decode(raw: bytes) -> tuple[str, Said | None]:
    if not raw.removeprefix(codecs.BOM_UTF8).strip():
        return "", said("fault.empty_file")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", said("fault.utf_sixteen")
    if raw.startswith(b"PK"):
        return "", said("fault.workbook")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return "", said("fault.not_unicode", line=line, byte=f"0x{raw[error.start]:02X}")
    if "\0" in text:
        return "", said("fault.nul")
    return text, None


def _check_header(
    file: str, header: list[str], columns: Sequence[str], optional: Sequence[str]
) -> list[Problem]:
    every = [*columns, *optional]
    if header and header[0].strip().lower().startswith("sep="):
        return [Problem(file, 1, None, header[0], *said("fault.excel_separator"))]
    if len(header) > 1 and not header[-1].strip() and {*header} >= {*columns}:
        count = sum(not name.strip() for name in header)
        return [Problem(file, 1, None, None, *said("fault.columns_nameless", count=count))]
    if len(header) == 1 and len(columns) > 1:
        for mark, fault in ((";", said("fault.semicolons")), ("\t", said("fault.tabs"))):
            if mark in header[0]:
                return [Problem(file, 1, None, header[0], *fault)]
    problems = [
        Problem(file, 1, name, name, *said("fault.column_twice", column=name))
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    problems += [
        Problem(
            file,
            1,
            name,
            name,
            *said(
                "fault.column_unknown",
                column=name,
                near=did_you_mean(name, set(every) - set(header)),
                columns=", ".join(every),
            ),
        )
        for name in dict.fromkeys(header)
        if name not in every
    ]
    problems += [
        Problem(file, 1, name, None, *said("fault.column_missing", column=name))
        for name in columns
        if name not in header
    ]
    return problems


def _ragged(file: str, line: int, row: list[str], header: list[str]) -> Problem:
    count, columns = len(row), len(header)
    if count > columns:
        fault = said("fault.cells_more", count=count, columns=columns)
    elif count > 1:
        fault = said("fault.cells_fewer", count=count, columns=columns)
    else:
        fault = said("fault.cells_fewer.one", count=count, columns=columns)
    return Problem(file, line, None, ",".join(row), *fault)


def _refuse(file: str, fault: Said, line: int | None = None) -> CsvText:
    return CsvText([], {}, [Problem(file, line, None, None, *fault)])


def text_fault(text: str) -> Said | None:
    """Say what is wrong with a cell of text, if it is only its spaces or its Unicode form.

    >>> str(text_fault("can-tho ")), text_fault("can-tho")
    ('has spaces around it', None)
    """
    if text != text.strip():
        return said("fault.spaces")
    if unicodedata.normalize("NFC", text) != text:
        return said("fault.decomposed")
    if any(unicodedata.category(c) in {"Cc", "Cf"} for c in text):
        return said("fault.invisible")
    return None


PACKAGE: Final = Path(__file__).parent  # every other module asks here where the package lies

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


def shipped(name: str) -> Path:
    """Return what petitionlib brings, `data`, `notebooks` or the plan, in a wheel or a clone."""
    return PACKAGE / name if (PACKAGE / name).exists() else PACKAGE.parent / name


def publish(target: Path, content: str | bytes, *, drafts: Path | None = None) -> None:
    """Write a file whole or not at all: a draft first, then in its place.

    The draft lies beside the file, or in the folder `drafts` of the same disk. What is published
    is on the disk when this returns. Raises `OSError`; then the file that was there still stands.
    """
    folder = target.parent if drafts is None else drafts
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name[:40]}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
        _sync(target.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def refusal(error: OSError) -> Said | str:
    """Say why something could not be written, and what to do.

    >>> str(refusal(OSError(errno.ENOSPC, "No space left on device")))
    'No space left on device; make room and run the command again'
    """
    reason = str(error.strerror or error)
    if error.errno in _FULL:
        return said("fault.disk_full", reason=reason)
    return said("fault.no_permission", reason=reason) if error.errno in _CLOSED else reason


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those of any new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync(folder: Path) -> None:
    """Put the names of a folder on the disk, where the system lets one open a folder."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
