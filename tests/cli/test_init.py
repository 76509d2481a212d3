"""`petitionlib init`: the sample, an empty office, a workflow that checks it."""

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from petitionlib.codebook.entries import FILES, columns_of
from petitionlib.tables.folder import COLUMNS, SOURCE_COLUMNS

OFFICE = Path(__file__).parents[2] / "petitionlib" / "cli" / "office"
COMMAND = Path(sys.executable).with_name("petitionlib")


def run(line, folder, code=0):
    """Run a command as a person would; return what it printed."""
    words = shlex.split(line)
    words = [str(COMMAND), *words[1:]] if words[0] == "petitionlib" else words
    words = [sys.executable, *words[1:]] if words[0] == "python" else words
    done = subprocess.run(words, cwd=folder, check=False, capture_output=True, text=True)
    assert (done.returncode == 0) == (code == 0), done.stdout + done.stderr
    return done.stdout + done.stderr


def examples(folder):
    """Take the `#` from the example rows, as an office that tries it out would."""
    for path in sorted((folder / "data").rglob("*.csv")):
        if path.name not in {"known.csv", "identities.csv", "breaks.csv"}:
            path.write_text(re.sub("^# ", "", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")


@pytest.mark.parametrize("path", sorted(OFFICE.rglob("*.csv")), ids=lambda path: path.stem)
def test_each_file_has_its_header_and_an_example(path):
    """An empty office has the columns of its files, and a commented row that fits them."""
    header, *rows = csv.reader(path.read_text("utf-8").splitlines())
    name = path.stem
    known = {"sources": SOURCE_COLUMNS, "known": header} | {n: columns_of(n) for n in FILES}
    assert {*header} <= {*known.get(name, COLUMNS)}
    commented = [row for row in rows if row[0].startswith("# ")]
    assert commented
    assert {len(row) for row in rows} == {len(header)}


def test_an_empty_office_says_what_is_next(tmp_path):
    """What nobody has filled in is well-formed, and a report says that there are no figures."""
    run("petitionlib init office --empty", tmp_path)
    office = tmp_path / "office"
    assert "0 figures" in run("petitionlib check data --strict", office)
    assert "have no figure with a value" in run("petitionlib report yearly_report", office, code=2)
    columns = (office / "data" / "README.md").read_text("utf-8")
    assert "| `units.csv` |" in columns
    assert "press and government pages" not in columns  # of the sample
    notebook = json.loads((office / "notebooks" / "yearly_report.ipynb").read_text("utf-8"))
    assert not any(cell.get("outputs") for cell in notebook["cells"])


def test_from_an_empty_folder_to_a_page_of_ones_own(tmp_path):
    """Init, the example rows, one more figure, check and report: a page of these figures."""
    run("petitionlib init --empty", tmp_path)
    examples(tmp_path)
    table = tmp_path / "data" / "2024.csv"
    table.write_text(
        table.read_text("utf-8") + "northshire,2024,Y,loans.books,4100,,,,report-2024,p. 3\n"
    )
    assert "2 figures" in run("petitionlib check data --strict", tmp_path)
    page = tmp_path / run("petitionlib report yearly_report", tmp_path).strip()
    told = page.read_text("utf-8")
    assert page.name == "yearly_report.northshire.2024.Y.en.html"
    assert "<title>Northshire, 2024: library loans</title>" in told
    assert "Loans rose by 200 (+4.0%)" in told


def test_the_readme_is_in_the_language_asked_for(tmp_path):
    """A Vietnamese office gets its README in Vietnamese, with the same four steps."""
    steps = []
    for lang in ("en", "vi"):
        run(f"petitionlib init {lang} --empty --lang {lang}", tmp_path)
        readme = (tmp_path / lang / "README.md").read_text("utf-8")
        steps.append(re.findall(r"^\d\. ", readme, flags=re.MULTILINE))
    assert steps[0] == steps[1] == ["1. ", "2. ", "3. ", "4. "]
    assert "Số liệu" in readme


def test_nothing_that_is_there_is_written_over(tmp_path):
    """A folder that has one of the names is left as it is; other workflows stay."""
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "other.yml").write_text("x")
    run("petitionlib init --ci", tmp_path)
    names = sorted(path.name for path in (tmp_path / ".github" / "workflows").iterdir())
    assert names == ["figures.yml", "other.yml"]
    assert "is there already" in run("petitionlib init --ci", tmp_path, code=2)


def steps(folder):
    """Return the commands of the workflow, but for those that install."""
    text = (folder / ".github" / "workflows" / "figures.yml").read_text("utf-8")
    named = yaml.safe_load(text)["jobs"]["figures"]["steps"]
    return [step["run"] for step in named if "run" in step and " pip install " not in step["run"]]


@pytest.mark.slow
def test_the_workflow_finds_a_figure_that_was_changed(tmp_path):
    """Its own commands pass on the sample; one figure changed by one fails with its sentence."""
    run("petitionlib init --ci", tmp_path)
    check, validate, _ = steps(tmp_path)  # the third builds all pages of the sample
    for command in (check, validate):
        run(command, tmp_path)
    table = tmp_path / "data" / "2022.csv"
    table.write_text(
        table.read_text("utf-8").replace("reception.visits,2650,", "reception.visits,2651,")
    )
    told = run(check, tmp_path, code=1)
    assert "::warning file=data/2022.csv,line=" in told
    assert "Visits received: 2,651 printed, 1,977 + 673 = 2,650; difference 1" in told
    assert "data_check.ipynb" in run(validate, tmp_path, code=1)


@pytest.mark.slow
def test_the_workflow_of_an_empty_office_passes_from_its_first_figure_on(tmp_path):
    """With --empty and --ci the commands pass once the notebooks are stored."""
    run("petitionlib init --empty --ci", tmp_path)
    examples(tmp_path)
    shutil.rmtree(tmp_path / "reports", ignore_errors=True)
    notebooks = " ".join(
        str(p.relative_to(tmp_path)) for p in (tmp_path / "notebooks").glob("*.ipynb")
    )
    run(f"petitionlib store {notebooks}", tmp_path)
    for command in steps(tmp_path):
        run(command, tmp_path)
    assert (tmp_path / "reports" / "index.html").exists()
