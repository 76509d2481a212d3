"""What a report depends on: content counts, and nothing else."""

import json
import os
from pathlib import Path

import pytest
from four_jobs import HEADER, NAMES, SOURCES, kinds, make, run
from four_jobs import build as build_page

from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.job import Job
from petitionlib.tables.raw import Rows, read_rows

CAN_THO_2021, CAN_THO_2022, HA_NOI_H1, COUNT = NAMES


@pytest.fixture
def work(tmp_path, write, monkeypatch):
    """Work in a folder whose four reports are built."""
    monkeypatch.chdir(tmp_path)
    make(tmp_path, write)
    assert set(kinds(run(tmp_path)).values()) == {"built"}
    return tmp_path


def edit(path, old, new):
    """Replace a piece of a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def built(work):
    """Return the reports that a batch builds now, and why."""
    return {o.job.name: o.why for o in run(work).outcomes if o.kind == "built"}


def test_nothing_changed_builds_nothing(work):
    """A second batch has nothing to do."""
    assert built(work) == {}


def test_touching_changes_nothing(work):
    """New times of every file, inputs and pages, change nothing."""
    for path in work.rglob("*"):
        os.utime(path)
    assert built(work) == {}


def test_one_figure_rebuilds_what_read_it(work):
    """A figure that changes rebuilds the reports that read its cell, and no others."""
    edit(work / "data" / "2021.csv", ",2636,", ",2637,")
    why = ["rows of can-tho 2021 Y"]
    assert built(work) == {CAN_THO_2021: why, CAN_THO_2022: why, COUNT: why}
    assert built(work) == {}


def test_a_new_figure_in_a_blank_cell(work):
    """A cell that was read and was blank counts, once it has a row."""
    with (work / "data" / "2021.csv").open("a", encoding="utf-8") as file:
        file.write("ha-noi,2021,H1,reception.visits,40,,,,old,\n")
    edit(work / "reports.yaml", "year: all", "year: all, lang: en")
    changed = built(work)
    assert changed[HA_NOI_H1] == ["parameters", "rows of ha-noi 2021 H1"]
    assert CAN_THO_2021 in changed  # its language is given now: another cell of parameters


def test_the_order_of_rows_and_columns_is_no_content(work):
    """Rows and columns in another order, a BOM and other line ends change nothing."""
    path = work / "data" / "2022.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [header, *reversed(rows)]
    turned = [",".join(reversed(line.split(","))) for line in lines]
    path.write_text("\ufeff" + "\r\n".join(turned) + "\r\n", encoding="utf-8", newline="")
    assert built(work) == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("old,O,", "old,Other,", {CAN_THO_2021, CAN_THO_2022, COUNT}, id="named"),
        pytest.param(SOURCES, f"{SOURCES}more,M,P,,,\n", {COUNT}, id="unnamed"),
        pytest.param("old,O,P,,,\nnew,N,P,,,\n", "new,N,P,,,\nold,O,P,,,\n", {COUNT}, id="order"),
    ],
)
def test_a_source_rebuilds_what_names_it(work, old, new, expected):
    """The rows of sources.csv belong to the cells that name them; their order to the whole."""
    edit(work / "data" / "sources.csv", old, new)
    assert expected == set(built(work))


def test_a_notebook_counts_by_its_source(work, write):
    """Outputs and counts of a notebook are no input; its cells are."""
    path = work / "notebooks" / "count.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0] |= {"execution_count": 7, "outputs": [{"output_type": "stream"}]}
    path.write_text(json.dumps(notebook, indent=4), encoding="utf-8")
    assert built(work) == {}
    write(path, "print(2)")
    assert built(work) == {COUNT: ["notebook"]}


def test_the_codebook_of_the_folder_counts(work):
    """A row of the folder's own codebook may change any report."""
    (work / "data" / "codebook").mkdir()
    (work / "data" / "codebook" / "places.csv").write_text("place\nx\n", encoding="utf-8")
    changed = built(work)
    assert (set(changed), changed[COUNT]) == (set(NAMES), ["codebook"])


def test_the_reasons_for_contradictions_count(work):
    """A report tells what known.csv says."""
    (work / "data" / "known.csv").write_text("identity\n", encoding="utf-8")
    assert built(work)[COUNT] == ["known.csv"]


def test_package_environment_and_form_count(work):
    """The package, what is installed and the form of the pages are parts by name."""
    inputs = Inputs(work / "data", read_rows(work / "data"))
    job = Job(work / "notebooks" / "count.ipynb", {}, {}, "count")
    parts, seen = inputs.parts(job, single_file=False), inputs.seen({"all": True, "cells": []})
    for name in ("package", "environment", "form"):
        assert inputs.why(job, {**parts, name: "before"}, seen, single_file=False) == [name]
    assert inputs.why(job, parts, seen, single_file=True) == ["form"]


def test_many_cells_are_counted():
    """Of many changed cells three are named."""
    rows = [("p", str(year), "Y", "i", "1", "", "", "", "s", "") for year in range(2001, 2010)]
    job = Job(Path("n.ipynb"), {}, {}, "n")
    before, now = Inputs(None, Rows(rows)), Inputs(None, Rows())
    for inputs in (before, now):
        inputs._notebooks[job.notebook] = "same"
    seen = before.seen({"all": True, "cells": []})
    assert now.why(job, before.parts(job, single_file=False), seen, single_file=False) == [
        "rows of p 2001 Y, p 2002 Y, p 2003 Y and 6 more"
    ]


def test_the_builder_of_these_tests_makes_equal_pages(work):
    """What the batch is tested with is deterministic itself."""
    before = (work / "out" / "count.html").read_bytes()
    run(work, build_page, force=True)
    assert (work / "out" / "count.html").read_bytes() == before
    assert HEADER


def test_a_year_that_is_new_for_a_place_rebuilds_its_reports(work):
    """A trend may have to show a year that was not there, though no run has read it."""
    row = (work / "data" / "2022.csv").read_text(encoding="utf-8").splitlines()[1]
    new = row.replace(",2022,", ",2019,")
    (work / "data" / "2019.csv").write_text(f"{HEADER}\n{new}\n", encoding="utf-8")
    why = built(work)
    assert why[CAN_THO_2022] == ["rows of can-tho"]
    assert HA_NOI_H1 not in why
    assert built(work) == {}


def test_files_that_were_edited_meanwhile_are_read_again(work):
    """A page of other files than the batch knows is built again, even if they come back."""
    data = work / "data"
    known = Inputs(data, read_rows(data), content="known")
    cell = min(known.rows.cells)
    seen = known.seen({"all": False, "cells": [cell], "contents": ["other"]})
    assert known._changed_rows(seen) == [f"rows of {' '.join(cell)}"]
    same = known.seen({"all": False, "cells": [cell], "contents": ["known"]})
    assert known._changed_rows(same) == []
