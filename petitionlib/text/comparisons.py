"""Comparisons -> sentences."""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from petitionlib.codebook.codebook import Carrier
from petitionlib.codebook.record import Row, records_of
from petitionlib.text.names import (
    is_added_up,
    label_flags,
    label_indicator,
    label_place,
    label_span,
    unit_of,
)
from petitionlib.text.numbers import (
    direction,
    has_printed_change,
    is_known,
    label_change_of,
    label_figure,
    label_printed_change,
    rounds_to_zero,
)
from petitionlib.words import say

__all__ = ["HEADLINES", "label_comparison", "label_findings", "label_moves", "label_title"]

HEADLINES: Final = (
    "petitions.received", "reception.visits", "reception.people", "reception.groups",
    "cases.complaints_denunciations.settlement_rate",
)  # fmt: skip


def label_comparison(row: Row, *, lang: str = "en", notes: bool = True) -> str:
    """Write one row of `year_over_year` as a sentence, with notes on what makes it uncertain.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables())
    >>> at = (changes["place"] == "can-tho") & (changes["year"] == 2023)
    >>> row = changes[at & (changes["indicator"] == "petitions.received")].iloc[0]
    >>> print(label_comparison(row))
    Petitions received: 2,917 petitions, down 191 (-6.1 %) on 2022.
    >>> print(label_comparison(row, lang="vi"))
    Đơn tiếp nhận trong kỳ: 2.917 đơn, giảm 191 đơn (6,1 %) so với cùng kỳ năm 2022.
    """
    unit, year = unit_of(row["indicator"], row), int(row["year"])
    whole = row["span"] == "Y"
    name = label_indicator(row["indicator"], lang=lang, table=row)
    text = f"{name}: {label_figure(row['value'], unit, decimals=row.get('decimals'), lang=lang)}"
    change = row["absolute_change"]
    if is_known(change):
        moved = _moved(row, "" if lang == "en" and unit != "percent" else unit, lang)
        text += f", {moved} {say('on_year' if whole else 'on_year.part', lang, year=year - 1)}"
    elif has_printed_change(row):
        on_year = say("on_year" if whole else "on_year.part", lang, year=year - 1)
        moved = label_printed_change(row, lang=lang)
        text += f", {say('as_printed', lang, moved=moved, on_year=on_year)}"
    why = label_flags(row["flag"], lang=lang, skip=("small_base",) if is_known(change) else ())
    if row["basis"] == "derived":
        base = label_figure(row["previous"], unit, lang=lang)
        why = [
            say(
                "derived_base" if whole else "derived_base.part", lang, year=year - 1, previous=base
            ),
            *why,
        ]
    if is_known(row["previous"]) and is_added_up(row["place"], year, row["span"], row):
        why = [say("remark.added_up", lang), *why]
    return f"{text} ({'; '.join(why)})." if notes and why else f"{text}."


def label_title(
    place: str | None = None,
    year: int | None = None,
    *,
    span: str = "Y",
    lang: str = "en",
    table: Carrier = None,
) -> str:
    """Write the title of a report: about a place in one year or over all, a year, or the tables.

    >>> label_title("can-tho", 2022)
    'Can Tho, 2022: citizen reception and petitions'
    >>> label_title("can-tho", lang="vi")
    'Cần Thơ: tiếp công dân và đơn thư qua các năm'
    >>> label_title(year=2022)
    'Citizen reception and petitions of 2022, place by place'
    """
    if place is None and year is None:
        return say("report.data", lang)
    if place is None:
        period = label_span(span, int(year or 0), lang=lang, table=table)
        return say("report.places", lang, period=period)
    name = label_place(place, lang=lang, table=table)
    if year is None:
        return say("report.trend", lang, place=name)
    return say(
        "report.year", lang, place=name, period=label_span(span, year, lang=lang, table=table)
    )


def label_findings(changes: pd.DataFrame, *, lang: str = "en") -> str:
    """Write the main comparisons of one place and period, a sentence a line.

    Takes rows of `year_over_year`. The main figures (petitions received, visits, people, large
    groups, settlement rate) come first if they can be compared; where none can, the text says so
    and gives them as they are.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables()).query("place == 'can-tho' and year == 2023")
    >>> print(label_findings(changes).splitlines()[0])
    Petitions received: 2,917 petitions, down 191 (-6.1 %) on 2022.
    """
    rows = {row["indicator"]: row for row in records_of(changes)}
    main = [rows[code] for code in HEADLINES if code in rows]
    compared = [row for row in main if is_known(row["absolute_change"])]
    sentences = [label_comparison(row, lang=lang) for row in compared]
    if not sentences:
        sentences = [say("findings.none", lang)]
        sentences += [label_comparison(row, lang=lang, notes=False) for row in main]
    return "\n".join(sentences)


def label_moves(changes: Iterable[float], what: str, *, lang: str = "en") -> str:
    """Say how many of several changes were rises and how many falls; of `figures` or `places`.

    >>> label_moves([1.0, 2.0, -3.0], "figures"), label_moves([1.0, 0.0], "places")
    ('2 rose and 1 fell', '1 up, 1 unchanged')
    """
    signs = [(change > 0) - (change < 0) for change in changes]
    up, down, same = (signs.count(sign) for sign in (1, -1, 0))
    both = {(True, True): "both", (True, False): "up", (False, True): "down"}
    key = both.get((up > 0, down > 0), "none")
    moved = say(f"moved.{what}.{key}", lang, up=up, down=down)
    return say(f"moved.{what}.same", lang, moved=moved, same=same) if same and up + down else moved


def _moved(row: Row, unit: str, lang: str) -> str:
    change = row["absolute_change"]
    text = label_change_of(row, unit, lang=lang)
    if lang == "en" and not rounds_to_zero(change):
        return f"{say(direction(change), lang)} {text[1:]}"
    return text
