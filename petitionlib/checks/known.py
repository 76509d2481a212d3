"""Contradictions of a ledger beside those that known.csv gives a reason for."""

import csv
import io
from decimal import Decimal
from typing import Final

import pandas as pd

from petitionlib.tables.frame import Row, records
from petitionlib.tables.known import COLUMNS, NAME, Known, Name, names_of

__all__ = ["draft_known", "mark_known", "other_numbers", "stale_known"]

_CONFLICT: Final = "conflict"


def mark_known(ledger: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Return the contradictions of a ledger with more columns: `known` and its reasons.

    Takes rows of `reconcile`; gives those whose verdict is `contradicts`, in their order. One is
    known if a row names it, or its suspect, and the number that is printed; and with it all of its
    event, but for figures that a later report replaces, each of which is named. `reason` and those
    in further languages (`reason_vi`) are blank otherwise.
    """
    rows = ledger[ledger["verdict"] == "contradicts"].reset_index(drop=True)
    found = [_covering(row, known) for row in records(rows)]
    alone = _stands_alone(rows)
    named = zip(rows["event"], found, strict=True)
    by_event = {event: name for event, name in named if name is not None}
    found = [
        name if name is not None or single else by_event.get(event)
        for name, event, single in zip(found, rows["event"], alone, strict=True)
    ]
    rows["known"] = pd.Series([name is not None for name in found], dtype="bool")
    columns = {"reason": known.reasons}
    columns |= {f"reason_{lang}": dict(texts) for lang, texts in known.translated.items()}
    for column, reasons in columns.items():
        texts = ["" if name is None else reasons.get(name, "") for name in found]
        rows[column] = pd.Series(texts, dtype="str")
    return rows


def stale_known(ledger: pd.DataFrame, known: Known) -> list[tuple[int, str]]:
    """List the rows of known.csv that name no contradiction: their lines, and in what way.

    `agrees`: the ledger has the check, but it contradicts no longer; `no_check`: it has none such;
    `other_number`: it contradicts, but another number is printed than the one that the row states.
    """
    rows = ledger[ledger["verdict"] == "contradicts"]
    printed = {name: stated for row in records(rows) for name, stated in reversed(names_of(row))}
    checks = set(zip(*(ledger[column].astype("str") for column in NAME), strict=True))
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
    rows = records(contradictions[~contradictions["known"]])
    names = dict.fromkeys(name for row in rows for name, _ in names_of(row))
    return [known.lines[name] for name in names if name in known.lines]


def draft_known(contradictions: pd.DataFrame, known: Known) -> str:
    """Write the rows that known.csv lacks, ready to paste: the reasons are left to a person.

    Takes rows of `mark_known`. An event needs one row, that of its suspect where it has one; of
    figures that a later report replaces, each needs its own. The columns stand as in the file; a
    file that is not there yet gets its header too. A contradiction whose row states another number
    needs no row more.
    """
    columns = known.columns or COLUMNS
    draft = io.StringIO()
    writer = csv.writer(draft, lineterminator="\n")
    if not known.columns:
        writer.writerow(columns)
    told = set()
    lacking = contradictions.assign(alone=_stands_alone(contradictions))
    for row in records(lacking[~lacking["known"]].sort_values("alone", kind="stable")):
        names = names_of(row)
        event = names[0][0] if row["alone"] else row["event"]
        if event in told or any(name in known.reasons for name, _ in names):
            continue
        told.add(event)
        name, stated = names[0]
        cells = dict(zip(NAME, name, strict=True)) | {"stated": f"{Decimal(f'{stated:.15g}'):f}"}
        writer.writerow([cells.get(column, "") for column in columns])
    return draft.getvalue()


def _stands_alone(rows: pd.DataFrame) -> pd.Series:
    """Tell which figures a later report replaces for no other reason of their event."""
    conflict = rows["check"] == _CONFLICT
    return conflict & ~rows["event"].isin(set(rows.loc[~conflict, "event"]))


def _covering(row: Row, known: Known) -> Name | None:
    """Return the name by which a row of known.csv covers a contradiction, if one does."""
    return next((name for name, stated in names_of(row) if known.covers(name, stated)), None)
