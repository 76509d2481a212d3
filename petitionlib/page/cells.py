"""The cells of a notebook -> the blocks of its page."""

import ast
import base64
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from petitionlib.codebook.about import is_language
from petitionlib.page.figures import FIGURE, Chart, chart
from petitionlib.page.sanitize import as_cards, clean, linked, markdown, plain, unbroken
from petitionlib.text.nothing import NOTHING
from petitionlib.words import LANGUAGES

__all__ = [
    "Block",
    "Cell",
    "Notebook",
    "blocks",
    "has",
    "language",
    "lead",
    "printed",
    "speaks",
    "split_heading",
    "spoken",
    "with_something",
    "without_heading",
]

_HEADING: Final = re.compile(r"^#+[ \t]+(.+)$", re.MULTILINE)
_IMAGES: Final = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")

Cell = Mapping[str, Any]
Notebook = Mapping[str, Any]


class Block(NamedTuple):
    """A piece of the page: `kind` is html, figures (numbers as cards), text, warning or chart."""

    kind: str
    content: str
    chart: Chart | None = None


def language(notebook: Notebook) -> str:
    """Return the value of the parameter `lang` in the notebook; blank: the library's first."""
    lang = ""
    for cell in notebook["cells"]:
        if has(cell, "parameters") or has(cell, "injected-parameters"):
            found = re.search(
                r"^lang\b[^=\n]*=\s*(\"[^\"\n]*\"|'[^'\n]*')", cell["source"], re.MULTILINE
            )
            lang = ast.literal_eval(found[1]) if found else lang
    return lang if is_language(lang) else LANGUAGES[0]


def has(cell: Cell, tag: str) -> bool:
    """Tell whether a cell has a tag."""
    return tag in cell.get("metadata", {}).get("tags", [])


def speaks(cell: Cell, lang: str) -> bool:
    """Tell whether a cell belongs into the page of a language: it has it, or no language."""
    own = _languages(cell)
    return not own or lang in own


def spoken(notebook: Notebook, lang: str) -> str:
    """Return the language of the prose of a page: its own, else the first that there is."""
    there = {one for cell in notebook["cells"] for one in _languages(cell)}
    return lang if lang in there else next((one for one in LANGUAGES if one in there), lang)


def _languages(cell: Cell) -> set[str]:
    tags = cell.get("metadata", {}).get("tags", [])
    return {tag.removeprefix("lang-") for tag in tags if tag.startswith("lang-")}


def printed(cell: Cell) -> str:
    """Return the first line that a cell printed."""
    streams = [o["text"] for o in cell.get("outputs", []) if o["output_type"] == "stream"]
    return "".join(streams).strip().partition("\n")[0]


def lead(cells: Iterable[Cell]) -> Cell | None:
    """Return the cell tagged `headline`, if it stands before all prose: it says the finding."""
    for cell in cells:
        if has(cell, "headline"):
            return cell
        if cell["cell_type"] == "markdown":
            return None
    return None


def split_heading(cells: Iterable[Cell]) -> tuple[str, str]:
    """Return the first heading of the Markdown cells, and the rest of them as HTML."""
    source = "\n\n".join(_source(cell) for cell in cells if cell["cell_type"] == "markdown")
    found = re.match(r"\s*(?:#[ \t]+(.+)|(.+)\n=+[ \t]*$)", source, re.MULTILINE)
    if not found:
        return "", markdown(source)
    heading = plain(markdown(found[1] or found[2]))
    return heading, markdown(source[found.end() :])


def without_heading(blocks: list[Block]) -> list[Block]:
    """Drop the first heading from the text, where the page has it as its title."""
    if not blocks or blocks[0].kind != "html":
        return blocks
    rest = re.sub(r"\A\s*<h1[^>]*>.*?</h1>", "", blocks[0].content, flags=re.DOTALL)
    return [blocks[0]._replace(content=rest), *blocks[1:]]


