"""Processes that stand ready and build pages."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from petitionlib.errors import NotebookError
from petitionlib.page.assets import shared_name
from petitionlib.reports.batch.workers import Workers
from petitionlib.reports.job import Job
from petitionlib.reports.rows import Folders
from petitionlib.tables.raw import Snapshot

DAEMON = "import subprocess\nsubprocess.Popen(['sleep', '600'], start_new_session=True)\n"
READING = "import petitionlib as pt\ntable = pt.read_tables()\n"
READING += "print(len(table.query('place == @place and year == 2022')['value']))"


@pytest.fixture
def build(root, tmp_path, write):
    """Build pages of notebooks made of a cell, one after another, with the same workers."""

    def pages(*sources, single_file=False):
        async def work():
            workers = Workers()
            made = []
            for number, source in enumerate(sources):
                path = write(tmp_path / f"n{number}.ipynb", source, parameters='place: str = "x"')
                job = Job(path, {"place": "can-tho"}, {"place": "can-tho"}, f"n{number}")
                try:
                    made.append(
                        await workers(job, root / "data", memory=None, single_file=single_file)
                    )
                except NotebookError as error:
                    made.append(error)
            await workers.close()
            return made

        return asyncio.run(work())

    return pages


def test_pages_and_failures(build):
    """A page has its outputs; a failure stops nobody else."""
    first, second, third, last = build(READING, "print(place)", "1 / 0", READING)
    assert first == last._replace(page=last.page.replace("n3", "n0"))
    assert "can-tho" in second.page
    assert (third.cell, third.cause) == (
        2,
        "line 1 (`1 / 0`) raised ZeroDivisionError: division by zero",
    )


def test_each_report_has_a_data_folder_of_its_own(tmp_path, write, root):
    """A kernel that was started in advance, for whichever report, reads the rows of its own."""
    tell = "import petitionlib as pt\nprint('of', *pt.read_tables()['place'].unique(), '.')"
    path = write(tmp_path / "n.ipynb", tell)
    data = Snapshot(root / "data")
    (tmp_path / "rows").mkdir()
    folders = Folders(data, tmp_path / "rows")
    places = ["can-tho", "viet-nam", "can-tho", "thanh-hoa"]

    async def work():
        workers = Workers()
        made = [
            await workers(
                Job(path, {}, {}, "n"), folders.of((place,)), memory=None, single_file=False
            )
            for place in places
        ]
        await workers.close()
        return made

    pages = asyncio.run(work())
    shown = [[p for p in set(places) if f"of {p} ." in page.page] for page in pages]
    assert shown == [[place] for place in places]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_what_a_notebook_leaves_behind_ends_with_its_report(build, monkeypatch):
    """Processes that left the group and the session of their kernel are ended; the page stands."""
    mark = f"mark-{os.getpid()}-{time.monotonic_ns()}"
    monkeypatch.setenv("PETITIONLIB_TEST_MARK", mark)
    made, failed = build(f"{DAEMON}print('made')", f"{DAEMON}import os; os._exit(1)")
    assert "made" in made.page
    assert failed.cause == "could not be run: its process ended, by a cell or for want of memory"
    wait_until(lambda: not marked(mark))


def test_the_folder_of_the_workers_goes_with_them(build, tmp_path, monkeypatch):
    """Nothing is left where temporary files lie."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    build("import tempfile; tempfile.mkstemp()")
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("single_file", [True, False], ids=["inline", "beside"])
def test_plotly_stands_in_the_page_or_beside_it(build, single_file):
    """A page to be mailed holds plotly.js; the pages of a batch share it."""
    chart = "import plotly.graph_objects as go\ngo.Figure(go.Bar(x=[1], y=[2]))"
    (made,) = build(chart, single_file=single_file)
    assert (shared_name() in made.page) is not single_file
    assert (len(made.page) > 10**6) is single_file


@pytest.mark.slow
def test_nobody_outlives_a_batch_that_is_killed(tmp_path, write, root):
    """A notebook that runs for ever ends with the batch, a second after kill -9.

    So does a process that it has started in a session of its own.
    """
    cell = f"{DAEMON}while True: pass"
    path = write(tmp_path / "endless.ipynb", cell)
    code = "import asyncio, pathlib\nfrom petitionlib.reports.batch.workers import Workers\n"
    code += "from petitionlib.reports.job import Job\n"
    code += f"job = Job(pathlib.Path({str(path)!r}), {{}}, {{}}, 'endless')\n"
    code += "asyncio.run(Workers()(job, None, memory=None, single_file=True))"
    mark = f"mark-{os.getpid()}-{time.monotonic_ns()}"
    environment = os.environ | {"PETITIONLIB_TEST_MARK": mark}
    batch = subprocess.Popen([sys.executable, "-c", code], env=environment)
    wait_until(lambda: len(marked(mark)) >= 5)  # batch, worker, its forks, a kernel, its process
    batch.send_signal(signal.SIGKILL)
    batch.wait()
    wait_until(lambda: not marked(mark))


def wait_until(holds, seconds=20):
    """Wait until something holds; it is an error if it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def marked(mark):
    """List the processes that have a mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found
