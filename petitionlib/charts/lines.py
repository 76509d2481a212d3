"""The lines that a trend draws: a place each, with markers by kind, breaks and axes."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from petitionlib.charts.theme import BLUE, CLEAR, COLOURS, DASHES, GREY, ORANGE, as_text, wrap
from petitionlib.text.text import Text

__all__ = ["Line", "Point", "axes", "breaks", "is_drawn", "kinds", "lines", "without_line"]

_SMALL_COUNT: Final = 5  # up to here each whole number has its tick
_FEW_POINTS: Final = 6  # so many have room for their numbers beside them, even on a phone
_LOW: Final = 0.15  # of the highest: below it a number would lie on the axis
_HEADROOM: Final = 1.1
_MOST_NAMED: Final = 3  # places without a line
_SYMBOLS: Final = {
    "final": "circle", "r": "square", "derived": "circle-open", "p": "diamond-open",
    "e": "x-thin-open",
}  # fmt: skip
_OF_ONE: Final = {"p": ORANGE, "e": GREY}  # colours of kinds where one line has all of them


class Point(NamedTuple):
    """A year of a trend, how high it is drawn, and in percent of which year, if of any.

    In a gap the value is missing and the kind blank.
    """

    place: str
    year: int
    value: float
    kind: str
    decimals: Any  # as printed; missing where the figure was derived
    drawn: float
    base_year: int | None = None


class Line(NamedTuple):
    """The points of a place, and what stands beside them: its name, periods and figures by year."""

    name: str
    points: Sequence[Point]
    periods: Mapping[int, str]
    figures: Mapping[int, str]

    def told(self, text: Text, point: Point) -> str:
        """Write what a point shows: period, figure, its kind if not final, percent of the base."""
        if not point.kind:
            return ""
        told = f"{self.periods[point.year]}: {self.figures[point.year]}"
        if point.kind not in {"final", "e"}:
            told += f" ({text.say(f'status.{point.kind}')})"
        if point.base_year is not None:
            share = text.number(point.drawn, 1, 1)
            told += f"; {text.say('trends.of_base', percent=share, year=point.base_year)}"
        return told


def lines(text: Text, drawn: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """Draw the line of each place, each point with the marker of its kind."""
    for order, line in enumerate(drawn):
        colour = COLOURS[order % len(COLOURS)]
        dash = DASHES[order // len(COLOURS) % len(DASHES)]
        colours = [colour] * len(line.points)
        if len(drawn) == 1:
            colours = [_OF_ONE.get(point.kind, colour) for point in line.points]
        symbols = [_SYMBOLS.get(point.kind, "circle") for point in line.points]
        plain = symbols[0] == "circle"  # plotly's legend takes the first marker
        style = {
            "type": "scatter",
            "name": as_text(line.name),
            "legendgroup": line.points[0].place,
            "mode": "lines+markers",
            "line": {"color": colour, "width": 2, "dash": dash},
        }
        yield (
            style
            | {
                "x": [point.year for point in line.points],
                "y": [round(p.drawn, 4) if is_drawn(p) else None for p in line.points],
                "marker": _marker(colours, symbols),
                "cliponaxis": False,
                "showlegend": plain and len(drawn) > 1,
                "customdata": [as_text(_said(text, line, p, of=len(drawn))) for p in line.points],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
            | (_numbers(line) if len(drawn) == 1 else {})
        )
        if not plain and len(drawn) > 1:
            yield style | {"x": [None], "y": [None], "marker": _marker(colour), "hoverinfo": "skip"}


def kinds(text: Text, drawn: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """Explain the markers of points that are not final in the legend."""
    there = {point.kind for line in drawn for point in line.points}
    for kind in [kind for kind in _SYMBOLS if kind in there - {"final"}]:
        colour = _OF_ONE.get(kind, BLUE) if len(drawn) == 1 else GREY
        yield {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "markers",
            "name": text.say(f"status.{kind}"),
            "hoverinfo": "skip",
            "marker": _marker(colour, _SYMBOLS[kind]),
        }


def without_line(text: Text, names: Sequence[str], why: str) -> Iterator[dict[str, Any]]:
    """Name the places that have no line in the legend; of many, their number."""
    if len(names) > _MOST_NAMED:
        names = [text.say("counted.places", count=len(names))]
    for name in names:
        yield {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "lines",
            "hoverinfo": "skip",
            "name": as_text(f"{name}: {why}"),
            "line": {"color": "rgba(0,0,0,0)"},
        }


def breaks(text: Text, reasons: Mapping[int, str], highest: float) -> Iterator[dict[str, Any]]:
    """Draw a dashed line before each year that is not quite like those before it."""
    top = (highest or 1) * _HEADROOM
    for i, (year, reason) in enumerate(reasons.items()):
        yield {
            "type": "scatter",
            "x": [year - 0.5] * 3,
            "y": [0, top / 2, top],
            "mode": "lines",
            "name": text.say("break"),
            "line": {"color": GREY, "width": 1.5, "dash": "dash"},
            "legendgroup": "break",
            "customdata": [wrap(reason, 60)] * 3,
            "hovertemplate": "%{customdata}<extra></extra>",
            "showlegend": not i,
        }


def axes(years: Iterable[int], title: str, highest: float, *, whole: bool) -> dict[str, Any]:
    """Name each year that has a figure, and begin at zero; each small whole number has a tick."""
    named = sorted(set(years))
    heights: dict[str, Any] = {"rangemode": "tozero", "tickformat": ",d" if whole else ",~r"}
    if whole and highest <= _SMALL_COUNT:
        heights["dtick"] = 1
    ticks = {"tickvals": named, "ticktext": [str(year) for year in named], "showgrid": False}
    return {"xaxis": ticks | CLEAR, "yaxis": heights | {"title": {"text": title}}}


def is_drawn(point: Point) -> bool:
    """Tell a point that has a height from a gap."""
    return not math.isnan(point.drawn)


def _marker(colour: Any, symbol: Any = "circle") -> dict[str, Any]:
    line = {"color": colour, "width": 2}
    return {"symbol": symbol, "color": colour, "size": 10, "line": line}


def _said(text: Text, line: Line, point: Point, *, of: int) -> str:
    told = line.told(text, point)
    return f"{line.name}, {told}" if of > 1 and told else told


def _without_unit(figure: str) -> str:
    """Return a written figure up to its number: "about 124,000"."""
    found = re.match(r"\D*\d\S*", figure)
    return found[0] if found else figure


def _numbers(line: Line) -> dict[str, Any]:
    """Write the numbers of few points beside them, where the line seldom strikes them."""
    if sum(map(is_drawn, line.points)) > _FEW_POINTS:
        return {}
    figures = [_without_unit(line.figures[p.year]) if p.kind else "" for p in line.points]
    return {
        "mode": "lines+markers+text",
        "text": [as_text(figure) for figure in figures],
        "textposition": _clear_sides(line.points),
    }


def _clear_sides(points: Sequence[Point]) -> list[str]:
    """Put the number of a point below it where its neighbours are higher on average, else above."""
    top = max(point.value for point in points if point.kind)
    sides = []
    for before, point, after in zip([None, *points], points, [*points[1:], None], strict=False):
        near = [other.value for other in (before, after) if other and other.kind]
        below = near and sum(near) / len(near) > point.value > _LOW * top
        sides.append("bottom center" if below else "top center")
    return sides
