"""Executed notebook -> one offline page in which every chart is live."""

import html
from collections.abc import Iterable
from typing import Final

from petitionlib.files import PACKAGE
from petitionlib.page.assets import digest, plotly_js, plotly_styles, shared_name, template, text
from petitionlib.page.cells import (
    Block,
    Cell,
    Notebook,
    blocks,
    has,
    language,
    lead,
    printed,
    speaks,
    split_heading,
    spoken,
    with_something,
    without_heading,
)
from petitionlib.page.sanitize import markdown
from petitionlib.words import say

__all__ = ["page", "prepare"]

_PAGE: Final = PACKAGE / "page"


def page(
    notebook: Notebook, *, lang: str | None = None, name: str = "notebook", shared: bool = False
) -> str:
    """Return the page of an executed notebook; if `shared`, it refers to plotly.js beside it.

    The language is `lang`, else the notebook's parameter `lang`, else English. Cells tagged
    `lang-en` or `lang-vi` stand only in pages of that language (in those of a language that the
    notebook does not speak, the English ones). The printed line of the cell
    tagged `title` is the title, else the first heading. What the cell tagged `headline` shows
    stands under the title, if no prose stands before it. A table of the cell tagged `figures` is
    a row of cards. What stands before the cell tagged `parameters` goes to the end of the page.
    """
    lang = lang or language(notebook)
    prose = spoken(notebook, lang)
    cells = [cell for cell in notebook["cells"] if speaks(cell, prose)]
    start = next((i for i, cell in enumerate(cells) if has(cell, "parameters")), 0)
    heading, about = split_heading(cells[:start] or cells[:1])
    title = next((printed(cell) for cell in cells if has(cell, "title")), "")
    finding = lead(cells[start:])
    body = _body(cells, start, finding, lang)
    if heading and not (title or start):
        body = without_heading(body)
    charts = any(block.chart and block.chart.figure for block in body)
    scripts = [plotly_js(), text("page.js")][shared:] if charts else []
    styles = [text("page.css"), *(plotly_styles() if charts else [])]
    return template("page.html.j2").render(
        lang=lang,
        title=title or heading or name,
        kicker=heading if title and start else "",
        lead=list(blocks([finding], lang)) if finding else [],
        about=about if start else "",
        code=[cell["source"] for cell in cells if cell["cell_type"] == "code" and cell["source"]],
        blocks=body,
        css=text("page.css"),
        style_policy=_named(styles),
        scripts=scripts,
        beside=shared_name() if charts and shared else "",
        script_policy=" ".join(["'self'"] * (charts and shared) + [_named(scripts)]) or "'none'",
        say=lambda key: say(f"page.{key}", lang),
    )  # fmt: skip


def _body(cells: list[Cell], start: int, finding: Cell | None, lang: str) -> list[Block]:
    """Make the blocks that stand below the title and the finding."""
    before = [cell for cell in cells[:start] if cell["cell_type"] == "code"]
    kept, left = with_something([*before, *(c for c in cells[start:] if c is not finding)])
    made = list(blocks(kept, lang))
    if left:
        told = say("page.left_out", lang, sections="; ".join(left))
        made.append(Block("html", f'<p class="reading left-out">{html.escape(told)}</p>'))
    return made


def _named(sources: Iterable[str]) -> str:
    """Name scripts or styles as a policy does."""
    return " ".join(f"'sha256-{digest(source)}'" for source in sources)


def prepare() -> None:
    """Load what every page needs, so that a page is made sooner."""
    markdown("x")
    template("page.html.j2")
    _named([plotly_js(), text("page.js"), text("page.css"), *plotly_styles()])
