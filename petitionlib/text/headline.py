"""The finding first: one sentence, and the few figures that carry a report."""

from typing import Final

import pandas as pd

from petitionlib.codebook.codebook import entries
from petitionlib.codebook.record import Row, records_of
from petitionlib.codebook.windows import longest_span
from petitionlib.text.names import label_flags, label_indicator, label_span, unit_of
from petitionlib.text.numbers import (
    direction,
    has_printed_change,
    is_known,
    label_change_of,
    label_figure,
    label_number,
    label_printed_change,
    label_printed_size,
    rounds_to_zero,
)
from petitionlib.text.tables import change_cell, contradicting, figure_key
from petitionlib.words import capital, say, uncapital, words

__all__ = ["key_figures", "label_headline", "label_key_figures"]

_KEY: Final = (
    "petitions.received", "reception.visits", "reception.people", "reception.groups",
    "cases.complaints_denunciations.settlement_rate",
)  # fmt: skip
_INSTEAD: Final = (
    "cases.all.settlement_rate", "cases.complaints.settlement_rate", "petitions.in_jurisdiction",
    "petitions.processed", "petitions.total",
)  # fmt: skip
_MOST: Final = 5
_CARE: Final = ("form", "window", "approximate")


def key_figures(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that carry a report, at most five, those of most weight first.

    Takes rows of `year_over_year` of one place and period: petitions received, visits, people,
    large groups and the settlement rate; where one of them was not published, the next that tell
    most. Without any, the first of the codebook.
    """
    known = changes[changes["value"].notna()].drop_duplicates("indicator").set_index("indicator")
    there = [code for code in _KEY if code in known.index]
    rates = any(code.endswith("_rate") for code in there)
    spare = [c for c in _INSTEAD if c in known.index and not (rates and c.endswith("_rate"))]
    chosen = there + spare[: max(0, _MOST - 1 - len(there))]
    chosen = chosen or [code for code in entries("indicators", changes) if code in known.index]
    return known.loc[chosen[:_MOST] or known.index[:_MOST]].reset_index()


def label_key_figures(
    changes: pd.DataFrame, *, ledger: pd.DataFrame | None = None, lang: str = "en"
) -> pd.DataFrame:
    """Return the figures that carry a report as a table of text: figure, change and base.

    Takes rows of `year_over_year` of one place and period. A missing change is a dash; the last
    column says of the year before what is known, and whether care is needed; with a `ledger` of
    `reconcile`, also which figures do not agree with those they follow from.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables())
    >>> here = (changes["place"] == "can-tho") & (changes["year"] == 2022)
    >>> label_key_figures(changes[here & (changes["span"] == "Y")]).iloc[0].tolist()
    ['3,108 petitions', '+472 (+17.9 %)', '2021: 2,636 (derived)']
    """
    rows = records_of(key_figures(changes))
    doubtful = contradicting(ledger)
    columns = [say(f"column.{name}", lang) for name in ("value", "change", "previous")]
    return pd.DataFrame(
        [[_figure(row, lang), change_cell(row, lang), _base(row, doubtful, lang)] for row in rows],
        index=[label_indicator(row["indicator"], lang=lang, table=changes) for row in rows],
        columns=columns,
        dtype="str",
    ).rename_axis(columns=say("column.indicator", lang))


def label_headline(
    changes: pd.DataFrame, *, ledger: pd.DataFrame | None = None, lang: str = "en"
) -> str:
    """Write the finding of a report in a sentence: what became of its main figure.

    Takes rows of `year_over_year` of one place: of one period, or of several, then the sentence is
    about the latest year and names it. The main figure is the first of the key figures that can
    be compared with the year before, or for which a change was printed. With a `ledger` of
    `reconcile`, the sentence says if its figure does not agree with those it follows from; that
    another source prints another number is left to the checks.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables())
    >>> here = (changes["place"] == "can-tho") & (changes["year"] == 2022)
    >>> label_headline(changes[here & (changes["span"] == "Y")])
    'Petitions rose by 472 (+17.9 %) to 3,108 compared with 2021.'
    >>> label_headline(changes[here & (changes["span"] == "Y")], lang="vi")
    'Tiếp nhận 3.108 đơn, tăng 472 đơn (17,9 %) so với cùng kỳ năm 2021.'
    """
    several = len(changes[["span", "year"]].drop_duplicates()) > 1
    rows = key_figures(_latest(changes) if several else changes)
    if rows.empty:
        return say("headline.none", lang)
    each = records_of(rows)
    moved = [r for r in each if is_known(r["absolute_change"]) or has_printed_change(r)]
    row = (moved or each)[0]
    text = _sentence(row, lang)
    if several:
        text = _of_period(row, text, lang)
    care = [flag for flag in row["flag"].split() if flag in _CARE]
    if care and is_known(row["absolute_change"]):
        why = "; ".join(label_flags(" ".join(care), lang=lang))
        text = say("headline.care", lang, text=text, why=why)
    if figure_key(row) in contradicting(ledger):
        text = say("headline.doubtful", lang, text=text)
    return text


def _of_period(row: Row, text: str, lang: str) -> str:
    """Name the period in front of a sentence; after a comma it goes on with a small letter."""
    own, year = f"headline.period.{row['span']}", int(row["year"])
    if own in words():
        return say(own, lang, year=year, text=uncapital(text))
    period = capital(label_span(row["span"], year, lang=lang, table=row))
    return say(
        "headline.period", lang, period=period, text=uncapital(text) if lang == "vi" else text
    )


def _latest(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the latest year of the span that has most years of the main figures."""
    main = changes[changes["indicator"].isin(_KEY)]
    rows = changes if main.empty else main
    span = longest_span(rows)
    last = rows.loc[rows["span"] == span, "year"].max()
    latest: pd.DataFrame = changes[(changes["span"] == span) & (changes["year"] == last)]
    return latest


