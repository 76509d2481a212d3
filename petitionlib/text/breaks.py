"""Where a series breaks: what changed between two of its years, and made them less alike."""

from collections.abc import Iterable

import pandas as pd

from petitionlib.codebook.codebook import entries
from petitionlib.codebook.windows import last_day
from petitionlib.text.names import label_flags
from petitionlib.text.numbers import label_date
from petitionlib.words import say

__all__ = ["label_breaks", "label_breaks_before"]


def label_breaks(
    changes: pd.DataFrame, indicator: str, span: str, years: Iterable[int], *, lang: str = "en"
) -> dict[int, str]:
    """Say what changed before a year of a series: form, period or territory.

    Takes rows of `year_over_year` of one place, indicator and span, and the years of the series.
    Returns the reasons by the first year after the change; a change of territory counts where the
    rows say that the place is another one (`boundary`).

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables())
    >>> mine = changes[(changes["place"] == "can-tho") & (changes["span"] == "Y")]
    >>> label_breaks(mine, "reception.visits", "Y", [2020, 2021, 2022])[2021]
    '15 December 2020: The reporting year starts on 15 December instead of 16 December; \
10 May 2021: Forms of circular 02/2021'
    """
    return label_breaks_before(changes, indicator, span, sorted(years)[1:], lang=lang)


def label_breaks_before(
    changes: pd.DataFrame, indicator: str, span: str, years: Iterable[int], *, lang: str = "en"
) -> dict[int, str]:
    """Do the same for rows of several places, before each of some years.

    A change of territory of any of them counts.
    """
    rows = zip(changes["year"].tolist(), changes["flag"].tolist(), strict=True)
    elsewhere = {year for year, flags in rows if "boundary" in flags.split()}
    found = {}
    for year in sorted(years):
        reasons = list(_reasons(changes, indicator, span, year, lang, moved=year in elsewhere))
        if reasons:
            found[year] = "; ".join(dict.fromkeys(reasons))
    return found


def _reasons(  # noqa: PLR0913  # one comparison, in words
    changes: pd.DataFrame, indicator: str, span: str, year: int, lang: str, *, moved: bool
) -> Iterable[str]:
    """Name what lies between the ends of a span in a year and in the year before."""
    ends = [last_day(span, y, changes).isoformat() for y in (year - 1, year)]
    named = False
    for row in entries("breaks", changes).values():
        boundary = row["scope"] == "boundary"
        touched = row["indicators"] == "*" or indicator in row["indicators"].split(" + ")
        if ends[0] < row["date"] <= ends[1] and touched and (moved or not boundary):
            named |= boundary
            day = label_date(row["date"], lang=lang)
            yield say("break.on", lang, day=day, label=row[f"label_{lang}"])
    if moved and not named:
        yield from label_flags("boundary", lang=lang)
