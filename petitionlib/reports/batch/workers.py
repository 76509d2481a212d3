"""Jobs -> pages, in processes that stand ready: each takes one job after another."""

import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from petitionlib._kernel.pool import PRELOAD
from petitionlib._kernel.processes import adopt_orphans, end_orphans
from petitionlib.errors import NotebookError, Said, said
from petitionlib.reports.job import Built, Job
from petitionlib.tables.folder import DATA

__all__ = ["Workers"]

_LONGEST_ANSWER: Final = 1 << 28
_GLANCE: Final = 0.2
_PRELOAD: Final = "petitionlib.reports.batch.warm_up"


class Workers:
    """Processes that build pages; as many as are busy at a time, each kept for the next job."""

    def __init__(self) -> None:
        """Start with none, and a private folder for their files and the data of their reports."""
        self._idle: list[asyncio.subprocess.Process] = []
        self._folder = tempfile.TemporaryDirectory(
            prefix="petitionlib-", ignore_cleanup_errors=True
        )

    @property
    def folder(self) -> Path:
        """Where their files lie until they end, and the data folders of their reports."""
        return Path(self._folder.name)

    async def __call__(
        self, job: Job, data: Path | None, *, memory: int | None, single_file: bool
    ) -> Built:
        """Build the page of a job; cancelling it ends the process and all that it started."""
        order = {
            "notebook": str(job.notebook), "parameters": dict(job.parameters),
            "lang": job.values.get("lang"), "data": str(data) if data else None,
            "shared": not single_file,
        }  # fmt: skip
        worker = self._idle.pop() if self._idle else await _start(memory, self.folder, data)
        try:
            answer = await _ask(worker, order)
        except BaseException:
            await _end(worker)
            raise
        if answer is None:
            await _end(worker)
            raise NotebookError(job.notebook, None, said("fault.process"))
        self._idle.append(worker)
        if "cause" in answer:
            raise NotebookError(job.notebook, answer["cell"], Said.from_dict(answer["cause"]))
        return Built(answer["page"], answer["title"], answer["headline"])

    async def close(self) -> None:
        """End the processes, of which none is busy any more, and remove their files."""
        while self._idle:
            await _end(self._idle.pop())
        self.remove_files()

    def remove_files(self) -> None:
        """Remove their folder; nothing happens if it is gone."""
        self._folder.cleanup()


async def _start(memory: int | None, folder: Path, data: Path | None) -> asyncio.subprocess.Process:
    """Start a worker; the codebook of the data is what its kernels will find in memory."""
    named = {DATA: str(data)} if data else {}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "petitionlib.reports.batch.workers", str(memory or ""), str(folder),
        env={**os.environ, **named, PRELOAD: _PRELOAD, "TMPDIR": str(folder)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        start_new_session=True, limit=_LONGEST_ANSWER,
    )  # fmt: skip


async def _ask(
    worker: asyncio.subprocess.Process, order: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Give a worker an order and wait for its answer; none if it ended."""
    if worker.stdin is None or worker.stdout is None:
        return None
    with suppress(ConnectionError):
        worker.stdin.write(f"{json.dumps(order)}\n".encode())
        await worker.stdin.drain()
        line = await worker.stdout.readline()
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
    return None


async def _end(worker: asyncio.subprocess.Process) -> None:
    end_orphans(worker.pid, kernels=True)
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    await worker.wait()


def main() -> None:
    """Build pages, one for each line of orders, until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    from petitionlib._kernel import pool  # noqa: PLC0415  # this process is started to import
    from petitionlib.page.render import page  # noqa: PLC0415  # the same
    from petitionlib.reports.execute import run_notebook  # noqa: PLC0415  # the same

    memory, folder = sys.argv[1], Path(sys.argv[2])
    logging.getLogger().addHandler(logging.NullHandler())  # the answer says what went wrong
    adopt_orphans()
    threading.Thread(target=_follow, args=(os.getppid(), folder), daemon=True).start()
    _limit(memory)
    pool.start(("petitionlib",))
    link = folder / f"{os.getpid()}"
    for line in sys.stdin:
        answer = _answer(json.loads(line), run_notebook, page, link)
        end_orphans(os.getpid(), kernels=False)
        answers.write(f"{json.dumps(answer)}\n")
        answers.flush()


def _follow(parent: int, folder: Path) -> None:
    """End this process when the batch is gone, whatever its notebook is doing."""
    while os.getppid() == parent:
        time.sleep(_GLANCE)
    end_orphans(os.getpid(), kernels=True)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _limit(memory: str) -> None:
    """Set how many megabytes this process, and each that it starts, may take."""
    if memory and sys.platform != "win32":
        import resource  # noqa: PLC0415  # not on Windows

        size = int(memory) << 20
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _answer(order: Mapping[str, Any], run_notebook: Any, page: Any, link: Path) -> dict[str, Any]:
    """Run a notebook and make its page."""
    path, data = Path(order["notebook"]), order["data"]
    try:
        executed = run_notebook(
            path, order["parameters"], data=_led_to(Path(data), link) if data else None
        )
    except NotebookError as error:
        return {"cell": error.cell, "cause": error.said.as_dict()}
    return {
        "page": page(executed, lang=order["lang"], name=path.stem, shared=order["shared"]),
        "title": _printed(executed, "title"),
        "headline": _printed(executed, "headline"),
    }


def _led_to(data: Path, link: Path) -> Path:
    """Let a link lead to a data folder, and return it; where there are no links, the folder.

    A kernel that was started in advance knows the link, whichever report it will be for.
    """
    draft = link.with_suffix(".new")
    try:
        draft.unlink(missing_ok=True)
        draft.symlink_to(data, target_is_directory=True)
        draft.replace(link)
    except OSError:
        return data
    return link


def _printed(notebook: Any, tag: str) -> str:
    """Return the first line that the cell with this tag printed."""
    for cell in notebook.cells:
        if tag in cell.get("metadata", {}).get("tags", []):
            for output in cell.get("outputs", []):
                if output["output_type"] == "stream":
                    return str(output["text"]).strip().partition("\n")[0]
    return ""


if __name__ == "__main__":
    main()
