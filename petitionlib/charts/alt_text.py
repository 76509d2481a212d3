"""What a chart shows, as text for those who do not see it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from petitionlib.text.text import Text
from petitionlib.words import capital

__all__ = ["bars_alt", "line_alt", "meta"]


def meta(alt: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Return what a figure shows, as its `layout.meta`: an alternative text and a table.

    The page reads `alt` aloud in its place, and folds the table below it; the first cell of a row
    names it. plotly draws nothing of it.
    """
    return {"alt": alt, "columns": list(columns), "rows": [list(row) for row in rows]}


def bars_alt(text: Text, items: Iterable[str]) -> str:
    """Say what bars show, one after the other.

    >>> bars_alt(Text("en"), ["feedback: 798 petitions", "complaints: 156 petitions"])
    'Bar chart. Feedback: 798 petitions; complaints: 156 petitions.'
    """
    return text.say("alt.bars", items=capital("; ".join(items)))


def line_alt(
    text: Text, first: int, last: int, items: Iterable[str], breaks: Mapping[int, str]
) -> str:
    """Say from which year to which lines run, what they show, and where they break."""
    alt = text.say("alt.line", first=first, last=last, items=capital("; ".join(items)))
    if breaks:
        alt = text.say("alt.breaks", alt=alt, breaks="; ".join(breaks.values()))
    return alt
