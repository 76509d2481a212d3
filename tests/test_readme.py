"""Every block of the README runs."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import petitionlib
from petitionlib.cli.formats import as_lines
from petitionlib.cli.outcome import examine
from petitionlib.text.text import Text

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def blocks(language):
    """Return the blocks of one language."""
    return [text for kind, text in BLOCKS if kind == language]


def test_every_block_is_of_a_kind_that_is_tested():
    """No block escapes the tests below."""
    kinds = [kind for kind, _ in BLOCKS]
    assert kinds == ["sh", "sh", "python", "sh", "text", "sh"]


def test_the_python_block_runs(tmp_path, monkeypatch):
    """The lines of the library give a table, changes, a ledger and a figure."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile("\n".join(blocks("python")), "README.md", "exec"), names)  # noqa: S102  # ours
    assert [len(names[name]) for name in ("table", "ledger")] == [917, 806]
    assert names["figure"].to_plotly_json()["data"]


def test_the_findings_are_found(root):
    """The two contradictions stand as `petitionlib check` prints them."""
    lines = as_lines(examine(root / "data"), Text())
    quoted = re.findall(r"^> (.*)$", README, re.MULTILINE)
    assert len(quoted) == 2
    assert [quote for quote in quoted if not any(line.startswith(quote) for line in lines)] == []


def test_the_tree_is_the_tree():
    """Every file and folder that the README lists is there, and every room is listed."""
    tree = blocks("text")[0]
    assert len(tree.splitlines()) <= 26
    listed = re.findall(r"^ {0,4}([\w.]+(?:\.\w+|/)|Makefile)", tree, re.MULTILINE)
    homes = (ROOT, ROOT / "petitionlib")
    assert [n for n in listed if not any((home / n).exists() for home in homes)] == []
    rooms = {p.name + "/" * p.is_dir() for p in (ROOT / "petitionlib").iterdir()}
    rooms -= {"__init__.py", "__init__.pyi", "py.typed", "__pycache__/"}
    assert rooms - set(listed) == set()


def test_the_floors_are_the_floors():
    """CONTRIBUTING.md lists the floors that `make check` enforces."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    house = project["tool"]["importlinter"]["contracts"][0]
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    floors = text.partition("```text\n")[2].partition("```")[0].splitlines()
    assert floors == house["layers"]


def test_the_notebooks_are_the_notebooks():
    """The README names every notebook."""
    named = re.search(r"^notebooks/ +(.*)$", README, re.MULTILINE)[1].split(" · ")
    assert sorted(named) == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_the_make_targets_are_there():
    """Every make command of the README is a target that would run."""
    targets = re.findall(r"make (\w+)", "\n".join(blocks("sh")))
    assert targets
    for target in targets:
        command = [shutil.which("make"), "--dry-run", target]
        assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0


def test_the_links_lead_somewhere():
    """The picture and every file that the README points at are there."""
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.slow
def test_the_command_line_block_runs(tmp_path):
    """The commands run one after another in an empty folder and end in pages."""
    block = next(text for text in blocks("sh") if "petitionlib init" in text)
    shell(block, tmp_path)
    pages = {path.name for path in (tmp_path / "work").rglob("*.html")}
    reports = {
        f"yearly_report.can-tho.{name}.html" for name in ("2022.Y.en", "2022.Y.vi", "2023.Y.vi")
    }
    latest = "yearly_report.viet-nam.2025.Y.en.html"
    assert pages == {*reports, latest, "tutorial.html", "index.html", "index.vi.html"}


@pytest.mark.slow
def test_the_block_without_make_runs(tmp_path):
    """Without make, the commands make an environment and a page, and the tests start."""
    block = next(text for text in blocks("sh") if "-m venv" in text)
    commands, _, tests = block.rstrip().rpartition("\n")
    assert tests == '.venv/bin/python -m pytest -m "not slow"'
    clone(tmp_path / "clone")
    shell(f"{commands}\n.venv/bin/python -m pytest -q tests/test_front_door.py", tmp_path / "clone")
    assert list((tmp_path / "clone" / "reports").glob("*.html"))


def shell(block, folder):
    """Run a block as a person would, with the environment's commands on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["/bin/bash", "-euo", "pipefail", "-c", block]
    done = subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True,
        env={**os.environ, "PATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def clone(folder):
    """Copy what git has of the project, as a clone would."""
    git = shutil.which("git")
    command = [git, "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "data/README.md"])
def test_what_a_page_names_is_there(page):
    """Each `pt.name` and each file of the library that a page names exists."""
    text = (ROOT / page).read_text(encoding="utf-8")
    names = set(re.findall(r"\bpt\.(\w+(?:\.\w+)?)", text))
    assert {name for name in names if not _is_there(name)} == set()
    files = set(re.findall(r"`(?!data/codebook/)([a-z_]+/[\w/]+\.(?:py|csv|css|js|j2|md))`", text))
    homes = (ROOT, ROOT / "petitionlib", ROOT / "petitionlib" / "reports", ROOT / "tests")
    assert {f for f in files if not any((home / f).exists() for home in homes)} == set()


def _is_there(name):
    first, _, second = name.partition(".")
    return hasattr(petitionlib, first) and (
        not second or hasattr(getattr(petitionlib, first), second)
    )
