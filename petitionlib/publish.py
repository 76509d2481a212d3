"""A file appears whole or not at all, and the one before stands until then."""

import errno
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["PACKAGE", "publish", "refusal", "shipped"]

PACKAGE: Final = Path(__file__).parent  # every other module asks here where the package lies

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_REMEDIES: Final = {
    **dict.fromkeys(_FULL, "make room and run the command again"),
    **dict.fromkeys(_CLOSED, "choose a folder that can be written to"),
}


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


def refusal(error: OSError) -> str:
    """Say why something could not be written, and what to do.

    >>> refusal(OSError(errno.ENOSPC, "No space left on device"))
    'No space left on device; make room and run the command again'
    """
    said, remedy = str(error.strerror or error), _REMEDIES.get(error.errno or 0)
    return f"{said}; {remedy}" if remedy else said


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
