"""Rows -> tables of text for readers."""

import hashlib
from collections.abc import Iterable
from typing import Final

import pandas as pd

from petitionlib.codebook import entries
from petitionlib.folder import COLUMNS
from petitionlib.labels import (
    MISSING,
    MOST_DECIMALS,
    has_printed_change,
    is_added_up,
    is_known,
    label_change_of,
    label_figure,
    label_flags,
    label_indicator,
    label_number,
    label_place,
    label_printed_change,
    label_printed_size,
    label_span,
    unit_of,
)
from petitionlib.record import Row, records_of
from petitionlib.words import say

__all__ = [
    "change_cell", "contradicting", "figure_key", "label_coverage", "label_table", "label_tables",
]  # fmt: skip

_KEY: Final = ("place", "year", "span", "indicator", "source")
_PUBLISHED: Final = (*COLUMNS, "decimals", "change_percent_decimals")


def label_table(
    changes: pd.DataFrame, *, ledger: pd.DataFrame | None = None, lang: str = "en"
) -> pd.DataFrame:
    """Return rows of `year_over_year` as a table of text for readers.

    The index names the indicators, and within them come the parts of the year, both in the order of
    the codebook; the columns are the figure, the figure a year before, the change, and remarks
    (derived, provisional, why a comparison needs care; with a `ledger` of `reconcile`, which
    figures contradict others). Where the rows are of several places or periods, these come first.
    Missing is a dash.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables()).query("place == 'can-tho' and year == 2023")
    >>> label_table(changes).loc["Petitions received"].tolist()
    ['2,917 petitions', '3,108 petitions', '-191 (-6.1 %)', '']
    """
    doubtful = contradicting(ledger)
    orders = {name: [*entries(f"{name}s", changes)] for name in ("indicator", "span")}
    ranks = {f"{name}_rank": _ranks(changes[name], codes) for name, codes in orders.items()}
    keys = ["indicator_rank", "place", "span_rank", "span", "year"]
    rows = changes.assign(**ranks).sort_values(keys, kind="stable")
    records = records_of(rows)
    lists: dict[str, Iterable[str]] = {}
    if len(set(rows["place"])) > 1:
        cells = [label_place(row["place"], lang=lang, table=rows) for row in records]
        lists[say("column.place", lang)] = cells
    if len(rows[["span", "year"]].drop_duplicates()) > 1:
        cells = [label_span(row["span"], row["year"], lang=lang, table=rows) for row in records]
        lists[say("column.period", lang)] = cells
    lists[say("column.value", lang)] = [_value(row, lang) for row in records]
    lists[say("column.previous", lang)] = [_previous(row, lang) for row in records]
    lists[say("column.change", lang)] = [change_cell(row, lang) for row in records]
    lists[say("column.remarks", lang)] = [_remarks(row, lang, doubtful) for row in records]
    names = [label_indicator(i, lang=lang, table=rows) for i in rows["indicator"]]
    return _headed(pd.DataFrame(lists, index=names, dtype="str"), "indicator", lang)


def label_coverage(table: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return how many figures a table holds of each place and year, the newest year first, as text.

    >>> from petitionlib import read_tables
    >>> label_coverage(read_tables()).loc["Can Tho", ["2022", "2024"]].tolist()
    ['33', '5']
    """
    numbers = [n for n in ("value", "change", "change_percent") if n in table.columns]
    printed = table[table[numbers].notna().any(axis="columns")]
    counts = pd.crosstab(printed["place"], printed["year"]).sort_index(
        axis="columns", ascending=False
    )
    shown = pd.DataFrame(
        [[label_number(n, lang) if n else MISSING for n in row] for row in counts.to_numpy()],
        index=[label_place(place, lang=lang, table=table) for place in counts.index],
        columns=[str(year) for year in counts.columns],
        dtype="str",
    )
    return _headed(shown, "place", lang)


def label_tables(table: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return what the table of each year holds, with a fingerprint that any change of it changes.

    The fingerprint is made of the published content of the rows, in whatever order they stand.

    >>> from petitionlib import read_tables
    >>> label_tables(read_tables()).loc["2008"].tolist()[:3]
    ['2', '1', '1']
    """
    columns = [
        say(f"column.{name}", lang) for name in ("figures", "places", "sources", "fingerprint")
    ]
    rows = {
        str(year): [
            label_number(len(of_year), lang),
            label_number(of_year["place"].nunique(), lang),
            label_number(of_year["source"].nunique(), lang),
            _fingerprint(of_year),
        ]
        for year, of_year in table.groupby("year")
    }
    shown = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="str")
    return _headed(shown, "year", lang)


