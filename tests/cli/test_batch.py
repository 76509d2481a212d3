"""petitionlib batch: what it prints where, and its exit codes."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from four_jobs import NAMES, build, make

from petitionlib.cli import main
from petitionlib.errors import NotebookError
from petitionlib.page.assets import shared_name
from petitionlib.reports.batch import workers
from petitionlib.reports.batch.pages import Records
from petitionlib.reports.rows import Folders

COUNT = NAMES[3]


@pytest.fixture
def work(tmp_path, write, monkeypatch):
    """Work in a folder of four reports that are built without a kernel."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workers.Workers, "__call__", lambda _, *job, **how: build(*job, **how))
    return make(tmp_path, write)


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command in this process; return its exit code, output and errors."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["petitionlib", "batch", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main.run()
        captured = capsys.readouterr()
        return stopped.value.code or 0, captured.out, captured.err

    return command


def test_a_log_has_a_line_for_each_report(work, run):
    """The lines go to the standard error, the summary to the output; then nothing has changed."""
    code, out, err = run("--jobs", 1)
    assert (code, out) == (0, "Reports: 4 built. reports/index.html\n")
    assert re.sub(r"[0-9.]+ s;", "0 s;", err).splitlines() == [
        f"built: {name} (0 s; {3 - i} to go)" for i, name in enumerate(NAMES)
    ]
    assert run() == (0, "Reports: 4 unchanged. reports/index.html\n", "")
    assert (work / "reports" / "index.html").is_file()


def test_dry_run_builds_nothing(work, run):
    """What would be built is listed, with the reasons if asked; nothing is made."""
    code, out, err = run("--dry-run", "--why")
    expected = [f"would build: {name}: new" for name in NAMES]
    assert (code, out.splitlines(), err) == (
        0,
        [*expected, "Reports: 4 to build, 0 unchanged."],
        "",
    )
    assert not (work / "reports").exists()
    run()
    assert run("--dry-run")[1] == "Reports: 0 to build, 4 unchanged.\n"
    assert "would build: count: forced\n" in run("--dry-run", "--why", "--force")[1]


def test_a_batch_in_vietnamese(work, run):
    """What a batch will do, and what stops it, is told in the language asked for."""
    assert run("--dry-run", "--lang", "vi")[1].splitlines() == [
        *(f"sẽ lập: {name}" for name in NAMES), "Báo cáo: 4 cần lập, 0 không thay đổi.",
    ]  # fmt: skip
    told = "Không có tệp kế hoạch other.yaml; nêu tệp khác hoặc tạo tệp mẫu: petitionlib init\n"
    assert run("other.yaml", "--lang", "vi") == (2, "", told)


def test_why_says_what_has_changed(work, run):
    """Each report that was built is named with what has changed."""
    run()
    path = work / "data" / "2021.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2636", "2637"), encoding="utf-8")
    assert [line.partition(" (")[0] for line in run("--why", "--jobs", 1)[2].splitlines()] == [
        f"built: {name}: rows of can-tho" for name in (*NAMES[:2], COUNT)
    ]


def test_plotly_that_cannot_be_written_ends_the_batch(work, run, monkeypatch):
    """What every page would lack is one sentence, not a fault of each report."""

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("petitionlib.reports.batch.pages.publish", full)
    code, out, err = run("--jobs", 2)
    assert (code, out) == (1, "")
    assert err == (
        f"cannot write {Path('reports') / shared_name()}: No space left on device; make room and"
        " run the command again (the pages there still stand)\n"
    )
    assert not list((work / "reports").glob("*.html"))


