"""One small report in a plain kernel and in a warm one: where the milliseconds go.

Each round runs both in turn, in this process; the table has medians. The warm kernel stands three
times: as the first of a process, as any tool of Jupyter's runs it, and as our own commands do.
"""

import os
import platform
import statistics
import time
from collections import defaultdict
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from petitionlib._kernel.provisioner import WarmKernelManager

ROUNDS = 15
CELLS = [
    "import petitionlib as pt",
    "table = pt.read_tables()",
    "changes = pt.year_over_year(table); print(len(changes))",
    "pt.plot_trend(table, 'can-tho', 'petitions.received')",
    "changes.head()",
]
STEPS = ["start", "ready", "cells", "end"]


def main() -> None:
    """Print the medians."""
    os.environ["PETITIONLIB_DATA"] = str(Path(__file__).parent.parent / "data")
    times = defaultdict(list)
    times["warm, first of a process"].append(run("petitionlib"))
    for _ in range(ROUNDS):
        times["plain"].append(run("python3"))
        times["warm"].append(run("petitionlib"))
    run("petitionlib", **OURS)
    for _ in range(ROUNDS):
        times["warm, our manager"].append(run("petitionlib", **OURS))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in ("ipykernel", "jupyter_client", "nbclient", "pandas", "plotly"):
        print(f"  {name} {version(name)}")
    print(f"| milliseconds | {' | '.join(STEPS)} | all |")
    print("|---|---|---|---|---|---|")
    for name, rounds in times.items():
        steps = [*map(statistics.median, zip(*rounds, strict=True))]
        whole = statistics.median(map(sum, rounds))
        print(f"| {name} | {' | '.join(f'{1000 * s:.0f}' for s in [*steps, whole])} |")


OURS: dict[str, Any] = {"kernel_manager_class": WarmKernelManager}


def run(name: str, **options: Any) -> list[float]:
    """Run the cells in a new kernel; return how long each step took."""
    notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, CELLS)])
    client = NotebookClient(
        notebook, kernel_name=name, extra_arguments=["--log-level=CRITICAL"], **options
    )
    client.create_kernel_manager()
    marks = [time.perf_counter()]
    client.start_new_kernel()
    marks.append(time.perf_counter())
    client.start_new_kernel_client()
    marks.append(time.perf_counter())
    for index, cell in enumerate(notebook.cells):
        client.execute_cell(cell, index)
    marks.append(time.perf_counter())
    client._cleanup_kernel()  # noqa: SLF001  # what `execute` does at the end
    marks.append(time.perf_counter())
    return [after - before for before, after in pairwise(marks)]


if __name__ == "__main__":
    main()
