"""The ledger in the plainest arithmetic, figure by figure, to hold `reconcile` against."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from petitionlib.codebook.break_scope import broken_indicators, broken_places
from petitionlib.codebook.entries import about, entries
from petitionlib.codebook.windows import window

LAST_DAY = {
    "H1": "06-14",
    "AY": "07-31",
    "Q1": "03-14",
    "9M": "09-14",
    "M02": "02-28",
}  # else 14 December
KEY = ("place", "year", "span", "indicator", "source")
JUST = 1 - Fraction(115, 10**17)  # within what floats can tell
AGREES = {"exact", "rounded", "truncated", "holds"}


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


class Check(NamedTuple):
    """A check: the figure's key, the kind, the rule, what is stated and computed, the verdict.

    `judge` gives the verdict again when it is handed other numbers: it takes a function from the
    name of a number (a key and a column) to the figure. `numbers` are those it is made of, `stated`
    the first of them; `only_limits` says that it gives no value.
    """

    at: tuple
    check: str
    identity: str
    stated: object
    computed: object
    verdict: str
    numbers: tuple = ()
    judge: object = None
    only_limits: bool = False


class Table:
    """What was printed, by key and column; and which source is newer."""

    def __init__(self, table):
        self.table = table = table.assign(
            change=table.get("change"),
            change_percent=table.get("change_percent"),
            status=table.get("status", ""),
            source_order=table.get("source_order", 0),
        )
        self.rows = {key(row): row for row in table.to_dict("records")}
        self.numbers = {}
        for at, row in self.rows.items():
            for column, decimals in (
                ("value", "decimals"),
                ("change", "change_decimals"),
                ("change_percent", "change_percent_decimals"),
            ):
                found = figure(row, column, decimals)
                if found:
                    self.numbers[at, column] = found
        self.figures = {
            at: found for (at, column), found in self.numbers.items() if column == "value"
        }
        order = {at: row["source_order"] for at, row in self.rows.items()}
        rank = {at: (not found.rough, order[at], at[4]) for at, found in self.figures.items()}
        self.order = order
        self.best = {at[:4]: at for at in sorted(self.figures, key=rank.get)}

    def kind(self, indicator):
        """Return the kind of an indicator: flow, stock, rate, or unknown."""
        return entries("indicators", self.table).get(indicator, {}).get("kind", "unknown")

    def coverage(self, at):
        """Return what of the office the figure's source covers."""
        return self.rows[at].get("coverage") or ""


def ledger(table):
    """List what should stand in the ledger: key, check, identity, stated, computed, verdict."""
    return sorted(
        (*each.at, each.check, each.identity, float(each.stated.value), each.computed, each.verdict)
        for each in all_checks(Table(table))
    )


def all_checks(book):
    """List all checks of a table."""
    found = [*changes(book), *conflicts(book), *nested(book), *jumps(book), *percents(book)]
    for at in book.figures:
        found += checks(book, at)
    return found


def key(row):
    """Return the key of a row: place, year, span, indicator and source."""
    return tuple(row[name] for name in KEY)


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
    """Compare a number with what follows from others, and give the verdict."""
    step = Fraction(1, 10**stated.decimals)
    size = abs(computed) / step
    sign = -1 if computed < 0 else 1
    off = abs(stated.value - computed) * JUST
    if off == 0:
        return "exact"
    if stated.value == sign * int(size + Fraction(1, 2)) * step:
        return "rounded"
    if stated.value == sign * int(size) * step:
        return "truncated"
    if off <= slack:
        return "rounded"
    return "cannot_check" if off <= slack + loose else wrong


def made(at, check, identity, numbers, judge, read):  # noqa: PLR0913, PLR0917  # of one check
    """Make a check of its numbers, the stated one first; `judge` gives computed and verdict."""
    computed, verdict = judge(read)
    computed = None if computed is None else float(computed)
    return Check(at, check, identity, read(numbers[0]), computed, verdict, tuple(numbers), judge)


def value_of(at):
    """Name the value of a figure."""
    return at, "value"


