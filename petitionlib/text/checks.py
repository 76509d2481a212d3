"""The ledger -> sentences and tables of text."""

from collections import Counter
from typing import Final

import pandas as pd

from petitionlib.codebook.codebook import entries
from petitionlib.codebook.record import Row, records_of
from petitionlib.tables.known import known_reason
from petitionlib.tables.sources import source_list
from petitionlib.text.names import label_indicator, label_place, label_span, unit_of
from petitionlib.text.numbers import MISSING, label_count, label_figure, label_number, label_percent
from petitionlib.words import say

__all__ = [
    "count_verdicts",
    "label_agreement",
    "label_arithmetic",
    "label_cause",
    "label_check",
    "label_contradiction",
    "label_contradictions",
    "label_ledger",
    "label_reason",
    "label_summary",
    "label_verdicts",
]

_NOTABLE: Final = ("contradicts", "unexplained", "truncated")
_VERDICTS: Final = (
    "exact", "rounded", "truncated", "holds", "unexplained", "contradicts", "cannot_check",
)  # fmt: skip
_CHECKS: Final = ("sum", "bound", "rate", "change", "conflict")


def label_check(row: Row, *, lang: str = "en") -> str:
    """Write one row of `reconcile` as a sentence: what was printed, and what follows from the rest.

    >>> from petitionlib import read_tables, reconcile
    >>> ledger = reconcile(read_tables())
    >>> row = ledger[(ledger["place"] == "can-tho") & (ledger["verdict"] == "unexplained")].iloc[0]
    >>> print(label_check(row))
    Feedback handled: 1,945 printed, 798 + 933 = 1,731; difference 214, unexplained.
    """
    unit = unit_of(row["indicator"], row)
    rate = unit == "percent" or row["identity"] == "change_percent"
    points = unit == "percent" and row["identity"] == "change"
    printed = _printed(row, lang, "points" if points else "percent" if rate else "")
    name = label_indicator(row["indicator"], lang=lang, table=row)
    if row["check"] == "change":
        name = say("check.change", lang, name=name)
    if row["verdict"] == "cannot_check":
        return say("check.cannot_check", lang, name=name, printed=printed)
    computed = label_number(row["computed"], lang)
    if row["check"] == "conflict":
        computed = label_figure(row["computed"], "percent" if rate else "", lang=lang)
    elif rate and not points:
        computed = label_percent(row["computed"], decimals=3, lang=lang)
    terms = label_arithmetic(row["arithmetic"], lang)
    relation = (
        computed if row["check"] == "conflict" or terms == computed else f"{terms} = {computed}"
    )
    return say(
        f"check.{row['verdict']}.{_side(row)}",
        lang,
        name=name,
        printed=printed,
        relation=relation,
        difference=_difference(row["difference"], lang, rate=rate),
    )


def label_cause(row: Row, *, lang: str = "en") -> str:
    """Say what simple slip would produce the printed number of a row of `reconcile`; else blank.

    >>> from petitionlib import read_tables, reconcile
    >>> ledger = reconcile(read_tables())
    >>> row = ledger[ledger["cause"] == "other_base"].iloc[0]
    >>> print(label_cause(row))
    Would match if divided by “Petitions received” (286,950 / 344,820).
    """
    cause, detail = row["cause"], str(row["cause_detail"])
    if not cause:
        return ""
    if cause == "decimal_shift":
        detail = detail.split(maxsplit=1)[0]
        if float(detail).is_integer() and float(row["stated"]).is_integer():
            cause, detail = "decimal_shift.zero", str(int(float(detail)))
    if cause == "other_total" and float(detail) != row["stated"]:
        cause = "other_total.sum"
    if cause == "digit_slip":
        stated = label_number(row["stated"], "en", int(row["decimals"]), int(row["decimals"]))
        same = sorted(stated.replace(",", "")) == sorted(detail)
        cause = f"digit_slip.{'swapped' if same else 'wrong'}"
    part = _name_of_part(str(row["cause_part"]), row, lang)
    return say(f"cause.{cause}", lang, part=part, detail=label_arithmetic(detail, lang))


