"""What a notebook takes: found, read and checked without running it."""

from pathlib import Path

import pytest

from petitionlib.errors import DataNotFoundError, NotebookError, ParameterError
from petitionlib.files import shipped
from petitionlib.reports import parameters
from petitionlib.reports.parameters import (
    Parameter,
    find_notebook,
    notebook_parameters,
    parse_value,
    read_notebook,
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Work in a folder with an empty notebooks/."""
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)


def test_a_notebook_is_found_by_path_and_by_name(write, tmp_path):
    """A path is taken as it is; a name is looked for in notebooks/, then among the shipped."""
    own = write(tmp_path / "notebooks" / "yearly_report.ipynb", "1")
    assert find_notebook("yearly_report") == Path("notebooks/yearly_report.ipynb")
    assert find_notebook(own) == own
    assert find_notebook("tutorial") == shipped("notebooks") / "tutorial.ipynb"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("yearly_reprot", "did you mean 'yearly_report'?", id="misspelt"),
        pytest.param(
            "../notebooks/x", "there are compare_places, data_check", id="a path without ending"
        ),
        pytest.param("missing.ipynb", "No notebook 'missing.ipynb'", id="a path"),
    ],
)
def test_a_notebook_that_is_not_there_is_named(tmp_path, name, message):
    """The error says which notebooks there are."""
    with pytest.raises(DataNotFoundError) as caught:
        find_notebook(name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("not json", "cannot be read as a notebook", id="text"),
        pytest.param("[]", "is not a notebook: it has no cells", id="other json"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content, message):
    """A damaged notebook ends in one sentence."""
    Path("bad.ipynb").write_text(content)
    with pytest.raises(NotebookError, match=message):
        read_notebook(Path("bad.ipynb"))


def test_parameters_are_read_without_running(write, tmp_path):
    """Each plain line of the parameters cell gives name, type, default and help."""
    lines = (
        "place: str = 'can-tho'  # a place",
        "limit: int | None = None",
        "ratio = 0.5",
        "when = today()",
        "print('not a parameter')",
        "a, b = 1, 2",
        "nothing = None",
    )
    path = write(tmp_path / "n.ipynb", parameters="\n".join(lines))
    assert notebook_parameters(path) == [
        Parameter("place", "str", "can-tho", "a place"),
        Parameter("limit", "int | None", None, ""),
        Parameter("ratio", "float", 0.5, ""),
        Parameter("when", "object", "today()", ""),
        Parameter("nothing", "object", None, ""),
    ]


def test_a_notebook_without_a_parameters_cell_takes_none(write, tmp_path):
    """Where no cell is tagged, every parameter is refused."""
    path = write(tmp_path / "n.ipynb", "1")
    assert notebook_parameters(path) == []
    with pytest.raises(ParameterError, match=r"n has no parameter 'year'; it takes none\."):
        parameters.check_parameters(path, {"year": 1})


def test_a_parameters_cell_with_a_mistake_is_named(write, tmp_path):
    """A syntax error in the parameters is an error of that cell."""
    path = write(tmp_path / "n.ipynb", parameters="place: str =")
    with pytest.raises(NotebookError, match=r"n\.ipynb, cell \[1\]: SyntaxError"):
        notebook_parameters(path)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param("int", "2022", 2022, id="int"),
        pytest.param("float", "0.5", 0.5, id="float"),
        pytest.param("bool", "Yes", True, id="bool"),
        pytest.param("str", "2022", "2022", id="text stays text"),
        pytest.param("list", "[1, 2]", [1, 2], id="list"),
        pytest.param("int | None", "None", None, id="none"),
        pytest.param("Optional[int]", "5", 5, id="optional"),
        pytest.param("date", "2022-01-01", "2022-01-01", id="another type"),
    ],
)
def test_text_of_the_command_line_becomes_the_declared_type(kind, text, value):
    """The type that the notebook declares decides what a text means."""
    assert parse_value(Parameter("p", kind, None, ""), text, "n") == value


@pytest.mark.parametrize("kind", ["int", "float", "bool", "list"])
def test_text_that_does_not_fit_is_refused(kind):
    """A text that is not of the type is an error that names the parameter."""
    with pytest.raises(ParameterError, match=r"n: p takes .*, not 'x y'\."):
        parse_value(Parameter("p", kind, None, ""), "x y", "n")


@pytest.mark.parametrize(
    ("kind", "value", "fitted"),
    [
        pytest.param("float", 1, 1.0, id="a whole number is a number"),
        pytest.param("int | None", None, None, id="none where allowed"),
        pytest.param("list[str]", ["a"], ["a"], id="a list of anything"),
        pytest.param("date", "x", "x", id="an unknown type takes anything"),
    ],
)
def test_values_that_fit_are_taken(kind, value, fitted):
    """A value of the declared type goes through."""
    assert parameters._fit(Parameter("p", kind, None, ""), value, "n") == fitted


def test_a_value_that_does_not_fit_is_told_in_brief():
    """A long value is not repeated whole, and a list is shown by an example."""
    for text in ("[" * 10**5, "9" * 10**4 + "x"):
        with pytest.raises(ParameterError) as caught:
            parse_value(Parameter("p", "list", [], ""), text, "n")
        assert "p takes a list, like [1, 2], not '" in str(caught.value)
        assert len(str(caught.value)) < 100
