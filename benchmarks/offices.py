"""Made-up offices of a country nobody lives in: tables and a plan, with Can Tho's figures each."""

import csv
import json
import shutil
from itertools import product
from pathlib import Path

from petitionlib.codebook import places

__all__ = ["change_a_figure", "communes", "plan_of_idle_cells", "provinces"]

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
NOTEBOOK = ROOT / "notebooks" / "yearly_report.ipynb"
PLAN = "reports:\n  - notebook: yearly_report\n    grid: {place: all, year: 2022}\n"
ABOUT = (
    "codebook: extends\n"
    "title: {en: Citizen reception (made up), vi: Tiếp công dân (số liệu giả định)}\n"
)
BEGINNINGS = ("Ar", "Bel", "Cor", "Dun", "Ess", "Fal", "Gor", "Hal", "Ist")
ENDINGS = ("avonne", "edrin", "imoor", "ostane", "ubrel", "ylund", "ezzar")
COUNTRY = "arvonia"


def provinces(folder: Path) -> list[str]:
    """Make an office with 63 provinces of Arvonia, which does not exist; return their codes."""
    named = {f"{a}{b}".lower(): f"{a}{b}" for a, b in product(BEGINNINGS, ENDINGS)}
    _make(folder, named, "province")
    return list(named)


def communes(folder: Path, count: int) -> list[str]:
    """Make an office with so many communes of Arvonia; return their codes."""
    named = {f"commune-{number:04}": f"Commune {number}" for number in range(1, count + 1)}
    _make(folder, named, "commune")
    return list(named)


def _make(folder: Path, named: dict[str, str], level: str) -> None:
    """Copy the data, and say what the tables say of Can Tho in 2022 of each place instead."""
    shutil.copytree(DATA, folder / "data")
    for file in (folder / "data").glob("[12]*.csv"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        mine = [line for line in lines if line.startswith("can-tho,2022,Y,")]
        if mine:
            rows = [line.replace("can-tho,", f"{n},", 1) for n in named for line in mine]
            file.write_text("".join([lines[0], *rows]), encoding="utf-8")
        else:
            file.unlink()
    (folder / "data" / "known.csv").unlink()
    (folder / "reports.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "data" / "codebook").mkdir()
    (folder / "data" / "codebook" / "about.yaml").write_text(ABOUT, encoding="utf-8")
    with (folder / "data" / "codebook" / "places.csv").open("w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(places().columns), restval="")
        writer.writeheader()
        writer.writerow(_place(COUNTRY, "Arvonia", "country", ""))
        writer.writerows(_place(code, name, level, COUNTRY) for code, name in named.items())


def _place(code: str, name: str, level: str, parent: str) -> dict[str, str]:
    return {"place": code, "name_en": name, "name_vi": name, "level": level, "parent": parent}


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
