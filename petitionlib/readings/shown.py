"""Any table of petitionlib -> a table that a notebook shows, in the reader's words and numbers."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.codebook import check_is_table, entries
from petitionlib.labels import (
    MISSING,
    direction,
    is_known,
    label_change,
    label_count,
    label_date,
    label_figure,
    label_flags,
    label_indicator,
    label_number,
    label_percent,
    label_place,
    label_span,
    unit_of,
)
from petitionlib.readings.checks import label_arithmetic, label_cause
from petitionlib.record import CODES
from petitionlib.words import language_index, say, words

__all__ = ["Shown", "show"]

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


def show(table: pd.DataFrame, *, lang: str = "en") -> Shown:
    """Show any table in words and written numbers, whole.

    No text is cut, no row left out, no option of pandas changed. In a table of `read_tables`,
    `year_over_year`, `reconcile`, `rates`, `contributions`, `shares` or `revisions` the codes
    become names, and the numbers are written as the reader does, with their units; the texts of a
    `label_` function, and columns of other tables, stay as they are. As the last line of a cell it
    is displayed, a long one in a box that scrolls under its header; `print(show(table))` writes it
    as text.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables()).query("place == 'can-tho' and year == 2023")
    >>> row = changes[changes["indicator"] == "petitions.received"]
    >>> print(show(row[["place", "year", "span", "value", "absolute_change"]], lang="vi"))
     Đơn vị Kỳ báo cáo Công bố Tăng, giảm
    Cần Thơ   năm 2023   2.917   giảm 191
    """
    language_index(lang)
    check_is_table(table)
    shown = _readable(table, lang)
    whole = ("display.max_colwidth", None, "display.max_rows", None, "display.max_columns", None)
    with pd.option_context(*whole):
        numbered = pd.api.types.is_integer_dtype(shown.index) and shown is not table
        html = shown.to_html(border=0, max_rows=None, max_cols=None, index=not numbered)
        return Shown(shown.to_string(index=not numbered), _in_box(html, len(shown)))


def _in_box(html: str, rows: int) -> str:
    """Let a long table scroll under its header; a page drops the styles, and shows it whole."""
    if rows < _LONG:
        return html
    return f'<div style="{_BOX}">\n{html.replace("<thead>", f"<thead style={_HEAD!r}>")}\n</div>'


def _readable(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a table in words and written numbers; one without codes as it is."""
    known = [name for name in table.columns if name in _WRITERS]
    if not known:
        return table
    codes = [name for name in table.columns if name in CODES and table[name].isna().any()]
    table = table.assign(**{name: table[name].astype("str").fillna("") for name in codes})
    lists: dict[str, list[object]] = {}
    rows = [row for _, row in table.iterrows()]
    for name in table.columns:
        if _is_left_out(name, table):
            continue
        write = _WRITERS.get(name, _as_it_is)
        lists[_heading(name, table, lang)] = [write(row, name, lang) for row in rows]
    return pd.DataFrame(lists, index=table.index, dtype="str")


def _is_left_out(name: object, table: pd.DataFrame) -> bool:
    """Tell whether a column is none for readers: the year names the span, the source its date."""
    if name == "published":
        return "source_order" in table.columns
    return name in _LEFT_OUT and (name != "span" or "year" in table.columns)


def _heading(name: object, table: pd.DataFrame, lang: str) -> str:
    """Head a column; the change as printed is told from the one that was computed."""
    period = name == "year" and "span" in table.columns
    key = {"change": "column.change_printed"}.get(str(name), f"column.{name}")
    key = f"column.{_count(str(name), table)}" if str(name) in _COUNTS else key
    key = "column.period" if period else key
    return say(key, lang) if key in words() else str(name)


def _count(name: str, table: pd.DataFrame) -> str:
    """Call the two counts of rates of settlement what they are: cases settled, and to settle."""
    book = entries("indicators", table)
    rates = {str(code) for code in table.get("indicator", ())}
    counts = {book.get(code, {}).get(_COUNTS[name], "").rpartition(".")[2] for code in rates}
    return next(iter(counts)) if counts in ({"settled"}, {"due"}) else name


def _as_it_is(row: pd.Series, name: str, _: str) -> str:
    return MISSING if pd.isna(row[name]) else str(row[name])


def _unit(row: pd.Series) -> str:
    """Return the unit of a row: that of its indicator, its part, or the whole it is a part of."""
    names = [row.get(name) for name in ("indicator", "part", "whole")]
    return next((unit for name in names if name and (unit := unit_of(str(name), row))), "")


