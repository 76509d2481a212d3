"""The page: offline, safe, and with every chart alive."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter

from petitionlib.page.exporter import PetitionlibExporter
from petitionlib.page.render import page
from petitionlib.page.sanitize import unbroken

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
FIGURE = "application/vnd.plotly.v1+json"
BARS = {"data": [{"type": "bar", "y": [1, 2]}], "layout": {"title": {"text": "Up<br>by one"}}}


def notebook(*cells):
    """Make a notebook of cells."""
    return nbformat.v4.new_notebook(cells=list(cells))


def markdown(text, *tags):
    """Make a Markdown cell with tags."""
    return nbformat.v4.new_markdown_cell(text, metadata={"tags": list(tags)} if tags else {})


def code(source, *outputs, tags=()):
    """Make a code cell with outputs and tags."""
    metadata = {"tags": list(tags)} if tags else {}
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def printed(text, name="stdout"):
    """Make what a cell printed."""
    return nbformat.v4.new_output("stream", name=name, text=text)


def shown(**data):
    """Make what a cell displayed; `text_html=` stands for `text/html`."""
    return nbformat.v4.new_output(
        "display_data", data={mime.replace("_", "/", 1): value for mime, value in data.items()}
    )


def figure(content):
    """Make the output of a plotly figure."""
    return nbformat.v4.new_output("display_data", data={FIGURE: content})


def text_of(html):
    """Return the page without its scripts."""
    return re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)


def test_a_figure_becomes_a_live_chart():
    """The figure's JSON is in the page, inert, with its title as text and plotly.js to draw it."""
    html = page(notebook(markdown("# T"), code("fig", figure(BARS))))
    found = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(found[1]) == {"data": BARS["data"], "layout": {}}
    assert "<figcaption>Up by one</figcaption>" in html
    assert 'role="img" aria-label="Chart. series 1: 2 values, from 1 to 2."' in html
    assert "Plotly.react" in html
    assert "plotly.js v" in html


def test_a_figure_stored_as_text_is_drawn_as_well():
    """Some tools store the figure as a JSON string."""
    assert 'class="plot"' in page(notebook(code("fig", figure(json.dumps(BARS)))))


def test_a_page_without_charts_carries_no_script():
    """plotly.js is only in pages that draw."""
    html = page(notebook(markdown("# T"), code("1", printed("hello\n"))))
    assert ("<script" in html, len(html) < 20_000) == (False, True)


def test_a_figure_with_nothing_to_draw_is_its_title():
    """An empty figure leaves its sentence and no empty frame."""
    html = page(notebook(code("fig", figure({"data": [], "layout": {"title": {"text": "None"}}}))))
    assert ("<figcaption>None</figcaption>" in html, 'class="plot"' in html) == (True, False)


def test_no_request_leaves_the_page():
    """Nothing outside plotly.js refers to the network, and the policy forbids it."""
    html = text_of(
        page(notebook(markdown("# T ![x](http://x.test/a.png)"), code("f", figure(BARS))))
    )
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", html) == []
    assert "default-src 'none'" in html


