"""The look that all charts share: colours, type, margins, and numbers as the reader writes them."""

import textwrap
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Any, Final

import plotly.graph_objects as go

from petitionlib.text.nothing import nothing_bundle
from petitionlib.text.text import Text
from petitionlib.text.typography import joined_units, true_minus
from petitionlib.words import separators

__all__ = [
    "BLUE",
    "CLEAR",
    "GREY",
    "ORANGE",
    "PALE_BLUE",
    "as_figure",
    "as_text",
    "bar_label",
    "base_layout",
    "empty_figure",
    "empty_layout",
    "wrap",
]

# Okabe and Ito's colours, which readers with any colour vision can tell apart.
BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREY: Final = "#6B7280"
PALE_BLUE: Final = "#A9D0E8"
# The darkest first, and three of Tol's; then the same with broken lines.
COLOURS: Final = (
    BLUE, ORANGE, "#009E73", "#AA4499", "#B8860B", "#56B4E9", "#332288", "#CC6677", "#882255",
)  # fmt: skip
DASHES: Final = ("solid", "dash", "dot")
_INK: Final = "#1F2937"
_LINE: Final = "#D1D5DB"
_FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
_LABEL_WIDTH: Final = 26
_BAR_HEIGHT: Final = 64
_WORDS_WIDTH: Final = 34
_TITLE_WIDTH: Final = 72
# Labels stand clear of their axis.
CLEAR: Final = {"ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"


def base_layout(text: Text, title: str, *, rows: int | None = None) -> dict[str, Any]:
    """Start the layout of a figure: its title, the shared look, a height for its rows of bars.

    A chart adds to it and makes the figure at the end, all at once (`as_figure`).
    """
    bars = {"nticks": 4, "tickangle": 0}
    return {
        "template": {"layout": _look()},
        "separators": separators(text.lang),
        "title": {"text": _title(title)},
        "height": 380 if rows is None else 130 + _BAR_HEIGHT * rows,
        "xaxis": {} if rows is None else bars,
    }


def _look() -> dict[str, Any]:
    """Return the look that all charts share, as the layout of a template."""
    return {
        "font": {"family": _FONT, "size": 14, "color": _INK},
        "title": {"x": 0, "xref": "container", "pad": {"l": 12}, "font": {"size": 16}},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "hoverlabel": {
            "align": "left",
            "bgcolor": "#FFFFFF",
            "bordercolor": GREY,
            "font": {"family": _FONT, "color": _INK},
        },
        "legend": {"orientation": "h", "x": 0, "y": 0.02, "yref": "container", "yanchor": "bottom"},
        "margin": {"l": 12, "r": 24, "t": 64, "b": 48},
        "xaxis": _axis(),
        "yaxis": _axis() | CLEAR,
    }


def _axis() -> dict[str, Any]:
    lines = {"gridcolor": _LINE, "linecolor": _LINE, "zerolinecolor": GREY}
    return {"automargin": True, "title": {"font": {"size": 14}}} | lines


class _Nothing(go.Figure):  # type: ignore[misc]  # plotly ships no types
    """A figure with nothing to compare; a notebook shows the reason, a page leaves it out."""

    def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, str]:
        title = self.layout.title
        told = " ".join(filter(None, [title.text, title.subtitle.text]))
        return nothing_bundle(unescape(told.replace("<br>", " ")))

    def _ipython_display_(self) -> None:
        from IPython.display import display  # noqa: PLC0415  # there is one where this is called

        display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]  # typed in part


def as_figure(
    traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], *, compares: bool = True
) -> go.Figure:
    """Make the figure of a chart; one that `compares` nothing is shown by its reason.

    plotly does not check what the chart has written: the tests do, since it takes longer than the
    rest of a figure. It checks what a user changes later.
    """
    figure = (go.Figure if compares else _Nothing)(traces, layout, _validate=False)
    for part in (figure, figure.layout, *figure.data):
        part._validate = True  # noqa: SLF001  # plotly has no public name for it
    return figure


def empty_layout(text: Text, title: str) -> dict[str, Any]:
    """Return the layout of a figure that has nothing to draw and says so in its title."""
    hidden = {axis: {"visible": False} for axis in ("xaxis", "yaxis")}
    return base_layout(text, title) | {"height": 90} | hidden


def empty_figure(text: Text, title: str) -> go.Figure:
    """Make a figure that has nothing to draw and says so in its title."""
    return as_figure([], empty_layout(text, title), compares=False)


def as_text(text: str) -> str:
    """Write text from data so that a chart shows it as it stands, tags and all.

    >>> as_text("<b>Can Tho</b> -191")
    '&lt;b&gt;Can Tho&lt;/b&gt; −191'
    """
    return escape(true_minus(text), quote=False)


def wrap(text: str, width: int = _LABEL_WIDTH) -> str:
    """Break a label into lines, never before a percent sign, as text that stands as it is.

    >>> wrap("Complaints and denunciations: settlement rate")
    'Complaints and<br>denunciations: settlement<br>rate'
    """
    lines = textwrap.wrap(text.replace(" %", f"{_UNBROKEN}%"), width) or [text]
    return "<br>".join(as_text(line.replace(_UNBROKEN, " ")) for line in lines)


def _title(text: str) -> str:
    """Break a title into lines of even length, a number and its unit in one of them."""
    text = joined_units(text)
    lines = len(textwrap.wrap(text, _TITLE_WIDTH))
    if lines <= 1:
        return wrap(text, _TITLE_WIDTH)
    least = max(len(text) // lines, *map(len, text.split(" ")))
    even = (w for w in range(least, _TITLE_WIDTH) if len(textwrap.wrap(text, w)) == lines)
    return wrap(text, next(even, _TITLE_WIDTH))


def bar_label(name: str, words: str) -> str:
    """Write the label of a bar: its name, and in bold below what it shows in words.

    Beside a bar there may be no room for words, least of all on a phone.

    >>> bar_label("Petitions received", "+472 petitions (+17.9%)")
    'Petitions received<br><b>+472 petitions (+17.9%)</b>'
    """
    return f"{wrap(name)}<br><b>{wrap(words, _WORDS_WIDTH)}</b>"
