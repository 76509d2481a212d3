"""What was published against what follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from petitionlib.codebook import entries, places, window
from petitionlib.keys import complete, figures, refuse_duplicates

__all__ = ["reconcile"]

COLUMNS: Final = (
    "check", "place", "year", "span", "indicator", "source",
    "stated", "computed", "difference", "verdict", "cause", "cause_detail",
    "identity", "arithmetic", "decimals",
)  # fmt: skip
_KEY: Final = ["place", "year", "span", "indicator", "source"]


class _Group(NamedTuple):
    """What one source printed about one place and period."""

    place: str
    year: int
    span: str
    source: str


class _Printed(NamedTuple):
    """A figure as it was printed."""

    value: Decimal
    decimals: int
    approximate: bool


class _Check(NamedTuple):
    """One rule applied to one printed figure; `computed` is None where a part is missing."""

    check: str
    identity: str
    stated: _Printed
    computed: Decimal | None
    verdict: str
    arithmetic: str


Printed = Mapping[str, _Printed]
_Key = tuple[str, int, str, str]
_Preferred = tuple[str, _Printed]


def reconcile(table: pd.DataFrame) -> pd.DataFrame:
    """Check each published number against all the others that bear on it.

    Takes a tidy table (`read_tables`). Returns the ledger, a row for each check, sorted by key:
    `check` (`sum`: an identity of the codebook, or the children of a place; `bound`; `rate`;
    `change`: a published change in count, points or percent; `conflict`: another source against
    the preferred one), the key of the figure under check, `stated`, `computed`, `difference`
    (stated - computed), `verdict`, `cause` and `cause_detail` (blank), `identity`, `arithmetic`
    (the parts as printed) and `decimals` (of the stated figure).

    Verdicts: `exact`; `rounded`, `truncated` (equal at the printed decimals); `holds` (a bound);
    `contradicts`; `unexplained` (does not agree, but the rule is only a warning); `cannot_check`
    (a part is not printed). The parts of a sum, a bound or a rate come from the source under
    check; a change is checked against the newest figure of the year before, or, where that was not
    published, its count and its percentage against each other. An approximate figure contradicts
    nothing within one unit of its last significant digit. The arithmetic is decimal
    and exact. The rules and their authorities: `identities()`.

    >>> from petitionlib import read_tables
    >>> ledger = reconcile(read_tables())
    >>> cut_off = ledger[ledger["verdict"] == "truncated"]
    >>> cut_off[["place", "stated", "arithmetic"]].values.tolist()
    [['can-tho', 97.5, '203 / 208'], ['can-tho', 95.67, '177 / 185']]
    """
    table = complete(table)
    refuse_duplicates(table)
    rules = list(entries("identities", table).values())
    rates = [row for row in entries("indicators", table).values() if row["kind"] == "rate"]
    groups = _by_source(table[table["value"].notna()])
    preferred = _preferred(table)
    rows = [_row(*found) for found in _check_children(groups, table)]
    rows += [_row(*found) for found in _check_conflicts(groups, preferred)]
    rows += [_row(*found) for found in _check_changes(table, groups, preferred)]
    for group, printed in groups.items():
        rows += [_row(group, *found) for found in _check_identities(printed, rules)]
        rows += [_row(group, *found) for found in _check_rates(printed, rates)]
    ledger = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in ("stated", "computed", "difference"):
        ledger[column] = ledger[column].astype("float64")
    ledger["year"] = ledger["year"].astype("int64")
    ledger["decimals"] = ledger["decimals"].astype("Int8")
    texts = [
        c for c in COLUMNS if c not in {"stated", "computed", "difference", "year", "decimals"}
    ]
    ledger[texts] = ledger[texts].astype("str")
    ledger.attrs.update(table.attrs)
    return ledger.sort_values([*_KEY, "check", "identity"], ignore_index=True)


def _by_source(table: pd.DataFrame) -> dict[_Group, dict[str, _Printed]]:
    groups: dict[_Group, dict[str, _Printed]] = {}
    decimals = (
        table["decimals"].astype("Int8") if "decimals" in table.columns else [None] * len(table)
    )
    columns = (table[name] for name in (*_KEY, "value", "status"))
    for (place, year, span, indicator, source, value, status), digits in zip(
        zip(*columns, strict=True), decimals, strict=True
    ):
        figure = _printed(float(value), digits, approximate=status == "e")
        groups.setdefault(_Group(place, year, span, source), {})[indicator] = figure
    return groups


def _printed(value: float, decimals: object, *, approximate: bool) -> _Printed:
    """Take a number back to the decimal digits in which it was printed."""
    exact = Decimal(repr(value)).normalize()
    if decimals is None or decimals is pd.NA:
        digits = max(0, -int(exact.as_tuple().exponent))
    else:
        digits = int(str(decimals))
    return _Printed(exact.quantize(Decimal(1).scaleb(-digits)), digits, approximate)


def _check_identities(
    printed: Printed, rules: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, _Check]]:
    for rule in rules:
        parts = rule["parts"].split(" + ")
        known = [printed[part] for part in parts if part in printed]
        if rule["whole"] not in printed or not known:
            continue
        stated = printed[rule["whole"]]
        severe = rule["severity"] == "error"
        if rule["relation"] == "=":
            whole = len(known) == len(parts)
            check = _sum(rule["identity"], stated, known, whole=whole, severe=severe)
        else:
            check = _check_bound(stated, known[0], rule, severe=severe)
        yield rule["whole"], check


def _sum(
    identity: str,
    stated: _Printed,
    parts: Sequence[_Printed],
    *,
    whole: bool,
    severe: bool = True,
) -> _Check:
    computed = sum((part.value for part in parts), Decimal(0)) if whole else None
    slack = sum((_slack(part) for part in parts), _slack(stated))
    verdict = _compare(stated, computed, slack, severe=severe)
    terms = " + ".join(str(part.value) for part in parts)
    return _Check("sum", identity, stated, computed, verdict, terms)


def _check_bound(
    stated: _Printed, part: _Printed, rule: Mapping[str, str], *, severe: bool
) -> _Check:
    limit, times = part.value, 1 if rule["relation"] == "<=" else 5
    if rule["relation"] == "<=":
        computed, holds, arithmetic = limit, stated.value <= limit, str(limit)
    else:
        computed, arithmetic = 5 * limit, f"5 * {limit}"
        holds = stated.value >= computed
    near = abs(stated.value - computed) <= _slack(stated) + times * _slack(part)
    verdict = "holds" if holds or near else "contradicts" if severe else "unexplained"
    return _Check("bound", rule["identity"], stated, computed, verdict, arithmetic)


def _check_rates(
    printed: Printed, rates: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, _Check]]:
    for rate in rates:
        if rate["indicator"] not in printed:
            continue
        stated = printed[rate["indicator"]]
        part, whole = printed.get(rate["numerator"]), printed.get(rate["denominator"])
        if part is None or whole is None or whole.value == 0:
            check = _Check("rate", rate["indicator"], stated, None, "cannot_check", "")
        else:
            computed = 100 * part.value / whole.value
            slack = _slack(stated) + (100 * _slack(part) + computed * _slack(whole)) / whole.value
            verdict = _compare(stated, computed, slack, severe=True)
            arithmetic = f"{part.value} / {whole.value}"
            check = _Check("rate", rate["indicator"], stated, computed, verdict, arithmetic)
        yield rate["indicator"], check


def _check_children(
    groups: Mapping[_Group, Printed], table: pd.DataFrame
) -> Iterator[tuple[_Group, str, _Check]]:
    """Check the counts of a place against the sum of its children, each partition on its own."""
    book = places(table)
    families = book[book["partition"] != ""].groupby(["parent", "partition"])
    countable = {c for c, row in entries("indicators", table).items() if row["kind"] != "rate"}
    for (parent, partition), children in families:
        for group in [group for group in groups if group.place == parent]:
            alive = _alive(children, group, table)
            siblings = [groups.get(group._replace(place=child), {}) for child in alive]
            for indicator in sorted(countable & groups[group].keys()):
                known = [printed[indicator] for printed in siblings if indicator in printed]
                if known:
                    stated = groups[group][indicator]
                    whole = len(known) == len(alive)
                    check = _sum(f"children:{partition}", stated, known, whole=whole)
                    yield group, indicator, check


def _preferred(table: pd.DataFrame) -> dict[_Key, _Preferred]:
    """Return for each figure the source that is preferred, and what it printed."""
    chosen = figures(table)
    return {
        (group.place, group.year, group.span, indicator): (group.source, figure)
        for group, printed in _by_source(chosen).items()
        for indicator, figure in printed.items()
    }


def _check_conflicts(
    groups: Mapping[_Group, Printed], preferred: Mapping[_Key, _Preferred]
) -> Iterator[tuple[_Group, str, _Check]]:
    """Check what the other sources printed against the preferred one."""
    for group, printed in groups.items():
        for indicator, stated in printed.items():
            source, figure = preferred[group.place, group.year, group.span, indicator]
            if source != group.source:
                slack = _slack(stated) + _slack(figure)
                verdict = _compare(stated, figure.value, slack, severe=True)
                check = _Check("conflict", source, stated, figure.value, verdict, str(figure.value))
                yield group, indicator, check


def _check_changes(
    table: pd.DataFrame,
    groups: Mapping[_Group, Printed],
    preferred: Mapping[_Key, _Preferred],
) -> Iterator[tuple[_Group, str, _Check]]:
    """Check published changes against the year before, or against each other."""
    digits = table.get("change_percent_decimals", pd.Series(pd.NA, index=table.index))
    percents = table.get("change_percent", pd.Series(np.nan, index=table.index))
    columns = [table[name] for name in (*_KEY, "change", "status")]
    for place, year, span, indicator, source, change, status, percent, decimals in zip(
        *columns, percents, digits, strict=True
    ):
        group = _Group(place, year, span, source)
        value = groups.get(group, {}).get(indicator)
        base = preferred.get((place, year - 1, span, indicator), (None, None))[1]
        rough = status == "e"
        if pd.notna(change):
            stated = _printed(float(change), None, approximate=rough)
            yield group, indicator, _check_change(stated, value, base)
        if pd.notna(percent):
            stated = _printed(float(percent), decimals, approximate=rough)
            counted = None if pd.isna(change) else _printed(float(change), None, approximate=rough)
            yield group, indicator, _check_percent(stated, value, base, counted)


def _check_change(stated: _Printed, value: _Printed | None, base: _Printed | None) -> _Check:
    if value is None or base is None:
        return _Check("change", "change", stated, None, "cannot_check", "")
    computed = value.value - base.value
    verdict = _compare_change(stated, computed, _slack(value) + _slack(base))
    return _Check("change", "change", stated, computed, verdict, f"{value.value} - {base.value}")


def _check_percent(
    stated: _Printed, value: _Printed | None, base: _Printed | None, change: _Printed | None
) -> _Check:
    """Check a percentage against the base, or, without one, against the change in count."""
    if value is not None and base is None and change is not None:
        base = value._replace(value=value.value - change.value)
    if value is None or base is None or base.value <= 0:
        return _Check("change", "change_percent", stated, None, "cannot_check", "")
    grown = value.value - base.value
    computed = 100 * grown / base.value
    rough = (100 * _slack(value) + (100 + abs(computed)) * _slack(base)) / base.value
    verdict = _compare_change(stated, computed, rough)
    return _Check("change", "change_percent", stated, computed, verdict, f"{grown} / {base.value}")


def _compare_change(stated: _Printed, computed: Decimal, rough: Decimal) -> str:
    """Compare a change; one that follows from approximate figures is too rough to judge."""
    verdict = _compare(stated, computed, _slack(stated), severe=True)
    near = abs(stated.value - computed) <= _slack(stated) + rough
    return "cannot_check" if verdict == "contradicts" and near else verdict


def _alive(children: pd.DataFrame, group: _Group, table: pd.DataFrame) -> list[str]:
    """List the children that are valid on the last day of the window."""
    known = group.span in entries("spans", table)
    end = window(group.span, group.year, table)[1] if known else None
    last = (end or date(group.year, 12, 14)).isoformat()
    begun = (children["valid_from"] == "") | (children["valid_from"] <= last)
    lasting = (children["valid_to"] == "") | (children["valid_to"] >= last)
    return children.loc[begun & lasting, "place"].tolist()


def _compare(stated: _Printed, computed: Decimal | None, slack: Decimal, *, severe: bool) -> str:
    if computed is None:
        return "cannot_check"
    if stated.value == computed:
        return "exact"
    step = Decimal(1).scaleb(-stated.decimals)
    if computed.quantize(step, ROUND_HALF_UP) == stated.value:
        return "rounded"
    if computed.quantize(step, ROUND_DOWN) == stated.value:
        return "truncated"
    if slack and abs(stated.value - computed) <= slack:
        return "rounded"
    return "contradicts" if severe else "unexplained"


def _slack(printed: _Printed) -> Decimal:
    """Return by how much a figure may be off: one unit if approximate, else nothing."""
    return _unit(printed) if printed.approximate else Decimal(0)


def _unit(printed: _Printed) -> Decimal:
    """Return one unit of the last significant digit: 2900 -> 100, 97 -> 1, 76.3 -> 0.1."""
    if printed.decimals or printed.value == 0:
        return Decimal(1).scaleb(-printed.decimals)
    return Decimal(1).scaleb(int(printed.value.normalize().as_tuple().exponent))


def _row(group: _Group, indicator: str, check: _Check) -> tuple[object, ...]:
    stated, computed = check.stated.value, check.computed
    place, year, span, source = group
    return (
        check.check, place, year, span, indicator, source,
        float(stated), float("nan") if computed is None else float(computed),
        float("nan") if computed is None else float(stated - computed),
        check.verdict, "", "", check.identity, check.arithmetic, check.stated.decimals,
    )  # fmt: skip
