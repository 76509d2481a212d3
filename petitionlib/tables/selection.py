"""What is selected where nobody has said it: place, year, span and indicator."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from petitionlib.codebook.entries import about, entries, leading

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BLANK", "Selection", "fill_in", "selection"]


class Selection(NamedTuple):
    """One place, year, span and indicator."""

    place: str
    year: int
    span: str
    indicator: str


BLANK: Final[Mapping[str, str | int]] = Selection("", 0, "", "")._asdict()
_ORDER: Final = ("span", "place", "year", "indicator")  # in which they are chosen


def selection(
    table: "pd.DataFrame", *, place: str = "", year: int = 0, span: str = "", indicator: str = ""
) -> Selection:
    """Fill in what is blank, or 0, by what a table has figures of.

    Takes a tidy table (`read_tables`). The span is the codebook's `default_span`, the place the
    first that has figures, the year the latest, the indicator the first that carries a report
    (`lead`), each among the figures of what was chosen before. What is given stays as it is.

    >>> from petitionlib import read_tables
    >>> selection(read_tables(), place="can-tho")
    Selection(place='can-tho', year=2023, span='Y', indicator='petitions.received')
    """
    from petitionlib.codebook.arguments import (  # noqa: PLC0415  # loads pandas
        check_is_tidy,
        check_year,
    )
    from petitionlib.tables.frame import refuse_other_years  # noqa: PLC0415  # the same

    check_is_tidy(table)
    refuse_other_years(table)
    if year:
        check_year(year)
    known = table.loc[table["value"].notna(), [*BLANK]].drop_duplicates()
    keys = ((str(p), int(y), str(s), str(i)) for p, y, s, i in known.itertuples(index=False))
    book = {"place": [*entries("places", table)], "span": [*entries("spans", table)]}
    book |= {"indicator": leading(table)}
    given = {"place": place, "year": year, "span": span, "indicator": indicator}
    return Selection(**fill_in(given, keys, book, about(table).default_span))


def fill_in(
    given: Mapping[str, Any],
    keys: Iterable[tuple[str, int, str, str]],
    book: Mapping[str, Sequence[str]],
    span: str,
) -> dict[str, Any]:
    """Return what is selected by what is given and the keys of figures, without pandas.

    `book` has the codes of the codebook in their order; `span` is the default one.
    """
    chosen, rows = dict(given), list(keys)
    columns = {name: number for number, name in enumerate(BLANK)}
    for name in sorted(given, key=lambda name: (chosen[name] == BLANK[name], _ORDER.index(name))):
        cells = [row[columns[name]] for row in rows]
        if chosen[name] == BLANK[name] and cells:
            first = [*([span] if name == "span" else []), *book.get(name, ())]
            there = {*cells}
            chosen[name] = next((c for c in first if c in there), cells[0])
            chosen[name] = max(there) if name == "year" else chosen[name]
        elif name == "span" and not chosen[name]:
            chosen[name] = span
        rows = [row for row in rows if row[columns[name]] == chosen[name]] or rows
    return chosen
