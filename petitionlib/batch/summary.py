"""How a batch ended -> lines for a reader, JSON for a program, an exit code, the index."""

import json
from collections.abc import Container, Iterator
from pathlib import Path

from petitionlib.batch.run import Result
from petitionlib.batch.sentences import Teller
from petitionlib.batch.state import State
from petitionlib.job import BUILT, FAILED, LEFT, UNCHANGED, Outcome
from petitionlib.page.index import Listed

__all__ = ["as_json", "exit_code", "listed", "plan_lines", "summary_lines"]

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
