"""What every report of a batch does, done once before the kernels of its reports are forked."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.charts.changes import plot_changes
from petitionlib.charts.composition import plot_composition
from petitionlib.charts.settlement import plot_settlement
from petitionlib.charts.trend import plot_trend
from petitionlib.checks.reconcile import reconcile
from petitionlib.tables.folder import COLUMNS, DATA
from petitionlib.tables.read import read_tables
from petitionlib.tables.sources import sources
from petitionlib.text.text import Text
from petitionlib.words import LANGUAGES

__all__ = ["warm_up"]

_PLACE, _YEAR, _SPAN = "can-tho", 2022, "Y"
_FIGURES: Final = {  # made up, so that every part of a report has something to say
    "reception.visits": (2650, 2500, ""),
    "reception.regular.visits": (1977, 1800, ""),
    "reception.leader.visits": (673, 700, ""),
    "petitions.received": (3108, 2636, "17.9"),
    "petitions.in_jurisdiction": (983, 900, ""),
    "cases.complaints.due": (156, 140, ""),
    "cases.complaints.settled": (150, 130, ""),
    "cases.complaints.settlement_rate": ("96.15", "92.86", ""),
}
_SOURCES: Final = "source,title,publisher,url,published,note\nm,Made up,,,2022-12-27,\n"


def warm_up() -> None:
    """Read, compare, draw and word a report of a few made-up figures, in each language.

    What the libraries make on first use is then there in every fork, and so are words, sources and
    the codebook: that of the batch's data folder, which its reports have in common.
    """
    with tempfile.TemporaryDirectory() as name:
        _lay_out(Path(name))
        table = read_tables(name)
    changes, ledger = year_over_year(table), reconcile(table)
    for lang in LANGUAGES:
        _report(table, changes, ledger, lang)


def _lay_out(folder: Path) -> None:
    """Make a data folder of the made-up figures, with the codebook of the batch's own."""
    with suppress(OSError):
        shutil.copytree(Path(os.environ.get(DATA, "")) / "codebook", folder / "codebook")
    (folder / "sources.csv").write_text(_SOURCES, encoding="utf-8")
    for year, column in ((_YEAR, 0), (_YEAR - 1, 1)):
        rows = [
            f"{_PLACE},{year},{_SPAN},{indicator},{figure[column]},,{figure[2]},,m,"
            for indicator, figure in _FIGURES.items()
        ]
        lines = [",".join(COLUMNS), *rows, ""]
        (folder / f"{year}.csv").write_text("\n".join(lines), encoding="utf-8")


def _report(table: Any, changes: Any, ledger: Any, lang: str) -> None:
    """Make the parts of a report of one place, year and span, and drop them."""
    place, year, span = _PLACE, _YEAR, _SPAN
    rows = "place == @place and year == @year and span == @span"
    here, found = changes.query(rows), ledger.query(rows)
    text = Text(lang, table)
    text.title(place, year, span=span)
    text.headline(here, found)
    text.cautions(here)
    text.ledger(found)
    text.sources(sources(table.query("place == @place and span == @span")))
    for readable in (text.key_figures(here, found), text.comparisons(here, found)):
        text.show(readable)._repr_mimebundle_()  # what a notebook shows
    for figure in (
        plot_changes(changes, place, year, span=span, text=text),
        plot_trend(table, place, "petitions.received", span=span, text=text),
        plot_composition(table, place, year, span=span, text=text),
        plot_settlement(table, place, year, span=span, text=text),
    ):
        figure.to_json()