def _sentence(row: Row, lang: str) -> str:
    code, change = row["indicator"], row["absolute_change"]
    key = f"subject.{code}"
    name = label_indicator(code, lang=lang, table=row)
    unit = unit_of(code, row)
    values = {
        "subject": say(key, lang) if key in words() else say("headline.subject", lang, name=name),
        "value": _figure(row, lang, named=lang == "vi"),
        "year": int(row["year"]) - 1,
    }
    if has_printed_change(row) and row["change_percent"]:
        label = label_printed_change if lang == "vi" else label_printed_size
        told = label(row, lang=lang)
        return say(
            f"headline.printed.{direction(row['change_percent'])}", lang, change=told, **values
        )
    if not is_known(change):
        elsewhere = "boundary" in row["flag"].split()
        return say(f"headline.{'elsewhere' if elsewhere else 'alone'}", lang, **values)
    if rounds_to_zero(change):
        return say("headline.same", lang, **values)
    moved = label_change_of(row, unit if lang == "vi" or unit == "percent" else "", lang=lang)
    moved = moved if lang == "vi" else moved[1:]
    small = "small_base" in row["flag"].split()
    key = f"headline.{'small' if small else 'moved'}.{direction(change)}"
    return say(key, lang, change=moved, **values)


def _figure(row: Row, lang: str, *, named: bool = True) -> str:
    """Write the figure of a row; not `named`, a count goes without its unit."""
    unit = unit_of(row["indicator"], row)
    if unit != "percent" and not named:
        return label_number(row["value"], lang)
    return label_figure(row["value"], unit, decimals=row.get("decimals"), lang=lang)


def _base(row: Row, doubtful: set[tuple[object, ...]], lang: str) -> str:
    """Say what stood a year before, and how much the figure and its base bear."""
    flags = row["flag"].split()
    unit = unit_of(row["indicator"], row)
    base = label_figure(row["previous"], unit if unit == "percent" else "", lang=lang)
    if not is_known(row["previous"]):
        base = say("key.elsewhere" if "boundary" in flags else "not_published", lang)
    elif row["basis"] == "derived":
        base = say("key.derived", lang, base=base)
    if is_known(row["previous"]) and set(flags) & set(_CARE):
        base = say("key.care", lang, base=base)
    told = say("key.base", lang, year=int(row["year"]) - 1, base=base)
    return say("key.doubtful", lang, told=told) if figure_key(row) in doubtful else told