def label_ledger(ledger: pd.DataFrame, *, lang: str = "en") -> str:
    """Write what does not add up in a ledger, a sentence a line, after a summary of all checks.

    Takes rows of `reconcile`. Contradictions come first, then what is unexplained, then rates that
    were cut off instead of rounded. Place and period are named where the rows have several. A
    contradiction for which the tables' `known.csv` has a reason is told with it.

    >>> from petitionlib import read_tables, reconcile
    >>> ledger = reconcile(read_tables()).query("place == 'can-tho' and year == 2022")
    >>> print(label_ledger(ledger).splitlines()[1])
    Feedback handled: 1,945 printed, 798 + 933 = 1,731; difference 214, unexplained. Source: \
thanhtravietnam.vn.
    """
    if ledger.empty:
        return say("ledger.nothing", lang)
    records = records_of(ledger[ledger["verdict"].isin(_NOTABLE)])
    records.sort(key=lambda row: _NOTABLE.index(row["verdict"]))
    periods = zip(*(ledger[name].tolist() for name in ("place", "year", "span")), strict=True)
    several = len(set(periods)) > 1
    lines = [_where(row, lang, named=several) + _explained(row, lang) for row in records]
    if len(set(ledger["source"])) > 1:
        publishers = {row[0]: row[2] or row[0] for row in source_list(ledger)}
        named = [publishers.get(row["source"], row["source"]) for row in records]
        lines = [
            say("ledger.source", lang, line=line, source=source)
            for line, source in zip(lines, named, strict=True)
        ]
    reasons = [known_reason(row, lang) for row in records]
    lines = [label_reason(*both, lang) for both in zip(lines, reasons, strict=True)]
    return "\n".join([label_summary(ledger, lang=lang), *lines])


