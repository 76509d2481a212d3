"""What the petitions of one place and year were about."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from petitionlib.charts.template import (
    BLUE,
    GREY,
    as_figure,
    as_text,
    bar_label,
    bars_told,
    base_layout,
    empty_figure,
    told,
)
from petitionlib.codebook import check_is_tidy, check_known, check_year, entries
from petitionlib.keys import by_source
from petitionlib.labels import (
    MISSING,
    label_count,
    label_indicator,
    label_part,
    label_percent,
    label_place,
    label_span,
    unit_of,
)
from petitionlib.recency import part_of
from petitionlib.words import capital, say

__all__ = ["composition_numbers", "plot_composition"]

_WHOLES: Final = ("petitions.received", "petitions.eligible", "petitions.in_jurisdiction")
_REST: Final = ""
_KINDS: Final = {
    "whole": "str", "whole_value": "float64", "indicator": "str", "value": "float64",
    "share": "float64",
}  # fmt: skip


def composition_numbers(
    table: pd.DataFrame, place: str, year: int, *, span: str = "Y", whole: str | None = None
) -> pd.DataFrame:
    """Return the parts of a whole with their shares, largest first.

    Columns: `whole` and `whole_value`, `indicator` (blank for what the parts leave unexplained),
    `value`, `share` (a fraction of the whole, missing where it is 0). The parts are those of an
    identity of the codebook of which one source published all. Without a `whole`: petitions
    received, else eligible, else within jurisdiction, the first that has its parts. No rows where
    none has.
    """
    parts = _parts_of(table, place, year, span, whole)
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
    for candidate in [whole] if whole else _WHOLES:
        for parts in _splits(table, candidate, by_type=whole is None):
            for known in printed:
                if {candidate, *parts} <= known.keys():
                    return _shares(candidate, parts, known)
    return []


def _splits(table: pd.DataFrame, whole: str, *, by_type: bool) -> list[list[str]]:
    """List the splits of a whole, those into its own kinds (`whole.kind`) first, or alone."""
    rules = entries("identities", table).values()
    splits = [
        r["parts"].split(" + ") for r in rules if r["whole"] == whole and r["relation"] == "="
    ]
    own = [parts for parts in splits if all(part.startswith(f"{whole}.") for part in parts)]
    return own if by_type else own + [parts for parts in splits if parts not in own]


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
    span: str = "Y",
    whole: str | None = None,
    lang: str = "en",
) -> go.Figure:
    """Draw the parts of the petitions of a place and year, with their shares.

    Takes a tidy table (`read_tables`). What the parts leave unexplained is a bar of its own.
    Returns the figure and does not show it; where no complete split was published the figure says
    so. Raises `DataNotFoundError` for a code that is not known.

    >>> from petitionlib import read_tables
    >>> figure = plot_composition(read_tables(), "can-tho", 2022)
    >>> figure.layout.title.text.replace("<br>", " ")
    'Can Tho, 2022. Petitions within jurisdiction: feedback made up 81.2 % (798 of 983)'
    """
    parts = _parts_of(table, place, year, span, whole)
    name = label_place(place, lang=lang, table=table)
    period = label_span(span, year, lang=lang, table=table)
    if not parts:
        title = say("title.no_composition", lang, place=name, period=period)
        return empty_figure(title, lang=lang)
    largest, names = parts[0], _names(parts, lang, table)
    unit = unit_of(largest.whole, table)
    title = say(
        "title.composition" if largest.whole_value else "title.composition_zero",
        lang, place=name, period=period,
        whole=label_indicator(largest.whole, lang=lang, table=table),
        part=names[largest.indicator],
        share=label_percent(100 * largest.share, lang=lang),
        value=label_count(largest.value, lang=lang),
        whole_value=label_count(largest.whole_value, lang=lang),
    )  # fmt: skip
    rising = parts[::-1]
    texts = [
        f"{label_count(part.value, lang=lang)} ({label_percent(100 * part.share, lang=lang)})"
        for part in rising
    ]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [part.value for part in rising],
        "y": [
            bar_label(capital(names[part.indicator]), text)
            for part, text in zip(rising, texts, strict=True)
        ],
        "marker": {"color": [GREY if part.indicator == _REST else BLUE for part in rising]},
        "customdata": [
            as_text(f"{names[part.indicator]}: {label_count(part.value, unit, lang=lang)}")
            for part in rising
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout = base_layout(title, lang=lang, rows=len(parts))
    named = as_text(say(f"unit.{unit}", lang)) if unit else ""
    layout["xaxis"] |= {"rangemode": "tozero", "tickformat": ",d", "title": {"text": named}}
    layout["meta"] = _told(parts, names, unit, lang, table)
    return as_figure([bars], layout)


def _told(
    parts: Sequence[_Part], names: Mapping[str, str], unit: str, lang: str, table: pd.DataFrame
) -> dict[str, Any]:
    """Write the parts and their shares as text, the whole at the end."""
    records = [
        [
            names[part.indicator],
            label_count(part.value, unit, lang=lang),
            label_percent(100 * part.share, lang=lang),
        ]
        for part in parts
    ]
    alt = bars_told((f"{name}: {count} ({share})" for name, count, share in records), lang)
    whole = label_indicator(parts[0].whole, lang=lang, table=table)
    records.append([whole, label_count(parts[0].whole_value, unit, lang=lang), MISSING])
    columns = [say(f"column.{name}", lang) for name in ("part", "value", "share")]
    return told(alt, columns, records)


def _names(parts: Sequence[_Part], lang: str, table: pd.DataFrame) -> dict[str, str]:
    """Name each part: shortly, or in full where two have one short name."""
    codes = [part.indicator for part in parts if part.indicator != _REST]
    short = {code: label_part(code, lang=lang, table=table) for code in codes}
    if len(set(short.values())) < len(short):
        short = {code: label_indicator(code, lang=lang, table=table) for code in codes}
    return short | {_REST: say("rest", lang)}
