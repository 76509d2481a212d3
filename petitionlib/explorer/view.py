"""A view of the widget: its title, what a line of code gives, and the line itself."""

import json
from html import escape
from typing import Any, Final

from ipywidgets import HTML, Checkbox, Output, VBox

from petitionlib.text.events import Told
from petitionlib.text.typography import true_minus

__all__ = ["FIGURE", "View", "as_json", "code_html"]

FIGURE: Final = "application/vnd.plotly.v1+json"
_CONFIG: Final = {"displaylogo": False, "displayModeBar": False}  # no buttons, no logo


class View(VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows one figure or text after the other.

    A figure is drawn in place by the widget's script, once it says that it draws, and takes one
    message; until then it is drawn by whatever draws plotly's outputs.
    """

    def __init__(self, draws: Checkbox) -> None:
        """Begin empty. `draws` is checked by the script where it has found plotly."""
        self._draws = draws
        self._shown: tuple[str, Any, str] = ("", "", "")
        self.told, self.output = HTML(), Output()
        super().__init__([self.told, self.output])
        self.add_class("petitionlib-view")
        draws.observe(lambda _: self.show(*self._shown), "value")

    def show(self, title: str, given: Any, code: str) -> None:
        """Show a plotly figure or a text, below its title and above its code (`code_html`)."""
        self._shown = (title, given, code)
        heading = f"<h3>{escape(title)}</h3>"
        if isinstance(given, str):
            self.told.value = f"{heading}{_paragraphs(given)}{code}"
            self.output.outputs = ()
        elif self._draws.value:
            self.told.value = f"{heading}{_as_script(given)}{_alt(given)}{code}"
            self.output.outputs = ()
        else:
            self.told.value = f"{heading}{_alt(given)}{code}"
            data = {"data": {FIGURE: as_json(given)}, "metadata": {}}
            self.output.outputs = ({"output_type": "display_data", **data},)


def as_json(figure: Any) -> dict[str, Any]:
    """Return a figure as JSON that plotly's renderer draws without buttons."""
    drawn: dict[str, Any] = json.loads(figure.to_json())
    return drawn | {"config": _CONFIG}


def code_html(line: str, label: str) -> str:
    """Show a line of code that a click, or Tab and Ctrl+C, takes along."""
    return (
        f'<textarea readonly rows="1" spellcheck="false" aria-label="{escape(label)}" '
        f'title="{escape(label)}" onfocus="this.select()">{escape(line)}</textarea>'
    )


def _as_script(figure: Any) -> str:
    """Write a figure into an element that nothing runs or shows; no text of its can end it."""
    drawn = f'{figure.to_json()[:-1]},"config":{json.dumps(_CONFIG)}}}'.replace("<", r"\u003c")
    return f'<script type="application/json">{drawn}</script>'


def _alt(figure: Any) -> str:
    """Tell a chart to those who do not see it."""
    told = (figure.layout.meta or {}).get("alt", "")
    return f'<p class="petitionlib-alt">{escape(true_minus(told))}</p>' if told else ""


def _paragraphs(text: str) -> str:
    if isinstance(text, Told):
        return true_minus(text.html)
    lines = "".join(f"<li>{escape(true_minus(line))}</li>" for line in text.splitlines())
    return f"<ul>{lines}</ul>"
