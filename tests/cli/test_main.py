"""The command line: one clear message and an exit code for whatever happens."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from four_lines import CHANGE, FIGURES, HEADER, VISITS, write_data

from petitionlib import files
from petitionlib.cli import init, report, store
from petitionlib.errors import NotebookError


@pytest.fixture
def work(tmp_path, monkeypatch, run):
    """Work in a folder that `petitionlib init` made."""
    monkeypatch.chdir(tmp_path)
    run("init")
    return tmp_path


def test_init_makes_a_folder_to_start_from(run, tmp_path, monkeypatch):
    """The folder has the data, the notebooks and the plan, and nothing left over."""
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("init", "work")
    assert (code, "petitionlib report yearly_report" in out) == (0, True)
    assert sorted(p.name for p in Path("work").iterdir()) == [
        "data", "notebooks", "reports.yaml",
    ]  # fmt: skip
    assert (Path("work") / "notebooks" / "yearly_report.ipynb").is_file()
    assert (Path("work") / "data" / "sources.csv").is_file()


def test_init_writes_commands_that_can_be_pasted(run, tmp_path, monkeypatch):
    """The name of a folder with a blank is quoted for the shell."""
    monkeypatch.chdir(tmp_path)
    assert "  cd 'việc của tôi'\n" in run("init", "việc của tôi")[1]


def test_init_makes_all_or_nothing(run, tmp_path, monkeypatch):
    """Where the disk is full nothing is left of it, and the reason is one sentence."""

    def full(*_, **__):
        raise init.shutil.Error([("a", "b", "[Errno 28] No space left on device: 'a' -> 'b'")])

    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(init.shutil, "copytree", full)
        reason = "work: cannot be filled: [Errno 28] No space left on device; nothing was made\n"
        assert run("init", "work") == (1, "", reason)
    assert not Path("work").exists()
    assert run("init", "work")[0] == 0


def test_init_never_overwrites(run, work):
    """Where there is data already, nothing is touched."""
    (work / "data" / "2022.csv").write_text("mine")
    code, _, err = run("init")
    assert (code, err) == (2, "data is there already; choose another folder\n")
    assert (work / "data" / "2022.csv").read_text() == "mine"


def test_check_counts_what_it_read(run, work):
    """Well-formed tables are counted, and the exit code is 0."""
    code, out, err = run("check", "data")
    assert (code, err) == (0, "")
    assert out.startswith("data: well-formed; 917 figures, 62 places, 16 years.\n")
    assert run("check")[0] == 0
    assert run("check", "data/2022.csv")[0] == 0
    assert work.is_dir()


def test_check_lists_every_fault(run, work):
    """Each fault has its line; the exit code is 1."""
    table = work / "data" / "2022.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("ben-tre,2022,H1,reception.visits,2759",
                                  "ben-tree,2022,H1,reception.visits,2.759"))  # fmt: skip
    code, out, err = run("check", "data")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "data/2022.csv, line 2: place 'ben-tree' is not in the codebook; did you mean 'ben-tre'?",
        (
            "data/2022.csv, line 2: value '2.759' has decimals, but this indicator is counted in"
            " whole numbers; write 2759 if the point separates thousands"
        ),
        "2 faults.",
    ]


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Work beside a data folder of four figures, two of which contradict the others."""
    monkeypatch.chdir(tmp_path)
    return write_data(tmp_path / "data")


def test_check_lists_contradictions_and_is_content(run, data):
    """In a log, a contradiction is a line, without colours; it is no fault."""
    code, out, err = run("check", "data")
    assert (code, err, out.count("\n")) == (0, "", 5)
    assert "Can Tho, 2022. Visits received: 10 printed, 4 + 5 = 9; difference 1" in out
    assert "\x1b" not in out
    assert "Số lượt tiếp: công bố 10" in run("check", "data", "--lang", "vi")[1]
    assert data.is_dir()


def test_strict_check_of_the_shipped_data_passes(run, work):
    """Every contradiction of the data that petitionlib brings is listed, with its reason."""
    code, out, err = run("check", "data", "--strict")
    assert (code, err) == (0, "")
    assert out.endswith("events listed in data/known.csv: 9.\n")
    assert work.is_dir()


