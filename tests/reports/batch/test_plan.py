"""A plan: every combination that the data can bear, every fault with its line."""

import unicodedata
from pathlib import Path

import pytest
from four_jobs import NAMES, make

from petitionlib.errors import DataNotFoundError, PlanError
from petitionlib.reports.batch.plan import choose, plan_jobs
from petitionlib.tables.raw import Snapshot


@pytest.fixture
def work(tmp_path, write, monkeypatch):
    """Work in a folder of four figures, two notebooks and a plan."""
    monkeypatch.chdir(tmp_path)
    return make(tmp_path, write)


def jobs(text):
    """Plan the reports of a plan of this text."""
    Path("reports.yaml").write_text(text, encoding="utf-8")
    return plan_jobs(Path("reports.yaml"), Snapshot(Path("data")))


def names(text):
    """Return the names of the pages of a plan."""
    return [job.name for job in jobs(text)]


def test_all_means_what_occurs_together_with_a_value(work):
    """Of a grid, those combinations are reports that the data has a figure with a value for."""
    planned = plan_jobs(work / "reports.yaml", Snapshot(work / "data"))
    assert NAMES == [job.name for job in planned]
    assert planned[0].parameters == {"place": "can-tho", "year": 2021, "span": "Y"}
    assert planned[0].values == {"place": "can-tho", "year": 2021, "span": "Y", "lang": "en"}


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        pytest.param("{place: all}", ["can-tho.2022.Y.en"], id="defaults narrow"),
        pytest.param("{place: all, year: all}", ["can-tho.2021.Y.en", "can-tho.2022.Y.en"],
                     id="span stays"),
        pytest.param("{year: 2015-2021}", ["can-tho.2021.Y.en"], id="range"),
        pytest.param("{year: [2021, 2022], lang: all}",
                     [f"can-tho.{y}.Y.{lang}" for y in (2021, 2022) for lang in ("en", "vi")],
                     id="list and languages"),
        pytest.param("{place: [ha-noi], year: all, span: H1}", ["ha-noi.2022.H1.en"], id="place"),
        pytest.param("{lang: [vi, en]}", ["can-tho.2022.Y.vi", "can-tho.2022.Y.en"], id="order"),
    ],
)  # fmt: skip
def test_a_grid(work, grid, expected):
    """Values, lists, ranges and `all` can be mixed; what is not named keeps its default."""
    found = names(f"reports:\n  - notebook: tell\n    grid: {grid}\n")
    assert [f"tell.{name}" for name in expected] == found


def test_fixed_parameters(work):
    """Fixed parameters are given to every report of the entry."""
    text = "reports:\n  - notebook: tell\n    parameters: {lang: vi}\n    grid: {year: all}\n"
    assert [dict(job.parameters) for job in jobs(text)] == [
        {"year": 2021, "lang": "vi"},
        {"year": 2022, "lang": "vi"},
    ]


