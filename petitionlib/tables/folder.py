"""Where the tables lie: the data folder, the files in it, and their columns."""

import os
import re
from pathlib import Path
from typing import Final

from petitionlib.errors import DataNotFoundError, Problem
from petitionlib.files import shown_path

__all__ = ["COLUMNS", "DATA", "SOURCE_COLUMNS", "YEAR", "FilePath", "find_data", "table_files"]

COLUMNS: Final = (
    "place", "year", "span", "indicator", "value", "change", "change_percent",
    "status", "source", "locator",
)  # fmt: skip
SOURCE_COLUMNS: Final = ("source", "title", "publisher", "url", "published", "note")
DATA: Final = "PETITIONLIB_DATA"  # names the data folder, in the environment
YEAR: Final = re.compile(r"[12][0-9]{3}")
_NOT_TABLES: Final = {"sources.csv", "known.csv"}

FilePath = str | os.PathLike[str]


def find_data(start: FilePath | None = None) -> Path:
    """Find the data folder: `$PETITIONLIB_DATA`, else the nearest `data/` with a `sources.csv`.

    The search goes from the working folder (or `start`) upwards. Raises `DataNotFoundError` that
    says where it looked.
    """
    named = os.environ.get(DATA, "").strip()
    if named:
        if (Path(named) / "sources.csv").is_file():
            return Path(named)
        message = f"$PETITIONLIB_DATA is {named!r}, but there is no sources.csv in it"
        raise DataNotFoundError(message)
    here = Path.cwd() if start is None else Path(start).absolute()
    for folder in (here, *here.parents):
        if (folder / "data" / "sources.csv").is_file():
            return folder / "data"
    message = (
        f"No data folder: no data/sources.csv in {here} or above it. Name the folder"
        " (read_tables(folder), --data, or $PETITIONLIB_DATA), or make one: petitionlib init"
    )
    raise DataNotFoundError(message)


def table_files(home: Path) -> tuple[list[Path], list[Problem]]:
    """List the tables of a data folder, and a problem for each CSV file that is none."""
    if not home.is_dir():
        message = f"{shown_path(home)} is not there; name a folder of tables, or one table"
        if home.exists():
            message = f"{shown_path(home)} is not a folder"
        if home.is_file():
            message += "; read_table(path) reads one file"
        raise DataNotFoundError(message)
    found = sorted(path for path in home.iterdir() if path.suffix.lower() == ".csv")
    files = [path for path in found if path.suffix == ".csv" and YEAR.fullmatch(path.stem)]
    if not files:
        message = f"No tables under {shown_path(home)}/: no file is named <year>.csv"
        raise DataNotFoundError(message)
    strange = [
        Problem(
            shown_path(path),
            None,
            None,
            path.name,
            "is not a table; name it <year>.csv or move it away",
        )
        for path in found
        if path not in files
        and path.name not in _NOT_TABLES
        and not path.name.startswith((".", "~$"))
    ]
    return files, strange