def blocks(cells: Iterable[Cell], lang: str) -> Iterator[Block]:
    """Make the blocks of cells: their prose, and what their code showed."""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield Block("html", unbroken(markdown(_source(cell))))
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", []):
                if not (has(cell, "title") and output["output_type"] == "stream"):
                    yield from _output(output, lang, cards=has(cell, "figures"))


def with_something(cells: Iterable[Cell]) -> tuple[list[Cell], list[str]]:
    """Return the cells without the sections that show nothing, and the headings of these.

    A section goes from a heading to the next one; it shows nothing if its cells gave only reasons.
    """
    sections: list[list[Cell]] = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and _HEADING.search(_source(cell)):
            sections.append([])
        sections[-1].append(cell)
    kept, left = [], []
    for section in sections:
        outputs = [output for cell in section for output in cell.get("outputs", [])]
        heading = _HEADING.search(_source(section[0])) if section else None
        if heading and outputs and all(NOTHING in output.get("data", {}) for output in outputs):
            left.append(plain(markdown(heading[1])))
        else:
            kept += section
    return kept, left


def _output(output: Mapping[str, Any], lang: str, *, cards: bool) -> Iterator[Block]:
    kind = output["output_type"]
    if kind == "stream":
        yield _stream(_uncoloured(output["text"]).strip("\n"), output["name"])
    elif kind == "error":
        yield Block("warning", _uncoloured("\n".join(output["traceback"])))
    elif kind in {"display_data", "execute_result"}:
        yield from _rich(output["data"], lang, cards=cards)


def _stream(text: str, name: str) -> Block:
    """Make paragraphs of sentences; what is laid out with spaces keeps its layout."""
    if name != "stdout":
        return Block("warning", text)
    if re.search(r"^\s|\S {2,}\S", text, re.MULTILINE):
        return Block("text", text)
    lines = (f'<p class="reading">{unbroken(linked(line))}</p>' for line in text.splitlines())
    return Block("html", "\n".join(lines))


def _rich(data: Mapping[str, Any], lang: str, *, cards: bool) -> Iterator[Block]:
    """Choose the richest form of an output that is safe to show."""
    image = next((mime for mime in _IMAGES if mime in data), None)
    if NOTHING in data:
        yield Block("html", f'<p class="reading">{html.escape(_joined(data[NOTHING]))}</p>')
    elif FIGURE in data:
        yield Block("chart", "", chart(data[FIGURE], lang))
    elif image:
        yield Block("html", _picture(image, data))
    elif "text/html" in data:
        source = _joined(data["text/html"])
        if cards:
            yield Block("figures", as_cards(source))
        else:
            yield Block("html", unbroken(clean(source)))
    elif "text/markdown" in data:
        yield Block("html", unbroken(markdown(_joined(data["text/markdown"]))))
    elif "text/plain" in data:
        yield Block("text", _joined(data["text/plain"]))


def _picture(mime: str, data: Mapping[str, Any]) -> str:
    raw = _joined(data[mime])
    svg = "svg" in mime
    encoded = base64.b64encode(raw.encode()).decode() if svg else re.sub(r"\s", "", raw)
    alt = html.escape(_joined(data.get("text/plain", "")))
    return f'<img alt="{alt}" src="data:{mime};base64,{html.escape(encoded)}">'


def _joined(text: Any) -> str:
    """Return a text that may be stored as a list of lines."""
    return "".join(text) if isinstance(text, list) else str(text)


def _source(cell: Cell) -> str:
    """Return the Markdown of a cell, its attached pictures in it."""
    source: str = cell["source"]
    for name, data in cell.get("attachments", {}).items():
        for mime, content in data.items():
            source = source.replace(f"attachment:{name}", f"data:{mime};base64,{content}")
    return source.replace("attachment:", "")


def _uncoloured(text: str) -> str:
    """Take out the codes that colour text in a terminal."""
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)
