"""A report of the rows that it declares says what a report of all rows says."""

import json
import re
import shutil

import pytest

from petitionlib.cli import main

PLAN = """reports:
  - notebook: yearly_report
    grid: {place: all, year: all, span: all, lang: [en, vi]}
  - notebook: trend_report
    grid: {place: all, lang: [en, vi]}
"""


@pytest.fixture
def office(tmp_path, root, monkeypatch):
    """Work in a folder with the shipped tables and the notebooks that declare their place."""
    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    for name in ("yearly_report", "trend_report"):
        shutil.copy(root / "notebooks" / f"{name}.ipynb", tmp_path / "notebooks")
    (tmp_path / "reports.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def batch(monkeypatch, *words):
    """Run a batch; nothing may fail."""
    monkeypatch.setattr("sys.argv", ["petitionlib", "batch", "--jobs", "2", *words])
    with pytest.raises(SystemExit) as stopped:
        main.run()
    assert not stopped.value.code


def pages(folder):
    """Return the pages of a folder by name."""
    return {path.name: path.read_bytes() for path in folder.glob("*_report.*.html")}


def undeclared(path):
    """Take what a notebook declares out of it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    del notebook["metadata"]["petitionlib"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.slow
def test_every_report_is_the_same_with_its_own_rows_and_with_all(office, monkeypatch):
    """Every place, year and span with a figure: equal bytes."""
    (office / "reports.yaml").write_text(PLAN.replace("[en, vi]", "en"), encoding="utf-8")
    batch(monkeypatch, "--out", "narrow")
    for path in (office / "notebooks").glob("*.ipynb"):
        undeclared(path)
    batch(monkeypatch, "--out", "all")
    narrow, everything = pages(office / "narrow"), pages(office / "all")
    places = {line.partition(",")[0] for path in (office / "data").glob("2*.csv")
              for line in path.read_text(encoding="utf-8").splitlines()[1:]}  # fmt: skip
    shown = {re.split(r"\.", name)[1] for name in narrow}
    assert places == shown
    assert sorted(narrow) == sorted(everything)
    assert [name for name, page in narrow.items() if page != everything[name]] == []


def test_a_figure_of_a_body_rebuilds_its_reports_and_those_of_its_province(
    office, monkeypatch, capsys
):
    """With real kernels: a figure of the districts of Can Tho, and no other report."""
    plan = PLAN.replace("lang: [en, vi]", "lang: en").replace("year: all", "year: 2022")
    places = "place: [can-tho, can-tho--districts, ha-noi]"
    (office / "reports.yaml").write_text(plan.replace("place: all", places), encoding="utf-8")
    batch(monkeypatch)
    before = pages(office / "reports")
    table = office / "data" / "2022.csv"
    text = table.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("can-tho--districts,"))
    cells = line.split(",")
    cells[4] = f"{cells[4]}1"
    table.write_text(text.replace(line, ",".join(cells)), encoding="utf-8")
    capsys.readouterr()
    batch(monkeypatch, "--why")
    told = re.findall(r"^built: (\S+): (.*) \(", capsys.readouterr().err, re.MULTILINE)
    expected = {name.removesuffix(".html") for name in before if ".can-tho" in name}
    assert {name for name, _ in told} == expected
    assert {why for _, why in told} == {"rows of can-tho--districts"}
    assert 0 < len(expected) < len(before)