def test_the_policy_admits_exactly_the_scripts_of_the_page():
    """Each script that runs is named by its hash."""
    html = page(notebook(code("f", figure(BARS))))
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    policy = re.search(r"script-src ([^;]*);", html)[1]
    assert policy == " ".join(f"'sha256-{digest}'" for digest in digests)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<style>body{background:url(http://x.test)}</style>",
        "</script><script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<base href='http://x.test/'>",
        "<form action='http://x.test'><button>x</button></form>",
        "<meta http-equiv=refresh content='0;url=http://x.test'>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    ],
)
def test_text_from_a_notebook_cannot_run(payload):
    """A payload in Markdown, HTML, text, a title or a figure leaves no element that acts."""
    hostile = {"data": [{"name": payload}], "layout": {"title": {"text": payload}}}
    html = page(
        notebook(
            markdown(f"# {payload}\n\n{payload}"),
            code(payload, printed(payload), shown(text_html=payload), shown(text_markdown=payload),
                 shown(text_plain=payload), figure(hostile), printed(payload, "stderr")),
            code("title", printed(payload), tags=["title"]),
        )
    )  # fmt: skip
    seen = Elements()
    seen.feed(html)
    assert seen.acting == []


class Elements(HTMLParser):
    """Collect the elements of a page that act, beyond the page's own."""

    def __init__(self):
        """Start with none."""
        super().__init__()
        self.acting = []

    def handle_starttag(self, tag, attrs):
        """Note an element that acts or an attribute that runs."""
        attributes = dict(attrs)
        own = tag == "meta" and attributes.get("http-equiv") in {None, "Content-Security-Policy"}
        if tag in {"iframe", "svg", "form", "base", "object", "embed"} or (
            tag == "meta" and not own
        ):
            self.acting.append(tag)
        if re.match(r"\s*(javascript|data:text)", str(attributes.get("href") or "")):
            self.acting.append(tag)
        if re.match(r"\s*(javascript|data:text|http)", str(attributes.get("src") or "")):
            self.acting.append(tag)
        self.acting += [name for name in attributes if name.startswith("on")]
        self.in_script = tag == "script"

    def handle_data(self, data):
        """Note a script with a payload in it."""
        if getattr(self, "in_script", False) and data.startswith("alert"):
            self.acting.append(data)


def test_a_cell_tagged_title_gives_the_title():
    """The printed line is the heading and the title; the notebook's own heading stands above it."""
    html = page(
        notebook(
            markdown("# Yearly report\n\nFor whom?"),
            code("place = 1", tags=["parameters"]),
            code("print()", printed("Can Tho & 2022\n"), tags=["title"]),
        )
    )
    assert "<title>Can Tho &amp; 2022</title>" in html
    assert "<h1>Can Tho &amp; 2022</h1>" in html
    assert '<p class="kicker">Yearly report</p>' in html
    assert html.index("For whom?") > html.index("<footer>")


def test_without_a_title_cell_the_first_heading_is_the_title():
    """Any notebook of a user's own gets its heading as title, once."""
    html = page(notebook(markdown("# My study\n\nText."), code("1")))
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["My study"]
    assert "<p>Text.</p>" in html


def test_without_any_heading_the_name_is_the_title():
    """A bare notebook is called by its file's name."""
    assert "<title>study</title>" in page(notebook(code("1")), name="study")


@pytest.mark.parametrize(
    ("cell", "lang"),
    [
        pytest.param('lang: str = "vi"  # help', "vi", id="typed"),
        pytest.param("lang = 'vi'", "vi", id="plain"),
        pytest.param('lang = "xx"', "en", id="unknown"),
        pytest.param("language = 'vi'", "en", id="another name"),
    ],
)
def test_the_language_is_that_of_the_notebook(cell, lang):
    """The page speaks the language of the parameter `lang`, and says so."""
    html = page(
        notebook(
            markdown("# English", "lang-en"), markdown("# Tiếng Việt", "lang-vi"),
            code(cell, tags=["parameters"]),
        )
    )  # fmt: skip
    assert f'<html lang="{lang}">' in html
    assert ("Tiếng Việt" in html, "English" in html) == (lang == "vi", lang == "en")


def test_the_injected_parameter_goes_before_the_default():
    """What papermill injected is the language of the page."""
    cells = (
        code('lang = "en"', tags=["parameters"]),
        code("lang = 'vi'", tags=["injected-parameters"]),
    )
    assert '<html lang="vi">' in page(notebook(*cells))


def test_prose_that_was_printed_reads_as_prose():
    """A printed sentence is a paragraph; what is laid out with spaces keeps its layout."""
    html = page(notebook(code("p", printed("One.\nTwo.\n")), code("t", printed("a   1\nb  22\n"))))
    assert '<p class="reading">One.</p>\n<p class="reading">Two.</p>' in html
    assert '<pre tabindex="0">a   1\nb  22</pre>' in html


def test_errors_and_warnings_are_seen():
    """What went to stderr and what failed stands in the page, without colour codes."""
    failed = nbformat.v4.new_output(
        "error", ename="E", evalue="x", traceback=["\x1b[31mE: x\x1b[0m"]
    )
    html = page(notebook(code("a", printed("careful", "stderr")), code("b", failed)))
    assert re.findall(r'<pre class="warning" tabindex="0">(.*?)</pre>', html) == ["careful", "E: x"]


def test_pictures_are_in_the_page():
    """PNG and SVG outputs are embedded; an SVG is a picture, so no script in it runs."""
    png = base64.b64encode(b"\x89PNG").decode()
    html = page(
        notebook(code("p", shown(image_png=png)), code("s", shown(**{"image/svg+xml": "<svg/>"})))
    )
    kinds = re.findall(r'<img alt="" src="data:(image/[a-z+]+);base64,', html)
    assert kinds == ["image/png", "image/svg+xml"]


def test_tables_scroll_and_numbers_stand_to_the_right():
    """A wide table scrolls inside the page; cells that begin with a number are aligned."""
    table = "<table><tr><td>3,108 petitions</td><td>–</td><td>Can Tho</td></tr></table>"
    html = page(notebook(code("t", shown(text_html=table))))
    assert 'tabindex="0"><table>' in html
    assert re.findall(r"<td[^>]*>", html) == ['<td class="number">', '<td class="number">', "<td>"]


def test_a_percent_sign_stays_with_its_number():
    """Between a number and its percent sign no line breaks."""
    assert "95.67\N{NO-BREAK SPACE}%" in page(notebook(code("p", printed("95.67 %"))))


def test_all_code_is_folded_at_the_end():
    """The code is in the page, once, folded, with its characters as they are."""
    html = page(notebook(code("a < b"), code("")))
    assert re.findall(r'<pre tabindex="0"><code>(.*?)</code></pre>', html) == ["a &lt; b"]


def test_nbconvert_finds_the_exporter():
    """`jupyter nbconvert --to petitionlib` is this exporter."""
    assert get_exporter("petitionlib") is PetitionlibExporter


def test_the_exporter_returns_a_page_and_its_extension():
    """The page is named after the notebook's file, in the language asked for."""
    resources = {"metadata": {"name": "study"}}
    html, resources = PetitionlibExporter(lang="vi").from_notebook_node(notebook(), resources)
    assert resources["output_extension"] == ".html"
    assert '<html lang="vi">' in html
    assert "<title>study</title>" in html


def test_an_attached_picture_is_in_the_page():
    """A picture that was dropped into a Markdown cell is embedded; an unknown one is no error."""
    cell = markdown("![a](attachment:i.png) ![b](attachment:gone.png)")
    cell["attachments"] = {"i.png": {"image/png": "iVBORw0="}}
    html = page(notebook(cell))
    assert 'src="data:image/png;base64,iVBORw0="' in html
    assert "attachment:" not in html


def test_a_chart_before_the_parameters_is_kept():
    """What code showed before the parameters cell, or in the title's cell, stays on the page."""
    html = page(
        notebook(
            markdown("# T"),
            code("a", figure(BARS)),
            code("x = 1", tags=["parameters"]),
            code("b", printed("Title"), figure(BARS), tags=["title"]),
        )
    )
    assert html.count('class="plot"') == 2


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(None, id="no layout"),
        pytest.param({"title": {"text": None}}, id="title without text"),
        pytest.param({"title": 5}, id="title that is a number"),
        pytest.param(
            {"margin": None, "height": "450.5", "template": "plotly_white"}, id="odd values"
        ),
        pytest.param({"width": 1400}, id="a width of its own"),
    ],
)
def test_a_figure_of_any_tool_is_drawn(layout):
    """A layout that is not as plotly writes it does not stop the page; its width is the page's."""
    html = page(notebook(code("f", figure({"data": [{"y": [1]}], "layout": layout}))))
    assert 'class="plot"' in html
    assert '"width"' not in text_of(html)


