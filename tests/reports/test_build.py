"""A report: checked before it runs, published whole or not at all."""

import errno
import json
import os
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest

from petitionlib._kernel import pool
from petitionlib.errors import DataNotFoundError, NotebookError, ParameterError, TableError
from petitionlib.files import PACKAGE
from petitionlib.reports import build
from petitionlib.reports.build import build_report, store_outputs
from petitionlib.reports.parameters import page_name

HEADER = "place,year,span,indicator,value,change,change_percent,status,source,locator\n"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Work in a folder with two figures and an empty notebooks/."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "sources.csv").write_text("source,title,publisher,url,published,note\ns,T,P,,,\n")
    rows = (
        "can-tho,2022,Y,petitions.received,3108,472,,,s,\nha-noi,2022,AY,reception.visits,5,,,,s,\n"
    )
    (data / "2022.csv").write_text(HEADER + rows)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_report_is_a_page_named_after_its_parameters(work, write):
    """The notebook runs with the parameters given, in its folder, on the data named."""
    load = "import petitionlib as pt\nfrom pathlib import Path\ntable = pt.read_tables()"
    tell = "print(table.shape, Path.cwd().name, n)"
    notebook = write(work / "notebooks" / "sizes.ipynb", load, tell, parameters="n: int = 1  # n")
    path = build_report("sizes", n=np.int64(7), out="pages")
    assert path == Path("pages/sizes.7.html")
    assert "(2, 17) notebooks 7" in path.read_text(encoding="utf-8")
    assert notebook.exists()
    assert [p.name for p in Path("pages").iterdir()] == ["sizes.7.html"]


def test_the_same_report_has_the_same_bytes(work, write):
    """Two runs of one notebook give one page."""
    write(work / "notebooks" / "same.ipynb", "print(1)")
    first = build_report("same").read_bytes()
    assert build_report("same").read_bytes() == first


def test_a_failing_cell_leaves_the_old_page(work, write):
    """After a failure the page that was there still stands, and the error names cell and cause."""
    path = write(work / "notebooks" / "fails.ipynb", "x = 1", "1 / x", parameters="x: int = 1  # x")
    good = build_report("fails").read_bytes()
    write(path, "x = 1", "1 / 0", parameters="x: int = 1  # x")
    with pytest.raises(NotebookError) as caught:
        build_report("fails", x=1)
    error = caught.value
    assert (error.notebook, error.cell) == (str(Path("notebooks/fails.ipynb")), 3)
    cause = "line 1 (`1 / 0`) raised ZeroDivisionError: division by zero"
    assert str(error) == f"{error.notebook}, cell [3]: {cause}"
    assert Path("reports/fails.1.html").read_bytes() == good
    assert len(list(Path("reports").iterdir())) == 1


def test_an_error_of_ours_is_told_as_any_other(work, write):
    """Cell, kind and sentence of our own errors reach the report, though their frames do not."""
    write(work / "notebooks" / "fails.ipynb", "import petitionlib as pt", "pt.read_tables('no')")
    with pytest.raises(NotebookError) as caught:
        build_report("fails")
    assert caught.value.cell == 2
    assert "line 1 (`pt.read_tables('no')`) raised DataNotFoundError: " in caught.value.cause


def test_a_dead_kernel_is_a_clear_error(work, write):
    """A kernel that dies ends in one sentence that names the notebook."""
    write(work / "notebooks" / "dies.ipynb", "import os; os._exit(1)")
    with pytest.raises(NotebookError, match=r"dies\.ipynb: could not be run: its process ended"):
        build_report("dies")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(
            {"yaer": 2022},
            "yearly_report has no parameter 'yaer'; did you mean 'year'?"
            " It takes place, year, span, lang.",
            id="unknown name",
        ),
        pytest.param(
            {"year": "abc"}, "yearly_report: year takes a whole number, not 'abc'.", id="text"
        ),
        pytest.param(
            {"year": 2022.5},
            "yearly_report: year takes a whole number, not 2022.5.",
            id="part",
        ),
        pytest.param(
            {"year": True}, "yearly_report: year takes a whole number, not True.", id="bool"
        ),
        pytest.param(
            {"place": 92}, "yearly_report: place takes text, not 92.", id="number for text"
        ),
        pytest.param(
            {"lang": "fr"},
            "yearly_report: lang 'fr' is not available; the languages are en, vi.",
            id="language",
        ),
    ],
)
def test_a_wrong_parameter_is_refused_before_anything_runs(work, monkeypatch, given, message):
    """An unknown name or a wrong type is an error that says what is taken."""
    monkeypatch.setattr(build, "run_notebook", None)
    with pytest.raises(ParameterError) as caught:
        build_report("yearly_report", **given)
    assert str(caught.value) == message
    assert not Path("reports").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(
            {"place": "can-to"},
            "yearly_report: place 'can-to' is not in the data; did you mean 'can-tho'?",
            id="place",
        ),
        pytest.param(
            {"year": 2021},
            "yearly_report: year 2021 is not in the data for place 'can-tho' (there is 2022).",
            id="year",
        ),
        pytest.param(
            {"place": "ha-noi", "span": "Y"},
            "yearly_report: span 'Y' is not in the data for place 'ha-noi', year 2022"
            " (there is AY).",
            id="span",
        ),
    ],
)
def test_a_selection_without_data_is_refused_before_anything_runs(
    work, monkeypatch, given, message
):
    """A place, year or span that has no figure is an error that says what there is."""
    monkeypatch.setattr(build, "run_notebook", None)
    with pytest.raises(DataNotFoundError) as caught:
        build_report("yearly_report", **given)
    assert str(caught.value) == message
    assert not Path("reports").exists()


