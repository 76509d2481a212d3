"""The codebook of a data folder, rows of its own or a whole one, and every fault in it."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any, Final

from petitionlib.codebook.about import About, about_of, read_about
from petitionlib.codebook.entries import (
    FILES,
    about,
    columns_of,
    optional_columns,
    rows_of,
    shipped_rows,
)
from petitionlib.errors import Problem, Said, TableError, did_you_mean, said
from petitionlib.files import CsvText, csv_text, shown_path, text_fault
from petitionlib.words import words

__all__ = ["read_codebook"]

_CHOICES: Final = {
    ("indicators", "kind"): ("flow", "stock", "rate"),
    ("places", "level"): ("country", "province", "district", "commune", "body"),
    ("spans", "cumulative"): ("yes", "no"),
    ("breaks", "scope"): ("window", "form", "boundary"),
    ("identities", "relation"): ("=", "<=", ">=5x"),
    ("identities", "severity"): ("error", "warning", "whole_only"),
}  # fmt: skip


_DATES: Final = {("places", "valid_from"), ("places", "valid_to"), ("breaks", "date")}


_REFERENCES: Final = {
    ("indicators", "unit"): "units",
    ("indicators", "numerator"): "indicators",
    ("indicators", "denominator"): "indicators",
    ("places", "parent"): "places",
    ("places", "successor"): "places",
    ("breaks", "indicators"): "indicators",
    ("breaks", "places"): "places",
    ("identities", "whole"): "indicators",
    ("identities", "parts"): "indicators",
    ("identities", "plus"): "indicators",
}


_BOUND = re.compile(r"Y(?:[+-][1-9][0-9]?)?/(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


# What was found sound before, by the content of its files: a codebook of a thousand communes takes
# longer to check than the figures of one, and a process reads the same one again and again.
_SOUND: Final[dict[tuple[tuple[str, bytes], ...], str]] = {}
_MOST_KEPT: Final = 4


_REQUIRED: Final = {("breaks", "indicators"), ("identities", "whole"), ("identities", "parts")}
_ABOUT: Final = "about.yaml"
_LABELS: Final = ("label", "name", "one", "many")  # each in every language of the codebook
_BUILT_IN: Final = {"percent", "points"}  # units that are no row of units.csv


def read_codebook(folder: str | Path) -> str:
    """Read the codebook of a data folder, as the JSON text a table carries.

    Looks for `<folder>/codebook/<name>.csv` and `about.yaml`, which says whether the rows are added
    to the shipped codebook (`extends`, as without it) or are a codebook of their own (`own`);
    returns `""` where there is none. Raises `TableError` with every fault: an unknown column, a
    code that the codebook has already, a dangling reference.
    """
    home = Path(folder) / "codebook"
    contents = _contents(home)
    problems = _strange_files(home)
    if contents in _SOUND and not problems:
        return _SOUND[contents]
    file, told = shown_path(home / _ABOUT), dict(contents).get(_ABOUT, b"")
    content, faults = read_about(file, told)
    if faults:
        raise TableError([*problems, *faults])
    own = about_of(content).own
    book = about_of(content, None if own else about())
    found = {
        name: csv_text(shown_path(home / f"{name}.csv"), raw, *_columns(name, book))
        for name, raw in contents
        if name != _ABOUT
    }
    problems += [p for text in found.values() for p in text.problems]
    if not problems:
        problems = [p for name in found for p in _check(home, name, found, book)]
        problems += _span_faults(file, content, found, book)
    if problems:
        raise TableError(problems)
    extra: dict[str, Any] = {
        n: [list(row) for row in rows_of(text, columns_of(n, book.languages))]
        for n, text in found.items()
        if text.lines
    }
    extra |= {"about": content} if content else {}
    if len(_SOUND) >= _MOST_KEPT:
        _SOUND.clear()
    return _SOUND.setdefault(contents, json.dumps(extra, ensure_ascii=False) if extra else "")


def _contents(home: Path) -> tuple[tuple[str, bytes], ...]:
    """Read the files of a folder's own codebook, those that there are."""
    paths = {name: home / f"{name}.csv" for name in FILES} | {_ABOUT: home / _ABOUT}
    try:
        return tuple((name, path.read_bytes()) for name, path in paths.items() if path.exists())
    except OSError as error:
        fault = said("fault.cannot_read", reason=error.strerror or str(error))
        problem = Problem(shown_path(error.filename), None, None, None, *fault)
        raise TableError([problem]) from None


