"""A browser for the tests that look at what readers see."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium on the PATH; get it with: apt-get install chromium fonts-noto-core"


def pytest_collection_modifyitems(items):
    """Mark the tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser(request):
    """Start Chromium for the tests of a file, and end it before those of the next begin.

    Playwright keeps an event loop in its thread, so it may not outlive the file.
    """
    path = chromium()
    if path is None and os.environ.get("CI"):
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    root = getattr(os, "geteuid", lambda: 1)() == 0
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"] if root else []
        )
        yield started
        started.close()


def chromium():
    """Return the path of the first browser of Chromium's kind on the PATH, or nothing."""
    return next(filter(None, map(shutil.which, NAMES)), None)
