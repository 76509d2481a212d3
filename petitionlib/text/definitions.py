"""What figures are, as far as the codebook says it."""

from collections.abc import Iterator

import pandas as pd

from petitionlib.codebook.entries import entries
from petitionlib.text.names import Names
from petitionlib.words import capital

__all__ = ["definitions"]

_PERCENT = "percent"


def definitions(text: Names, rows: pd.DataFrame) -> str:
    """Say what the figures of some rows are, a sentence a line."""
    book = entries("indicators", text)
    there = {str(code) for code in rows["indicator"].unique()}
    codes = [code for code in book if code in there]
    return "\n".join([*_units(text, codes), *_groups(text, codes), *_rates(text, codes)])


def _units(text: Names, codes: list[str]) -> Iterator[str]:
    """Say that what is counted in several units is never added together."""
    units = dict.fromkeys(text.unit(code) for code in codes)
    named = [text.unit_of(unit) for unit in units if unit and unit != _PERCENT]
    if len(named) > 1:
        first, last = ", ".join(named[:-1]), named[-1]
        yield capital(text.say("definition.units", first=first, last=last))


def _groups(text: Names, codes: list[str]) -> Iterator[str]:
    """Say what is counted only from five on."""
    for rule in entries("identities", text).values():
        if rule["relation"] == ">=5x" and rule["parts"] in codes:
            unit = text.unit_of(text.unit(rule["whole"]))
            name = text.indicator(rule["parts"])
            yield text.say("definition.group", name=name, unit=unit)


def _rates(text: Names, codes: list[str]) -> Iterator[str]:
    """Say which two counts each rate is made of."""
    book = entries("indicators", text)
    for code in codes:
        parts = (book[code]["numerator"], book[code]["denominator"])
        if all(parts):
            name, part, whole = map(text.indicator, (code, *parts))
            yield text.say("definition.rate", name=name, part=part, whole=whole)