def _strange_files(folder: Path) -> list[Problem]:
    expected = [f"{name}.csv" for name in FILES]
    fault = said("fault.codebook_file", files=", ".join(expected))
    return [
        Problem(shown_path(path), None, None, path.name, *fault)
        for path in sorted(folder.glob("*.[cC][sS][vV]"))
        if path.name not in expected and not path.name.startswith((".", "~$"))
    ]


def _columns(name: str, book: About) -> tuple[list[str], tuple[str, ...]]:
    """Return the columns that a file must have, and those that it may leave out."""
    optional = optional_columns(name, book.languages)
    return [c for c in columns_of(name, book.languages) if c not in optional], optional


def _language(column: str) -> str:
    """Return the language of a column of labels; blank for any other column."""
    label, _, lang = column.partition("_")
    return lang if label in _LABELS else ""


def _base(name: str, book: About) -> tuple[tuple[str, ...], ...]:
    """Return the rows to which a file adds its own."""
    return () if book.own or name == "words" else shipped_rows(name)


def _span_faults(
    file: str, content: Mapping[str, Any], found: Mapping[str, CsvText], book: About
) -> list[Problem]:
    """Tell a default span that is no row of spans.csv."""
    spans = {row[0] for row in _base("spans", book)}
    spans |= set(found["spans"].columns["span"] if "spans" in found else [])
    span = content.get("default_span", "")
    if not span or span in spans:
        return []
    fault = said("fault.about_span", cell=str(span), near=did_you_mean(str(span), spans))
    return [Problem(file, None, "default_span", str(span), *fault)]


def _check(folder: Path, name: str, found: Mapping[str, CsvText], book: About) -> list[Problem]:
    """List what is wrong with the rows that one file adds."""
    columns = columns_of(name, book.languages)
    known = {
        n: {row[0] for row in _base(n, book)}
        | set(found[n].columns[columns_of(n)[0]] if n in found else [])
        for n in FILES
    }
    known["units"] |= {"percent"}
    known["words"] = {*words()}
    taken = {row[0] for row in _base(name, book)} if name != "breaks" else set()
    taken |= _BUILT_IN if name == "units" else set()
    problems: list[Problem] = []
    file = shown_path(folder / f"{name}.csv")
    for line, row in zip(found[name].lines, rows_of(found[name], columns), strict=True):
        if name != "breaks":
            if row[0] in taken:
                fault = said("fault.code_taken", cell=row[0])
                problems.append(Problem(file, line, columns[0], row[0], *fault))
            taken.add(row[0])
        for column, cell in zip(columns, row, strict=True):
            if wrong := _cell_fault(name, column, cell, known, book):
                problems.append(Problem(file, line, column, cell, *wrong))
        cells = dict(zip(columns, row, strict=True))
        problems += [Problem(file, line, c, cells[c], *f) for c, f in _row_faults(name, cells)]
    if name == "places":
        problems += _successor_faults(file, found[name], book)
        problems += _circle_faults(file, found[name], book)
    if name == "indicators":
        problems += _lead_twice_faults(file, found[name], book)
    return problems


def _circle_faults(file: str, text: CsvText, book: About) -> list[Problem]:
    """List the places that are above themselves."""
    above = columns_of("places").index("parent")
    parents = {row[0]: row[above] for row in _base("places", book)}
    parents |= {row[0]: row[1] for row in rows_of(text, ("place", "parent"))}
    problems = []
    for line, place in zip(text.lines, text.columns["place"], strict=True):
        seen, here = {place}, parents.get(place, "")
        while here and here not in seen:
            seen.add(here)
            here = parents.get(here, "")
        if here == place != parents.get(place):
            fault = said("fault.place_circle", cell=place)
            problems.append(Problem(file, line, "parent", parents[place], *fault))
    return problems


