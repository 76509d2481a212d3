"""Many reports: published whole or not at all, whatever happens meanwhile."""

import asyncio
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from four_jobs import NAMES, build, kinds, make, pages, run

from petitionlib import files
from petitionlib.errors import BatchError, NotebookError
from petitionlib.reports.batch.console import as_json, exit_code, summary_lines
from petitionlib.reports.batch.pages import Records

FIRST, SECOND, THIRD, COUNT = NAMES
KILLS = 50


@pytest.fixture
def work(tmp_path, write, monkeypatch):
    """Work in a folder of four reports, none of them built."""
    monkeypatch.chdir(tmp_path)
    return make(tmp_path, write)


def failing(name, error):
    """Build every page but one, which raises."""

    async def some(job, data, **options):
        if job.name == name:
            raise error
        return await build(job, data, **options)

    return some


def change(work):
    """Change a figure that FIRST, SECOND and COUNT read."""
    path = work / "data" / "2021.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2636", "2637"), encoding="utf-8")


def html(work):
    """Return the pages and the index."""
    return {name: content for name, content in pages(work).items() if name.endswith(".html")}


@pytest.mark.parametrize("jobs", [1, 3, 8])
def test_the_number_of_jobs_changes_no_byte(work, jobs):
    """Pages, records and index are the same whatever the number at a time."""
    run(work, jobs=1)
    one = pages(work)
    shutil.rmtree(work / "out")
    assert set(kinds(run(work, jobs=jobs)).values()) == {"built"}
    assert pages(work) == one
    assert {f"out/{name}.html" for name in (*NAMES, "index")} <= set(one)


def test_so_many_run_at_a_time(work):
    """No more reports run at a time than were asked for, and as many."""
    running, most = [], []

    async def counted(job, data, **options):
        running.append(job.name)
        most.append(len(running))
        await asyncio.sleep(0.01)
        running.remove(job.name)
        return await build(job, data, **options)

    run(work, counted, jobs=3)
    assert max(most) == 3


def test_a_failure_stops_no_other_and_leaves_the_old_page(work):
    """The others are built, the last good page stands as stale, the next run tries again."""
    run(work)
    before = (work / "out" / f"{FIRST}.html").read_bytes()
    change(work)
    error = NotebookError("notebooks/tell.ipynb", 3, "ValueError: no\nmore")
    result = run(work, failing(FIRST, error))
    assert kinds(result) == {FIRST: "failed", SECOND: "built", THIRD: "unchanged", COUNT: "built"}
    assert (work / "out" / f"{FIRST}.html").read_bytes() == before
    assert exit_code(result) == 1
    lines = list(summary_lines(result, Path("out"), NAMES))
    assert lines == [
        f"failed: {FIRST}, cell [3]: ValueError: no more (the last good page stands)",
        "Reports: 2 built, 1 unchanged, 1 failed. out/index.html",
        "Mend what failed and run the same command again: it builds only what is missing.",
    ]
    index = (work / "out" / "index.html").read_text(encoding="utf-8")
    assert "out of date, last build failed" in index
    assert "the previous page is kept. tell, cell [3]: ValueError: no more" in index
    again = run(work)
    assert again.outcomes[0].why == ["failed last time", "rows of can-tho"]
    assert (kinds(again)[FIRST], exit_code(again)) == ("built", 0)
    assert "out of date" not in (work / "out" / "index.html").read_text(encoding="utf-8")


def test_a_first_failure_has_no_page(work):
    """A report that never worked is listed as failed, without a link."""
    result = run(work, failing(COUNT, RuntimeError("x")))
    assert str(result.outcomes[3].fault) == "could not be built: RuntimeError: x"
    assert not (work / "out" / "count.html").exists()
    assert "no page of it yet" in next(summary_lines(result, Path("out"), NAMES))
    assert 'href="count.html"' not in (work / "out" / "index.html").read_text(encoding="utf-8")
    assert run(work).outcomes[3].why == ["failed last time"]


def test_a_notebook_that_loops_for_ever_is_stopped(work):
    """A report that takes too long is stopped, in one sentence, and the others go on."""
    ended = []

    async def endless(job, data, **options):
        try:
            if job.name == COUNT:
                await asyncio.Event().wait()
        finally:
            ended.append(job.name)
        return await build(job, data, **options)

    result = run(work, endless, timeout=0.05)
    assert str(result.outcomes[3].fault) == (
        "ran longer than 0.05 seconds and was stopped; --timeout gives it more"
    )
    assert (COUNT in ended, [o.kind for o in result.outcomes[:3]]) == (True, ["built"] * 3)


