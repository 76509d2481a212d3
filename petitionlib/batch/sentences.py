"""What became of a report, in a sentence; a fault that was told already is not told again."""

from petitionlib.job import FAILED, Outcome

__all__ = ["Teller"]


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
