"""How a batch goes: a bar in a terminal, lines in a log, nothing where nothing is wanted."""

from pathlib import Path

from petitionlib.errors import said
from petitionlib.reports.batch.console import Progress
from petitionlib.reports.job import Job, Outcome


def outcome(kind="built", fault=None):
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
    progress.tell(outcome("failed", said("fault.process")), 0)
    progress.close()
    out, err = capsys.readouterr()
    assert (out, "2/2" in err, "failed: n.[bold]" in err) == ("", True, True)


def test_a_log_has_lines(capsys):
    """Each outcome is a line with its time and how many are to come."""
    progress = Progress()
    progress.start(2)
    progress.tell(outcome(), 1)
    progress.say(said("batch.again"))
    progress.close()
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[0]) == ("", "built: n.[bold] (1.2 s; 1 to go)")
    assert err.splitlines()[1].startswith("Mend what failed")


def test_a_log_in_vietnamese(capsys):
    """Outcome, fault and what stands of it are told in the language asked for."""
    progress = Progress(lang="vi")
    progress.tell(outcome("failed", said("fault.timeout", seconds="5")), 2)
    assert capsys.readouterr().err == (
        "không lập được: n.[bold]: chạy quá 5 giây nên đã bị dừng; tùy chọn --timeout cho phép"
        " chạy lâu hơn (chưa có trang nào; 1.2 giây; còn 2 báo cáo)\n"
    )


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
