"""JupyterLab as an analyst has it: every notebook runs and draws; explore follows a choice."""

import json
import re
from pathlib import Path

import pytest
from jupyter_lab import lab, left

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
FIGURE = "application/vnd.plotly.v1+json"
WAIT = 60_000  # milliseconds; a kernel on a busy machine starts slowly
DRAWN = """count => {
    const shown = path => {
        const box = path.getBoundingClientRect();
        return box.width + box.height > 2;
    };
    const plots = [...document.querySelectorAll(".jp-Notebook .js-plotly-plot")];
    const marks = ".barlayer path, .scatterlayer path";
    const drawn = plots.filter(plot => [...plot.querySelectorAll(marks)].some(shown));
    return drawn.length === count;
}"""
ALL_RAN = """count => {
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    return prompts.filter(prompt => /\\[\\d+\\]/.test(prompt.textContent)).length === count;
}"""
AS_WIDE = """canvas => {
    const drawn = canvas.querySelector(".main-svg").getBoundingClientRect().width;
    return Math.abs(drawn - canvas.offsetWidth) < 1;
}"""
WRONG = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"


@pytest.fixture(scope="module")
def server(browser, root_of_all, tmp_path_factory):
    """Start JupyterLab for the tests of this file; afterwards nothing of it is left."""
    folder = tmp_path_factory.mktemp("lab")
    with lab(root_of_all, folder) as started:
        yield started
    assert left(folder) == []


@pytest.fixture(scope="module")
def root_of_all():
    """Return the repository's root."""
    return NOTEBOOKS[0].parents[1]


@pytest.fixture
def opened(browser, server):
    """Open a notebook in a window of its own and run all cells; return its page and complaints."""
    address, token = server
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page, complaints = context.new_page(), []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def open_and_run(path, before="undefined"):
        page.goto(f"{address}/lab/tree/{path.name}?token={token}&reset")
        page.get_by_text("| Idle").wait_for(timeout=WAIT)
        page.evaluate(before)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        cells = [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]
        page.wait_for_function(ALL_RAN, arg=len(cells), timeout=WAIT)
        return page, complaints

    yield open_and_run
    for kernel in page.request.get(f"{address}/api/kernels?token={token}").json():
        page.request.delete(f"{address}/api/kernels/{kernel['id']}?token={token}")
    context.close()


def figures(path):
    """Count the stored figures of a notebook that have something drawn in them."""
    cells = json.loads(path.read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return sum(bool(o.get("data", {}).get(FIGURE, {}).get("data")) for o in outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_and_draws_every_chart(path, opened):
    """Run All Cells draws the bars and lines of every chart, without an error anywhere."""
    page, complaints = opened(path)
    if path.stem == "explore":
        choose_can_tho(page)
    else:
        page.wait_for_function(DRAWN, arg=figures(path), timeout=WAIT)
    assert page.locator(WRONG).all_inner_texts() == []
    assert complaints == []


def choose_can_tho(page):
    """Choose the place of which each of the three charts has something to draw."""
    page.locator(".petitionlib-trend .gtitle").wait_for(timeout=WAIT)
    chooser(page, "places").select_option(value="Can Tho")
    page.locator(".petitionlib-trend .gtitle", has_text="Can Tho").wait_for(timeout=WAIT)
    page.wait_for_function(DRAWN, arg=3, timeout=WAIT)


def test_explore_follows_a_choice(opened):
    """Another place gives another trend, other lines of code; a language, other words."""
    page, complaints = opened(next(path for path in NOTEBOOKS if path.stem == "explore"))
    choose_can_tho(page)
    trend = page.locator(".petitionlib-trend")
    before = lines_drawn(trend)
    chooser(page, "places").select_option(value="Ben Tre")
    page.wait_for_function(
        "() => document.querySelector('.petitionlib-trend textarea').value.includes('ben-tre')"
    )
    trend.locator(".gtitle", has_text="Ben Tre").wait_for(timeout=WAIT)
    assert lines_drawn(trend) != before
    page.wait_for_function(
        "() => document.querySelector('.petitionlib-ledger textarea').value.includes('ben-tre')"
    )  # the last view to follow
    page.get_by_role("button", name="Tiếng Việt").click()
    trend.locator(".gtitle", has_text="Bến Tre").wait_for(timeout=WAIT)
    page.locator(".petitionlib-choose-places label", has_text="Đơn vị").wait_for(timeout=WAIT)
    assert complaints == []


def test_explore_draws_in_place(opened):
    """A choice changes a chart where it stands, and another width makes it as wide."""
    page, complaints = opened(next(path for path in NOTEBOOKS if path.stem == "explore"))
    canvas = page.locator(".petitionlib-trend .petitionlib-canvas")
    canvas.locator(".gtitle").wait_for(timeout=WAIT)
    choose_can_tho(page)
    assert page.locator(".petitionlib-views .widget-output .js-plotly-plot:visible").count() == 0
    canvas.evaluate("canvas => { canvas.isFirst = true; }")
    chooser(page, "places").select_option(value="Ben Tre")
    canvas.locator(".gtitle", has_text="Ben Tre").wait_for(timeout=WAIT)
    assert canvas.evaluate("canvas => canvas.isFirst") is True
    page.set_viewport_size({"width": 900, "height": 1000})
    page.wait_for_function("canvas => canvas.offsetWidth < 700", arg=canvas.element_handle())
    page.wait_for_function(AS_WIDE, arg=canvas.element_handle(), timeout=WAIT)
    assert complaints == []


ROOM = """() => ["changes", "composition"].map(name => {
  const chart = document.querySelector(`.petitionlib-${name} .petitionlib-canvas`);
  const box = text => text.getBoundingClientRect();
  const left = Math.min(...[...chart.querySelectorAll(".ytick text")].map(t => box(t).left));
  const [axis, edge] = [box(chart.querySelector(".xaxislayer-above")), box(chart)];
  return [left - edge.left, edge.bottom - axis.bottom].map(Math.round);
})"""


def test_labels_of_bars_keep_their_room(opened):
    """What the room has learned of the margins of bars fits labels of another length as well."""
    page, _ = opened(next(path for path in NOTEBOOKS if path.stem == "explore"))
    choose_can_tho(page)
    before = page.evaluate(ROOM)
    page.get_by_role("button", name="Tiếng Việt").click()
    page.locator(".petitionlib-composition .ytick", has_text="phản ánh").wait_for(timeout=WAIT)
    after = page.evaluate(ROOM)
    for one, other in zip(before, after, strict=True):
        assert all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))
        assert all(edge >= 0 for edge in other)


