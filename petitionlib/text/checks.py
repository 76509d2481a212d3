"""The ledger -> sentences and tables of text."""

import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import pandas as pd

from petitionlib.codebook.codes import CHECKS, VERDICTS
from petitionlib.codebook.entries import entries
from petitionlib.tables.frame import Row, records
from petitionlib.tables.known import known_reason
from petitionlib.tables.sources import source_list
from petitionlib.text.names import Names
from petitionlib.text.numbers import MISSING
from petitionlib.text.slips import arithmetic, explanation

__all__ = [
    "agreement", "cause", "check", "contradiction", "contradictions", "count_verdicts",
    "located", "notable", "printed", "publisher", "summary", "verdicts", "where", "with_reason",
]  # fmt: skip

_NOTABLE: Final = ("unexplained", "truncated")
_AGREEING: Final = ("exact", "rounded", "holds", "revised")
_FEW: Final = 3  # names that a sentence holds


def check(text: Names, row: Row) -> str:
    """Write a row of `reconcile` as a sentence: what was printed, what follows from the rest."""
    rate, points = _is_rate(text, row)
    told = printed(text, row)
    name = text.indicator(row["indicator"])
    if row["check"] == "change" or row["identity"] == "change_percent":
        name = text.say("check.change", name=name)
    if row["verdict"] == "cannot_check":
        return _with_missing(text, row, text.say("check.cannot_check", name=name, printed=told))
    computed = text.number(row["computed"])
    if row["check"] == "conflict":
        computed = text.figure(row["computed"], "percent" if rate else "")
    elif rate and not points:
        computed = text.percent(row["computed"], decimals=3)
    terms = arithmetic(text, _terms(text, row))
    alone = row["check"] in {"conflict", "percent", "nested", "scale"} or terms == computed
    sentence = text.say(
        f"check.{row['verdict']}.{_side(text, row)}",
        name=name,
        printed=told,
        relation=computed if alone else f"{terms} = {computed}",
        difference=_difference(text, row["difference"], rate=rate),
        **_beside(text, row),
    )
    return _with_missing(text, row, sentence)


def _with_missing(text: Names, row: Row, told: str) -> str:
    """Name what is not printed of a sum."""
    if not row["missing"] or row["check"] != "sum":
        return told
    named = [_part(text, each) for each in str(row["missing"]).split(" + ")]
    some, rest = named[:_FEW], len(named) - _FEW
    if rest > 0:
        some[-1] = text.say("check.missing.more", name=some[-1], count=text.number(rest))
    return told + " " + text.say("check.missing", missing="; ".join(some))


def _beside(text: Names, row: Row) -> dict[str, str]:
    """Name what a figure stands beside: a shorter period, an earlier year, a count."""
    if row["check"] == "nested":
        return {"period": text.period(str(row["parts"]), row["year"])}
    if row["check"] == "scale":
        return {"period": text.period(str(row["span"]), int(row["parts"]))}
    if row["check"] == "percent":
        return {"value": arithmetic(text, str(row["part_values"]))}
    return {}


def _terms(text: Names, row: Row) -> str:
    """Write out the arithmetic of a check: "177 / 185"."""
    values = str(row["part_values"]).split(" + ")
    if row["check"] == "rate":
        return " / ".join(values)
    if row["check"] == "change" and row["identity"] == "change":
        return " - ".join(values)
    if row["check"] == "change":
        value, other = map(Decimal, values)
        base = value - other if str(row["parts"]).endswith(" + change") else other
        return f"{value - base:f} / {base:f}"
    plus = entries("identities", text).get(str(row["identity"]), {}).get("plus")
    if plus and str(row["parts"]).split(" + ")[-1] == plus:
        *values, added = values
        values = [*values[:-1], f"{values[-1]} - {added}"]
    return ("5 * " if _side(text, row) == "least" else "") + " + ".join(values)


def cause(text: Names, row: Row) -> str:
    """Say which number of a row of `reconcile` is likely wrong, what would fit, and why."""
    return explanation(text, row)


