"""The house as a whole: its root, and that a changed file is seen by whoever depends on it."""

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from types import SimpleNamespace

import pytest

import petitionlib
from petitionlib import files
from petitionlib._kernel import pool
from petitionlib.cli.main import _commands
from petitionlib.errors import NotebookError
from petitionlib.reports import execute
from petitionlib.reports.batch import dependencies
from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.build import store_outputs
from petitionlib.tables.raw import Snapshot

PACKAGE = files.PACKAGE
FOLDERS = sorted(
    path.relative_to(PACKAGE)
    for path in [PACKAGE, *PACKAGE.rglob("*")]
    if path.is_dir() and "__pycache__" not in path.parts
)
FILES = sorted(
    next(path for path in sorted((PACKAGE / folder).iterdir()) if path.is_file()).relative_to(
        PACKAGE
    )
    for folder in FOLDERS
)
COMMANDS = {"cli"}
DOORS = {"__init__.py", "__init__.pyi", "py.typed", "__pycache__"}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Let what looks at the package look at a copy of it, in which files can be changed."""
    copy = tmp_path / "petitionlib"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for module in (dependencies, execute):
        monkeypatch.setattr(module, "PACKAGE", copy)
    monkeypatch.setattr(
        pool, "find_spec", lambda _: SimpleNamespace(submodule_search_locations=[str(copy)])
    )
    return copy


def code():
    """Return what a batch knows the package by."""
    known = Inputs(Snapshot())
    return known.package, known.codebook


def watched():
    """Return what the process that forks kernels is known by."""
    return pool._key({}, ("petitionlib",))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_changed_file_makes_a_batch_build_anew(package, file):
    """A file of any folder, however deep, belongs to the inputs of every report."""
    before = code()
    with (package / file).open("ab") as opened:
        opened.write(b"\n")
    assert (code() == before) == (file.parts[0] in COMMANDS)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_next_kernel_after_a_change_comes_from_a_new_process(package, file):
    """A file of any folder, however deep, is watched by the process that forks kernels."""
    before = watched()
    assert watched() == before
    (package / file).write_bytes(b"changed")
    assert watched() != before


def test_a_new_file_is_a_change(package):
    """A module that is added in a folder of a folder counts for batch and kernels."""
    before = code(), watched()
    (package / "page" / "deep").mkdir()
    (package / "page" / "deep" / "new.py").write_text("x = 1\n", encoding="utf-8")
    after = code(), watched()
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False]


def test_what_python_compiles_is_no_change(package):
    """Caches of compiled modules are no input."""
    cache = package / "page" / "__pycache__"
    cache.mkdir()
    before = code(), watched()
    (cache / "x.pyc").write_bytes(b"x")
    assert before == (code(), watched())


def test_notebooks_of_the_installed_package_are_never_written_to(package, write):
    """Beside the code, at any depth, a notebook is the package's own."""
    for folder in ("notebooks", "page/deep"):
        (package / folder).mkdir(parents=True, exist_ok=True)
        notebook = write(package / folder / "n.ipynb", "1 + 1")
        before = notebook.read_bytes()
        with pytest.raises(NotebookError, match="belongs to the installed petitionlib"):
            store_outputs(notebook)
        assert before == notebook.read_bytes()


def test_one_place_knows_the_root():
    """Other modules ask `PACKAGE`: what goes by its own `__file__` is lost when a file moves."""
    own = {
        "files.py",
        "words/__init__.py",  # reads what lies beside it
        "_kernel/server.py",  # asks others
        "__init__.py",  # lazy_loader reads the stub beside it
        "codebook/__init__.py",
    }
    files = {p.relative_to(PACKAGE).as_posix(): p.read_text("utf-8") for p in PACKAGE.rglob("*.py")}
    found = {name for name, text in files.items() if "__file__" in text}
    assert found == own


def test_the_wheel_is_told_of_every_folder(root):
    """Nothing that git or the builder of the wheel leaves out bears the name of a room."""
    ignored = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    rooms = {f"{folder.name}/" for folder in FOLDERS} | {"reports/"}
    assert rooms & set(ignored) == set()
    assert "/reports/" in ignored


def test_the_kernelspec_hands_in_what_the_commands_hand_in(root):
    """One list of modules: else the process that a command starts early would serve nobody."""
    spec = json.loads((root / "kernels" / "petitionlib" / "kernel.json").read_text("utf-8"))
    handed_in = spec["metadata"]["kernel_provisioner"]["config"]["preload"]
    assert handed_in == ["petitionlib"]


def test_the_house_is_small(root):
    """Rooms, floors and commands are few enough to be found from a listing."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert len({path.name for path in PACKAGE.iterdir()} - DOORS) <= 15
    assert len(contracts["contracts"][0]["layers"]) == 10
    assert len(_commands.list_commands(None)) <= 7


@pytest.mark.parametrize(
    "script", sorted(PACKAGE.parent.glob("benchmarks/*.py")), ids=lambda path: path.stem
)
def test_what_a_benchmark_imports_is_there(script):
    """`make bench` is run seldom: a name that moved is noticed here."""
    for found in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(found, ast.ImportFrom) and (found.module or "").startswith("petitionlib"):
            module = import_module(found.module)
            assert [one.name for one in found.names if not hasattr(module, one.name)] == []
        named = isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name)
        if named and found.value.id == "pt":
            assert hasattr(petitionlib, found.attr)


def test_no_code_of_one_country_stands_in_the_package(root):
    """Units, indicators, places and windows are the codebook's: no string constant holds one."""
    vn = root / "petitionlib" / "codebook" / "vn"
    codes = {
        row[name]
        for name in ("indicator", "place")
        for row in csv.DictReader((vn / f"{name}s.csv").read_text("utf-8").splitlines())
    }
    found = [
        (path.name, text)
        for path in (root / "petitionlib").rglob("*.py")
        for text in _constants(ast.parse(path.read_text("utf-8")))
        if text in codes or "12-14" in text or "12-15" in text
    ]
    assert len(codes) > 600
    assert found == []


def _constants(tree):
    """Yield the string constants of a module, docstrings left out."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in docstrings:
            yield node.value


@pytest.mark.slow
def test_others_do_without_the_shipped_codebook(root, tmp_path):
    """With `codebook/vn/` deleted, the tests of foreign tables and of loose ones pass."""
    for name in ("petitionlib", "tests", "notebooks", "kernels"):
        ignored = shutil.ignore_patterns("__pycache__", "vn")
        shutil.copytree(root / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", "reports.yaml", "conftest.py"):
        shutil.copy(root / name, tmp_path)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "not two_codebooks and not binding",
    ]
    done = subprocess.run(
        [*command, "tests/foreign", "tests/tables/test_loose.py"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
