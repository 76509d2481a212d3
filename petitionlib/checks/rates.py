"""Rates against their two counts."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from petitionlib.checks._exact import power, product
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.verdict import (
    MOST,
    Checks,
    Claims,
    Coded,
    Computed,
    Slot,
    Texts,
    bounded,
    coded,
    divided,
    in_slots,
    judged,
    percentage,
    slack_of,
)
from petitionlib.codebook.entries import entries, rates_of

__all__ = ["check_rates"]


def check_rates(sheet: Sheet) -> Iterator[Checks]:
    """Check each rate against its two counts, from the same source."""
    for name, row in rates_of(sheet.table).items():
        if row["numerator"] and row["denominator"] and len(rows := sheet.rows_of(name)):
            checks = _rate(sheet, row, rows)
            yield checks
            if _is_share(sheet, row):
                yield _most(sheet, row, rows[~checks.claims.computed.known])


def _rate(sheet: Sheet, rate: Mapping[str, str], rows: Rows) -> Checks:
    above, below = sheet.beside(rate["numerator"], rows), sheet.beside(rate["denominator"], rows)
    stated, part, whole = sheet.value.at(rows), sheet.value.at(above), sheet.value.at(below)
    known = (above >= 0) & (below >= 0) & (whole.digits > 0)
    computed = percentage(stated, part, whole, known)
    share = (computed.numerator / computed.denominator).astype(np.float64)
    loose = 100 * slack_of(stated, part) + share * 10.0**-stated.decimals * slack_of(stated, whole)
    computed = computed._replace(
        slack=computed.slack + divided(loose, whole) * computed.denominator.astype(np.float64)
    )

    def weights(some: Rows) -> list[tuple[Any, Any]]:
        scale = whole.decimals[some] + stated.decimals[some]
        return [(product(100, power(scale)), 0), (0, power(part.decimals[some]))]

    values, (parts, missing) = _values(sheet, above, below), _named(rate, above >= 0, below >= 0)
    terms = in_slots([Slot(above), Slot(below)], weights)
    return judged(
        Claims("rate", rate["indicator"], rows, stated, computed, terms, parts, values, missing)
    )


def _values(sheet: Sheet, above: Rows, below: Rows) -> Texts:
    """Return the two counts as they were printed, or the one that was."""
    both = (above >= 0) & (below >= 0)
    texts = np.where(above >= 0, sheet.texts[above], np.where(below >= 0, sheet.texts[below], ""))
    texts[both] = texts[both] + " + " + sheet.texts[below[both]]
    return texts


def _named(rate: Mapping[str, str], above: Any, below: Any) -> tuple[Coded, Coded]:
    """Return the codes of the counts that were printed, and of those that were not."""
    part, whole = rate["numerator"], rate["denominator"]
    codes = (above + 2 * below.astype(np.int8)).astype(np.int8)
    names = ["", part, whole, f"{part} + {whole}"]
    return Coded(codes, names), Coded(codes, [names[3], whole, part, ""])


def _is_share(sheet: Sheet, rate: Mapping[str, str]) -> bool:
    """Tell a rate whose numerator is a part of its denominator: it can be 100% at most."""
    return any(
        rule["whole"] == rate["numerator"]
        and rule["parts"] == rate["denominator"]
        and (rule["relation"], rule["severity"]) == ("<=", "error")
        for rule in entries("identities", sheet.table).values()
    )


def _most(sheet: Sheet, rate: Mapping[str, str], rows: Rows) -> Checks:
    """Check rates whose counts were not printed against 100%."""
    stated = sheet.value.at(rows)
    whole = product(100, power(stated.decimals))
    computed = Computed(whole, whole * 0 + 1, np.zeros(len(rows)), np.ones(len(rows), dtype=bool))
    nothing = in_slots([Slot(np.full(len(rows), -1))], lambda _: [(0, 0)])
    claims = Claims(
        "bound", rate["indicator"], rows, stated, computed, nothing, coded("", rows),
        np.full(len(rows), "100", dtype=object), coded("", rows), relation=MOST,
    )  # fmt: skip
    return bounded(claims)
