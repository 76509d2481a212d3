"""Text that would run, in every field that reaches a page: in the browser none of it does."""

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import hostile_folder as hostile
import nbformat
import pytest
from four_rows import row, table
from payloads import PAYLOADS
from playwright.sync_api import Error

import petitionlib as pt
from petitionlib.codebook.entries import about, entries
from petitionlib.errors import TableError, said
from petitionlib.files import text_fault
from petitionlib.page.assets import plotly_js, shared_name
from petitionlib.page.index import Listed
from petitionlib.page.render import page
from petitionlib.reports.batch.pages import write_index

FIGURE = "application/vnd.plotly.v1+json"
ACTING = Path(__file__).with_name("acting.js").read_text(encoding="utf-8")
DRAWN = "() => [...document.querySelectorAll('.plot')].every(p => p.querySelector('.main-svg'))"
HOVER = """() => {
  for (const plot of document.querySelectorAll(".plot"))
    Plotly.Fx.hover(plot, [{ curveNumber: 0, pointNumber: 0 }]);
}"""
# Charts of every ninth payload share a page: plotly.js takes long to load. One such page is seen
# by who waits, the others where all is run.
APART = 9
SHARES = [0, *(pytest.param(first, marks=pytest.mark.slow) for first in range(1, APART))]


def test_there_are_many_payloads():
    """The list is long, and no payload stands twice."""
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a folder for pages, with plotly.js in it."""
    made = tmp_path_factory.mktemp("hostile")
    (made / shared_name()).write_text(plotly_js(), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def visit(browser):
    """Return what opens a page with the network cut, and tells what happened."""
    context = browser.new_context()
    seen = []
    context.route("**/*", lambda route: _let(route, seen))
    context.add_init_script(
        "for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'msgbox'])"
        " window[name] = () => { window.fired = name; };"
    )
    tab = context.new_page()
    tab.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))

    def visited(path):
        seen.clear()
        tab.goto(path.as_uri())
        try:
            tab.wait_for_function(DRAWN)
            tab.evaluate(HOVER)
        except Error as fault:  # a chart that is not drawn
            seen.append(fault.message)
        tab.wait_for_timeout(30)
        fired = tab.evaluate("window.fired")
        return seen + ([fired] if fired else []) + tab.evaluate(ACTING), tab

    yield visited
    context.close()


def _let(route, seen):
    """Let through what lies in a file; note and stop everything else."""
    if route.request.url.startswith("file:"):
        route.continue_()
    else:
        seen.append(route.request.url)
        route.abort()


@pytest.fixture(scope="module")
def shown(folder, visit):
    """Return what shows cells on a page, and tells what happened and how many charts it has."""

    def show(cells, name="page"):
        path = folder / "page.html"
        made = page(nbformat.v4.new_notebook(cells=[*cells, END]), name=name, shared=True)
        path.write_text(made, encoding="utf-8")
        happened, tab = visit(path)
        if tab.locator("main > h2#end").count() != 1:
            happened.append("the page is not whole")
        return happened, tab.locator(".plot").count()

    return show


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nothing_of_a_notebook_runs(payload, shown):
    """A payload in every field of a notebook neither runs, nor asks for anything, nor acts."""
    assert shown(_of_a_notebook(payload), payload) == ([], 0)


@pytest.mark.parametrize("first", SHARES)
def test_nothing_of_charts_and_data_runs(first, shown):
    """Nor does one in every field of a chart, or in every name of the data; it is found alone."""
    payloads = PAYLOADS[first::APART]
    cells = [[*_of_charts(payload), *_of_the_data(payload)] for payload in payloads]
    happened = shown(list(chain.from_iterable(cells)))
    if happened != ([], 5 * len(payloads)):
        alone = zip(payloads, map(shown, cells), strict=True)
        assert [(payload, found) for payload, found in alone if found != ([], 5)] == []
    assert happened == ([], 5 * len(payloads))


def test_nothing_of_an_index_runs(folder, visit):
    """The payloads in the titles, findings, faults and names that an index lists do not run."""
    listed = [
        Listed(
            p,
            {"place": p, "year": 2022, "lang": "en"},
            "page.html",
            p,
            p,
            "stale",
            said("fault.text", text=p),
            1,
        )
        for p in PAYLOADS
    ]
    (path,) = write_index(
        folder, listed, places=entries("places"), about=about(), drafts=folder, code="x"
    )
    happened, tab = visit(path)
    assert happened == []
    assert tab.locator(".report").count() >= len(PAYLOADS)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """Build all reports of a folder in which every text is hostile, with the command."""
    made = hostile.make(tmp_path_factory.mktemp("work"))
    command = [Path(sys.executable).with_name("petitionlib"), "batch", "--data", hostile.DATA]
    done = subprocess.run(command, cwd=made, check=False, capture_output=True, text=True)
    assert done.stdout.splitlines()[-2] == "Reports: 25 built, 3 failed. reports/index.html"
    return made


@pytest.fixture(scope="module")
def seen(work, visit):
    """Visit every page of the folder once, and return what was seen of it."""
    found = {}
    for path in sorted((work / "reports").glob("*.html")):
        happened, tab = visit(path)
        whole = tab.locator("body > main").count(), tab.locator("body > main > *").count() > 0
        faults = tab.locator(".attention li li").count()
        found[path.name] = Page(happened, whole, _all_text(tab), _seen(tab.title()), faults)
    return found


class Page(NamedTuple):
    """What was seen of a page."""

    happened: list
    whole: tuple
    text: str
    title: str
    faults: int


@pytest.mark.slow
def test_nothing_of_the_reports_of_a_hostile_folder_runs(seen):
    """Of sources, labels, notebooks, their names and parameters nothing runs on any page."""
    assert len(seen) == 25 + 2
    assert {name: one.happened for name, one in seen.items() if one.happened} == {}
    assert {name: one.whole for name, one in seen.items() if one.whole != (1, True)} == {}


@pytest.mark.slow
def test_hostile_text_is_read_as_text(seen):
    """Names stand on the pages letter by letter: in tables, titles, references and the index."""
    text = seen["compare_places.2022.en.html"].text
    assert [name for name in hostile.NAMES if _seen(name) not in text] == []
    text = seen["data_check.vi.html"].text
    assert [held for held in hostile.HELD if _seen(held) not in text] == []
    for i, name in enumerate(hostile.NAMES):
        assert seen[f"yearly_report.evil-{i}.2022.Y.vi.html"].title.startswith(_seen(name))
    index = seen["index.html"]
    assert [name for name in hostile.NAMES if _seen(name) not in index.text] == []
    assert index.faults == 3


@pytest.mark.slow
def test_nothing_of_a_single_hostile_page_runs(work, visit, monkeypatch):
    """Nothing runs of a page whose folder, notebook and parameter are hostile."""
    monkeypatch.chdir(work)
    built = pt.build_report(
        f"{hostile.NOTEBOOK}.ipynb", note=PAYLOADS[0], data=hostile.DATA, out=hostile.DATA + "/out"
    )
    happened, tab = visit(built.resolve())
    assert (happened, tab.title()) == ([], PAYLOADS[0])


def test_invisible_characters_are_refused(tmp_path):
    """What no page could show as it stands never gets into a table: the reader names its line."""
    refused = [p for p in PAYLOADS if text_fault(p.strip())]
    assert len(refused) == 5
    hostile.make(tmp_path)
    path = tmp_path / hostile.DATA / "codebook" / "places.csv"
    text = path.read_text(encoding="utf-8")
    for payload in refused:
        quoted = payload.strip().replace('"', '""')
        path.write_text(f'{text}x,"{quoted}",y,province,,,,,,\r\n', encoding="utf-8", newline="")
        with pytest.raises(TableError, match=r"places\.csv, line"):
            pt.read_tables(tmp_path / hostile.DATA)


def _all_text(tab):
    """Return the text of a page, also what is folded."""
    return _seen(tab.locator("body").evaluate("body => body.textContent"))


def _seen(text):
    """Return a text as a page writes it: on one line, no space apart from its unit."""
    return " ".join(text.split())


def _code(source, *outputs, tags=()):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def _shown(**data):
    made = {mime.replace("_", "/", 1): value for mime, value in data.items()}
    return nbformat.v4.new_output("display_data", data=made)


def _drawn(figure):
    return nbformat.v4.new_output("display_data", data={FIGURE: figure})


def _printed(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


END = nbformat.v4.new_markdown_cell("## end")


def _of_a_notebook(payload):
    """Make cells that have the payload in every field that a notebook has."""
    prose = nbformat.v4.new_markdown_cell(
        f"{payload}\n\n[{payload}]({payload}) ![{payload}]({payload}) <{payload}> `{payload}`\n\n"
        f"| {payload} |\n|---|\n| {payload} |\n\n> {payload}\n\n- [ ] {payload}\n"
    )
    prose["attachments"] = {payload: {"image/png": payload}}
    svg = {"image/svg+xml": payload, "text/plain": payload}
    failed = nbformat.v4.new_output("error", ename=payload, evalue=payload, traceback=[payload])
    cell = f"<table><tr><td>{payload}</td></tr></table>"
    return [
        nbformat.v4.new_markdown_cell(f"# {payload}\n\n{payload}"),
        _code(f"place = 1  # {payload}", tags=["parameters"]),
        _code("title", _printed(payload), tags=["title"]),
        _code("headline", _printed(payload), tags=["headline"]),
        prose,
        _code(payload, _printed(payload), _printed(payload, "stderr"), failed),
        _code("1", _shown(text_html=payload), _shown(text_markdown=payload)),
        _code("2", _shown(text_plain=payload), nbformat.v4.new_output("display_data", data=svg)),
        _code("3", _shown(image_png=payload, text_plain=payload)),
        _code("4", _shown(text_html=cell), tags=["figures"]),
    ]


def _of_charts(payload):
    """Make cells of charts that have the payload in every field that a chart has."""
    text = [payload, payload]
    trace = {
        "type": "scatter", "mode": "markers+text", "x": text, "y": [1, 2], "name": payload,
        "text": text,
        "hovertext": text, "customdata": text, "hovertemplate": f"%{{customdata}}{payload}",
        "legendgroup": payload, "ids": text,
    }  # fmt: skip
    axis = {"title": {"text": payload}, "ticktext": text, "ticksuffix": payload}
    layout = {
        "title": {"text": payload, "subtitle": {"text": payload}}, "xaxis": axis,
        "showlegend": True,
        "yaxis": {"title": {"text": payload}, "tickprefix": payload},
        "legend": {"title": {"text": payload}}, "meta": payload,
        "annotations": [{"text": payload, "hovertext": payload, "x": 0, "y": 1}],
        "images": [{"source": payload}, {"source": "http://x.test/a.png"}],
        "updatemenus": [{"buttons": [{"label": payload, "method": "skip"}]}],
    }  # fmt: skip
    told = {"alt": payload, "columns": [payload, payload], "rows": [[payload, payload]]}
    return [
        _code("5", _drawn({"data": [trace], "layout": layout})),
        _code("6", _drawn({"data": [trace | {"type": "bar"}], "layout": layout | {"meta": told}})),
    ]


def _of_the_data(payload):
    """Make cells of our own charts and sentences about data whose every name is the payload."""
    data = _hostile_table(payload)
    changes = pt.year_over_year(data)
    drawn = [
        pt.plot_trend(data, "evil", "whole"),
        pt.plot_changes(changes, "evil", 2023),
        pt.plot_composition(data, "evil", 2023, whole="whole"),
    ]
    here = changes[changes["year"] == 2023]
    text, ledger = pt.Text("en", data), pt.reconcile(data)
    said = [
        text.headline(here), text.title("evil", 2023), text.cautions(here),
        text.sources(pt.sources(data)), text.ledger(ledger),
    ]  # fmt: skip
    tables = [
        text.key_figures(here),
        text.comparisons(here),
        text.coverage(data),
    ]
    return [
        *(_code("d", _drawn(json.loads(figure.to_json()))) for figure in drawn),
        *(_code("s", _printed(line)) for line in said),
        *(_code("t", _shown(text_html=pt.show(one).html)) for one in tables),
    ]


def _hostile_table(payload):
    """Make a table whose place, figures and source are named by the payload."""
    codes = ("whole", "part")
    rows = [
        row(y, 100 * (y - 2020), place="evil", indicator=c) for y in (2022, 2023) for c in codes
    ]
    made = table(*rows)
    made.attrs["codebook"] = json.dumps(
        {
            "indicators": [[c, "petitions", "flow", payload, payload, "", ""] for c in codes],
            "places": [["evil", payload, payload, "province", "", "", "", "", "", ""]],
            "identities": [["own", "whole", "=", "part", "error", ""]],
        }
    )
    made.attrs["sources"] = json.dumps([["a", payload, payload, payload, "", payload]])
    return made
