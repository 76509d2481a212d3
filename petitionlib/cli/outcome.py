"""What a check of the data found: the ledger, its events, and what is told as findings."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from petitionlib.checks.known import mark_known, stale_known
from petitionlib.checks.quotes import DIFFERS, look_up
from petitionlib.checks.reconcile import reconcile
from petitionlib.errors import Problem, Said, TableError, said
from petitionlib.files import shown_path
from petitionlib.tables.folder import PRINTED
from petitionlib.tables.frame import Row, records
from petitionlib.tables.known import Known, read_known
from petitionlib.tables.read import read_table, read_tables
from petitionlib.tables.texts import figure_lines
from petitionlib.text.checks import contradiction, located, with_reason
from petitionlib.text.events import Event, events
from petitionlib.text.text import Text

__all__ = [
    "SHAPE", "Finding", "Outcome", "event_findings", "examine", "faults", "findings", "one_line",
    "quote_findings", "sentence", "stale", "told_events",
]  # fmt: skip

_EVENT: Final = "event"
_QUOTE: Final = "quote"
SHAPE: Final = ("level", "file", "line", "code", "message")


class Outcome(NamedTuple):
    """A folder or a table that is well-formed, its ledger, and which contradictions are known.

    `others` are the checks with another verdict that were asked for, with the same columns;
    `quotes` the numbers looked up in the texts of their sources, `lines` where figures stand.
    """

    path: Path
    table: pd.DataFrame
    ledger: pd.DataFrame
    contradictions: pd.DataFrame
    known: Known
    stale: list["Finding"]
    others: pd.DataFrame
    quotes: pd.DataFrame | None
    lines: Mapping[tuple[str, ...], tuple[str, int]]


def examine(path: Path, also: Sequence[str] = (), texts: Path | None = None) -> Outcome:
    """Read a folder of tables, or one table, with the known.csv beside it, and reconcile it.

    `also` names verdicts besides `contradicts` whose checks are wanted, too; `texts` is a folder of
    the texts of sources, in which the numbers are looked up.

    Raises `TableError` with every fault of every file. Rows of known.csv go stale only for a
    folder: one table need not hold what the others are checked against.
    """
    table = read_table(path) if path.is_file() else read_tables(path)
    known = read_known(path if path.is_dir() else path.parent)
    quotes = None if texts is None else look_up(table, _read_texts(texts, table))
    ledger = reconcile(table)
    old = stale(known, stale_known(ledger, known) if path.is_dir() else [])
    marked = mark_known(ledger, known)
    others = pd.concat([ledger[ledger["verdict"] == one] for one in ["", *dict.fromkeys(also)]])
    others = others.reset_index(drop=True)
    others = others.assign(known=False, **dict.fromkeys(_reasons(marked), ""))
    lines = figure_lines(path) if len(marked) or len(others) or quotes is not None else {}
    marked, others = (_with_place(rows, table, lines) for rows in (marked, others))
    return Outcome(path, table, ledger, marked, known, old, others, quotes, lines)


def _reasons(marked: pd.DataFrame) -> list[str]:
    """Return the columns of reasons, in each language."""
    return [name for name in marked.columns if str(name).partition("_")[0] == "reason"]


def _with_place(
    rows: pd.DataFrame, table: pd.DataFrame, lines: Mapping[tuple[str, ...], tuple[str, int]]
) -> pd.DataFrame:
    """Add where each figure stands: `file` and `line`, and the `locator` in its source."""
    keys = list(PRINTED)
    places = [lines[key] for key in zip(*(rows[name].astype("str") for name in keys), strict=True)]
    found = rows[keys].merge(table[[*keys, "locator"]], "left", on=keys)
    return rows.assign(
        file=pd.Series([file for file, _ in places], dtype="str"),
        line=pd.Series([line for _, line in places], dtype="int64"),
        locator=found["locator"].array,
    )


def _read_texts(folder: Path, table: pd.DataFrame) -> dict[str, str]:
    """Read the texts of a table's sources that are in a folder, `<source>.txt`."""
    texts, problems = {}, []
    for source in table["source"].unique():
        path = folder / f"{source}.txt"
        if not path.is_file():
            continue
        try:
            texts[str(source)] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            fault = said("fault.not_utf_eight")
            problems.append(Problem(shown_path(path), None, None, None, *fault))
    if problems:
        raise TableError(problems)
    return texts


def told_events(outcome: Outcome, text: Text) -> list[tuple[Event, bool]]:
    """Return the events of an outcome and whether each is known, those that are not first."""
    found = events(text, outcome.ledger, outcome.contradictions)
    listed = [(event, all(row["known"] for row in event.rows)) for event in found]
    return sorted(listed, key=lambda pair: pair[1])


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
        if self.code == _QUOTE:
            return _quoted(text, self.values)
        return Said(self.code, self.values).told(text.lang)

    def told(self, text: Text) -> str:
        """Write it with the file and the line first."""
        if self.code == _QUOTE:
            fault = said("fault.text", text=self.message(text))
            return Problem(*self[1:5], *fault).told(text.lang)
        return Problem(*self[1:]).told(text.lang)

    def as_dict(self, text: Text) -> dict[str, object]:
        """Return it for programs; of a check the columns of its row stand beside the rest."""
        shape = self._asdict() | {"message": self.message(text)}
        if self.is_check or self.code == _QUOTE:
            row = {name: None if pd.isna(cell) else cell for name, cell in self.values.items()}
            return {name: shape[name] for name in SHAPE} | row
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


def stale(known: Known, rows: Iterable[tuple[int, str]]) -> list[Finding]:
    """Return rows of known.csv that name no contradiction, or another number."""
    return [
        Finding("notice", known.file, line, None, None, f"known.{how}", {}) for line, how in rows
    ]


def event_findings(outcome: Outcome, text: Text) -> list[Finding]:
    """Return the events of an outcome as findings, each at the line of its first row."""
    found = []
    for event, known in told_events(outcome, text):
        row = {**event.rows[0], "known": known}
        values = {"told": event.told, **row}
        found.append(_finding(row)._replace(code=_EVENT, values=values))
    return found


def quote_findings(outcome: Outcome) -> list[Finding]:
    """Return the numbers that stand in no number of their paragraph."""
    if outcome.quotes is None:
        return []
    found = []
    for row in records(outcome.quotes[outcome.quotes["verdict"] == DIFFERS]):
        file, line = outcome.lines[tuple(str(row[name]) for name in PRINTED)]
        found.append(Finding("warning", file, line, row["column"], row["printed"], _QUOTE, row))
    return found


def _quoted(text: Text, row: Mapping[str, Any]) -> str:
    """Say that a number does not stand in its paragraph, and which one there is near it."""
    name = text.indicator(row["indicator"])
    if row["column"] != "value":
        name = text.say("check.change", name=name)
    percent = row["column"] == "change_percent" or text.unit(row["indicator"]) == "percent"
    decimals = len(row["printed"].partition(".")[2])
    told = {
        which: text.figure(float(row[which]), "percent" * percent, decimals=decimals)
        for which in ("printed", "near") if row[which]
    }  # fmt: skip
    where = f"{text.place(row['place'])}, {text.period(row['span'], row['year'])}. "
    values = {"name": name, "locator": located(text, row["locator"]), "source": row["source"]}
    key = "quote" if row["near"] else "quote.none"
    return one_line(where + text.say(key, **values, **told))


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
