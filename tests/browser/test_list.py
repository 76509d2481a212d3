"""The list of reports in a browser: what needs attention can be read and reached by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from petitionlib.codebook.entries import about, entries
from petitionlib.errors import said
from petitionlib.page.index import Listed
from petitionlib.reports.batch.pages import write_index

FAULT = said("fault.raised", line=2, code="1 / 0", error="ZeroDivisionError: division by zero")


@pytest.fixture(scope="module")
def window(browser):
    """Open a window for the tests of this file."""
    return browser.new_page()


@pytest.fixture
def tab(window, tmp_path, request):
    """Open the list of nine reports that failed for one reason, and of one that stands."""
    lang, scheme, width = request.param
    listed = [
        Listed("n", {"place": "can-tho", "year": year, "lang": lang}, f"{year}.html", f"T {year}",
               "Up.", status, *fault)
        for year, status, fault in [
            *((year, "stale", (FAULT, 3)) for year in range(2010, 2019)), (2020, "", ()),
        ]
    ]  # fmt: skip
    (path,) = write_index(
        tmp_path, listed, places=entries("places"), about=about(), drafts=tmp_path, code="x"
    )
    window.set_viewport_size({"width": width, "height": 800})
    window.emulate_media(color_scheme=scheme)
    window.goto(path.as_uri())
    return window


LOOKS = pytest.mark.parametrize(
    "tab", [("en", "light", 1200), ("vi", "dark", 1200), ("vi", "light", 360)], indirect=True
)


@LOOKS
def test_nothing_is_lost_on_anybody(tab):
    """Axe finds nothing, folded or not, and nothing is wider than the screen."""
    for _ in range(2):
        assert Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"] == []
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tab.locator("summary").click()
    assert tab.locator("details:not([open])").count() == 1


@LOOKS
def test_a_mark_leads_to_its_reason(tab):
    """The reason is hidden while one searches; the mark of a report shows it again."""
    tab.locator("#query").fill("2012")
    assert not tab.locator("#reason-1").is_visible()
    tab.locator("a.badge:visible").click()
    assert tab.locator("#reason-1").is_visible()
    assert "ZeroDivisionError: division by zero" in tab.locator("#reason-1").inner_text()
