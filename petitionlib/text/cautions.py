"""What limits a comparison: changes of form, period and territory, and early figures."""

from collections.abc import Iterator

import pandas as pd

from petitionlib.codebook.codebook import entries
from petitionlib.codebook.windows import last_day
from petitionlib.tables.sources import source_list
from petitionlib.text.numbers import label_date, label_number
from petitionlib.words import say

__all__ = ["label_cautions"]


def label_cautions(changes: pd.DataFrame, *, lang: str = "en") -> str:
    """Say in plain words what the reader of some comparisons must know, a sentence a line.

    Takes rows of `year_over_year`, of one place and period or of several. Names the changes of
    form, period and territory that lie between the years (`breaks`) and how many of the figures
    they touch; windows that end with the report; and sources that were published before the period
    ended.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables())
    >>> at = (changes["place"] == "can-tho") & (changes["year"] == 2023)
    >>> print(label_cautions(changes[at & (changes["span"] == "Y")]))  # doctest: +ELLIPSIS
    No comparison in this report crosses a change of form, period or territory.
    thanhtra.com.vn published its figures on 7 December 2023, before the period ended on 14 ...
    """
    flags = changes["flag"].astype("str").fillna("").str.split()
    elsewhere = int(flags.map(lambda found: "boundary" in found).sum())
    lines = [*_breaks(changes, flags, lang)]
    if elsewhere and not lines:
        key = "cautions.territory" + ".one" * (elsewhere == 1)
        lines = [say(key, lang, count=label_number(elsewhere, lang))]
    compared = changes["absolute_change"].notna()
    lines = lines or [say("cautions.none" if compared.any() else "cautions.nothing", lang)]
    if (_open(changes) & compared).any():
        lines.append(say("cautions.open", lang))
    return "\n".join([*lines, *_early(changes, lang)])


def _breaks(changes: pd.DataFrame, flags: pd.Series, lang: str) -> Iterator[str]:
    """Name each break that some of the comparisons cross, with how many they are."""
    told = set()  # two breaks of one scope and day are one reason
    for row in entries("breaks", changes).values():
        touched = flags.map(lambda found, scope=row["scope"]: scope in found)
        if row["scope"] != "boundary":
            touched &= changes["absolute_change"].notna()
        if row["indicators"] != "*":
            touched &= changes["indicator"].isin(row["indicators"].split(" + "))
        count = int((touched & _between(changes, row["date"])).sum())
        if count and (row["scope"], row["date"]) not in told:
            told.add((row["scope"], row["date"]))
            kind = "boundary" if row["scope"] == "boundary" else "break"
            yield say(
                f"cautions.{kind}" + ".one" * (count == 1), lang,
                date=label_date(row["date"], lang=lang),
                label=row[f"label_{lang}"],
                count=label_number(count, lang),
            )  # fmt: skip


def _between(changes: pd.DataFrame, day: str) -> pd.Series:
    """Tell which comparisons have a day between the ends of their two windows."""
    crossed = {
        (span, year): _end(changes, span, year - 1) < day <= _end(changes, span, year)
        for span, year in set(zip(changes["span"], changes["year"], strict=True))
    }
    pairs = zip(changes["span"], changes["year"], strict=True)
    return pd.Series([crossed[pair] for pair in pairs], index=changes.index, dtype="bool")


def _end(changes: pd.DataFrame, span: str, year: int) -> str:
    return last_day(span, year, changes).isoformat()


def _open(changes: pd.DataFrame) -> pd.Series:
    spans = entries("spans", changes)
    open_spans = [code for code, row in spans.items() if not row["end"]]
    return changes["span"].isin(open_spans)


def _early(changes: pd.DataFrame, lang: str) -> Iterator[str]:
    """Name the sources that were published before the period ended."""
    used = changes.loc[~_open(changes), ["source", "span", "year"]].drop_duplicates()
    periods: dict[str, list[tuple[str, int]]] = {}
    for source, span, year in used.itertuples(index=False):
        periods.setdefault(source, []).append((span, year))
    for row in source_list(changes):
        published = row[4]
        for span, year in periods.get(row[0], []):
            end = _end(changes, span, year)
            if "" != published < end:
                yield say(
                    "cautions.early", lang,
                    publisher=row[2] or row[0],
                    date=label_date(published, lang=lang),
                    end=label_date(end, lang=lang),
                )  # fmt: skip
