"""What a check of the data found -> lines of text, JSON, CSV, or commands of a GitHub workflow."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from petitionlib.checks.known import draft_known, mark_known, other_numbers, stale_known
from petitionlib.checks.reconcile import reconcile
from petitionlib.codebook.codes import NUMBERS
from petitionlib.codebook.entries import about, entries
from petitionlib.errors import Problem, Said
from petitionlib.tables.folder import PRINTED
from petitionlib.tables.frame import Row, records
from petitionlib.tables.known import Known, read_known
from petitionlib.tables.read import read_table, read_tables
from petitionlib.tables.texts import figure_lines
from petitionlib.text.checks import contradiction, count_verdicts, summary, with_reason
from petitionlib.text.events import Event, events
from petitionlib.text.text import Text
from petitionlib.words import LANGUAGES, words

__all__ = [
    "Finding",
    "Outcome",
    "as_commands",
    "as_csv",
    "as_json",
    "as_lines",
    "closing_lines",
    "event_findings",
    "examine",
    "faults",
    "findings",
    "missing_lines",
    "one_line",
    "opening_lines",
    "sentence",
    "told_events",
]

_LOOSE: Final = ("unexplained", "truncated")
_SAID_BY_US: Final = ("fault.", "kind.", "cli.", "batch.")  # in the languages of the library
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_EVENT: Final = "event"
_SHAPE: Final = ("level", "file", "line", "code", "message")


class Outcome(NamedTuple):
    """A folder or a table that is well-formed, its ledger, and which contradictions are known.

    `others` are the checks with another verdict that were asked for, with the same columns.
    """

    path: Path
    table: pd.DataFrame
    ledger: pd.DataFrame
    contradictions: pd.DataFrame
    known: Known
    stale: list["Finding"]
    others: pd.DataFrame


def examine(path: Path, also: Sequence[str] = ()) -> Outcome:
    """Read a folder of tables, or one table, with the known.csv beside it, and reconcile it.

    `also` names verdicts besides `contradicts` whose checks are wanted, too.

    Raises `TableError` with every fault of every file. Rows of known.csv go stale only for a
    folder: one table need not hold what the others are checked against.
    """
    table = read_table(path) if path.is_file() else read_tables(path)
    known = read_known(path if path.is_dir() else path.parent)
    ledger = reconcile(table)
    stale = _stale(known, stale_known(ledger, known) if path.is_dir() else [])
    marked = _with_lines(mark_known(ledger, known), path)
    others = pd.concat([ledger[ledger["verdict"] == one] for one in ["", *dict.fromkeys(also)]])
    others = _with_lines(
        others.reset_index(drop=True).assign(known=False, **dict.fromkeys(_reasons(marked), "")),
        path,
    )
    return Outcome(path, table, ledger, marked, known, stale, others)


def _reasons(marked: pd.DataFrame) -> list[str]:
    """Return the columns of reasons, in each language."""
    return [name for name in marked.columns if str(name).partition("_")[0] == "reason"]


def _with_lines(contradictions: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Add where each contradicting number stands: `file` and `line`."""
    lines = figure_lines(path) if len(contradictions) else {}
    keys = zip(*(contradictions[name].astype("str") for name in PRINTED), strict=True)
    places = [lines[key] for key in keys]
    return contradictions.assign(
        file=pd.Series([file for file, _ in places], dtype="str"),
        line=pd.Series([line for _, line in places], dtype="int64"),
    )


def opening_lines(outcome: Outcome, text: Text) -> list[str]:
    """Say what was read and how the checks of it ended."""
    numbers = [name for name in NUMBERS if name in outcome.table.columns]
    counts = {"figures": int(outcome.table[numbers].notna().any(axis="columns").sum())}
    counts |= {f"{name}s": outcome.table[name].nunique() for name in ("place", "year")}
    counted = {
        name: text.say(f"counted.{name}" + ".one" * (number == 1), count=text.number(number))
        for name, number in counts.items()
    }
    read = text.say("well_formed", path=outcome.path, **counted)
    return [read, *_missing_words(text), summary(text, outcome.ledger)]