def checks(book, at):
    """Yield the sums, bounds and rates of one figure, from its own source."""
    place, year, span, indicator, source = at
    read = book.numbers.__getitem__
    printed = lambda names: [n for n in names if n in book.numbers]  # noqa: E731
    beside = lambda name: value_of((place, year, span, name, source))  # noqa: E731
    for rule in entries("identities", book.table).values():
        names = rule["parts"].split(" + ")
        parts = printed(map(beside, names))
        scheme = rule["severity"] == "whole_only"
        others = printed(map(beside, other_fields(book.table, rule)))
        if (
            rule["whole"] != indicator
            or not parts
            or (scheme and (len(parts) < len(names) or others))
        ):
            continue
        plus = printed([beside(rule["plus"])])
        wrong = "unexplained" if rule["severity"] == "warning" and not plus else "contradicts"
        numbers = [value_of(at), *parts, *plus]
        if rule["relation"] == "=":
            judge = add_up(numbers, len(plus), len(parts) == len(names), wrong)
            yield made(at, "sum", rule["identity"], numbers, judge, read)._replace(
                only_limits=len(parts) < len(names)
            )
        else:
            judge = bound(numbers, 1 if rule["relation"] == "<=" else -5, len(plus), wrong)
            yield made(at, "bound", rule["identity"], numbers, judge, read)._replace(
                only_limits=True
            )
    if book.kind(indicator) == "rate":
        row = entries("indicators", book.table)[indicator]
        part, whole = beside(row["numerator"]), beside(row["denominator"])
        numbers = [value_of(at), *printed([part, whole])]
        if len(numbers) == 3 and read(whole).value > 0:
            yield made(at, "rate", indicator, numbers, share(numbers), read)
            return
        yield Check(at, "rate", indicator, read(value_of(at)), None, "cannot_check")
        if is_part(book.table, row["numerator"], row["denominator"]):

            def judge(look):
                return (
                    100,
                    "holds" if look(value_of(at)).value <= 100 else "contradicts",
                )

            yield made(at, "bound", indicator, [value_of(at)], judge, read)._replace(
                only_limits=True
            )
        return
    for partition, children in families(book.table, place, year, span).items():
        parts = printed([value_of((child, *at[1:])) for child in children])
        if parts:
            numbers = [value_of(at), *parts]
            whole = len(parts) == len(children)
            judge = add_up(numbers, 0, whole, "contradicts")
            yield made(at, "sum", f"children:{partition}", numbers, judge, read)._replace(
                only_limits=not whole
            )


def other_fields(table, rule):
    """List the parts of the other schemes of the same whole that are not parts of this one."""
    rules = [
        each for each in entries("identities", table).values() if each["whole"] == rule["whole"]
    ]
    schemes = [each["parts"].split(" + ") for each in rules if each["severity"] == "whole_only"]
    return {part for parts in schemes for part in parts} - set(rule["parts"].split(" + "))


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


def add_up(numbers, plus, whole, wrong):
    """Compare a total with the sum of its parts; of which some are missing it may hold or not."""

    def judge(read):
        stated, *parts = map(read, numbers)
        signs = [1] * (len(parts) - plus) + [-1] * plus
        total = sum(sign * part.value for sign, part in zip(signs, parts, strict=True))
        slack = stated.slack + sum(part.slack for part in parts)
        if whole:
            return total, compare(stated, total, slack, wrong=wrong)
        if total - stated.value > slack:
            return total, wrong
        return (total, "holds") if total == stated.value else (None, "cannot_check")

    return judge


def bound(numbers, times, plus, wrong):
    """Compare a figure with one it can not exceed, or, times minus five, not fall short of."""

    def judge(read):
        stated, limit, *more = map(read, numbers)
        less = sum(each.value for each in more[:plus])
        loose = abs(times) * limit.slack + sum(each.slack for each in more[:plus])
        most = abs(times) * limit.value - less
        over = stated.value - most if times == 1 else most - stated.value
        return most, "holds" if over <= stated.slack + loose else wrong

    return judge


