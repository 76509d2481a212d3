"""63 reports, two at a time: `petitionlib batch` beside `papermill` and `jupyter nbconvert`.

The tables are those of Can Tho 2022, said of each of 63 provinces. The other tools build a few of
the reports, two at a time, and the time of one is what counts.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from petitionlib import places

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
JOBS = 2
FEW = 6
ROUNDS = 3
PLAN = "reports:\n  - notebook: yearly_report\n    grid: {place: all, year: 2022}\n"


def main() -> None:
    """Print the seconds a report and the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = provinces(folder)
        ours, unchanged, one, theirs = [], [], [], []
        for turn in range(ROUNDS):
            out = folder / f"pages-{turn}"
            ours.append(batch(folder, out) / len(names))
            unchanged.append(batch(folder, out))
            change(folder, turn)
            one.append(batch(folder, out))
            theirs.append(by_hand(folder, names[:FEW]) / FEW)
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"| {len(names)} reports, {JOBS} jobs | seconds | ratio |")
    print("|---|--:|--:|")
    print(f"| petitionlib batch, a report | {mine:.2f} | 1.0 |")
    print(
        f"| papermill, then nbconvert, two at a time, a report | {other:.2f} | {other / mine:.0f} |"
    )
    print(f"| petitionlib batch, nothing changed, all | {statistics.median(unchanged):.2f} | |")
    changed, whole = statistics.median(one), mine * len(names)
    print(f"| petitionlib batch, one figure changed, all | {changed:.2f} | {whole / changed:.1f} |")


def provinces(folder: Path) -> list[str]:
    """Write a folder of tables of 63 provinces, and its plan; return their names."""
    book = places()
    old = book[(book["level"] == "province") & (book["valid_from"] == "")]
    names = [name for name in old["place"] if "--" not in name]
    shutil.copytree(ROOT / "data", folder / "data")
    for file in (folder / "data").glob("[12]*.csv"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        mine = [line for line in lines if line.startswith("can-tho,2022,Y,")]
        if mine:
            rows = [line.replace("can-tho,", f"{n},", 1) for n in names for line in mine]
            file.write_text("".join([lines[0], *rows]), encoding="utf-8")
        else:
            file.unlink()
    (folder / "data" / "known.csv").unlink()
    (folder / "reports.yaml").write_text(PLAN, encoding="utf-8")
    return names


def change(folder: Path, turn: int) -> None:
    """Change one figure of one province."""
    file = folder / "data" / "2022.csv"
    text = file.read_text(encoding="utf-8")
    row = "can-tho,2022,Y,petitions.received,"
    old = text[text.index(row) :].partition("\n")[0]
    cells = old.split(",")
    cells[4] = str(3200 + turn)
    file.write_text(text.replace(old, ",".join(cells)), encoding="utf-8")


def batch(folder: Path, out: Path) -> float:
    """Time a batch."""
    command = [BIN / "petitionlib", "batch", folder / "reports.yaml", "--out", out, "--jobs", "2"]
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def by_hand(folder: Path, names: list[str]) -> float:
    """Time the same reports made with papermill and nbconvert."""
    start = time.perf_counter()
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(lambda name: one_by_hand(folder, name), names))
    return time.perf_counter() - start


def one_by_hand(folder: Path, name: str) -> None:
    """Make one report with papermill and nbconvert."""
    environment = {**os.environ, "PETITIONLIB_DATA": str(folder / "data")}
    notebook = ROOT / "notebooks" / "yearly_report.ipynb"
    made = f"{name}.ipynb"
    commands = [
        [BIN / "papermill", notebook, made, "-p", "place", name, "-k", "python3"],
        [BIN / "jupyter", "nbconvert", "--to", "html", made],
    ]
    for command in commands:
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


if __name__ == "__main__":
    main()
