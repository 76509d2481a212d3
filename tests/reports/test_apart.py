"""Work in a process that ends with its memory."""

import os
import signal

import psutil
import pytest

from petitionlib.errors import Problem, TableError, said
from petitionlib.reports.apart import apart


def refuse():
    """Find a fault."""
    raise TableError(
        [
            Problem(
                "2022.csv", 4, "indicator", "x", *said("fault.indicator_blank", column="indicator")
            )
        ]
    )


def children():
    """Return the processes that this one has started."""
    return {child.pid for child in psutil.Process().children()}


def test_the_work_is_done_while_the_block_runs(tmp_path):
    """What is done apart changes nothing here but what it writes, and is done at the end."""
    done = []
    with apart(lambda: (done.append(1), (tmp_path / "done").write_text(str(os.getpid())))):
        done.append(2)
    assert done == [2]
    assert (tmp_path / "done").read_text() != str(os.getpid())


def test_what_it_raises_comes_with_its_facts():
    """An error of ours is raised at the end of the block, and no process is left."""
    before, reached = children(), []
    with pytest.raises(TableError, match=r"2022\.csv, line 4") as caught, apart(refuse):
        reached.append(True)
    assert (caught.value.problems[0].column, reached, children()) == ("indicator", [True], before)


def test_a_block_that_fails_ends_the_work():
    """Whoever gives up waits for nothing."""
    before = children()
    with pytest.raises(ZeroDivisionError), apart(signal.pause):
        _ = 1 / 0
    assert children() == before


def test_a_fork_that_is_killed_is_made_up_for():
    """Where the system ends the fork, for want of memory perhaps, its work is done here."""
    ours, done = os.getpid(), []

    def die_elsewhere():
        if os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(True)

    with apart(die_elsewhere):
        assert done == []
    assert done == [True]


def test_without_forks_it_is_done_here(monkeypatch):
    """On a system without forks the work comes first."""
    monkeypatch.delattr(os, "fork")
    with pytest.raises(TableError), apart(refuse):
        pytest.fail("the block must not run")