def test_a_parameter_name_is_never_code(work, monkeypatch):
    """A name that is a piece of code is an unknown name."""
    monkeypatch.setattr(build, "run_notebook", None)
    with pytest.raises(ParameterError, match="has no parameter"):
        build_report("yearly_report", **{"v=1;print('x')#": 1})


def test_a_value_is_never_a_folder_or_code(work, write):
    """A value with separators, quotes and line breaks makes a plain file name and plain text."""
    write(
        work / "notebooks" / "echo.ipynb", "print(repr(text))", parameters='text: str = ""  # any'
    )
    value = "../../\n'\"); import os #<b>"
    path = build_report("echo", text=value)
    assert path.parent == Path("reports")
    assert path.name.startswith("echo.")
    assert [p.name for p in Path("reports").iterdir()] == [path.name]
    assert "&lt;b&gt;" in path.read_text(encoding="utf-8")


def test_names_that_look_alike_do_not_collide():
    """Values that differ only in what a file name cannot hold have pages of their own."""
    names = {page_name("n", {"v": value}) for value in ("a/b", "a_b", "a b", "a:b", "")}
    assert len(names) == 5
    pairs = [{"a": "x-y", "b": "z"}, {"a": "x", "b": "y-z"}, {"a": "x.y", "b": "z"}]
    assert len({page_name("n", pair) for pair in pairs}) == 3
    assert len(page_name("n", {"v": "x" * 500})) < 200


def test_a_folder_that_cannot_be_written_costs_no_run(work, write, monkeypatch):
    """An output folder that is a file is refused before the notebook runs."""
    monkeypatch.setattr(build, "run_notebook", None)
    Path("reports").write_text("a file")
    write(work / "notebooks" / "n.ipynb", "1")
    with pytest.raises(NotebookError, match=r"n\.ipynb: cannot write .*n\.html: File exists"):
        build_report("n")


def test_a_disk_that_is_full_leaves_the_old_page(work, write, monkeypatch):
    """When the page cannot be written whole, the old one stands and nothing is left over."""

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write(work / "notebooks" / "n.ipynb", "1")
    good = build_report("n").read_bytes()
    monkeypatch.setattr(
        os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(
        NotebookError, match=r"No space left on device; make room .* \(what was there still"
    ):
        build_report("n")
    assert [p.read_bytes() for p in Path("reports").iterdir()] == [good]


def test_the_data_folder_can_be_named(work, write):
    """`data` names the folder, for the check and for the notebook."""
    Path("data").rename("elsewhere")
    write(work / "notebooks" / "n.ipynb", "import petitionlib as pt\nprint(len(pt.read_tables()))",
          parameters='place: str = "can-tho"  # a place')  # fmt: skip
    assert '<p class="reading">2</p>' in build_report("n", data="elsewhere").read_text(
        encoding="utf-8"
    )
    assert "PETITIONLIB_DATA" not in os.environ


def test_a_notebook_without_selectors_needs_no_data(work, write):
    """A notebook of a user's own that reads no tables runs where there are none."""
    Path("data").rename("elsewhere")
    write(work / "notebooks" / "n.ipynb", "print('hello')")
    assert "hello" in build_report("n").read_text(encoding="utf-8")


def test_storing_outputs_leaves_what_differs_out(work, write):
    """A notebook keeps its source and gets its outputs; times and versions stay out."""
    path = write(work / "notebooks" / "n.ipynb", "print('a\\nb')", "1 + 1")
    store_outputs(path)
    first = path.read_text(encoding="utf-8")
    stored = json.loads(first)
    assert stored["cells"][0]["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": ["a\n", "b\n"]}
    ]
    assert stored["cells"][1]["outputs"][0]["data"] == {"text/plain": ["2"]}
    assert stored["metadata"]["language_info"] == {"name": "python"}
    store_outputs(path)
    assert path.read_text(encoding="utf-8") == first


