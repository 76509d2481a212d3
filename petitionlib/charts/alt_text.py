"""What a chart shows, as text for those who do not see it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from petitionlib.words import capital, say

__all__ = ["bars_told", "line_told", "told"]


def told(alt: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Return what a figure shows, as text for those who do not see it: its `layout.meta`.

    The page reads `alt` aloud in its place, and folds the table below it; the first cell of a row
    names it. plotly draws nothing of it.
    """
    return {"alt": alt, "columns": list(columns), "rows": [list(row) for row in rows]}


def bars_told(items: Iterable[str], lang: str) -> str:
    """Say what bars show, one after the other.

    >>> bars_told(["feedback: 798 petitions", "complaints: 156 petitions"], "en")
    'Bar chart. Feedback: 798 petitions; complaints: 156 petitions.'
    """
    return say("alt.bars", lang, items=capital("; ".join(items)))


def line_told(
    first: int, last: int, items: Iterable[str], breaks: Mapping[int, str], lang: str
) -> str:
    """Say from which year to which lines run, what they show, and where they break."""
    alt = say("alt.line", lang, first=first, last=last, items=capital("; ".join(items)))
    if breaks:
        alt = say("alt.breaks", lang, alt=alt, breaks="; ".join(breaks.values()))
    return alt
