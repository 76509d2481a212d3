"""Contradictions of a ledger beside those that known.csv gives a reason for."""

import csv
import io
from decimal import Decimal

import pandas as pd

from petitionlib.tables.known import COLUMNS, NAME, Known, Name

__all__ = ["draft_known", "mark_known", "other_numbers", "stale_known"]


def mark_known(ledger: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Return the contradictions of a ledger with more columns: `known` and its reasons.

    Takes rows of `reconcile`; gives those whose verdict is `contradicts`, in their order. One is
    known if a row names it and the number that is printed; `reason` and those in further
    languages (`reason_vi`) are blank otherwise.
    """
    rows = ledger[ledger["verdict"] == "contradicts"].reset_index(drop=True)
    names = _ledger_names(rows)
    covered = [known.covers(*both) for both in zip(names, rows["stated"], strict=True)]
    rows["known"] = pd.Series(covered, dtype="bool")
    columns = {"reason": known.reasons}
    columns |= {f"reason_{lang}": dict(texts) for lang, texts in known.translated.items()}
    for column, reasons in columns.items():
        texts = [reasons.get(n, "") if yes else "" for n, yes in zip(names, covered, strict=True)]
        rows[column] = pd.Series(texts, dtype="str")
    return rows


def stale_known(ledger: pd.DataFrame, known: Known) -> list[tuple[int, str]]:
    """List the rows of known.csv that name no contradiction: their lines, and in what way.

    `agrees`: the ledger has the check, but it contradicts no longer; `no_check`: it has none such;
    `other_number`: it contradicts, but another number is printed than the one that the row states.
    """
    rows = ledger[ledger["verdict"] == "contradicts"]
    printed = dict(zip(_ledger_names(rows), rows["stated"], strict=True))
    checks = set(_ledger_names(ledger))
    found = []
    for name, line in known.lines.items():
        if name not in printed:
            found.append((line, "agrees" if name in checks else "no_check"))
        elif not known.covers(name, printed[name]):
            found.append((line, "other_number"))
    return found


def other_numbers(contradictions: pd.DataFrame, known: Known) -> list[int]:
    """List the rows of known.csv whose contradiction is there with another printed number.

    Takes rows of `mark_known`; returns their lines.
    """
    names = _ledger_names(contradictions[~contradictions["known"]])
    return [known.lines[name] for name in names if name in known.lines]


def draft_known(contradictions: pd.DataFrame, known: Known) -> str:
    """Write the rows that known.csv lacks, ready to paste: the reasons are left to a person.

    Takes rows of `mark_known`. The columns stand as in the file; a file that is not there yet gets
    its header too. A contradiction whose row states another number needs no row more.
    """
    columns = known.columns or COLUMNS
    draft = io.StringIO()
    writer = csv.writer(draft, lineterminator="\n")
    if not known.columns:
        writer.writerow(columns)
    rows = contradictions[~contradictions["known"]]
    for name, stated in zip(_ledger_names(rows), rows["stated"], strict=True):
        if name not in known.reasons:
            cells = {
                **dict(zip(NAME, name, strict=True)),
                "stated": f"{Decimal(f'{stated:.15g}'):f}",
            }
            writer.writerow([cells.get(column, "") for column in columns])
    return draft.getvalue()


def _ledger_names(ledger: pd.DataFrame) -> list[Name]:
    return list(zip(*(ledger[column].astype("str") for column in NAME), strict=True))
