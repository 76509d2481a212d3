"""The pages of all notebooks in a browser: for every reader, offline, on any screen, on paper."""

import json
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import plotly.graph_objects as go
import pytest
from axe_playwright_python.sync_playwright import Axe

from petitionlib.charts.trend import plot_trend, trend_numbers
from petitionlib.page.assets import plotly_js, shared_name
from petitionlib.page.pdf import print_page
from petitionlib.page.render import page
from petitionlib.reports.execute import run_notebook
from petitionlib.reports.parameters import notebook_parameters
from petitionlib.tables.read import read_tables

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
TUTORIAL = "tutorial"  # in English alone
BOTH = {"yearly_report", "trend_report"}  # seen in both languages by who waits
PAGES = [
    (path, lang)
    if lang == "en" or path.stem in BOTH
    else pytest.param((path, lang), marks=pytest.mark.slow)
    for path in NOTEBOOKS
    for lang in (["en"] if path.stem == TUTORIAL else ["en", "vi"])
]
PHONE = 390
SHEET = 673  # the width of a sheet of A4 between its margins, in pixels
DRAWN = "() => [...document.querySelectorAll('.plot')].every(p => p.querySelector('.main-svg'))"


@pytest.fixture(scope="module")
def built(tmp_path_factory, root_of_module):
    """Return what builds the page of a notebook in a language, once."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / shared_name()).write_text(plotly_js(), encoding="utf-8")

    def build(path, lang):
        target = folder / f"{path.stem}.{lang}.html"
        if not target.exists():
            takes = {p.name for p in notebook_parameters(path)}
            given = {"lang": lang, "place": "can-tho", "year": 2022}
            given = {name: value for name, value in given.items() if name in takes}
            executed = run_notebook(path, given, data=root_of_module / "data")
            target.write_text(page(executed, lang=lang, shared=True), encoding="utf-8")
        return target

    return build


@pytest.fixture(scope="module")
def root_of_module():
    """Return the folder of the repository."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="module")
def opening(browser):
    """Return what opens a page in a tab, with the network cut; requests and complaints are noted.

    A tab that has had plotly.js before takes half the time of a new one.
    """
    context, tabs = browser.new_context(), {}
    context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())

    def new_tab():
        tab = context.new_page()
        tab.asked, tab.said = [], []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.on("console", lambda message: tab.said.append(message.text))
        tab.on("pageerror", lambda error: tab.said.append(str(error)))
        return tab

    def opened(path, width=1400, scheme="light", name="alone"):
        tab = tabs[name] = tabs.get(name) or new_tab()
        tab.bring_to_front()  # what nobody sees is drawn late
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(media="screen", color_scheme=scheme)
        tab.asked, tab.said = [], []
        tab.goto(path.as_uri())
        tab.wait_for_function(DRAWN)
        return tab

    yield opened
    context.close()


def named(case):
    """Name a page in the list of tests."""
    return f"{case[0].stem}-{case[1]}"


@pytest.fixture(scope="module", params=PAGES, ids=named)
def path(request, built):
    """Return the page of each notebook in turn, in each of its languages."""
    return built(*request.param)


@pytest.fixture(scope="module")
def desk(path, opening):
    """Open the page once on a desk, for all that is asked of it there."""
    return opening(path, name="desk")


@pytest.fixture
def wide(desk):
    """Return the page on a desk, by day and with its disclosures closed, as it was opened."""
    desk.bring_to_front()
    desk.emulate_media(color_scheme="light")
    desk.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    return desk


@pytest.fixture(scope="module")
def narrow(path, opening):
    """Open the page once on the smallest phone, for all that is asked of it there and on paper."""
    return opening(path, 360, name="phone")


def on_screen(tab, width):
    """Show a page on a screen of a width."""
    tab.bring_to_front()
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(media="screen")
    tab.wait_for_function("() => [...document.querySelectorAll('.plot')].every(p => !p.style.zoom)")
    return tab


def on_paper(tab):
    """Show a page on paper, its charts drawn for it."""
    tab.bring_to_front()
    tab.set_viewport_size({"width": SHEET, "height": 900})
    tab.emulate_media(media="print")
    tab.wait_for_function("() => [...document.querySelectorAll('.plot')].every(p => p.style.zoom)")
    return tab