TELL = "reports:\n  - notebook: tell\n    "


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("", 1, "is blank", id="blank"),
        pytest.param("reports:\n", 1, "reports takes a list", id="no list"),
        pytest.param("reports: []\n", 1, "empty list", id="empty"),
        pytest.param("report:\n  - notebook: tell\n", 1, "did you mean 'reports'?", id="top key"),
        pytest.param("x: 1\n", 1, "unknown key 'x' (the plan takes reports)", id="other key"),
        pytest.param("- notebook: tell\n", 1, "the plan takes keys with values, not a list",
                     id="a list"),
        pytest.param("reports:\n  - tell\n", 2, "an entry takes keys", id="text for an entry"),
        pytest.param("reports:\n  - grid: {}\n", 2, "no key 'notebook'", id="no notebook"),
        pytest.param("reports:\n  - notebook: 5\n", 2, "a name or a path, not 5", id="number"),
        pytest.param("reports:\n  - notebook: tel\n", 2, "did you mean 'tell'?", id="notebook"),
        pytest.param("reports:\n  - notebook: ../x.ipynb\n", 2, "No notebook", id="path"),
        pytest.param(TELL + "gird: {}\n", 3, "did you mean 'grid'?", id="entry key"),
        pytest.param(TELL + "grid: {}\n    grid: {}\n", 4, "'grid' stands twice, in line 3 too",
                     id="twice"),
        pytest.param(TELL + "grid:\n      yaer: all\n", 4, "did you mean 'year'?", id="name"),
        pytest.param(TELL + "grid:\n      \"v=1;print('x')#\": 1\n", 4, "has no parameter",
                     id="code as a name"),
        pytest.param(TELL + "grid:\n      year: abc\n", 4, "a whole number, not 'abc'", id="type"),
        pytest.param(TELL + "grid:\n      year:\n        - 2021\n        - [1]\n", 6,
                     "a whole number, not [1]", id="type in a list"),
        pytest.param(TELL + "grid:\n      place: can-to\n", 4, "did you mean 'can-tho'?",
                     id="place"),
        pytest.param(TELL + "grid:\n      year: 2020\n", 4, "(there are 2021, 2022)", id="year"),
        pytest.param(TELL + "grid: {place: ha-noi}\n", 2, "no figure in the data fits",
                     id="together"),
        pytest.param(TELL + "grid: {year: 2023-2021}\n", 3, "write 2021-2023", id="range"),
        pytest.param(TELL + "grid: {year: [2021, 2020-2022]}\n", 3, "2021 stands twice",
                     id="value twice"),
        pytest.param(TELL + "grid: {lang: fr}\n", 3, "the languages are en, vi", id="language"),
        pytest.param(TELL + "grid: {lang: []}\n", 3, "lang is an empty list", id="empty values"),
        pytest.param(TELL + "grid: {lang: en}\n    parameters: {lang: vi}\n", 3, "keep one",
                     id="fixed and grid"),
        pytest.param(TELL + "grid: {year: 2021}\n  - notebook: tell\n    grid: {year: all}\n", 4,
                     "makes the page tell.can-tho.2021.Y.en.html, as the entry in line 2 does",
                     id="same page"),
        pytest.param("reports: [\n", 2, "is not readable as YAML", id="syntax"),
        pytest.param("a: &x 1\nreports: *x\n", 2, "an alias", id="alias"),
        pytest.param("reports:\n  - notebook: !!python/object:os.system x\n", 2,
                     "is not readable as YAML", id="object"),
        pytest.param("reports:\n\t- notebook: tell\n", 2, "character '\\t'", id="tab"),
        pytest.param("reports: []\0", None, "special characters are not allowed", id="NUL"),
        pytest.param("reports: []\n---\nreports: []\n", 2, "another document", id="two plans"),
        pytest.param(TELL + "grid: {lang: 2022-13-45}\n", 3, "cannot be read", id="date"),
        pytest.param("reports: " + "[" * 3000 + "]" * 3000, None, "nested too deep", id="deep"),
    ],
)  # fmt: skip
def test_a_fault_has_its_line(work, text, line, message):
    """What is wrong with a plan is said with the line and the remedy."""
    with pytest.raises(PlanError) as caught:
        jobs(text)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, message in str(problem)) == ("reports.yaml", line, True), (
        problem
    )


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_with_accents_is_found_however_it_is_spelled(work, write, form):
    """Composed and decomposed letters look the same, in the plan and in a folder."""
    write(work / "notebooks" / f"{unicodedata.normalize(form, 'báo cáo')}.ipynb", "1")
    for spelled in ("NFC", "NFD"):
        name = unicodedata.normalize(spelled, "báo cáo")
        assert len(names(f"reports:\n  - notebook: {name}\n")) == 1
        assert len(names(f"reports:\n  - notebook: notebooks/{name}.ipynb\n")) == 1


