"""What a check of the data found -> lines of text, JSON, CSV, or commands of a GitHub workflow."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from petitionlib.checks.known import draft_known, other_numbers
from petitionlib.checks.quotes import DIFFERS, NOT_FOUND, NOT_LOOKED_UP
from petitionlib.cli.outcome import (
    SHAPE,
    Finding,
    Outcome,
    faults,
    findings,
    one_line,
    quote_findings,
    stale,
    told_events,
)
from petitionlib.codebook.codes import NUMBERS
from petitionlib.codebook.entries import about, entries
from petitionlib.errors import Problem
from petitionlib.tables.folder import PRINTED
from petitionlib.text.checks import count_verdicts, summary
from petitionlib.text.text import Text
from petitionlib.words import LANGUAGES, words

__all__ = [
    "as_commands", "as_csv", "as_json", "as_lines", "closing_lines", "missing_lines",
    "opening_lines", "quotes_line",
]  # fmt: skip

_LOOSE: Final = ("unexplained", "truncated")
_SAID_BY_US: Final = (
    "fault.",
    "kind.",
    "cli.",
    "batch.",
    "explain.",
)  # in the languages of the library
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


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


def closing_lines(outcome: Outcome, text: Text, *, hint: bool = True) -> list[str]:
    """Say which rows of known.csv are stale, what else can be listed, and how many events are."""
    marked, lines = outcome.contradictions, [each.told(text) for each in outcome.stale]
    if hint and outcome.others.empty and outcome.ledger["verdict"].isin(_LOOSE).any():
        lines.append(text.say("also.hint"))
    lines += filter(None, [quotes_line(outcome, text)])
    if marked.empty:
        return [*lines, text.say("known.none")] if len(outcome.ledger) else lines
    listed = told_events(outcome, text)
    known = sum(is_known for _, is_known in listed)
    counts = {"count": len(marked), "events": len(listed), "known": known}
    numbers = {name: text.number(number) for name, number in counts.items()}
    line = text.say("known.listed", file=outcome.known.file, **numbers)
    return [*lines, text.say("known.hint", line=line) if hint and known != len(listed) else line]


def quotes_line(outcome: Outcome, text: Text) -> str:
    """Say how many numbers were looked up in texts, and with what result; blank if none was."""
    if outcome.quotes is None:
        return ""
    found = outcome.quotes["verdict"].value_counts()
    counts = {name: int(found.get(name, 0)) for name in (DIFFERS, NOT_FOUND, NOT_LOOKED_UP)}
    counts["looked_up"] = len(outcome.quotes) - counts[NOT_LOOKED_UP]
    return text.say("quotes.counted", **{name: text.number(n) for name, n in counts.items()})


def missing_lines(outcome: Outcome, text: Text) -> str:
    """Say that known.csv lacks rows, what to do, and write them ready to paste; else blank."""
    rows = ((line, "other_number") for line in other_numbers(outcome.contradictions, outcome.known))
    others = [each.told(text) for each in stale(outcome.known, rows)]
    draft = draft_known(outcome.contradictions, outcome.known).rstrip("\n")
    count = sum(not known for _, known in told_events(outcome, text)) - len(others)
    if count <= 0:
        return "\n".join(others)
    remedy = text.say("known.missing", count=text.number(count), file=outcome.known.file)
    return "\n".join([*others, remedy, draft])


def as_json(
    path: Path, outcome: Outcome | None, problems: Iterable[Problem] = (), *, text: Text
) -> str:
    """Write what was found as one JSON object; what is missing is null.

    Tables with faults have no outcome: they cannot be checked.
    """
    listed: dict[str, list[Finding]] = {
        "contradictions": [], "others": [], "quotes": [], "stale": [],
    }  # fmt: skip
    if outcome is not None:
        listed = {
            "contradictions": findings(outcome.contradictions),
            "others": findings(outcome.others),
            "quotes": quote_findings(outcome),
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
            **{name: event.rows[0][name] for name in ("file", "line", "locator", *PRINTED)},
        }
        for event, known in told_events(outcome, text)
    ]


def as_csv(found: Sequence[Finding], text: Text) -> str:
    """Write findings of one kind as CSV; a text that a spreadsheet would compute is quoted."""
    rows = [each.as_dict(text) for each in found]
    for row in rows:
        row.pop("values", None)
    names = list(rows[0]) if rows else SHAPE
    written = io.StringIO()
    writer = csv.DictWriter(written, names, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows({name: _no_formula(cell) for name, cell in row.items()} for row in rows)
    return written.getvalue()


def as_lines(outcome: Outcome, text: Text, *, hint: bool = True) -> list[str]:
    """Write the outcome for a log: what was read, the summary, a line each event."""
    told = [one_line(event.told) for event, _ in told_events(outcome, text)]
    told += [each.told(text) for each in quote_findings(outcome)]
    lines = [*told, *(each.message(text) for each in findings(outcome.others))]
    closing = closing_lines(outcome, text, hint=hint)
    return [*opening_lines(outcome, text), *lines, *closing]


def as_commands(found: Iterable[Finding], text: Text) -> list[str]:
    """Write findings as commands of a GitHub workflow, each of which annotates its line."""
    return [_command(each, text) for each in found]


def _no_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _command(found: Finding, text: Text) -> str:
    where = f"file={_property(found.file)}" + (f",line={found.line}" if found.line else "")
    return f"::{found.level} {where}::{_escaped(found.message(text))}"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
