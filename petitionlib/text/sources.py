"""Sources -> a list of references."""

import pandas as pd

from petitionlib.codebook.record import Row, records_of
from petitionlib.text.numbers import MISSING, label_date
from petitionlib.words import say

__all__ = ["label_source", "label_sources"]


def label_sources(sources: pd.DataFrame, *, lang: str = "en") -> str:
    """Write the rows of `sources` as a list of references, a line each.

    >>> from petitionlib import read_tables, sources
    >>> found = sources(read_tables()).query("source == 'thanhtra-2022-12-27'")
    >>> print(label_sources(found).partition(". ")[2].partition(". ")[0])
    thanhtravietnam.vn, 27 December 2022.
    """
    return "\n".join(label_source(row, lang=lang) for row in records_of(sources))


def label_source(row: Row, *, lang: str = "en") -> str:
    """Write one row of `sources` as a line of a list of references.

    >>> from petitionlib import read_tables, sources
    >>> rows = sources(read_tables()).set_index("source", drop=False)
    >>> label_source(rows.loc["ttcp-2022-07-07"])  # doctest: +ELLIPSIS
    'Hội nghị sơ kết 6 tháng đầu năm 2022 ngành Thanh tra. thanhtra.gov.vn, 7 July 2022. https://...'
    """
    day = row["published"]
    when = label_date(day, lang=lang) if day else say("no_date", lang)
    title = " ".join(row["title"].split()) or row["source"]
    line = f"{title}. {row['publisher'] or MISSING}, {when}."
    return f"{line} {row['url']}" if row["url"] else line