def test_strict_check_writes_the_lines_to_add(run, data):
    """What known.csv lacks is 1; with the lines and their reasons in it, the check passes."""
    code, _, err = run("check", "data", "--strict")
    assert (code, err.splitlines()[1:]) == (1, [HEADER.strip(), CHANGE, VISITS])
    pasted = "\n".join(err.splitlines()[1:]) + "\n"
    (data / "known.csv").write_text(pasted, encoding="utf-8")
    code, out, err = run("check", "data")
    assert (code, out) == (1, "")
    assert err.startswith("data/known.csv, line 2: reason is blank; say why")
    known = pasted.replace("paper,\n", "paper,so it was printed\n")
    (data / "known.csv").write_text(known, encoding="utf-8")
    assert run("check", "data", "--strict")[::2] == (0, "")
    assert run("check", "data/2022.csv", "--strict")[::2] == (0, "")


@pytest.mark.parametrize("form", ["json", "csv", "github"])
def test_strict_check_is_strict_in_every_format(run, data, form):
    """The exit code does not depend on the format, and the lines to add are errors."""
    code, out, err = run("check", "data", "--strict", "--format", form)
    assert (code, VISITS in out, VISITS in err) == (1, False, True)
    assert data.is_dir()


def test_a_stale_row_is_a_note(run, data):
    """A row of known.csv that contradicts no longer is named, and is no error even if strict."""
    whole = FIGURES.replace(",10,", ",9,").replace(",-30,", ",-20,")
    (data / "2022.csv").write_text(
        (data / "2021.csv").read_text(encoding="utf-8").splitlines()[0] + "\n" + whole,
        encoding="utf-8",
    )
    (data / "known.csv").write_text(f"{HEADER}{VISITS}x\n", encoding="utf-8")
    note = "data/known.csv, line 2: no longer contradicts; remove the row\n"
    code, out, err = run("check", "data", "--strict")
    assert (code, out.endswith(f"{note}Nothing contradicts.\n"), err) == (0, True, "")
    code, out, err = run("check", "data", "--strict", "--format", "csv")
    assert (code, out.count("\n"), err) == (0, 1, note)


def test_check_for_other_programs(run, data):
    """JSON and CSV stand alone on the output; commands of a workflow start with their colons."""
    code, out, err = run("check", "data", "--format", "json")
    assert (code, err, len(json.loads(out)["contradictions"])) == (0, "", 2)
    code, out, err = run("check", "data", "--format", "csv")
    assert (code, err, len(list(csv.DictReader(io.StringIO(out))))) == (0, "", 2)
    code, out, err = run("check", "data", "--format", "github")
    assert (code, err, out.count("\n::warning file=data/2022.csv,line=")) == (0, "", 2)
    assert data.is_dir()


def test_faults_for_other_programs(run, data):
    """Faults are 1 and stand in the JSON, in the commands and in the CSV, too."""
    (data / "2022.csv").write_text("place\n", encoding="utf-8")
    code, out, err = run("check", "data", "--format", "json")
    faults = json.loads(out)["faults"]
    assert (code, faults[0]["file"], faults[0]["line"]) == (1, "data/2022.csv", 1)
    assert err.endswith(f"{len(faults)} faults.\n")
    code, out, _ = run("check", "data", "--format", "github")
    assert (code, out.count("::error file=data/2022.csv,line=1::column ")) == (1, len(faults))
    code, out, _ = run("check", "data", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, [row["code"] for row in rows]) == (1, ["fault.column_missing"] * len(faults))


def test_faults_are_told_in_vietnamese(run, data):
    """Faults, remedies and their number are in the language asked for, in every format."""
    (data / "2022.csv").write_text("place\n", encoding="utf-8")
    told = "thiếu cột 'year'; thêm vào dòng tiêu đề"
    code, out, err = run("check", "data", "--lang", "vi")
    assert (code, out, err.splitlines()[0]) == (1, "", f"data/2022.csv, dòng 1: {told}")
    assert err.endswith("\n4 lỗi.\n")
    for form in ("json", "csv", "github"):
        code, out, err = run("check", "data", "--lang", "vi", "--format", form)
        assert (code, told in out, "add it to the header" in out + err) == (1, True, False)
    assert run("check", "nowhere", "--lang", "vi")[2].startswith("không có nowhere; nêu thư mục")


