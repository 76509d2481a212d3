"""What contradicts, event by event -> sentences: rows of one reason are told once."""

from collections.abc import Mapping
from html import escape
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.tables.frame import Row, records
from petitionlib.text.checks import (
    contradiction,
    contradictions,
    notable,
    printed,
    publisher,
    summary,
    where,
    with_reason,
)
from petitionlib.text.names import Names
from petitionlib.text.nothing import nothing_bundle
from petitionlib.text.show import shown

__all__ = ["Event", "Told", "doubtful_rules", "events", "ledger"]

_BY_RULE: Final = ("sum", "bound", "rate")
_RULE: Final = "rule"
_SEVERAL: Final = 3  # contradictions, from which on a rule that nothing confirms is doubted
_AGREES: Final = ("exact", "rounded", "truncated", "holds")
_KEY: Final = ("place", "year", "span", "source")


class Event(NamedTuple):
    """Contradictions of one reason: a suspect, a group that names none, or a later report.

    `rows` are those of the ledger, the one that tells most first; `told` is the sentence, which
    begins with `where`, the place and the period (blank for a rule).
    """

    code: str
    rows: list[Row]
    told: str
    where: str

    @property
    def is_rule(self) -> bool:
        """Tell whether it is a rule that may be wrong."""
        return self.code.startswith(f"{_RULE} ")


def events(text: Names, ledger: pd.DataFrame, rows: pd.DataFrame | None = None) -> list[Event]:
    """Return the contradictions of a ledger event by event, those of most checks first.

    `rows` are the contradictions, if they have been picked already (with more columns).
    """
    rows = ledger[ledger["verdict"] == "contradicts"] if rows is None else rows
    found: dict[str, list[Row]] = {}
    doubtful = doubtful_rules(ledger)
    for row in records(rows):
        rule = row["check"] in _BY_RULE and row["identity"] in doubtful
        found.setdefault(f"{_RULE} {row['identity']}" if rule else row["event"], []).append(row)
    vouchers = _vouchers(ledger, rows)
    listed = []
    for code, those in ((code, _leading_first(those)) for code, those in found.items()):
        event = Event(code, those, "", "")
        here = "" if event.is_rule else where(text, those[0])
        listed.append(Event(code, those, _told(text, event, vouchers), here))
    return sorted(listed, key=lambda event: -len(event.rows))


def doubtful_rules(ledger: pd.DataFrame) -> list[str]:
    """Return the rates and identities that no figure of a ledger confirms and three contradict.

    >>> from petitionlib import read_tables, reconcile
    >>> doubtful_rules(reconcile(read_tables()))
    []
    """
    rows = ledger[ledger["check"].isin(_BY_RULE)]
    identity = rows["identity"].astype("str")
    confirmed = {*identity[rows["verdict"].isin(_AGREES)]}
    wrong = identity[(rows["verdict"] == "contradicts").to_numpy()].value_counts()
    return [
        str(name)
        for name, count in wrong.items()
        if count >= _SEVERAL and name not in confirmed and not str(name).startswith("children:")
    ]


class Told(str):
    """Sentences, a line each; a notebook shows the rows of each event folded below its own.

    Without `html` it is the reason why there is nothing to tell.
    """

    __slots__ = ("html",)
    html: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        if not self.html:
            return nothing_bundle(self)
        return {"text/plain": str(self), "text/html": self.html}


def ledger(text: Names, rows: pd.DataFrame) -> Told:
    """Write what does not add up in a ledger, a sentence a line, after a summary of all checks."""
    if rows.empty:
        told = Told(text.say("ledger.nothing"))
        told.html = ""
        return told
    listed = [(event.told, event.rows) for event in events(text, rows)]
    others: list[tuple[str, list[Row]]] = [(line, []) for line in notable(text, rows)]
    return _told_with_rows(text, [(summary(text, rows), []), *listed, *others])