@pytest.mark.parametrize("text", ["\ufeff{}", "{}"], ids=["BOM", "none"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_plan_saved_on_windows_is_a_plan(work, text, end):
    """A byte order mark and line ends of Windows change nothing."""
    plan = text.format(TELL.rstrip() + "\n    grid: {year: all}\n").replace("\n", end)
    Path("reports.yaml").write_bytes(plan.encode())
    planned = plan_jobs(Path("reports.yaml"), Snapshot(Path("data")))
    assert [job.values["year"] for job in planned] == [2021, 2022]


def test_all_faults_of_the_schema_at_once(work):
    """A plan with two faults lists two."""
    with pytest.raises(PlanError) as caught:
        jobs("reports:\n  - notebok: tell\n  - notebook: tell\n    girds: 1\n")
    assert [problem.line for problem in caught.value.problems] == [2, 2, 4]


def test_a_name_is_never_a_folder(work, write):
    """A value that climbs makes a plain page name."""
    write(work / "notebooks" / "free.ipynb", "1", parameters='text: str = ""  # any')
    (name,) = names("reports:\n  - notebook: free\n    grid: {text: ../../../etc/passwd}\n")
    assert ("/" in name, name.startswith("free._etc_passwd-")) == (False, True)


def test_the_name_of_the_index_is_taken(work, write):
    """A notebook whose page would be the index is refused."""
    write(work / "notebooks" / "Index.ipynb", "1")
    with pytest.raises(PlanError, match="where the index stands"):
        jobs("reports:\n  - notebook: Index\n")


def test_paths_start_at_the_plan(work, write, monkeypatch):
    """A path of a notebook is taken from the plan's folder, wherever the command runs."""
    write(work / "own.ipynb", "1")
    (work / "reports.yaml").write_text("reports:\n  - notebook: own.ipynb\n  - notebook: count\n")
    monkeypatch.chdir("/")
    found = plan_jobs(work / "reports.yaml", Snapshot(None))
    assert [job.name for job in found] == ["own", "count"]


def test_a_plan_that_is_not_there(work):
    """A missing plan is named, with the remedy."""
    with pytest.raises(DataNotFoundError, match=r"No plan other\.yaml; .*petitionlib init"):
        plan_jobs(Path("other.yaml"), Snapshot(None))


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        pytest.param(["tell*2022*"], NAMES[1:3], id="pattern"),
        pytest.param(["tell"], NAMES[:3], id="notebook"),
        pytest.param(["place=can-tho"], NAMES[:2], id="value"),
        pytest.param(["place=can-tho", "place=ha-noi"], NAMES[:3], id="values add up"),
        pytest.param(["place=can-tho", "year=2022"], NAMES[1:2], id="names narrow"),
        pytest.param([], NAMES, id="all"),
    ],
)
def test_only(work, only, expected):
    """Patterns and values of one name add up; different names narrow."""
    planned = plan_jobs(work / "reports.yaml", Snapshot(work / "data"))
    assert expected == [job.name for job in choose(planned, only)]


def test_only_by_notebook(work):
    """`notebook=NAME` names the reports of a notebook, as its bare name does."""
    planned = plan_jobs(work / "reports.yaml", Snapshot(work / "data"))
    assert choose(planned, ["tell"]) == choose(planned, ["notebook=tell"])


@pytest.mark.parametrize(
    ("only", "message"),
    [
        pytest.param(["tel"], "did you mean 'tell'?", id="pattern"),
        pytest.param(["place=can-to"], "did you mean 'can-tho'?", id="value"),
        pytest.param(["can-tho"], "did you mean 'place=can-tho'?", id="value alone"),
        pytest.param(["notebook=x"], "is of the notebook 'x'", id="notebook"),
        pytest.param(["plase=x"], "did you mean 'place'?", id="name"),
        pytest.param(["place=ha-noi", "year=2021"], "together", id="none left"),
    ],
)
def test_only_of_what_is_not_there(work, only, message):
    """A pattern that no report answers to is an error that names the nearest."""
    planned = plan_jobs(work / "reports.yaml", Snapshot(work / "data"))
    with pytest.raises(DataNotFoundError) as caught:
        choose(planned, only)
    assert message in str(caught.value)


def test_the_shipped_plan_builds_all_that_the_data_can_bear(root):
    """Places, years and spans of three figures have their report in both languages; all years."""
    data = Snapshot(root / "data")
    planned, rows = plan_jobs(root / "reports.yaml", data), data.rows
    counts = rows.counts(["place", "year", "span"])
    cells, places = [key for key, count in counts.items() if count >= 3], rows.keys(["place"])
    years = rows.keys(["year"])
    assert len(planned) == 2 * (len(cells) + len(places) + len(years) + 1)
    assert len({job.name for job in planned}) == len(planned)


@pytest.mark.parametrize(
    ("least", "expected"),
    [(1, ["2021.Y", "2022.Y"]), (2, ["2022.Y"]), (3, [])],
)
def test_a_report_has_at_least_so_many_figures(work, least, expected):
    """Figures of its place, year and span count, each once whoever printed it."""
    more = [
        "can-tho,2022,Y,reception.visits,5,,,,m,",
        "can-tho,2022,Y,petitions.total,,9,,,m,",
    ]
    table = work / "data" / "2022.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n".join([*more, ""]), encoding="utf-8")
    text = "reports:\n  - notebook: tell\n    grid: {place: can-tho, year: all, span: all}\n"
    assert names(f"{text}    at_least: {least}\n") == [f"tell.can-tho.{n}.en" for n in expected]


@pytest.mark.parametrize("least", ["0", "-1", "1.5", "many", "true", "[3]"])
def test_at_least_is_a_number_of_figures(work, least):
    """Anything else is refused with its line."""
    with pytest.raises(PlanError) as raised:
        jobs(f"reports:\n  - notebook: tell\n    at_least: {least}\n")
    assert [problem.line for problem in raised.value.problems] == [3]
    assert "at_least takes a number of figures, 1 or more" in str(raised.value)
