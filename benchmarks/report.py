"""One report, cold: `petitionlib report` beside `papermill` and `jupyter nbconvert --to html`.

Each runs as a person would run it, from the command to the page, in turn; the table has medians.
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

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ROUNDS = 5


def main() -> None:
    """Print the medians and their ratio."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            ours.append(seconds(OURS, Path(folder)))
            theirs.append(sum(seconds(command, Path(folder)) for command in THEIRS))
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in ("papermill", "nbconvert", "plotly", "pandas", "ipykernel"):
        print(f"  {name} {version(name)}")
    print("| one report, cold, command to page | seconds |")
    print("|---|---|")
    print(f"| petitionlib report | {mine:.2f} |")
    print(f"| papermill, then jupyter nbconvert --to html | {other:.2f} |")
    print(f"| ratio | {other / mine:.1f} |")


CHOSEN = ["-p", "place", "can-tho", "-p", "year", "2022"]
OURS = [BIN / "petitionlib", "report", "yearly_report", *CHOSEN, "--out", "."]
THEIRS = [
    [BIN / "papermill", ROOT / "notebooks" / "yearly_report.ipynb", "out.ipynb", *CHOSEN],
    [BIN / "jupyter", "nbconvert", "--to", "html", "out.ipynb"],
]


def seconds(command: list[str | Path], folder: Path) -> float:
    """Time a command."""
    environment = {**os.environ, "PETITIONLIB_DATA": str(ROOT / "data")}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
