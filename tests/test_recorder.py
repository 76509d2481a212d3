"""Which figures a notebook reads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from petitionlib.shelf import content_of

DATA = Path(__file__).parents[1] / "data"
PRELUDE = """
import petitionlib as pt
table = pt.read_tables()
place, year = "can-tho", 2022
"""


FORKING = """
import json, os, sys, traceback
import petitionlib as pt
from petitionlib import recorder, tables
answers, sys.stdout = sys.stdout, sys.stderr
for name in pt.__all__:
    getattr(pt, name)
for line in sys.stdin:
    if not os.fork():
        try:
            exec(json.loads(line), {})
            told = recorder.reads()
        except Exception:
            told = {"raised": traceback.format_exc()}
        print(json.dumps(told), file=answers, flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def notebooks():
    """Start a process that has imported the package with an account kept; it forks to run lines."""
    environment = os.environ | {"PETITIONLIB_RECORD": "1", "PETITIONLIB_DATA": str(DATA)}
    with subprocess.Popen(
        [sys.executable, "-c", FORKING],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        process.stdin.close()


@pytest.fixture
def read(notebooks):
    """Run lines of a notebook with an account kept, and return what they read."""

    def run(code, prelude=PRELUDE):
        print(json.dumps(prelude + code), file=notebooks.stdin, flush=True)
        found = json.loads(notebooks.stdout.readline())
        assert "raised" not in found, found["raised"]
        run.contents = found["contents"]
        return found["all"], [tuple(cell) for cell in found["cells"]]

    return run


def test_opening_the_tables_and_selecting_rows_reads_none(read):
    """A figure is read when something is made of it, not when its rows are chosen."""
    assert read("here = table.query('place == @place and year == @year')") == (False, [])


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("here['value']", id="a column"),
        pytest.param("here.value", id="an attribute"),
        pytest.param("here.loc[:, 'value']", id="loc"),
        pytest.param("here.sum(numeric_only=True)", id="a sum"),
        pytest.param("repr(here)", id="text"),
        pytest.param("here._repr_html_()", id="a display"),
        pytest.param("here == 0", id="an operator"),
        pytest.param("pt.show(here)", id="show"),
        pytest.param("pt.label_table(pt.year_over_year(here))", id="a label"),
        pytest.param("pt.sources(here)", id="sources"),
    ],
)
def test_whatever_shows_a_figure_reads_the_rows_that_were_chosen(read, line):
    """Nothing that is done with rows goes unnoticed, and no other rows are read."""
    everything, cells = read(
        "here = table.query('place == @place and year == 2022 and span == \"Y\"')\n" + line
    )
    assert not everything
    assert ("can-tho", 2022, "Y") in cells
    assert {(place, span) for place, _, span in cells} == {("can-tho", "Y")}


def test_a_comparison_rests_on_the_year_before(read):
    """A figure of the year before belongs to what was read, whether it is there or not."""
    code = "pt.label_findings(pt.year_over_year(table).query('place == @place and year == 2022'))"
    assert read(code)[1] == [("can-tho", 2021, "Y"), ("can-tho", 2022, "Y")]


def test_the_ledger_of_a_place_rests_on_its_children(read):
    """The children of a place are read with it."""
    cells = read("pt.label_ledger(pt.reconcile(table).query('place == @place and year == 2022'))")
    assert ("can-tho--districts", 2022, "Y") in cells[1]


def test_a_chart_reads_what_it_selects(read):
    """A chart of a place and a year reads these, though it was given the whole table."""
    cells = read("pt.plot_settlement(table, place, year)")[1]
    assert cells == [("can-tho", 2022, "Y")]
    trend = read("pt.plot_trend(table, place, 'petitions.received')")[1]
    assert {cell[0] for cell in trend} == {"can-tho"}


def test_a_ranking_reads_everything(read):
    """A place that is added belongs to a ranking: it rests on all rows, though it shows few."""
    assert read("pt.plot_ranking(table, year, 'petitions.received')")[0] is True


def test_a_title_reads_nothing(read):
    """A label that takes a table for its codebook alone reads no row."""
    assert read("pt.label_title(place, year, table=table)") == (False, [])


def test_tables_from_elsewhere_may_be_read_whole(read):
    """Who goes round the front door may have read anything."""
    prelude = "from petitionlib import tables\ntables.read_tables()\n"
    assert read("", prelude)[0] is True


def test_a_column_that_is_written_can_be_read(read):
    """A notebook that adds or deletes columns runs in a batch as it runs by itself."""
    lines = """
table["double"] = table["value"] * 2
del table["locator"]
table.value = 1.0
found = table.query("double > 2")[["double", "value"]].sum().tolist()
assert found[0] > found[1] > 0 and "locator" not in table.columns
"""
    assert read(lines)[1]


@pytest.mark.parametrize("line", ["len(table)", "pt.label_verdicts(pt.reconcile(table))"])
def test_who_reads_the_whole_table_rests_on_what_may_be_added(read, line):
    """A place that is wholly new belongs to a count of all rows and to a check of all."""
    assert read(line)[0] is True


@pytest.mark.parametrize(
    ("query", "closed"),
    [
        ("place == @place and year == @year", True),
        ("(place == 'can-tho') & (year == 2022)", True),
        ("'can-tho' == place", True),
        ("place in ['can-tho', 'ha-noi']", True),
        ("year == 2022", False),
        ("place == 'can-tho' or year == 2022", False),
        ("place != 'can-tho'", False),
        ("place not in ['can-tho']", False),
        ("not place == 'ha-noi'", False),
        ("place.str.startswith('can')", False),
        ("`place` == 'can-tho'", False),
    ],
)
def test_who_selects_no_certain_places_rests_on_what_may_be_added(read, query, closed):
    """A place that is wholly new belongs to the rows of a year: it may be in the sum."""
    everything, cells = read(f"table.query({query!r})['value'].sum()")
    assert everything is not closed
    assert cells


def test_the_files_that_were_read_are_told_in_a_batch(read, tmp_path):
    """A batch compares them with those that it knows."""
    line = f"import os; os.environ['PETITIONLIB_SHELF'] = {str(tmp_path)!r}; pt.read_tables()\n"
    read(line)
    assert read.contents == [content_of(DATA)]
