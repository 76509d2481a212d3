"""The contradictions of a check -> a table in a terminal, or a list where it is narrow."""

from typing import Final

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from petitionlib.cli.formats import Outcome, one_line, sentence
from petitionlib.tables.frame import records
from petitionlib.text.checks import cause, contradictions
from petitionlib.text.text import Text as Words

__all__ = ["draw", "terminal"]

_WIDE: Final = 100
_NUMBERS: Final = ("printed", "computed", "difference")


def terminal() -> Console:
    """Return the terminal that the command runs in; a text is written as it is, never as markup."""
    return Console(markup=False, highlight=False, emoji=False)


def draw(outcome: Outcome, console: Console, text: Words) -> None:
    """Draw the contradictions of an outcome, those that are not known first; then the others."""
    marked = outcome.contradictions
    if not marked.empty:
        console.print()
    draw_rows = _table if console.width >= _WIDE else _list
    for known, key in ((False, "contradictions.new"), (True, "contradictions.known")):
        rows = marked[marked["known"] == known]
        if not rows.empty:
            title = Text(text.say(key, file=outcome.known.file), style="bold")
            console.print(title, "", draw_rows(rows, text), "", sep="\n")
    for verdict, rows in outcome.others.groupby("verdict", sort=False):
        words = text.say("also.title", verdict=text.say(f"verdict.{verdict}"), count=len(rows))
        console.print(Text(words, style="bold"), "", _list(rows, text), "", sep="\n")


def _table(rows: pd.DataFrame, text: Words) -> Table:
    """Make a row of each contradiction; place and period are written once for those that share."""
    texts = contradictions(text, rows)
    causes = [cause(text, row) for row in records(rows)]
    if any(causes):
        texts[text.say("column.cause")] = causes
    numbers = {text.say(f"column.{name}") for name in _NUMBERS}
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in texts.columns:
        table.add_column(Text(name), justify="right" if name in numbers else "left")
    above = ("", "")
    for place, period, *cells in texts.itertuples(index=False, name=None):
        shown = ["", ""] if (place, period) == above else [place, period]
        table.add_row(*(Text(one_line(cell)) for cell in (*shown, *cells)))
        above = (place, period)
    return table


def _list(rows: pd.DataFrame, text: Words) -> Table:
    """Make a paragraph of each contradiction."""
    table = Table.grid(padding=(0, 1))
    for row in records(rows):
        table.add_row("•", Text(sentence(text, row), overflow="fold"))
    return table