def _ranks(codes: pd.Series, order: list[str]) -> list[int]:
    """Return the place of each code in an order; those it does not know come last."""
    places = {code: place for place, code in enumerate(order)}
    return [places.get(code, len(places)) for code in codes.tolist()]


def _headed(table: pd.DataFrame, name: str, lang: str) -> pd.DataFrame:
    """Head the names of the rows, as every other column is."""
    return table.rename_axis(columns=say(f"column.{name}", lang))


def figure_key(row: Row) -> tuple[object, ...]:
    """Return what names a printed figure: place, year, span, indicator and source."""
    return tuple(row.get(name) for name in _KEY)


def contradicting(ledger: pd.DataFrame | None) -> set[tuple[object, ...]]:
    """Return the printed figures of a ledger that contradict others, by their `figure_key`."""
    if ledger is None:
        return set()
    rows = ledger[ledger["verdict"] == "contradicts"]
    return set(zip(*(rows[name] for name in _KEY), strict=True))


def _fingerprint(table: pd.DataFrame) -> str:
    names = [name for name in table.columns if name in _PUBLISHED]
    lines = sorted(table[names].to_csv(index=False, header=False, lineterminator="\n").splitlines())
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return f"#{digest[:12]}"


def _value(row: Row, lang: str) -> str:
    unit = unit_of(row["indicator"], row)
    return label_figure(row["value"], unit, decimals=row.get("decimals"), lang=lang)


def _previous(row: Row, lang: str) -> str:
    return label_figure(row["previous"], unit_of(row["indicator"], row), lang=lang)


def change_cell(row: Row, lang: str) -> str:
    """Write the change of a row of `year_over_year`; without a base, the percentage as printed."""
    unit = unit_of(row["indicator"], row)
    if has_printed_change(row):
        if lang == "vi" or not row["change_percent"]:
            return label_printed_change(row, lang=lang)
        return ("-" if row["change_percent"] < 0 else "+") + label_printed_size(row, lang=lang)
    return label_change_of(row, unit if unit == "percent" or lang == "vi" else "", lang=lang)


def _prints_another_change(row: Row) -> bool:
    """Tell whether the source prints a percentage that is not that of the two figures."""
    if not is_known(row["relative_change"]) or not is_known(row.get("change_percent")):
        return False
    decimals = row.get("change_percent_decimals")
    last_digit = 10.0 ** -(int(decimals) if is_known(decimals) else MOST_DECIMALS)
    return bool(abs(100 * row["relative_change"] - row["change_percent"]) > last_digit)


def _remarks(row: Row, lang: str, doubtful: set[tuple[object, ...]]) -> str:
    """Say what a reader must know of a figure, but not that there is nothing to compare it with."""
    said = ("no_previous", "small_base", *(["approximate"] if row.get("status") == "e" else []))
    remarks = label_flags(row["flag"], lang=lang, skip=said)
    if has_printed_change(row):
        remarks.insert(0, say("remark.printed_change", lang))
    if _prints_another_change(row):
        printed = label_printed_change(row, lang=lang)
        remarks.append(say("remark.another_change", lang, change=printed))
    where = (row["place"], int(row["year"]), row["span"])
    if is_known(row["previous"]) and is_added_up(*where, row):
        remarks.insert(0, say("remark.added_up", lang))
    if row["basis"] == "derived":
        remarks.insert(0, say("remark.derived", lang))
    if figure_key(row) in doubtful:
        remarks.append(say("remark.contradicts", lang))
    if row.get("status"):
        remarks.insert(0, say(f"status.{row['status']}", lang))
    return "; ".join(remarks)