def test_axe_finds_nothing_serious(wide):
    """With all disclosures open, axe finds nothing serious or critical, by day and by night."""
    wide.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme in ("light", "dark"):
        wide.emulate_media(color_scheme=scheme)
        found = Axe().run(wide, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [rule for rule in found if rule["impact"] in {"serious", "critical"}]
        assert [(rule["id"], rule["nodes"][0]["html"][:150]) for rule in grave] == []


def test_nothing_leaves_the_page(path, desk):
    """A page asks for nothing but itself and plotly.js beside it, and nothing is complained of."""
    beside = {path.as_uri(), (path.parent / shared_name()).as_uri(), "data:,"}
    assert [url for url in desk.asked if url not in beside] == []
    assert desk.said == []


def test_a_page_fits_its_screen(narrow):
    """Nothing is wider than the window, from the phone on."""
    tab = on_screen(narrow, 360)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_page_has_its_landmarks_and_headings_in_order(path, desk):
    """One main heading, no level left out; a header, a main part, a footer; and its language."""
    levels = desk.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.localName[1])"
    )
    assert [level for level in levels if level == 1] == levels[:1]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    count = "n => document.querySelectorAll(`body > ${n}`).length"
    assert [desk.evaluate(count, name) for name in ("header", "main", "footer")] == [1, 1, 1]
    assert desk.evaluate("document.documentElement.lang") == path.name.split(".")[-2]


def test_prose_is_narrow_and_charts_are_wide(desk):
    """A line of prose has at most 75 letters; charts and tables take the width."""
    letters = """() => {
      const pen = document.createElement("canvas").getContext("2d");
      return [...document.querySelectorAll("main > p, main > ul")].map(p => {
        pen.font = getComputedStyle(p).font;
        const text = p.textContent.trim();
        return p.clientWidth / (pen.measureText(text).width / text.length);
      });
    }"""
    assert max(desk.evaluate(letters)) <= 76
    widths = desk.evaluate("[...document.querySelectorAll('.plot')].map(p => p.clientWidth)")
    assert min(widths, default=1000) >= 1000


def test_every_chart_is_told_in_the_language_of_the_page(path, wide):
    """A chart has a text with its numbers, and a table of them behind a disclosure."""
    word = {"en": "Data of this chart", "vi": "Số liệu của biểu đồ"}[path.name.split(".")[-2]]
    for figure in wide.query_selector_all("figure:has(.plot)"):
        drawing = figure.query_selector(".plot[role=img]")
        assert re.search(r"\d", drawing.get_attribute("aria-label"))
        summary = figure.query_selector("summary")
        assert summary.inner_text() == word
        assert not figure.query_selector("table").is_visible()
        summary.click()
        assert figure.query_selector("table").is_visible()
        assert len(figure.query_selector_all("tbody th[scope=row]")) >= 1


def test_a_table_that_folds_hides_nothing_on_a_phone(narrow):
    """Remarks and texts are lines of their own, as wide as the screen; only numbers may scroll."""
    tab = on_screen(narrow, PHONE)
    for table in tab.query_selector_all("main > .wide > .folds"):
        if table.evaluate("t => getComputedStyle(t).getPropertyValue('--numbers') <= 3"):
            assert table.evaluate("t => t.scrollWidth - t.parentElement.clientWidth") <= 0
    texts = "[...document.querySelectorAll('main .folds tbody :is(th, td:not(.number, :empty))')]"
    rights = tab.evaluate(texts + ".map(cell => cell.getBoundingClientRect().right)")
    assert max(rights, default=0) <= PHONE


def test_no_word_of_a_card_is_split(narrow):
    """On the smallest phone and on paper, a card breaks no word, and no number from its unit."""
    assert on_screen(narrow, 360).evaluate(SPLIT) == []
    assert on_paper(narrow).evaluate(SPLIT) == []


