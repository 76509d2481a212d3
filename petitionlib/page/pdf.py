"""A page on paper: Chromium, where there is one, prints it as a tagged PDF."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from petitionlib.errors import PaperError, said
from petitionlib.files import publish

__all__ = ["find_browser", "print_page"]

_NAMES: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge",
)  # fmt: skip
_OPTIONS: Final = (
    "--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking",
    "--disable-component-update", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
    "--virtual-time-budget=10000",
)  # fmt: skip
_PATIENCE: Final = 120


def find_browser() -> str:
    """Return the path of a browser of Chromium's kind; raise `PaperError` where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise PaperError(said("fault.no_browser"))
    return found


def print_page(page: Path) -> Path:
    """Print a page as a PDF beside it: A4, tagged, with the charts as vectors.

    The PDF appears whole or not at all. Returns its path. Raises `PaperError` where there is no
    browser, or it fails; then the PDF that was there before still stands.
    """
    browser = find_browser()
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="petitionlib-", ignore_cleanup_errors=True) as folder:
        draft = Path(folder) / "page.pdf"
        command = [
            browser, *_OPTIONS, *(["--no-sandbox"] if _is_root() else []),
            f"--user-data-dir={folder}/profile", f"--print-to-pdf={draft}",
            page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603  # the browser that was found, and our own page
                command, check=False, capture_output=True, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            fault = said(
                "fault.browser_slow", target=str(target), browser=browser, seconds=_PATIENCE
            )
            raise PaperError(fault) from None
        if done.returncode or not draft.is_file():
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            reason = lines[-1] if lines else said("fault.no_word")
            fault = said("fault.browser_failed", target=str(target), browser=browser, reason=reason)
            raise PaperError(fault)
        publish(target, draft.read_bytes())
    return target


def _is_root() -> bool:
    """Tell whether this is the superuser, for whom Chromium has no sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
