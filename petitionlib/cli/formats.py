"""What a check of the data found -> lines of text, JSON, CSV, or commands of a GitHub workflow."""

import csv
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.checks.known import draft_known, mark_known, other_numbers, stale_known
from petitionlib.checks.reconcile import reconcile
from petitionlib.errors import Problem
from petitionlib.tables.frame import Row, records
from petitionlib.tables.known import Known, read_known
from petitionlib.tables.read import figure_lines, read_table, read_tables
from petitionlib.tables.validate import KEY
from petitionlib.text.checks import contradiction, count_verdicts, summary, with_reason
from petitionlib.text.text import Text

__all__ = [
    "Outcome",
    "as_commands",
    "as_csv",
    "as_json",
    "as_lines",
    "closing_lines",
    "examine",
    "fault_commands",
    "faults_as_json",
    "missing_lines",
    "one_line",
    "opening_lines",
    "sentence",
    "stale_lines",
]

_LOOSE: Final = ("unexplained", "truncated")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Outcome(NamedTuple):
    """A folder or a table that is well-formed, its ledger, and which contradictions are known.

    `others` are the checks with another verdict that were asked for, with the same columns.
    """

    path: Path
    table: pd.DataFrame
    ledger: pd.DataFrame
    contradictions: pd.DataFrame
    known: Known
    stale: list[tuple[int, str]]
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
    stale = stale_known(ledger, known) if path.is_dir() else []
    marked = _with_lines(mark_known(ledger, known), path)
    others = pd.concat([ledger[ledger["verdict"] == one] for one in ["", *dict.fromkeys(also)]])
    others = _with_lines(
        others.reset_index(drop=True).assign(known=False, reason="", reason_vi=""), path
    )
    return Outcome(path, table, ledger, marked, known, stale, others)


def _with_lines(contradictions: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Add where each contradicting number stands: `file` and `line`."""
    lines = figure_lines(path) if len(contradictions) else {}
    keys = zip(*(contradictions[name].astype("str") for name in KEY), strict=True)
    places = [lines[key] for key in keys]
    return contradictions.assign(
        file=pd.Series([file for file, _ in places], dtype="str"),
        line=pd.Series([line for _, line in places], dtype="int64"),
    )


def as_lines(outcome: Outcome, text: Text, *, hint: bool = True) -> list[str]:
    """Write the outcome for a log: what was read, the summary, a line each contradiction."""
    marked = outcome.contradictions.sort_values("known", kind="stable")
    rows = [row for part in (marked, outcome.others) for row in records(part)]
    lines = [sentence(text, row) for row in rows]
    closing = closing_lines(outcome, text, hint=hint)
    return [*opening_lines(outcome, text), *lines, *closing]


def opening_lines(outcome: Outcome, text: Text) -> list[str]:
    """Say what was read and how the checks of it ended."""
    counts = {"figures": len(outcome.table)}
    counts |= {f"{name}s": outcome.table[name].nunique() for name in ("place", "year")}
    counted = {
        name: text.say(f"counted.{name}" + ".one" * (number == 1), count=text.number(number))
        for name, number in counts.items()
    }
    read = text.say("well_formed", path=outcome.path, **counted)
    return [read, summary(text, outcome.ledger)]


def closing_lines(outcome: Outcome, text: Text, *, hint: bool = True) -> list[str]:
    """Say how many contradictions are known, and which rows of known.csv are stale."""
    marked, lines = outcome.contradictions, []
    if len(marked):
        count, known = (text.number(n) for n in (len(marked), marked["known"].sum()))
        line = text.say("known.listed", count=count, file=outcome.known.file, known=known)
        lines = [text.say("known.hint", line=line) if hint and known != count else line]
    if hint and outcome.others.empty and outcome.ledger["verdict"].isin(_LOOSE).any():
        lines.append(text.say("also.hint"))
    return lines + stale_lines(outcome, text)


def stale_lines(outcome: Outcome, text: Text) -> list[str]:
    """Name the rows of known.csv that name no contradiction any more."""
    return [_stale_line(outcome, line, how, text) for line, how in outcome.stale]


def missing_lines(outcome: Outcome, text: Text) -> str:
    """Say that known.csv lacks rows, what to do, and write them ready to paste; else blank."""
    others = [
        _stale_line(outcome, line, "other_number", text)
        for line in other_numbers(outcome.contradictions, outcome.known)
    ]
    count = int((~outcome.contradictions["known"]).sum()) - len(others)
    if not count:
        return "\n".join(others)
    number = text.number(count)
    remedy = text.say("known.missing", count=number, file=outcome.known.file)
    draft = draft_known(outcome.contradictions, outcome.known).rstrip("\n")
    return "\n".join([*others, remedy, draft])


def _stale_line(outcome: Outcome, line: int, how: str, text: Text) -> str:
    message = text.say(f"known.{how}")
    return text.say("known.at", file=outcome.known.file, line=line, message=message)


def as_json(outcome: Outcome) -> str:
    """Write the outcome as one JSON object; what is missing is null."""
    file = outcome.known.file
    stale = [
        {"file": file, "line": line, "message": Text("en").say(f"known.{how}")}
        for line, how in outcome.stale
    ]
    content = {
        "data": str(outcome.path),
        "figures": len(outcome.table),
        "verdicts": count_verdicts(outcome.ledger),
        "contradictions": _records(outcome.contradictions),
        "others": _records(outcome.others),
        "stale": stale,
        "faults": [],
    }
    return _json(content)


def faults_as_json(path: Path | None, problems: Iterable[Problem]) -> str:
    """Write the faults of tables that cannot be checked, with the keys of `as_json`."""
    faults = [problem._asdict() for problem in problems]
    return _json({
        "data": None if path is None else str(path), "figures": None, "verdicts": {},
        "contradictions": [], "others": [], "stale": [], "faults": faults,
    })  # fmt: skip


def as_csv(outcome: Outcome) -> str:
    """Write the contradictions, and what else was asked for, as CSV.

    A text that a spreadsheet would compute is quoted.
    """
    rows = outcome.contradictions
    if not outcome.others.empty:
        rows = pd.concat([rows, outcome.others], ignore_index=True)
    texts = rows.select_dtypes(exclude=["number", "bool"]).columns
    rows = rows.assign(**{name: rows[name].map(_no_formula) for name in texts})
    return rows.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)


def as_commands(outcome: Outcome, text: Text) -> list[str]:
    """Write each contradiction as a command that annotates its line: a warning, unless known.

    What else was asked for is a notice.
    """
    commands = []
    rows = [row for part in (outcome.contradictions, outcome.others) for row in records(part)]
    for row in rows:
        kind = "notice" if row["known"] or row["verdict"] != "contradicts" else "warning"
        commands.append(_command(kind, row["file"], int(row["line"]), sentence(text, row)))
    for line, how in outcome.stale:
        commands.append(_command("notice", outcome.known.file, line, text.say(f"known.{how}")))
    return commands


def fault_commands(problems: Iterable[Problem]) -> list[str]:
    """Write each fault as a command that marks its line as an error."""
    return [_command("error", fault.file, fault.line, fault.message) for fault in problems]


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


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
        for row in rows.to_dict("records")
    ]


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _command(kind: str, file: str, line: int | None, message: str) -> str:
    where = f"file={_property(file)}" + ("" if line is None else f",line={line}")
    return f"::{kind} {where}::{_escaped(message)}"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
