"""What every report of a batch does, done once before the kernels of its reports are forked."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pandas as pd

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.charts.changes import plot_changes
from petitionlib.charts.composition import plot_composition
from petitionlib.charts.settlement import plot_settlement
from petitionlib.charts.trend import plot_trend
from petitionlib.checks.reconcile import reconcile
from petitionlib.codebook.entries import about, entries, leading, rates_of
from petitionlib.codebook.validate import read_codebook
from petitionlib.tables.folder import COLUMNS, DATA
from petitionlib.tables.read import read_tables
from petitionlib.tables.selection import selection
from petitionlib.tables.sources import sources
from petitionlib.text.text import Text

__all__ = ["warm_up"]

_YEAR: Final = 2022
_FEW: Final = 5
_SOURCES: Final = "source,title,publisher,url,published,note\nm,Made up,,,2022-12-27,\n"


def warm_up() -> None:
    """Read, compare, draw and word a report of a few made-up figures, in each language.

    What the libraries make on first use is then there in every fork, and so are words, sources and
    the codebook: that of the batch's data folder, which its reports have in common. The figures
    are of indicators of that codebook, so that every part of a report has something to say.
    """
    with tempfile.TemporaryDirectory() as name:
        table = _made_up(Path(name))
    changes, ledger = year_over_year(table), reconcile(table)
    place, _, span, _ = selection(table)
    for lang in about(table).languages:
        _report(table, changes, ledger, Text(lang, table), (place, span))


def _made_up(folder: Path) -> Any:
    """Make and read a data folder of made-up figures, with the codebook of the batch's own."""
    with suppress(OSError):
        shutil.copytree(Path(os.environ.get(DATA, "")) / "codebook", folder / "codebook")
    (folder / "sources.csv").write_text(_SOURCES, encoding="utf-8")
    book = pd.DataFrame()
    book.attrs["codebook"] = read_codebook(folder)
    lasting = [p for p, row in entries("places", book).items() if not row["valid_to"]]
    place, span = next(iter(lasting), ""), about(book).default_span
    for year, more in ((_YEAR - 1, 0), (_YEAR, 30)):
        rows = [
            f"{place},{year},{span},{code},{value},,,,m,"
            for code, value in _figures(book, more).items()
        ]
        lines = [",".join(COLUMNS), *rows, ""]
        (folder / f"{year}.csv").write_text("\n".join(lines), encoding="utf-8")
    return read_tables(folder)


def _figures(book: Any, more: int) -> dict[str, int]:
    """Make up figures: of what carries a report, of a total and its parts, of a rate's counts."""
    rates, rules = rates_of(book), entries("identities", book).values()
    found = {code: 50 if code in rates else 200 + more for code in leading(book)[:_FEW]}
    for rule in [rule for rule in rules if rule["relation"] == "="][:1]:
        parts = rule["parts"].split(" + ")
        found |= dict.fromkeys(parts, 100 + more) | {rule["whole"]: (100 + more) * len(parts)}
    for code, row in [*rates.items()][:1]:
        if row["numerator"] and row["denominator"]:
            found |= {code: 50, row["numerator"]: 100 + more, row["denominator"]: 200 + 2 * more}
    return found


def _report(table: Any, changes: Any, ledger: Any, text: Text, where: tuple[str, str]) -> None:
    """Make the parts of a report of one place, year and span, and drop them."""
    (place, span), year = where, _YEAR
    rows = "place == @place and year == @year and span == @span"
    here, found = changes.query(rows), ledger.query(rows)
    text.title(place, year, span=span)
    text.headline(here, found)
    text.cautions(here)
    text.ledger(found)
    text.definitions(here)
    text.sources(sources(table.query("place == @place and span == @span")))
    for readable in (text.key_figures(here, found), text.comparisons(here, found)):
        text.show(readable)._repr_mimebundle_()  # what a notebook shows
    for figure in (
        plot_changes(changes, place, year, span=span, text=text),
        plot_trend(table, place, span=span, text=text),
        plot_composition(table, place, year, span=span, text=text),
        plot_settlement(table, place, year, span=span, text=text),
    ):
        figure.to_json()
