"""A page on paper: what happens where no browser can print it."""

import stat

import pytest

from petitionlib.errors import PaperError
from petitionlib.page.pdf import find_browser, print_page


@pytest.fixture
def browser_that(tmp_path, monkeypatch):
    """Return what makes a browser of a line of shell, the only one on the PATH."""

    def make(line):
        path = tmp_path / "chromium"
        path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path))
        return tmp_path / "page.html"

    return make


def test_without_a_browser_the_remedy_is_named(tmp_path, monkeypatch):
    """Where there is none, one sentence says what is missing and how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PaperError, match="on Debian: apt-get install chromium"):
        find_browser()


@pytest.mark.parametrize("line", ["echo broken >&2; exit 3", "echo broken >&2"])
def test_a_browser_that_fails_leaves_what_stood(browser_that, line):
    """A browser that fails, or writes nothing, is named with its word; the old PDF stands."""
    page = browser_that(line)
    page.with_suffix(".pdf").write_bytes(b"old")
    with pytest.raises(PaperError, match=r"chromium could not print it: broken"):
        print_page(page)
    assert page.with_suffix(".pdf").read_bytes() == b"old"


def test_a_browser_that_never_ends_is_ended(browser_that, monkeypatch):
    """A browser that hangs does not keep the report waiting for ever."""
    monkeypatch.setattr("petitionlib.page.pdf._PATIENCE", 0.2)
    with pytest.raises(PaperError, match=r"not ready after 0\.2 seconds"):
        print_page(browser_that("while :; do :; done"))
