"""A chart of the room: drawn by the room's own script, or by whatever draws plotly's outputs."""

import json
from typing import Any, Final

from ipywidgets import HTML, Checkbox, Output, VBox

__all__ = ["FIGURE", "Chart", "as_json"]

FIGURE: Final = "application/vnd.plotly.v1+json"
_CONFIG: Final = {"displaylogo": False, "displayModeBar": False}  # no buttons, no logo


class Chart(VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows one figure after the other: in place, once the script says that it draws."""

    def __init__(self, draws: Checkbox) -> None:
        """Begin empty. `draws` is checked by the script where it has found plotly."""
        self._draws = draws
        self._given: Any = None
        self.in_place, self.output = HTML(), Output()
        self.in_place.add_class("petitionlib-figure")
        super().__init__([self.in_place, self.output])
        draws.observe(lambda _: self._show(), "value")

    def show(self, figure: Any) -> None:
        """Show a plotly figure."""
        self._given = figure
        self._show()

    def _show(self) -> None:
        if self._draws.value:
            self.in_place.value = _as_script(self._given)
            self.output.outputs = ()
        else:
            data = {"data": {FIGURE: as_json(self._given)}, "metadata": {}}
            self.output.outputs = ({"output_type": "display_data", **data},)


def as_json(figure: Any) -> dict[str, Any]:
    """Return a figure as JSON that plotly's renderer draws without buttons."""
    drawn: dict[str, Any] = json.loads(figure.to_json())
    return drawn | {"config": _CONFIG}


def _as_script(figure: Any) -> str:
    """Write a figure into an element that nothing runs or shows; no text of its can end it."""
    drawn = f'{figure.to_json()[:-1]},"config":{json.dumps(_CONFIG)}}}'.replace("<", r"\u003c")
    return f'<script type="application/json">{drawn}</script>'
