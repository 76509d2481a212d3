"""The cells of a table as text, with the columns filled in that it may leave out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from petitionlib.files import CsvText, csv_text, shown_path
from petitionlib.tables.folder import CHANGE_STATUS, COLUMNS
from petitionlib.tables.loose import loose_fault

__all__ = ["UNIT", "loose_cells", "table_cells"]

_NEEDED: Final = ("place", "year", "indicator", "value")
_OTHER_COLUMNS: Final = {"fault.column_unknown", "fault.column_missing"}
UNIT: Final = "unit"  # a column that a loose table may have


def table_cells(path: Path, raw: bytes, span: str) -> CsvText:
    """Take a table of a data folder apart: a missing column is blank, a missing span is `span`."""
    needed = (*_NEEDED, "source")
    optional = [*(column for column in COLUMNS if column not in needed), CHANGE_STATUS]
    text = csv_text(shown_path(path), raw, needed, optional)
    return _filled(text, {"span": span})


def loose_cells(path: Path, raw: bytes, span: str) -> CsvText:
    """Take a loose table apart as `table_cells` does; a figure without a source is of its file.

    It may have a column `unit`. Of other columns the fault says with which line of pandas the
    table is made right.
    """
    optional = [*(column for column in COLUMNS if column not in _NEEDED), CHANGE_STATUS, UNIT]
    text = csv_text(shown_path(path), raw, _NEEDED, optional, comments=False)
    if not text.columns and {each.code for each in text.problems} <= _OTHER_COLUMNS:
        fault = loose_fault(path, raw, _NEEDED, optional)
        return text._replace(problems=[fault]) if fault else text
    text = _filled(text, {})
    for name, blank in {"span": span, "source": path.name}.items():
        text.columns[name] = [cell or blank for cell in text.columns[name]]
    return text


def _filled(text: CsvText, defaults: Mapping[str, str]) -> CsvText:
    if not text.columns:
        return text
    blank = {name: [defaults.get(name, "")] * len(text.lines) for name in COLUMNS}
    return text._replace(columns=blank | text.columns)
