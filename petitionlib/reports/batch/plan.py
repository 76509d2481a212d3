"""reports.yaml and the data -> the reports to build, every fault of the plan with its line."""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

from petitionlib.errors import (
    DataNotFoundError,
    NotebookError,
    ParameterError,
    PlanError,
    Problem,
    Said,
    did_you_mean,
    joined,
    said,
)
from petitionlib.files import shown_path
from petitionlib.reports.batch.plan_file import Entry, Value, read_entries
from petitionlib.reports.declaration import read_declaration
from petitionlib.reports.job import Job
from petitionlib.reports.parameters import (
    Parameter,
    check_parameters,
    find_notebook,
    notebook_parameters,
    page_name,
    parse_value,
)
from petitionlib.reports.rows import with_children
from petitionlib.reports.selection import fill_in_values
from petitionlib.tables.folder import KEY
from petitionlib.tables.raw import Rows, Snapshot
from petitionlib.tables.selection import BLANK
from petitionlib.words import LANGUAGES

__all__ = ["choose", "plan_jobs"]

_ALL: Final = "all"
_COUNTED: Final = ("place", "year", "span")  # of which an entry may ask for several figures
_RANGE: Final = re.compile(r"([12][0-9]{3})-([12][0-9]{3})")
_TAKEN_NAMES: Final = {"index", *(f"index.{lang}" for lang in LANGUAGES)}

Key = tuple[object, ...]


class _FaultError(Exception):
    """A fault of an entry: its line, and what is wrong."""

    def __init__(self, line: int, fault: Said) -> None:
        super().__init__(line, fault)
        self.line = line
        self.fault = fault


class _Choice(NamedTuple):
    """What an entry lets one parameter be: these values, or (None) all that the data has."""

    values: list[object] | None
    lines: dict[object, int]


def plan_jobs(path: Path, data: Snapshot) -> list[Job]:
    """Return the reports of a plan, in its order: every combination that the data can bear.

    A parameter that bears the name of a key column (place, year, span, indicator) selects rows;
    of its combinations those are planned that occur together in `data` with a value, and whose
    place, year and span have `at_least` as many figures as the entry asks for. Raises `PlanError`
    with the faults of the plan, each with its line.
    """
    problems: list[Problem] = []
    planned: dict[str, int] = {}
    jobs: list[Job] = []
    for entry in read_entries(path):
        try:
            made = list(_jobs(entry, path.parent, data))
            _refuse_doubles(entry, made, planned)
            jobs += made
        except _FaultError as error:
            problems.append(Problem(shown_path(path), error.line, None, None, *error.fault))
    if problems:
        raise PlanError(problems)
    return jobs


def choose(jobs: Sequence[Job], only: Sequence[str]) -> list[Job]:
    """Return the jobs that `only` names: patterns of page names, or `name=value` of parameters.

    Several patterns, and several values of one parameter, add up; different parameters narrow.
    Raises `DataNotFoundError` for one that no report answers to, or where none answers to all.
    """
    wanted: dict[str, list[str]] = {}
    for text in only:
        name, cut, value = text.partition("=")
        matches = [job for job in jobs if _answers(job, name if cut else "", value or text)]
        if not matches:
            raise DataNotFoundError(_nothing_answers(jobs, text, name if cut else "", value))
        wanted.setdefault(name if cut else "", []).append(value if cut else text)
    chosen = [
        job
        for job in jobs
        if all(any(_answers(job, name, one) for one in many) for name, many in wanted.items())
    ]
    if not chosen:
        patterns = joined("fault.and", map(repr, only))
        raise DataNotFoundError(said("fault.only_together", patterns=patterns))
    return chosen


def _answers(job: Job, name: str, pattern: str) -> bool:
    if name == "notebook" and name not in job.values:
        return fnmatchcase(job.notebook.stem, pattern)
    if name:
        return name in job.values and fnmatchcase(str(job.values[name]), pattern)
    return fnmatchcase(job.name, pattern) or job.notebook.stem == pattern


