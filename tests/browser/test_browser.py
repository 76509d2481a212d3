"""The frame of the browser tests: which browser, and what happens without one."""

import os
import subprocess
import sys

import pytest


def test_the_browser_shows_vietnamese(browser):
    """The browser draws a page, with letters for Vietnamese: no two of them are one empty box."""
    page = browser.new_page()
    page.set_content("<title>Tiếp công dân</title><canvas></canvas>")
    assert page.title() == "Tiếp công dân"
    assert len(set(page.evaluate(DRAWN))) == 3
    page.close()


DRAWN = """() => ["ế", "ữ", "ợ"].map(letter => {
    const pen = document.querySelector("canvas").getContext("2d");
    pen.reset();
    pen.font = "48px sans-serif";
    pen.fillText(letter, 10, 60);
    return pen.canvas.toDataURL();
})"""


def run_without_browser(root, **variables):
    """Run the test above as on a machine without a browser; return what pytest says."""
    words = ["-m", "pytest", "-p", "no:cacheprovider", "-k", "vietnamese"]
    done = subprocess.run(
        [sys.executable, *words, str(root / "tests" / "browser" / "test_browser.py")],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if k != "CI"} | {"PATH": ""} | variables,
    )
    return done.returncode, done.stdout


@pytest.mark.slow
def test_without_a_browser_a_test_is_skipped_and_says_how_to_get_one(root):
    """Where there is no browser the tests are skipped, and one line says what to install."""
    code, said = run_without_browser(root)
    lines = [line for line in said.splitlines() if line.startswith("SKIPPED")]
    assert (code, len(lines)) == (0, 1), said
    assert lines[0].endswith("apt-get install chromium fonts-noto-core")


@pytest.mark.slow
def test_without_a_browser_ci_fails(root):
    """In CI a browser that is missing is a failure."""
    code, said = run_without_browser(root, CI="true")
    assert (code, "no Chromium on the PATH" in said) == (1, True), said


def test_tests_of_other_files_may_run_loops_of_their_own():
    """A test that takes no browser, started after this file's, finds no event loop running."""
    command = [sys.executable, "-c", AFTERWARDS]
    assert subprocess.run(command, check=False, capture_output=True, text=True).stderr == ""


AFTERWARDS = """
import asyncio
from playwright.sync_api import sync_playwright
with sync_playwright():
    pass
asyncio.run(asyncio.sleep(0))
"""
