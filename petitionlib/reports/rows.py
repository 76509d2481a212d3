"""A data folder of exactly the rows that a report reads."""

import os
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from petitionlib.tables.raw import Snapshot

__all__ = ["Folders", "Places", "lay_out", "with_children"]

Places = tuple[str, ...] | None  # whose rows; None: all


def with_children(places: Iterable[str] | None, data: Snapshot) -> Places:
    """Return places and their direct children, each once, in order; None stays all there are."""
    if places is None:
        return None
    found = {child for place in places for child in (place, *data.children.get(place, ()))}
    return tuple(sorted(found))


def lay_out(
    data: Snapshot, places: Collection[str], target: Path, *, whole: Path | None = None
) -> Path:
    """Make a data folder that has of the tables only the rows of some places; return it.

    The lines stand as they are in the files, under the same names; a table without rows is left
    out, unless there were none at all then. `sources.csv`, `known.csv` and the codebook are whole:
    hard links into the folder `whole` if it is given, else copies. Of a table that stands alone all
    rows are kept, and its file is returned.
    """
    target.mkdir(exist_ok=True)
    if data.alone:
        return _lay_out_whole(data, target)
    texts = {name: text for name in data.tables if (text := data.narrowed(name, places))}
    texts = texts or {data.tables[-1]: data.header(data.tables[-1])}
    for name, text in texts.items():
        (target / name).write_bytes(text.encode())
    for name in data.files.keys() - set(data.tables):
        _put(target / name, data.files[name], whole and whole / name)
    return target


def _lay_out_whole(data: Snapshot, target: Path) -> Path:
    """Make a data folder of all that was read; what else lies in the data folder is linked."""
    for name, content in data.files.items():
        _put(target / name, content)
    if data.alone and data.folder is not None:
        return target / data.folder.name
    with suppress(OSError):  # the folder is gone, or the system has no links
        for path in data.folder.iterdir() if data.folder else ():
            if path.suffix.lower() != ".csv" and path.name != "codebook":
                (target / path.name).symlink_to(path.absolute())
    return target


def _put(path: Path, content: bytes, same: Path | None = None) -> None:
    """Write a file, as another name of one that holds the same where that can be."""
    path.parent.mkdir(exist_ok=True)
    if same is not None:
        with suppress(OSError):
            os.link(same, path)
            return
    path.write_bytes(content)


class Folders:
    """The data folders of the reports of a batch, each laid out once, of what the batch has read.

    What is edited in the data folder meanwhile is for the next batch.
    """

    def __init__(self, data: Snapshot, home: Path) -> None:
        """Take what was read, and a private folder to lay them out in."""
        self._data = data
        self._home = home
        self._made: dict[Places, Path] = {}

    def of(self, places: Places) -> Path | None:
        """Return the folder with the rows of these places (None: all); None where no data is."""
        if self._data.folder is None:
            return None
        if places not in self._made:
            target = Path(tempfile.mkdtemp(prefix="data-", dir=self._home))
            if places is None:
                self._made[places] = _lay_out_whole(self._data, target)
            else:
                self._made[places] = lay_out(self._data, places, target, whole=self.of(None))
        return self._made[places]
