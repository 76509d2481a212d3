"""Errors: one line each, their facts as attributes, and whole after a trip between processes."""

import copy
import json
import pickle
import traceback
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from petitionlib.errors import (
    DataNotFoundError,
    NotebookError,
    ParameterError,
    PetitionlibError,
    Problem,
    Said,
    TableError,
    did_you_mean,
    joined,
    said,
)
from petitionlib.tables.read import read_tables

NUMBER = said("fault.number", column="value", cell="x", remedy=said("fault.blank_unpublished"))
NUMBER_TOLD = (
    "data/2022.csv, line 14: value 'x' is not a number like 2650 or 95.67;"
    " leave it blank if it was not published"
)
PROBLEM = Problem("data/2022.csv", 14, "value", "x", *NUMBER)
ERRORS = [
    pytest.param(TableError([PROBLEM]), id="table"),
    pytest.param(DataNotFoundError("No table for 2021", ["2022", "2023"]), id="data"),
    pytest.param(ParameterError("no parameter 'yaer'", "trend", "yaer"), id="parameter"),
    pytest.param(ParameterError("not a notebook", "trend"), id="parameter of no name"),
    pytest.param(NotebookError("trend.ipynb", 3, "KeyError: 'x'"), id="notebook"),
    pytest.param(NotebookError(Path("trend.ipynb"), None, "no kernel"), id="no one cell"),
]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(14, "data/2022.csv, line 14: is blank", id="of a line"),
        pytest.param(None, "data/2022.csv: is blank", id="of the whole file"),
    ],
)
def test_problem_is_one_line_with_the_place_first(line, expected):
    """A problem is written as file, line where there is one, and message."""
    assert expected == str(Problem("data/2022.csv", line, None, None, *said("fault.blank")))


def test_table_error_lists_its_problems_one_a_line():
    """A table error says every problem on a line of its own and keeps them as a list."""
    other = Problem("data/2023.csv", None, None, None, *said("fault.blank"))

    error = TableError(problem for problem in (PROBLEM, other))

    assert [PROBLEM, other] == error.problems
    assert f"{NUMBER_TOLD}\ndata/2023.csv: is blank" == str(error)


def test_data_not_found_says_the_sentence_and_carries_what_there_is():
    """A missing thing is told by its sentence alone; what is available is an attribute."""
    error = DataNotFoundError("No table for 2021", (year for year in (2022, 2023)))

    assert "No table for 2021" == str(error)
    assert [2022, 2023] == error.available


def test_data_not_found_needs_no_list():
    """A missing thing without alternatives has an empty list of them."""
    assert [] == DataNotFoundError("No data folder").available


def test_parameter_error_carries_notebook_and_parameter():
    """A parameter error is told by its sentence; notebook and parameter are attributes."""
    error = ParameterError("trend has no parameter 'yaer'", "trend", "yaer")

    assert "trend has no parameter 'yaer'" == str(error)
    assert ("trend", "yaer") == (error.notebook, error.parameter)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param(3, "trend.ipynb, cell [3]: KeyError: 'x'", id="of a cell"),
        pytest.param(None, "trend.ipynb: KeyError: 'x'", id="of no one cell"),
    ],
)
def test_notebook_error_says_where_and_why(cell, expected):
    """A notebook error is one line: notebook, cell where there is one, and cause."""
    error = NotebookError(Path("trend.ipynb"), cell, "KeyError: 'x'")

    assert expected == str(error)
    assert ("trend.ipynb", cell, "KeyError: 'x'") == (error.notebook, error.cell, error.cause)


def test_an_error_is_a_code_with_values():
    """What is said is the key of a sentence and what it names; the remedy is of the same kind."""
    error = TableError([PROBLEM])

    assert ("fault.number", "x") == (PROBLEM.code, PROBLEM.values["cell"])
    assert Said("fault.blank_unpublished", {}) == PROBLEM.values["remedy"]
    assert "fault.lines" == error.code
    assert str(error) == error.told("en") == NUMBER_TOLD


