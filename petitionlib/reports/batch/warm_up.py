"""What every report of a batch does, done once before the kernels of its reports are forked."""

from typing import Any, Final

from petitionlib.charts.changes import plot_changes
from petitionlib.charts.composition import plot_composition
from petitionlib.charts.settlement import plot_settlement
from petitionlib.charts.trend import plot_trend
from petitionlib.reports.batch.shelf import hold
from petitionlib.tables.sources import sources
from petitionlib.text.text import Text

__all__ = ["warm_up"]

_LANGUAGES: Final = ("en", "vi")


def warm_up() -> None:
    """Hold the tables that were laid out, and draw and word a report of them in each language.

    What the libraries make on first use is then there in every fork, and so are the tables. Does
    nothing where no tables were laid out.
    """
    held = hold()
    if not {"read_tables", "year_over_year", "reconcile"} <= held.keys():
        return
    changes = held["year_over_year"]
    newest = changes.dropna(subset=["value"]).sort_values("year").iloc[-1]
    chosen = str(newest["place"]), int(newest["year"]), str(newest["span"])
    for lang in _LANGUAGES:
        _report(held["read_tables"], changes, held["reconcile"], chosen, lang)


def _report(table: Any, changes: Any, ledger: Any, chosen: tuple[str, int, str], lang: str) -> None:
    """Make the parts of a report of one place, year and span, and drop them."""
    place, year, span = chosen
    rows = "place == @place and year == @year and span == @span"
    here, found = changes.query(rows), ledger.query(rows)
    text = Text(lang, table)
    text.title(place, year, span=span)
    text.headline(here, found)
    text.cautions(here)
    text.ledger(found)
    text.sources(sources(table.query("place == @place and span == @span")))
    for readable in (text.key_figures(here, found), text.comparisons(here, found)):
        text.show(readable)._repr_html_()  # what a notebook shows
    for figure in (
        plot_changes(changes, place, year, span=span, text=text),
        plot_trend(table, place, "petitions.received", span=span, text=text),
        plot_composition(table, place, year, span=span, text=text),
        plot_settlement(table, place, year, span=span, text=text),
    ):
        figure.to_json()
