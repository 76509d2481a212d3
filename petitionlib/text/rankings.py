"""Places side by side -> sentences and a table."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Final

import pandas as pd

from petitionlib.changes.ranking import APART, ranking_rows, widest_span
from petitionlib.codebook.arguments import check_is_tidy, check_year
from petitionlib.codebook.entries import entries
from petitionlib.tables.frame import Row, records
from petitionlib.text.comparisons import main_indicators, moves
from petitionlib.text.names import Names
from petitionlib.text.numbers import MISSING
from petitionlib.words import capital

__all__ = ["DRAWN", "main_figures", "notes", "ranked_names", "ranking", "rankings"]

DRAWN: Final = frozenset({"ranked", "small_base", "zero_base"})
_CAREFUL: Final = ("form", "window", "approximate")


def rankings(text: Names, table: pd.DataFrame, year: int) -> str:
    """Say of each main indicator how the places of a year moved, a sentence a line."""
    check_is_tidy(table)
    check_year(year)
    here = table.loc[(table["year"] == year) & table["value"].notna(), "indicator"]
    published = set(here.astype("str"))
    lines = []
    for indicator in [code for code in main_indicators(text) if code in published]:
        span = widest_span(table, year, indicator)
        rows = ranking_rows(table, year, indicator, span=span)
        lines.append(ranking(text, rows, year, indicator, span) + ".")
    return "\n".join(lines) or text.say("findings.none")


def ranking(text: Names, rows: Iterable[Row], year: int, indicator: str, span: str) -> str:
    """Say in one sentence how many places of `ranking_rows` rose and fell; of one, how much."""
    drawn = _ranked(rows)
    names = {
        "indicator": text.indicator(indicator),
        "period": text.period(span, year),
        "previous": year - 1,
    }
    if not drawn:
        return text.say("title.no_ranking", **names)
    if len(drawn) == 1:
        return text.say("title.ranking.one", **names, **_alone(text, drawn[0]))
    moved = moves(text, [row["absolute_change"] for row in drawn], "places")
    return text.say("title.ranking", **names, count=len(drawn), moved=moved)


def main_figures(text: Names, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the main figures of several places side by side, as a table of text."""
    main = changes[changes["indicator"].isin(main_indicators(text))]
    cells = {
        (row["span"], row["place"], row["year"], row["indicator"]): _figure(text, row)
        for row in records(main)
    }
    orders = [list(entries(name, text)) for name in ("spans", "places")]
    keys = sorted({key[:3] for key in cells}, key=lambda key: (*_positions(key, orders), key))
    lists = {text.say("column.period"): [text.period(span, year) for span, _, year in keys]}
    for code in [code for code in main_indicators(text) if any(key[3] == code for key in cells)]:
        lists[text.indicator(code)] = [cells.get((*key, code), MISSING) for key in keys]
    names = text.places(place for _, place, _ in keys)
    index = [names[place] for _, place, _ in keys]
    shown = pd.DataFrame(lists, index=index, dtype="str")
    return shown.rename_axis(columns=text.say("column.place"))


def notes(text: Names, rows: Sequence[Row]) -> list[str]:
    """Name the places of `ranking_rows` that stand apart, and those to compare with care.

    One note for each reason, with its places.
    """
    drawn = _ranked(rows)
    named = ranked_names(text, rows)
    found = []
    for standing in APART:
        those = [row for row in rows if row["standing"] == standing]
        apart = [_with_figure(text, row, named[row["place"]]) for row in those]
        found.append(_note(text, f"ranking.{standing}", apart))
    reasons = {f"flag.{flag}": [flag in row["flag"].split() for row in drawn] for flag in _CAREFUL}
    reasons["remark.derived"] = [row["basis"] == "derived" for row in drawn]
    reasons["remark.added_up"] = [
        text.is_added_up(row["place"], row["year"], row["span"]) for row in drawn
    ]
    names = [named[row["place"]] for row in drawn]
    for key, touched in reasons.items():
        all_of_several = all(touched) and len(touched) > 1
        them = [text.say("ranking.all")] if all_of_several else compress(names, touched)
        found.append(_note(text, key, them))
    return [note for note in found if note]


def ranked_names(text: Names, rows: Sequence[Row]) -> dict[str, str]:
    """Name the places of `ranking_rows`, each by a name of its own."""
    return text.places(row["place"] for row in rows)


def _ranked(rows: Iterable[Row]) -> list[Row]:
    """Return the places that are ranked, or would be if their base were not so small."""
    return [row for row in rows if row["standing"] in DRAWN]


def _alone(text: Names, row: Row) -> dict[str, str]:
    """Write the place, the figure and the change of the only place that can be compared."""
    unit = text.unit(row["indicator"])
    return {
        "place": text.place(row["place"]),
        "value": _figure(text, row),
        "change": text.change_of(row, unit if text.spoken == "vi" or unit == "percent" else ""),
    }


def _note(text: Names, key: str, names: Iterable[str]) -> str:
    """Write a reason with the places that it is about; nothing of none."""
    listed = ", ".join(names)
    return f"{capital(text.say(key))}: {listed}." if listed else ""


def _with_figure(text: Names, row: Row, name: str) -> str:
    """Give a place that stands apart its figure, unless it is drawn."""
    if row["standing"] in {"small_base", "zero_base", "not_published"}:
        return name
    return f"{name} ({_figure(text, row)})"


def _figure(text: Names, row: Row) -> str:
    unit = text.unit(row["indicator"])
    return text.figure(row["value"], unit, decimals=row.get("decimals"))


def _positions(key: tuple[str, str, int], orders: list[list[str]]) -> list[int]:
    return [
        order.index(code) if code in order else len(order)
        for code, order in zip(key, orders, strict=False)
    ]
