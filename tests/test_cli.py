"""The command line: one clear message and an exit code for whatever happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from petitionlib import cli


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process; return its exit code, output and errors."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["petitionlib", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return stopped.value.code or 0, captured.out, captured.err

    return command


@pytest.fixture
def work(tmp_path, monkeypatch, run):
    """Work in a folder that `petitionlib init` made."""
    monkeypatch.chdir(tmp_path)
    run("init")
    return tmp_path


def test_init_makes_a_folder_to_start_from(run, tmp_path, monkeypatch):
    """The folder has the data and the notebooks, and nothing left over."""
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("init", "work")
    assert (code, "petitionlib report yearly_report" in out) == (0, True)
    assert sorted(p.name for p in Path("work").iterdir()) == ["data", "notebooks"]
    assert (Path("work") / "notebooks" / "yearly_report.ipynb").is_file()
    assert (Path("work") / "data" / "sources.csv").is_file()


def test_init_never_overwrites(run, work):
    """Where there is data already, nothing is touched."""
    (work / "data" / "2022.csv").write_text("mine")
    code, _, err = run("init")
    assert (code, err) == (2, "data is there already; choose another folder\n")
    assert (work / "data" / "2022.csv").read_text() == "mine"


def test_check_counts_what_it_read(run, work):
    """Well-formed tables are counted, and the exit code is 0."""
    assert run("check", "data") == (
        0, "data: well-formed; 462 figures, 38 places, 15 years.\n", ""
    )  # fmt: skip
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
            ["yearly_report", "-p", "year", "2022", "-p", "year", "2023"],
            2,
            "given twice",
            id="twice",
        ),
        pytest.param(["yearly_report", "-p", "place", "x"], 2, "is not in the data", id="place"),
        pytest.param(["nothing"], 2, "No notebook 'nothing'", id="notebook"),
        pytest.param(["yearly_report", "--data", "x"], 2, "x is not a folder", id="data"),
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
    assert "year: int = 2022" in out
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