def _nothing_answers(jobs: Sequence[Job], text: str, name: str, value: str) -> Said:
    if not name:
        named = {f"{key}={value}" for job in jobs for key, value in job.values.items()}
        hint = next((one for one in sorted(named) if one.partition("=")[2] == text), "")
        if hint:
            near: Said | str = said("fault.did_you_mean", words=repr(hint))
            return said("fault.only", pattern=text, near=near)
        if any(text in job.values for job in jobs):
            return said("fault.only_value", pattern=text)
        near = did_you_mean(text, {job.notebook.stem for job in jobs} | {job.name for job in jobs})
        return said("fault.only", pattern=text, near=near)
    there = {str(job.values[name]) for job in jobs if name in job.values}
    if there:
        return said("fault.only_has", name=name, found=value, near=did_you_mean(value, there))
    if name == "notebook":
        near = did_you_mean(value, {job.notebook.stem for job in jobs})
        return said("fault.only_notebook", notebook=value, near=near)
    names = {known for job in jobs for known in job.values}
    return said("fault.only_parameter", name=name, near=did_you_mean(name, names))


def _jobs(entry: Entry, home: Path, data: Snapshot) -> Iterator[Job]:
    """Make the jobs of one entry."""
    notebook = _notebook(entry, home)
    try:
        taken = notebook_parameters(notebook)
        declared = read_declaration(notebook, taken)
        for values, parameters in _combinations(entry, notebook, taken, data):
            name, places = page_name(notebook.stem, values), declared.places(values)
            reads = with_children(places, data)
            yield Job(notebook, parameters, values, name, reads, declared.files)
    except (NotebookError, ParameterError) as error:
        cause = error.located if isinstance(error, NotebookError) else error.said
        raise _FaultError(entry.line, cause) from None


def _combinations(
    entry: Entry, notebook: Path, taken: Sequence[Parameter], data: Snapshot
) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Give the values of all parameters, and of those that the entry names, for each report."""
    choices = _choices(entry, notebook, taken, data)
    selectors = _selectors(taken, choices)
    selections = list(_selections(entry, selectors, choices, data.rows)) if selectors else [()]
    free = [n for n in entry.grid if n not in selectors]
    others = list(itertools.product(*(choices[name].values or [] for name in free)))
    fixed = {name: value.value for name, value in entry.parameters.items()}
    given = [*entry.parameters, *entry.grid]
    for selection in selections:
        chosen = {n: v for n, v in zip(selectors, selection, strict=True) if n in given}
        for other in others:
            named = fixed | chosen | dict(zip(free, other, strict=True))
            given_values = check_parameters(notebook, named, taken)
            values = fill_in_values(notebook, given_values, data)
            told = [n for n in values if n in named or values[n] != given_values[n]]
            yield values, {name: values[name] for name in told}


def _notebook(entry: Entry, home: Path) -> Path:
    """Find the notebook of an entry: a path from the plan's folder, or a name."""
    try:
        return _found(entry.notebook, home)
    except DataNotFoundError as error:
        for form in ("NFC", "NFD"):  # an accent has two spellings, which look the same
            with suppress(DataNotFoundError):
                return _found(unicodedata.normalize(form, entry.notebook), home)
        raise _FaultError(entry.line, error.said) from None


def _found(name: str, home: Path) -> Path:
    beside = home / "notebooks" / f"{name}.ipynb"
    is_path = name.endswith(".ipynb")
    if not is_path and Path(name).name == name and beside.is_file():
        return beside
    return find_notebook(home / name if is_path else name)


def _choices(
    entry: Entry, notebook: Path, taken: Sequence[Parameter], data: Snapshot
) -> dict[str, _Choice]:
    """Check each value of an entry by itself, and spell out `all` and ranges."""
    declared = {parameter.name: parameter for parameter in taken}
    choices = {}
    for name, value in entry.parameters.items():
        by_name: dict[object, int] = {}
        if isinstance(value.value, str | int):
            by_name[value.value] = value.line
        choices[name] = _Choice([_fitted(notebook, taken, name, value, data)], by_name)
    for name, values in entry.grid.items():
        if [value.value for value in values] == [_ALL]:
            choices[name] = _Choice(_everything(notebook, taken, name, values[0], data), {})
            continue
        listed: list[object] = []
        named: dict[object, int] = {}
        for value in values:
            for one, is_named in _spelled_out(value, declared.get(name)):
                fitted = _fitted(notebook, taken, name, Value(one, value.line), data)
                if fitted in listed:
                    fault = said("fault.plan_value_twice", name=name, found=repr(fitted))
                    raise _FaultError(value.line, fault)
                listed.append(fitted)
                if is_named and isinstance(fitted, str | int):
                    named[fitted] = value.line
        choices[name] = _Choice(listed, named)
    return choices


