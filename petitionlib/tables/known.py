"""Contradictions that are known: each row of known.csv says why one stands as printed."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from petitionlib.codebook.about import about_of, read_about
from petitionlib.errors import Problem, Said, TableError, said
from petitionlib.files import CsvText, read_csv_text, shown_path, text_fault
from petitionlib.tables.folder import PRINTED, YEAR
from petitionlib.words import LANGUAGES

if TYPE_CHECKING:
    from petitionlib.tables.frame import Row

__all__ = [
    "COLUMNS", "NAME", "Known", "Name", "as_carried", "known_reason", "names_of", "read_known",
]  # fmt: skip

NAME: Final = ("identity", *PRINTED)
COLUMNS: Final = (*NAME, "reason")
_STATED: Final = "stated"
_WHERE: Final = ("place", "year", "span")

Name = tuple[str, ...]  # what a row names: the rule, and the figure that contradicts it


class Known(NamedTuple):
    """The rows of a known.csv; `columns` stand as in its header, and there are none without it.

    `stated` is the printed number that a row is about (blank: any), `translated` its reason in each
    further language (blank: there is none yet).
    """

    file: str
    columns: tuple[str, ...]
    reasons: dict[Name, str]
    lines: dict[Name, int]
    stated: Mapping[Name, str] = MappingProxyType({})
    translated: Mapping[str, Mapping[Name, str]] = MappingProxyType({})

    def covers(self, name: Name, stated: float) -> bool:
        """Tell whether a row is about this contradiction, and about the number that is printed."""
        number = self.stated.get(name, "")
        return name in self.reasons and (not number or float(number) == stated)


def read_known(folder: str | os.PathLike[str]) -> Known:
    """Read the `known.csv` of a data folder; where there is none, nothing is known.

    A row names a contradiction of the ledger by its `identity` and the key of the figure (`place`,
    `year`, `span`, `indicator`, `source`), and gives the `reason` why it stands. Columns that may
    be left out: `stated`, the printed number that the reason is about, and the reason in further
    languages of the library and of the folder's codebook, such as `reason_vi`. Raises `TableError`
    with every fault of the file, each with its line and remedy.
    """
    path = Path(folder) / "known.csv"
    file = shown_path(path)
    reasons_in = {f"reason_{lang}": lang for lang in _languages(Path(folder))}
    if not path.exists():
        return Known(file, (), {}, {}, {}, {lang: {} for lang in reasons_in.values()})
    text = read_csv_text(path, COLUMNS, [_STATED, *reasons_in])
    problems = [*text.problems, *_faults(file, text)] if text.columns else text.problems
    if problems:
        raise TableError(sorted(problems, key=lambda problem: problem.line or 0))
    names = _names(text)
    reasons = dict(zip(names, text.columns["reason"], strict=True))
    lines = dict(zip(names, text.lines, strict=True))
    blank = [""] * len(names)
    more = {c: dict(zip(names, text.columns.get(c, blank), strict=True))
            for c in (_STATED, *reasons_in)}  # fmt: skip
    translated = {lang: more[column] for column, lang in reasons_in.items()}
    return Known(file, tuple(text.columns), reasons, lines, more[_STATED], translated)


def _languages(folder: Path) -> list[str]:
    """List the languages in which reasons may be given besides: the library's, and the folder's."""
    path = folder / "codebook" / "about.yaml"
    told = read_about(path.name, path.read_bytes())[0] if path.is_file() else {}
    return [*dict.fromkeys((*LANGUAGES[1:], *about_of(told).languages))]


def as_carried(known: Known) -> str:
    """Write what is known as the JSON text that a table carries; blank if that is nothing."""
    rows = [
        [
            *name,
            known.stated.get(name, ""),
            reason,
            {lang: texts[name] for lang, texts in known.translated.items() if texts.get(name)},
        ]
        for name, reason in known.reasons.items()
    ]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def known_reason(row: "Row", carried: str, lang: str) -> str:
    """Say why a contradiction stands as printed: a row of `reconcile`, by what `as_carried` wrote.

    Blank where nothing is known of it. A reason that is not there in a language is given as it is.
    """
    known = _carried(carried)
    if row["verdict"] != "contradicts":
        return ""
    for name, stated in names_of(row):
        if known.covers(name, stated):
            return known.translated.get(lang, {}).get(name) or known.reasons[name]
    return ""


def names_of(row: "Row") -> list[tuple[Name, float]]:
    """Return by which names a row of `reconcile` may stand in known.csv, each with its number.

    That is its suspect, where it has one, and the figure under check.
    """
    names = [(tuple(str(row[column]) for column in NAME), float(row["stated"]))]
    suspect, printed = str(row.get("suspect", "")), str(row.get("suspect_printed", ""))
    if suspect and " + " not in suspect:
        cells = (row["identity"], *(row[f"suspect_{n}"] for n in _WHERE), suspect, row["source"])
        names.insert(0, (tuple(map(str, cells)), float(printed)))
    return names


@lru_cache(maxsize=8)
def _carried(text: str) -> Known:
    rows = {tuple(row[: len(NAME)]): row[len(NAME) :] for row in json.loads(text or "[]")}
    stated, reasons, others = ({n: r[i] for n, r in rows.items()} for i in range(3))
    langs = dict.fromkeys(lang for texts in others.values() for lang in texts)
    translated = {lang: {n: t.get(lang, "") for n, t in others.items()} for lang in langs}
    return Known("", (), reasons, {}, stated, translated)


def _names(text: CsvText) -> list[Name]:
    return list(zip(*(text.columns[column] for column in NAME), strict=True))


def _faults(file: str, text: CsvText) -> Iterator[Problem]:
    for column in text.columns:
        for line, cell in zip(text.lines, text.columns[column], strict=True):
            fault = _cell_fault(column, cell)
            if fault and (cell or column in COLUMNS):
                yield Problem(file, line, column, cell, *fault)
    first: dict[Name, int] = {}
    for line, name in zip(text.lines, _names(text), strict=True):
        if name in first:
            fault = said("fault.known_twice", figure=" ".join(name), line=first[name])
            yield Problem(file, line, "identity", name[0], *fault)
        first.setdefault(name, line)


def _cell_fault(column: str, cell: str) -> Said | None:
    if column == "stated" and cell and not re.fullmatch(r"-?\d+(\.\d+)?", cell):
        return said("fault.known_number", cell=cell)
    if not cell.strip():
        if column == "reason":
            return said("fault.known_reason")
        free = column == "identity"  # a check may rest on no rule
        return None if free else said("fault.key_blank", column=column)
    if fault := text_fault(cell):
        return said("fault.cell", column=column, cell=cell, fault=fault)
    if column == "year" and not YEAR.fullmatch(cell):
        return said("fault.year", cell=cell, remedy="")
    return None