def test_a_failure_is_told_once(work, run, monkeypatch):
    """Where, why and whether a page stands are one line, and the same reason is not repeated."""

    async def failing(job, data, **options):
        raise NotebookError(job.notebook, 2, "line 1 (`1 / 0`) raised ZeroDivisionError: x")

    monkeypatch.setattr(workers.Workers, "__call__", lambda _, *job, **how: failing(*job, **how))
    code, out, err = run("--jobs", 1)
    fault = "cell [2]: line 1 (`1 / 0`) raised ZeroDivisionError: x"
    assert [line.partition(" (no page")[0] for line in err.splitlines()] == [
        f"failed: {NAMES[0]}, {fault}",
        f"failed: {NAMES[1]}, for the same reason as {NAMES[0]}",
        f"failed: {NAMES[2]}, for the same reason as {NAMES[0]}",
        f"failed: {COUNT}, {fault}",
    ]
    assert (code, out.splitlines()) == (
        1,
        [
            "Reports: 4 failed. reports/index.html",
            "Mend what failed and run the same command again: it builds only what is missing.",
        ],
    )
    monkeypatch.setattr(sys, "stderr", None)
    assert fault in run("--jobs", 1)[1]


@pytest.mark.parametrize("words", [[], ["--force"]])
def test_dry_run_refuses_faulty_tables_as_the_batch_does(work, run, words):
    """What a batch would refuse before it builds anything, a dry run refuses in the same words."""
    with (work / "data" / "2022.csv").open("a", encoding="utf-8") as file:
        file.write("can-tho,2022,Y,petition.received,1,,,,new,\n")
    assert run("--dry-run", *words) == run(*words)


def test_a_plan_that_is_a_folder(work, run):
    """A plan that is no file is told as such, whether there are tables or not."""
    (work / "data").rename(work / "elsewhere")
    code, out, err = run(work / "notebooks")
    assert (code, out, "notebooks: cannot be read: " in err) == (1, "", True)


def test_a_page_keeps_its_form(work, run):
    """What `report` wrote as one file stays one until pages that share plotly.js are asked for."""
    page = work / "reports" / f"{NAMES[0]}.html"
    page.parent.mkdir()
    page.write_text("<script>/**\n* plotly.js v4\n*/</script>")
    forms = []

    def form(name):
        record = json.loads((work / "reports" / ".petitionlib" / f"{name}.json").read_text())
        return record["inputs"]["form"]

    for words in ([], [], ["--shared"], [], ["--single-file"], []):
        run(*words)
        forms.append((form(NAMES[0]), form(COUNT)))
    one, shared = "single file", "beside plotly.js"
    assert forms == [(one, shared)] * 2 + [(shared, shared)] * 2 + [(one, one)] * 2
    assert run("--why")[1] == "Reports: 4 unchanged. reports/index.html\n"
    with page.open("a") as changed:
        changed.write("<!-- without charts -->")
    assert ": page was changed (" in run("--why")[2]
    assert form(NAMES[0]) == one


def test_a_page_that_report_put_in_place_of_a_shared_one_keeps_its_form(work, run):
    """A page that `report` has made one file since is built again as one file."""
    run()
    page = work / "reports" / f"{NAMES[0]}.html"
    page.write_text("<script>/**\n* plotly.js v4\n*/</script>")
    assert f"built: {NAMES[0]}: page was changed; form (" in run("--why")[2]
    assert run()[1] == "Reports: 4 unchanged. reports/index.html\n"


def test_json_stands_alone(work, run, monkeypatch):
    """The output is one document with each report's outcome; the standard error is empty."""

    async def failing(job, data, **options):
        if job.name == COUNT:
            raise NotebookError(job.notebook, 2, "ValueError: x")
        return await build(job, data, **options)

    monkeypatch.setattr(workers.Workers, "__call__", lambda _, *job, **how: failing(*job, **how))
    code, out, err = run("--json", "--out", "pages")
    document = json.loads(out)
    assert (code, err, document["counts"]["built"]) == (1, "", 3)
    last = document["reports"][3]
    assert (last["outcome"], last["cell"], last["fault"], last["page"]) == (
        "failed", 2, "ValueError: x", None,
    )  # fmt: skip
    assert document["reports"][0]["page"] == str(Path("pages") / f"{NAMES[0]}.html")
    assert document["reports"][0]["parameters"]["place"] == "can-tho"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(["other.yaml"], 2, "No plan other.yaml", id="plan"),
        pytest.param(["--only", "x"], 2, "answers to --only 'x'", id="only"),
        pytest.param(["--only", "place"], 2, "write 'place=VALUE'", id="only a name"),
        pytest.param(["--data", "x"], 2, "x is not there", id="data"),
        pytest.param(["--out", "data/2022.csv"], 1, "cannot write data/2022.csv", id="out"),
    ],
)
def test_what_cannot_be_done_is_one_line(work, run, words, code, message):
    """What was not understood is 2, what went wrong is 1; either is one line."""
    done, out, err = run(*words)
    assert (done, out, message in err, err.count("\n")) == (code, "", True, 1)


