"""What all tests share: no data folder named from outside, and the repository's root."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _no_data_named_outside(monkeypatch):
    """Let no PETITIONLIB_DATA of the developer's shell reach a test."""
    monkeypatch.delenv("PETITIONLIB_DATA", raising=False)


@pytest.fixture
def root():
    """Return the repository's root."""
    return ROOT
