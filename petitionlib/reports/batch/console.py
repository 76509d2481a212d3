"""What a batch tells: how it goes, how it ended, for readers and for programs."""

import json
import sys
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

from petitionlib.errors import Said, joined, said
from petitionlib.page.index import Listed
from petitionlib.reports.batch.pages import State
from petitionlib.reports.batch.run import Result
from petitionlib.reports.job import BUILT, FAILED, LEFT, UNCHANGED, Outcome

__all__ = ["Progress", "Teller", "as_json", "exit_code", "listed", "plan_lines", "summary_lines"]


class Teller:
    """Tells outcomes one after the other, each once; `why`: also what has changed."""

    def __init__(self, *, why: bool = False, lang: str = "en") -> None:
        """Begin; nothing is told yet."""
        self.why = why
        self.lang = lang
        self.told: set[str] = set()
        self._first: dict[tuple[object, ...], str] = {}

    def sentence(self, outcome: Outcome, *more: Said) -> str:
        """Say what became of a report: what failed, where and why, whether a page of it stands.

        A report that fails as another one did before is said to do so. `more` stands at the end.
        """
        self.told.add(outcome.job.name)
        sentence = said("batch.outcome", outcome=_kind(outcome.kind), report=outcome.job.name)
        notes = more
        if outcome.kind == FAILED:
            sentence = self._failure(outcome, sentence)
            stands = said("batch.page_kept") if outcome.stands else said("batch.no_page")
            notes = (stands, *more)
        elif self.why and outcome.why:
            sentence = said("fault.at", file=sentence, fault="; ".join(outcome.why))
        if notes:
            sentence = said("batch.noted", sentence=sentence, notes=joined("batch.notes", notes))
        return _one_line(sentence.told(self.lang))

    def _failure(self, outcome: Outcome, report: Said) -> Said:
        name, fault = outcome.job.name, outcome.fault or said("fault.no_word")
        cause = (outcome.job.notebook, outcome.cell, fault.told(self.lang))
        first = self._first.setdefault(cause, name)
        if first != name:
            return said("batch.same", outcome=report, other=first)
        if outcome.cell is None:
            return said("fault.at", file=report, fault=fault)
        return said("fault.at_cell", file=report, cell=outcome.cell, fault=fault)


def _kind(kind: str) -> Said:
    return said(f"batch.{kind}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


class Progress:
    """Shows each outcome on the standard error: as a bar in a terminal, else a line each."""

    def __init__(self, *, lines: bool = True, why: bool = False, lang: str = "en") -> None:
        """Show nothing yet; without `lines`, a log stays empty; `why`: also what has changed."""
        self.teller = Teller(why=why, lang=lang)
        self.terminal = sys.stderr is not None and sys.stderr.isatty()
        self.lines = lines
        self._bar: Any = None
        self._task: Any = None

    def tell(self, outcome: Outcome, left: int) -> None:
        """Show that a report is done, and how many are still to come."""
        if self.terminal:
            self._advance(outcome, left)
        elif self.lines and sys.stderr is not None:
            to_go = said("batch.to_go", seconds=f"{outcome.seconds:.1f}", left=left)
            _write(self.teller.sentence(outcome, to_go))

    def say(self, sentence: Said) -> None:
        """Write a sentence for the reader."""
        self.close()
        _write(sentence.told(self.teller.lang))

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
    lang = teller.lang
    outcomes = [outcome for outcome in result.outcomes if outcome.job.name in chosen]
    for outcome in outcomes:
        notable = outcome.kind == FAILED or (teller.why and outcome.why)
        if notable and outcome.job.name not in teller.told:
            yield teller.sentence(outcome)
    if result.others:
        shown = ", ".join(result.others[:_MOST_OTHERS])
        more = len(result.others) - _MOST_OTHERS
        others = said("batch.others", folder=str(out), names=shown)
        if more > 0:
            others = said("batch.others.more", folder=str(out), names=shown, more=more)
        yield others.told(lang)
    if result.signal:
        left = sum(outcome.kind == LEFT for outcome in outcomes)
        code = "batch.stopped.one" if left == 1 else "batch.stopped"
        yield said(code, count=left).told(lang)
    if not result.outcomes:
        return
    counts = [(sum(outcome.kind == kind for outcome in outcomes), kind) for kind in _KINDS]
    named = [said("batch.count", count=count, outcome=_kind(k)) for count, k in counts if count]
    told = joined("batch.counts", named or [said("batch.none")])
    yield said("batch.summary", counts=told, index=str(out / "index.html")).told(lang)
    if exit_code(result) == 1:
        yield said("batch.again").told(lang)


def plan_lines(states: list[State], *, why: bool, force: bool, lang: str = "en") -> Iterator[str]:
    """Write what a batch would do, without doing it."""
    todo = [state for state in states if state.why or force]
    for state in todo:
        line = said("batch.outcome", outcome=said("batch.would"), report=state.job.name)
        if why:
            reason = "; ".join(state.why) or said("batch.forced")
            line = said("fault.at", file=line, fault=reason)
        yield line.told(lang)
    yield said("batch.preview", todo=len(todo), unchanged=len(states) - len(todo)).told(lang)


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
        "fault": _one_line(str(outcome.fault)) if outcome.fault else None,
        **(outcome.fault.as_dict() if outcome.fault else {"code": None, "values": {}}),
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