def test_an_error_is_told_in_vietnamese():
    """Place, fault, remedy and the nearest word are told in the language."""
    near = did_you_mean("petition.received", ["petitions.received"])
    fault = said("fault.not_in_codebook", column="indicator", cell="petition.received", near=near)
    error = NotebookError("n.ipynb", 3, fault)

    assert (
        "data/2022.csv, dòng 14: cột value: 'x' không phải là số ghi như 2650 hoặc 95.67;"
        " để trống nếu không công bố"
    ) == TableError([PROBLEM]).told("vi")
    assert (
        "n.ipynb, ô lệnh [3]: indicator 'petition.received' không có trong danh mục mã;"
        " có phải 'petitions.received' không?"
    ) == error.told("vi")
    assert "'a' hoặc 'b'" == joined("fault.or", ["'a'", "'b'"]).told("vi")


def test_a_table_in_memory_is_told_in_the_language():
    """A table that has no file is named in words."""
    error = TableError.of_table(said("fault.table_column", column="year"), "year")

    assert str(error).startswith("table: has no column 'year'")
    assert error.told("vi").startswith("bảng: không có cột 'year'")


def test_what_is_said_goes_through_json():
    """Code and values come back from JSON as they were, said values and lists of them too."""
    whole = TableError([PROBLEM]).said

    assert whole == Said.from_dict(json.loads(json.dumps(whole.as_dict())))


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param({"code": "fault.none_such", "values": {}}, id="code"),
        pytest.param({"code": "fault.not_there", "values": {"other": 1}}, id="values"),
        pytest.param({"code": "fault.not_there"}, id="nothing"),
    ],
)
def test_what_nobody_can_tell_is_refused(stored):
    """A record of another version, whose sentence is not there, is noticed when it is read."""
    with pytest.raises(KeyError):
        Said.from_dict(stored)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    "trip",
    [
        pytest.param(lambda error: pickle.loads(pickle.dumps(error)), id="pickled"),  # noqa: S301
        pytest.param(copy.deepcopy, id="copied"),
    ],
)
def test_errors_survive_a_trip(error, trip):
    """An error that crosses processes keeps its type, its sentence and its facts."""
    back = trip(error)

    assert (type(error), str(error), vars(error)) == (type(back), str(back), vars(back))


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_a_petitionlib_error(error):
    """One except clause catches all that petitionlib raises on purpose."""
    assert isinstance(error, PetitionlibError)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        pytest.param(TableError, ValueError, id="table"),
        pytest.param(DataNotFoundError, LookupError, id="data"),
        pytest.param(ParameterError, ValueError, id="parameter"),
        pytest.param(NotebookError, RuntimeError, id="notebook"),
    ],
)
def test_errors_are_also_what_python_calls_them(error, builtin):
    """Each error is also the built-in error that a caller would expect."""
    assert issubclass(error, builtin)


@pytest.fixture
def failed(tmp_path, monkeypatch):
    """Run a cell that fails in IPython, and return what the reader is shown."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))

    def run(cell):
        shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
        shown = []
        shell._showtraceback = lambda _, __, lines: shown.extend(lines)
        shell.run_cell(cell)
        return "\n".join(shown)

    return run


def test_a_notebook_shows_the_line_and_the_message(failed):
    """Who asks for what is not there sees the own line and one sentence, and none of our frames."""
    told = failed("import petitionlib as pt\nx = 1\npt.read_tables('nowhere')")
    assert told.splitlines()[0] == "----> 3 pt.read_tables('nowhere')"
    assert "DataNotFoundError" in told.splitlines()[-1]
    assert "nowhere" in told.splitlines()[-1]
    assert "petitionlib/" not in told.replace("nowhere", "")
    assert len(told.splitlines()) == 3


def test_the_line_is_that_of_ones_own_function(failed):
    """Where a function of one's own asked, its line is shown."""
    told = failed("import petitionlib as pt\ndef load():\n    return pt.read_tables('no')\nload()")
    assert told.splitlines()[0] == "----> 3 return pt.read_tables('no')"


def test_an_error_of_ours_that_was_raised_by_hand(failed):
    """An error that never came from our code is shown with the line that raised it."""
    told = failed("from petitionlib.errors import BatchError\nraise BatchError('full')")
    assert told.splitlines()[0] == "----> 2 raise BatchError('full')"


def test_plain_python_shows_the_whole_traceback():
    """Outside of notebooks nothing is hidden."""
    with pytest.raises(DataNotFoundError) as caught:
        read_tables("nowhere")
    assert "read.py" in "".join(traceback.format_exception(caught.value))
