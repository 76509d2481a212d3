"""petitionlib batch: what it prints where, and its exit codes."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from four_jobs import NAMES, build, make

from petitionlib import cli, workers
from petitionlib.errors import NotebookError
from petitionlib.webpage import shared_name

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
            cli.main()
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


def test_why_says_what_has_changed(work, run):
    """Each report that was built is named with what has changed."""
    run()
    path = work / "data" / "2021.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2636", "2637"), encoding="utf-8")
    assert run("--why")[1].splitlines()[:3] == [
        f"built: {name}: rows of can-tho 2021 Y" for name in (*NAMES[:2], COUNT)
    ]


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
        "from petitionlib import cli\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
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
    code, out, _ = run("--timeout", 25, "--jobs", 2)
    lines = {line.split(":")[1].split(",")[0].strip(): line for line in out.splitlines()[:3]}
    assert (code, sorted(lines)) == (1, ["eats", "fails", "loops"])
    assert "fails, cell [1]: ZeroDivisionError: division by zero" in lines["fails"]
    assert "ran longer than 25 seconds" in lines["loops"]
    assert "MemoryError" in lines["eats"]
    assert ">1</p>" in (tmp_path / "reports" / "count.html").read_text(encoding="utf-8")