def _lead_twice_faults(file: str, text: CsvText, book: About) -> list[Problem]:
    """List the indicators that have the lead of another one."""
    lead = columns_of("indicators").index("lead")
    taken = {row[lead]: row[0] for row in _base("indicators", book) if row[lead]}
    problems = []
    for line, (code, number) in zip(text.lines, rows_of(text, ("indicator", "lead")), strict=True):
        if number and taken.setdefault(number, code) != code:
            fault = said("fault.lead_twice", cell=number, other=taken[number])
            problems.append(Problem(file, line, "lead", number, *fault))
    return problems


def _successor_faults(file: str, text: CsvText, book: About) -> list[Problem]:
    """List the successors that were there before: they would change their territory unseen."""
    columns = ("place", "valid_from", "successor", "valid_to")
    own = rows_of(text, columns)
    start = columns_of("places").index(columns[1])
    begins = {row[0]: row[start] for row in _base("places", book)} | {r[0]: r[1] for r in own}
    return [
        Problem(
            file, line, "successor", successor,
            *said("fault.successor", cell=successor, ended=ended or said("fault.end_of_place")),
        )
        for line, (_, _, successor, ended) in zip(text.lines, own, strict=True)
        if successor and successor in begins and not begins[successor] > ended != ""
    ]  # fmt: skip


def _row_faults(name: str, cells: Mapping[str, str]) -> list[tuple[str, Said]]:
    """List what is wrong with the cells of a row together."""
    faults = []
    if name == "words":
        return _sentence_faults(cells)
    if name == "places":
        faults += [
            (column, said("fault.place_itself", column=column, cell=cells[column]))
            for column in ("parent", "successor")
            if cells[column] == cells["place"] != ""
        ]
        if "" != cells["valid_to"] < cells["valid_from"]:
            days = {"valid_to": cells["valid_to"], "valid_from": cells["valid_from"]}
            faults.append(("valid_to", said("fault.valid_order", **days)))
    if name == "identities":
        faults += _rule_faults(cells)
    windows = [cells.get(end, "") for end in ("start", "end")]
    if (
        name == "spans"
        and all(map(_BOUND.fullmatch, windows))
        and _days(cells["end"]) < _days(cells["start"])
    ):
        faults.append(("end", said("fault.span_order", start=cells["start"], end=cells["end"])))
    if name == "indicators" and (cells["kind"] == "rate") != (cells["unit"] == "percent"):
        faults.append(("unit", said("fault.rate_unit", kind=cells["kind"], unit=cells["unit"])))
    if name == "indicators" and cells["kind"] == "rate":
        counts = [cells[column] for column in ("numerator", "denominator")]
        if counts[1] and not counts[0]:
            faults.append(("numerator", said("fault.rate_parts")))
    return faults


def _days(bound: str) -> tuple[int, str]:
    """Return a bound of a window so that an earlier one is less: its year and its day."""
    year, _, day = bound.partition("/")
    return int(year.removeprefix("Y") or 0), day


def _rule_faults(cells: Mapping[str, str]) -> list[tuple[str, Said]]:
    """List what is wrong with an identity: it could never be checked, or would always be wrong."""
    parts, plus, limit = cells["parts"].split(" + "), cells["plus"], cells["relation"] != "="
    faults = []
    if len({*parts}) < len(parts) or cells["whole"] in parts:
        faults.append(("parts", said("fault.rule_parts", whole=cells["whole"])))
    if limit and len(parts) > 1:
        faults.append(("parts", said("fault.rule_one_part", relation=cells["relation"])))
    if plus and (" + " in plus or plus in {cells["whole"], *parts}):
        faults.append(("plus", said("fault.rule_plus", cell=plus)))
    if limit and cells["severity"] == "whole_only":
        faults.append(("severity", said("fault.rule_severity", relation=cells["relation"])))
    return faults