def test_check_of_a_folder_that_is_not_there(run, data):
    """No format makes an answer of what cannot be asked."""
    for form in ("text", "json", "csv", "github"):
        assert run("check", "x", "--format", form)[:2] == (2, "")
    assert data.is_dir()


@pytest.mark.parametrize("columns", [60, 120])
def test_check_in_a_terminal(data, columns):
    """A terminal shows event by event what contradicts, and the last line counts them."""
    out = in_terminal(columns, "check", "data")
    lines = out.split("Contradictions not listed in data/known.csv: 2\n")[1].splitlines()
    assert (lines.count("Can Tho, 2022"), out.count("To do: ")) == (2, 2)
    assert all(len(line) <= columns for line in lines[:-1])
    assert lines[-1].startswith("Events: 2; checks that contradict: 2; ")
    assert data.is_dir()


def in_terminal(columns, *words):
    """Run the command line in a terminal of its own and return what it shows, without colours."""
    pty = pytest.importorskip("pty", reason="no terminals of this kind here")
    command = Path(sys.executable).with_name("petitionlib")
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    done = subprocess.Popen([command, *words], stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # how a terminal ends on Linux
        pass
    os.close(ours)
    assert done.wait() == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")


ALSO = ["--also", "unexplained", "--also", "truncated"]


@pytest.mark.parametrize(
    ("lang", "unexplained", "cut"),
    [
        ("en", "difference 214, unexplained.", "cut off, not rounded."),
        ("vi", "chênh lệch 214, chưa rõ nguyên nhân.", "cắt bớt chữ số thập phân, không làm tròn."),
    ],
)
def test_check_lists_what_it_counts(run, work, lang, unexplained, cut):
    """What is unexplained or cut off is a line each if asked for; if not, how to ask is said."""
    code, out, err = run("check", "data", "--lang", lang, *ALSO)
    assert (code, err, out.count(unexplained), out.count(cut)) == (0, "", 1, 4)
    assert "--also" not in out
    plain = run("check", "data", "--lang", lang)[1]
    assert plain.splitlines()[-2].count("petitionlib check --also unexplained") == 1
    assert (unexplained in plain, cut in plain) == (False, False)
    commands = run("check", "data", "--lang", lang, "--format", "github", *ALSO)[1].splitlines()
    notices = [line for line in commands if line.startswith("::notice file=data/2022.csv,line=")]
    assert sum(unexplained in line or cut in line for line in notices) >= 2
    assert work.is_dir()


def test_check_lists_what_it_counts_for_programs(run, work):
    """JSON has what was asked for under `others`, CSV below the contradictions; each its line."""
    others = json.loads(run("check", "data", "--format", "json", *ALSO)[1])["others"]
    assert [row["verdict"] for row in others] == [*["unexplained"] * 3, *["truncated"] * 4]
    assert all(row["file"] and row["line"] > 1 for row in others)
    rows = list(csv.DictReader(io.StringIO(run("check", "data", "--format", "csv", *ALSO)[1])))
    assert [row["verdict"] for row in rows][20:] == [*["unexplained"] * 3, *["truncated"] * 4]
    out = run("check", "data", "--format", "json", "--also", "all")[1]
    found = json.loads(out)
    assert len(found["others"]) + len(found["contradictions"]) == sum(found["verdicts"].values())
    assert work.is_dir()


@pytest.mark.parametrize("columns", [40, 120])
def test_check_lists_what_it_counts_in_a_terminal(work, columns):
    """Under a heading of its own, with its number, in a list that fits."""
    lines = in_terminal(columns, "check", "data", *ALSO).splitlines()
    assert ["Checks, unexplained: 3", "Checks, cut off: 4"] == [
        line for line in lines if line.startswith("Checks, ")
    ]
    start = lines.index("Checks, unexplained: 3")
    assert all(len(line) <= columns for line in lines[start:-1])
    assert work.is_dir()


def test_a_cell_that_fails_says_what_to_do(run, work, write):
    """Notebook, cell, line of code, fault and remedy are one line; the exit code is 1."""
    write(work / "notebooks" / "fails.ipynb", "x = 1", "y = x\n1 / 0")
    told = (
        f"{Path('notebooks/fails.ipynb')}, cell [2]: line 2 (`1 / 0`) raised ZeroDivisionError:"
        " division by zero. Nothing was written: mend the cell and run the command again.\n"
    )
    assert run("report", "fails") == (1, "", told)
    write(work / "notebooks" / "dies.ipynb", "import os; os._exit(1)")
    code, out, err = run("report", "dies")
    assert (code, out, err.count("\n"), "its process ended" in err) == (1, "", 1, True)


def test_a_notebook_that_petitionlib_brings_is_mended_in_a_copy(run, tmp_path, monkeypatch):
    """Who has no copy of the notebook is told how to get one."""
    cause = NotebookError(files.shipped("notebooks") / "explore.ipynb", 1, "KeyError: 'x'?")
    monkeypatch.setattr(report, "build_report", lambda *_, **__: (_ for _ in ()).throw(cause))
    err = run("report", "explore")[2]
    assert "'x'? Nothing was written: the notebook comes with petitionlib; petitionlib init" in err


def test_ctrl_c_is_one_sentence(run, monkeypatch):
    """Whatever runs ends with 130 and says that nothing is lost."""
    monkeypatch.setattr(store, "store_outputs", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    assert run("store", "x") == (130, "", "Stopped; what was there before still stands.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_report_leaves_no_process_behind(work, write):
    """What a notebook has started in a session of its own ends with the report."""
    code = "import os, time\npid = os.fork()\nif not pid:\n    os.setsid()\n    time.sleep(600)"
    write(work / "notebooks" / "forks.ipynb", f"{code}\nopen('pid', 'w').write(str(pid))")
    command = Path(sys.executable).with_name("petitionlib")
    subprocess.run([command, "report", "forks"], check=True, capture_output=True)
    pid = int((work / "notebooks" / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("command", ["", "init", "report", "batch", "check", "store"])
def test_help_is_whole_at_80_columns(run, monkeypatch, command):
    """No line of a help text is cut short or wider than the screen."""
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = run(*command.split(), "--help")
    assert (
        code,
        err,
        "..." in out.replace("ARGS]...", "").replace("NOTEBOOKS...", "").replace("AY ...", ""),
    ) == (0, "", False)
    assert max(map(len, out.splitlines())) <= 80


def test_report_prints_where_the_page_lies(run, work):
    """Texts of the command line become the types that the notebook declares."""
    code, out, err = run("report", "data_check", "-p", "lang", "vi", "--out", "pages")
    assert (code, out, err) == (0, f"{Path('pages/data_check.vi.html')}\n", "")
    assert (work / "pages" / "data_check.vi.html").is_file()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(["yearly_report", "-p", "year", "abc"], 2, "not 'abc'.", id="type"),
        pytest.param(["yearly_report", "-p", "yaer", "1"], 2, "did you mean 'year'?", id="name"),
        pytest.param(
            ["yearly_report", "-p", "data", "x"], 2, "'data' cannot be a parameter", id="option"
        ),
        pytest.param(
            ["yearly_report", "-p", "year=2022", "-p", "place=can-tho"],
            2,
            "write a parameter as two words: -p year 2022",
            id="joined",
        ),
        pytest.param(
            ["yearly_report", "-p", "place=can tho"],
            2,
            "write a parameter as two words: -p place 'can tho'",
            id="joined with a space",
        ),
        pytest.param(
            ["yearly_report", "-p", "year", "2022", "-p", "year", "2023"],
            2,
            "given twice",
            id="twice",
        ),
        pytest.param(["yearly_report", "-p", "place", "x"], 2, "is not in the data", id="place"),
        pytest.param(["nothing"], 2, "No notebook 'nothing'", id="notebook"),
        pytest.param(["yearly_report", "--data", "x"], 2, "x is not there", id="data"),
        pytest.param(["yearly_report", "--out", "data/2022.csv"], 1, "cannot write", id="out"),
    ],
)
def test_report_refuses_what_it_cannot_do(run, work, words, code, message):
    """What was not understood is 2, what went wrong is 1; either is one line."""
    done, out, err = run("report", *words)
    assert (done, out, message in err, err.count("\n")) == (code, "", True, 1)
    assert work.is_dir()


def test_report_help_lists_the_notebooks_and_their_parameters(run, work):
    """Each notebook's parameters stand with type, default and help."""
    code, out, _ = run("report", "--help")
    assert code == 0
    assert "Notebook yearly_report:" in out
    assert "year: int = 0" in out
    assert "the reporting year" in out
    assert work.is_dir()


def test_store_runs_a_notebook_and_names_it(run, work):
    """The notebook named is run and its outputs are stored."""
    path = Path("notebooks/data_check.ipynb")
    before = (work / path).read_bytes()
    assert run("store", path) == (0, f"{path}\n", "")
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_one_sentence(run, tmp_path, monkeypatch):
    """An error of the file system names the file and the reason."""
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    assert run("init", "file/sub") == (1, "", "file/sub: Not a directory\n")


def test_the_command_is_installed():
    """`petitionlib --version` answers from the environment."""
    command = Path(sys.executable).with_name("petitionlib")
    done = subprocess.run([command, "--version"], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("petitionlib, version ")


def test_a_broken_pipe_is_no_traceback(root):
    """`petitionlib check | head -0` ends without a word."""
    command = f"{Path(sys.executable).with_name('petitionlib')} check data | true"
    done = subprocess.run(["/bin/sh", "-c", command], check=False, capture_output=True, cwd=root,
                          env=os.environ, text=True)  # fmt: skip
    assert done.stderr == ""


def test_check_looks_numbers_up_in_texts(run, data):
    """What stands in no number of its paragraph is told with its line, and counted."""
    table = data / "2022.csv"
    texts = data.parent / "texts"
    texts.mkdir()
    (texts / "paper.txt").write_text("Báo cáo\n\nTiếp 12 lượt, nhận 80 đơn.\n", encoding="utf-8")
    rows = table.read_text(encoding="utf-8").replace(",paper,\n", ",paper,paragraph 2\n")
    table.write_text(rows.replace("paragraph 2", "table 1", 1), encoding="utf-8")
    counted = (
        "Numbers looked up in the texts: 4; not in their paragraph: 3; paragraphs without a number:"
        " 0; not looked up, for want of a text or a paragraph: 2."
    )
    code, out, err = run("check", "data", "--texts", "texts")
    assert (code, err, counted in out.splitlines()) == (0, "", True)
    line = (
        "data/2022.csv, line 4: Can Tho, 2022. Visits received: 10 does not stand in paragraph 2 of"
        " paper.txt."
    )
    assert line in out.splitlines()
    assert run("check", "data", "--texts", "texts", "--strict")[0] == 1
    found = json.loads(run("check", "data", "--texts", "texts", "--format", "json")[1])
    assert [each["line"] for each in found["quotes"]] == [3, 4, 5]
    assert found["quotes"][1]["printed"] == "10"
    commands = run("check", "data", "--texts", "texts", "--format", "github", "--lang", "vi")[1]
    told = "::warning file=data/2022.csv,line=4::Cần Thơ, năm 2022. Số lượt tiếp: không thấy 10"
    assert told in commands
    (texts / "paper.txt").write_bytes("Tiếp".encode("utf-16"))
    code, out, err = run("check", "data", "--texts", "texts")
    assert (code, out) == (1, "")
    assert err.startswith("texts/paper.txt: is not UTF-8; save it as UTF-8\n")
    assert run("check", "data", "--texts", "nowhere")[0] == 2
