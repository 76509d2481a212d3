"""Any table of petitionlib -> a table that a notebook shows, in the reader's words and numbers."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.codebook.arguments import check_is_table
from petitionlib.codebook.codebook import entries
from petitionlib.tables.frame import Row, records
from petitionlib.text.checks import arithmetic, cause
from petitionlib.text.names import Names
from petitionlib.text.numbers import MISSING, is_known
from petitionlib.words import words

__all__ = ["Shown", "shown"]

_LONG: Final = 40  # rows, from which on a notebook scrolls them in a box
_BOX: Final = "max-height: 36em; overflow: auto"
_HEAD: Final = "position: sticky; top: 0; background: var(--jp-layout-color0, Canvas)"
_FIGURES: Final = (
    "value", "previous", "stated", "computed", "printed", "previous_value", "previous_computed",
    "whole_value", "numerator_value", "denominator_value",
)  # fmt: skip
_COUNTS: Final = {"numerator_value": "numerator", "denominator_value": "denominator"}
_CHANGES: Final = ("absolute_change", "change", "revision")
_FRACTIONS: Final = ("relative_change", "relative_revision")
_NAMES: Final = ("indicator", "numerator", "denominator", "whole", "part")
_CODES: Final = ("check", "verdict", "status", "basis", "standing")
_LEFT_OUT: Final = (
    "decimals", "change_percent_decimals", "cause_detail", "cause_part", "split", "span",
    "source_order", "codebook",
)  # fmt: skip


class Shown(NamedTuple):
    """A table as a notebook shows it, every word of it."""

    text: str
    html: str

    def __repr__(self) -> str:
        """Return the table as plain text."""
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def shown(text: Names, table: pd.DataFrame) -> Shown:
    """Show any table in words and written numbers, whole."""
    check_is_table(table)
    written = _readable(text, table)
    whole = ("display.max_colwidth", None, "display.max_rows", None, "display.max_columns", None)
    with pd.option_context(*whole):
        numbered = pd.api.types.is_integer_dtype(written.index) and written is not table
        html = written.to_html(border=0, max_rows=None, max_cols=None, index=not numbered)
        return Shown(written.to_string(index=not numbered), _in_box(html, len(written)))


def _in_box(html: str, rows: int) -> str:
    """Let a long table scroll under its header; a page drops the styles, and shows it whole."""
    if rows < _LONG:
        return html
    return f'<div style="{_BOX}">\n{html.replace("<thead>", f"<thead style={_HEAD!r}>")}\n</div>'


def _readable(text: Names, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in words and written numbers; one without codes as it is."""
    if not any(name in _WRITERS for name in table.columns):
        return table
    rows = records(table)
    lists: dict[str, list[object]] = {}
    for name in table.columns:
        if _is_left_out(name, table):
            continue
        write = _WRITERS.get(name, _as_it_is)
        lists[_heading(text, name, table)] = [write(text, row, name) for row in rows]
    return pd.DataFrame(lists, index=table.index, dtype="str")


def _is_left_out(name: object, table: pd.DataFrame) -> bool:
    """Tell whether a column is none for readers: the year names the span, the source its date."""
    if name == "published":
        return "source_order" in table.columns
    return name in _LEFT_OUT and (name != "span" or "year" in table.columns)


def _heading(text: Names, name: object, table: pd.DataFrame) -> str:
    """Head a column; the change as printed is told from the one that was computed."""
    period = name == "year" and "span" in table.columns
    key = {"change": "column.change_printed"}.get(str(name), f"column.{name}")
    key = f"column.{_count(text, str(name), table)}" if str(name) in _COUNTS else key
    key = "column.period" if period else key
    return text.say(key) if key in words() else str(name)


def _count(text: Names, name: str, table: pd.DataFrame) -> str:
    """Call the two counts of rates of settlement what they are: cases settled, and to settle."""
    book = entries("indicators", text)
    rates = {str(code) for code in table.get("indicator", ())}
    counts = {book.get(code, {}).get(_COUNTS[name], "").rpartition(".")[2] for code in rates}
    return next(iter(counts)) if counts in ({"settled"}, {"due"}) else name


def _as_it_is(_: Names, row: Row, name: str) -> str:
    return MISSING if pd.isna(row[name]) else str(row[name])


def _unit(text: Names, row: Row) -> str:
    """Return the unit of a row: that of its indicator, its part, or the whole it is a part of."""
    names = [row.get(name) for name in ("indicator", "part", "whole")]
    return next((unit for name in names if name and (unit := text.unit(str(name)))), "")


