"""Tables of figures that may or may not agree, for the plain definitions."""

import json
from itertools import product

import pandas as pd

COLUMNS = {
    "place": "str", "year": "int64", "span": "str", "indicator": "str", "source": "str",
    "value": "float64", "decimals": "Int8", "change": "float64", "change_percent": "float64",
    "change_percent_decimals": "Int8", "status": "str",
}  # fmt: skip
CASES = "cases.complaints"
THEMES = {
    "petitions": ["petitions.total", "petitions.processed", "petitions.pending",
                  "petitions.received"],
    "groups": ["reception.group_people", "reception.groups", "reception.people"],
    "cases": [f"{CASES}.settlement_rate", f"{CASES}.settled", f"{CASES}.due"],
    "feedback": ["feedback.processed", "feedback.in_jurisdiction", "feedback.out_of_jurisdiction"],
    "visits": ["reception.visits", "letters"],
}  # fmt: skip
COUNTS = [*"001122334456", "10", "12", "20", "30", "100", "1.5", "2.50"]
RATES = ["0", "25", "33", "33.3", "33.33", "50", "66", "66.6", "66.7", "67", "75.0", "100"]
CHANGES = [None, None, *"01234", "-1", "-2", "-3", "1.5"]
PERCENTS = [
    None,
    None,
    "0",
    "25",
    "33",
    "33.3",
    "50.0",
    "-25",
    "-33.4",
    "-50",
    "-66.6",
    "-67",
    "100",
]
HUGE = ["0", "1", "0.1", "2.50", "3703702", "1234567.333333333", "900000000000000", "0.000001"]
LATER = "2025-07-01"


def region(name, parent="", partition="", begins="", ends=""):
    """Write a row of places.csv."""
    return [name, name, name, "province", "", parent, partition, begins, ends, ""]


PLACES = [
    region("land"),
    region("north", "land", "old and new", ends="2025-06-30"),
    region("south", "land", "old and new"),
    region("east", "land", "old and new", begins=LATER),
    region("towns", "land", "kind"),
    region("shops", "land", "kind"),
    region("others", "land"),
    region("land-2", "others", "kind", begins=LATER),
]


def made_table(chance, counts=COUNTS):
    """Make a table of figures that may or may not agree, of places that come and go."""
    theme = THEMES[chance.choice(sorted(THEMES))]
    spans = chance.sample(["Y", "H1", "AY", "YTD", "week", "Q1", "M02"], chance.choice([1, 1, 3]))
    places = chance.sample([row[0] for row in PLACES], 3)
    keys = [
        key for key in product(["land", *places], [2024, 2025, 2026], spans, theme, "ab")
        if chance.random() < 0.7
    ]  # fmt: skip
    rows = [made_row(chance, counts, *key) for key in dict.fromkeys(keys)]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    table.attrs["codebook"] = json.dumps({"places": PLACES})
    newer = chance.choice("ab")
    table["source_order"] = (table["source"] == newer).astype("int64")
    table["coverage"] = [chance.choice(["", "", "", "41 of 63"]) for _ in rows]
    lacking = [
        "decimals",
        "change_percent_decimals",
        "change_percent",
        "status",
        "change",
        "coverage",
    ]
    return table.drop(columns=[name for name in lacking if chance.random() < 0.2])


def made_row(chance, counts, *key):
    """Make a row: a figure, perhaps with a change, some of them approximate."""
    value = chance.choice([None, *(RATES if key[3].endswith("rate") else counts)])
    change, percent = chance.choice(CHANGES), chance.choice(PERCENTS)
    status = chance.choice(["", "", "", "", "p", "r", "e"])
    return *key, value, places_of(value), change, percent, places_of(percent), status


def places_of(text):
    """Count the decimals that a text prints."""
    return None if text is None else len(text.partition(".")[2])
