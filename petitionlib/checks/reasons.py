"""Why checks contradict: the suspect, the slip that would explain it, and the event."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from petitionlib.checks._evidence import KINDS, Evidence, gather
from petitionlib.checks._exact import spelled
from petitionlib.checks._sheet import Rows, Sheet
from petitionlib.checks.causes import LAST_DIGIT, Cause, digits_of, explanations
from petitionlib.checks.slips import digit_slip, shifted
from petitionlib.checks.suspects import Suspects, find_suspects, stated_numbers
from petitionlib.checks.verdict import CONTRADICTS, REVISED, VALUE, Checks, Texts
from petitionlib.codebook.codes import CAUSES, NUMBERS

__all__ = ["REASONS", "reasons"]

_KEY: Final = ("place", "year", "span")
_SUSPECT: Final = (
    "suspect",
    *(f"suspect_{name}" for name in (*_KEY, "column", "value", "printed")),
)
_VALUE: Final = "suspect_value"
_CAUSE: Final = ("cause", "cause_detail", "cause_part")
REASONS: Final = (*_SUSPECT, "event", *_CAUSE)
_MOST: Final = 2  # causes that are named: where more fit, none is likely
_BOTH: Final = " + "

Slips = dict[str, tuple[str, str]]  # of each code its detail and its part


def reasons(sheet: Sheet, made: Sequence[Checks]) -> Mapping[str, tuple[Rows, Texts]]:
    """Return for each column of reasons the rows that have one, counted through all checks."""
    starts = np.cumsum([0, *(len(checks.verdict) for checks in made)])
    evidence = gather(sheet, made)
    failing = np.flatnonzero(evidence.failing)
    rows = starts[evidence.made[failing]] + evidence.spot[failing]
    slips: dict[int, Slips] = {}
    for start, checks in zip(starts.tolist(), made, strict=False):
        _collect(slips, start, explanations(sheet, checks))
        _collect(slips, start, digits_of(checks))
    explained = np.zeros(len(evidence.failing), dtype=bool)
    explained[failing] = [row in slips for row in rows.tolist()]
    suspects = find_suspects(sheet, evidence, explained)
    named = _of_suspects(evidence, suspects, (failing, rows), slips)
    for causes in slips.values():
        causes.pop(LAST_DIGIT, None)
    first, second = suspects.first[failing], suspects.second[failing]
    accused = np.flatnonzero(first >= 0)
    rows_, first, second = rows[accused], first[accused], second[accused]
    used = np.unique(np.concatenate([first, second[second >= 0]]))
    texts = _numbers(sheet, evidence, suspects.right, used)
    for spot, number in enumerate(used.tolist()):
        _as_meant(texts[_VALUE], spot, named.get(number, {}))
    one, other = np.searchsorted(used, first), np.searchsorted(used, second)
    other = np.where(second < 0, -1, other)
    found = {name: (rows_, _joined(texts[name], one, other)) for name in _SUSPECT}
    events = _joined(texts["event"], one, other)
    slips |= {
        row: named[number] for row, number in zip(rows_.tolist(), first.tolist(), strict=True)
    }
    groups = suspects.group[failing]
    accused_rows = dict(zip(rows_.tolist(), events, strict=True))
    meant = _meant(evidence.numbers[used], texts)
    found["event"] = _events(sheet, made, starts, (rows, groups), (accused_rows, meant))
    for start, checks in zip(starts.tolist(), made, strict=False):
        if (newer := checks.claims.newer) is not None:
            some = np.flatnonzero(newer >= 0)
            detail = sheet.texts[newer[some]]
            slips |= {start + spot: {"base_revised": (text, "")}
                      for spot, text in zip(some.tolist(), detail, strict=True)}  # fmt: skip
    return found | _causes(slips)


def _collect(slips: dict[int, Slips], start: int, causes: Iterable[Cause]) -> None:
    """Add the causes of one set of checks to those of each row."""
    for cause in causes:
        parts = [cause.part] * len(cause.claims) if isinstance(cause.part, str) else cause.part
        for spot, detail, part in zip(cause.claims.tolist(), cause.detail, parts, strict=True):
            slips.setdefault(start + spot, {}).setdefault(cause.code, (detail, part))


def _causes(slips: Mapping[int, Slips]) -> dict[str, tuple[Rows, Texts]]:
    """Return the columns of causes: one is named, or two; where more would do, none."""
    named = {row: causes for row, causes in slips.items() if 0 < len(causes) <= _MOST}
    rows = np.fromiter(named, dtype=np.int64, count=len(named))
    columns = np.full((3, len(named)), "", dtype=object)
    for spot, causes in enumerate(named.values()):
        codes = sorted(causes, key=CAUSES.index)
        columns[0, spot] = " ".join(codes)
        columns[1, spot] = "; ".join(causes[code][0] for code in codes)
        columns[2, spot] = "; ".join(part for code in codes if (part := causes[code][1]))
    return {name: (rows, column) for name, column in zip(_CAUSE, columns, strict=True)}


def _numbers(sheet: Sheet, evidence: Evidence, right: Any, used: Rows) -> dict[str, Texts]:
    """Write the key of some numbers of the evidence, which they are, and what would be right."""
    rows, kinds = evidence.numbers[used] // KINDS, evidence.numbers[used] % KINDS
    printed = evidence.printed.at(used)
    texts = {name: sheet.table[name].iloc[rows].astype("str").to_numpy(dtype=object)
             for name in (*_KEY, "indicator", "source")}  # fmt: skip
    column = np.array(NUMBERS, dtype=object)[kinds]
    count = (kinds == VALUE) & ~sheet.is_rate(rows)
    written = spelled(printed._replace(digits=right[used]))
    for spot in np.flatnonzero(count & (printed.decimals > 0)).tolist():
        whole, _, rest = written[spot].partition(".")
        written[spot] = f"{whole}.{rest}" if (rest := rest.rstrip("0")) else whole
    named = (texts["indicator"], *(texts[name] for name in _KEY), column, written)
    found = dict(zip(_SUSPECT, (*named, spelled(printed)), strict=True))
    event = texts["place"]
    for more in (texts["year"], texts["span"], texts["indicator"], column, texts["source"]):
        event = event + " " + more
    return found | {"event": event}


def _meant(numbers: Rows, texts: Mapping[str, Texts]) -> dict[tuple[int, str], str]:
    """Return the event of each suspect that is a figure, by its row and the value meant."""
    rows, kinds = (numbers // KINDS).tolist(), (numbers % KINDS).tolist()
    columns = zip(rows, kinds, texts[_VALUE].tolist(), texts["event"].tolist(), strict=True)
    return {(row, value): event for row, kind, value, event in columns if kind == VALUE}


def _joined(texts: Texts, first: Rows, second: Rows) -> Texts:
    """Return the text of each first number, with that of a second one where there is one."""
    found = texts[first]
    both = np.flatnonzero(second >= 0)
    found[both] = found[both] + _BOTH + texts[second[both]]
    return found


def _as_meant(values: Texts, number: int, causes: Slips) -> None:
    """Write a value of which digits behind the decimal sign were lost with those that it had.

    Where two slips would give values of other decimals, the finer one is meant.
    """
    slips = [causes[code][0] for code in ("decimal_shift", "digit_slip") if code in causes]
    fitting = [slip.partition(" ")[0] for slip in slips]
    meant = max(fitting, key=lambda text: len(text.partition(".")[2]), default="")
    if meant:
        whole, _, rest = meant.partition(".")
        values[number] = meant if rest.strip("0") else whole


def _of_suspects(
    evidence: Evidence,
    suspects: Suspects,
    failing: tuple[Rows, Rows],
    slips: Mapping[int, Slips],
) -> dict[int, Slips]:
    """Return what may have happened to each suspect, by the checks that state it or its digits."""
    checks, rows = failing
    stated, first = stated_numbers(evidence)[checks], suspects.first[checks]
    found: dict[int, Slips] = {}
    for spot in np.flatnonzero((first >= 0) & (suspects.second[checks] < 0)).tolist():
        mine = found.setdefault(int(first[spot]), {})
        if stated[spot] == first[spot]:
            for code, how in slips.get(int(rows[spot]), {}).items():
                mine.setdefault("digit_slip" if code == LAST_DIGIT else code, how)
    right, printed = suspects.right, evidence.printed
    alone = np.array([number for number, mine in found.items() if not mine], dtype=np.int64)
    meant, was = printed._replace(digits=right).at(alone), printed.at(alone)
    texts, shift = spelled(meant), shifted(was, meant)
    for spot, near in enumerate(digit_slip(was.digits, meant.digits).tolist()):
        mine, places = found[int(alone[spot])], int(shift[spot])
        if near:
            mine["digit_slip"] = (texts[spot], "")
        if places:
            sign = "*" if places > 0 else "/"
            mine["decimal_shift"] = (f"{texts[spot]} {sign} {10 ** abs(places)}", "")
        if was.digits[spot] == -meant.digits[spot]:
            mine["lost_sign"] = (texts[spot], "")
    for one, other in {*zip(first.tolist(), suspects.second[checks].tolist(), strict=True)}:
        if other >= 0:
            both = spelled(printed.at(np.array([other, one])))
            found[one] = {"exchanged": (_BOTH.join(both), "")}
    return found


def _events(
    sheet: Sheet,
    made: Sequence[Checks],
    starts: Any,
    failing: tuple[Rows, Rows],
    accused: tuple[Mapping[int, str], Mapping[tuple[int, str], str]],
) -> tuple[Rows, Texts]:
    """Name the event of each row that contradicts: its suspect, its group, or the later report.

    `accused` has the events of rows, and those of figures with the value that each should have:
    where the later report prints that, it is of the same event.
    """
    found = dict(accused[0])
    rows, groups = failing
    figures = np.concatenate([sheet.order[:0], *(checks.claims.rows for checks in made)])
    open_ = [(row, group) for row, group in zip(rows.tolist(), groups.tolist(), strict=True)
             if row not in found]  # fmt: skip
    keys = (
        dict(
            zip(
                (row for row, _ in open_),
                _keys(sheet, figures[[row for row, _ in open_]]),
                strict=True,
            )
        )
        if open_
        else {}
    )
    least: dict[int, str] = {}
    for row, group in open_:
        least[group] = min(least.get(group, keys[row]), keys[row])
    found |= {row: least[group] for row, group in open_}
    for start, checks in zip(starts.tolist(), made, strict=False):
        if checks.claims.check == "conflict":
            some = np.flatnonzero(np.isin(checks.verdict, (CONTRADICTS, REVISED)))
            later = checks.claims.identity[some]
            periods = _keys(sheet, checks.claims.rows[some], _KEY)
            figures_ = zip(checks.claims.rows[some].tolist(), checks.claims.printed[some],
                           strict=True)  # fmt: skip
            found |= {
                start + spot: accused[1].get(figure, f"{period} {source}")
                for spot, figure, period, source in zip(
                    some.tolist(), figures_, periods, later, strict=True
                )
            }
    order = np.fromiter(found, dtype=np.int64, count=len(found))
    return order, np.array([*found.values()], dtype=object)


def _keys(
    sheet: Sheet, rows: Rows, names: Sequence[str] = (*_KEY, "indicator", "source")
) -> list[str]:
    """Write the keys of some rows."""
    columns = [sheet.table[name].iloc[rows].astype("str") for name in names]
    return [" ".join(key) for key in zip(*columns, strict=True)]