COUNT = """canvas => {
  window.drawings = 0;
  canvas.on("plotly_beforeplot", () => { window.drawings += 1; });
}"""
BESIDE = "canvas => canvas._fullLayout._size.l"


def test_a_trend_is_drawn_once(opened):
    """The widest room that numbers have taken beside a line is kept: the axis stands still."""
    page, _ = opened(next(path for path in NOTEBOOKS if path.stem == "explore"))
    canvas = page.locator(".petitionlib-trend .petitionlib-canvas")
    canvas.locator(".gtitle", has_text="Viet Nam").wait_for(timeout=WAIT)
    narrow = canvas.evaluate(BESIDE)
    canvas.evaluate(COUNT)
    seen = []
    land = "Land recovered or returned (printed together)"  # a million square metres
    for name, value, title in (
        ("indicator", land, "Land recovered"),
        ("indicator", "Petitions received", "Petitions received"),
        ("places", "Can Tho", "Can Tho"),
    ):
        page.evaluate("window.drawings = 0")
        chooser(page, name).select_option(label=value)
        canvas.locator(".gtitle", has_text=title).wait_for(timeout=WAIT)
        seen.append((canvas.evaluate(BESIDE), page.evaluate("window.drawings")))
    wide = seen[0][0]
    assert wide > narrow
    assert seen == [(wide, 2), (wide, 1), (wide, 1)]


BELOW = """canvas => {
  const bottoms = [...canvas.querySelectorAll(".xtick text")].map(
    year => year.getBoundingClientRect().bottom);
  return canvas.querySelector(".legend").getBoundingClientRect().top - Math.max(...bottoms);
}"""


def test_a_legend_stays_below_the_years(opened):
    """However wide the window is made in turn, the legend neither hides the years nor leaves."""
    page, _ = opened(next(path for path in NOTEBOOKS if path.stem == "explore"))
    choose_can_tho(page)
    places = chooser(page, "places")
    places.select_option(index=list(range(places.locator("option").count())))
    canvas = page.locator(".petitionlib-trend .petitionlib-canvas")
    canvas.locator(".gtitle", has_text=re.compile(r"\d places")).wait_for(timeout=WAIT)
    for width in (1400, 800, 1400, 1000, 1400):
        page.set_viewport_size({"width": width, "height": 1000})
        page.wait_for_function(AS_WIDE, arg=canvas.element_handle(), timeout=WAIT)
        assert 5 < canvas.evaluate(BELOW) < 30


def test_explore_without_plotly_of_its_own(opened):
    """Where the room's script finds no plotly, JupyterLab's renderer follows the choices."""
    path = next(path for path in NOTEBOOKS if path.stem == "explore")
    page, complaints = opened(path, before="delete window._JUPYTERLAB['jupyterlab-plotly']")
    choose_can_tho(page)
    chooser(page, "places").select_option(value="Ben Tre")
    page.locator(".petitionlib-trend .gtitle", has_text="Ben Tre").wait_for(timeout=WAIT)
    assert page.locator(".petitionlib-canvas").count() == 0
    assert complaints == []


def chooser(page, name):
    """Return the list from which a part of the choice is chosen."""
    return page.locator(f".petitionlib-choose-{name} select")


def lines_drawn(view):
    """Return the shapes of the points of a trend, and its title."""
    marks = view.locator(".scatterlayer path").all()
    return [mark.get_attribute("d") for mark in marks], view.locator(".gtitle").text_content()


def test_explore_can_be_used_by_keyboard(opened):
    """Tab reaches the choices, and arrows change them."""
    page, _ = opened(next(path for path in NOTEBOOKS if path.stem == "explore"))
    choose_can_tho(page)
    chooser(page, "indicator").focus()
    code = page.locator(".petitionlib-trend textarea")
    before = code.input_value()
    page.keyboard.press("ArrowDown")
    changed = "before => document.querySelector('.petitionlib-trend textarea').value !== before"
    page.wait_for_function(changed, arg=before)
    page.keyboard.press("Tab")
    focused = "() => document.activeElement.closest('.jupyter-widgets').className"
    assert "petitionlib-choose-span" in page.evaluate(focused)
