"""What all tests share: no data folder named from outside, and the repository's root."""

from pathlib import Path

import nbval.plugin
import pytest

ROOT = Path(__file__).parent.parent


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
