"""What the petitions of one place and year were about."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from petitionlib.changes.figures import by_source
from petitionlib.charts.alt_text import bars_alt, meta
from petitionlib.charts.bars import bars
from petitionlib.charts.theme import (
    BLUE,
    GREY,
    as_figure,
    as_text,
    bar_label,
    base_layout,
    empty_figure,
)
from petitionlib.codebook.arguments import check_is_tidy, check_known, check_year
from petitionlib.codebook.entries import about, entries
from petitionlib.tables.recency import part_of
from petitionlib.text.numbers import MISSING
from petitionlib.text.text import Text
from petitionlib.words import capital

__all__ = ["composition_numbers", "plot_composition"]

_REST: Final = ""
_KINDS: Final = {
    "whole": "str", "whole_value": "float64", "indicator": "str", "value": "float64",
    "share": "float64",
}  # fmt: skip


def composition_numbers(
    table: pd.DataFrame,
    place: str,
    year: int,
    *,
    span: str | None = None,
    whole: str | None = None,
) -> pd.DataFrame:
    """Return the parts of a whole with their shares, largest first.

    Columns: `whole` and `whole_value`, `indicator` (blank for what the parts leave unexplained),
    `value`, `share` (a fraction of the whole, missing where it is 0). The parts are those of an
    identity of the codebook of which one source published all. Without a `whole`: the first of the
    codebook that has its own kinds (`petitions.received.complaints`); of a codebook that names
    none so, the first that has its parts. No rows where none has.
    """
    parts = _parts_of(table, place, year, span or about(table).default_span, whole)
    return pd.DataFrame(parts, columns=_Part._fields).astype(_KINDS)


class _Part(NamedTuple):
    """A part of a whole; its indicator is blank for what the other parts leave unexplained."""

    whole: str
    whole_value: float
    indicator: str
    value: float
    share: float  # missing of a whole of 0


def _parts_of(
    table: pd.DataFrame, place: str, year: int, span: str, whole: str | None
) -> list[_Part]:
    check_is_tidy(table)
    check_known(table, place=place, span=span, **({"indicator": whole} if whole else {}))
    check_year(year)
    here = (table["place"] == place) & (table["year"] == year) & (table["span"] == span)
    printed = by_source(part_of(table, here))
    for candidate, splits in _candidates(table, whole).items():
        for parts in splits:
            for known in printed:
                if {candidate, *parts} <= known.keys():
                    return _shares(candidate, parts, known)
    return []


def _candidates(table: pd.DataFrame, whole: str | None) -> dict[str, list[list[str]]]:
    """List the splits of each whole that may be drawn, or of one alone, its own kinds first.

    Own kinds are named after it (`whole.kind`). Where no one is asked for, only these are taken,
    unless the codebook names none so.
    """
    splits: dict[str, list[list[str]]] = {}
    for rule in entries("identities", table).values():
        if rule["relation"] == "=":
            splits.setdefault(rule["whole"], []).append(rule["parts"].split(" + "))
    own = {code: [s for s in found if _is_own(code, s)] for code, found in splits.items()}
    if whole:
        return {whole: sorted(splits.get(whole, []), key=lambda parts: not _is_own(whole, parts))}
    chosen = own if any(own.values()) else splits
    return {code: chosen[code] for code in entries("indicators", table) if code in chosen}


def _is_own(whole: str, parts: Sequence[str]) -> bool:
    """Tell a split of a whole into its own kinds."""
    return all(part.startswith(f"{whole}.") for part in parts)


def _shares(whole: str, parts: Sequence[str], known: Mapping[str, float]) -> list[_Part]:
    total = known[whole]
    rest = total - sum(known[part] for part in parts)
    values = [(part, known[part]) for part in parts] + ([(_REST, rest)] if rest else [])
    values.sort(key=lambda each: (-each[1], each[0]))
    return [_Part(whole, total, *each, each[1] / (total or math.nan)) for each in values]


def plot_composition(
    table: pd.DataFrame,
    place: str,
    year: int,
    *,
    span: str | None = None,
    whole: str | None = None,
    text: Text | None = None,
) -> go.Figure:
    """Draw the parts of the petitions of a place and year, with their shares.

    Takes a tidy table (`read_tables`). What the parts leave unexplained is a bar of its own.
    `text` says in which language. Returns the figure and does not show it; where no complete split
    was published the figure says so. Raises `DataNotFoundError` for a code that is not known.

    >>> from petitionlib import read_tables
    >>> figure = plot_composition(read_tables(), "can-tho", 2022)
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2022. Petitions within jurisdiction: feedback made up 81.2% (798 of 983)'
    """
    text = text or Text(table=table)
    span = span or about(text).default_span
    parts = _parts_of(text.given(table), place, year, span, whole)
    named = {"place": text.place(place), "period": text.period(span, year)}
    if not parts:
        return empty_figure(text, text.say("title.no_composition", **named))
    largest, names = parts[0], _names(text, parts)
    unit = text.unit(largest.whole)
    title = text.say(
        "title.composition" if largest.whole_value else "title.composition_zero",
        whole=text.indicator(largest.whole),
        part=names[largest.indicator],
        share=text.percent(100 * largest.share),
        value=text.count(largest.value),
        whole_value=text.count(largest.whole_value),
        **named,
    )
    rising = parts[::-1]
    trace = bars(
        [part.value for part in rising],
        [bar_label(capital(names[part.indicator]), _share(text, part)) for part in rising],
        [GREY if part.indicator == _REST else BLUE for part in rising],
        [as_text(f"{names[part.indicator]}: {text.count(part.value, unit)}") for part in rising],
    )
    layout = base_layout(text, title, rows=len(parts))
    unit_name = as_text(text.unit_of(unit)) if unit else ""
    layout["xaxis"] |= {"rangemode": "tozero", "tickformat": ",d", "title": {"text": unit_name}}
    layout["meta"] = _told(text, parts, names, unit)
    return as_figure([trace], layout)


def _share(text: Text, part: _Part) -> str:
    return f"{text.count(part.value)} ({text.percent(100 * part.share)})"


def _told(
    text: Text, parts: Sequence[_Part], names: Mapping[str, str], unit: str
) -> dict[str, Any]:
    """Write the parts and their shares as text, the whole at the end."""
    table = [
        [names[part.indicator], text.count(part.value, unit), text.percent(100 * part.share)]
        for part in parts
    ]
    alt = bars_alt(text, (f"{name}: {count} ({share})" for name, count, share in table))
    whole = text.count(parts[0].whole_value, unit)
    table.append([text.indicator(parts[0].whole), whole, MISSING])
    return meta(alt, [text.say(f"column.{name}") for name in ("part", "value", "share")], table)


def _names(text: Text, parts: Sequence[_Part]) -> dict[str, str]:
    """Name each part: shortly, or in full where two have one short name."""
    codes = [part.indicator for part in parts if part.indicator != _REST]
    short = {code: text.part(code) for code in codes}
    if len(set(short.values())) < len(short):
        short = {code: text.indicator(code) for code in codes}
    return short | {_REST: text.say("rest")}
