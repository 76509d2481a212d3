"""A choice -> the line of code of each view; what the line gives is what is shown."""

import contextlib
import io
import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import pandas as pd

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.checks.reconcile import reconcile
from petitionlib.codebook.entries import is_rate
from petitionlib.explorer.choices import Choice, Published
from petitionlib.text.text import Text

__all__ = ["VIEWS", "lines", "names_line", "names_of", "run"]

VIEWS: Final = ("trend", "changes", "composition", "ledger")


def names_line(lang: str) -> str:
    """Write the line of code that makes the names which the lines of the views use."""
    names = f"pt.year_over_year(table), pt.reconcile(table), pt.Text({_code(lang)}, table)"
    return f"changes, ledger, text = {names}"


def names_of(table: pd.DataFrame, lang: str) -> dict[str, Any]:
    """Return the names that the lines use: `pt`, `table`, `changes`, `ledger`, `text`."""
    return {
        "pt": import_module("petitionlib"),
        "table": table,
        "changes": year_over_year(table),
        "ledger": reconcile(table),
        "text": Text(lang, table),
    }


def lines(choice: Choice, published: Published) -> dict[str, str]:
    """Write for each view the line of code that draws or prints it.

    Codes come from tables: they are written as literals, and can never run.
    """
    written = (_trend(choice, published), _changes(choice), _composition(choice), _ledger(choice))
    return dict(zip(VIEWS, written, strict=True))


def run(line: str, names: Mapping[str, Any]) -> Any:
    """Return what a line of `lines` gives: a figure, or the text that it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        given = eval(line, dict(names))  # noqa: S307  # our own line, its codes are literals
    return printed.getvalue().rstrip("\n") if given is None else given


def _trend(choice: Choice, published: Published) -> str:
    years = published.years(choice.places, choice.indicator, choice.span)
    whole = (choice.first, choice.last) == (years[0], years[-1])
    options = f"{_code(choice.indicator)}, span={_code(choice.span)}"
    options += "" if whole else f", years=({choice.first}, {choice.last})"
    options += ", percent=True" if _in_percent(choice, published.table) else ""
    places = _code(choice.places[0]) if len(choice.places) == 1 else _codes(choice)
    return f"pt.plot_trend(table, {places}, {options}, text=text)"


def _changes(choice: Choice) -> str:
    span = f"span={_code(choice.span)}"
    if len(choice.places) == 1:
        place = _code(choice.places[0])
        return f"pt.plot_changes(changes, {place}, {choice.last}, {span}, text=text)"
    percent = f"percent={choice.percent}"
    return (
        f"pt.plot_ranking(table, {choice.last}, {_code(choice.indicator)}, {span}, {percent}, "
        f"places={_codes(choice)}, text=text)"
    )


def _composition(choice: Choice) -> str:
    where = f"{_code(choice.detail)}, {choice.last}, span={_code(choice.span)}"
    return f"pt.plot_composition(table, {where}, text=text)"


def _ledger(choice: Choice) -> str:
    rows = (
        f'ledger["place"].isin({_codes(choice)}) & (ledger["span"] == {_code(choice.span)})'
        f' & ledger["year"].between({choice.first}, {choice.last})'
    )
    return f"text.ledger(ledger[{rows}])"


def _in_percent(choice: Choice, table: pd.DataFrame) -> bool:
    """Tell whether a trend is drawn in percent of its base: counts only."""
    return choice.percent and not is_rate(choice.indicator, table)


def _code(text: str) -> str:
    """Write a code as a literal of Python's, in the quotes that the formatter prefers."""
    return json.dumps(text, ensure_ascii=True) if text.isascii() else repr(text)


def _codes(choice: Choice) -> str:
    return f"[{', '.join(map(_code, choice.places))}]"