def _missing_words(text: Text) -> Iterator[str]:
    """Say of each further language of the codebook how many sentences it lacks."""
    own, keys = entries("words", text), [key for key in words() if not key.startswith(_SAID_BY_US)]
    first = next(lang for lang in (*about(text).languages, *LANGUAGES) if lang in LANGUAGES)
    for lang in about(text).languages:
        lacking = sum(not own.get(key, {}).get(lang) for key in keys)
        if lang not in LANGUAGES and lacking:
            counted = {"count": text.number(lacking), "all": text.number(len(keys))}
            yield text.say("words.missing", lang=lang, first=first, **counted)


def told_events(outcome: Outcome, text: Text) -> list[tuple[Event, bool]]:
    """Return the events of an outcome and whether each is known, those that are not first."""
    found = events(text, outcome.ledger, outcome.contradictions)
    listed = [(event, all(row["known"] for row in event.rows)) for event in found]
    return sorted(listed, key=lambda pair: pair[1])


def closing_lines(outcome: Outcome, text: Text, *, hint: bool = True) -> list[str]:
    """Say how many events there are and are known, and which rows of known.csv are stale."""
    marked, lines = outcome.contradictions, []
    if len(marked):
        listed = told_events(outcome, text)
        known = sum(is_known for _, is_known in listed)
        counts = {"count": len(marked), "events": len(listed), "known": known}
        numbers = {name: text.number(number) for name, number in counts.items()}
        line = text.say("known.listed", file=outcome.known.file, **numbers)
        lines = [text.say("known.hint", line=line) if hint and known != len(listed) else line]
    if hint and outcome.others.empty and outcome.ledger["verdict"].isin(_LOOSE).any():
        lines.append(text.say("also.hint"))
    return lines + [each.told(text) for each in outcome.stale]


def missing_lines(outcome: Outcome, text: Text) -> str:
    """Say that known.csv lacks rows, what to do, and write them ready to paste; else blank."""
    rows = ((line, "other_number") for line in other_numbers(outcome.contradictions, outcome.known))
    others = [each.told(text) for each in _stale(outcome.known, rows)]
    draft = draft_known(outcome.contradictions, outcome.known).rstrip("\n")
    count = sum(not known for _, known in told_events(outcome, text)) - len(others)
    if count <= 0:
        return "\n".join(others)
    remedy = text.say("known.missing", count=text.number(count), file=outcome.known.file)
    return "\n".join([*others, remedy, draft])


class Finding(NamedTuple):
    """One thing that a check tells: how grave it is, where it stands, and a code with values.

    `level` is `error` for a fault, `warning` for a contradiction that is not known, else `notice`.
    The values of a check are its row of the ledger, and its code is its verdict.
    """

    level: str
    file: str
    line: int | None
    column: str | None
    found: str | None
    code: str
    values: Mapping[str, Any]

    @property
    def is_check(self) -> bool:
        """Tell a check of the ledger from a fault of a file."""
        return self.code.startswith("verdict.")

    def message(self, text: Text) -> str:
        """Write it without its place in the files."""
        if self.code == _EVENT:
            return one_line(self.values["told"])
        if self.is_check:
            return sentence(text, self.values)
        return Said(self.code, self.values).told(text.lang)

    def told(self, text: Text) -> str:
        """Write it with the file and the line first."""
        return Problem(*self[1:]).told(text.lang)

    def as_dict(self, text: Text) -> dict[str, object]:
        """Return it for programs; of a check the columns of its row stand beside the rest."""
        shape = self._asdict() | {"message": self.message(text)}
        if self.is_check:
            row = {name: None if pd.isna(cell) else cell for name, cell in self.values.items()}
            return {name: shape[name] for name in _SHAPE} | row
        return shape | Said(self.code, self.values).as_dict()


def faults(problems: Iterable[Problem]) -> list[Finding]:
    """Return the faults of tables that cannot be checked."""
    return [Finding("error", *problem) for problem in problems]