def test_storing_outputs_keeps_what_is_declared(work, write):
    """What a notebook declares is its author's, and stays when its outputs are stored."""
    declared = {"reads": {"place": "place"}}
    parameters = 'place: str = "can-tho"  # a place'
    path = write(work / "notebooks" / "n.ipynb", "1", parameters=parameters, declared=declared)
    store_outputs(path)
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["petitionlib"] == declared


TELL = (
    "import petitionlib as pt, os\n"
    "print('of', *sorted(pt.read_tables()['place']), 'in', os.environ['PETITIONLIB_DATA'])"
)


@pytest.fixture
def narrow(work, write):
    """Write a notebook that declares its place and tells which rows it sees, and where."""
    declared, parameters = {"reads": {"place": "place"}}, 'place: str = "can-tho"  # a place'
    return write(work / "notebooks" / "n.ipynb", TELL, parameters=parameters, declared=declared)


def test_a_report_sees_the_rows_that_it_declares(work, narrow):
    """Of two places it reads the one; the folder that was laid out for it is gone afterwards."""
    text = build_report("n").read_text(encoding="utf-8")
    found = re.search(r"of can-tho in ([^<]+)<", text)
    assert found
    assert Path(found[1]) != work / "data"
    assert not Path(found[1]).exists()


def test_a_report_that_declares_no_rows_sees_all(work, write):
    """Without a word a notebook reads the data folder itself."""
    write(work / "notebooks" / "n.ipynb", TELL, parameters='place: str = "can-tho"  # a place')
    text = build_report("n").read_text(encoding="utf-8")
    assert f"of can-tho ha-noi in {work / 'data'}<" in text


def test_faults_in_rows_that_a_report_does_not_read_are_told_too(work, narrow, monkeypatch):
    """The whole folder is checked before anything runs; file and line are the data folder's own."""
    monkeypatch.setattr(build, "run_notebook", None)
    with Path("data/2022.csv").open("a", encoding="utf-8") as table:
        table.write("ha-noi,2022,Y,petitions.recieved,1,,,,s,\n")
    message = r"^data/2022\.csv, line 4: indicator 'petitions\.recieved'"
    with pytest.raises(TableError, match=message):
        build_report("n")
    assert not list(work.glob("reports/*"))