# Words of the cards, and their figures with their units, that stand on several lines.
SPLIT = r"""() => {
  const lines = (node, start, end) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
  };
  const split = [];
  for (const cell of document.querySelectorAll(".figures tbody :is(th, td)")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      for (const word of node.data.matchAll(/\S+/g))
        if (lines(node, word.index, word.index + word[0].length) > 1) split.push(word[0]);
    }
    const unit = cell.querySelector(".unit");
    const number = unit?.previousSibling;
    if (unit && Math.abs(unit.getBoundingClientRect().bottom - bottom(number)) > 6)
      split.push(cell.textContent);
  }
  return split;

  function bottom(node) {
    const range = document.createRange();
    range.selectNode(node);
    return range.getBoundingClientRect().bottom;
  }
}"""


def test_three_charts_fit_on_a_sheet(narrow):
    """On paper a chart of few bars or of a line takes a third of a sheet with all that is said."""
    charts = on_paper(narrow).evaluate(
        "[...document.querySelectorAll('figure:has(.plot)')].map(f => ["
        "f.getBoundingClientRect().height, JSON.parse(f.querySelector('script').textContent)"
        ".data.reduce((n, t) => t.orientation === 'h' ? Math.max(n, t.y.length) : n, 0)])"
    )
    assert [height for height, bars in charts if bars <= 3 and height > 300] == []


LABELS = """() => {
  const box = text => (({ left, right }) => [left, right])(text.getBoundingClientRect());
  const boxes = (plot, name) => [...plot.querySelectorAll(`${name} text`)]
    .filter(text => text.textContent.trim()).map(box).sort((one, other) => one[0] - other[0]);
  return [...document.querySelectorAll(".plot")].map(plot => ({
    years: boxes(plot, ".xtick"),
    heights: boxes(plot, ".ytick"),
    numbers: boxes(plot, ".textpoint"),
    range: plot._fullLayout.xaxis.range,
  }));
}"""


@pytest.fixture
def of_figures(tmp_path):
    """Return what makes a page of some figures, plotly.js beside it."""
    (tmp_path / shared_name()).write_text(plotly_js(), encoding="utf-8")

    def make(*figures):
        drawn = [{"application/vnd.plotly.v1+json": json.loads(f.to_json())} for f in figures]
        outputs = [nbformat.v4.new_output("display_data", data=data) for data in drawn]
        cells = [nbformat.v4.new_code_cell("1", outputs=[output]) for output in outputs]
        target = tmp_path / "page.html"
        notebook = nbformat.v4.new_notebook(cells=cells)
        target.write_text(page(notebook, lang="en", shared=True), encoding="utf-8")
        return target

    return make


def test_labels_do_not_overlap_on_a_phone(of_figures, opening, root_of_module):
    """Years give way where they have no room, and come back when the phone is turned."""
    table = read_tables(root_of_module / "data")
    places = ["can-tho", "viet-nam"]
    one, several = (
        (table, "viet-nam", "reception.visits"), (table, places, "petitions.received")
    )  # fmt: skip
    points = [trend_numbers(*one), trend_numbers(*several, span="Y")]
    years = [drawn.loc[drawn["kind"] != "", "year"].nunique() for drawn in points]
    tab = opening(of_figures(plot_trend(*one), plot_trend(*several, span="Y")), 390)
    one, several = tab.evaluate(LABELS)
    for chart in (one, several):
        assert len(chart["years"]) >= 2
        assert all(before[1] < after[0] for before, after in pairwise(chart["years"]))
    right = max(box[1] for box in one["heights"])
    assert min(box[0] for box in one["numbers"]) > right  # the first number is clear of the axis
    tab.set_viewport_size({"width": 900, "height": 390})
    shown = f"() => document.querySelectorAll('.plot .xtick text').length === {sum(years)}"
    tab.wait_for_function(shown)
    assert [len(chart["years"]) for chart in tab.evaluate(LABELS)] == years


def test_the_axes_of_other_charts_are_left_as_they_are(of_figures, opening):
    """What a user draws keeps its range and all its labels, on a phone too."""
    points = {"x": [1, 10, 1000], "y": [1, 2, 3], "mode": "lines+text", "text": ["a", "b", "c"]}
    ticks = {"tickvals": [10, 1], "ticktext": ["ten", "one"]}
    figures = [
        go.Figure(go.Scatter(points), {"xaxis": ticks | axis, "height": 300})
        for axis in ({"range": [0, 50]}, {"type": "log", "range": [0, 3]})
    ]
    found = opening(of_figures(*figures), 390)
    assert [(len(c["years"]), c["range"]) for c in found.evaluate(LABELS)] == [
        (2, [0, 50]), (2, [0, 3]),
    ]  # fmt: skip


