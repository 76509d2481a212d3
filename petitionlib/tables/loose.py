"""A table that lies beside no sources.csv and no codebook, and what makes another one like it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from petitionlib.errors import Problem, said
from petitionlib.files import shown_path
from petitionlib.tables.folder import YEAR

__all__ = ["is_loose", "loose_fault"]

_YEAR_ACROSS: Final = re.compile(r"\D{0,12}[12][0-9]{3}(\D.{0,12})?")  # 2021, FY2021, 2021/22
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9.,\s]*%?")
_FEW: Final = 20  # rows that tell what a column holds


def is_loose(folder: Path) -> bool:
    """Tell whether a table in a folder stands alone: beside no sources.csv and no codebook."""
    return not ((folder / "sources.csv").exists() or (folder / "codebook").is_dir())


def loose_fault(
    path: Path, raw: bytes, needed: Sequence[str], optional: Sequence[str]
) -> Problem | None:
    """Say with which line of pandas a table of other columns is made right.

    Where it is not certain what the columns mean, no line is offered. None where the fault is
    another: one column is no table, and two columns of one name are told as they are.
    """
    rows = _first_rows(raw)
    header = rows[0] if rows else []
    named = [name for name in header if name.strip()]
    if len(named) < 2 or len({*named}) < len(named):  # noqa: PLR2004  # one column is no table
        return None
    columns = _Columns.of(rows)
    meant = _meant(columns, [*needed, *optional])
    steps = _steps(path, columns, meant, needed) if meant else None
    told = {"found": ", ".join(header), "needed": ", ".join(needed)}
    key = "fault.loose_columns" if steps else "fault.loose_unclear"
    fault = said(key, **told, optional=", ".join(optional), line="".join(steps or ()))
    return Problem(shown_path(path), 1, None, None, *fault)


def _first_rows(raw: bytes) -> list[list[str]]:
    text = io.StringIO(raw.decode("utf-8-sig", errors="replace"), newline="")
    try:
        return list(islice(csv.reader(text), _FEW))
    except csv.Error:
        return []


class _Columns(NamedTuple):
    """The columns of a table with some of their cells, and whether some have no name."""

    cells: dict[str, list[str]]
    nameless: bool

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]]) -> "_Columns":
        header, *body = rows
        named = {
            name: [row[i].strip() for row in body if i < len(row)]
            for i, name in enumerate(header)
            if name.strip()
        }
        return cls(named, len(named) < len(header))

    def holds(self, name: str, kind: re.Pattern[str]) -> bool:
        """Tell whether all cells that are not blank are of a kind, and some are there."""
        cells = [cell for cell in self.cells[name] if cell]
        return bool(cells) and all(map(kind.fullmatch, cells))

    def follows(self, name: str, other: str) -> bool:
        """Tell whether a column says the same wherever another one does."""
        pairs = {*zip(self.cells[other], self.cells[name], strict=False)}
        return len(pairs) == len({one for one, _ in pairs})


class _Meant(NamedTuple):
    """What the columns of a table mean: their new names, years across, counts, and what is left."""

    renamed: dict[str, str]
    across: list[str]
    numbers: list[str]
    texts: list[str]


def _meant(columns: _Columns, known: Sequence[str]) -> _Meant | None:
    """Find what the columns mean, by their names and then by what they hold; None: not certain."""
    others = [name for name in columns.cells if name not in known]
    renamed = _by_name(others, [name for name in known if name not in columns.cells])
    there = {*columns.cells} & {*known} | {*renamed.values()}
    rest = [name for name in others if name not in renamed]
    across = [n for n in rest if "year" not in there and _YEAR_ACROSS.fullmatch(n)]
    rest = [name for name in rest if name not in across]
    if "year" not in there and not across:
        year = next((name for name in rest if columns.holds(name, YEAR)), None)
        if year is None:
            return None
        renamed[year] = "year"
        rest.remove(year)
    valued = bool(across) or "value" in there
    numbers = [n for n in rest if not valued and columns.holds(n, _NUMBER)]
    texts = [name for name in rest if name not in numbers]
    for name in ("place", "indicator"):
        if name not in there and texts:
            renamed[texts.pop(0)] = name
    years = {_YEAR.findall(name)[0] for name in across}
    twice = len(years) < len(across) or (across and "value" in there)
    if twice or not (valued or numbers):
        return None
    if len(numbers) == 1:
        renamed[numbers.pop()] = "value"
    return _Meant(renamed, across, numbers, texts)


def _steps(path: Path, columns: _Columns, meant: _Meant, needed: Sequence[str]) -> list[str]:
    """Write the line step by step: years or counts across become rows, columns are renamed."""
    renamed, across, numbers, texts = meant
    steps = [f"pd.read_csv({str(path)!r}, dtype=str, keep_default_na=False)"]
    steps += [".loc[:, lambda t: ~t.columns.str.startswith('Unnamed')]"] if columns.nameless else []
    steps += [f".rename(columns={renamed})"] if renamed else []
    ids = [renamed.get(n, n) for n in columns.cells if n not in across and n not in numbers]
    kind = "measure" if "indicator" in ids else "indicator"
    if across or numbers:
        name = "year" if across else kind
        steps.append(f".melt(id_vars={ids}, var_name={name!r}, value_name='value')")
        ids += [name, "value"]
    if not all(map(YEAR.fullmatch, across)):
        steps.append(".assign(year=lambda t: t['year'].str.extract('([12][0-9]{3})'))")
    steps += [
        f".assign({name}={path.stem if name == 'indicator' else 'all'!r})"
        for name in needed
        if name not in ids
    ]
    left = [*texts, *(["measure"] if "measure" in ids else [])]
    place = next((old for old in columns.cells if renamed.get(old, old) == "place"), None)
    for name in left:
        if name not in columns.cells or not (place and columns.follows(name, place)):
            both = f"(t['indicator'] + ', ' + t[{name!r}]).str.removesuffix(', ')"
            steps.append(f".assign(indicator=lambda t: {both})")
    steps += [f".drop(columns={left})"] if left else []
    tidy = path.with_name(f"{path.stem}-tidy.csv")
    return [*steps, f".to_csv({str(tidy)!r}, index=False)"]


def _by_name(others: Iterable[str], missing: list[str]) -> dict[str, str]:
    """Find which columns are meant by their names."""
    found: dict[str, str] = {}
    for name in others:
        if near := get_close_matches(name.strip().lower(), missing, n=1, cutoff=0.8):
            found[name] = near[0]
            missing.remove(near[0])
    return found