def test_a_report_leaves_nothing_behind_whatever_happens(work, write, monkeypatch, tmp_path):
    """A cell that fails takes the folder of its rows along."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(pool, "kept_folder", lambda: None)
    declared, parameters = {"reads": {"place": "place"}}, 'place: str = "can-tho"  # a place'
    write(work / "notebooks" / "n.ipynb", "1 / 0", parameters=parameters, declared=declared)
    with pytest.raises(NotebookError):
        build_report("n")
    assert not list((tmp_path / "temporary").glob("data-*"))


def test_storing_outputs_of_a_notebook_that_fails_changes_nothing(work, write):
    """A notebook that fails stays as it was."""
    path = write(work / "notebooks" / "n.ipynb", "1 / 0")
    before = path.read_text(encoding="utf-8")
    with pytest.raises(NotebookError):
        store_outputs(path)
    assert path.read_text(encoding="utf-8") == before


def test_a_new_page_has_the_permissions_of_any_new_file(work, write):
    """A page can be read by whoever may read new files here, and keeps what it was given."""
    write(work / "notebooks" / "n.ipynb", "1")
    path = build_report("n")
    Path("other").touch()
    assert path.stat().st_mode == Path("other").stat().st_mode
    path.chmod(0o640)
    assert build_report("n").stat().st_mode & 0o777 == 0o640


YARDSTICK = {
    "en": [
        "2,650 visits", "2,716 people", "1,977 visits", "2,018 people", "673 visits", "698 people",
        "3,114 sessions", "3 groups", "3,108 petitions", "+472 (+17.9%)", "2,636 petitions",
        "983 petitions", "156 petitions", "29 petitions", "798 petitions", "150 cases",
        "96.15%", "27 cases", "93.10%", "177 cases", "185 cases", "95.67%",
        "95.676%", "cut off", "1,945 petitions", "933 cases", "1,731", "214",
        "123 petitions", "52 petitions",
    ],
    "vi": [
        "2.650 lượt", "2.716 người", "1.977 lượt", "2.018 người", "673 lượt", "698 người",
        "3.114 kỳ", "3 đoàn", "3.108 đơn", "tăng 472 đơn (17,9%)", "2.636 đơn", "983 đơn",
        "156 đơn", "29 đơn", "798 đơn", "150 vụ việc", "96,15%", "27 vụ việc",
        "93,10%", "177 vụ việc", "185 vụ việc", "95,67%", "95,676%", "cắt bớt",
        "1.945 đơn", "933 vụ việc", "1.731", "214", "123 đơn", "52 đơn",
    ],
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_first_report_shows_every_number_of_the_yardstick(lang, root, tmp_path, monkeypatch):
    """The yearly report of Can Tho 2022 has all that was published, derived and checked."""
    monkeypatch.chdir(root)
    page = build_report("yearly_report", place="can-tho", year=2022, lang=lang, out=tmp_path)
    text = page.read_text(encoding="utf-8").partition("</main>")[0].replace("\u00a0", " ")
    assert [number for number in YARDSTICK[lang] if number not in text] == []


def test_a_notebook_of_the_installed_package_is_not_written(work, write, monkeypatch):
    """Outputs are not stored beside the installed code; the remedy is a copy."""
    brought = PACKAGE / "notebooks" / "n.ipynb"
    monkeypatch.setattr(build, "find_notebook", lambda _: brought)
    with pytest.raises(NotebookError, match="make a copy to work on: petitionlib init"):
        store_outputs("n")


def test_a_place_that_was_merged_names_its_successor(work, write):
    """Who asks for a year after the merger is told which place has it."""
    row = "can-tho-2025,2025,Y,petitions.received,1,,,,s,\n"
    Path("data/2025.csv").write_text(HEADER + row, encoding="utf-8")
    parameters = 'place: str = "can-tho"  # a place\nyear: int = 2022  # a year'
    write(work / "notebooks" / "n.ipynb", "1", parameters=parameters)
    with pytest.raises(DataNotFoundError) as caught:
        build_report("n", year=2025)
    assert "'can-tho-2025' has it, the place that 'can-tho' became part of." in str(caught.value)


def test_tables_without_a_figure_are_named(work, write):
    """A data folder with headers only cannot bear a report, and the error says so."""
    Path("data/2022.csv").write_text(HEADER)
    write(work / "notebooks" / "n.ipynb", "1", parameters='place: str = "can-tho"  # a place')
    with pytest.raises(DataNotFoundError, match="have no figure with a value"):
        build_report("n")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="a notebook that reads them"),
        pytest.param({"place": "can-to"}, id="a place that is not there"),
    ],
)
def test_faults_of_the_tables_are_told_as_such(work, write, given):
    """Where the tables are at fault, that is the error: no page, and no word about a cell."""
    with Path("data/2022.csv").open("a", encoding="utf-8") as table:
        table.write("can-tho,2022,Y,petitions.recieved,1,,,,s,\n")
    code = "import petitionlib as pt\npt.read_tables()"
    write(work / "notebooks" / "n.ipynb", code, parameters='place: str = "can-tho"  # a place')
    with pytest.raises(TableError, match=r"line 4: indicator 'petitions\.recieved'"):
        build_report("n", **given)
    assert not list(work.glob("reports/*"))


def test_a_cell_that_fails_for_itself_is_named_whatever_the_tables_are(work, write):
    """A fault of the tables does not hide that of a notebook which does not read them."""
    Path("data/2022.csv").write_text("nothing of a table\n", encoding="utf-8")
    write(work / "notebooks" / "n.ipynb", "1 / 0")
    with pytest.raises(NotebookError, match="ZeroDivisionError"):
        build_report("n")


def test_a_parameter_that_selects_nothing_is_not_checked(work, write):
    """A selector that is None or a list is the notebook's own business."""
    lines = "span: str | None = None  # any\nplace: list = ['x']  # several"
    write(work / "notebooks" / "n.ipynb", "print('ran')", parameters=lines)
    assert "ran" in build_report("n").read_text(encoding="utf-8")