def notable(text: Names, rows: pd.DataFrame) -> list[str]:
    """Write what is unexplained or cut off in a ledger, a sentence each."""
    found = records(rows[rows["verdict"].isin(_NOTABLE)])
    found.sort(key=lambda row: _NOTABLE.index(row["verdict"]))
    return [contradiction(text, row) for row in found]


def verdicts(text: Names, rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many checks of each kind ended in each verdict, as a table of text."""
    counts = pd.crosstab(rows["check"], rows["verdict"])
    counts = counts.reindex(
        index=[c for c in CHECKS if c in counts.index],
        columns=[v for v in VERDICTS if v in counts.columns],
    )
    return pd.DataFrame(
        [[text.number(n) if n else MISSING for n in row] for row in counts.to_numpy()],
        index=[text.say(f"ledger.{kind}") for kind in counts.index],
        columns=[text.say(f"verdict.{verdict}") for verdict in counts.columns],
        dtype="str",
    )


def count_verdicts(rows: pd.DataFrame) -> dict[str, int]:
    """Return how many checks of a ledger ended in each verdict; every verdict is named.

    >>> from petitionlib import read_tables, reconcile
    >>> count_verdicts(reconcile(read_tables()))["unexplained"]
    3
    """
    counts = Counter(rows["verdict"].tolist())
    return {verdict: counts[verdict] for verdict in VERDICTS}


def summary(text: Names, rows: pd.DataFrame) -> str:
    """Write in a sentence how many checks of a ledger ended in each verdict."""
    if rows.empty:
        return text.say("ledger.nothing")
    counts = count_verdicts(rows)
    named = {verdict: counts[verdict] for verdict in ("contradicts", *_NOTABLE, "cannot_check")}
    results = ", ".join(
        text.say(f"ledger.count.{name}.one")
        if count == 1
        else text.say(f"ledger.count.{name}", count=text.number(count))
        for name, count in {"agree": _agreeing(counts), **named}.items()
        if count
    )
    if len(rows) == 1:
        return text.say("ledger.summary.one", results=results)
    return text.say("ledger.summary", checks=text.number(len(rows)), results=results)


def agreement(text: Names, rows: pd.DataFrame) -> str:
    """Write the finding of a ledger: of the checks that can be made, how many agree."""
    if rows.empty:
        return text.say("ledger.nothing")
    counts = count_verdicts(rows)
    numbers = {
        "checked": len(rows) - counts["cannot_check"],
        "agree": _agreeing(counts),
        "contradicts": counts["contradicts"],
        "cannot_check": counts["cannot_check"],
    }
    wrong = rows.loc[rows["verdict"] == "contradicts", "event"].nunique()
    key = {0: ".none", 1: ".one"}.get(wrong, "")
    return text.say(f"ledger.agreement{key}", **_written(text, numbers | {"events": wrong}))


def contradiction(text: Names, row: Row, more: str = "") -> str:
    """Write a row of `reconcile` so that it can stand alone: place, period, sentence, source.

    `more` is said before the source is named.
    """
    line = " ".join(filter(None, [where(text, row) + _explained(text, row), more]))
    named = publisher(text, str(row["source"]))
    source = ", ".join(filter(None, [named, located(text, str(row.get("locator", "")))]))
    return text.say("ledger.source", line=line, source=source)


def located(text: Names, locator: str) -> str:
    """Write where in its source a figure stands; other places than paragraphs as they are.

    >>> located(Names("vi"), "paragraph 6"), located(Names("en"), "table 2")
    ('đoạn 6', 'table 2')
    """
    match = re.fullmatch(r"(paragraphs?) ([\d, -]+)", locator)
    return text.say(f"locator.{match[1]}", number=match[2]) if match else locator


def contradictions(text: Names, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `reconcile` as a table of text for readers, a row each, in their order.

    The columns are place, period, indicator, the printed and the computed number, their
    difference, and who published the figure.
    """
    names = ("place", "period", "indicator", "printed", "computed", "difference", "source")
    cells = [
        (
            text.place(row["place"]),
            text.period(row["span"], row["year"]),
            text.indicator(row["indicator"]),
            *_numbers(text, row),
            publisher(text, str(row["source"])),
        )
        for row in records(rows)
    ]
    return pd.DataFrame(cells, columns=[text.say(f"column.{name}") for name in names], dtype="str")


def with_reason(text: Names, line: str, row: Row) -> str:
    """Add to a contradiction why it stands as printed, if that is known."""
    reason = known_reason(row, text.known, text.lang)
    if not reason:
        return line
    return text.say("contradictions.reason", line=line, reason=reason.rstrip(".") + ".")


def _agreeing(counts: Mapping[str, int]) -> int:
    return sum(counts[verdict] for verdict in _AGREEING)


def _written(text: Names, numbers: Mapping[str, int]) -> dict[str, str]:
    return {name: text.number(number) for name, number in numbers.items()}


def printed(text: Names, row: Row) -> str:
    """Write the number under check as it was printed."""
    rate, points = _is_rate(text, row)
    if points:
        return text.count(row["stated"], "points")
    return text.figure(row["stated"], "percent" if rate else "", decimals=row.get("decimals"))


def _is_rate(text: Names, row: Row) -> tuple[bool, bool]:
    """Tell whether a check is about percent, and whether about percentage points."""
    unit = text.unit(row["indicator"])
    rate = unit == "percent" or row["identity"] == "change_percent"
    return rate, unit == "percent" and row["identity"] == "change"


def _side(text: Names, row: Row) -> str:
    """Tell which sentence a check is told in; a lower bound is a multiple (five to a group)."""
    if row["check"] == "bound":
        rule = entries("identities", text).get(str(row["identity"]), {})
        return "least" if rule.get("relation", "").startswith(">=") else "most"
    if row["check"] == "sum":
        return "parts" if row["missing"] else "figure"
    if row["check"] == "scale":
        return "more" if row["stated"] > row["computed"] else "less"
    return str(row["check"]) if row["check"] in {"conflict", "percent", "nested"} else "figure"


def where(text: Names, row: Row) -> str:
    """Write the place and the period in front of a sentence."""
    return f"{text.place(row['place'])}, {text.period(row['span'], row['year'])}. "


def _difference(text: Names, difference: float, *, rate: bool) -> str:
    size = abs(difference)
    return text.count(round(size, 3), "points", most=3) if rate else text.number(size)


def _numbers(text: Names, row: Row) -> tuple[str, str, str]:
    """Write the printed number, the computed one and their difference, with its sign."""
    rate = text.unit(row["indicator"]) == "percent"
    stated, computed, difference = row["stated"], row["computed"], row["difference"]
    sign = "" if difference < 0 else "+"
    if rate and row["identity"] == "change":
        stated, computed, difference = (
            text.count(number, "points", most=3) for number in (stated, computed, difference)
        )
        return stated, computed, sign + difference
    if rate or row["identity"] == "change_percent":
        printed = text.figure(stated, "percent", decimals=row["decimals"])
        size = text.count(difference, "points", most=3)
        return printed, text.percent(computed, decimals=3), sign + size
    bound = {"most": "≤ ", "least": "≥ "}.get(_side(text, row), "")
    return text.number(stated), bound + text.number(computed), sign + text.number(difference)


def _part(text: Names, part: str) -> str:
    """Name an indicator or a place."""
    return text.place(part) if part in entries("places", text) else text.indicator(part)


def _explained(text: Names, row: Row) -> str:
    return " ".join(filter(None, [check(text, row), cause(text, row)]))


def _publishers(text: Names) -> dict[str, str]:
    return {listed[0]: listed[2] for listed in source_list(text)}


def publisher(text: Names, source: str) -> str:
    """Name who published a source; where nobody is named, the source itself."""
    return _publishers(text).get(source) or source
