"""The rules that every notebook keeps; that its outputs are true is nbval's part."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from petitionlib.text.text import Text

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
BILINGUAL = [path for path in NOTEBOOKS if path.stem != "tutorial"]
OF_A_PLACE = {"yearly_report", "trend_report"}
FIGURE = "application/vnd.plotly.v1+json"


def load(path):
    """Read a notebook as JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path, kind=None):
    """Return the cells of a notebook, or those of one kind."""
    return [c for c in load(path)["cells"] if kind in {None, c["cell_type"]}]


def source(cell):
    """Return the source of a cell as one text."""
    return "".join(cell["source"])


def tags(cell):
    """Return the tags of a cell."""
    return cell["metadata"].get("tags", [])


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    """Return each committed notebook in turn."""
    return request.param


def test_begins_with_a_title_and_a_question(notebook):
    """A notebook begins with its title and a paragraph that asks its question."""
    first = source(cells(notebook)[0])
    assert re.match(r"# .+\n\n.+\?", first)


def test_describes_every_parameter(notebook):
    """The first cell says what each parameter does."""
    first = source(cells(notebook)[0])
    names = re.findall(r"^(\w+):", source(parameters_cell(notebook)), re.MULTILINE)
    assert [name for name in names if f"`{name}`" not in first] == []


def parameters_cell(path):
    """Return the cell tagged parameters."""
    return next(c for c in cells(path, "code") if "parameters" in tags(c))


def test_parameters_are_at_most_five_typed_lines_with_help(notebook):
    """The first code cell is tagged parameters: plain lines `name: type = value  # help`."""
    first = cells(notebook, "code")[0]
    lines = source(first).splitlines()
    plain = [re.fullmatch(r"\w+: (str|int|float|bool) = \S+  # .+", line) for line in lines]
    assert (tags(first), len(lines) <= 5, all(plain)) == (["parameters"], True, True)


def test_has_one_import_and_one_load(notebook):
    """After the parameters comes one import; the tables are read once."""
    sources = [source(c) for c in cells(notebook, "code")]
    assert sources[1] == "import petitionlib as pt"
    assert sum(s.count("read_tables") for s in sources) == 1
    assert sum("import " in s for s in sources) == 1


def test_cells_are_short_and_without_logic(notebook):
    """A code cell has at most six lines and no def, loop, condition, class or try."""
    logic = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.Lambda)
    for cell in cells(notebook, "code"):
        assert len(source(cell).splitlines()) <= 6
        assert not any(isinstance(node, logic) for node in ast.walk(ast.parse(source(cell))))


def test_every_section_has_a_heading_and_prose_before_its_cell(notebook):
    """Each chart, table or sentence stands under a heading; title and finding are one already."""
    body = cells(notebook)
    start = next(i for i, c in enumerate(body) if "parameters" in tags(c)) + 1
    for before, cell in zip(body[start:], body[start + 1 :], strict=False):
        if (
            cell["cell_type"] == "code"
            and cell["outputs"]
            and not {*tags(cell)} & {"title", "headline"}
        ):
            assert source(before).startswith("## ")


def test_prose_repeats_no_number_from_an_output(notebook):
    """Numbers that could change stand in outputs alone."""
    prose = "\n".join(source(c) for c in cells(notebook, "markdown"))
    assert re.findall(r"\d[\d.,]{2,}\d|\d+[.,]\d+", prose) == []


def test_is_committed_executed_in_order(notebook):
    """Outputs are stored, and the cells were run once, from top to bottom."""
    counts = [c["execution_count"] for c in cells(notebook, "code")]
    assert counts == list(range(1, len(counts) + 1))
    assert any(c["outputs"] for c in cells(notebook, "code"))


def test_stores_nothing_that_differs_from_run_to_run(notebook):
    """No times, versions, paths or kernel names of one machine are stored."""
    stored = load(notebook)
    assert sorted(stored["metadata"].keys() - {"petitionlib"}) == ["kernelspec", "language_info"]
    assert stored["metadata"]["language_info"] == {"name": "python"}
    assert {key for c in stored["cells"] for key in c["metadata"]} <= {"jupyter", "tags"}
    assert str(Path.home()) not in notebook.read_text(encoding="utf-8")


def test_declares_its_place_where_it_is_about_one(notebook):
    """A report about a place sees its rows and those of its direct children; the others see all."""
    expected = {"reads": {"place": "place"}} if notebook.stem in OF_A_PLACE else None
    assert load(notebook)["metadata"].get("petitionlib") == expected


