"""A job -> its page, each in a process of its own."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from petitionlib.errors import NotebookError
from petitionlib.job import Built, Job

__all__ = ["build_page"]


async def build_page(
    job: Job, data: Path | None, *, memory: int | None, single_file: bool
) -> Built:
    """Build the page of a job in a process of its own; cancelling it ends the process."""
    del single_file  # every page stands by itself
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "petitionlib.workers", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    order = {
        "notebook": str(job.notebook), "parameters": dict(job.parameters),
        "lang": job.values.get("lang"), "data": str(data) if data else None, "memory": memory,
    }  # fmt: skip
    try:
        output, errors = await process.communicate(json.dumps(order).encode())
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode:
        said = errors.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise NotebookError(job.notebook, None, f"could not be run: {said[-1]}")
    answer = json.loads(output.splitlines()[-1])
    if "cause" in answer:
        raise NotebookError(job.notebook, answer["cell"], answer["cause"])
    return Built(answer["page"], {"all": True, "cells": []}, answer["title"], answer["headline"])


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    """Run the notebook and make its page, in the process that was started for it."""
    from petitionlib.reports import _run  # noqa: PLC0415  # the same
    from petitionlib.webpage import page  # noqa: PLC0415  # slow to import

    _limit(order["memory"])
    path, data = Path(order["notebook"]), order["data"]
    try:
        executed = _run(path, parameters=order["parameters"], data=Path(data) if data else None)
    except NotebookError as error:
        return {"cell": error.cell, "cause": error.cause}
    return {
        "page": page(executed, lang=order["lang"], name=path.stem),
        "title": _printed(executed, "title"),
        "headline": _printed(executed, "headline"),
    }


def _limit(memory: int | None) -> None:
    if memory is not None and sys.platform != "win32":
        import resource  # noqa: PLC0415  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))


def _printed(notebook: Any, tag: str) -> str:
    """Return the first line that the cell with this tag printed."""
    for cell in notebook.cells:
        if tag in cell.get("metadata", {}).get("tags", []):
            for output in cell.get("outputs", []):
                if output["output_type"] == "stream":
                    return str(output["text"]).strip().partition("\n")[0]
    return ""


if __name__ == "__main__":
    sys.stdout.write(f"\n{json.dumps(_answer(json.load(sys.stdin)))}\n")
