"""Places side by side -> sentences and a table."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Final

import pandas as pd

from petitionlib.changes.ranking import APART, ranking_rows, widest_span
from petitionlib.codebook.arguments import check_is_tidy, check_year
from petitionlib.codebook.codebook import Carrier, entries
from petitionlib.codebook.record import Record, records_of
from petitionlib.text.comparisons import HEADLINES, label_moves
from petitionlib.text.names import (
    is_added_up,
    label_indicator,
    label_place,
    label_span,
    place_names,
    unit_of,
)
from petitionlib.text.numbers import MISSING, label_change_of, label_figure
from petitionlib.words import capital, say

__all__ = [
    "DRAWN",
    "label_places",
    "label_ranking",
    "label_rankings",
    "ranked_names",
    "ranking_notes",
]

DRAWN: Final = frozenset({"ranked", "small_base", "zero_base"})
_CAREFUL: Final = ("form", "window", "approximate")


def label_rankings(table: pd.DataFrame, year: int, *, lang: str = "en") -> str:
    """Say of each main indicator how the places of a year moved, a sentence a line.

    Takes a tidy table (`read_tables`). An indicator of which no place has a figure is left out;
    each sentence names its part of the year, the one in which most places can be compared.

    >>> from petitionlib import read_tables
    >>> print(label_rankings(read_tables(), 2023).splitlines()[0].partition(": ")[2])
    only Can Tho can be compared with 2022: 2,917 petitions, -191 (-6.1 %).
    """
    check_is_tidy(table)
    check_year(year)
    here = table.loc[(table["year"] == year) & table["value"].notna(), "indicator"]
    published = set(here.astype("str"))
    lines = []
    for indicator in [code for code in HEADLINES if code in published]:
        span = widest_span(table, year, indicator)
        rows = ranking_rows(table, year, indicator, span=span)
        lines.append(label_ranking(rows, year, indicator, span=span, table=table, lang=lang) + ".")
    return "\n".join(lines) or say("findings.none", lang)


def label_ranking(  # noqa: PLR0913  # what is ranked, and its options by name
    rows: Iterable[Record],
    year: int,
    indicator: str,
    *,
    span: str,
    table: Carrier,
    lang: str = "en",
) -> str:
    """Say in one sentence how many places of `ranking_rows` rose and fell; of one, how much."""
    drawn = _ranked(rows)
    names = {
        "indicator": label_indicator(indicator, lang=lang, table=table),
        "period": label_span(span, year, lang=lang, table=table),
        "previous": year - 1,
    }
    if not drawn:
        return say("title.no_ranking", lang, **names)
    if len(drawn) == 1:
        return say("title.ranking.one", lang, **names, **_alone(drawn[0], lang))
    moved = label_moves([row["absolute_change"] for row in drawn], "places", lang=lang)
    return say("title.ranking", lang, **names, count=len(drawn), moved=moved)


def label_places(changes: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return the main figures of several places side by side, as a table of text.

    Takes rows of `year_over_year`. A row for each place and part of the year, in the order of the
    codebook, the parts of the year kept together: only within one of them figures are alike. The
    columns are the main indicators of which there is a figure. Missing is a dash.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables())
    >>> label_places(changes.query("year == 2023")).iloc[0, :2].tolist()
    ['2023', '2,917 petitions']
    """
    main = changes[changes["indicator"].isin(HEADLINES)]
    cells = {
        (row["span"], row["place"], row["year"], row["indicator"]): label_figure(
            row["value"], unit_of(row["indicator"], row), decimals=row.get("decimals"), lang=lang
        )
        for row in records_of(main)
    }
    orders = [list(entries(name, changes)) for name in ("spans", "places")]
    keys = sorted({key[:3] for key in cells}, key=lambda key: (*_positions(key, orders), key))
    columns = [code for code in HEADLINES if any(key[3] == code for key in cells)]
    lists = {
        say("column.period", lang): [label_span(s, y, lang=lang, table=changes) for s, _, y in keys]
    }
    for code in columns:
        name = label_indicator(code, lang=lang, table=changes)
        lists[name] = [cells.get((*key, code), MISSING) for key in keys]
    names = place_names((place for _, place, _ in keys), lang=lang, table=changes)
    index = [names[place] for _, place, _ in keys]
    side_by_side = pd.DataFrame(lists, index=index, dtype="str")
    return side_by_side.rename_axis(columns=say("column.place", lang))


def ranking_notes(rows: Sequence[Record], *, lang: str = "en") -> list[str]:
    """Name the places of `ranking_rows` that stand apart, and those to compare with care.

    One note for each reason, with its places.

    >>> from petitionlib import read_tables
    >>> rows = ranking_rows(read_tables(), 2022, "petitions.received", span="Y")
    >>> ranking_notes(rows)[-1]
    'Base derived from the published change: Can Tho.'
    """
    drawn = _ranked(rows)
    named = ranked_names(rows, lang)
    notes = []
    for standing in APART:
        apart = [
            _with_figure(row, named[row["place"]], lang)
            for row in rows
            if row["standing"] == standing
        ]
        notes.append(_note(f"ranking.{standing}", apart, lang))
    reasons = {f"flag.{flag}": [flag in row["flag"].split() for row in drawn] for flag in _CAREFUL}
    reasons["remark.derived"] = [row["basis"] == "derived" for row in drawn]
    reasons["remark.added_up"] = [
        is_added_up(row["place"], row["year"], row["span"], row) for row in drawn
    ]
    names = [named[row["place"]] for row in drawn]
    for key, touched in reasons.items():
        all_of_several = all(touched) and len(touched) > 1
        them = [say("ranking.all", lang)] if all_of_several else compress(names, touched)
        notes.append(_note(key, them, lang))
    return [note for note in notes if note]


def _ranked(records: Iterable[Record]) -> list[Record]:
    """Return the places that are ranked, or would be if their base were not so small."""
    return [row for row in records if row["standing"] in DRAWN]


def _alone(row: Record, lang: str) -> dict[str, str]:
    """Write the place, the figure and the change of the only place that can be compared."""
    unit = unit_of(row["indicator"], row)
    return {
        "place": label_place(row["place"], lang=lang, table=row),
        "value": label_figure(row["value"], unit, decimals=row.get("decimals"), lang=lang),
        "change": label_change_of(
            row, unit if lang == "vi" or unit == "percent" else "", lang=lang
        ),
    }


def _note(key: str, names: Iterable[str], lang: str) -> str:
    """Write a reason with the places that it is about; nothing of none."""
    listed = ", ".join(names)
    return f"{capital(say(key, lang))}: {listed}." if listed else ""


def ranked_names(rows: Sequence[Record], lang: str) -> dict[str, str]:
    """Name the places of `ranking_rows`, each by a name of its own."""
    places = [row["place"] for row in rows]
    return place_names(places, lang=lang, table=rows[0]) if rows else {}


def _with_figure(row: Record, name: str, lang: str) -> str:
    """Give a place that stands apart its figure, unless it is drawn."""
    if row["standing"] in {"small_base", "zero_base", "not_published"}:
        return name
    unit = unit_of(row["indicator"], row)
    figure = label_figure(row["value"], unit, decimals=row.get("decimals"), lang=lang)
    return f"{name} ({figure})"


def _positions(key: tuple[str, str, int], orders: list[list[str]]) -> list[int]:
    return [
        order.index(code) if code in order else len(order)
        for code, order in zip(key, orders, strict=False)
    ]
