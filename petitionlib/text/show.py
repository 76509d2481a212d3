"""Any table of petitionlib -> a table that a notebook shows, in the reader's words and numbers."""

import html
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from petitionlib.codebook.arguments import check_is_table
from petitionlib.codebook.entries import entries
from petitionlib.tables.frame import Row, records
from petitionlib.text.checks import cause
from petitionlib.text.names import Names
from petitionlib.text.nothing import nothing_bundle
from petitionlib.text.numbers import MISSING, is_known
from petitionlib.text.slips import arithmetic
from petitionlib.text.typography import is_number
from petitionlib.words import words

__all__ = ["Shown", "shown"]

_LONG: Final = 40  # rows, from which on a notebook scrolls them in a box
_BOX: Final = "max-height: 36em; overflow: auto"
_HEAD: Final = "position: sticky; top: 0; background: var(--jp-layout-color0, Canvas)"
_LEFT: Final = "<style>.shown :is(th, td):not(.number) { text-align: left; }</style>\n"
_NUMBER: Final = ' class="number"'
_RESOURCE: Final = "application/vnd.dataresource+json"
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
    "decimals", "change_decimals", "change_percent_decimals", "cause_detail", "cause_part", "split",
    "span", "source_order", "codebook", "first_value", "parts", "missing", "event", "suspect",
    "suspect_place", "suspect_year", "suspect_span", "suspect_column", "suspect_value",
    "suspect_printed",
)  # fmt: skip


class Shown(NamedTuple):
    """A table as a notebook shows it, every word of it.

    `resource` is the table itself as a table schema with its rows: codes, numbers, decimals, units;
    of a table of text, its texts. None where the table has neither codes nor text. Without rows a
    notebook shows the reason, `nothing`.
    """

    text: str
    html: str
    resource: Mapping[str, Any] | None
    nothing: str = ""

    def __repr__(self) -> str:
        """Return the table as plain text."""
        return self.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        if self.nothing:
            return dict(nothing_bundle(self.nothing))
        found = {"text/plain": self.text, "text/html": self.html, _RESOURCE: self.resource}
        return {mime: content for mime, content in found.items() if content is not None}


def shown(text: Names, table: pd.DataFrame) -> Shown:
    """Show any table in words and written numbers, whole."""
    check_is_table(table)
    written = _readable(text, table)
    coded = written is not table
    index = not (coded and pd.api.types.is_integer_dtype(written.index))
    whole = ("display.max_colwidth", None, "display.max_rows", None, "display.max_columns", None)
    with pd.option_context(*whole):
        if not _is_text(written):
            source = written.to_html(border=0, max_rows=None, max_cols=None, index=index)
            return Shown(written.to_string(index=index), _in_box(source, len(written)), None)
        written = written.fillna(MISSING)
        source = _html(written, _numbers(table, written, coded=coded), index=index)
        return Shown(written.to_string(index=index), source, _resource(text, table, index=index))


def _is_text(table: pd.DataFrame) -> bool:
    """Tell a table of text with one name for each row and column from what pandas alone writes."""
    flat = table.columns.nlevels == table.index.nlevels == 1 and not table.index.name
    return flat and bool((table.dtypes == "str").all())


def _html(written: pd.DataFrame, numbers: Sequence[bool], *, index: bool) -> str:
    """Write a table of text, its heads and its columns of numbers."""
    heads = "".join(
        f'<th{_NUMBER * number} scope="col">{_escaped(name)}</th>'
        for name, number in zip(written.columns, numbers, strict=True)
    )
    names = [""] * len(written)
    if index:
        heads = f'<th scope="col">{_escaped(written.columns.name or "")}</th>{heads}'
        names = [f'<th scope="row">{_escaped(n)}</th>' for n in written.index.astype("str")]
    rows = "".join(
        f"<tr>{name}{_cells(cells, numbers)}</tr>\n"
        for name, cells in zip(names, written.to_numpy().tolist(), strict=True)
    )
    source = f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}</tbody>"
    return _LEFT + _in_box(f'<table class="shown">\n{source}\n</table>', len(written))


