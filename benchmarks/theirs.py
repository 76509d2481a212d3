"""The same reports with the tools that a user would pick instead."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

__all__ = ["NOTEBOOK", "by_command", "from_start_to_end", "papermill", "surroundings", "warm"]

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
    processes = _started(folder, jobs)
    try:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda process: _make(process, names[0]), processes))
            start = time.perf_counter()
            _share(pool, processes, names)
            return (time.perf_counter() - start) / len(names)
    finally:
        _end(processes)


def from_start_to_end(folder: Path, names: list[str], jobs: int) -> float:
    """Time the same processes as one times a command, until both have ended; return s a report."""
    start = time.perf_counter()
    processes = _started(folder, jobs)
    try:
        with ThreadPoolExecutor(jobs) as pool:
            _share(pool, processes, names)
    finally:
        _end(processes)
    return (time.perf_counter() - start) / len(names)


def _started(folder: Path, jobs: int) -> list["subprocess.Popen[str]"]:
    command = [sys.executable, HERE / "in_ploomber.py", folder]
    return [
        subprocess.Popen(
            command, cwd=folder, env=surroundings(folder), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for _ in range(jobs)
    ]  # fmt: skip


def _share(
    pool: ThreadPoolExecutor, processes: list["subprocess.Popen[str]"], names: list[str]
) -> None:
    """Give each process the next place as soon as it has made one."""
    waiting = iter(names)
    list(pool.map(lambda process: [_make(process, name) for name in waiting], processes))


def _end(processes: list["subprocess.Popen[str]"]) -> None:
    for process in processes:
        process.stdin.close()
    for process in processes:
        process.wait()
        process.stdout.close()


def _make(process: "subprocess.Popen[str]", name: str) -> None:
    """Have a process make the report of a place."""
    print(name, file=process.stdin, flush=True)
    if not process.stdout.readline():
        message = f"{name} could not be made"
        raise RuntimeError(message)
