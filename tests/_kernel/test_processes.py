"""Processes that a notebook has started and left behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from petitionlib._kernel.processes import end_orphans

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

TELL = "os.write(1, b'%d\\n' % os.getpid())"  # in one piece: others write meanwhile
WORKER = """
import os, subprocess, sys, time
from petitionlib._kernel.processes import adopt_orphans, end_orphans
adopt_orphans()
child = subprocess.Popen([sys.executable, "-c", '''
import os, time
if not os.fork():
    os.setsid()
    if not os.fork():
        print(os.getpid(), flush=True)
        time.sleep(600)
    os._exit(0)
os.wait()
'''])
child.wait()
sys.stdin.readline()
end_orphans(os.getpid(), kernels=False)
print("ended", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def worker():
    """Start a worker, a child of which has left a daemon behind; ended afterwards."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def alive(pid):
    """Tell whether a process is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123  # may vanish
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid):
    """Wait a moment for a process to end."""
    end = time.monotonic() + 10
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not alive(pid)


def wait_until_one_is_gone(pids):
    """Wait a moment until all but one have ended."""
    end = time.monotonic() + 10
    while sum(map(alive, pids)) != 1:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_worker_ends_the_daemons_of_its_notebook(worker):
    """A process that left its group and session is found by its parent all the same."""
    daemon = int(worker.stdout.readline())
    assert alive(daemon)
    print(file=worker.stdin, flush=True)
    assert worker.stdout.readline() == "ended\n"
    assert not alive(daemon)


def test_a_batch_ends_what_stands_below_a_worker(worker):
    """A worker that is stopped takes its daemons with it."""
    daemon = int(worker.stdout.readline())
    end_orphans(worker.pid, kernels=True)
    assert gone(daemon)
    assert worker.poll() is None


@contextmanager
def running(code):
    """Run a program and read the two processes that it names; they end with the test."""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as one:
        pids = []
        try:
            pids += [int(one.stdout.readline()) for _ in range(2)]
            yield one.pid, pids
        finally:
            one.kill()
            for pid in filter(alive, pids):
                os.kill(pid, signal.SIGKILL)


def test_the_process_that_forks_kernels_is_no_stray():
    """Between two reports the next kernel stands ready, and stays."""
    forks = f"import os, time\nif not os.fork(): {TELL}\ntime.sleep(600)"
    code = "import os, subprocess, sys\n"
    code += f"forks = [sys.executable, '-c', {forks!r}, 'petitionlib._kernel.server']"
    code += "\nwith subprocess.Popen(forks) as started: os.write(1, b'%d\\n' % started.pid)"
    with running(code) as (parent, both):
        end_orphans(parent, kernels=False)
        assert [alive(pid) for pid in both] == [True, True]
        end_orphans(parent, kernels=True)
        wait_until_one_is_gone(both)


def test_what_a_kernel_has_forked_and_left_behind_is_a_stray():
    """It bears the name of the process that forks kernels, and is younger: it ends, that stays."""
    orphan = f"import os, time\nif not os.fork():\n os.setsid()\n {TELL}\n time.sleep(600)"
    forks = f"import os, time\nif not os.fork():\n exec({orphan!r})\n os._exit(0)\n"
    forks += f"os.wait()\n{TELL}\ntime.sleep(600)"
    code = "import subprocess, sys\nfrom petitionlib._kernel.processes import adopt_orphans\n"
    code += "adopt_orphans()\n"
    code += (
        f"subprocess.Popen([sys.executable, '-c', {forks!r}, 'petitionlib._kernel.server']).wait()"
    )
    with running(code) as (parent, both):
        server, left = sorted(both)
        end_orphans(parent, kernels=False)
        assert (gone(left), alive(server)) == (True, True)


def test_what_the_process_came_with_is_no_stray():
    """A pipe that the shell has hung to a command before it began is left alone."""
    code = (
        "import os, subprocess, sys\n"
        "from petitionlib._kernel.processes import adopt_orphans, end_orphans\n"
        "first = subprocess.Popen(['sleep', '60'])\n"
        "adopt_orphans()\n"
        "second = subprocess.Popen(['sleep', '60'])\n"
        "end_orphans(os.getpid(), kernels=False)\n"
        "print(first.poll(), second.wait() if second.returncode is None else second.returncode)\n"
        "first.kill()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split()[0] == "None"
    assert done.stdout.split()[1] != "None"
