"""What `year_over_year` means, figure by figure, in the plainest code."""

import pandas as pd

from petitionlib.codebook.entries import entries
from petitionlib.codebook.windows import last_day

KEY = ("place", "year", "span", "indicator")
NEVER = "9999-12-31"


def year_over_year(table):
    """List (key, value, previous, basis, absolute and relative change, flag, previous source)."""
    given = {"status": "", "change": None} | {name: table[name] for name in table}
    rows = table.assign(**given).sort_values("source_order").to_dict("records")
    listed = preferred(rows)
    rows = [row for row in rows if not pd.isna(row["value"])]
    now, stating = preferred(rows), preferred(row for row in rows if not pd.isna(row["change"]))
    first = {}
    for row in rows:
        first.setdefault(tuple(row[name] for name in KEY), row["value"])
    replaced = {key for key, value in first.items() if value != now[key]["value"]}
    return [
        compare(table, row, listed, (now, replaced), stating.get(key))
        for key, row in sorted(now.items())
    ]


def preferred(rows):
    """Choose a row of each key: an exact one before an approximate one, then the newest."""
    rows = sorted(rows, key=lambda row: row["status"] != "e")  # stable: the last is the newest
    return {tuple(row[name] for name in KEY): row for row in rows}


def covers(row):
    """Return what of the office a row's source covers."""
    return row.get("coverage") or ""


def jumps(now, key):
    """Tell whether a count is ten times, or a tenth of, the nearest earlier one."""
    years = [each[1] for each in now if (each[0], *each[2:]) == (key[0], *key[2:])]
    earlier = max((year for year in years if year < key[1]), default=None)
    if earlier is None:
        return False
    one, other = now[key]["value"], now[key[0], earlier, *key[2:]]["value"]
    return min(one, other) >= 100 and (one >= 10 * other or other >= 10 * one)


def ancestry(place, table):
    """Return a place and all that it is a part of."""
    found = [place]
    while parent := entries("places", table).get(found[-1], {}).get("parent"):
        found.append(parent)
    return found


def compare(table, row, listed, now, stating):
    """Compare a figure with that of the same place, span and indicator one year before."""
    now, replaced = now
    place, year, span, indicator = key = tuple(row[name] for name in KEY)
    before = (place, year - 1, span, indicator)
    origin = now.get(before)
    previous, basis = (origin["value"], "published") if origin else (None, None)
    if not origin and stating and stating["value"] >= stating["change"]:
        origin, previous, basis = stating, stating["value"] - stating["change"], "derived"
    ends = [NEVER, NEVER]  # of a span that the codebook does not know
    if span in entries("spans", table):
        ends = [last_day(span, each, table).isoformat() for each in (year - 1, year)]
    unit = entries("places", table).get(place, dict.fromkeys(("valid_from", "successor"), ""))
    ended = unit["successor"] and "" < unit["valid_to"] < ends[1] < NEVER
    began = ends[0] < unit["valid_from"] <= ends[1] and before not in listed
    if began or ended:
        origin = previous = basis = None
    is_rate = entries("indicators", table).get(indicator, {}).get("kind") == "rate"
    crossed = [
        each["scope"] for each in entries("breaks", table).values()
        if {"*", indicator} & set(each["indicators"].split(" + "))
        and (each["places"] == "*" or each["places"] in ancestry(place, table))
        and ends[0] < each["date"] <= ends[1]
    ]  # fmt: skip
    flags = {
        "zero_base": not is_rate and previous == 0,
        "small_base": not is_rate and previous is not None and abs(previous) < 20,
        "boundary": began or ended,
        "form": "form" in crossed,
        "window": "window" in crossed
        or (
            not entries("spans", table).get(span, {"end": "?"})["end"]
            and bool(origin)
            and origin["source"] != row["source"]
        ),
        "approximate": "e" in {row["status"], origin and origin["status"]},
        "coverage": bool(origin) and covers(origin) != covers(row),
        "scale": not is_rate and jumps(now, key),
        "stage": basis == "published" and key in replaced and before not in replaced,
    }
    alone = not origin and not flags["boundary"]
    if alone:
        flags = {"no_previous": True, "scale": flags["scale"]}
    flag = " ".join(name for name, holds in flags.items() if holds)
    change = relative = None
    if origin:
        change = row["value"] - previous
        relative = None if is_rate or previous == 0 else change / previous
    return (
        *key,
        row["value"],
        previous,
        basis,
        change,
        relative,
        flag,
        origin and origin["source"],
    )
