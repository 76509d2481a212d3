"""Rows -> tables of text for readers, and the list of references."""

import hashlib
from collections.abc import Iterable
from typing import Final

import pandas as pd

from petitionlib.codebook.entries import by_theme, entries
from petitionlib.tables.folder import CHANGE_STATUS, COLUMNS, PRINTED
from petitionlib.tables.frame import Row, records
from petitionlib.text.comparisons import reasons
from petitionlib.text.names import Names
from petitionlib.text.numbers import MISSING, MOST_DECIMALS, has_printed_change, is_known

__all__ = [
    "change_cell", "comparisons", "contradicting", "coverage", "figure_key", "sources", "tables",
]  # fmt: skip

_PUBLISHED: Final = (*COLUMNS, CHANGE_STATUS, "decimals", "change_percent_decimals")


def comparisons(
    text: Names, changes: pd.DataFrame, ledger: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return rows of `year_over_year` as a table of text for readers."""
    doubtful = contradicting(ledger)
    orders = {"indicator": by_theme(text), "span": [*entries("spans", text)]}
    ranks = {f"{name}_rank": _ranks(changes[name], codes) for name, codes in orders.items()}
    keys = ["indicator_rank", "place", "span_rank", "span", "year"]
    ordered = changes.assign(**ranks).sort_values(keys, kind="stable")
    rows = records(ordered)
    lists: dict[str, Iterable[str]] = {}
    if len({row["place"] for row in rows}) > 1:
        lists[text.say("column.place")] = [text.place(row["place"]) for row in rows]
    if len({(row["span"], row["year"]) for row in rows}) > 1:
        periods = [text.period(row["span"], row["year"]) for row in rows]
        lists[text.say("column.period")] = periods
    lists[text.say("column.value")] = [_value(text, row) for row in rows]
    lists[text.say("column.previous")] = [_previous(text, row) for row in rows]
    lists[text.say("column.change")] = [change_cell(text, row) for row in rows]
    lists[text.say("column.remarks")] = [_remarks(text, row, doubtful) for row in rows]
    names = [text.indicator(row["indicator"]) for row in rows]
    return _headed(text, pd.DataFrame(lists, index=names, dtype="str"), "indicator")


def coverage(text: Names, table: pd.DataFrame) -> pd.DataFrame:
    """Return how many figures a table holds of each place and year, newest year first, as text."""
    numbers = [n for n in ("value", "change", "change_percent") if n in table.columns]
    printed = table[table[numbers].notna().any(axis="columns")]
    counts = pd.crosstab(printed["place"], printed["year"])
    counts = counts.sort_index(axis="columns", ascending=False)
    shown = pd.DataFrame(
        [[text.number(n) if n else MISSING for n in row] for row in counts.to_numpy()],
        index=[text.place(place) for place in counts.index],
        columns=[str(year) for year in counts.columns],
        dtype="str",
    )
    return _headed(text, shown, "place")


def tables(text: Names, table: pd.DataFrame) -> pd.DataFrame:
    """Return what the table of each year holds, with a fingerprint that any change of it changes.

    The fingerprint is made of the published content of the rows, in whatever order they stand.
    """
    rows = {
        str(year): [
            text.number(len(of_year)),
            text.number(of_year["place"].nunique()),
            text.number(of_year["source"].nunique()),
            _fingerprint(of_year),
        ]
        for year, of_year in table.groupby("year")
    }
    names = ("figures", "places", "sources", "fingerprint")
    columns = [text.say(f"column.{name}") for name in names]
    shown = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="str")
    return _headed(text, shown, "year")


def sources(text: Names, listed: pd.DataFrame) -> str:
    """Write the rows of `sources` as a list of references, a line each."""
    return "\n".join(_reference(text, row) for row in records(listed))


def figure_key(row: Row) -> tuple[object, ...]:
    """Return what names a printed figure: place, year, span, indicator and source."""
    return tuple(row.get(name) for name in PRINTED)


def contradicting(ledger: pd.DataFrame | None) -> set[tuple[object, ...]]:
    """Return the printed figures of a ledger that contradict others, by their `figure_key`."""
    if ledger is None:
        return set()
    rows = ledger[ledger["verdict"] == "contradicts"]
    return set(zip(*(rows[name] for name in PRINTED), strict=True))


def change_cell(text: Names, row: Row) -> str:
    """Write the change of a row of `year_over_year`; without a base, the percentage as printed."""
    unit = text.unit(row["indicator"])
    if has_printed_change(row):
        if text.spoken == "vi" or not row["change_percent"]:
            return text.printed_change(row)
        return text.lead(row["change_percent"]) + text.printed_size(row)
    return text.change_of(row, unit if unit == "percent" or text.spoken == "vi" else "")


def _reference(text: Names, row: Row) -> str:
    day = row["published"]
    if not any(row[name] for name in ("title", "publisher", "url", "published")):
        return f"{row['source']}."  # nobody has listed it
    when = text.date(day) if day else text.say("no_date")
    title = " ".join(row["title"].split()) or row["source"]
    line = f"{title}. {row['publisher'] or MISSING}, {when}."
    line += f" {row['coverage']}." if row["coverage"] else ""
    return f"{line} {row['url']}" if row["url"] else line


def _ranks(codes: pd.Series, order: list[str]) -> list[int]:
    """Return the place of each code in an order; those it does not know come last."""
    places = {code: place for place, code in enumerate(order)}
    return [places.get(code, len(places)) for code in codes.tolist()]


def _headed(text: Names, table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Head the names of the rows, as every other column is."""
    return table.rename_axis(columns=text.say(f"column.{name}"))


def _fingerprint(table: pd.DataFrame) -> str:
    names = [name for name in table.columns if name in _PUBLISHED]
    lines = sorted(table[names].to_csv(index=False, header=False, lineterminator="\n").splitlines())
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return f"#{digest[:12]}"


def _value(text: Names, row: Row) -> str:
    return text.value_of(row, text.unit(row["indicator"]))


def _previous(text: Names, row: Row) -> str:
    return text.figure(row["previous"], text.unit(row["indicator"]))


def _prints_another_change(row: Row) -> bool:
    """Tell whether the source prints a percentage that is not that of the two figures."""
    if not is_known(row["relative_change"]) or not is_known(row.get("change_percent")):
        return False
    decimals = row.get("change_percent_decimals")
    last_digit = 10.0 ** -(int(decimals) if is_known(decimals) else MOST_DECIMALS)
    return bool(abs(100 * row["relative_change"] - row["change_percent"]) > last_digit)


def _remarks(text: Names, row: Row, doubtful: set[tuple[object, ...]]) -> str:
    """Say what a reader must know of a figure, but not that there is nothing to compare it with."""
    said = ("no_previous", "small_base", *(["approximate"] if row.get("status") == "e" else []))
    remarks = reasons(text, row, skip=said)
    if has_printed_change(row):
        remarks.insert(0, text.say("remark.printed_change"))
    if _prints_another_change(row):
        remarks.append(text.say("remark.another_change", change=text.printed_change(row)))
    added_up = text.is_added_up(row["place"], int(row["year"]), row["span"])
    if is_known(row["previous"]) and added_up:
        remarks.insert(0, text.say("remark.added_up"))
    if row["basis"] == "derived":
        remarks.insert(0, text.say("remark.derived"))
    if figure_key(row) in doubtful:
        remarks.append(text.say("remark.contradicts"))
    if row.get("status"):
        remarks.insert(0, text.say(f"status.{row['status']}"))
    return "; ".join(remarks)
