"""`explore`: what it takes, refused before any widget is made."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pandas as pd

from petitionlib.codebook.arguments import as_codes, check_is_tidy, check_known
from petitionlib.errors import DataNotFoundError, PetitionlibError, said
from petitionlib.explorer.choices import Published
from petitionlib.text.text import Text

if TYPE_CHECKING:
    from petitionlib.explorer.widget import Explorer

__all__ = ["explore"]


def explore(
    table: pd.DataFrame,
    places: str | Sequence[str] = (),
    indicator: str = "",
    *,
    lang: str = "",
) -> "Explorer":
    """Choose places, indicator, period and years, and see trend, changes, composition and checks.

    Takes a tidy table (`read_tables`) and what to begin with; without places, the one with most
    figures; without an indicator, the first that carries a report (`lead`); without a language, the
    codebook's first. Under each view stands the line of code that drew it, to be copied into a
    cell: it needs `import petitionlib as pt`, the `table`, and the names that the widget shows.
    Returns a widget for JupyterLab; pages and other readers without a kernel show its first trend.
    Raises `PetitionlibError` where ipywidgets is not installed, `DataNotFoundError` for a code that
    neither table nor codebook knows, and for a table without figures.

    >>> from petitionlib import read_tables
    >>> explore(read_tables(), "can-tho").choice.span
    'Y'
    """
    check_is_tidy(table)
    text = Text(lang, table)
    if find_spec("ipywidgets") is None:
        raise PetitionlibError(said("fault.no_widgets"))
    named = [] if places == "" else as_codes(places)
    if indicator:
        check_known(table, indicator=indicator)
    for place in named:
        check_known(table, place=place)
    published = Published(table)
    silent = [place for place in named if place not in published.places]
    if silent or not published.places:
        fault = said("fault.explore_nothing")
        if silent:
            fault = said("fault.explore_place", place=silent[0])
        raise DataNotFoundError(fault, published.places)
    from petitionlib.explorer.widget import Explorer  # noqa: PLC0415  # loads ipywidgets

    return Explorer(published, named, indicator, text.lang)
