"""A changed notebook is told in the reader's terms; an error in one as nbval tells it."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from notebook_changes import DATA, FIGURE, told
from test_notebooks import load

from petitionlib.reports.build import store_outputs


def stream(text):
    """Make the output of a print."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**data):
    """Make a displayed output of a figure or a table."""
    kinds = {"figure": FIGURE, "html": "text/html", "text": "text/plain", "data": DATA}
    return {"output_type": "display_data", "data": {kinds[k]: v for k, v in data.items()}}


def figure(rows, title="Can Tho, 2023. Petitions received", **other):
    """Make a figure that tells its points."""
    meta = {"alt": "", "columns": ["Period", "Petitions received"], "rows": rows}
    return shown(figure={"data": [], "layout": {"title": {"text": title}, "meta": meta} | other})


TREND = 'pt.plot_trend(table, place, "petitions.received")'


def test_a_point_of_a_trend():
    """Chart, place, series and year are named, then the old figure and the new one."""
    old, new = (
        figure([["2022", "3,108"], ["2023", "5"]]),
        figure([["2022", "3,109"], ["2023", "5"]]),
    )
    assert told([old], [new], TREND) == ["trend, Can Tho, 2022, Petitions received: 3,108 → 3,109"]


def test_a_point_that_comes_or_goes():
    """A year that is added or lost is named with its figure."""
    old, new = figure([["2021", "7"]]), figure([["2022", "8"]])
    assert told([old], [new], TREND) == [
        "trend, Can Tho, 2021: no longer there (7)",
        "trend, Can Tho, 2022: new (8)",
    ]


def test_a_figure_that_tells_nothing_is_read_from_its_traces():
    """Points are named by series and place; bars by their label."""
    line = {"type": "scatter", "name": "visits", "x": [2021, 2022], "y": [1, 2]}
    bars = {"type": "bar", "orientation": "h", "x": [4], "y": ["Can Tho<br><b>+4</b>"]}
    old = shown(figure={"data": [line, bars], "layout": {}})
    new = shown(figure={"data": [line | {"y": [1, 3]}, bars | {"x": [5]}], "layout": {}})
    assert told([old], [new]) == ["figure, visits, 2022: 2 → 3", "figure, Can Tho +4: 4 → 5"]


def test_a_title_alone():
    """Where no point changed, the words of the title are compared."""
    old, new = figure([["2022", "8"]], "Can Tho, up 4"), figure([["2022", "8"]], "Can Tho, up 5")
    assert told([old], [new], TREND) == ["trend, Can Tho, title: “Can Tho, up 4” → “Can Tho, up 5”"]


def test_the_drawing_alone():
    """Where nothing that is said changed, the parts of the drawing are named."""
    old, new = figure([["2022", "8"]], height=90), figure([["2022", "8"]], height=91)
    assert told([old], [new], TREND) == ["trend, Can Tho, drawing: layout.height: 90 → 91"]


def test_printed_words():
    """Of a sentence the changed words are shown, with those before them."""
    old = stream("Visits: 7.\nPetitions received: 3,108 petitions, up 472 on 2021.\n")
    new = stream("Visits: 7.\nPetitions received: 3,109 petitions, up 473 on 2021.\n")
    assert told([old], [new]) == [
        "“Petitions received: 3,108” → “Petitions received: 3,109”",
        "“… 3,108 petitions, up 472” → “… 3,108 petitions, up 473”",
    ]


def test_printed_lines():
    """A sentence that is added or lost is shown whole."""
    assert told([stream("a\nb\n")], [stream("a\nb\nc\n")]) == ["new line: c"]
    assert told([stream("a\nb\nc\n")], [stream("a\nc\n")]) == ["line no longer there: b"]