def test_what_is_no_number_is_missing_in_a_chart():
    """NaN and infinity, which JSON does not have, leave a gap instead of a broken page."""
    odd = {"data": [{"y": [1.0, float("nan"), float("inf")]}], "layout": {}}
    html = page(notebook(code("f", figure(odd))))
    found = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(found[1])["data"] == [{"y": [1.0, None, None]}]


def test_marks_of_type_in_titles_become_plain_text():
    """Bold, links and an underlined heading are text in the title of a page or of a chart."""
    bold = {"data": [{"y": [1]}], "layout": {"title": "<b>Sales</b> &amp; more"}}
    html = page(
        notebook(markdown("My **bold** [study](http://x.test)\n====="), code("f", figure(bold)))
    )
    assert "<title>My bold study</title>" in html
    assert "<figcaption>Sales &amp; more</figcaption>" in html


def test_an_address_in_a_printed_line_is_a_link():
    """A source's address can be followed, and is nothing but an address."""
    html = page(notebook(code("s", printed("See https://x.test/a?b=1&c=<2> now."))))
    link = '<a href="https://x.test/a?b=1&amp;c=" rel="noopener noreferrer">'
    assert link in html


def test_a_finding_stands_under_the_title():
    """What the cell tagged `headline` says is above everything else, if no prose goes before it."""
    said = code("p", printed("Petitions rose."), tags=["headline"])
    first = page(notebook(code("t", printed("T"), tags=["title"]), said, markdown("## A")))
    assert first.index("Petitions rose.") < first.index("</header>")
    later = page(notebook(markdown("# T"), markdown("## A"), said))
    assert later.index("Petitions rose.") > later.index("<main>")


