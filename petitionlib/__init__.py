"""Yearly citizen reception and petition tables: compared, checked, drawn and reported."""

from importlib import import_module
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
    from petitionlib.explorer.explore import explore
    from petitionlib.reports.build import build_report
    from petitionlib.tables.read import check_table, read_table, read_tables
    from petitionlib.tables.sources import known_on, sources
    from petitionlib.text.cautions import label_cautions
    from petitionlib.text.checks import (
        label_agreement,
        label_cause,
        label_check,
        label_ledger,
        label_verdicts,
    )
    from petitionlib.text.comparisons import label_comparison, label_findings, label_title
    from petitionlib.text.headline import label_headline, label_key_figures
    from petitionlib.text.names import label_indicator, label_place, label_span
    from petitionlib.text.numbers import label_change, label_count, label_percent
    from petitionlib.text.rankings import label_places, label_rankings
    from petitionlib.text.show import show
    from petitionlib.text.sources import label_sources
    from petitionlib.text.tables import label_coverage, label_table, label_tables

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

_ROOMS = {
    "breaks": "codebook.codebook",
    "build_report": "reports.build",
    "check_table": "tables.read",
    "contributions": "changes.contributions",
    "explore": "explorer.explore",
    "identities": "codebook.codebook",
    "indicators": "codebook.codebook",
    "known_on": "tables.sources",
    "label_agreement": "text.checks",
    "label_cause": "text.checks",
    "label_cautions": "text.cautions",
    "label_change": "text.numbers",
    "label_check": "text.checks",
    "label_comparison": "text.comparisons",
    "label_count": "text.numbers",
    "label_coverage": "text.tables",
    "label_findings": "text.comparisons",
    "label_headline": "text.headline",
    "label_indicator": "text.names",
    "label_key_figures": "text.headline",
    "label_ledger": "text.checks",
    "label_percent": "text.numbers",
    "label_place": "text.names",
    "label_places": "text.rankings",
    "label_rankings": "text.rankings",
    "label_sources": "text.sources",
    "label_span": "text.names",
    "label_table": "text.tables",
    "label_tables": "text.tables",
    "label_title": "text.comparisons",
    "label_verdicts": "text.checks",
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
    "show": "text.show",
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
    found: object = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    return found
