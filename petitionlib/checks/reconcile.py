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
from petitionlib.checks.nested import check_nested
from petitionlib.checks.partitions import check_children
from petitionlib.checks.percents import check_percents
from petitionlib.checks.rates import check_rates
from petitionlib.checks.reasons import REASONS, reasons
from petitionlib.checks.scale import check_scale
from petitionlib.checks.sources import check_conflicts
from petitionlib.checks.sums import check_sums
from petitionlib.checks.verdict import Checks, Claims, Coded
from petitionlib.codebook.codes import VERDICTS
from petitionlib.files import FilePath
from petitionlib.tables.folder import PRINTED
from petitionlib.tables.frame import complete
from petitionlib.tables.grid import text
from petitionlib.tables.read import with_codebook
from petitionlib.tables.sources import known_on

__all__ = ["reconcile"]

CHECKS: Final = (
    check_sums, check_children, check_bounds, check_rates, check_changes, check_percents,
    check_nested, check_conflicts, check_scale,
)  # fmt: skip
COLUMNS: Final = (
    "check", "identity", *PRINTED, "parts", "part_values", "decimals",
    "stated", "computed", "difference", "verdict", *REASONS[:8], "missing", *REASONS[8:],
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
    `change`: a published change in count, points or percent; `percent`: a percentage beside one
    count; `nested`: a period against those inside it; `conflict`: another source against the
    preferred one; `scale`: a jump to ten times or a tenth), the `identity` that must hold, the key
    of the figure under check, the `parts` (codes or places) and `part_values` that it is checked
    against, `stated` with its `decimals`, `computed`, `difference` (stated - computed), `verdict`,
    and `missing`, what is not printed.

    Verdicts: `exact`; `rounded`, `truncated` (equal at the printed decimals); `holds` (a limit);
    `revised` (the newer source says so); `contradicts`; `unexplained` (does not agree, but the rule
    is only a warning); `cannot_check`. Parts come from the source under check, and are not
    negative: where one is missing, the others must not exceed the whole. A change is checked
    against the base as its source could know it. An approximate figure contradicts nothing within
    one unit of its last significant digit. The arithmetic is exact, not that of floats. The rules
    and their authorities: `identities()`.

    Checks of one source that contradict and share a number are judged together (Fellegi and Holt):
    `suspect` is the indicator of the one printed number that, replaced by `suspect_value`, makes
    all of them agree and breaks none that agrees; `suspect_place`, `suspect_year`, `suspect_span`
    and `suspect_column` (`value`, `change`, `change_percent`) say which it is, `suspect_printed`
    what it reads. Two that were exchanged are joined by ` + `; blank where several would fit.
    `event` is the same for all rows of one reason. Where simple slips lead from the right number to
    the printed one, `cause` names one or two (`codes.CAUSES`), `cause_detail` their arithmetic and
    `cause_part` the other indicator or place; `base_revised` is no slip: a later source prints
    another base. With `as_of`, a day, only what was published by then counts (`known_on`); with
    `codebook`, a table that has lost the codebook of its data folder is given it again. Raises
    `TableError` as `year_over_year` does.

    >>> from petitionlib import read_tables
    >>> ledger = reconcile(read_tables())
    >>> cut_off = ledger[(ledger["verdict"] == "truncated") & (ledger["place"] == "can-tho")]
    >>> cut_off[["place", "stated", "part_values"]].values.tolist()
    [['can-tho', 97.5, '203 + 208'], ['can-tho', 95.67, '177 + 185']]
    >>> ledger.loc[ledger["cause"] == "decimal_shift", ["stated", "suspect_value"]].values.tolist()
    [[701.0, '70.1']]
    """
    table = with_codebook(table, codebook)
    table = complete(table if as_of is None else known_on(table, as_of))
    sheet = lay_out(table)
    made = [checks for check in CHECKS for checks in check(sheet)]
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
    ledger["identity"] = text(identity.codes[order], identity.names, like)
    for name in PRINTED:
        ledger[name] = sheet.table[name].iloc[rows].array
    parts, missing = (
        _merged([getattr(one, name) for one in claims]) for name in ("parts", "missing")
    )
    ledger["parts"] = text(parts.codes[order], parts.names, like)
    values = _chain([one.printed for one in claims], object)[order]
    ledger["part_values"] = pd.Series(values, dtype="str")
    decimals = _chain([one.stated.decimals for one in claims], np.int64)[order]
    ledger["decimals"] = pd.array(decimals.astype("int8"), dtype="Int8")
    for name, numbers in _numbers(claims).items():
        ledger[name] = _chain(numbers, np.float64)[order]
    verdict = _chain([checks.verdict for checks in made], np.int8)[order]
    ledger["verdict"] = text(verdict, list(VERDICTS), like)
    columns = _reasons(sheet, made, order) | {"missing": (missing.codes[order], missing.names)}
    for name in COLUMNS[len(ledger.columns) :]:
        codes, names = columns[name]
        ledger[name] = text(codes, names, like)
    ledger.attrs.update(sheet.table.attrs)
    return ledger


def _reasons(sheet: Sheet, made: Sequence[Checks], order: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Return the columns of reasons as codes and names: blank for what does not contradict."""
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    columns = {}
    for name, (rows, texts) in reasons(sheet, made).items():
        codes, names = pd.factorize(np.append(texts, ""))
        column = np.full(len(order), codes[-1], dtype=np.min_scalar_type(-len(names) - 1))
        column[place[rows]] = codes[:-1]
        columns[name] = (column, list(names))
    return columns


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


def _merged(columns: Sequence[Coded]) -> _Named:
    """Make one column of coded ones."""
    code_of: dict[str, int] = {}
    codes = [
        np.array([code_of.setdefault(name, len(code_of)) for name in column.names], dtype=np.int64)[
            column.codes
        ]
        for column in columns
    ]
    return _Named(_chain(codes, np.int64), list(code_of))


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
    code = sheet.keys.cell[rows].astype(np.int64) * len(sheet.sources) + sheet.source[rows]
    code = (code * len(check.names) + check.codes) * len(identity.names) + identity.codes
    return np.argsort(code, kind="stable")


def _chain(arrays: Sequence[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])