def test_a_table_of_key_figures_is_a_row_of_cards():
    """The table of the cell tagged `figures` stays a table, and looks like cards."""
    row = "<tr><th>Petitions</th><td>3,108 petitions</td><td>+472</td></tr>"
    shown_table = shown(text_html=f"<table>{row}</table>")
    html = page(notebook(markdown("# T"), code("f", shown_table, tags=["figures"])))
    framed = r'<div class="figures">\s*<div class="wide" tabindex="0"><table role="table">'
    assert re.search(framed, html)
    assert '3,108 <span class="unit">petitions</span></td>' in html


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_is_light(path):
    """Without plotly.js beside it, the page of every notebook is below 200 KB."""
    assert len(page(nbformat.read(path, 4), shared=True).encode()) < 200_000


def test_a_number_keeps_its_unit_and_its_minus_sign():
    """A line never ends between a number and its unit; a minus is one, but not in code."""
    assert unbroken("-191 đơn (-6,1 %)") == "\u2212191\u00a0đơn (\u22126,1\u00a0%)"
    assert unbroken("<code>-1 %</code>") == "<code>-1 %</code>"


def nothing(reason):
    """Make the output of a cell that had nothing to show."""
    bundle = {"application/vnd.petitionlib.nothing": reason, "text/plain": reason}
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def test_a_section_of_nothing_is_left_out():
    """It is named near the end; a section that shows something keeps the reason of the rest."""
    made = page(
        notebook(
            markdown("# Report"),
            markdown("## What is <b>it</b> made of?\n\nParts."),
            code("a", nothing("No total was published.")),
            code("b", nothing("No <part> was published.")),
            markdown("## Which rates?"),
            code("c", nothing("No rate was published."), printed("But a count.")),
            markdown("## Words alone"),
            code("d = 1"),
        )
    )
    assert ("No total was published." in made, "Parts." in made) == (False, False)
    told = "Left out, because nothing was published for it: What is it made of?"
    assert f'<p class="reading left-out">{told}</p>' in made
    assert '<p class="reading">No rate was published.</p>' in made
    assert ("But a count." in made, "Words alone" in made) == (True, True)


def test_nothing_is_left_out_of_a_page_that_has_all():
    """The line is there only where something is missing; a reason outside of sections stays."""
    made = page(notebook(markdown("# Report"), code("a", printed("x"), nothing("<i>y</i>"))))
    assert "Left out" not in made
    assert '<p class="reading">&lt;i&gt;y&lt;/i&gt;</p>' in made
