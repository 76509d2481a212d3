"""Made-up offices: folders with tables and a plan, in which each place has Can Tho's figures."""

import csv
import json
import shutil
from pathlib import Path

from petitionlib.codebook import places

__all__ = ["change_a_figure", "communes", "plan_of_idle_cells", "provinces"]

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
NOTEBOOK = ROOT / "notebooks" / "yearly_report.ipynb"
PLAN = "reports:\n  - notebook: yearly_report\n    grid: {place: all, year: 2022}\n"


def provinces(folder: Path) -> list[str]:
    """Make an office with 63 provinces, those that were there in 2022; return their names."""
    book = places()
    old = book[(book["level"] == "province") & (book["valid_from"] == "")]
    names = [name for name in old["place"] if "--" not in name]
    _make(folder, names)
    return names


def communes(folder: Path, count: int) -> list[str]:
    """Make an office with so many communes, which its own codebook names; return their names."""
    names = [f"commune-{number:04}" for number in range(1, count + 1)]
    _make(folder, names)
    columns = list(places().columns)
    (folder / "data" / "codebook").mkdir()
    with (folder / "data" / "codebook" / "places.csv").open("w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        for name in names:
            number = name.rpartition("-")[2]
            writer.writerow(
                {
                    "place": name,
                    "name_en": f"Commune {number}",
                    "name_vi": f"Xã {number}",
                    "level": "commune",
                    "parent": "can-tho",
                }
            )
    return names


def _make(folder: Path, names: list[str]) -> None:
    """Copy the data, and say what the tables say of Can Tho in 2022 of each place instead."""
    shutil.copytree(DATA, folder / "data")
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


def change_a_figure(folder: Path, place: str, value: int) -> None:
    """Change one figure of one place."""
    file = folder / "data" / "2022.csv"
    text = file.read_text(encoding="utf-8")
    row = f"{place},2022,Y,petitions.received,"
    old = text[text.index(row) :].partition("\n")[0]
    cells = old.split(",")
    cells[4] = str(value)
    file.write_text(text.replace(old, ",".join(cells)), encoding="utf-8")


def plan_of_idle_cells(folder: Path) -> Path:
    """Write a plan of as many reports, of the same notebook with cells that do nothing."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            cell |= {"source": "1", "outputs": []}
    (folder / "idle.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    plan = folder / "idle.yaml"
    plan.write_text(PLAN.replace("yearly_report", "idle.ipynb"), encoding="utf-8")
    return plan
