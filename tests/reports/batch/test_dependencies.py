"""What a report depends on: content counts, and nothing else."""

import json
import os
import shutil
from pathlib import Path

import pytest
from four_jobs import HEADER, NAMES, SOURCES, kinds, make, run
from four_jobs import build as build_page

from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.job import Job
from petitionlib.tables.raw import Snapshot

ROOT = Path(__file__).parents[3]
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


def test_one_figure_rebuilds_what_reads_it(work):
    """A figure that changes rebuilds the reports that read its place, and no others."""
    edit(work / "data" / "2021.csv", ",2636,", ",2637,")
    why = ["rows of can-tho"]
    assert built(work) == {CAN_THO_2021: why, CAN_THO_2022: why, COUNT: why}
    assert built(work) == {}


def test_a_new_figure_of_another_year(work):
    """All years and spans of a place count, those that had no row, too."""
    with (work / "data" / "2021.csv").open("a", encoding="utf-8") as file:
        file.write("ha-noi,2021,H1,reception.visits,40,,,,old,\n")
    edit(work / "reports.yaml", "year: all", "year: all, lang: en")
    changed = built(work)
    assert changed[HA_NOI_H1] == ["parameters", "rows of ha-noi"]
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
    ("old", "new"),
    [
        pytest.param("old,O,", "old,Other,", id="a title"),
        pytest.param(SOURCES, f"{SOURCES}more,M,P,,,\n", id="one more"),
        pytest.param("old,O,P,,,\nnew,N,P,,,\n", "new,N,P,,,\nold,O,P,,,\n", id="order"),
    ],
)
def test_the_list_of_sources_counts(work, old, new):
    """Every report has the whole sources.csv, in its order."""
    edit(work / "data" / "sources.csv", old, new)
    assert built(work) == {name: ["sources.csv"] for name in NAMES}


def test_how_the_list_of_sources_is_written_is_no_content(work):
    """A BOM and other line ends of sources.csv change nothing."""
    text = SOURCES.replace("\n", "\r\n")
    (work / "data" / "sources.csv").write_text("\ufeff" + text, encoding="utf-8", newline="")
    assert built(work) == {}


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
    inputs = Inputs(Snapshot(work / "data"))
    job = Job(work / "notebooks" / "count.ipynb", {}, {}, "count")
    parts, rows = inputs.parts(job, single_file=False), inputs.rows(job)
    for name in ("package", "environment", "form"):
        assert inputs.why(job, {**parts, name: "before"}, rows, single_file=False) == [name]
    assert inputs.why(job, parts, rows, single_file=True) == ["form"]


def test_many_places_are_counted(work):
    """Of many places with other rows three are named."""
    inputs, job = Inputs(Snapshot()), Job(work / "notebooks" / "count.ipynb", {}, {}, "count")
    parts = inputs.parts(job, single_file=False)
    before = {f"p{number}": "x" for number in range(9)}
    assert inputs.why(job, parts, before, single_file=False) == ["rows of p0, p1, p2 and 6 more"]


def test_what_a_notebook_declares_counts(work, write):
    """A notebook that declares other rows is another notebook."""
    declared = {"reads": {}}
    write(work / "notebooks" / "count.ipynb", "print(1)", declared=declared)
    assert built(work) == {COUNT: ["notebook"]}


def test_a_file_that_a_notebook_lists_counts(work, write):
    """The content of a file that a notebook opens by itself is an input of its reports."""
    listed = work / "notebooks" / "map.json"
    listed.write_text("{}", encoding="utf-8")
    write(work / "notebooks" / "count.ipynb", "print(1)", declared={"files": ["map.json"]})
    assert set(built(work)) == {COUNT}
    listed.write_text("[]", encoding="utf-8")
    assert built(work) == {COUNT: ["files"]}
    assert built(work) == {}


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


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """Make a folder with the shipped tables and notebooks, whose reports are built in English."""
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    plan = (ROOT / "reports.yaml").read_text(encoding="utf-8").replace("lang: [en, vi]", "lang: en")
    (folder / "reports.yaml").write_text(plan, encoding="utf-8")
    assert set(kinds(run(folder)).values()) == {"built"}
    return folder


@pytest.fixture
def shipped_work(built_once, tmp_path, monkeypatch):
    """Work in a copy of it."""
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert built(tmp_path) == {}
    return tmp_path


@pytest.mark.parametrize(
    ("place", "parent"),
    [
        pytest.param("can-tho--districts", "can-tho", id="a body of a province's districts"),
        pytest.param("can-tho", "viet-nam", id="a province"),
        pytest.param("viet-nam", None, id="the country"),
    ],
)
def test_a_figure_rebuilds_the_reports_of_its_place_and_of_its_parent(shipped_work, place, parent):
    """One figure rebuilds these and the reports that read all rows; nothing else."""
    table = next(
        path
        for path in sorted((shipped_work / "data").glob("2*.csv"), reverse=True)
        if f"\n{place}," in path.read_text(encoding="utf-8")
    )
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(i for i, line in enumerate(lines) if line.startswith(f"{place},"))
    cells = lines[number].split(",")
    cells[4] = f"{cells[4]}1"
    lines[number] = ",".join(cells)
    table.write_text("".join(lines), encoding="utf-8")
    outcomes = run(shipped_work).outcomes
    narrow = {"yearly_report", "trend_report"}
    expected = {
        o.job.name
        for o in outcomes
        if o.job.notebook.stem not in narrow or o.job.values["place"] in {place, parent}
    }
    found = {o.job.name: o.why for o in outcomes if o.kind == "built"}
    assert set(found) == expected
    assert {tuple(why) for why in found.values()} == {(f"rows of {place}",)}
    assert 0 < len(expected) < len(outcomes)