def _told_with_rows(text: Names, lines: list[tuple[str, list[Row]]]) -> Told:
    """Make the sentences, and as HTML each with its rows below it, where it has several."""
    told = Told("\n".join(line for line, _ in lines))
    parts = []
    for line, rows in lines:
        parts.append(f'<p class="reading">{escape(line, quote=False)}</p>')
        if len(rows) > 1:
            table = shown(text, contradictions(text, pd.DataFrame(rows))).html
            count = text.say("event.rows", count=text.number(len(rows)))
            parts.append(f"<details><summary>{escape(count)}</summary>\n{table}\n</details>")
    told.html = "\n".join(parts)
    return told


def _leading_first(rows: list[Row]) -> list[Row]:
    """Put the row first whose printed number is the suspect itself."""
    return sorted(rows, key=lambda row: str(row["suspect"]) != row["indicator"])


def _told(text: Names, event: Event, vouchers: Mapping[tuple[str, ...], int]) -> str:
    """Write an event as one line: where, what, what would fit, who printed it, what is known."""
    rows, row = event.rows, event.rows[0]
    if event.is_rule:
        return _of_rule(text, rows)
    if row["check"] == "conflict" and len(rows) > 1:
        return with_reason(text, _later(text, rows), row)
    more = [_vouched(text, row, vouchers)]
    if len(rows) > 1:
        more.append(text.say(_counted("more", len(rows) - 1), count=text.number(len(rows) - 1)))
    return with_reason(text, contradiction(text, row, " ".join(filter(None, more))), row)


def _of_rule(text: Names, rows: list[Row]) -> str:
    """Say that a rule may be wrong, where it stands, and the other total that would fit."""
    row = rows[0]
    file = "indicators.csv" if row["check"] == "rate" else "identities.csv"
    told = text.say(
        "event.rule", rule=row["identity"], count=text.number(len(rows)), file=f"codebook/{file}"
    )
    parts = {str(each["cause_part"]) for each in rows if each["cause"] == "other_base"}
    if len(parts) != 1 or not all(each["cause"] == "other_base" for each in rows):
        return told
    return f"{told} {text.say('event.rule.base', part=text.indicator(*parts))}"


def _later(text: Names, rows: list[Row]) -> str:
    """Say that a later report prints other figures than earlier ones did."""
    row = rows[0]
    earlier = dict.fromkeys(publisher(text, str(each["source"])) for each in rows)
    figures = len({str(each["indicator"]) for each in rows})
    return where(text, row) + text.say(
        "event.later",
        later=publisher(text, str(row["identity"])),
        count=text.number(figures),
        earlier=", ".join(earlier),
    )


def _vouchers(ledger: pd.DataFrame, rows: pd.DataFrame) -> dict[tuple[str, ...], int]:
    """Count the checks that agree with each figure under a check that contradicts."""
    wanted = {_figure(row): 0 for row in records(rows)}
    here = {"\n".join(key[:1] + key[2:]) for key in wanted}
    sound = ledger[ledger["verdict"].isin(_AGREES) & ~ledger["check"].isin(["conflict", "scale"])]
    keys = sound["place"].astype("str")
    for name in _KEY[1:]:
        keys += "\n" + sound[name].astype("str")
    for row in records(sound[keys.isin(here)]):
        codes = {str(row["indicator"]), *str(row["parts"]).split(" + ")}
        for code in codes:
            key = (str(row["place"]), code, *(str(row[name]) for name in _KEY[1:]))
            if key in wanted:
                wanted[key] += 1
    return wanted


def _counted(name: str, count: int) -> str:
    return f"event.{name}" + ".one" * (count == 1)


def _figure(row: Row) -> tuple[str, ...]:
    """Name the figure under check: place, indicator, year, span and source."""
    return (str(row["place"]), str(row["indicator"]), *(str(row[name]) for name in _KEY[1:]))


def _vouched(text: Names, row: Row, vouchers: Mapping[tuple[str, ...], int]) -> str:
    """Say that other checks agree with the printed number, where another one is the suspect."""
    if not row["suspect"] or row["suspect"] == row["indicator"] or " + " in str(row["suspect"]):
        return ""
    count = vouchers.get(_figure(row), 0)
    if not count:
        return ""
    return text.say(
        _counted("vouched", count), printed=printed(text, row), count=text.number(count)
    )
