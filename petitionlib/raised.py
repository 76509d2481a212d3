"""A cell that raised -> one line: the line of its code that did, and what it said."""

import re
from typing import Any, Final

from petitionlib.words import say

__all__ = ["cause_of"]

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_ARROW: Final = re.compile(r"^-+> (\d+) (.*)$", re.MULTILINE)
_CELL_FILE: Final = re.compile(r" \(\d+\.py, line \d+\)$")
_LONGEST_CODE: Final = 80
_LONGEST_WORDS: Final = 300


def cause_of(error: Any) -> str:
    """Say in one line what papermill's error of a cell tells: the line of code, and its fault."""
    words = next((line.strip() for line in error.evalue.splitlines() if line.strip()), "")
    said = f"{error.ename}: {words}" if words else error.ename or "error"
    said = _cut(_CELL_FILE.sub("", said), _LONGEST_WORDS)
    lines = error.source.splitlines()
    blank = next((i for i, line in enumerate(lines) if line.strip()), 0)  # IPython skips these
    number = _number(error, lines[blank:])
    if not number:
        return said
    number += blank
    code = _cut(lines[number - 1].strip(), _LONGEST_CODE)
    return say("fault.raised", "en", line=number, code=code, error=said)


def _number(error: Any, lines: list[str]) -> int:
    """Find which line of the cell raised, the innermost if there are several; 0 if none is told."""
    told = _COLOUR.sub("", "\n".join(error.traceback))
    arrows = [number for number, code in _ARROW.findall(told) if code.strip() in _at(lines, number)]
    found = re.findall(rf"Cell In\[{error.exec_count}\], line (\d+)", told) or arrows
    number = int(found[-1]) if found else int(len(lines) == 1)
    return number if number <= len(lines) else 0


def _at(lines: list[str], number: str) -> list[str]:
    return [line.strip() for line in lines[int(number) - 1 : int(number)]]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
