"""What a batch tells: how it goes, how it ended, for readers and for programs."""

import json
import sys
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

from petitionlib.page.index import Listed
from petitionlib.reports.batch.pages import State
from petitionlib.reports.batch.run import Result
from petitionlib.reports.job import BUILT, FAILED, LEFT, UNCHANGED, Outcome

__all__ = ["Progress", "Teller", "as_json", "exit_code", "listed", "plan_lines", "summary_lines"]


class Teller:
    """Tells outcomes one after the other, each once; `why`: also what has changed."""

    def __init__(self, *, why: bool = False) -> None:
        """Begin; nothing is told yet."""
        self.why = why
        self.told: set[str] = set()
        self._first: dict[tuple[object, ...], str] = {}

    def sentence(self, outcome: Outcome, more: str = "") -> str:
        """Say what became of a report: what failed, where and why, whether a page of it stands.

        A report that fails as another one did before is said to do so. `more` stands at the end.
        """
        name = outcome.job.name
        self.told.add(name)
        notes = [more] if more else []
        if outcome.kind != FAILED:
            said = f": {'; '.join(outcome.why)}" if self.why and outcome.why else ""
            return f"{outcome.kind}: {name}{said}{_noted(notes)}"
        notes.insert(0, "the last good page stands" if outcome.stands else "no page of it yet")
        first = self._first.setdefault((outcome.job.notebook, outcome.cell, outcome.fault), name)
        if first != name:
            return f"{FAILED}: {name}, for the same reason as {first}{_noted(notes)}"
        where = "" if outcome.cell is None else f", cell [{outcome.cell}]"
        return f"{FAILED}: {name}{where}: {outcome.fault}{_noted(notes)}"


def _noted(notes: list[str]) -> str:
    return f" ({'; '.join(notes)})" if notes else ""


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


_KINDS = (BUILT, UNCHANGED, FAILED, LEFT)
_MOST_OTHERS = 5


def summary_lines(
    result: Result, out: Path, chosen: Container[str], teller: Teller | None = None
) -> Iterator[str]:
    """Write how a batch ended: what nobody was told yet, what was left, where the index is."""
    teller = teller or Teller()
    outcomes = [outcome for outcome in result.outcomes if outcome.job.name in chosen]
    for outcome in outcomes:
        notable = outcome.kind == FAILED or (teller.why and outcome.why)
        if notable and outcome.job.name not in teller.told:
            yield teller.sentence(outcome)
    if result.others:
        shown = ", ".join(result.others[:_MOST_OTHERS])
        more = len(result.others) - _MOST_OTHERS
        yield f"In {out} and no longer in the plan: {shown}" + (f", {more} more" * (more > 0))
    if result.signal:
        left = sum(outcome.kind == LEFT for outcome in outcomes)
        yield f"Stopped; {left} {'report' if left == 1 else 'reports'} left for the next run."
    if not result.outcomes:
        return
    counts = [(sum(outcome.kind == kind for outcome in outcomes), kind) for kind in _KINDS]
    told = ", ".join(f"{count} {kind}" for count, kind in counts if count) or "none"
    yield f"Reports: {told}. {out / 'index.html'}"
    if exit_code(result) == 1:
        yield "Mend what failed and run the same command again: it builds only what is missing."


def plan_lines(states: list[State], *, why: bool, force: bool) -> Iterator[str]:
    """Write what a batch would do, without doing it."""
    todo = [state for state in states if state.why or force]
    for state in todo:
        reason = f": {'; '.join(state.why) or 'forced'}" if why else ""
        yield f"would build: {state.job.name}{reason}"
    yield f"Reports: {len(todo)} to build, {len(states) - len(todo)} unchanged."


def as_json(result: Result, out: Path, chosen: Container[str]) -> str:
    """Write how a batch ended as one JSON document: each report with its outcome."""
    outcomes = [outcome for outcome in result.outcomes if outcome.job.name in chosen]
    document = {
        "out": str(out),
        "counts": {kind: sum(o.kind == kind for o in outcomes) for kind in _KINDS},
        "signal": result.signal or None,
        "not_in_plan": result.others,
        "reports": [_as_dict(outcome, out) for outcome in outcomes],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _as_dict(outcome: Outcome, out: Path) -> dict[str, object]:
    return {
        "name": outcome.job.name,
        "notebook": str(outcome.job.notebook),
        "parameters": dict(outcome.job.values),
        "outcome": outcome.kind,
        "why": outcome.why,
        "page": str(out / f"{outcome.job.name}.html") if outcome.stands else None,
        "title": outcome.title or None,
        "headline": outcome.headline or None,
        "fault": outcome.fault or None,
        "cell": outcome.cell,
        "seconds": round(outcome.seconds, 3),
    }


def exit_code(result: Result) -> int:
    """Return 128 and the signal if one stopped the batch, 1 if a report failed, else 0."""
    if result.signal:
        return 128 + result.signal
    return int(any(outcome.kind == FAILED for outcome in result.outcomes))


def listed(result: Result) -> list[Listed]:
    """Tell the index of every report of the plan: as it stands, out of date, failed, not built."""
    return [_listed(outcome) for outcome in result.outcomes]


def _listed(outcome: Outcome) -> Listed:
    href = f"{outcome.job.name}.html" if outcome.stands else ""
    if outcome.kind in {BUILT, UNCHANGED}:
        status = ""
    elif outcome.stands:
        status = "stale"
    else:
        status = "failed" if outcome.fault else "pending"
    return Listed(
        outcome.job.notebook.stem, outcome.job.values, href, outcome.title, outcome.headline,
        status, outcome.fault, outcome.cell,
    )  # fmt: skip
