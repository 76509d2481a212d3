"""Printed changes against the figures of the year before, as they stood when it was printed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from petitionlib.checks._exact import Printed, minus, power, product, spelled
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.verdict import (
    CHANGE,
    PERCENT,
    Bools,
    Checks,
    Claims,
    Coded,
    Floats,
    Slot,
    Texts,
    divided,
    in_slots,
    in_units_of,
    judged,
    known_only,
    percentage,
    slack_of,
)
from petitionlib.codebook.codes import NUMBERS
from petitionlib.tables.grid import number
from petitionlib.tables.recency import recency

__all__ = ["Bases", "bases_of", "check_changes", "stating"]


def check_changes(sheet: Sheet) -> Iterator[Checks]:
    """Check printed changes against the figure of the year before, or against each other."""
    for kind, check in ((CHANGE, _change), (PERCENT, _percent)):
        rows = stating(sheet, kind)
        if len(rows):
            bases = bases_of(sheet, rows)
            checks = check(sheet, rows, bases.base)
            yield checks._replace(claims=checks.claims._replace(newer=bases.newer))


class Bases(NamedTuple):
    """For each of some rows: the row of the figure of the year before, as it was then known.

    `newer` is the row of the newest later source that prints another such figure; both may be -1.
    """

    base: Rows
    newer: Rows


def bases_of(sheet: Sheet, rows: Rows) -> Bases:
    """Find the figure of the year before that the sources of some rows could know.

    It is the one in the same source; else that of the newest source that is not a later one, an
    exact figure before an approximate one; else, where only later sources print it, the oldest.
    """
    owner, other = sheet.printed_in(sheet.keys.cell_before(sheet.keys.cell[rows]))
    age = recency(sheet.table, np.concatenate([rows, other]))
    order, rank = age.order(), age.rank
    most = int(order.max(initial=0) - order.min(initial=0)) + 1
    order -= order.min(initial=0)
    mine = rank[: len(rows)][owner]
    same = sheet.source[rows][owner] == sheet.source[other]
    after = (rank[len(rows) :] > mine) & ~same
    age_of = order[len(rows) :]
    score = np.where(after, most - age_of, 2 * most + age_of + most * ~sheet.value.rough[other])
    score = np.where(same, 5 * most, score)
    base = _best(owner, score, other, len(rows))
    drawn = base[owner]
    differs = number(sheet.table, "value")[other] != number(sheet.table, "value")[drawn]
    later = np.flatnonzero(after & differs & ~sheet.value.rough[other])
    return Bases(base, _best(owner[later], age_of[later], other[later], len(rows)))


def _best(owner: Rows, score: Rows, other: Rows, count: int) -> Rows:
    """Return for each owner the row with the greatest score, or -1."""
    found = np.full(count, -1, dtype=np.int64)
    order = np.lexsort((score, owner))
    found[owner[order]] = other[order]
    return found


def _change(sheet: Sheet, rows: Rows, base: Rows) -> Checks:
    stated = sheet.printed(CHANGE, rows)
    value, before = sheet.value.at(rows), sheet.value.at(base)
    grown = minus(value, before)
    numerator, denominator = in_units_of(stated, grown)
    slack = slack_of(stated, stated) * denominator
    computed = known_only(sheet.known[rows] & (base >= 0), numerator, denominator, slack)
    rounded = np.where(sheet.is_rate(rows), _rounding(stated, value, before), 0)
    loose = slack_of(stated, value, before) * denominator

    def weights(some: Rows) -> list[tuple[Any, int]]:
        scale, most = power(stated.decimals[some]), grown.decimals[some]
        return [
            (product(sign * scale, power(most - each.decimals[some])), 0)
            for sign, each in ((1, value), (-1, before))
        ]

    terms = in_slots([Slot(rows), Slot(base)], weights)
    parts = _named(sheet, rows, base)
    claims = Claims("change", NUMBERS[CHANGE], rows, stated, computed, terms, *parts, kind=CHANGE)
    return judged(claims, loose=loose, rounding=rounded * denominator)


def _rounding(stated: Printed, *rates: Printed) -> Floats:
    """Return by how much rates may be off that were rounded, in units of the stated change."""
    off: Floats = sum(
        (10.0 ** (stated.decimals - rate.decimals) / 2 for rate in rates), np.zeros(1)
    )
    return off


def _percent(sheet: Sheet, rows: Rows, earlier: Rows) -> Checks:
    """Check a percentage against the base, or, without one, against the printed change in count."""
    stated, value = sheet.printed(PERCENT, rows), sheet.value.at(rows)
    change = sheet.printed(CHANGE, rows) if NUMBERS[CHANGE] in sheet.table.columns else value
    counted = np.isin(rows, stating(sheet, CHANGE))
    based = earlier >= 0
    base = _either(based, sheet.value.at(earlier), minus(value, change))
    grown = minus(value, base)
    stands = (based | counted) & sheet.known[rows] & (base.digits > 0)
    computed = percentage(stated, grown, base, stands)
    share = np.abs(computed.numerator / computed.denominator).astype(np.float64)
    share *= 10.0**-stated.decimals
    loose = divided(100 * slack_of(stated, value) + (100 + share) * slack_of(stated, base), base)
    implied = np.where(counted & ~based, rows, -1)

    def weights(some: Rows) -> list[tuple[Any, Any]]:
        scale = product(100, power(base.decimals[some] + stated.decimals[some]))
        most = grown.decimals[some]
        numerator = [product(scale, power(most - n.decimals[some])) for n in (value, base, change)]
        below = power(most)
        finer = [power(base.decimals[some] - n.decimals[some]) for n in (value, change)]
        here = based[some]
        return [
            (np.where(here, numerator[0], 0), np.where(here, 0, product(finer[0], below))),
            (-numerator[1], below),
            (numerator[2], -product(finer[1], below)),
        ]

    terms = in_slots([Slot(rows), Slot(earlier), Slot(implied, CHANGE)], weights)
    parts, texts, missing = _named(sheet, rows, np.where(implied >= 0, rows, earlier))
    parts.codes[implied >= 0] += 1
    alone = sheet.texts[rows]
    texts = np.where(implied >= 0, alone + " + " + spelled(change), texts)
    claims = Claims(
        "change", NUMBERS[PERCENT], rows, stated, computed, terms, parts, texts, missing,
        kind=PERCENT,
    )  # fmt: skip
    return judged(claims, loose=loose * computed.denominator)


def _named(sheet: Sheet, rows: Rows, base: Rows) -> tuple[Coded, Texts, Coded]:
    """Return the codes of the figures of both years, as they were printed, and what is not."""
    names = sheet.keys.indicators
    indicator = sheet.keys.split(sheet.keys.cell[rows])[1]
    both, some = sheet.known[rows] & (base >= 0), sheet.known[rows] | (base >= 0)
    texts = np.where(sheet.known[rows], sheet.texts[rows], np.where(some, sheet.texts[base], ""))
    texts[both] = texts[both] + " + " + sheet.texts[base[both]]
    count = both.astype(np.int64) + some
    codes = indicator * 4 + count
    told = ((name, ("", f" + {name}", f" + {NUMBERS[CHANGE]}")) for name in names)
    parts = [text for name, more in told for text in ("", *(name + each for each in more))]
    missing = [text for name in names for text in (name, name, "", "")]
    return Coded(codes.copy(), parts), texts, Coded(codes, missing)


def _either(first: Bools, one: Printed, other: Printed) -> Printed:
    return Printed(*(np.where(first, a, b) for a, b in zip(one, other, strict=True)))


def stating(sheet: Sheet, kind: int) -> Rows:
    """Return the rows that print a change, in count or in percent."""
    if NUMBERS[kind] not in sheet.table.columns:
        return sheet.order[:0]
    return np.flatnonzero(~np.isnan(number(sheet.table, NUMBERS[kind])))
