"""Executed notebook -> one offline page in which every chart is live."""

import ast
import base64
import hashlib
import html
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import mistune
import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from petitionlib.words import LANGUAGES, say

__all__ = ["page", "prepare", "shared_name", "shared_script"]

FIGURE: Final = "application/vnd.plotly.v1+json"
_IMAGES: Final = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")
_TAGS: Final = nh3.ALLOWED_TAGS - {"map", "area"}
_ATTRIBUTES: Final = {
    **{tag: names - {"align", "bgcolor"} for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_PLUGINS: Final = ["strikethrough", "table", "url", "task_lists", "def_list", "math"]
_PAGE: Final = Path(__file__).with_name("page")
_DEFAULT_HEIGHT: Final = 450
_TOP_MARGIN: Final = 16

Cell = Mapping[str, Any]
Notebook = Mapping[str, Any]


class Block(NamedTuple):
    """A piece of the page: `kind` is html, lines (a paragraph each), text, warning or chart."""

    kind: str
    content: str
    height: int = 0
    label: str = ""


def page(
    notebook: Notebook, *, lang: str | None = None, name: str = "notebook", shared: bool = False
) -> str:
    """Return the page of an executed notebook; if `shared`, it refers to plotly.js beside it.

    The language is `lang`, else the notebook's parameter `lang`, else English. Cells tagged
    `lang-en` or `lang-vi` stand only in pages of that language. The printed line of the cell
    tagged `title` is the title, else the first heading; what stands before the cell tagged
    `parameters` goes to the end of the page.
    """
    lang = lang or _language(notebook)
    cells = [cell for cell in notebook["cells"] if _speaks(cell, lang)]
    start = next((i for i, cell in enumerate(cells) if _has(cell, "parameters")), 0)
    heading, about = _split_heading(cells[:start] or cells[:1])
    printed = next((_printed(cell) for cell in cells if _has(cell, "title")), "")
    before = [cell for cell in cells[:start] if cell["cell_type"] == "code"]
    body = list(_blocks([*before, *cells[start:]]))
    if heading and not (printed or start):
        body = _without_heading(body)
    charts = any(block.kind == "chart" and block.content for block in body)
    scripts = [_plotly_js(), _text("page.js")][shared:] if charts else []
    hashes = [f"'sha256-{_digest(script)}'" for script in scripts]
    return _template().render(
        lang=lang,
        title=printed or heading or name,
        kicker=heading if printed and start else "",
        about=about if start else "",
        code=[cell["source"] for cell in cells if cell["cell_type"] == "code" and cell["source"]],
        blocks=[
            block._replace(content=_shown(block), label=_unbroken(block.label)) for block in body
        ],
        css=_text("page.css"),
        scripts=scripts,
        beside=shared_name() if charts and shared else "",
        policy=" ".join(["'self'"] * (charts and shared) + hashes) or "'none'",
        say=lambda key: say(f"page.{key}", lang),
    )


def prepare() -> None:
    """Load what every page needs, so that a page is made sooner."""
    _renderer()
    _template()
    for script in (_plotly_js(), _text("page.js")):
        _digest(script)


def _language(notebook: Notebook) -> str:
    """Return the value of the parameter `lang` in the notebook, or `en`."""
    lang = "en"
    for cell in notebook["cells"]:
        if _has(cell, "parameters") or _has(cell, "injected-parameters"):
            found = re.search(
                r"^lang\b[^=\n]*=\s*(\"[^\"\n]*\"|'[^'\n]*')", cell["source"], re.MULTILINE
            )
            lang = ast.literal_eval(found[1]) if found else lang
    return lang if lang in LANGUAGES else "en"


def _has(cell: Cell, tag: str) -> bool:
    return tag in cell.get("metadata", {}).get("tags", [])


def _speaks(cell: Cell, lang: str) -> bool:
    own = [tag for tag in cell.get("metadata", {}).get("tags", []) if tag.startswith("lang-")]
    return not own or f"lang-{lang}" in own


def _printed(cell: Cell) -> str:
    streams = [o["text"] for o in cell.get("outputs", []) if o["output_type"] == "stream"]
    return "".join(streams).strip().partition("\n")[0]


def _source(cell: Cell) -> str:
    """Return the Markdown of a cell, its attached pictures in it."""
    source: str = cell["source"]
    for name, data in cell.get("attachments", {}).items():
        for mime, content in data.items():
            source = source.replace(f"attachment:{name}", f"data:{mime};base64,{content}")
    return source.replace("attachment:", "")


def _split_heading(cells: Iterable[Cell]) -> tuple[str, str]:
    """Return the first heading of the Markdown cells, and the rest of them as HTML."""
    source = "\n\n".join(_source(cell) for cell in cells if cell["cell_type"] == "markdown")
    found = re.match(r"\s*(?:#[ \t]+(.+)|(.+)\n=+[ \t]*$)", source, re.MULTILINE)
    if not found:
        return "", _markdown(source)
    heading = _plain(_markdown(found[1] or found[2]))
    return heading, _markdown(source[found.end() :])


def _without_heading(blocks: list[Block]) -> list[Block]:
    """Drop the first heading from the text, where the page has it as its title."""
    if not blocks or blocks[0].kind != "html":
        return blocks
    rest = re.sub(r"\A\s*<h1[^>]*>.*?</h1>", "", blocks[0].content, flags=re.DOTALL)
    return [blocks[0]._replace(content=rest), *blocks[1:]]


def _blocks(cells: Iterable[Cell]) -> Iterator[Block]:
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield Block("html", _markdown(_source(cell)))
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", []):
                if not (_has(cell, "title") and output["output_type"] == "stream"):
                    yield from _output(output)


def _output(output: Mapping[str, Any]) -> Iterator[Block]:
    kind = output["output_type"]
    if kind == "stream":
        text = _uncoloured(output["text"]).strip("\n")
        prose = re.search(r"^\s|\S {2,}\S", text, re.MULTILINE) is None
        told = "lines" if prose else "text"
        yield Block(told if output["name"] == "stdout" else "warning", text)
    elif kind == "error":
        yield Block("warning", _uncoloured("\n".join(output["traceback"])))
    elif kind in {"display_data", "execute_result"}:
        yield from _rich(output["data"])


def _rich(data: Mapping[str, Any]) -> Iterator[Block]:
    """Choose the richest form of an output that is safe to show."""
    image = next((mime for mime in _IMAGES if mime in data), None)
    if FIGURE in data:
        yield _chart(data[FIGURE])
    elif image:
        raw = data[image]
        encoded = (
            base64.b64encode(raw.encode()).decode() if "svg" in image else re.sub(r"\s", "", raw)
        )
        alt = html.escape(str(data.get("text/plain", "")))
        yield Block("html", f'<img alt="{alt}" src="data:{image};base64,{html.escape(encoded)}">')
    elif "text/html" in data:
        yield Block("html", _tables(_clean(data["text/html"])))
    elif "text/markdown" in data:
        yield Block("html", _markdown(data["text/markdown"]))
    elif "text/plain" in data:
        yield Block("text", str(data["text/plain"]))


def _chart(figure: Any) -> Block:
    """Take the title out of the figure: on the page it is text, which wraps and is read aloud."""
    figure = _dict(json.loads(figure) if isinstance(figure, str) else figure)
    layout = _dict(figure.get("layout"))
    title = layout.pop("title", None)
    text = str(_dict(title).get("text") or "") if not isinstance(title, str) else title
    template = _dict(_dict(layout.get("template")).get("layout"))
    margin = {**_dict(template.get("margin")), **_dict(layout.get("margin"))}
    saved = max(0, int(_number(margin.get("t"), 0)) - _TOP_MARGIN) if text else 0
    if saved:
        layout["margin"] = {**margin, "t": _TOP_MARGIN}
    layout.pop("width", None)  # the page has its own
    height = int(_number(layout.pop("height", None), _DEFAULT_HEIGHT)) - saved
    data = figure.get("data") or []
    content = json.dumps(
        _finite({"data": data, "layout": layout}),
        ensure_ascii=False,
        sort_keys=True,
        allow_nan=False,
    )
    label = _plain(re.sub(r"<br\s*/?>", " ", text))
    return Block("chart", content.replace("<", "\\u003c") if data else "", height, label)


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


def _plain(source: str) -> str:
    """Return the text of a piece of HTML, on one line."""
    return " ".join(html.unescape(nh3.clean(source, tags=set())).split())


def _markdown(source: str) -> str:
    return _tables(_clean(str(_renderer()(source)))) if source.strip() else ""


class _Renderer(mistune.HTMLRenderer):
    """HTML of Markdown, with headings that can be linked to and formulas as they are written."""

    def heading(self, text: str, level: int, **_: Any) -> str:
        """Give a heading the id that Jupyter gives it."""
        name = html.escape(_plain(text).replace(" ", "-"))
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


def _uncoloured(text: str) -> str:
    """Take out the codes that colour text in a terminal."""
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)


def _clean(source: str) -> str:
    """Leave of HTML only what cannot run, load or imitate the page."""
    return nh3.clean(
        source, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "data"},
        attribute_filter=_only_image_data, link_rel="noopener noreferrer",
    )  # fmt: skip


