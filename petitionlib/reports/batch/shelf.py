"""Tables that one process has read and compared, laid out for others that read the same files.

A batch reads the tables to check them. Its kernels take what it has read and compared from its
private folder instead of doing the same again for each report.
"""

import hashlib
import os
import pickle
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from petitionlib.files import FilePath
from petitionlib.tables.folder import find_data, table_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SHELF", "content_of", "hold", "lay_out", "take"]

SHELF: Final = "PETITIONLIB_SHELF"  # the folder, in the environment of kernels
_TABLES: Final = ("read_tables", "year_over_year", "reconcile")
_HELD: "Final[dict[str, pd.DataFrame]]" = {}


def lay_out(shelf: Path, content: str, tables: "Mapping[str, Callable[[], pd.DataFrame]]") -> None:
    """Write tables that were made of files with this content, each under its name.

    `shelf` is a folder that nobody else may write to. A table that cannot be made or written is
    left for each kernel to make.
    """
    for name, make in tables.items():
        with suppress(Exception):
            table = make()
            texts = [column for column in table if table[column].dtype == "str"]
            packed = table.astype(dict.fromkeys(texts, "category"))  # takes a third of the time
            (shelf / f"{content}.{name}").write_bytes(pickle.dumps((packed, texts)))


def take(name: str, content: str) -> "pd.DataFrame | None":
    """Return a table that was made of files with this content, or None where there is none."""
    file = f"{content}.{name}"
    try:
        path = Path(os.environ[SHELF]) / file
        return _HELD[file].copy(deep=False) if file in _HELD else _unpacked(path)
    except Exception:  # noqa: BLE001  # one that cannot be taken is made anew
        return None


def hold() -> "dict[str, pd.DataFrame]":
    """Keep all tables that were laid out in memory, for this process and its forks; return them.

    `take` then returns copies that share their figures until one of them is written to.
    """
    files = sorted(Path(os.environ[SHELF]).glob("[!.]*.[!.]*")) if SHELF in os.environ else []
    for file in files:
        if file.suffix[1:] in _TABLES:
            _HELD[file.name] = _unpacked(file)
    return {name.partition(".")[2]: table for name, table in _HELD.items()}


def _unpacked(file: Path) -> "pd.DataFrame":
    packed, texts = pickle.loads(file.read_bytes())  # noqa: S301  # our own, see `lay_out`
    table: pd.DataFrame = packed.astype(dict.fromkeys(texts, "str"))
    return table


def content_of(home: FilePath | None = None) -> str:
    """Return the digest of all files that `read_tables` reads; blank where it would refuse them.

    `home` is the data folder, found as `read_tables()` finds it.
    """
    try:
        folder = find_data() if home is None else Path(home)
        files, strange = table_files(folder)
        own = sorted((folder / "codebook").glob("*"))
        parts = [
            f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
            for path in [*files, folder / "sources.csv", *folder.glob("known.csv"), *own]
        ]
    except Exception:  # noqa: BLE001  # what is wrong with the files says who reads them
        return ""
    return "" if strange else hashlib.sha256("\n".join(parts).encode()).hexdigest()
