"""How a batch goes: a bar with the time left in a terminal, plain lines in a log."""

import sys
from collections.abc import Callable
from typing import Any

from petitionlib.batch.sentences import Teller
from petitionlib.job import Outcome

__all__ = ["Progress"]


class Progress:
    """Shows each outcome on the standard error: as a bar in a terminal, else a line each."""

    def __init__(self, *, lines: bool = True, why: bool = False) -> None:
        """Show nothing yet; without `lines`, a log stays empty; `why`: also what has changed."""
        self.teller = Teller(why=why)
        self.terminal = sys.stderr is not None and sys.stderr.isatty()
        self.lines = lines
        self._bar: Any = None
        self._task: Any = None

    def tell(self, outcome: Outcome, left: int) -> None:
        """Show that a report is done, and how many are still to come."""
        if self.terminal:
            self._advance(outcome, left)
        elif self.lines and sys.stderr is not None:
            _write(self.teller.sentence(outcome, f"{outcome.seconds:.1f} s; {left} to go"))

    def say(self, text: str) -> None:
        """Write a sentence for the reader."""
        self.close()
        _write(text)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def start(self, total: int) -> None:
        """Show the bar before the first report is done."""
        if self.terminal and total:
            self._bar = _bar()
            self._task = self._bar.add_task("", total=total)
            self._bar.start()

    def _advance(self, outcome: Outcome, left: int) -> None:
        if self._bar is None:
            self.start(left + 1)
        if outcome.fault or self.teller.why:
            self._bar.console.print(self.teller.sentence(outcome), soft_wrap=True)
        self._bar.update(self._task, advance=1, description=outcome.job.name)


def _bar() -> Any:
    """Make the bar; what it shows is text, never markup."""
    from rich import progress  # noqa: PLC0415  # slow to import, only for a terminal
    from rich.console import Console  # noqa: PLC0415  # the same

    return progress.Progress(
        progress.BarColumn(bar_width=24),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        progress.TextColumn("{task.description}", markup=False),
        console=Console(stderr=True, markup=False, highlight=False, emoji=False),
        transient=True,
    )


def _write(text: str) -> None:
    if sys.stderr is None:  # closed by who started the batch
        return
    write: Callable[[str], object] = sys.stderr.write
    write(f"{text}\n")
    sys.stderr.flush()
