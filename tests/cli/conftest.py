"""The command line, run in the process of the tests."""

import sys

import pytest

from petitionlib.cli import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process; return its exit code, output and errors."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["petitionlib", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main.run()
        captured = capsys.readouterr()
        return stopped.value.code or 0, captured.out, captured.err

    return command