def _period(text: Names, row: Row, _: str) -> str:
    if "span" not in row:
        return str(row["year"])
    return text.period(str(row["span"]), int(row["year"]))


def _place(text: Names, row: Row, name: str) -> str:
    return text.place(str(row[name]))


def _named(text: Names, row: Row, name: str) -> str:
    """Name an indicator; the part of a whole may be a place, or what no part explains."""
    code = str(row[name])
    if name == "part" and code == "rest":
        return text.say("rest")
    return text.place(code) if code in entries("places", text) else text.indicator(code)


def _figure(text: Names, row: Row, name: str) -> str:
    unit = _figure_unit(text, row, name)
    if unit == "percent" and "computed" in name:
        return text.percent(row[name], decimals=2)
    own = name in {"value", "stated", "printed"}
    if unit == "points":
        return text.count(row[name], unit)
    return text.figure(row[name], unit, decimals=row.get("decimals") if own else None)


def _figure_unit(text: Names, row: Row, name: str) -> str:
    """Return the unit of a figure: a check of a change is about percent, or about points."""
    of = _COUNTS.get(name)
    unit = text.unit(str(row.get(of, ""))) if of else _unit(text, row)
    if row.get("identity") == "change_percent":
        return "percent"
    return "points" if row.get("identity") == "change" and unit == "percent" else unit


def _change(text: Names, row: Row, name: str) -> str:
    return text.change(row[name], _unit(text, row))


def _difference(text: Names, row: Row, name: str) -> str:
    """Write a difference with its sign: nothing has risen or fallen."""
    unit = _figure_unit(text, row, name)
    return text.count(row[name], "points" if unit == "percent" else unit)


def _fraction(text: Names, row: Row, name: str) -> str:
    return _signed(text, 100 * row[name]) if is_known(row[name]) else MISSING


def _percent_change(text: Names, row: Row, name: str) -> str:
    decimals = row.get("change_percent_decimals")
    digits = int(decimals) if is_known(decimals) else 1
    return _signed(text, row[name], digits) if is_known(row[name]) else MISSING


def _signed(text: Names, percent: float, decimals: int = 1) -> str:
    """Write a change in percent: with its sign, in Vietnamese with its verb."""
    size = text.percent(abs(percent), decimals=decimals)
    return text.lead(percent) + size if percent else size


def _points(text: Names, row: Row, name: str) -> str:
    return text.change(row[name], "percent")


def _percent(text: Names, row: Row, name: str) -> str:
    return text.percent(row[name])


def _rank(text: Names, row: Row, name: str) -> str:
    return text.number(row[name]) if is_known(row[name]) else MISSING


def _flags(text: Names, row: Row, name: str) -> str:
    return "; ".join(text.flags(str(row[name]))) if row[name] else ""


def _code(text: Names, row: Row, name: str) -> str:
    """Write a code of ours in words: `p` of a status is provisional."""
    missing = bool(pd.isna(row[name]))
    code: str = "" if missing else str(row[name])
    family = {"check": "ledger", "standing": "ranking", "basis": "status"}.get(name, name)
    code = "final" if code in {"", "published"} and family == "status" else code
    code = "" if name == "basis" and missing else code
    key = f"{family}.{code}"
    return text.say(key) if key in words() else code or MISSING


def _cause(text: Names, row: Row, _: str) -> str:
    return cause(text, row) if row["cause"] and "cause_part" in row else str(row["cause"])


def _arithmetic(text: Names, row: Row, name: str) -> str:
    return arithmetic(text, str(row[name])) if row[name] else MISSING


def _day(text: Names, row: Row, name: str) -> str:
    return text.date(str(row[name])) if row[name] else text.say("no_date")


def _truth(text: Names, row: Row, name: str) -> str:
    return text.say("yes" if row[name] else "no")


_WRITERS: Final[Mapping[object, Callable[[Names, Row, str], str]]] = {
    "place": _place,
    "year": _period,
    "flag": _flags,
    "cause": _cause,
    "difference": _difference,
    "arithmetic": _arithmetic,
    "published": _day,
    "preferred": _truth,
    "change_percent": _percent_change,
    "contribution": _points,
    "share": _percent,
    "rank": _rank,
    **dict.fromkeys(_NAMES, _named),
    **dict.fromkeys(_FIGURES, _figure),
    **dict.fromkeys(_CHANGES, _change),
    **dict.fromkeys(_FRACTIONS, _fraction),
    **dict.fromkeys(_CODES, _code),
}
