"""The same reports with the tools that a user would pick instead."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

__all__ = ["NOTEBOOK", "by_command", "papermill", "surroundings", "warm"]

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
NOTEBOOK = HERE.parent / "notebooks" / "yearly_report.ipynb"


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment in which a tool finds the tables; it reports to nobody."""
    data = str(folder / "data")
    return {**os.environ, "PETITIONLIB_DATA": data, "PLOOMBER_STATS_ENABLED": "false"}


def papermill(name: str) -> list[str | Path]:
    """Return the command that runs the notebook for a place."""
    return [BIN / "papermill", NOTEBOOK, f"{name}.ipynb", "-p", "place", name, "-k", "python3"]


def by_command(folder: Path, names: list[str], jobs: int) -> float:
    """Time papermill, then nbconvert, as commands, some reports at a time; return s a report."""
    start = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda name: _one(folder, name), names))
    return (time.perf_counter() - start) / len(names)


def _one(folder: Path, name: str) -> None:
    convert = [BIN / "jupyter", "nbconvert", "--to", "html", f"{name}.ipynb"]
    for command in (papermill(name), convert):
        subprocess.run(
            command, cwd=folder, env=surroundings(folder), check=True, capture_output=True
        )


def warm(folder: Path, names: list[str], jobs: int) -> float:
    """Time ploomber-engine and nbconvert in processes that have both; return s a report.

    Each process has made one report before the clock starts, and takes one place after another.
    """
    command = [sys.executable, HERE / "in_ploomber.py", folder]
    processes = [
        subprocess.Popen(
            command, cwd=folder, env=surroundings(folder), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for _ in range(jobs)
    ]  # fmt: skip
    try:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda process: _make(process, names[0]), processes))
            waiting = iter(names)
            start = time.perf_counter()
            list(pool.map(lambda process: [_make(process, name) for name in waiting], processes))
            return (time.perf_counter() - start) / len(names)
    finally:
        for process in processes:
            process.communicate()


def _make(process: "subprocess.Popen[str]", name: str) -> None:
    """Have a process make the report of a place."""
    print(name, file=process.stdin, flush=True)
    if not process.stdout.readline():
        message = f"{name} could not be made"
        raise RuntimeError(message)
