"""The closed lists of codes that are the library's own, each in the order of its column."""

from typing import Final

__all__ = ["CHECKS", "FLAGS", "STATUSES", "VERDICTS"]

STATUSES: Final = ("", "p", "r", "e")  # of a value: final, provisional, revised, approximate
FLAGS: Final = (
    "no_previous", "zero_base", "small_base", "boundary", "form", "window", "approximate",
)  # fmt: skip
CHECKS: Final = ("sum", "bound", "rate", "change", "conflict")
VERDICTS: Final = (
    "exact", "rounded", "truncated", "holds", "unexplained", "contradicts", "cannot_check",
)  # fmt: skip