def test_a_plan_with_a_fault(work, run):
    """A fault of the plan is 1, with file and line."""
    (work / "reports.yaml").write_text("reports:\n  - notebook: tel\n")
    code, out, err = run()
    assert (code, out, err.startswith("reports.yaml, line 2: No notebook 'tel'; did you")) == (
        1, "", True,
    )  # fmt: skip


def test_faults_of_the_tables_come_before_any_report(work, run):
    """Tables that cannot be trusted stop the batch before anything is built."""
    with (work / "data" / "2022.csv").open("a", encoding="utf-8") as file:
        file.write("can-tho,2022,Y,petition.received,1,,,,new,\n")
    code, out, err = run()
    assert (code, out, "did you mean 'petitions.received'?" in err) == (1, "", True)
    assert not list((work / "reports").glob("*.html"))


def test_all_faults_are_told_though_one_file_is_no_table(work, run):
    """A row with too many cells hides no other fault."""
    with (work / "data" / "2022.csv").open("a", encoding="utf-8") as file:
        file.write("can-tho,2022,Y,petition.received,1,,,,new,\nx,,,,,,,,,,,,\n")
    for words in ([], ["--dry-run"]):
        code, out, err = run(*words)
        assert (code, out, "cells where the header has" in err) == (1, "", True)
        assert "did you mean 'petitions.received'?" in err


def test_tables_edited_while_the_batch_runs_are_for_the_next(work, run, monkeypatch):
    """Every report is of what was read and checked at the start, and the next batch finds out."""
    run("--out", "before")
    path = work / "data" / "2021.csv"
    text = path.read_text(encoding="utf-8")

    async def editing(job, data, **options):
        path.write_text(text.replace(",2636,", ",2637,"), encoding="utf-8")
        return await build(job, data, **options)

    monkeypatch.setattr(workers.Workers, "__call__", lambda _, *job, **how: editing(*job, **how))
    assert run("--out", "after")[0] == 0
    for name in NAMES:
        pages = [(work / out / f"{name}.html").read_bytes() for out in ("before", "after")]
        assert pages[0] == pages[1]
    assert run("--out", "after")[1].startswith("Reports: 3 built, 1 unchanged.")
    assert b"2637" in (work / "after" / f"{COUNT}.html").read_bytes()


@pytest.mark.parametrize("mended", [True, False])
def test_tables_edited_while_they_are_checked(work, run, monkeypatch, mended):
    """What was read is what is checked; where it was mended meanwhile, the command is run again."""
    good = (work / "data" / "2022.csv").read_bytes()
    with (work / "data" / "2022.csv").open("a", encoding="utf-8") as file:
        file.write("can-tho,2022,Y,petition.received,1,,,,new,\n")
    genuine = Folders.of

    def edited(self, places):
        made = genuine(self, places)
        if mended:
            (work / "data" / "2022.csv").write_bytes(good)
        return made

    monkeypatch.setattr(Folders, "of", edited)
    said = "data was edited while it was read; run the command again\n"
    code, out, err = run()
    assert (code, out, err.endswith(said), "data/2022.csv, line 5" in err) == (
        1, "", mended, not mended,
    )  # fmt: skip


