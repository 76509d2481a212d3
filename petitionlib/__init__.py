"""Yearly citizen reception and petition tables: compared, checked, drawn and reported."""

from importlib import import_module
from os import environ
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from petitionlib.changes.boundaries import to_boundaries
    from petitionlib.changes.contributions import contributions, shares
    from petitionlib.changes.rates import rates
    from petitionlib.changes.revisions import revisions
    from petitionlib.changes.year_over_year import year_over_year
    from petitionlib.charts.changes import plot_changes
    from petitionlib.charts.composition import plot_composition
    from petitionlib.charts.ranking import plot_ranking
    from petitionlib.charts.settlement import plot_settlement
    from petitionlib.charts.trend import plot_trend
    from petitionlib.charts.trends import plot_trends
    from petitionlib.checks.reconcile import reconcile
    from petitionlib.codebook.codebook import breaks, identities, indicators, places, spans
    from petitionlib.explorer.door import explore
    from petitionlib.labels import (
        label_change,
        label_count,
        label_indicator,
        label_percent,
        label_place,
        label_span,
    )
    from petitionlib.readings.cautions import label_cautions
    from petitionlib.readings.checks import (
        label_agreement,
        label_cause,
        label_check,
        label_ledger,
        label_verdicts,
    )
    from petitionlib.readings.comparisons import label_comparison, label_findings, label_title
    from petitionlib.readings.headline import label_headline, label_key_figures
    from petitionlib.readings.rankings import label_places, label_rankings
    from petitionlib.readings.shown import show
    from petitionlib.readings.sources import label_sources
    from petitionlib.readings.tables import label_coverage, label_table, label_tables
    from petitionlib.reports import build_report
    from petitionlib.tables.read import check_table, read_table, read_tables
    from petitionlib.tables.sources import known_on, sources

__all__ = [
    "breaks",
    "build_report",
    "check_table",
    "contributions",
    "explore",
    "identities",
    "indicators",
    "known_on",
    "label_agreement",
    "label_cause",
    "label_cautions",
    "label_change",
    "label_check",
    "label_comparison",
    "label_count",
    "label_coverage",
    "label_findings",
    "label_headline",
    "label_indicator",
    "label_key_figures",
    "label_ledger",
    "label_percent",
    "label_place",
    "label_places",
    "label_rankings",
    "label_sources",
    "label_span",
    "label_table",
    "label_tables",
    "label_title",
    "label_verdicts",
    "places",
    "plot_changes",
    "plot_composition",
    "plot_ranking",
    "plot_settlement",
    "plot_trend",
    "plot_trends",
    "rates",
    "read_table",
    "read_tables",
    "reconcile",
    "revisions",
    "shares",
    "show",
    "sources",
    "spans",
    "to_boundaries",
    "year_over_year",
]

_RECORD = "PETITIONLIB_RECORD"
_ROOMS = {
    "breaks": "codebook.codebook",
    "build_report": "reports",
    "check_table": "tables.read",
    "contributions": "changes.contributions",
    "explore": "explorer.door",
    "identities": "codebook.codebook",
    "indicators": "codebook.codebook",
    "known_on": "tables.sources",
    "label_agreement": "readings.checks",
    "label_cause": "readings.checks",
    "label_cautions": "readings.cautions",
    "label_change": "labels",
    "label_check": "readings.checks",
    "label_comparison": "readings.comparisons",
    "label_count": "labels",
    "label_coverage": "readings.tables",
    "label_findings": "readings.comparisons",
    "label_headline": "readings.headline",
    "label_indicator": "labels",
    "label_key_figures": "readings.headline",
    "label_ledger": "readings.checks",
    "label_percent": "labels",
    "label_place": "labels",
    "label_places": "readings.rankings",
    "label_rankings": "readings.rankings",
    "label_sources": "readings.sources",
    "label_span": "labels",
    "label_table": "readings.tables",
    "label_tables": "readings.tables",
    "label_title": "readings.comparisons",
    "label_verdicts": "readings.checks",
    "places": "codebook.codebook",
    "plot_changes": "charts.changes",
    "plot_composition": "charts.composition",
    "plot_ranking": "charts.ranking",
    "plot_settlement": "charts.settlement",
    "plot_trend": "charts.trend",
    "plot_trends": "charts.trends",
    "rates": "changes.rates",
    "read_table": "tables.read",
    "read_tables": "tables.read",
    "reconcile": "checks.reconcile",
    "revisions": "changes.revisions",
    "shares": "changes.contributions",
    "show": "readings.shown",
    "sources": "tables.sources",
    "spans": "codebook.codebook",
    "to_boundaries": "changes.boundaries",
    "year_over_year": "changes.year_over_year",
}


def __dir__() -> list[str]:
    return list(__all__)


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version(__name__)
    if name not in _ROOMS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    if _RECORD in environ:  # a batch wants to know which rows a notebook reads
        return import_module(f"{__name__}.recorder").recorded(found)
    return found