def test_memory_and_form_are_handed_on(work):
    """The builder is told how much memory a notebook may use, and the form of the page."""
    told = []

    async def listening(job, data, **options):
        told.append(options)
        return await build(job, data, **options)

    run(work, listening, memory=512)
    assert told == [{"memory": 512, "single_file": False}] * 4


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("after", [0, 1, 2, 5])
def test_a_disk_that_refuses(work, monkeypatch, number, after):
    """A full disk or a read-only folder ends in one sentence; the good pages stay, then all go."""
    run(work)
    before = pages(work)
    change(work)
    count = iter(range(100))
    genuine = files.os.fsync

    def refuse(descriptor):
        if next(count) >= after:
            raise OSError(number, os.strerror(number))
        genuine(descriptor)

    monkeypatch.setattr(files.os, "fsync", refuse)
    remedy = "choose a folder that can be written to"
    if number == errno.ENOSPC:
        remedy = "make room and run the command again"
    with pytest.raises(BatchError) as caught:
        run(work, jobs=1)
    assert str(caught.value) == (
        f"cannot write {work / 'out'}: {os.strerror(number)}; {remedy}"
        " (the pages there still stand)"
    )
    monkeypatch.undo()
    torn = [name for name, content in pages(work).items() if name.endswith(".html")
            and content != before[name] and "2637" not in content.decode()]  # fmt: skip
    assert torn == []
    assert not list((work / "out").rglob("*.part"))
    run(work)
    healed = html(work)
    shutil.rmtree(work / "out")
    run(work)
    assert healed == html(work)


def test_a_folder_that_cannot_be_made(work):
    """An output folder that is a file is refused in one sentence before anything is built."""
    (work / "out").write_text("a file")
    with pytest.raises(BatchError, match=r"cannot write .*out.*: (Not a directory|File exists)"):
        run(work, None)


def test_a_folder_that_may_not_be_written(work, monkeypatch):
    """A read-only folder is refused in one sentence before anything is built."""
    run(work)
    before = pages(work)
    change(work)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(
        BatchError, match=r"out: Permission denied; choose .* \(the pages there still"
    ):
        run(work, None)
    assert pages(work) == before


def test_a_page_that_is_missing_or_changed_is_built_again(work):
    """A page that was removed, cut short or edited by hand is built again."""
    run(work)
    before = pages(work)
    (work / "out" / f"{FIRST}.html").unlink()
    (work / "out" / f"{SECOND}.html").write_text("short")
    third = work / "out" / f"{THIRD}.html"
    third.write_bytes(third.read_bytes().replace(b"50", b"51"))
    later = time.time() + 10
    os.utime(third, (later, later))
    result = run(work)
    assert [o.why for o in result.outcomes] == [
        ["page is missing"], ["page was changed"], ["page was changed"], [],
    ]  # fmt: skip
    assert pages(work) == before


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"format": 1}', '{"format": 2, "x": 2}', '{"format": 2, "inputs": 3}',
        '{"format": 2, "inputs": {"a": "b"}, "rows": []}', '{"format": 2, "size": "large"}',
        '{"format": 2, "title": null}',
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_read_is_none(work, text):
    """A torn or foreign record makes the report new."""
    run(work)
    (work / "out" / ".petitionlib" / f"{COUNT}.json").write_text(text)
    assert {o.job.name: o.why for o in run(work).outcomes if o.why} == {COUNT: ["new"]}


def test_force_builds_all(work):
    """Forced reports are built though nothing has changed; their bytes stay."""
    run(work)
    before = pages(work)
    result = run(work, force=True)
    assert {tuple(o.why) for o in result.outcomes if o.kind == "built"} == {("forced",)}
    assert pages(work) == before


def test_only_some_leaves_the_others_marked(work):
    """What was not asked for is left; its page is listed as out of date, or not built yet."""
    assert kinds(run(work, only=[FIRST])) == {FIRST: "built"} | dict.fromkeys(NAMES[1:], "left")
    index = (work / "out" / "index.html").read_text(encoding="utf-8")
    assert ("<dt>Not built yet</dt><dd>3</dd>" in index, index.count("<li ")) == (True, 1)
    run(work)
    change(work)
    result = run(work, only=[FIRST])
    assert (kinds(result)[SECOND], exit_code(result)) == ("left", 0)
    index = (work / "out" / "index.html").read_text(encoding="utf-8")
    assert "has changed since it was built" in index


