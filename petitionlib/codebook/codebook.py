"""Units, indicators, places, spans, breaks and identities: what the codes of a table mean."""

import pandas as pd

from petitionlib.codebook.entries import Carrier, about, columns_of, entries

__all__ = ["breaks", "identities", "indicators", "places", "spans", "units"]


def units(table: Carrier = None) -> pd.DataFrame:
    """Return the units, one a row: one and many of it in each language, and `decimals`.

    `decimals` is the most that a figure may have: 0 for what is counted. `percent` is no row: it
    is the unit of rates.

    >>> units().set_index("unit").loc["petitions", ["one_en", "many_en"]].tolist()
    ['petition', 'petitions']
    """
    return _frame("units", table)


def indicators(table: Carrier = None) -> pd.DataFrame:
    """Return the indicators that a table may use, one a row.

    Columns: `indicator`, `unit` (one of `units()`, or percent), `kind` (flow, stock, rate), in each
    language `label` and `said` (the finding as a clause), for rates their `numerator` and
    `denominator`, `theme` (groups them in reports) and `lead` (the order of those that carry a
    report). With a table, the rows that its own folder brought are included.

    >>> indicators().set_index("indicator").at["petitions.received", "unit"]
    'petitions'
    """
    return _frame("indicators", table)


def places(table: Carrier = None) -> pd.DataFrame:
    """Return the places, one a row: names, level, GSO code, parent, partition, validity, successor.

    A place is one territory: where a merger changed the territory, the new unit is another place.

    >>> places().set_index("place").at["can-tho", "successor"]
    'can-tho-2025'
    """
    return _frame("places", table)


def spans(table: Carrier = None) -> pd.DataFrame:
    """Return the spans, one a row: labels, `start` and `end` relative to the year, `cumulative`.

    `Y-1/12-15` is 15 December of the year before; a blank end is open; a day that the month does
    not have is its last day.

    >>> spans().set_index("span").at["H1", "label_en"]
    'First six months'
    """
    return _frame("spans", table)


def breaks(table: Carrier = None) -> pd.DataFrame:
    """Return the breaks in series, one a row.

    Columns: `date`, `scope`, `indicators`, `places`, labels, `source`; `places` is blank or `*` for
    all, or names those whose whole tree is meant.

    >>> sorted(breaks()["scope"].unique())
    ['boundary', 'form', 'window']
    """
    return _frame("breaks", table)


def identities(table: Carrier = None) -> pd.DataFrame:
    """Return the arithmetic that must hold between indicators, one rule a row.

    `relation` is `=`, `<=` or `>=5x`; `parts` are joined by ` + `; a rule of severity `warning`
    may fail for a reason that the table does not show, one of severity `whole_only` is checked only
    where all parts are printed; `authority` is the form that prints it; `plus` is added to the
    whole where it is printed, too.

    >>> identities().set_index("identity").at["visits-by-reception", "parts"]
    'reception.regular.visits + reception.leader.visits'
    """
    return _frame("identities", table)


def _frame(name: str, table: Carrier) -> pd.DataFrame:
    rows = list(entries(name, table).values())
    return pd.DataFrame(rows, columns=list(columns_of(name, about(table).languages)), dtype="str")
