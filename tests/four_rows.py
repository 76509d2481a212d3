"""Tables of a few rows, made in memory, that the head can check."""

import json

import pandas as pd

RECEIVED = "petitions.received"


def row(year, value, **other):
    """Make one figure: petitions received in Can Tho in a reporting year, unless told."""
    return {
        "place": "can-tho",
        "year": year,
        "span": "Y",
        "indicator": RECEIVED,
        "value": value,
        "change": None,
        "status": "",
        "source": "a",
    } | other


def table(*rows, sources=()):
    """Make a tidy table of rows; `sources` are listed oldest first."""
    frame = pd.DataFrame(rows).astype({"value": "float64", "change": "float64"})
    if sources:
        frame.attrs["sources"] = json.dumps([[source, "", "", "", "", ""] for source in sources])
    return frame


def figures_of(year=2022, **figures):
    """Make a table of figures of one year, named by their indicator with __ for a dot."""
    return table(*(row(year, v, indicator=name.replace("__", ".")) for name, v in figures.items()))
