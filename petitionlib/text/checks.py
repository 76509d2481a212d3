"""The ledger -> sentences and tables of text."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import pandas as pd

from petitionlib.codebook.codes import CHECKS, VERDICTS
from petitionlib.codebook.entries import entries
from petitionlib.tables.frame import Row, records
from petitionlib.tables.known import known_reason
from petitionlib.tables.sources import source_list
from petitionlib.text.names import Names
from petitionlib.text.numbers import MISSING

__all__ = [
    "agreement", "arithmetic", "cause", "check", "contradiction", "contradictions",
    "count_verdicts", "ledger", "summary", "verdicts", "with_reason",
]  # fmt: skip

_NOTABLE: Final = ("contradicts", "unexplained", "truncated")
_AGREEING: Final = ("exact", "rounded", "holds")


def check(text: Names, row: Row) -> str:
    """Write a row of `reconcile` as a sentence: what was printed, what follows from the rest."""
    unit = text.unit(row["indicator"])
    rate = unit == "percent" or row["identity"] == "change_percent"
    points = unit == "percent" and row["identity"] == "change"
    printed = _printed(text, row, "points" if points else "percent" if rate else "")
    name = text.indicator(row["indicator"])
    if row["check"] == "change":
        name = text.say("check.change", name=name)
    if row["verdict"] == "cannot_check":
        return text.say("check.cannot_check", name=name, printed=printed)
    computed = text.number(row["computed"])
    if row["check"] == "conflict":
        computed = text.figure(row["computed"], "percent" if rate else "")
    elif rate and not points:
        computed = text.percent(row["computed"], decimals=3)
    terms = arithmetic(text, row["arithmetic"])
    alone = row["check"] == "conflict" or terms == computed
    return text.say(
        f"check.{row['verdict']}.{_side(row)}",
        name=name,
        printed=printed,
        relation=computed if alone else f"{terms} = {computed}",
        difference=_difference(text, row["difference"], rate=rate),
    )


def cause(text: Names, row: Row) -> str:
    """Say what simple slip would produce the printed number of a row of `reconcile`; else blank."""
    code, detail = row["cause"], str(row["cause_detail"])
    if not code:
        return ""
    if code == "decimal_shift":
        detail = detail.split(maxsplit=1)[0]
        if float(detail).is_integer() and float(row["stated"]).is_integer():
            code, detail = "decimal_shift.zero", str(int(float(detail)))
    if code == "other_total" and float(detail) != row["stated"]:
        code = "other_total.sum"
    if code == "digit_slip":
        decimals = int(row["decimals"])
        same = sorted(f"{row['stated']:.{decimals}f}") == sorted(detail)
        code = f"digit_slip.{'swapped' if same else 'wrong'}"
    part = _part(text, str(row["cause_part"]))
    return text.say(f"cause.{code}", part=part, detail=arithmetic(text, detail))


def ledger(text: Names, rows: pd.DataFrame) -> str:
    """Write what does not add up in a ledger, a sentence a line, after a summary of all checks."""
    if rows.empty:
        return text.say("ledger.nothing")
    notable = records(rows[rows["verdict"].isin(_NOTABLE)])
    notable.sort(key=lambda row: _NOTABLE.index(row["verdict"]))
    periods = zip(*(rows[name].tolist() for name in ("place", "year", "span")), strict=True)
    several = len(set(periods)) > 1
    lines = [(_where(text, row) if several else "") + _explained(text, row) for row in notable]
    if len(set(rows["source"])) > 1:
        publishers = _publishers(text)
        named = [publishers.get(row["source"]) or row["source"] for row in notable]
        lines = [
            text.say("ledger.source", line=line, source=source)
            for line, source in zip(lines, named, strict=True)
        ]
    lines = [with_reason(text, line, row) for line, row in zip(lines, notable, strict=True)]
    return "\n".join([summary(text, rows), *lines])


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
    1
    """
    counts = Counter(rows["verdict"].tolist())
    return {verdict: counts[verdict] for verdict in VERDICTS}


def summary(text: Names, rows: pd.DataFrame) -> str:
    """Write in a sentence how many checks of a ledger ended in each verdict."""
    if rows.empty:
        return text.say("ledger.nothing")
    counts = count_verdicts(rows)
    named = {verdict: counts[verdict] for verdict in (*_NOTABLE, "cannot_check")}
    numbers = {"checks": len(rows), "agree": _agreeing(counts), **named}
    return text.say("ledger.summary", **_written(text, numbers))


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
    return text.say("ledger.agreement", **_written(text, numbers))


def contradiction(text: Names, row: Row) -> str:
    """Write a row of `reconcile` so that it can stand alone: place, period, sentence, source."""
    line = _where(text, row) + _explained(text, row)
    return text.say("ledger.source", line=line, source=_publisher(text, row))


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
            _publisher(text, row),
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


def arithmetic(text: Names, terms: str) -> str:
    """Write the arithmetic of a check with the numbers as the reader writes them."""
    signs = {"*": "×"}
    return " ".join(
        text.number(float(term), most=len(term.partition(".")[2]))
        if term[-1].isdigit()
        else signs.get(term, term)
        for term in terms.split()
    )


def _agreeing(counts: Mapping[str, int]) -> int:
    return sum(counts[verdict] for verdict in _AGREEING)


def _written(text: Names, numbers: Mapping[str, int]) -> dict[str, str]:
    return {name: text.number(number) for name, number in numbers.items()}


def _printed(text: Names, row: Row, unit: str) -> str:
    if unit == "points":
        return text.count(row["stated"], "points")
    return text.figure(row["stated"], unit, decimals=row.get("decimals"))


def _side(row: Row) -> str:
    """Tell an upper from a lower bound: a lower one is a multiple (five people to a group)."""
    if row["check"] != "bound":
        return "conflict" if row["check"] == "conflict" else "figure"
    return "least" if "*" in row["arithmetic"] else "most"


def _where(text: Names, row: Row) -> str:
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
    bound = {"most": "≤ ", "least": "≥ "}.get(_side(row), "")
    return text.number(stated), bound + text.number(computed), sign + text.number(difference)


def _part(text: Names, part: str) -> str:
    """Name an indicator or a place."""
    return text.place(part) if part in entries("places", text) else text.indicator(part)


def _explained(text: Names, row: Row) -> str:
    return " ".join(filter(None, [check(text, row), cause(text, row)]))


def _publishers(text: Names) -> dict[str, str]:
    return {listed[0]: listed[2] for listed in source_list(text)}


def _publisher(text: Names, row: Row) -> str:
    return _publishers(text).get(row["source"]) or str(row["source"])
