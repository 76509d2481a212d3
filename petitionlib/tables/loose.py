"""A table that lies beside no sources.csv and no codebook, and what makes another one like it."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Final

from petitionlib.errors import Problem, said
from petitionlib.files import shown_path
from petitionlib.tables.folder import YEAR

__all__ = ["is_loose", "loose_fault"]

_YEAR_ACROSS: Final = re.compile(r"\D{0,12}[12][0-9]{3}(\D.{0,12})?")  # 2021, FY2021, 2021/22
_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9.,\s]*%?")
_FEW: Final = 20  # rows that tell what a column holds


def is_loose(folder: Path) -> bool:
    """Tell whether a table in a folder stands alone: beside no sources.csv and no codebook."""
    return not ((folder / "sources.csv").exists() or (folder / "codebook").is_dir())


def loose_fault(
    path: Path, raw: bytes, needed: Sequence[str], optional: Sequence[str]
) -> Problem | None:
    """Say with which line of pandas a table of other columns is made right.

    None where the fault is another: a file that is not read as a table, or two columns of one name.
    """
    rows = _first_rows(raw)
    header = rows[0] if rows else []
    if len(header) < 2 or len({*header}) < len(header):  # noqa: PLR2004  # one column is no table
        return None
    line = _pandas(path, rows, needed, optional)
    columns = {"found": ", ".join(header), "needed": ", ".join(needed)}
    fault = said("fault.loose_columns", **columns, optional=", ".join(optional), line=line)
    return Problem(shown_path(path), 1, None, None, *fault)


def _first_rows(raw: bytes) -> list[list[str]]:
    text = io.StringIO(raw.decode("utf-8-sig", errors="replace"), newline="")
    try:
        return list(islice(csv.reader(text), _FEW))
    except csv.Error:
        return []


def _pandas(
    path: Path, rows: list[list[str]], needed: Sequence[str], optional: Sequence[str]
) -> str:
    """Write the line: years across become rows, columns are renamed, added and left out."""
    header, *body = rows
    known = [*needed, *optional]
    across = [name for name in header if name not in known and _YEAR_ACROSS.fullmatch(name)]
    across = across if len(across) > 1 else []
    cells = {n: [row[i] for row in body if i < len(row)] for i, n in enumerate(header)}
    names = [name for name in header if name not in across]
    steps = [f"pd.read_csv({path.name!r}, dtype=str)"]
    if across:
        steps.append(f".melt(id_vars={names}, var_name='year', value_name='value')")
        if not all(map(YEAR.fullmatch, across)):
            steps.append(".assign(year=lambda t: t['year'].str.extract('([12][0-9]{3})'))")
        names += ["year", "value"]
    renamed = _renamed([name for name in names if name not in known], names, cells, known)
    steps += [f".rename(columns={renamed})"] if renamed else []
    there = {renamed.get(name, name) for name in names}
    left = [name for name in names if name not in known and name not in renamed]
    steps += [f".drop(columns={left})"] if left else []
    steps += [
        f".assign({name}={path.stem if name == 'indicator' else 'all'!r})"
        for name in needed
        if name not in there
    ]
    steps.append(f".to_csv({path.stem + '-tidy.csv'!r}, index=False)")
    return "".join(steps)


def _renamed(
    others: Iterable[str], names: Collection[str], cells: dict[str, list[str]], known: Sequence[str]
) -> dict[str, str]:
    """Find which columns are meant: by their names, then by what they hold."""
    renamed: dict[str, str] = {}
    missing = [name for name in known if name not in names]
    others = list(others)
    for name in others:
        if near := get_close_matches(name.strip().lower(), missing, n=1, cutoff=0.8):
            renamed[name] = near[0]
            missing.remove(near[0])
    for name in [name for name in others if name not in renamed]:
        column = [cell.strip() for cell in cells.get(name, []) if cell.strip()]
        if column and all(map(YEAR.fullmatch, column)):
            meant = ["year"]
        elif column and all(map(_NUMBER.fullmatch, column)):
            meant = ["value"]
        else:
            meant = ["place", "indicator"]
        if found := next((one for one in meant if one in missing), ""):
            renamed[name] = found
            missing.remove(found)
    return renamed