def _cell_fault(
    name: str, column: str, cell: str, known: Mapping[str, set[str]], book: About
) -> Said | None:
    if fault := text_fault(cell):
        return said("fault.cell", column=column, cell=cell, fault=fault)
    if (
        name != "breaks"
        and column == columns_of(name)[0]
        and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", cell)
    ):
        return said("fault.code_form", column=column, cell=cell)
    if _language(column) in book.languages and not cell:
        return said("fault.label_blank", column=column)
    if name == "words":
        return _word_fault(cell, known["words"]) if column == "key" else None
    checks: list[Callable[[], Said | None]] = [
        lambda: _choice_fault(name, column, cell),
        lambda: _date_fault(column, cell) if (name, column) in _DATES else None,
        lambda: _decimals_fault(cell) if column == "decimals" else None,
        lambda: _lead_fault(cell) if column == "lead" else None,
        lambda: _said_fault(cell) if column.startswith("said_") else None,
        lambda: _bound_fault(column, cell) if column in {"start", "end"} else None,
        lambda: _reference_fault(name, column, cell, known),
    ]
    return next((fault for check in checks if (fault := check())), None)


def _choice_fault(name: str, column: str, cell: str) -> Said | None:
    choices = _CHOICES.get((name, column))
    if choices is None or cell in choices:
        return None
    return said("fault.choice", column=column, cell=cell, choices=", ".join(choices))


def _date_fault(column: str, cell: str) -> Said | None:
    try:
        good = date.fromisoformat(cell).isoformat() == cell if cell else column != "date"
    except ValueError:
        good = False
    return None if good else said("fault.date", column=column, cell=cell)


def _decimals_fault(cell: str) -> Said | None:
    return None if re.fullmatch(r"[0-9]?|1[0-5]", cell) else said("fault.unit_decimals", cell=cell)


def _lead_fault(cell: str) -> Said | None:
    sound = re.fullmatch(r"(?:[1-9][0-9]{0,3})?", cell)
    return None if sound else said("fault.lead", cell=cell)


def _word_fault(cell: str, keys: set[str]) -> Said | None:
    near = did_you_mean(cell, keys)
    return None if cell in keys else said("fault.word_key", cell=cell, near=near)


def _said_fault(cell: str) -> Said | None:
    """Say that a finding does not take the figure and nothing else."""
    sound = not cell or _fields(cell) == {"value"}
    return None if sound else said("fault.said_fields", cell=cell, fields="{value}")


def _sentence_faults(cells: Mapping[str, str]) -> list[tuple[str, Said]]:
    """List the sentences that take a value which is not put into them."""
    key, *languages = cells
    each = [_fields(own) or set() for own in words().get(cells[key], ())]
    allowed, needed = set().union(*each), set.intersection(*each) if each else set()
    told = ", ".join(f"{{{field}}}" for field in sorted(allowed))
    return [
        (lang, said("fault.word_fields", cell=cells[lang], fields=told))
        for lang in languages
        if cells[lang]
        and ((found := _fields(cells[lang])) is None or not needed <= found <= allowed)
    ]


def _fields(sentence: str) -> set[str] | None:
    """Return the values that a sentence takes; None where its braces cannot be read."""
    try:
        parsed = list(Formatter().parse(sentence))
    except ValueError:
        return None
    plain = all(not spec and not how for _, field, spec, how in parsed if field is not None)
    return {field for _, field, _, _ in parsed if field is not None} if plain else None


def _bound_fault(column: str, cell: str) -> Said | None:
    if _BOUND.fullmatch(cell) or (column == "end" and not cell):
        return None
    return said("fault.bound", column=column, cell=cell)


def _reference_fault(
    name: str, column: str, cell: str, known: Mapping[str, set[str]]
) -> Said | None:
    target = _REFERENCES.get((name, column))
    if target is None or (cell in {"*", ""} and (name, column) == ("breaks", "places")):
        return None
    if cell == "*" and name == "breaks":
        return None
    if column == "unit" and not cell:
        return said("fault.key_blank", column=column)
    if not cell:
        required = (name, column) in _REQUIRED
        return said("fault.indicator_blank", column=column) if required else None
    for code in cell.split(" + "):
        if code not in known[target]:
            near = did_you_mean(code, known[target])
            return said("fault.not_in_codebook", column=column, cell=code, near=near)
    return None