def label_verdicts(ledger: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return how many checks of each kind ended in each verdict, as a table of text.

    >>> from petitionlib import read_tables, reconcile
    >>> ledger = reconcile(read_tables()).query("place == 'can-tho' and year == 2022")
    >>> label_verdicts(ledger).loc["Sums", "unexplained"]
    '1'
    """
    counts = pd.crosstab(ledger["check"], ledger["verdict"])
    counts = counts.reindex(
        index=[c for c in _CHECKS if c in counts.index],
        columns=[v for v in _VERDICTS if v in counts.columns],
    )
    return pd.DataFrame(
        [[label_number(n, lang) if n else MISSING for n in row] for row in counts.to_numpy()],
        index=[say(f"ledger.{check}", lang) for check in counts.index],
        columns=[say(f"verdict.{verdict}", lang) for verdict in counts.columns],
        dtype="str",
    )


def count_verdicts(ledger: pd.DataFrame) -> dict[str, int]:
    """Return how many checks of a ledger ended in each verdict; every verdict is named.

    >>> from petitionlib import read_tables, reconcile
    >>> count_verdicts(reconcile(read_tables()))["unexplained"]
    1
    """
    counts = Counter(ledger["verdict"].tolist())
    return {verdict: counts[verdict] for verdict in _VERDICTS}


def label_summary(ledger: pd.DataFrame, *, lang: str = "en") -> str:
    """Write in a sentence how many checks of a ledger ended in each verdict."""
    if ledger.empty:
        return say("ledger.nothing", lang)
    counts = count_verdicts(ledger)
    named = {verdict: counts[verdict] for verdict in (*_NOTABLE, "cannot_check")}
    agree = sum(counts[verdict] for verdict in ("exact", "rounded", "holds"))
    numbers = {"checks": len(ledger), "agree": agree, **named}
    written = {name: label_number(number, lang) for name, number in numbers.items()}
    return say("ledger.summary", lang, **written)


def label_agreement(ledger: pd.DataFrame, *, lang: str = "en") -> str:
    """Write the finding of a ledger in a sentence: of the checks that can be made, how many agree.

    >>> from petitionlib import read_tables, reconcile
    >>> label_agreement(reconcile(read_tables()))  # doctest: +ELLIPSIS
    'Of 208 checks that can be made, 185 agree and 20 contradict; ...'
    """
    if ledger.empty:
        return say("ledger.nothing", lang)
    counts = count_verdicts(ledger)
    numbers = {
        "checked": len(ledger) - counts["cannot_check"],
        "agree": sum(counts[verdict] for verdict in ("exact", "rounded", "holds")),
        "contradicts": counts["contradicts"],
        "cannot_check": counts["cannot_check"],
    }
    written = {name: label_number(number, lang) for name, number in numbers.items()}
    return say("ledger.agreement", lang, **written)


def label_contradiction(row: Row, *, lang: str = "en") -> str:
    """Write one row of `reconcile` so that it can stand alone: place, period, sentence, source."""
    line = _where(row, lang, named=True) + _explained(row, lang)
    return say("ledger.source", lang, line=line, source=_publisher(row))


def label_contradictions(ledger: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return rows of `reconcile` as a table of text for readers, a row each, in their order.

    The columns are place, period, indicator, the printed and the computed number, their
    difference, and who published the figure.
    """
    names = ("place", "period", "indicator", "printed", "computed", "difference", "source")
    rows = [
        (
            label_place(row["place"], lang=lang, table=row),
            label_span(row["span"], row["year"], lang=lang, table=row),
            label_indicator(row["indicator"], lang=lang, table=row),
            *_numbers(row, lang),
            _publisher(row),
        )
        for row in records_of(ledger)
    ]
    return pd.DataFrame(rows, columns=[say(f"column.{name}", lang) for name in names], dtype="str")


def _printed(row: Row, lang: str, unit: str) -> str:
    if unit == "points":
        return label_count(row["stated"], "points", lang=lang)
    return label_figure(row["stated"], unit, decimals=row.get("decimals"), lang=lang)


def _side(row: Row) -> str:
    """Tell an upper from a lower bound: a lower one is a multiple (five people to a group)."""
    if row["check"] != "bound":
        return "conflict" if row["check"] == "conflict" else "figure"
    return "least" if "*" in row["arithmetic"] else "most"


def _where(row: Row, lang: str, *, named: bool) -> str:
    if not named:
        return ""
    period = label_span(row["span"], row["year"], lang=lang, table=row)
    return f"{label_place(row['place'], lang=lang, table=row)}, {period}. "


def _difference(difference: float, lang: str, *, rate: bool) -> str:
    size = abs(difference)
    if rate:
        return label_count(round(size, 3), "points", lang=lang, most=3)
    return label_number(size, lang)


def label_arithmetic(arithmetic: str, lang: str) -> str:
    """Write the arithmetic of a check with the numbers as the reader writes them."""
    signs = {"*": "×"}
    return " ".join(
        label_number(float(term), lang, most=len(term.partition(".")[2]))
        if term[-1].isdigit()
        else signs.get(term, term)
        for term in arithmetic.split()
    )


def _numbers(row: Row, lang: str) -> tuple[str, str, str]:
    """Write the printed number, the computed one and their difference, with its sign."""
    rate = unit_of(row["indicator"], row) == "percent"
    stated, computed, difference = row["stated"], row["computed"], row["difference"]
    sign = "" if difference < 0 else "+"
    if rate and row["identity"] == "change":
        stated, computed, difference = (
            label_count(number, "points", lang=lang, most=3)
            for number in (stated, computed, difference)
        )
        return stated, computed, sign + difference
    if rate or row["identity"] == "change_percent":
        printed = label_figure(stated, "percent", decimals=row["decimals"], lang=lang)
        size = label_count(difference, "points", lang=lang, most=3)
        return printed, label_percent(computed, decimals=3, lang=lang), sign + size
    bound = {"most": "≤ ", "least": "≥ "}.get(_side(row), "")
    limit = bound + label_number(computed, lang)
    return label_number(stated, lang), limit, sign + label_number(difference, lang)


def _name_of_part(part: str, row: Row, lang: str) -> str:
    """Name an indicator or a place."""
    if part in entries("places", row):
        return label_place(part, lang=lang, table=row)
    return label_indicator(part, lang=lang, table=row)


def _explained(row: Row, lang: str) -> str:
    return " ".join(filter(None, [label_check(row, lang=lang), label_cause(row, lang=lang)]))


def label_reason(line: str, reason: str, lang: str) -> str:
    """Add to a contradiction why it stands as printed, if that is known."""
    if not reason:
        return line
    return say("contradictions.reason", lang, line=line, reason=reason.rstrip(".") + ".")


def _publisher(row: Row) -> str:
    publishers = {listed[0]: listed[2] for listed in source_list(row)}
    return publishers.get(row["source"]) or str(row["source"])
