"""What every run of pytest here has: changed notebooks are told in the reader's terms."""

from notebook_changes import pytest_runtest_makereport

__all__ = ["pytest_runtest_makereport"]