def _fitted(
    notebook: Path, taken: Sequence[Parameter], name: str, value: Value, data: Snapshot
) -> object:
    """Return a value as its parameter takes it, or refuse it with its line."""
    try:
        fitted = check_parameters(notebook, {name: value.value}, taken)[name]
        return fill_in_values(notebook, {name: fitted}, data)[name] if name == "lang" else fitted
    except ParameterError as error:
        raise _FaultError(value.line, error.said) from None


def _everything(
    notebook: Path, taken: Sequence[Parameter], name: str, value: Value, data: Snapshot
) -> list[object] | None:
    """Say what `all` means for a parameter: what the data has, or all the languages."""
    if name not in {parameter.name for parameter in taken}:
        _fitted(notebook, taken, name, value, data)
    if name == "lang":
        return list(data.about.languages)
    if name in KEY:
        return None
    known = ", ".join((*KEY, "lang"))
    raise _FaultError(value.line, said("fault.plan_all", name=name, names=known))


def _spelled_out(value: Value, parameter: Parameter | None) -> Iterator[tuple[object, bool]]:
    """Give the numbers of a range (2020-2023), else the value, and whether it stands by name."""
    found = _RANGE.fullmatch(value.value) if isinstance(value.value, str) else None
    if not found or parameter is None or parameter.type.partition(" ")[0] != "int":
        yield value.value, True
        return
    first, last = int(found[1]), int(found[2])
    if first > last:
        fault = said("fault.plan_range", range=found[0], instead=f"{last}-{first}")
        raise _FaultError(value.line, fault)
    for number in range(first, last + 1):
        yield number, False


def _selectors(taken: Sequence[Parameter], choices: dict[str, _Choice]) -> dict[str, Parameter]:
    """Return the parameters that select rows of the tables, by name."""
    found = {}
    for parameter in taken:
        choice = choices.get(parameter.name, _Choice([parameter.default], {}))
        plain = choice.values is None or all(isinstance(v, str | int) for v in choice.values)
        blank = choice.values == [BLANK.get(parameter.name)]
        if parameter.name in KEY and plain and not blank:
            found[parameter.name] = parameter
    return found


def _selections(
    entry: Entry, selectors: dict[str, Parameter], choices: dict[str, _Choice], rows: Rows
) -> Iterator[Key]:
    """Give the combinations of the selectors that the data has a value for, in order."""
    for name in selectors:
        _refuse_absent(name, choices.get(name), rows)
    wanted = []
    for name, parameter in selectors.items():
        choice = choices.get(name, _Choice([parameter.default], {}))
        wanted.append(None if choice.values is None else {str(v) for v in choice.values})
    counted = [name for name in selectors if name in _COUNTED]
    counts = rows.counts(counted) if entry.at_least > 1 and counted else None
    empty = True
    for key in sorted(rows.keys(list(selectors))):
        if all(some is None or text in some for some, text in zip(wanted, key, strict=True)):
            empty = False
            where = tuple(
                text for name, text in zip(selectors, key, strict=True) if name in counted
            )
            if counts is not None and counts[where] < entry.at_least:
                continue
            pairs = zip(selectors.values(), key, strict=True)
            yield tuple(parse_value(parameter, text, "") for parameter, text in pairs)
    if empty:
        raise _FaultError(entry.line, said("fault.plan_nothing", names=", ".join(selectors)))


def _refuse_absent(name: str, choice: _Choice | None, rows: Rows) -> None:
    """Refuse a value that stands in the plan by name and nowhere in the data."""
    there = {key[0] for key in rows.keys([name])} if choice and choice.lines else set()
    for value, line in choice.lines.items() if choice else ():
        if str(value) not in there:
            near = did_you_mean(str(value), there) if isinstance(value, str) else ""
            fault = said("fault.plan_absent", name=name, found=repr(value), near=near)
            if not near and name != "indicator":
                known = ", ".join(sorted(there))
                fault = said("fault.plan_absent.known", name=name, found=repr(value), names=known)
            raise _FaultError(line, fault)


def _refuse_doubles(entry: Entry, made: Sequence[Job], planned: dict[str, int]) -> None:
    """Refuse a page that two entries make, or that would stand where the index stands."""
    for job in made:
        name = job.name.casefold()
        if name in _TAKEN_NAMES:
            raise _FaultError(entry.line, said("fault.plan_index", page=job.name))
        if planned.setdefault(name, entry.line) != entry.line:
            fault = said("fault.plan_page_twice", page=job.name, line=planned[name])
            raise _FaultError(entry.line, fault)
