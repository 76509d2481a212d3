"""The ledger in the plainest arithmetic, figure by figure, to hold `reconcile` against."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from petitionlib.codebook.entries import entries

LAST_DAY = {"H1": "06-14", "AY": "07-31", "Q1": "03-14", "9M": "09-14"}  # else 14 December


class Figure(NamedTuple):
    """A number as it was printed."""

    value: Fraction
    decimals: int
    rough: bool

    @property
    def slack(self):
        """By how much it may be off: one unit of its last significant digit, if approximate."""
        if not self.rough:
            return 0
        unit = Fraction(1, 10**self.decimals)
        while unit >= 1 and self.value and self.value % (10 * unit) == 0:
            unit *= 10
        return unit


def ledger(table):
    """List what should stand in the ledger: key, identity, stated, computed and verdict."""
    table = table.assign(
        change=table.get("change"),
        change_percent=table.get("change_percent"),
        status=table.get("status", ""),
    )
    printed = {key(row): figure(row, "value", "decimals") for row in table.to_dict("records")}
    printed = {at: found for at, found in printed.items() if found}
    found = [*changes(table, printed), *conflicts(table, printed)]
    for at, stated in printed.items():
        found += [(at, *check) for check in checks(table, printed, at, stated)]
    return sorted(
        (*at, check, identity, float(stated.value), computed, verdict)
        for at, check, identity, stated, computed, verdict in found
    )


def key(row):
    """Return the key of a row: place, year, span, indicator and source."""
    return tuple(row[name] for name in ("place", "year", "span", "indicator", "source"))


def figure(row, column, decimals):
    """Return a number of a row as it was printed, or None where there is none."""
    if pd.isna(row[column]):
        return None
    value = Decimal(repr(float(row[column])))
    known = row.get(decimals)
    if known is None or pd.isna(known):
        known = max(0, -value.normalize().as_tuple().exponent)
    return Figure(Fraction(value), int(known), row["status"] == "e")


def compare(stated, computed, slack=0, loose=0, *, wrong="contradicts"):
    """Compare a number with what follows from others, and give (number, that, verdict)."""
    step = Fraction(1, 10**stated.decimals)
    size = abs(computed) / step
    sign = -1 if computed < 0 else 1
    off = abs(stated.value - computed)
    if off == 0:
        verdict = "exact"
    elif stated.value == sign * int(size + Fraction(1, 2)) * step:
        verdict = "rounded"
    elif stated.value == sign * int(size) * step:
        verdict = "truncated"
    elif off <= slack:
        verdict = "rounded"
    else:
        verdict = "cannot_check" if off <= slack + loose else wrong
    return stated, float(computed), verdict


def other_fields(table, rule):
    """List the parts of the other schemes of the same whole that are not parts of this one."""
    rules = [
        each for each in entries("identities", table).values() if each["whole"] == rule["whole"]
    ]
    schemes = [each["parts"].split(" + ") for each in rules if each["severity"] == "whole_only"]
    return {part for parts in schemes for part in parts} - set(rule["parts"].split(" + "))


def unknown(stated):
    """Give (number, nothing, cannot_check) where a part is missing."""
    return stated, None, "cannot_check"


def checks(table, printed, at, stated):
    """Yield the sums, bounds and rates of one figure, from its own source."""
    place, year, span, indicator, source = at

    def beside(name):
        return printed.get((place, year, span, name, source))

    for rule in entries("identities", table).values():
        names = rule["parts"].split(" + ")
        parts = [part for part in map(beside, names) if part]
        scheme = rule["severity"] == "whole_only"
        if scheme and (len(parts) < len(names) or any(map(beside, other_fields(table, rule)))):
            continue
        if rule["whole"] == indicator and parts:
            plus = beside(rule["plus"])
            wrong = "unexplained" if rule["severity"] == "warning" and not plus else "contradicts"
            parts += [plus._replace(value=-plus.value)] if plus else []
            if rule["relation"] == "=":
                yield (
                    "sum",
                    rule["identity"],
                    *add_up(stated, parts, len(names) + bool(plus), wrong),
                )
            else:
                times = 1 if rule["relation"] == "<=" else -5
                limit = parts[0]._replace(value=sum(part.value for part in parts))
                yield "bound", rule["identity"], *bound(stated, limit, times, wrong)
    kind = entries("indicators", table).get(indicator, {"kind": "unknown"})
    if kind["kind"] == "rate":
        part, whole = beside(kind["numerator"]), beside(kind["denominator"])
        yield "rate", indicator, *share(stated, part, whole)
        unknown_counts = not part or not whole or whole.value <= 0
        if unknown_counts and is_part(table, kind["numerator"], kind["denominator"]):
            yield (
                "bound",
                indicator,
                stated,
                100.0,
                "holds" if stated.value <= 100 else "contradicts",
            )
        return
    for partition, children in families(table, place, year, span).items():
        parts = [printed.get((child, *at[1:])) for child in children]
        if any(parts):
            yield "sum", f"children:{partition}", *add_up(stated, filter(None, parts), len(parts))


def is_part(table, numerator, denominator):
    """Tell whether the codebook says that a count can never exceed another."""
    rules = entries("identities", table).values()
    wanted = (numerator, "<=", denominator, "error")
    return wanted in {(r["whole"], r["relation"], r["parts"], r["severity"]) for r in rules}


def families(table, parent, year, span):
    """Return the children of a place that are valid on the last day, by their partition."""
    last = f"{year}-{LAST_DAY.get(span, '12-14')}"
    found = {}
    for name, row in entries("places", table).items():
        valid = row["valid_from"] <= last <= (row["valid_to"] or "9999")
        if row["parent"] == parent and row["partition"] and valid:
            found.setdefault(row["partition"], []).append(name)
    return found


def add_up(stated, parts, count, wrong="contradicts"):
    """Compare a total with the sum of its parts, if they are all there."""
    parts = list(parts)
    if len(parts) < count:
        return unknown(stated)
    slack = stated.slack + sum(part.slack for part in parts)
    return compare(stated, sum(part.value for part in parts), slack, wrong=wrong)


def bound(stated, limit, times, wrong):
    """Compare a figure with one it can not exceed, or, times minus five, not fall short of."""
    over = stated.value - limit.value if times == 1 else 5 * limit.value - stated.value
    holds = over <= stated.slack + abs(times) * limit.slack
    return stated, float(abs(times) * limit.value), "holds" if holds else wrong


def share(stated, part, whole):
    """Compare a rate with its two counts in percent."""
    if not part or not whole or whole.value <= 0:
        return unknown(stated)
    computed = 100 * part.value / whole.value
    slack = stated.slack + (100 * part.slack + computed * whole.slack) / whole.value
    return compare(stated, computed, slack)


def changes(table, printed):
    """Yield the checks of printed changes; what rests on approximate figures is not judged."""
    best = preferred(table, printed)
    for row in table.to_dict("records"):
        place, year, *rest, _ = at = key(row)
        value, base = printed.get(at), printed.get(best.get((place, year - 1, *rest)))
        counted = figure(row | {"decimals": None}, "change", "decimals")
        if counted:
            found = unknown(counted)
            if value and base:
                loose = value.slack + base.slack
                if entries("indicators", table).get(at[3], {}).get("kind") == "rate":
                    loose += sum(Fraction(1, 2 * 10**one.decimals) for one in (value, base))
                found = compare(counted, value.value - base.value, counted.slack, loose)
            yield at, "change", "change", *found
        percent = figure(row, "change_percent", "change_percent_decimals")
        if value and counted and not base:
            decimals = max(value.decimals, counted.decimals)
            base = Figure(value.value - counted.value, decimals, value.rough)
        if percent:
            found = unknown(percent)
            if value and base and base.value > 0:
                computed = 100 * (value.value - base.value) / base.value
                loose = 100 * value.slack + (100 + abs(computed)) * base.slack
                found = compare(percent, computed, percent.slack, loose / base.value)
            yield at, "change", "change_percent", *found


def preferred(table, printed):
    """Return the key of the preferred figure of each place, year, span and indicator.

    An exact one goes before an approximate one, then the newest source, then the last id.
    """
    order = {key(row): row.get("source_order", 0) for row in table.to_dict("records")}
    rank = {at: (not found.rough, order[at], at[4]) for at, found in printed.items()}
    return {at[:4]: at for at in sorted(printed, key=rank.get)}


def conflicts(table, printed):
    """Yield the checks of figures against the preferred one."""
    best = preferred(table, printed)
    for at, stated in printed.items():
        if best[at[:4]] != at:
            other = printed[best[at[:4]]]
            found = compare(stated, other.value, stated.slack + other.slack)
            if found[2] == "contradicts" and stated.decimals > other.decimals:
                found = (*found[:2], compare(other, stated.value)[2])
            yield at, "conflict", best[at[:4]][4], *found