@pytest.fixture
def yearly(built):
    """Return the page of the yearly report in Vietnamese."""
    return built(next(p for p in NOTEBOOKS if p.stem == "yearly_report"), "vi")


def test_charts_follow_the_night(yearly, opening):
    """Where the reader's screen turns dark or light again, the charts turn with it."""
    tab = opening(yearly)
    ink = "getComputedStyle(document.querySelector('.plot .ytick text')).fill"
    paper = "getComputedStyle(document.body).backgroundColor"
    day = (tab.evaluate(ink), tab.evaluate(paper))
    tab.emulate_media(color_scheme="dark")
    tab.wait_for_function("old => " + ink + " !== old", arg=day[0])
    night = (tab.evaluate(ink), tab.evaluate(paper))
    assert night == ("rgb(229, 231, 235)", "rgb(17, 24, 39)")
    tab.emulate_media(color_scheme="light")
    tab.wait_for_function("old => " + ink + " !== old", arg=night[0])
    assert (tab.evaluate(ink), tab.evaluate(paper)) == day


def test_the_focus_is_seen(yearly, opening):
    """Whoever goes through the page with the keyboard sees where they are."""
    tab = opening(yearly)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.localName") in {"summary", "a", "div"}
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_finding_stands_first(yearly, opening):
    """Under the title the sentence, then the figures as cards in one row, before any chart."""
    tab = opening(yearly)
    assert tab.inner_text(".lead").startswith("Tiếp nhận 3.108\u00a0đơn, tăng 472\u00a0đơn (17,9")
    tops = tab.evaluate("[...document.querySelectorAll('.figures tbody tr')].map(r => r.offsetTop)")
    assert (len(set(tops)), 4 <= len(tops) <= 5) == (1, True)
    assert tab.evaluate("document.querySelector('.figures').offsetTop") < tab.evaluate(
        "document.querySelector('.plot').offsetTop"
    )


def test_paper_has_light_colours_and_cuts_nothing(yearly, opening):
    """In print the page is light, even at night, and no chart, card or row of a table is cut."""
    tab = opening(yearly, scheme="dark")
    tab.emulate_media(media="print", color_scheme="dark")
    tab.wait_for_function(
        "() => getComputedStyle(document.querySelector('.plot .ytick text')).fill"
        " === 'rgb(31, 41, 55)'"
    )
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    whole = "[...document.querySelectorAll('figure, tr')].map(e => getComputedStyle(e).breakInside)"
    assert set(tab.evaluate(whole)) == {"avoid"}
    widths = "[...document.querySelectorAll('.main-svg')].map(e => e.getBoundingClientRect().width)"
    assert SHEET - 10 <= max(tab.evaluate(widths)) <= SHEET


def test_a_table_that_folds_is_still_read_as_a_table(yearly, opening):
    """On a phone every figure has its row and its column for who hears the page."""
    tab = opening(yearly, PHONE)
    table = tab.locator("main > .wide > .folds")
    assert table.get_by_role("columnheader").all_inner_texts() == [
        "Chỉ tiêu", "Công bố", "Cùng kỳ năm trước", "Tăng, giảm", "Ghi chú",
    ]  # fmt: skip
    row = table.get_by_role("row", name="Đơn tiếp nhận trong kỳ")
    assert row.get_by_role("rowheader").inner_text() == "Đơn tiếp nhận trong kỳ"
    assert row.get_by_role("cell").count() == 4
    assert tab.locator(".figures").get_by_role("rowheader").count() == 5


@pytest.mark.usefixtures("browser")
def test_a_pdf_is_tagged_and_its_charts_are_vectors(yearly):
    """Chromium's PDF of a page is A4, tagged, in its language, and holds no picture."""
    content = print_page(yearly).read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/Marked true" in content
    assert b"/Lang (vi)" in content
    assert b"/Subtype /Image" not in content
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}
    assert len(boxes) <= 4