def test_a_malformed_declaration_has_the_line_of_its_entry(work, run, write):
    """A batch refuses it in a sentence, before anything runs."""
    write(work / "notebooks" / "count.ipynb", "1", declared={"reads": {"place": "place"}})
    code, out, err = run()
    assert (code, out, err.count("\n"), "reads: place names no parameter 'place'" in err) == (
        1, "", 1, True,
    )  # fmt: skip
    assert err.startswith("reports.yaml, line 4: ")
    assert not (work / "reports").exists()


@pytest.mark.parametrize("stop", ["done", "failed"])
def test_no_data_folder_is_left(work, run, monkeypatch, tmp_path, stop):
    """The rows that were laid out go with the batch, however it ends."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    if stop == "failed":
        refused = OSError(28, "No space left on device")
        monkeypatch.setattr(Records, "keep", lambda *_: (_ for _ in ()).throw(refused))
    run()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_plan_that_needs_no_data(work, run):
    """A plan of notebooks without places or years runs where there are no tables."""
    (work / "data").rename(work / "elsewhere")
    code, _, err = run()
    assert (code, "No data folder" in err) == (2, True)
    (work / "reports.yaml").write_text("reports:\n  - notebook: count\n")
    assert run()[:2] == (0, "Reports: 1 built. reports/index.html\n")


def test_nothing_changed_loads_nothing_heavy(work, run):
    """The path of a batch that has nothing to do loads neither pandas nor the tools of Jupyter."""
    run()
    code = (
        "import sys; sys.argv = ['petitionlib', 'batch']\n"
        "from petitionlib.cli import main\n"
        "try: main.run()\nexcept SystemExit: pass\n"
        "heavy = 'asyncio jinja2 jsonschema nbformat numpy pandas papermill plotly rich'.split()\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["Reports: 4 unchanged. reports/index.html", "[]"]


@pytest.mark.parametrize("damage", ["removed", "cut short", "changed"])
@pytest.mark.parametrize("name", ["index.html", shared_name()], ids=["index", "plotly.js"])
def test_what_stands_beside_the_pages_is_put_back(work, run, name, damage):
    """The index and plotly.js are as they were after a batch that has nothing to build."""
    run()
    file = work / "reports" / name
    before = file.read_bytes()
    if damage == "removed":
        file.unlink()
    else:
        file.write_bytes(before[:100] if damage == "cut short" else before[:-1] + b"x")
    later = time.time() + 10
    if damage == "changed":
        os.utime(file, (later, later))
    assert run()[:2] == (0, "Reports: 4 unchanged. reports/index.html\n")
    assert file.read_bytes() == before


def test_pages_for_the_mail_need_nothing_beside_them(work, run):
    """Where each page holds plotly.js, none is put beside them."""
    run("--single-file")
    run("--single-file")
    assert not (work / "reports" / shared_name()).exists()


@pytest.mark.slow
def test_notebooks_become_pages(tmp_path, write, monkeypatch, run):
    """Real notebooks run: a good one, one that fails, one that loops for ever, one that eats."""
    monkeypatch.chdir(tmp_path)
    make(tmp_path, write)
    folder = tmp_path / "notebooks"
    write(folder / "fails.ipynb", "1 / 0")
    write(folder / "loops.ipynb", "while True: pass")
    write(folder / "eats.ipynb", "b = bytearray(3 << 30)")
    names = ("count", "fails", "loops", "eats")
    plan = "reports:\n" + "".join(f"  - notebook: {name}\n" for name in names)
    (tmp_path / "reports.yaml").write_text(plan)
    code, _, err = run("--timeout", 25, "--jobs", 2)
    told = [line for line in err.splitlines() if line.startswith("failed: ")]
    lines = {line.split(":")[1].split(",")[0].strip(): line for line in told}
    assert (code, sorted(lines)) == (1, ["eats", "fails", "loops"])
    assert "fails, cell [1]: line 1 (`1 / 0`) raised ZeroDivisionError" in lines["fails"]
    assert "ran longer than 25 seconds" in lines["loops"]
    assert "MemoryError" in lines["eats"]
    assert ">1</p>" in (tmp_path / "reports" / "count.html").read_text(encoding="utf-8")