def share(numbers):
    """Compare a rate with its two counts in percent."""

    def judge(read):
        stated, part, whole = map(read, numbers)
        if whole.value <= 0:
            return None, "cannot_check"
        computed = 100 * part.value / whole.value
        slack = stated.slack + (100 * part.slack + computed * whole.slack) / whole.value
        return computed, compare(stated, computed, slack)

    return judge


def base_of(book, at):
    """Return the key of the figure of the year before that a source could know, or None."""
    place, year, *rest, source = at
    keys = [each for each in book.figures if each[:4] == (place, year - 1, *rest)]
    same = [each for each in keys if each[4] == source]
    known = [each for each in keys if book.order[each] <= book.order[at]]
    rank = lambda each: (not book.figures[each].rough, book.order[each], each[4])  # noqa: E731
    if same or known:
        return same[0] if same else max(known, key=rank)
    return min(keys, key=lambda each: (book.order[each], each[4]), default=None)


def changes(book):
    """Yield the checks of printed changes; what rests on approximate figures is not judged."""
    read = book.numbers.__getitem__
    for at in book.rows:
        base = base_of(book, at)
        value, before = value_of(at), value_of(base)
        counted, percent = (at, "change"), (at, "change_percent")
        if counted in book.numbers:
            numbers = [counted, value, before]
            if all(each in book.numbers for each in numbers):
                rate = book.kind(at[3]) == "rate"
                yield made(at, "change", "change", numbers, difference(numbers, rate), read)
            else:
                yield Check(at, "change", "change", read(counted), None, "cannot_check")
        if percent in book.numbers:
            numbers = [percent, value, before if base else counted]
            judge = growth(numbers, base is None)
            if not all(each in book.numbers for each in numbers):
                yield Check(at, "change", "change_percent", read(percent), None, "cannot_check")
            else:
                yield made(at, "change", "change_percent", numbers, judge, read)


def difference(numbers, rate):
    """Compare a printed change with the difference of two figures."""

    def judge(read):
        stated, value, base = map(read, numbers)
        loose = value.slack + base.slack
        if rate:
            loose += sum(Fraction(1, 2 * 10**one.decimals) for one in (value, base))
        computed = value.value - base.value
        return computed, compare(stated, computed, stated.slack, loose)

    return judge


def growth(numbers, implied):
    """Compare a printed percentage with the growth since a base, or with the printed change."""

    def judge(read):
        stated, value, base = map(read, numbers)
        if implied:
            decimals = max(value.decimals, base.decimals)
            base = Figure(value.value - base.value, decimals, value.rough or base.rough)
        if base.value <= 0:
            return None, "cannot_check"
        computed = 100 * (value.value - base.value) / base.value
        loose = 100 * value.slack + (100 + abs(computed)) * base.slack
        return computed, compare(stated, computed, stated.slack, loose / base.value)

    return judge


def percents(book):
    """Yield the checks of percentages of which one count is printed: some whole number fits."""
    read = book.numbers.__getitem__
    for at in book.rows:
        percent, value, rate = (at, "change_percent"), value_of(at), book.kind(at[3]) == "rate"
        numbers = [percent, value]
        lone = (at, "change") not in book.numbers and base_of(book, at) is None and not rate
        if lone and all(each in book.numbers for each in numbers):
            yield from given(at, "change_percent", numbers, "growth", read)
        if rate and value in book.numbers:
            row = entries("indicators", book.table)[at[3]]
            part, whole = (
                value_of((*at[:3], row[name], at[4])) for name in ("numerator", "denominator")
            )
            there = [each in book.numbers for each in (part, whole)]
            if there == [True, False]:
                yield from given(at, at[3], [value, part], "part", read)
            if there == [False, True] and read(whole).value > 0:
                yield from given(at, at[3], [value, whole], "whole", read)


