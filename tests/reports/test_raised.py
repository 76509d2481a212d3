"""A cell that raised: the line of its code that did, and what it said."""

from types import SimpleNamespace

import pytest

from petitionlib.errors import NotebookError
from petitionlib.reports.execute import cause_of, run_notebook


def error(source="x = 1\n1 / 0", traceback=(), count=2, name="ValueError", value="no"):
    """Make what papermill raises for a cell."""
    return SimpleNamespace(
        source=source, traceback=list(traceback), exec_count=count, ename=name, evalue=value
    )


@pytest.mark.parametrize(
    ("sources", "cause"),
    [
        pytest.param(
            ["def share(a):\n    return a / 0", "y = 3\nshare(y)"],
            "line 2 (`share(y)`) raised ZeroDivisionError: division by zero",
            id="a function of another cell",
        ),
        pytest.param(
            ["def share(a):\n    return a / 0\nshare(3)"],
            "line 2 (`return a / 0`) raised ZeroDivisionError: division by zero",
            id="a function of the cell",
        ),
        pytest.param(
            ["\nx = 5\nassert x == 4"], "line 3 (`assert x == 4`) raised AssertionError", id="blank"
        ),
        pytest.param(["1 +"], "line 1 (`1 +`) raised SyntaxError: invalid syntax", id="syntax"),
        pytest.param(
            ["import petitionlib as pt\npt.read_tables('no')"],
            "line 2 (`pt.read_tables('no')`) raised DataNotFoundError: no is not there;"
            " name a folder of tables, or one table",
            id="an error of ours",
        ),
    ],
)
def test_the_line_that_raised_is_named(tmp_path, write, sources, cause):
    """The innermost line of the cell is named with its number, as the kernel tells it."""
    path = write(tmp_path / "n.ipynb", *sources, parameters="p: int = 1")
    with pytest.raises(NotebookError) as caught:
        run_notebook(path, {"p": 1})
    assert (caught.value.cause, caught.value.cell) == (cause, len(sources) + 1)


def test_colours_are_no_part_of_it():
    """The numbers are found between the escape sequences of IPython."""
    told = ["\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[2]\x1b[39m\x1b[32m, line 2\x1b[39m"]
    assert str(cause_of(error(traceback=told))) == "line 2 (`1 / 0`) raised ValueError: no"


@pytest.mark.parametrize(
    "told", [[], ["Cell In[2], line 9"], ["Cell In[7], line 1"], ["----> 1 elsewhere()"]]
)
def test_a_line_that_nobody_tells_is_left_out(told):
    """Where the line is not told, or is none of the cell's, the fault stands alone."""
    assert str(cause_of(error(traceback=told))) == "ValueError: no"


def test_it_is_one_line_of_a_bearable_length():
    """Of a long message the first line is told, cut; so is a long line of code."""
    cause = str(cause_of(error(source="x" * 500, value="a" * 10**6 + "\nmore")))
    assert ("\n" in cause, cause.count("…"), len(cause) < 450) == (False, 2, True)


def test_a_kernel_that_says_nothing():
    """A kernel of another language may give neither a name nor a word."""
    assert str(cause_of(error(name="", value=""))) == "error"


def test_the_first_words_of_an_error_are_told():
    """A message that begins with a blank line, as numpy's do, is told by its first words."""
    told = cause_of(error(source="check()", count=1, value="\nArrays are not equal\n\n1 of 3"))
    assert str(told) == "line 1 (`check()`) raised ValueError: Arrays are not equal"
