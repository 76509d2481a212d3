"""What was published against what follows from it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from petitionlib.checks._exact import apart
from petitionlib.checks._sheet import Sheet, lay_out
from petitionlib.checks.bounds import check_bounds
from petitionlib.checks.changes import check_changes
from petitionlib.checks.partitions import check_children
from petitionlib.checks.rates import check_rates
from petitionlib.checks.sources import check_conflicts
from petitionlib.checks.sums import check_sums
from petitionlib.checks.verdict import Checks, Claims
from petitionlib.codebook.codes import VERDICTS
from petitionlib.files import FilePath
from petitionlib.tables.folder import PRINTED
from petitionlib.tables.frame import complete
from petitionlib.tables.grid import factorize, text
from petitionlib.tables.read import with_codebook
from petitionlib.tables.sources import known_on

__all__ = ["reconcile"]

COLUMNS: Final = (
    "check", *PRINTED,
    "stated", "computed", "difference", "verdict", "cause", "cause_detail",
    "cause_part", "identity", "arithmetic", "decimals",
)  # fmt: skip


def reconcile(
    table: pd.DataFrame,
    *,
    as_of: str | date | None = None,
    codebook: FilePath | None = None,
) -> pd.DataFrame:
    """Check each published number against all the others that bear on it.

    Takes a tidy table (`read_tables`). Returns the ledger, a row for each check, sorted by key:
    `check` (`sum`: an identity of the codebook, or the children of a place; `bound`; `rate`;
    `change`: a published change in count, points or percent; `conflict`: another source against
    the preferred one), the key of the figure under check, `stated`, `computed`, `difference`
    (stated - computed), `verdict`, `cause`, `cause_detail` and `cause_part` (below), `identity`,
    `arithmetic` (the parts as printed) and `decimals` (of the stated figure).

    Verdicts: `exact`; `rounded`, `truncated` (equal at the printed decimals); `holds` (a bound);
    `contradicts`; `unexplained` (does not agree, but the rule is only a warning); `cannot_check`
    (a part is not printed). The parts of a sum, a bound or a rate come from the source under
    check; a change is checked against the newest figure of the year before, or, where that was not
    published, its count and its percentage against each other. An approximate figure contradicts
    nothing within one unit of its last significant digit. The arithmetic is exact, not that of
    floats. The rules and their authorities: `identities()`. With `as_of`, a day, only what was
    published by then counts (`known_on`); with `codebook`, a table that has lost the codebook of
    its data folder is given it again.

    Where one simple slip would produce a contradicting number, `cause` names it as a possibility:
    `decimal_shift`, `other_base`, `divided_by_new`, `part_left_out`, `part_twice`, `other_total`
    or `digit_slip`; `cause_detail` is its arithmetic, and `cause_part` the other base or total, or
    the part. Raises `TableError` as `year_over_year` does.

    >>> from petitionlib import read_tables
    >>> ledger = reconcile(read_tables())
    >>> cut_off = ledger[(ledger["verdict"] == "truncated") & (ledger["place"] == "can-tho")]
    >>> cut_off[["place", "stated", "arithmetic"]].values.tolist()
    [['can-tho', 97.5, '203 / 208'], ['can-tho', 95.67, '177 / 185']]
    >>> ledger.loc[ledger["cause"] == "decimal_shift", ["stated", "cause_detail"]].values.tolist()
    [[701.0, '70.1 * 10']]
    """
    table = with_codebook(table, codebook)
    table = complete(table if as_of is None else known_on(table, as_of))
    sheet = lay_out(table)
    made = [
        checks
        for check in (
            check_sums, check_children, check_bounds, check_rates, check_changes, check_conflicts,
        )
        for checks in check(sheet)
    ]  # fmt: skip
    return _ledger(sheet, made)


def _ledger(sheet: Sheet, made: Sequence[Checks]) -> pd.DataFrame:
    """Put the checks together, sorted by the key, the kind of check and the identity."""
    claims = [checks.claims for checks in made]
    rows = _chain([one.rows for one in claims], np.int64)
    check = _named([one.check for one in claims], rows_of=claims)
    identity = _named([one.identity for one in claims], rows_of=claims)
    order = _order(sheet, rows, check, identity)
    rows, like = rows[order], sheet.table["place"]
    ledger = pd.DataFrame({"check": text(check.codes[order], check.names, like)})
    for name in PRINTED:
        ledger[name] = sheet.table[name].iloc[rows].array
    for name, numbers in _numbers(claims).items():
        ledger[name] = _chain(numbers, np.float64)[order]
    verdict = _chain([checks.verdict for checks in made], np.int8)[order]
    ledger["verdict"] = text(verdict, list(VERDICTS), like)
    for name, column in _causes(made, order).items():
        ledger[name] = text(*column, like)
    ledger["identity"] = text(identity.codes[order], identity.names, like)
    arithmetic = _chain([one.arithmetic for one in claims], object)[order]
    ledger["arithmetic"] = pd.Series(arithmetic, dtype="str")
    decimals = _chain([one.stated.decimals for one in claims], np.int64)[order]
    ledger["decimals"] = pd.array(decimals.astype("int8"), dtype="Int8")
    ledger.attrs.update(sheet.table.attrs)
    return ledger


class _Named(NamedTuple):
    """A column of texts: the code of each row, and their names in alphabetical order."""

    codes: npt.NDArray[np.int64]
    names: list[str]


def _named(texts: Sequence[str | npt.NDArray[Any]], *, rows_of: Sequence[Claims]) -> _Named:
    """Make a column of one text, or of one text a row, for each set of claims."""
    kinds = [set(text) if isinstance(text, np.ndarray) else {text} for text in texts]
    names = sorted(set().union(*kinds))
    code_of = {name: code for code, name in enumerate(names)}
    codes = [
        np.array([code_of[name] for name in text], dtype=np.int64)
        if isinstance(text, np.ndarray)
        else np.full(len(claims.rows), code_of[text])
        for text, claims in zip(texts, rows_of, strict=True)
    ]
    return _Named(_chain(codes, np.int64), names)


def _numbers(claims: Sequence[Claims]) -> dict[str, list[npt.NDArray[np.float64]]]:
    """Return what is stated, what the others give, and the difference, as floats."""
    numbers: dict[str, list[Any]] = {"stated": [], "computed": [], "difference": []}
    for one in claims:
        numerator, denominator, _, known = one.computed
        scale = 10.0**one.stated.decimals
        gap = apart(one.stated.digits, numerator, denominator)
        missing = np.where(known, 1.0, np.nan)
        numbers["stated"].append((one.stated.digits / scale).astype(np.float64))
        numbers["computed"].append((numerator / (denominator * scale)).astype(np.float64) * missing)
        numbers["difference"].append((gap / (denominator * scale)).astype(np.float64) * missing)
    return numbers


def _order(
    sheet: Sheet, rows: npt.NDArray[Any], check: _Named, identity: _Named
) -> npt.NDArray[np.int64]:
    sources, names = factorize(sheet.table["source"])
    code = sheet.keys.cell[rows].astype(np.int64) * len(names) + sources.numbers()[rows]
    code = (code * len(check.names) + check.codes) * len(identity.names) + identity.codes
    return np.argsort(code, kind="stable")


def _causes(
    made: Sequence[Checks], order: npt.NDArray[np.int64]
) -> dict[str, tuple[npt.NDArray[np.int64], list[str]]]:
    """Return the columns of causes as codes and names: blank for what does not contradict."""
    starts = np.cumsum([0, *(len(checks.verdict) for checks in made)])
    rows = _chain([c.causes.rows + s for c, s in zip(made, starts, strict=False)], np.int64)
    columns = {}
    for name in ("cause", "detail", "part"):
        found = _chain([getattr(checks.causes, name) for checks in made], object)
        codes, names = pd.factorize(np.append(found, ""))
        column = np.full(starts[-1], codes[-1])
        column[rows] = codes[:-1]
        columns["cause" if name == "cause" else f"cause_{name}"] = (column[order], list(names))
    return columns


def _chain(arrays: Sequence[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])