def given(at, identity, numbers, how, read):
    """Yield the check whether a whole number gives a percentage beside a count."""
    stated, count = map(read, numbers)
    if stated.rough or count.rough or count.decimals:
        return

    def judge(look):
        percent, known = map(look, numbers)

        found = []
        for other in near(percent, known, how):
            top = {"growth": known.value - other, "part": known.value, "whole": other}[how]
            below = known.value if how == "whole" else other
            if below > 0:
                found.append(100 * Fraction(top) / below)
        best = min(found, key=lambda one: abs(one - percent.value), default=None)
        fits = any(compare(percent, one) != "contradicts" for one in found)
        fits |= how == "part" and percent.value == 0
        return best, "holds" if fits else "contradicts"

    yield made(at, "percent", identity, numbers, judge, read)._replace(only_limits=True)


def near(percent, known, how):
    """List the whole numbers beside the one that would give a percentage exactly."""
    below = {"growth": 100 + percent.value, "part": percent.value, "whole": 100}[how]
    if below <= 0:
        return []
    ideal = known.value * (percent.value if how == "whole" else 100) / below
    return [int(ideal), int(ideal) + 1]


def conflicts(book):
    """Yield the checks of figures against the preferred one."""
    for at, stated in book.figures.items():
        best = book.best[at[:4]]
        if best != at:
            other = book.figures[best]
            verdict = compare(stated, other.value, stated.slack + other.slack)
            if verdict == "contradicts" and stated.decimals > other.decimals:
                verdict = compare(other, stated.value)
            revised = book.rows[best]["status"] == "r" and book.order[best] > book.order[at]
            if verdict == "contradicts" and revised:
                verdict = "revised"
            yield Check(at, "conflict", best[4], stated, float(other.value), verdict)


def nested(book):
    """Yield the checks of long periods against the largest that lies inside them."""
    spans = entries("spans", book.table)
    whole = about(book.table).default_span
    read = book.numbers.__getitem__
    for at in book.figures:
        place, year, span, indicator, _ = at
        if book.kind(indicator) != "flow" or spans.get(span, {}).get("cumulative") != "yes":
            continue
        first, last = window(span, year, book.table)
        if last is None or first != window(whole, year, book.table)[0]:
            continue
        inside = []
        for other, row in spans.items():
            begins, ends = window(other, year, book.table)
            alike = begins == first or (row["cumulative"] != "yes" and begins > first)
            if (
                other != span
                and ends
                and alike
                and ends <= last
                and (begins, ends) != (first, last)
            ):
                found = book.best.get((place, year, other, indicator))
                inside += [found] if found and book.coverage(found) == book.coverage(at) else []
        if not inside or broken(book, at, first, last):
            continue
        shorter = max(inside, key=lambda each: book.figures[each].value)
        newer = book.order[shorter] > book.order[at] or book.rows[shorter]["status"] == "p"
        judge = at_least(value_of(at), value_of(shorter), "unexplained" if newer else "contradicts")
        numbers = [value_of(at), value_of(shorter)]
        yield made(at, "nested", "", numbers, judge, read)._replace(only_limits=True)


def at_least(longer, shorter, wrong):
    """Compare a period with a shorter one inside it."""

    def judge(read):
        stated, least = read(longer), read(shorter)
        holds = least.value - stated.value <= stated.slack + least.slack
        return least.value, "holds" if holds else wrong

    return judge


def broken(book, at, first, last):
    """Tell whether a break of form lies inside a period."""
    return any(
        row["scope"] == "form"
        and first < date.fromisoformat(row["date"]) <= last
        and broken_indicators(row, [at[3]])
        and broken_places(row, [at[0]], book.table)
        for row in entries("breaks", book.table).values()
    )


def jumps(book):
    """Yield the counts that are ten times, or a tenth of, the nearest earlier one."""
    for cell, at in book.best.items():
        place, year, *rest = cell
        years = [each[1] for each in book.best if (each[0], *each[2:]) == (place, *rest)]
        earlier = max((each for each in years if each < year), default=None)
        if earlier is None or book.kind(at[3]) == "rate":
            continue
        now, then = book.figures[at], book.figures[book.best[place, earlier, *rest]]
        if min(now.value, then.value) >= 100 and (
            now.value >= 10 * then.value or then.value >= 10 * now.value
        ):
            yield Check(at, "scale", "", now, float(then.value), "unexplained")