def _period(row: pd.Series, _: str, lang: str) -> str:
    if "span" not in row:
        return str(row["year"])
    return label_span(str(row["span"]), int(row["year"]), lang=lang, table=row)


def _place(row: pd.Series, name: str, lang: str) -> str:
    return label_place(str(row[name]), lang=lang, table=row)


def _named(row: pd.Series, name: str, lang: str) -> str:
    """Name an indicator; the part of a whole may be a place, or what no part explains."""
    code = str(row[name])
    if name == "part" and code == "rest":
        return say("rest", lang)
    if code in entries("places", row):
        return label_place(code, lang=lang, table=row)
    return label_indicator(code, lang=lang, table=row)


def _figure(row: pd.Series, name: str, lang: str) -> str:
    unit = _figure_unit(row, name)
    if unit == "percent" and "computed" in name:
        return label_percent(row[name], decimals=2, lang=lang)
    own = name in {"value", "stated", "printed"}
    if unit == "points":
        return label_count(row[name], unit, lang=lang)
    return label_figure(row[name], unit, decimals=row.get("decimals") if own else None, lang=lang)


def _figure_unit(row: pd.Series, name: str) -> str:
    """Return the unit of a figure: a check of a change is about percent, or about points."""
    unit = _count_unit(row, name)
    if row.get("identity") == "change_percent":
        return "percent"
    return "points" if row.get("identity") == "change" and unit == "percent" else unit


def _count_unit(row: pd.Series, name: str) -> str:
    of = _COUNTS.get(name)
    return unit_of(str(row.get(of, "")), row) if of else _unit(row)


def _change(row: pd.Series, name: str, lang: str) -> str:
    return label_change(row[name], _unit(row), lang=lang)


def _difference(row: pd.Series, name: str, lang: str) -> str:
    """Write a difference with its sign: nothing has risen or fallen."""
    unit = "points" if _figure_unit(row, name) == "percent" else _figure_unit(row, name)
    return label_count(row[name], unit, lang=lang)


def _fraction(row: pd.Series, name: str, lang: str) -> str:
    return _signed(100 * row[name], lang) if is_known(row[name]) else MISSING


def _percent_change(row: pd.Series, name: str, lang: str) -> str:
    decimals = row.get("change_percent_decimals")
    digits = int(decimals) if is_known(decimals) else 1
    return _signed(row[name], lang, digits) if is_known(row[name]) else MISSING


def _signed(percent: float, lang: str, decimals: int = 1) -> str:
    """Write a change in percent: with its sign, in Vietnamese with its verb."""
    size = label_percent(abs(percent), decimals=decimals, lang=lang)
    if not percent:
        return size
    lead = ("-" if percent < 0 else "+") if lang == "en" else f"{say(direction(percent), lang)} "
    return lead + size


def _points(row: pd.Series, name: str, lang: str) -> str:
    return label_change(row[name], "percent", lang=lang)


def _percent(row: pd.Series, name: str, lang: str) -> str:
    return label_percent(row[name], lang=lang)


def _rank(row: pd.Series, name: str, lang: str) -> str:
    return label_number(row[name], lang) if is_known(row[name]) else MISSING


def _flags(row: pd.Series, name: str, lang: str) -> str:
    return "; ".join(label_flags(str(row[name]), lang=lang)) if row[name] else ""


def _code(row: pd.Series, name: str, lang: str) -> str:
    """Write a code of ours in words: `p` of a status is provisional."""
    code = "" if pd.isna(row[name]) else str(row[name])
    family = {"check": "ledger", "standing": "ranking", "basis": "status"}.get(name, name)
    code = "final" if code in {"", "published"} and family == "status" else code
    code = "" if name == "basis" and pd.isna(row[name]) else code
    return say(f"{family}.{code}", lang) if f"{family}.{code}" in words() else code or MISSING


def _cause(row: pd.Series, _: str, lang: str) -> str:
    return (
        label_cause(row, lang=lang) if row["cause"] and "cause_part" in row else str(row["cause"])
    )


def _arithmetic(row: pd.Series, name: str, lang: str) -> str:
    return label_arithmetic(str(row[name]), lang) if row[name] else MISSING


def _day(row: pd.Series, name: str, lang: str) -> str:
    return label_date(str(row[name]), lang=lang) if row[name] else say("no_date", lang)


def _truth(row: pd.Series, name: str, lang: str) -> str:
    return say("yes" if row[name] else "no", lang)


_WRITERS: Final[Mapping[str, Callable[[pd.Series, str, str], str]]] = {
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
