"""What every report of a batch does, done once before the kernels of its reports are forked."""

from typing import Any, Final

from petitionlib.charts.changes import plot_changes
from petitionlib.charts.composition import plot_composition
from petitionlib.charts.settlement import plot_settlement
from petitionlib.charts.trend import plot_trend
from petitionlib.reports.batch.shelf import hold
from petitionlib.tables.sources import sources
from petitionlib.text.cautions import label_cautions
from petitionlib.text.checks import label_ledger
from petitionlib.text.comparisons import label_title
from petitionlib.text.headline import label_headline, label_key_figures
from petitionlib.text.show import show
from petitionlib.text.sources import label_sources
from petitionlib.text.tables import label_table

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
    label_title(place, year, span=span, lang=lang, table=table)
    label_headline(here, ledger=found, lang=lang)
    label_cautions(here, lang=lang)
    label_ledger(found, lang=lang)
    label_sources(sources(table.query("place == @place and span == @span")), lang=lang)
    for shown in (
        label_key_figures(here, ledger=found, lang=lang),
        label_table(here, ledger=found, lang=lang),
    ):
        show(shown)._repr_html_()  # what a notebook shows
    for figure in (
        plot_changes(changes, place, year, span=span, lang=lang),
        plot_trend(table, place, "petitions.received", span=span, lang=lang),
        plot_composition(table, place, year, span=span, lang=lang),
        plot_settlement(table, place, year, span=span, lang=lang),
    ):
        figure.to_json()
