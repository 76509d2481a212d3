"""How a batch goes: a bar in a terminal, lines in a log, nothing where nothing is wanted."""

from pathlib import Path

from petitionlib.reports.batch.console import Progress
from petitionlib.reports.job import Job, Outcome


def outcome(kind="built", fault=""):
    """Make the outcome of a report."""
    job = Job(Path("n.ipynb"), {}, {}, "n.[bold]")
    return Outcome(job, kind, [], stands=False, fault=fault, seconds=1.25)


def test_a_terminal_shows_a_bar(monkeypatch, capsys):
    """The bar counts, names the last report as it is, and goes away."""
    for name, value in {"COLUMNS": "100", "TERM": "xterm", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    progress = Progress()
    progress.terminal = True
    progress.start(2)
    progress.tell(outcome(), 1)
    progress.tell(outcome("failed", "x"), 0)
    progress.close()
    out, err = capsys.readouterr()
    assert (out, "2/2" in err, "failed: n.[bold]" in err) == ("", True, True)


def test_a_log_has_lines(capsys):
    """Each outcome is a line with its time and how many are to come."""
    progress = Progress()
    progress.start(2)
    progress.tell(outcome(), 1)
    progress.say("Wait.")
    progress.close()
    assert capsys.readouterr() == ("", "built: n.[bold] (1.2 s; 1 to go)\nWait.\n")


def test_quiet(capsys):
    """Without lines, a log stays empty."""
    Progress(lines=False).tell(outcome(), 1)
    assert capsys.readouterr() == ("", "")


def test_a_closed_standard_error(monkeypatch):
    """Whoever closed the standard error is told nothing, and the batch goes on."""
    monkeypatch.setattr("sys.stderr", None)
    progress = Progress()
    progress.start(1)
    progress.tell(outcome(), 0)
    progress.close()
    assert not progress.terminal
