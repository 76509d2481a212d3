"""Text from a notebook -> HTML that cannot run, load or imitate the page."""

import html
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import mistune
import nh3

from petitionlib.page.html_tables import framed, with_roles
from petitionlib.text.typography import joined_units, true_minus

__all__ = ["as_cards", "clean", "linked", "markdown", "plain", "table", "unbroken"]

_TAGS: Final = nh3.ALLOWED_TAGS - {"map", "area"}
_ATTRIBUTES: Final = {
    **{tag: names - {"align", "bgcolor"} for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_CLASSES: Final = {  # of tables of `show`, and of sentences
    "table": {"shown"}, "td": {"number"}, "th": {"number"}, "p": {"reading"},
}  # fmt: skip
_PLUGINS: Final = ["strikethrough", "table", "url", "task_lists", "def_list", "math"]


def markdown(source: str) -> str:
    """Return the HTML of a piece of Markdown."""
    return framed(_clean(str(_renderer()(source)))) if source.strip() else ""


def clean(source: str) -> str:
    """Return what is harmless of a piece of HTML."""
    return framed(_clean(source))


def table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the HTML of a table of text; the first cell of a row names it."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr><th>{html.escape(name)}</th>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    source = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return unbroken(framed(source))


def as_cards(source: str) -> str:
    """Return a table of figures to be laid out as cards: the unit of a figure stands apart."""
    shown = with_roles(unbroken(framed(_clean(source), fold=False)))
    unit = "\N{NO-BREAK SPACE}" + r"([^\W\d_][^<\d]*)"
    return re.sub(
        r"(</th>\s*<td[^>]*>)(.*?)(?=</td>)",
        lambda found: found[1] + re.sub(unit, r' <span class="unit">\1</span>', found[2]),
        shown,
        flags=re.DOTALL,
    )


def plain(source: str) -> str:
    """Return the text of a piece of HTML, on one line."""
    return " ".join(html.unescape(nh3.clean(source, tags=set())).split())


def linked(line: str) -> str:
    """Escape a line of text, and make links of the addresses in it."""
    pieces = re.split(r"(https?://[^\s<>\"']+)", line)
    return "".join(
        f'<a href="{html.escape(piece)}" rel="noopener noreferrer">{html.escape(piece)}</a>'
        if i % 2
        else html.escape(piece)
        for i, piece in enumerate(pieces)
    )


def unbroken(text: str) -> str:
    """Keep a number and its unit on one line, write a minus sign as one; not in code and tags."""
    pieces = re.split(r"(<(code|pre)\b.*?</\2>|<[^>]*>)", text, flags=re.DOTALL)
    return "".join(
        joined_units(true_minus(piece)) if i % 3 == 0 else piece if i % 3 == 1 else ""
        for i, piece in enumerate(pieces)
    )


class _Renderer(mistune.HTMLRenderer):
    """HTML of Markdown, with headings that can be linked to and formulas as they are written."""

    def heading(self, text: str, level: int, **_: Any) -> str:
        """Give a heading the id that Jupyter gives it."""
        name = html.escape(plain(text).replace(" ", "-"))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def inline_math(self, text: str) -> str:
        """Write a formula as it stands in the source."""
        return f"${html.escape(text)}$"

    def block_math(self, text: str) -> str:
        """Write a formula of its own line as it stands in the source."""
        return f"<p>$${html.escape(text)}$$</p>\n"


@cache
def _renderer() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Renderer(escape=False), plugins=_PLUGINS)


def _clean(source: str) -> str:
    """Leave of HTML only what cannot run, load or imitate the page."""
    cleaned = nh3.clean(
        source, tags=_TAGS, attributes=_ATTRIBUTES, allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto", "data"},
        attribute_filter=_only_image_data, link_rel="noopener noreferrer",
    )  # fmt: skip
    return re.sub(r'(<(?:table|td|th|p)\b[^>]*?) class=""', r"\1", cleaned)


def _only_image_data(tag: str, attribute: str, value: str) -> str | None:
    """Let images come from the page alone, and links never carry data."""
    embedded = re.match(r"data:image/(png|jpeg|gif|svg\+xml);", value) is not None
    if tag == "img" and attribute == "src":
        return value if embedded else None
    return None if value.strip().lower().startswith("data:") else value