def _only_image_data(tag: str, attribute: str, value: str) -> str | None:
    """Let images come from the page alone, and links never carry data."""
    embedded = re.match(r"data:image/(png|jpeg|gif|svg\+xml);", value) is not None
    if tag == "img" and attribute == "src":
        return value if embedded else None
    return None if value.strip().lower().startswith("data:") else value


def _tables(source: str) -> str:
    """Let wide tables scroll, and set cells that hold numbers to the right."""
    source = re.sub(r"<td>(?=\s*(?:[+\-−]?\d|–\s*<))", '<td class="number">', source)
    head, cut, body = source.partition("</thead>")
    if cut:
        head = head.replace("<th>", '<th scope="col">')
        source = head + cut + body.replace("<th>", '<th scope="row">')
    return source.replace("<table", '<div class="wide" tabindex="0"><table').replace(
        "</table>", "</table></div>"
    )


@cache
def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _shown(block: Block) -> str:
    """Return the content of a block as the page has it: printed lines with links."""
    if block.kind == "lines":
        lines = (_linked(line) for line in block.content.splitlines())
        return "\n".join(f'<p class="reading">{_unbroken(line)}</p>' for line in lines)
    return _unbroken(block.content) if block.kind == "html" else block.content


def _linked(line: str) -> str:
    """Escape a line of text, and make links of the addresses in it."""
    pieces = re.split(r"(https?://[^\s<>\"']+)", line)
    return "".join(
        f'<a href="{html.escape(piece)}" rel="noopener noreferrer">{html.escape(piece)}</a>'
        if i % 2
        else html.escape(piece)
        for i, piece in enumerate(pieces)
    )


def _unbroken(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", text)


@cache
def _text(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


@cache
def _plotly_js() -> str:
    """Read the plotly.js that the installed plotly carries, without importing plotly."""
    spec = find_spec("plotly")
    folder = Path(str(spec.origin)).parent  # type: ignore[union-attr]  # plotly is a dependency
    source = (folder / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    return source.replace("</script", "<\\/script")


@cache
def shared_name() -> str:
    """Return the name of the file that holds plotly.js beside the pages of a batch."""
    return f"plotly-{hashlib.sha256(_plotly_js().encode()).hexdigest()[:12]}.min.js"


def shared_script() -> str:
    """Return what that file holds."""
    return _plotly_js()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html.j2")