def test_stores_figures_as_small_readable_json(notebook):
    """A figure is stored as JSON alone: no script, no picture, no base64 arrays."""
    outputs = [o for c in cells(notebook, "code") for o in c["outputs"]]
    figures = [o["data"] for o in outputs if FIGURE in o.get("data", {})]
    assert [sorted(data) for data in figures] == [[FIGURE]] * len(figures)
    assert all("bdata" not in json.dumps(data) for data in figures)
    assert all(len(json.dumps(data)) < 8_000 for data in figures)


def test_has_no_error_and_no_warning(notebook):
    """A committed notebook ran without errors and without a word on stderr."""
    outputs = [o for c in cells(notebook, "code") for o in c["outputs"]]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []


@pytest.mark.parametrize("path", BILINGUAL, ids=lambda path: path.stem)
def test_prose_comes_in_both_languages(path):
    """Each Markdown cell of a report stands once in English and once in Vietnamese."""
    languages = [tags(c) for c in cells(path, "markdown")]
    assert languages == [["lang-en"], ["lang-vi"]] * (len(languages) // 2)


@pytest.mark.parametrize("path", BILINGUAL, ids=lambda path: path.stem)
def test_every_output_follows_the_language(path):
    """Each call that writes for readers is given the language, said once in a `Text`."""
    calls = [source(c) for c in cells(path, "code") if c["outputs"]]
    spoken = re.compile(r"\btext\.|text=text|lang=lang")
    assert [call for call in calls if not spoken.search(call)] == []


@pytest.mark.parametrize("path", BILINGUAL, ids=lambda path: path.stem)
def test_jupyterlab_shows_one_language(path):
    """The prose of the language that is not the default is folded in JupyterLab."""
    folded = [c["metadata"].get("jupyter", {}) for c in cells(path, "markdown")]
    assert folded == [{}, {"source_hidden": True}] * (len(folded) // 2)


@pytest.fixture
def elsewhere(tmp_path, root):
    """Return a folder with copies of data/ and notebooks/, far from the repository."""
    shutil.copytree(root / "data", tmp_path / "data")
    shutil.copytree(root / "notebooks", tmp_path / "notebooks")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_under_plain_papermill_from_any_folder(path, root, tmp_path, monkeypatch):
    """`papermill` alone runs a notebook from anywhere, with the data named by the environment."""
    monkeypatch.setenv("PETITIONLIB_DATA", str(root / "data"))
    done = run([sys.executable, "-m", "papermill", str(path), "out.ipynb"], tmp_path)
    assert (done.returncode, outputs(tmp_path / "out.ipynb")) == (0, outputs(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_under_plain_nbconvert_from_any_folder(path, elsewhere):
    """`jupyter nbconvert --execute` alone runs a notebook, from the notebook's folder."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--execute", "--to", "notebook"]
    done = run([*command, "--output-dir", str(elsewhere), path.name], elsewhere / "notebooks")
    assert (done.returncode, outputs(elsewhere / path.name)) == (0, outputs(path))


def run(command, folder):
    """Run a command as a person would, in a folder."""
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


def outputs(path):
    """Return what the cells showed, without what papermill adds."""
    shown = [c["outputs"] for c in cells(path, "code") if "injected-parameters" not in tags(c)]
    return [joined(comparable(output) for output in cell) for cell in shown]


def joined(outputs):
    """Join texts that followed one another: in how many pieces they come depends on the moment."""
    pieces = []
    for kind, text, data in outputs:
        if pieces and kind == pieces[-1][0] == "stream":
            pieces[-1] = (kind, pieces[-1][1] + text, data)
        else:
            pieces.append((kind, text, data))
    return pieces


def comparable(output):
    """Return what a reader sees of an output, however its text is stored."""
    data = {m: "".join(t) if isinstance(t, list) else t for m, t in output.get("data", {}).items()}
    data.pop("application/vnd.jupyter.widget-view+json", None)  # lives as long as its kernel
    return output["output_type"], "".join(output.get("text", "")), data


def test_any_changed_figure_changes_what_data_check_shows(shipped):
    """Whichever figure of a table is changed by one, the fingerprint of its year is another."""
    before = Text("en", shipped).tables(shipped)["Fingerprint"]
    for column in ("value", "change", "change_percent"):
        for position in shipped.index[shipped[column].notna()]:
            changed = shipped.loc[shipped["year"] == shipped.loc[position, "year"]].copy()
            changed.loc[position, column] += 1
            year = str(shipped.loc[position, "year"])
            assert Text("en", changed).tables(changed)["Fingerprint"].tolist() != [before[year]]


def test_no_table_is_cut(notebook):
    """No cell of a table ends in three dots, and no row is left out."""
    text = notebook.read_text(encoding="utf-8")
    assert re.findall(r"\.\.\.</td>|<td>\.\.\.</td>|<th>\.\.\.</th>", text) == []
