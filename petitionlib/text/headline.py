"""The finding first: one sentence, and the few figures that carry a report."""

from typing import Final

import pandas as pd

from petitionlib.codebook.entries import about, entries, is_rate, leading
from petitionlib.codebook.windows import longest_span
from petitionlib.tables.frame import Row, records
from petitionlib.text.comparisons import MOST_FIGURES, main_indicators, on_open, reasons
from petitionlib.text.names import Names
from petitionlib.text.numbers import direction, has_printed_change, is_known
from petitionlib.text.tables import change_cell, contradicting, figure_key
from petitionlib.words import capital, uncapital

__all__ = ["headline", "key_figures", "lead_indicators"]

_CARE: Final = ("form", "window", "approximate", "coverage", "scale", "stage")


def key_figures(
    text: Names, changes: pd.DataFrame, ledger: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the figures that carry a report as a table of text: figure, change and base."""
    rows = _carrying(text, changes)
    doubtful = contradicting(ledger)
    return pd.DataFrame(
        [[_figure(text, row), change_cell(text, row), _base(text, row, doubtful)] for row in rows],
        index=[text.indicator(row["indicator"]) for row in rows],
        columns=[text.say(f"column.{name}") for name in ("value", "change", "previous")],
        dtype="str",
    ).rename_axis(columns=text.say("column.indicator"))


def lead_indicators(text: Names, rows: pd.DataFrame) -> list[str]:
    """Return the indicators that carry a report, as far as rows have a figure of them."""
    there = {str(code) for code in rows.loc[rows["value"].notna(), "indicator"].unique()}
    return [code for code in leading(text) if code in there] or sorted(there)


def headline(text: Names, changes: pd.DataFrame, ledger: pd.DataFrame | None = None) -> str:
    """Write the finding of a report in a sentence: what became of its main figure."""
    several = len(changes[["span", "year"]].drop_duplicates()) > 1
    rows = _carrying(text, _latest(text, changes) if several else changes)
    if not rows:
        return text.say("headline.none")
    moved = [r for r in rows if is_known(r["absolute_change"]) or has_printed_change(r)]
    row = (moved or rows)[0]
    told = _sentence(text, row)
    if several:
        told = _of_period(text, row, told)
    care = [flag for flag in row["flag"].split() if flag in _CARE]
    if care and is_known(row["absolute_change"]):
        told = text.say(
            "headline.care",
            text=told,
            why="; ".join(reasons(text, {**row, "flag": " ".join(care)})),
        )
    if figure_key(row) in contradicting(ledger):
        told = text.say("headline.doubtful", text=told)
    return told


def _carrying(text: Names, changes: pd.DataFrame) -> list[Row]:
    """Return the rows that carry a report, at most five, those of most weight first.

    The main figures of the codebook; where one of them was not published, the next that tell most.
    Without any, the first of the codebook.
    """
    known: dict[str, Row] = {}
    for row in records(changes[changes["value"].notna()]):
        known.setdefault(row["indicator"], row)
    main = main_indicators(text)
    there: list[str] = [code for code in main if code in known]
    rates = any(is_rate(code, text) for code in there)
    later = [code for code in leading(text)[len(main) :] if code in known]
    spare = [code for code in later if not (rates and is_rate(code, text))]
    chosen = there + spare[: max(0, MOST_FIGURES - 1 - len(there))]
    chosen = chosen or [code for code in entries("indicators", text) if code in known]
    return [known[code] for code in (chosen or list(known))[:MOST_FIGURES]]


def _of_period(text: Names, row: Row, told: str) -> str:
    """Name the period in front of a sentence, which goes on with a small letter."""
    span = row["span"]
    part = span in entries("spans", text) and span != about(text).default_span
    key = "headline.period" + ".part" * (part and not text.is_month(span))
    period = text.period(span, int(row["year"]))
    return capital(text.say(key, period=period, text=uncapital(told)))


def _latest(text: Names, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the latest year of the span that has most years of the main figures."""
    main = changes[changes["indicator"].isin(main_indicators(text))]
    rows = changes if main.empty else main
    span = longest_span(rows, text)
    last = rows.loc[rows["span"] == span, "year"].max()
    latest: pd.DataFrame = changes[(changes["span"] == span) & (changes["year"] == last)]
    return latest


def _sentence(text: Names, row: Row) -> str:
    return capital(_finding(text, row).strip())


def _finding(text: Names, row: Row) -> str:
    change, year = row["absolute_change"], int(row["year"]) - 1
    subject, value = _subject(text, row)
    values = {
        "subject": subject,
        "said": _said(text, row),
        "value": value,
        "base": _base_period(text, row),
        "year": year,
    }
    if has_printed_change(row) and row["change_percent"]:
        write = text.printed_change if text.spoken == "vi" else text.printed_size
        moved = f"headline.printed.{direction(row['change_percent'])}"
        return text.say(moved, change=write(row), **values)
    if not is_known(change):
        elsewhere = "boundary" in row["flag"].split()
        return text.say(f"headline.{'elsewhere' if elsewhere else 'alone'}", **values)
    if not change:
        return text.say("headline.same", **values)
    small = "small_base" in row["flag"].split()
    key = f"headline.{'small' if small else 'moved'}.{direction(change)}"
    return text.say(key, change=_change(text, row), **values)


def _base_period(text: Names, row: Row) -> str:
    """Name the period that a figure is compared with, as it stands within a sentence."""
    year, span = int(row["year"]) - 1, str(row["span"])
    if on_open(text, row):
        return text.say("base.open", year=year)
    part = span in entries("spans", text) and span != about(text).default_span
    if text.spoken == "vi" or not part:
        return text.say("base", year=year)
    period = text.period(span, year)
    return period if text.is_month(span) else text.say("base.part", period=period)


def _clause(text: Names, row: Row) -> str:
    """Return the clause in which the codebook says a figure; blank where it does not."""
    return entries("indicators", text).get(row["indicator"], {}).get(f"said_{text.lang}", "")


def _said(text: Names, row: Row) -> str:
    """Write a figure as a clause: as the codebook says it, else its name and the number."""
    clause = _clause(text, row)
    if clause and (text.spoken == "vi" or row["value"] != 1):
        is_rate = text.unit(row["indicator"]) == "percent"
        return clause.format(value=_figure(text, row, named=is_rate))
    name = text.indicator(row["indicator"])
    return text.say("headline.said", name=name, value=_figure(text, row))


def _subject(text: Names, row: Row) -> tuple[str, str]:
    """Write what a sentence is about, and its figure; in Vietnamese the two make a clause."""
    name = text.indicator(row["indicator"])
    if text.spoken != "vi":
        return name, _figure(text, row, named=False)
    said = _said(text, row)
    figure = _figure(text, row, named=text.unit(row["indicator"]) == "percent")
    before, _, after = said.partition(figure)
    return before.strip(), figure + after


def _change(text: Names, row: Row) -> str:
    """Write a change; in English the verb of the sentence stands for its sign."""
    unit = text.unit(row["indicator"])
    if text.spoken == "vi":
        return text.change_of(row, unit)
    return text.change_of(row, unit if unit == "percent" else "")[1:]


def _figure(text: Names, row: Row, *, named: bool = True) -> str:
    """Write the figure of a row; not `named`, a count goes without its unit."""
    unit = text.unit(row["indicator"])
    return text.value_of(row, unit if named or unit == "percent" else "")


def _base(text: Names, row: Row, doubtful: set[tuple[object, ...]]) -> str:
    """Say what stood a year before, and how much the figure and its base bear."""
    flags = row["flag"].split()
    unit = text.unit(row["indicator"])
    base = text.figure(row["previous"], unit if unit == "percent" else "")
    if not is_known(row["previous"]):
        base = text.say("key.elsewhere" if "boundary" in flags else "not_published")
    elif row["basis"] == "derived":
        base = text.say("key.derived", base=base)
    if is_known(row["previous"]) and set(flags) & set(_CARE):
        base = text.say("key.care", base=base)
    told = text.say("key.base", year=int(row["year"]) - 1, base=base)
    return text.say("key.doubtful", told=told) if figure_key(row) in doubtful else told
