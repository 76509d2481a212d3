"""What a cell shows that has nothing to show: its reason, which a page can leave out."""

from typing import Final

__all__ = ["NOTHING", "Nothing", "nothing_bundle"]

NOTHING: Final = "application/vnd.petitionlib.nothing"


class Nothing(str):
    """A reason why there is nothing to show, as a notebook shows it; a page leaves it out."""

    __slots__ = ()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return nothing_bundle(self)


def nothing_bundle(reason: str) -> dict[str, str]:
    """Return a reason as notebooks store it.

    >>> nothing_bundle("No rate was published.")["text/plain"]
    'No rate was published.'
    """
    return {NOTHING: str(reason), "text/plain": str(reason)}
