"""How soon the charts of a page are seen, in Chromium; and what a page weighs."""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from petitionlib.page.scripts import shared_name
from petitionlib.paper import find_browser
from petitionlib.reports import run_notebook
from petitionlib.webpage import page, shared_script

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
ROUNDS = 5
# Notes when each chart has been painted, in milliseconds from the opening of the page.
WATCH = """
window.seen = [];
new MutationObserver(() => {
  const plots = [...document.querySelectorAll("figure > .plot")];
  const done = plots.filter(p => p.querySelector(".main-svg")).length;
  while (window.seen.length < done) window.seen.push(performance.now());
}).observe(document, { childList: true, subtree: true });
"""


def main() -> None:
    """Open each page several times, as a batch writes it and as a single file; print medians."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / shared_name()).write_text(shared_script(), encoding="utf-8")
        options = ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=options)
        print(f"{'page':34}{'KB':>8}{'first ms':>10}{'all ms':>8}")
        for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
            executed = run_notebook(notebook, {})
            for shared in (True, False):
                path = folder / f"{notebook.stem}{'' if shared else ' (single file)'}.html"
                path.write_text(page(executed, shared=shared), encoding="utf-8")
                times = [opened(browser, path) for _ in range(ROUNDS)]
                first, last = (statistics.median(t) for t in zip(*times, strict=True))
                size = path.stat().st_size / 1000
                print(f"{path.stem:34}{size:8.0f}{first:10.0f}{last:8.0f}")
        browser.close()


def opened(browser: Browser, path: Path) -> tuple[float, float]:
    """Open a page; return when its first and its last chart were there."""
    context = browser.new_context()
    tab = context.new_page()
    tab.add_init_script(WATCH)
    tab.goto(path.as_uri())
    tab.wait_for_function(
        "() => window.seen.length >= document.querySelectorAll('figure > .plot').length"
    )
    seen = tab.evaluate("window.seen")
    context.close()
    return (seen[0], seen[-1]) if seen else (0, 0)


if __name__ == "__main__":
    main()
