"""How soon the charts of a page are seen, in Chromium; and what a page weighs.

Nobody watches while a page opens: attached developer tools slow the load of plotly.js by half a
second. The page notes the times itself, and they are read when it is done. Each time is a new
browser, counted from the opening of the page, as the browser counts: once in a browser that has
been open for a while, as a reader's is, and once as the page that a browser starts with.
"""

import re
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from petitionlib.page.assets import plotly_js, shared_name
from petitionlib.page.pdf import find_browser
from petitionlib.page.render import page
from petitionlib.reports.execute import run_notebook

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
ROUNDS = 5
SETTLED = 3  # seconds; a browser has long started
WATCHED = 2 * SETTLED  # and all charts have long been drawn
# Notes when each chart has been painted, in milliseconds from the opening of the page.
WATCH = """<script>
window.seen = [];
new MutationObserver(() => {
  const plots = [...document.querySelectorAll("figure > .plot")];
  const done = plots.filter(p => p.querySelector(".main-svg")).length;
  if (window.seen.length < done) requestAnimationFrame(() => setTimeout(() => {
    while (window.seen.length < done) window.seen.push(performance.now());
  }));
}).observe(document, { childList: true, subtree: true });
</script>"""
BEFORE = f"<script>setTimeout(() => {{ location.href = '%s'; }}, {1000 * SETTLED})</script>"


def main() -> None:
    """Open each page several times, as a batch writes it and as a single file; print medians."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / shared_name()).write_text(plotly_js(), encoding="utf-8")
        print(f"{'milliseconds to the first chart and to all':42}{'browser open':>16}", end="")
        print(f"{'browser starts':>16}\n{'page':34}{'KB':>8}" + f"{'first':>8}{'all':>8}" * 2)
        for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
            executed = run_notebook(notebook, {})
            for shared in (True, False):
                text = page(executed, shared=shared)
                path = folder / f"{notebook.stem}{'' if shared else ' (single file)'}.html"
                path.write_text(watched(text), encoding="utf-8")
                before = folder / f"before {path.name}"
                before.write_text(BEFORE % quote(path.name), encoding="utf-8")
                print(f"{path.stem:34}{len(text.encode()) / 1000:8.0f}", end="")
                for opens in (before, path):
                    times = [opened(playwright, opens, folder / "profile") for _ in range(ROUNDS)]
                    print(ends(times), end="", flush=True)
                print()


def ends(times: list[list[float]]) -> str:
    """Write the medians of the first chart and of the last."""
    charts = [f"{statistics.median(one):.0f}" for one in zip(*times, strict=True)] or ["–"]
    return f"{charts[0]:>8}{charts[-1]:>8}"


def watched(text: str) -> str:
    """Let a page note when its charts are drawn; its own policy would not let it."""
    policy = r'<meta http-equiv="Content-Security-Policy"[^>]*>'
    text, found = re.subn(policy, lambda _: WATCH, text, count=1)
    if not found:
        msg = "the page has no policy to put the watch in the place of"
        raise ValueError(msg)
    return text


def opened(playwright: Playwright, path: Path, profile: Path) -> list[float]:
    """Open a page in a new browser and return when each of its charts was there."""
    port = free_port()
    command = [
        find_browser(), "--headless=new", "--no-sandbox", "--no-first-run",
        f"--user-data-dir={profile}", f"--remote-debugging-port={port}",
        "--window-size=1280,2000", path.as_uri(),
    ]  # fmt: skip
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(WATCHED)
        tab = attached(playwright, port).contexts[0].pages[0]
        seen: list[float] = tab.evaluate("window.seen ?? []")
        charts = tab.locator("figure > .plot").count()
    finally:
        browser.terminate()
        browser.wait()
    if len(seen) != charts:
        msg = f"{path.name}: {len(seen)} of {charts} charts after {WATCHED} s"
        raise RuntimeError(msg)
    return seen


def attached(playwright: Playwright, port: int) -> Browser:
    """Attach to a browser, which may still be starting."""
    for _ in range(50):
        try:
            return playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        except Error:
            time.sleep(0.1)
    msg = "the browser does not answer"
    raise RuntimeError(msg)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    main()
