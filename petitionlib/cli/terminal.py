"""The contradictions of a check -> a terminal, event by event: sentence, numbers, what to do."""

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from petitionlib.cli.evidence import Printed, numbers_of, place_of
from petitionlib.cli.outcome import Outcome, one_line, quote_findings, sentence, told_events
from petitionlib.tables.frame import records
from petitionlib.text.events import Event
from petitionlib.text.text import Text as Words

__all__ = ["draw", "terminal"]

_MOST: Final = 24  # numbers of one event that are listed
_WIDE: Final = 60
_UNDER: Final = (0, 0, 0, 2)


def terminal() -> Console:
    """Return the terminal that the command runs in; a text is written as it is, never as markup."""
    return Console(markup=False, highlight=False, emoji=False)


def draw(outcome: Outcome, console: Console, text: Words) -> None:
    """Draw the events of an outcome, those that are not known first; then the other checks."""
    listed = told_events(outcome, text)
    numbers = numbers_of(outcome, [event.rows for event, _ in listed], text)
    for known, key in ((False, "contradictions.new"), (True, "contradictions.known")):
        here = [event for event, is_known in listed if is_known == known]
        if here:
            _title(console, text.say(key, file=outcome.known.file), len(here), text)
        for event in here:
            remedy = "" if known else _remedy(outcome, event, text)
            _event(event, next(numbers), remedy, console, text)
    if quotes := quote_findings(outcome):
        _title(console, text.say("quotes.title"), len(quotes), text)
        told = [f"{each.file}:{each.line}  {each.message(text)}" for each in quotes]
        console.print(_list(told), "", sep="\n")
    for verdict, rows in outcome.others.groupby("verdict", sort=False):
        words = text.say(f"verdict.{verdict}")
        _title(console, text.say("also.title", verdict=words), len(rows), text)
        console.print(_list([sentence(text, row) for row in records(rows)]), "", sep="\n")


def _title(console: Console, title: str, count: int, text: Words) -> None:
    console.print("", Text(f"{title}: {text.number(count)}", style="bold underline"), "", sep="\n")


def _event(
    event: Event, numbers: Sequence[Printed], remedy: str, console: Console, text: Words
) -> None:
    """Draw an event: place and period, the sentence, the numbers and their places, what to do."""
    told = one_line(event.told.removeprefix(event.where))
    parts: list[Any] = [Text(told, overflow="fold")]
    if numbers:
        parts += [Text(""), _numbers(numbers[:_MOST], wide=console.width >= _WIDE)]
    if len(numbers) > _MOST:
        more = text.say("event.numbers_more", count=text.number(len(numbers) - _MOST))
        parts.append(Text(more, style="dim"))
    if remedy:
        parts += [Text(""), Text(remedy, overflow="fold")]
    if event.where:
        console.print(Text(one_line(event.where).rstrip("."), style="bold"))
    console.print(*(Padding(part, _UNDER) for part in parts), "", sep="\n")


def _numbers(numbers: Sequence[Printed], *, wide: bool) -> Table:
    """Make a row of each number; in a narrow terminal its place stands below it."""
    table = Table.grid(padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    for name, number, *places in numbers:
        if wide:
            table.add_row(name, number, *(Text(each, style="dim") for each in places))
        else:
            table.add_row(name, number)
            table.add_row(Text("\n".join(filter(None, places)), style="dim", overflow="fold"), "")
    return table


def _remedy(outcome: Outcome, event: Event, text: Words) -> str:
    """Say what to do about an event that is not known."""
    row = event.rows[0]
    if event.is_rule:
        return text.say("todo.rule")
    values = {"line": place_of(outcome, row), "file": outcome.known.file}
    return text.say("todo.later" if row["check"] == "conflict" else "todo.compare", **values)


def _list(told: Sequence[str]) -> Table:
    """Make a paragraph of each sentence."""
    table = Table.grid(padding=(0, 1))
    for line in told:
        table.add_row("•", Text(line, overflow="fold"))
    return table
