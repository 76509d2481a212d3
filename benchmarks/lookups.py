"""What the other tools need of the codebook, as small tables that lie ready before the clock runs.

`year_over_year` finds the same within its own time.
"""

from datetime import date
from typing import Final

import pandas as pd

from petitionlib.codebook import breaks, indicators
from petitionlib.codebook.windows import window
from petitionlib.tables.sources import source_list

__all__ = ["BITS", "flag_text", "marks", "ranks"]

FLAGS: Final = (
    "no_previous", "zero_base", "small_base", "boundary", "form", "window", "approximate",
)  # fmt: skip
BITS: Final = {name: 1 << place for place, name in enumerate(FLAGS)}


def flag_text(bits: int) -> str:
    """Write a number of flags as `year_over_year` writes them."""
    return " ".join(name for name, bit in BITS.items() if bits & bit)


def ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Rank the sources: the newest is the greatest."""
    names = [row[0] for row in source_list(table)]
    return pd.DataFrame({"source": names, "rank": range(len(names))})


def marks(table: pd.DataFrame) -> pd.DataFrame:
    """List for each span, year and indicator if it is a rate, and the breaks it crosses as bits."""
    rates = indicators().set_index("indicator")["kind"] == "rate"
    rows = [
        (span, year, name, bool(rates[name]), _crossed(span, year, name))
        for span in sorted(table["span"].unique())
        for year in range(int(table["year"].min()), int(table["year"].max()) + 1)
        for name in sorted(table["indicator"].unique())
    ]
    return pd.DataFrame(rows, columns=["span", "year", "indicator", "rate", "crossed"])


def _crossed(span: str, year: int, indicator: str) -> int:
    before, now = (window(span, y)[1] or date(y, 12, 14) for y in (year - 1, year))
    bits = 0
    for row in breaks().itertuples():
        named = row.indicators == "*" or indicator in row.indicators.split(" + ")
        if named and row.scope in {"form", "window"}:
            bits |= BITS[row.scope] * (before < date.fromisoformat(row.date) <= now)
    return bits
