"""A notebook is executed in a kernel of its own and comes back with its outputs."""

import json

import pytest

from petitionlib.errors import NotebookError
from petitionlib.reports.execute import run_notebook


def test_printed_texts_that_follow_one_another_are_one(tmp_path, write):
    """In how many pieces a text comes depends on the moment; a stored notebook does not."""
    code = "import time\nfor i in range(3):\n    print(i, flush=True)\n    time.sleep(0.3)\n"
    path = write(tmp_path / "slow.ipynb", code)
    (cell,) = run_notebook(path, {}).cells
    assert [output["text"] for output in cell["outputs"]] == ["0\n1\n2\n"]


def test_the_file_stays_as_it_was(tmp_path, write):
    """Running a notebook writes neither into it nor beside it."""
    path = write(tmp_path / "n.ipynb", "print(n)", parameters="n: int = 1  # any")
    before = path.read_bytes()
    executed = run_notebook(path, {"n": 5})
    assert [c["outputs"][0]["text"] for c in executed.cells if c.get("outputs")] == ["5\n"]
    with pytest.raises(NotebookError, match="NameError"):
        run_notebook(write(tmp_path / "m.ipynb", "unknown"), {})
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.ipynb", "n.ipynb"]


def test_braces_in_a_path_are_no_parameters(tmp_path, write):
    """A folder or notebook with braces in its name runs like any other."""
    (tmp_path / "a {year}").mkdir()
    path = write(tmp_path / "a {year}" / "n.ipynb", "print('ran')", parameters="n: int = 1  # any")
    executed = run_notebook(path, {"n": 2})
    assert executed.cells[-1]["outputs"][0]["text"] == "ran\n"


def tagged(path, *tags):
    """Give the cells of a notebook these tags in turn."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell, tag in zip(notebook["cells"], tags, strict=True):
        cell["metadata"]["tags"] = [tag] if tag else []
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_marks_of_an_earlier_failure_are_left_out(tmp_path, write):
    """Cells in which papermill told that an earlier run had failed are no part of a report."""
    path = write(tmp_path / "n.ipynb", "'An Exception was encountered'", "1", "1 / 0")
    tagged(path, "papermill-error-cell-tag", "", "")
    with pytest.raises(NotebookError) as caught:
        run_notebook(path, {})
    assert caught.value.cell == 2


@pytest.mark.parametrize(
    ("tag", "cell"),
    [
        pytest.param("", 4, id="a cell is added"),
        pytest.param("injected-parameters", 4, id="a cell is replaced"),
    ],
)
def test_the_failing_cell_has_the_number_that_its_reader_sees(tmp_path, write, tag, cell):
    """The number is that of the notebook as it lies there, whatever papermill injects."""
    path = write(tmp_path / "n.ipynb", "a = 2", "a", "1 / 0", parameters="a: int = 1  # any")
    tagged(path, "parameters", tag, "", "")
    with pytest.raises(NotebookError) as caught:
        run_notebook(path, {"a": 3})
    assert caught.value.cell == cell