def test_a_page_that_the_plan_no_longer_has(work):
    """It stays on the disk, is named in the summary, and is not in the index."""
    run(work)
    plan = work / "reports.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").partition("  - notebook: count")[0])
    result = run(work)
    lines = list(summary_lines(result, Path("out"), NAMES))
    assert lines[0] == "In out and no longer in the plan: count"
    assert (work / "out" / "count.html").is_file()
    assert "count.html" not in (work / "out" / "index.html").read_text(encoding="utf-8")


def test_drafts_of_dead_batches_are_removed(work):
    """What a killed batch left over goes away; a draft of another command stays."""
    run(work)
    dead = work / "out" / ".petitionlib" / ".x.html.abc.part"
    other = work / "out" / ".x.html.abc.part"
    for path in (dead, other):
        path.write_text("half")
    run(work)
    assert (dead.exists(), other.exists()) == (False, True)


def test_of_two_batches_the_second_waits_or_says_so(work):
    """The second waits for the first and says for whom, or ends at once if told not to wait."""
    records, said, ended = Records(work / "out"), [], []
    records.prepare()
    second = threading.Thread(target=lambda: ended.append(run(work, say=said.append)))
    with records.locked(wait=True, say=said.append):
        with pytest.raises(BatchError, match=rf"process {os.getpid()}\) is writing .*--no-wait"):
            run(work, wait=False)
        second.start()
        while not said:
            time.sleep(0.01)
        assert ended == []
    second.join()
    (sentence,) = said
    assert f"(process {os.getpid()}) is writing" in str(sentence)
    assert set(kinds(ended[0]).values()) == {"built"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_batch_and_the_next_goes_on(work, number):
    """Finished pages stay, the exit code tells the signal, the next run builds the rest."""
    run(work)
    whole = pages(work)
    shutil.rmtree(work / "out")

    async def interrupted(job, data, **options):
        if job.name == SECOND:
            os.kill(os.getpid(), number)
            await asyncio.sleep(60)
        return await build(job, data, **options)

    result = run(work, interrupted, jobs=1)
    assert list(kinds(result).values()) == ["built", "left", "left", "left"]
    assert (result.signal, exit_code(result)) == (number, 128 + number)
    lines = list(summary_lines(result, Path("out"), NAMES))
    assert lines[0] == "Stopped; 3 reports left for the next run."
    assert f'"signal": {int(number)}' in as_json(result, Path("out"), NAMES)
    assert list(kinds(run(work)).values()) == ["unchanged", "built", "built", "built"]
    assert pages(work) == whole


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_at_once_and_still_cleans_up(work, second):
    """Whoever presses twice waits for nothing, and what was begun is put away all the same."""
    closed = []

    class Impatient:
        """Builds until it is stopped, and is stopped again while it puts things away."""

        async def __call__(self, *_, **__):
            os.kill(os.getpid(), signal.SIGINT)
            try:
                await asyncio.sleep(60)
            finally:
                os.kill(os.getpid(), second)
                await asyncio.sleep(60)

        async def close(self):
            """Note that what was begun is put away."""
            closed.append(True)

    result = run(work, Impatient(), jobs=1)
    assert (result.signal, exit_code(result), closed) == (signal.SIGINT, 130, [True])
    assert set(kinds(result).values()) == {"left"}
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_torn(work):
    """Killed with -9 at fifty random moments: whole pages only, and in the end the same bytes."""
    run(work)
    old = html(work)
    change(work)
    shutil.copytree(work / "out", work / "kept")
    run(work)
    new = pages(work)
    chance = random.Random(7)  # noqa: S311  # moments, not secrets
    command = [sys.executable, Path(__file__).parents[2] / "four_jobs.py", work]
    reached = 0
    for _ in range(KILLS):
        shutil.rmtree(work / "out")
        shutil.copytree(work / "kept", work / "out", copy_function=shutil.copy2)
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.12))
        process.kill()
        process.communicate()
        now = pages(work)
        assert [name for name in old if now[name] not in {old[name], new[name]}] == []
        reached += any(now[name] != old[name] for name in old)
        run(work)
        assert pages(work) == new
    assert 0 < reached < KILLS


def test_a_notebook_that_is_edited_while_it_runs_is_built_again(work, write):
    """The record names the notebook that was there when the run began."""

    async def edited(job, data, **options):
        if job.name == COUNT:
            write(work / "notebooks" / "count.ipynb", "print(2)")
        return await build(job, data, **options)

    run(work, edited)
    assert {o.job.name: o.why for o in run(work).outcomes if o.why} == {COUNT: ["notebook"]}