def findings(rows: pd.DataFrame) -> list[Finding]:
    """Return the checks of an outcome: rows of its `contradictions` or its `others`."""
    return [_finding(row) for row in records(rows)]


def _finding(row: dict[str, Any]) -> Finding:
    level = "notice" if row["known"] or row["verdict"] != "contradicts" else "warning"
    return Finding(level, row["file"], row["line"], None, None, f"verdict.{row['verdict']}", row)


def _stale(known: Known, rows: Iterable[tuple[int, str]]) -> list[Finding]:
    """Return rows of known.csv that name no contradiction, or another number."""
    return [
        Finding("notice", known.file, line, None, None, f"known.{how}", {}) for line, how in rows
    ]


def as_json(
    path: Path, outcome: Outcome | None, problems: Iterable[Problem] = (), *, text: Text
) -> str:
    """Write what was found as one JSON object; what is missing is null.

    Tables with faults have no outcome: they cannot be checked.
    """
    listed: dict[str, list[Finding]] = {"contradictions": [], "others": [], "stale": []}
    if outcome is not None:
        listed = {
            "contradictions": findings(outcome.contradictions),
            "others": findings(outcome.others),
            "stale": outcome.stale,
        }
    listed["faults"] = faults(problems)
    content = {
        "data": str(path),
        "figures": None if outcome is None else len(outcome.table),
        "verdicts": {} if outcome is None else count_verdicts(outcome.ledger),
        "events": [] if outcome is None else _as_events(outcome, text),
        **{name: [each.as_dict(text) for each in found] for name, found in listed.items()},
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)


def _as_events(outcome: Outcome, text: Text) -> list[dict[str, object]]:
    """Return the events for programs: the code of their rows, the sentence, how many rows."""
    return [
        {
            "event": event.code,
            "message": one_line(event.told),
            "known": known,
            "contradictions": len(event.rows),
            **{name: event.rows[0][name] for name in ("file", "line", *PRINTED)},
        }
        for event, known in told_events(outcome, text)
    ]


def as_csv(found: Sequence[Finding], text: Text) -> str:
    """Write findings of one kind as CSV; a text that a spreadsheet would compute is quoted."""
    rows = [each.as_dict(text) for each in found]
    for row in rows:
        row.pop("values", None)
    names = list(rows[0]) if rows else _SHAPE
    written = io.StringIO()
    writer = csv.DictWriter(written, names, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows({name: _no_formula(cell) for name, cell in row.items()} for row in rows)
    return written.getvalue()


def as_lines(outcome: Outcome, text: Text, *, hint: bool = True) -> list[str]:
    """Write the outcome for a log: what was read, the summary, a line each event."""
    told = [one_line(event.told) for event, _ in told_events(outcome, text)]
    lines = [*told, *(each.message(text) for each in findings(outcome.others))]
    closing = closing_lines(outcome, text, hint=hint)
    return [*opening_lines(outcome, text), *lines, *closing]


def event_findings(outcome: Outcome, text: Text) -> list[Finding]:
    """Return the events of an outcome as findings, each at the line of its first row."""
    found = []
    for event, known in told_events(outcome, text):
        row = {**event.rows[0], "known": known}
        values = {"told": event.told, **row}
        found.append(_finding(row)._replace(code=_EVENT, values=values))
    return found


def as_commands(found: Iterable[Finding], text: Text) -> list[str]:
    """Write findings as commands of a GitHub workflow, each of which annotates its line."""
    return [_command(each, text) for each in found]


def sentence(text: Text, row: Row) -> str:
    """Write a contradiction as one line: where, what, who printed it, and what is known of it."""
    return one_line(with_reason(text, contradiction(text, row), row))


def one_line(text: str) -> str:
    r"""Write a text of the data as one line without control characters.

    >>> one_line("one\n two\x1b[31m")
    'one two [31m'
    """
    plain = (" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join("".join(plain).split())


def _no_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _command(found: Finding, text: Text) -> str:
    where = f"file={_property(found.file)}" + (f",line={found.line}" if found.line else "")
    return f"::{found.level} {where}::{_escaped(found.message(text))}"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
