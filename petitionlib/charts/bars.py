"""The bars that charts share: one a row, its label and its colour, and what it says on hover."""

from collections.abc import Sequence
from typing import Any

__all__ = ["bars"]


def bars(
    sizes: Sequence[float | None], labels: Sequence[str], colours: Sequence[str],
    hovers: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """Return the trace of horizontal bars, from the bottom to the top; None has no bar."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": list(sizes),
        "y": list(labels),
        "marker": {"color": list(colours)},
        "customdata": list(hovers),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
