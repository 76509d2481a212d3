"""How soon the explorer shows what was chosen: each kind of choice, made to and fro.

In the kernel: from the change of a control to the last output. In JupyterLab, where there is a
Chromium: from the change of the control to the frame after the first change of a chart, and to the
one after the last change of the views, charts and all.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

import petitionlib as pt
from petitionlib.explorer.choices import Published
from petitionlib.page.pdf import find_browser

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "browser"))
from jupyter_lab import lab  # noqa: E402  # the server of the tests

ROUNDS = 5
WAIT, SOON, LOOKS = 90_000, 5_000, 100  # milliseconds
TABLE = pt.read_tables(ROOT / "data")
ONE, TWO, THREE = ("can-tho",), ("can-tho", "viet-nam"), ("can-tho", "viet-nam", "ha-noi")
ALL = tuple(Published(TABLE).places)
VISITS, RECEIVED = "reception.visits", "petitions.received"
RATE = "cases.complaints_denunciations.settlement_rate"
LONG = {"places": ("viet-nam",), "indicator": VISITS, "span": "AY"}
# What is chosen first, then the control and the two values between which it goes to and fro.
KINDS: dict[str, tuple[dict[str, Any], str, tuple[Any, Any]]] = {
    "another place": ({}, "places", (ONE, ("ben-tre",))),
    "one place, three places": ({}, "places", (ONE, THREE)),
    "two places, three places": ({"places": TWO}, "places", (TWO, THREE)),
    "one place, all 38": ({}, "places", (ONE, ALL)),
    "indicator": ({}, "indicator", (RECEIVED, VISITS)),
    "indicator, three places": ({"places": THREE}, "indicator", (RECEIVED, VISITS)),
    "count, rate": ({}, "indicator", (RECEIVED, RATE)),
    "span": ({"indicator": VISITS}, "span", ("Y", "H1")),
    "first year": (LONG, "first", (2017, 2022)),
    "last year": ({}, "last", (2023, 2022)),
    "last year, three places": ({"places": THREE}, "last", (2023, 2022)),
    "absolute, percent": ({}, "percent", (False, True)),
    "absolute, percent, three places": ({"places": THREE}, "percent", (False, True)),
    "place in detail": ({"places": THREE}, "detail", ("can-tho", "viet-nam")),
    "language": ({}, "lang", ("en", "vi")),
    "language, three places": ({"places": THREE}, "lang", ("en", "vi")),
}
# A view changes when its text does and, with a chart, when plotly has drawn it. It is painted at
# the end of the next frame; what waits its turn then, as JupyterLab's messages do, comes later.
WATCH = """() => {
  window.chosenAt = window.paintedAt = window.firstAt = 0;
  const seen = isChart => requestAnimationFrame(() => scheduler.postTask(() => {
    window.paintedAt = performance.now();
    if (isChart) window.firstAt ||= window.paintedAt;
  }, { priority: "user-blocking" }));
  for (const text of document.querySelectorAll(".petitionlib-view .widget-html-content")) {
    new MutationObserver(() => seen(false)).observe(text, { childList: true });
  }
  for (const chart of document.querySelectorAll(".petitionlib-view .js-plotly-plot")) {
    chart.on("plotly_afterplot", () => seen(true));
  }
}"""
CHOOSE = """([name, position, values]) => {
  const box = document.querySelector(`.petitionlib-choose-${name}`);
  window.chosenAt = window.paintedAt = performance.now();
  window.firstAt = 0;
  if (name === "percent" || name === "lang") {
    box.querySelectorAll("button")[position].click();
    return;
  }
  const list = box.querySelector("select");
  for (const option of list.options) option.selected = values.includes(option.value);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}"""
STILL = "window.paintedAt > window.chosenAt && performance.now() - window.paintedAt > 700"


def main() -> None:
    """Print the median and the worst of each kind of choice."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as tab:
        room = pt.explore(TABLE, "can-tho")  # goes along with the one in the browser
        names = "".join(f"{name:>8}{'worst':>7}" for name in ("kernel", "first", "all"))
        print(f"{'choice, milliseconds':34}{names}")
        for kind, (first, name, values) in KINDS.items():
            rounds = [in_kernel(first, name, values)]
            rounds += drawn(tab, room, first, name, values) if tab else []
            told = "".join(f"{statistics.median(r):8.0f}{max(r):7.0f}" for r in rounds)
            print(f"{kind:34}{told}", flush=True)


def in_kernel(first: dict[str, Any], name: str, values: tuple[Any, Any]) -> list[float]:
    """Choose one value and the other in turn; return the milliseconds of each change."""
    room = pt.explore(TABLE, "can-tho")
    controls = room._controls  # noqa: SLF001  # the controls are what an analyst touches
    for other, value in first.items():
        controls[other].value = value
    clock = []
    for turn in range(2 * ROUNDS):
        before, begun = dict(room.lines), time.perf_counter()
        controls[name].value = values[(turn + 1) % 2]
        clock.append(1000 * (time.perf_counter() - begun))
        if room.lines == before:
            sys.exit(f"{name}: {values} changed nothing in the shipped data")
    return clock


@contextmanager
def opened(folder: Path) -> Iterator[Page | None]:
    """Open the notebook in JupyterLab and run it; nothing where there is no browser."""
    if find_browser() is None:
        yield None
        return
    with lab(ROOT, folder) as (address, token), sync_playwright() as playwright:
        options = ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=options)
        tab = browser.new_page(viewport={"width": 1400, "height": 1000})
        tab.goto(f"{address}/lab/tree/explore.ipynb?token={token}&reset")
        tab.get_by_text("| Idle").wait_for(timeout=WAIT)
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        tab.locator(".petitionlib-composition .main-svg").first.wait_for(timeout=WAIT)
        tab.evaluate(WATCH)
        yield tab
        browser.close()


def drawn(
    tab: Page, room: Any, first: dict[str, Any], name: str, values: tuple[Any, Any]
) -> list[list[float]]:
    """Do the same in the browser; return when the first view changed, and when all stood still."""
    start = {"lang": "en", "percent": False, "places": ONE, "indicator": RECEIVED, "span": "Y"}
    for other, value in (start | first).items():
        choose(tab, room, other, value)
    changes = [choose(tab, room, name, values[(turn + 1) % 2]) for turn in range(2 * ROUNDS)]
    return [list(times) for times in zip(*changes, strict=True)]


def choose(tab: Page, room: Any, name: str, value: Any) -> tuple[float, float]:
    """Choose in the browser and in a room here, which goes along and knows the words."""
    control = room._controls[name]  # noqa: SLF001  # the same
    wanted = value if name == "places" else (value,)
    labels = [label for label, code in control.options if code in wanted]
    position = [code for _, code in control.options].index(wanted[0])
    before = dict(room.lines)
    control.value = value
    tab.evaluate(CHOOSE, [name, position, labels])
    if room.lines == before:  # it stands there already
        tab.wait_for_timeout(300)
        return 0, 0
    tab.wait_for_function(STILL, polling=LOOKS, timeout=SOON)
    first, last = tab.evaluate(
        "[window.firstAt - window.chosenAt, window.paintedAt - window.chosenAt]"
    )
    return first, last


if __name__ == "__main__":
    main()
