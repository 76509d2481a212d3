"""Of several parts of the year that were published, the one in which a series is told."""

import pandas as pd

from petitionlib.codebook import entries

__all__ = ["longest_span"]


def longest_span(rows: pd.DataFrame) -> str:
    """Return the span in which rows of a tidy table have most figures, one a place and year.

    Of equals the one that goes on longer, then the first of the codebook. Without a figure it is
    the reporting year.

    >>> from petitionlib import read_tables
    >>> longest_span(read_tables().query("place == 'viet-nam' and indicator == 'reception.groups'"))
    'AY'
    """
    known = rows[rows["value"].notna() & rows["span"].notna()]
    names = ("span", "place", "year")
    years: dict[str, list[int]] = {}
    for span, _, year in set(zip(*(known[name].tolist() for name in names), strict=True)):
        years.setdefault(span, []).append(year)
    order = [*entries("spans", rows), *sorted(years)]
    ranked = sorted(years, key=order.index)
    return max(ranked, key=lambda span: (len(years[span]), max(years[span])), default="Y")