def _cells(cells: Sequence[str], numbers: Sequence[bool]) -> str:
    return "".join(
        f"<td{_NUMBER * number}>{_escaped(cell)}</td>"
        for cell, number in zip(cells, numbers, strict=True)
    )


def _escaped(cell: object) -> str:
    return html.escape(str(cell), quote=False)


def _numbers(table: pd.DataFrame, written: pd.DataFrame, *, coded: bool) -> list[bool]:
    """Tell of each column that is shown whether it holds numbers; one of text by its cells."""
    if not coded:
        return [len(table) > 0 and all(map(is_number, cells)) for _, cells in written.items()]
    return [
        name in _NUMBERS or (name not in _WRITERS and _is_numeric(table[name].dtype))
        for name in table.columns
        if not _is_left_out(name, table)
    ]


def _is_numeric(dtype: Any) -> bool:
    return pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)


def _in_box(source: str, rows: int) -> str:
    """Let a long table scroll under its header; a page drops the styles, and shows it whole."""
    if rows < _LONG:
        return source
    return f'<div style="{_BOX}">\n{source.replace("<thead>", f"<thead style={_HEAD!r}>")}\n</div>'


def _resource(text: Names, table: pd.DataFrame, *, index: bool) -> dict[str, Any] | None:
    """Write a table as data: the table schema of pandas with its rows; None of what is no JSON.

    `unit`, where the rows have an indicator, is that of the figure.
    """
    named = str(table.columns.name or "index")
    if not all(isinstance(name, str) for name in table.columns) or (index and named in table):
        return None
    rows = table.reset_index(names=named) if index else table
    try:
        data = json.loads(rows.to_json(orient="records", double_precision=15, date_format="iso"))
    except ValueError:  # of an interval, a period, bytes
        return None
    fields: Any = pd.io.json.build_table_schema(rows, index=False, version=False)["fields"]
    if {"indicator", "part", "whole"} & {*table.columns} and "unit" not in table:
        fields.append({"name": "unit", "type": "string"})
        for row, of in zip(data, records(table), strict=True):
            row["unit"] = _figure_unit(text, of, "value")
    for field in fields:
        key = f"column.{field['name']}"
        titled = key in words() and field["name"] not in _FRACTIONS
        field["title"] = text.say(key) if titled else field["name"]
    return {"schema": {"fields": fields}, "data": data}


def _readable(text: Names, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in words and written numbers; one without codes as it is."""
    if not any(name in _WRITERS for name in table.columns) or not table.columns.is_unique:
        return table
    rows = records(table)
    names = [name for name in table.columns if not _is_left_out(name, table)]
    written = {
        place: [_WRITERS.get(name, _as_it_is)(text, row, name) for row in rows]
        for place, name in enumerate(names)
    }
    made = pd.DataFrame(written, index=table.index, dtype="str")
    return made.set_axis([_heading(text, name, table) for name in names], axis="columns")


def _is_left_out(name: object, table: pd.DataFrame) -> bool:
    """Tell whether a column is none for readers: the year names the span, the source its date."""
    if name in {"published", "coverage"}:
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
    if name == "value":
        return text.value_of(row, unit)
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
    if {"approximate", "small_base"} & {*str(row.get("flag", "")).split()}:
        return MISSING  # as sentences and charts withhold it
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
    return cause(text, row) if {"suspect", "cause_part"} <= {*row} else str(row["cause"])


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
    "part_values": _arithmetic,
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
_OF_NUMBERS: Final = {
    _figure, _change, _difference, _fraction, _percent_change, _points, _percent, _rank,
}  # fmt: skip
_NUMBERS: Final = frozenset(name for name, write in _WRITERS.items() if write in _OF_NUMBERS)