def table_of(*rows):
    """Make the HTML of a table, its first row the header, with its text."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return shown(html=f"<table>{body}</table>", text=str(rows))


def test_a_cell_of_a_table():
    """Row label and column are named; the text beside the HTML is not told again."""
    head = ["", "Published", "Change"]
    old = table_of(head, ["Visits", "2,650", "+1"], ["Groups", "3", ""])
    new = table_of(head, ["Visits", "2,651", "+1"], ["Groups", "3", "+2"])
    assert told([old], [new]) == ["Visits, Published: 2,650 → 2,651", "Groups, Change: blank → +2"]


def test_rows_of_one_name():
    """Rows of the same name are told apart by the cells that follow."""
    head = ["", "Period", "Published"]
    old = table_of(head, ["Visits", "2021", "1"], ["Visits", "2022", "2"])
    new = table_of(head, ["Visits", "2021", "1"], ["Visits", "2022", "3"])
    assert told([old], [new]) == ["Visits, 2022, Published: 2 → 3"]


def test_rows_and_columns_that_come_or_go():
    """A row or a column that is there on one side only is named."""
    old = table_of(["", "A"], ["x", "1"], ["y", "2"])
    new = table_of(["", "A", "B"], ["x", "1", "5"])
    assert told([old], [new]) == ["column B: new", "y: no longer there (2)"]


def test_the_data_of_a_table():
    """What readers see is told in their words; what only programs see, by the heads."""
    html = "<table><tr><th>Source</th></tr><tr><td>{}</td></tr></table>"
    fields = [{"name": n, "title": n.title()} for n in ("source", "decimals")]
    old, new, other = (
        shown(html=html.format(words), data={"schema": {"fields": fields}, "data": rows})
        for words, rows in (
            ("a", [{"source": "a", "decimals": 1}]),
            ("a", [{"source": "a", "decimals": 2}]),
            ("b", [{"source": "b", "decimals": 2}]),
        )
    )
    assert told([old], [new]) == ["data: a, Decimals: 1 → 2"]
    assert told([new], [other]) == ["a: no longer there ()", "b: new ()"]


def test_an_output_that_is_not_there():
    """An output that is added or lost is named by its kind."""
    assert told([stream("a")], []) == ["printed text: no longer there"]
    assert told([], [figure([])]) == ["figure: new"]


def test_the_list_is_not_endless():
    """Of many changes the first are told, and how many there are more."""
    old = stream("\n".join(f"{n} a" for n in range(30)))
    new = stream("\n".join(f"{n} b" for n in range(30)))
    lines = told([old], [new])
    assert (len(lines), lines[-1]) == (13, "and 18 more")


CHANGED = [
    ("plot_trend", "3,108 petitions", "3,107 petitions",
     "trend, Can Tho, 2022, Petitions received: 3,107 petitions → 3,108 petitions"),
    ("plot_changes", "2,433 visits", "2,432 visits",
     "changes, Can Tho, Visits received, A year before: 2,432 visits → 2,433 visits"),
    ("plot_composition", "798 petitions", "797 petitions",
     "composition, Can Tho, feedback, Published: 797 petitions → 798 petitions"),
    ("text.ledger", "difference 214", "difference 215",
     "“… = 1,731; difference 215,” → “… = 1,731; difference 214,”"),
    ("text.comparisons", "3,108 petitions", "3,107 petitions",
     "Petitions received, Published: 3,107 petitions → 3,108 petitions"),
]  # fmt: skip


@pytest.mark.slow
def test_pytest_says_it(root, tmp_path, monkeypatch):
    """A failing test says notebook, cell and change of each kind of output, and shows no JSON."""
    monkeypatch.setenv("PETITIONLIB_DATA", str(root / "data"))
    path = tmp_path / "yearly_report.ipynb"
    text = (root / "notebooks" / path.name).read_text(encoding="utf-8")
    text = text.replace(r"place: str = \"\"", r"place: str = \"can-tho\"")
    path.write_text(text.replace("year: int = 0", "year: int = 2022"), encoding="utf-8")
    store_outputs(path)
    notebook = load(path)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    expected = []
    for source, new, old, line in CHANGED:
        number = next(n for n, cell in enumerate(cells) if source in "".join(cell["source"]))
        stored = json.dumps(cells[number]["outputs"], ensure_ascii=False)
        assert new in stored
        cells[number]["outputs"] = json.loads(stored.replace(new, old))
        expected.append(f"yearly_report, cell {number + 1}, {line}")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    printed = run_pytest("yearly_report.ipynb", tmp_path, root)
    assert [line for line in expected if line not in printed] == []
    assert "customdata" not in printed


@pytest.mark.slow
def test_an_error_in_a_cell_is_left_to_nbval(root, tmp_path, write):
    """A cell that fails shows its input and its traceback, as before."""
    path = write(tmp_path / "fails.ipynb", "1 / 0")
    printed = run_pytest(path.name, tmp_path, root)
    assert "Cell execution caused an exception" in printed
    assert "ZeroDivisionError" in printed


def run_pytest(name, folder, root):
    """Run a notebook in pytest as this project does, far from it, and return what is printed."""
    shutil.copy(root / "pyproject.toml", folder)
    environment = os.environ | {
        "PETITIONLIB_DATA": str(root / "data"),
        "PYTHONPATH": str(root / "tests"),
    }
    command = [sys.executable, "-m", "pytest", "-p", "notebook_changes", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, name], cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    return done.stdout
