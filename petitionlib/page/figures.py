"""A plotly figure of a notebook -> a chart of the page: its sentence, its text, its numbers."""

import json
import math
import re
from array import array
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from petitionlib.page.sanitize import plain, table, unbroken
from petitionlib.text.typography import true_minus
from petitionlib.words import say, separators

__all__ = ["FIGURE", "Chart", "chart"]

FIGURE: Final = "application/vnd.plotly.v1+json"
_DEFAULT_HEIGHT: Final = 450
_TOP_MARGIN: Final = 16
_MOST_ROWS: Final = 200
_MOST_SERIES: Final = 12
_ARRAYS: Final = {
    "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d",
}  # fmt: skip
_PLAIN: Final = (str, int, float, type(None))


class Chart(NamedTuple):
    """A chart: the figure as JSON (blank: nothing to draw), and what it says as text.

    `sentence` is its title, `note` what stands below it, `alt` stands for the drawing, `data` is
    the HTML of its numbers.
    """

    figure: str
    height: int
    sentence: str
    note: str
    alt: str
    data: str


def chart(figure: Any, lang: str) -> Chart:
    """Take the title out of a figure: on the page it is text, which wraps and is read aloud.

    `layout.meta` may hold `alt`, `columns` and `rows` of text, as our own charts have them; for
    other figures they are made from the traces.
    """
    figure = _dict(json.loads(figure) if isinstance(figure, str) else figure)
    layout = _dict(figure.get("layout"))
    title = layout.pop("title", None)
    text, below = (title, "") if isinstance(title, str) else _title(_dict(title))
    saved = _close_gap(layout) if text or below else 0
    layout.pop("width", None)  # the page has its own
    height = int(_number(layout.pop("height", None), _DEFAULT_HEIGHT)) - saved
    data = [_dict(trace) for trace in figure.get("data") or []]
    sentence, note = (unbroken(plain(re.sub(r"<br\s*/?>", " ", t))) for t in (text, below))
    if not data:
        return Chart("", height, sentence, note, "", "")
    own = _told(layout.pop("meta", None))
    told = own or _read(data, layout, lang)
    layout |= {"meta": {"own": True}} if own else {}
    alt = true_minus(told.alt) or sentence or say("page.chart", lang)
    content = {"data": _finite(data), "layout": _finite(layout)}
    drawn = json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False)
    numbers = table(told.columns, told.rows) if told.rows else ""
    return Chart(_inert(drawn), height, sentence, note, alt, numbers)


def _title(title: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text of a title, and of what stands below it."""
    above, below = (str(part.get("text") or "") for part in (title, _dict(title.get("subtitle"))))
    return above, below


class _Told(NamedTuple):
    """What a figure says as text: in a sentence or two, and as a table."""

    alt: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def _told(meta: Any) -> _Told | None:
    """Return what a figure says of itself, if it does."""
    found = _dict(meta)
    alt, columns, rows = (found.get(name) for name in ("alt", "columns", "rows"))
    if not isinstance(alt, str) or not isinstance(columns, list) or not isinstance(rows, list):
        return None
    whole = all(isinstance(row, list) and len(row) == len(columns) for row in rows)
    if not columns or not whole:
        return None
    return _Told(alt, [str(name) for name in columns], [[str(c) for c in row] for row in rows])


def _read(data: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], lang: str) -> _Told:
    """Make the text of any figure from its traces: a column each, a row each point."""
    named, series, items = [], [], []
    for i, trace in enumerate(data[:_MOST_SERIES], 1):
        keys, values = _points(trace)
        if values:
            name = plain(str(trace.get("name") or "")) or say("alt.series", lang, number=i)
            named.append(name)
            series.append(dict(zip(keys, values, strict=False)))
            items.append(_range(name, values, lang))
    keys = list(dict.fromkeys(key for points in series for key in points))[:_MOST_ROWS]
    rows = [
        [_written(key, lang), *(_written(points.get(key), lang) for points in series)]
        for key in keys
    ]
    axis = _dict(_dict(layout.get("xaxis")).get("title")).get("text") or say("alt.point", lang)
    alt = say("alt.chart", lang, items="; ".join(items)) if items else ""
    return _Told(alt, [plain(str(axis)), *named], rows)


def _range(name: str, values: Sequence[Any], lang: str) -> str:
    """Say how many values a series has, and from where to where they run."""
    numbers = [v for v in values if isinstance(v, int | float) and math.isfinite(v)]
    if not numbers:
        return say("alt.count", lang, name=name, count=len(values))
    ends = {"low": _written(min(numbers), lang), "high": _written(max(numbers), lang)}
    return say("alt.range", lang, name=name, count=len(values), **ends)


def _points(trace: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return the keys and the values of a trace, whichever way it lies."""
    named, counted = _list(trace.get("labels")), _list(trace.get("values"))
    if counted:
        return named or list(range(1, len(counted) + 1)), counted
    keys, values = _list(trace.get("x")), _list(trace.get("y"))
    if trace.get("orientation") == "h":
        keys, values = values, keys
    values, keys = (values, keys) if values else (keys, [])
    return keys or list(range(1, len(values) + 1)), values


def _list(value: Any) -> list[Any]:
    """Return a list of a figure, also where plotly has packed its numbers; what is deep is left."""
    packed = _dict(value)
    if packed.get("dtype") in _ARRAYS and isinstance(packed.get("bdata"), str):
        return _unpacked(packed)
    flat = isinstance(value, list | tuple) and all(isinstance(v, _PLAIN) for v in value)
    return list(value) if flat else []


def _unpacked(packed: Mapping[str, Any]) -> list[Any]:
    numbers = array(_ARRAYS[packed["dtype"]])
    try:
        numbers.frombytes(b64decode(packed["bdata"]))
    except ValueError:
        return []
    return numbers.tolist()


def _written(value: Any, lang: str) -> str:
    """Write a value of a figure as the reader does; a missing one is a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return plain(re.sub(r"<br\s*/?>", " ", str(value)))
    if isinstance(value, int) and abs(value) < 10_000:  # noqa: PLR2004  # it may be a year
        return str(value)
    number = f"{value:,.2f}".rstrip("0").rstrip(".")
    return number.translate(str.maketrans(".,", separators(lang)))


def _close_gap(layout: dict[str, Any]) -> int:
    """Take the room of the title out of a layout; return how much it was."""
    template = _dict(_dict(layout.get("template")).get("layout"))
    margin = {**_dict(template.get("margin")), **_dict(layout.get("margin"))}
    saved = max(0, int(_number(margin.get("t"), 0)) - _TOP_MARGIN)
    if saved:
        layout["margin"] = {**margin, "t": _TOP_MARGIN}
    return saved


def _inert(content: str) -> str:
    """Write JSON so that nothing in it can end the element that holds it."""
    return content.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _dict(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else default


def _finite(value: Any) -> Any:
    """Write what is no number (NaN, infinity) as missing: JSON has no word for it."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
