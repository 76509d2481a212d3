"""The closed lists of codes that are the library's own, each in the order of its column."""

from typing import Final

__all__ = ["CAUSES", "CHECKS", "FLAGS", "NUMBERS", "STATUSES", "VERDICTS"]

STATUSES: Final = ("", "p", "r", "e")  # of a value: final, provisional, revised, approximate
FLAGS: Final = (
    "no_previous", "zero_base", "small_base", "boundary", "form", "window", "approximate",
    "coverage", "scale", "stage",
)  # fmt: skip
NUMBERS: Final = ("value", "change", "change_percent")  # that a row may print
CHECKS: Final = ("sum", "bound", "rate", "change", "percent", "nested", "conflict", "scale")
VERDICTS: Final = (
    "exact", "rounded", "truncated", "holds", "revised", "unexplained", "contradicts",
    "cannot_check",
)  # fmt: skip
CAUSES: Final = (
    "other_base", "divided_by_new", "new_in_percent", "lost_sign", "percent_of_rate",
    "other_period", "part_left_out", "part_twice", "digit_slip", "decimal_shift", "exchanged",
    "other_total", "base_revised",
)  # fmt: skip
