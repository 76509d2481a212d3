"""The command from its start to its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CALL = "import atexit, sys\nfrom petitionlib.cli.main import main\n"


def run(code, *arguments):
    """Run code in a fresh process with arguments of a command line."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["--version"], 0, "petitionlib", id="done"),
        pytest.param(["report", "nothing"], 2, "No notebook 'nothing'", id="not there"),
        pytest.param(["nothing"], 2, "No such command", id="not understood"),
    ],
)
def test_the_exit_code_and_all_that_was_said_arrive(arguments, code, said):
    """Nothing is lost because the end is short."""
    done = run(CALL + "main()", *arguments)
    assert code == done.returncode
    assert said in done.stdout + done.stderr


def test_what_is_registered_for_the_end_is_run():
    """The end is short for memory alone."""
    code = CALL + "atexit.register(print, 'at the end')\nmain()"
    assert "at the end" == run(code, "--version").stdout.splitlines()[-1]


def test_only_a_report_starts_what_kernels_need():
    """The other commands load nothing of it."""
    code = (
        CALL + "atexit.register(lambda: print('petitionlib._kernel.pool' in sys.modules))\nmain()"
    )
    assert "False" == run(code, "report--help").stdout.strip()
    assert "False" == run(code, "--help").stdout.splitlines()[-1]
    assert "True" == run(code, "report", "nothing").stdout.splitlines()[-1]


def test_an_output_that_was_closed_is_no_fault():
    """Who has closed the standard output asked for silence, not for a traceback."""
    done = run("import sys\nsys.stdout = None\n" + CALL + "main()", "--version")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("home", ["/nonexistent", None])
def test_without_a_home_nothing_is_said_and_left(tmp_path, write, home):
    """A home that cannot be written to, or none, is no matter; the folder used instead goes."""
    write(tmp_path / "n.ipynb", "1")
    (tmp_path / "tmp").mkdir()
    env = {name: value for name, value in os.environ.items() if name not in {"HOME", "IPYTHONDIR"}}
    env |= {"TMPDIR": str(tmp_path / "tmp")} | ({"HOME": home} if home else {})
    command = [Path(sys.executable).with_name("petitionlib"), "report", "n.ipynb"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=env
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list((tmp_path / "tmp").iterdir()) == []
