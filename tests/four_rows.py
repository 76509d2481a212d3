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
    return listed(frame, dict.fromkeys(sources, "")) if sources else frame


def listed(frame, days):
    """Give a table a list of sources, oldest first, with their days, as `read_tables` does."""
    rows = [[source, "", "", "", day, ""] for source, day in days.items()]
    order = {source: place for place, source in enumerate(days)}
    sources = frame["source"].astype("str")
    made = frame.assign(
        published=sources.map(days).fillna("").astype("str"),
        source_order=sources.map(order).astype("Int64"),
    )
    made.attrs = frame.attrs | {"sources": json.dumps(rows)}
    return made


def far_rows():
    """Make rows of other places in years far apart: with them the grid of keys is sparse."""
    places = [f"place-{n:03}" for n in range(40)]
    return [
        row(year, 1, place=place, indicator=indicator, span=span, source="far")
        for n, place in enumerate(places)
        for year in (1000, 9998)
        for indicator, span in [((RECEIVED, "Y"), ("reception.visits", "H1"))[n % 2]]
    ]


def figures_of(year=2022, **figures):
    """Make a table of figures of one year, named by their indicator with __ for a dot."""
    return table(*(row(year, v, indicator=name.replace("__", ".")) for name, v in figures.items()))


def printed(figures, **other):
    """Make a table of what one source printed about one place; "1000e" is approximate."""
    rows = [
        {
            "place": "can-tho",
            "year": 2022,
            "span": "Y",
            "indicator": indicator,
            "value": float(text.removesuffix("e")),
            "status": "e" if text.endswith("e") else "",
            "source": "a",
            "decimals": len(text.removesuffix("e").partition(".")[2]),
        }
        | other
        for indicator, text in figures.items()
    ]
    return pd.DataFrame(rows).astype({"decimals": "Int8"})
