"""What all tests share: the repository's root, and a way to write notebooks."""

import json
import os
from pathlib import Path

import nbval.plugin
import pytest
from hypothesis import settings

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.checks.reconcile import reconcile
from petitionlib.tables.read import read_tables

ROOT = Path(__file__).parent.parent

settings.register_profile("full", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("light", settings.get_profile("full"), max_examples=10)
settings.load_profile("full" if os.environ.get("CI") else "light")


def pytest_configure(config):
    """Keep coverage out of the kernels: nbval would start it there in a way that hangs."""
    for name in ("setup_coverage", "teardown_coverage"):
        setattr(nbval.plugin, name, lambda *_: None)


@pytest.fixture(autouse=True)
def _no_data_named_outside(monkeypatch):
    """Let no PETITIONLIB_DATA of the developer's shell reach a test."""
    monkeypatch.delenv("PETITIONLIB_DATA", raising=False)


@pytest.fixture
def root():
    """Return the repository's root."""
    return ROOT


@pytest.fixture
def write():
    """Write a notebook of code cells, the first of them tagged parameters if there are any."""
    return write_notebook


def write_notebook(path, *sources, parameters=None, declared=None):
    """Write a notebook of code cells, the first of them tagged parameters if there are any.

    What is declared stands in its metadata.
    """
    tagged = [] if parameters is None else [(parameters, ["parameters"])]
    cells = [
        {"cell_type": "code", "id": f"c{i}", "source": source, "metadata": {"tags": tags},
         "outputs": [], "execution_count": None}
        for i, (source, tags) in enumerate([*tagged, *((source, []) for source in sources)])
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {
        "cells": cells,
        "metadata": {"kernelspec": kernel}
        | ({} if declared is None else {"petitionlib": declared}),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    Path(path).write_text(json.dumps(content), encoding="utf-8")
    return Path(path)


@pytest.fixture(scope="session")
def shipped():
    """Read the tables that come with the package."""
    return read_tables(ROOT / "data")


@pytest.fixture(scope="session")
def changes(shipped):
    """Compare the tables that come with the package."""
    return year_over_year(shipped)


@pytest.fixture(scope="session")
def ledger(shipped):
    """Check the tables that come with the package."""
    return reconcile(shipped)
