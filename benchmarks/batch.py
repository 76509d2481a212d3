"""Many reports, two at a time: `petitionlib batch` beside the tools it is made of.

Ours and theirs run in turn; the medians count. A few reports of the slowest tool give its time of
one. The offices are made up (`offices.py`).
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import footprint
import offices
import theirs

BIN = Path(sys.executable).parent
JOBS = 2
ROUNDS = 5
FEW = 8
MANY = 1000
TOOLS = ("papermill", "nbconvert", "ploomber-engine", "ipykernel", "pandas", "plotly")


def main() -> None:
    """Print the table."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
        end="",
    )
    print(", ".join(f"{name} {version(name)}" for name in TOOLS))
    print(f"load {os.getloadavg()[0]:.1f} before the first run")
    print("\n| work | seconds | beside ours | runs |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = offices.provinces(folder)
        whole = in_turn(folder, names)
        memory(folder, names)
    with tempfile.TemporaryDirectory() as name:
        linear(Path(name), whole / len(names))
    print(f"\nload {os.getloadavg()[0]:.1f} after the last run")


def in_turn(folder: Path, names: list[str]) -> float:
    """Time 63 reports, ours and theirs in turn; return the seconds of all of ours."""
    spent: dict[str, list[float]] = {}
    idle = offices.plan_of_idle_cells(folder)
    for turn in range(ROUNDS):
        out = folder / f"pages-{turn}"
        spent.setdefault("all", []).append(batch(folder, out))
        spent.setdefault("idle", []).append(batch(folder, folder / f"idle-{turn}", idle))
        spent.setdefault("warm", []).append(theirs.warm(folder, names, JOBS))
        spent.setdefault("started", []).append(theirs.from_start_to_end(folder, names, JOBS))
        spent.setdefault("unchanged", []).append(batch(folder, out))
        offices.change_a_figure(folder, names[0], 3200 + turn)
        spent.setdefault("one", []).append(batch(folder, out))
        spent.setdefault("commands", []).append(theirs.by_command(folder, names[:FEW], JOBS))
    middle = {name: statistics.median(seconds) for name, seconds in spent.items()}
    ours = middle["all"] / len(names)
    row(f"{len(names)} reports, {JOBS} jobs, per report: `petitionlib batch`", ours, "1.0")
    kernels = middle["idle"] / len(names)
    row("the same with cells that do nothing: a kernel a report", kernels, ratio(kernels, ours))
    row(
        "ploomber-engine and nbconvert, warm",
        middle["warm"],
        ratio(middle["warm"], ours),
    )
    row(
        "the same, from their start to their end",
        middle["started"],
        ratio(middle["started"], ours),
    )
    made = f"papermill, then nbconvert, as commands ({FEW} reports a run)"
    row(made, middle["commands"], ratio(middle["commands"], ours))
    row(f"{len(names)} reports, nothing changed", middle["unchanged"], "")
    changed = ratio(middle["one"], middle["all"])
    row(f"{len(names)} reports, one figure changed, beside building all", middle["one"], changed)
    return middle["all"]


def memory(folder: Path, names: list[str]) -> None:
    """Print the highest memory of a batch beside that of one papermill run."""
    around = theirs.surroundings(folder)
    ours, other = [], []
    for turn in range(ROUNDS):
        ours.append(footprint.highest(command(folder, folder / f"more-{turn}"), folder, around))
        other.append(footprint.highest(theirs.papermill(names[0]), folder, around))
    mine, one = statistics.median(ours), statistics.median(other)
    print(f"| memory of {len(names)} reports, {JOBS} jobs | {mine / 1e6:.0f} MB | 1.0 | {ROUNDS} |")
    print(f"| memory of one papermill run | {one / 1e6:.0f} MB | {one / mine:.2f} | {ROUNDS} |")


def linear(folder: Path, ours: float) -> None:
    """Time many reports of communes: all, and with nothing changed."""
    offices.communes(folder, MANY)
    one = batch(folder, folder / "pages") / MANY
    row(f"{MANY:,} reports, {JOBS} jobs, per report", one, ratio(one, ours), runs=1)
    unchanged = statistics.median(batch(folder, folder / "pages") for _ in range(ROUNDS))
    row(f"{MANY:,} reports, nothing changed", unchanged, "")


def row(what: str, seconds: float, beside: str, runs: int | None = None) -> None:
    """Print a row of the table."""
    print(f"| {what} | {seconds:.2f} | {beside} | {runs or ROUNDS} |", flush=True)


def ratio(seconds: float, ours: float) -> str:
    """Write how many times as long as ours."""
    return f"{seconds / ours:.2f}" if seconds < ours else f"{seconds / ours:.1f}"


def batch(folder: Path, out: Path, plan: Path | None = None) -> float:
    """Time a batch."""
    start = time.perf_counter()
    subprocess.run(command(folder, out, plan), cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def command(folder: Path, out: Path, plan: Path | None = None) -> list[str | Path]:
    """Return the command of a batch."""
    plan = plan or folder / "reports.yaml"
    return [BIN / "petitionlib", "batch", plan, "--out", out, "--jobs", str(JOBS)]


if __name__ == "__main__":
    main()
