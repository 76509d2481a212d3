"""Where the tables lie: the data folder, the files in it, and their columns."""

import os
import re
from pathlib import Path
from typing import Final

from petitionlib.errors import DataNotFoundError, Problem, said
from petitionlib.files import FilePath, shown_path

__all__ = [
    "BESIDE",
    "CHANGE_STATUS",
    "COLUMNS",
    "DATA",
    "KEY",
    "PRINTED",
    "SOURCE_COLUMNS",
    "SOURCE_OPTIONAL",
    "YEAR",
    "FilePath",
    "find_data",
    "table_files",
]

COLUMNS: Final = (
    "place", "year", "span", "indicator", "value", "change", "change_percent",
    "status", "source", "locator",
)  # fmt: skip
KEY: Final = COLUMNS[:4]  # of a figure
PRINTED: Final = (*KEY, "source")  # of a row: a figure as one source printed it
CHANGE_STATUS: Final = "change_status"  # a column that a table may have besides
SOURCE_COLUMNS: Final = ("source", "title", "publisher", "url", "published", "note", "coverage")
SOURCE_OPTIONAL: Final = ("url", "note", "coverage")  # of these may be left out
DATA: Final = "PETITIONLIB_DATA"  # names the data folder, in the environment
_OTHER_TABLE: Final = re.compile(
    r"[12][0-9]{3}[^/]*\.(?:xlsx?|xlsm|xlsb|ods|tsv|txt|csv\.[a-z0-9]+|csv~|bak)", re.IGNORECASE
)
YEAR: Final = re.compile(r"[12][0-9]{3}")
BESIDE: Final = frozenset({"sources.csv", "known.csv"})  # the tables


def find_data(start: FilePath | None = None) -> Path:
    """Find the data folder: `$PETITIONLIB_DATA`, else the nearest `data/` with a `sources.csv`.

    The variable may also name one table. The search goes from the working folder (or `start`)
    upwards. Raises `DataNotFoundError` that
    says where it looked.
    """
    named = os.environ.get(DATA, "").strip()
    if named:
        if Path(named).is_file():
            return Path(named).resolve()  # a link has another name
        if (Path(named) / "sources.csv").is_file():
            return Path(named)
        raise DataNotFoundError(said("fault.data_variable", folder=named))
    here = Path.cwd() if start is None else Path(start).absolute()
    for folder in (here, *here.parents):
        if (folder / "data" / "sources.csv").is_file():
            return folder / "data"
    raise DataNotFoundError(said("fault.no_data_folder", folder=str(here)))


def table_files(home: Path) -> tuple[list[Path], list[Problem]]:
    """List the tables of a data folder, and a problem for each CSV file that is none."""
    if not home.is_dir():
        fault = said("fault.no_folder", path=shown_path(home))
        if home.is_file():
            fault = said("fault.file_no_folder", path=shown_path(home))
        elif home.exists():
            fault = said("fault.not_a_folder", path=shown_path(home))
        raise DataNotFoundError(fault)
    found = sorted(path for path in home.iterdir() if path.suffix.lower() == ".csv")
    files = [path for path in found if path.suffix == ".csv" and YEAR.fullmatch(path.stem)]
    if not files:
        raise DataNotFoundError(said("fault.no_tables", folder=shown_path(home)))
    strange = [
        Problem(shown_path(path), None, None, path.name, *said("fault.file_name"))
        for path in found
        if path not in files and path.name not in BESIDE and not path.name.startswith((".", "~$"))
    ]
    others = sorted(path for path in home.iterdir() if _OTHER_TABLE.fullmatch(path.name))
    strange += [
        Problem(shown_path(path), None, None, path.name, *said("fault.file_ending"))
        for path in others
    ]
    return files, strange
