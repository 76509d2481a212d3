"""The front door: what the package offers, and what importing it costs."""

import inspect
import re
import subprocess
import sys
import tomllib

import pytest

import petitionlib

NAMESPACES = ("codebook", "errors")
FUNCTIONS = [name for name in petitionlib.__all__ if name not in NAMESPACES]


def test_every_public_name_is_there():
    """Each name of __all__ can be had, and dir() lists these and nothing else."""
    assert [name for name in FUNCTIONS if not callable(getattr(petitionlib, name))] == []
    assert petitionlib.__all__ == dir(petitionlib)


def test_the_front_door_is_small():
    """At most 26 names; what the codes mean and what can go wrong are namespaces."""
    assert len(petitionlib.__all__) <= 26
    assert petitionlib.codebook.__all__ == [
        "breaks", "identities", "indicators", "places", "spans", "units",
    ]  # fmt: skip
    assert issubclass(petitionlib.errors.TableError, petitionlib.errors.PetitionlibError)


def test_each_public_name_is_written_once(root):
    """The stub is the list: what type checkers read is what is loaded lazily."""
    stub = (root / "petitionlib" / "__init__.pyi").read_text(encoding="utf-8")
    imports = re.findall(r"^from (\S+) import (\w+) as (\w+)$", stub, re.MULTILINE)
    assert sorted(name for _, name, _ in imports) == sorted(petitionlib.__all__)
    assert [name for _, name, alias in imports if name != alias] == []
    assert len(imports) == len(stub.splitlines())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_name_has_help(name):
    """The help of a public name begins with one whole sentence and shows an example."""
    told = inspect.getdoc(getattr(petitionlib, name))
    assert re.fullmatch(r"[A-Z].{20,95}\.", told.splitlines()[0])
    assert ">>> " in told


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_name_is_used_for_readers(name, root):
    """Each public name stands in a notebook or in the README."""
    shown = [*(root / "notebooks").glob("*.ipynb"), root / "README.md", root / "data" / "README.md"]
    assert any(f"pt.{name}" in path.read_text(encoding="utf-8") for path in shown)


def test_an_unknown_name_is_an_attribute_error():
    """A misspelt name is refused as Python refuses it."""
    with pytest.raises(AttributeError, match="read_tabels"):
        petitionlib.read_tabels  # noqa: B018


def test_a_function_is_not_shadowed_by_a_module_of_its_name():
    """Loading every room leaves each public name a function."""
    code = (
        "import petitionlib as pt, petitionlib.cli, petitionlib.checks.reconcile;"
        "import petitionlib.charts.changes;"
        "print([n for n in pt.__all__ if type(getattr(pt, n)).__name__ == 'module'])"
    )
    assert python(code) == str(list(NAMESPACES))


def test_import_loads_neither_pandas_nor_plotly():
    """`import petitionlib` and the command line's help stay light."""
    code = (
        "import sys, petitionlib, petitionlib.cli;"
        "heavy = ('pandas', 'plotly', 'numpy', 'nbformat', 'papermill', 'rich');"
        "print([m for m in heavy if m in sys.modules])"
    )
    assert python(code) == "[]"


def test_every_dependency_is_used(root):
    """Each run-time dependency is imported by name somewhere in the package."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [line.partition(">")[0].strip() for line in project["dependencies"]]
    source = "".join(p.read_text(encoding="utf-8") for p in (root / "petitionlib").rglob("*.py"))
    by_use = {"ipykernel": "papermill"}  # the kernel that papermill starts
    names = [
        {"pyyaml": "yaml", "jupyter-client": "jupyter_client"}.get(n, n)
        for n in names
        if n not in by_use
    ]
    assert [n for n in names if f"import {n}" not in source and f"from {n}" not in source] == []


def test_the_lock_names_no_address(root):
    """requirements.lock has versions and hashes, and no place to get them from."""
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    assert ("://" in lock, "--hash=sha256:" in lock, "--index-url" in lock) == (False, True, False)


def python(code):
    """Run a line of Python in a process of its own and return what it prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
