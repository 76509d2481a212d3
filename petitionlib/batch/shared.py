"""plotly.js stands once beside the pages of a folder, as it was put there."""

from collections.abc import Iterable

from petitionlib.batch.inputs import SHARED
from petitionlib.batch.records import Records
from petitionlib.errors import BatchError
from petitionlib.files import publish, refusal

__all__ = ["keep_shared", "share"]


def share(records: Records) -> None:
    """Put the plotly.js to which new pages refer beside them, if it is not there.

    Raises `BatchError` where that cannot be.
    """
    from petitionlib.page.assets import shared_name  # noqa: PLC0415  # loads what pages are made with

    try:
        if not _stands(records, shared_name()):
            _put(records)
    except OSError as error:
        where = records.out / shared_name()
        message = f"cannot write {where}: {refusal(error)} (the pages there still stand)"
        raise BatchError(message) from None


def keep_shared(records: Records, names: Iterable[str]) -> None:
    """Put plotly.js back where somebody has removed or changed it and one of these pages needs it.

    It costs nothing to look.
    """
    if not _stands(records) and any(_needs(records, name) for name in names):
        _put(records)


def _needs(records: Records, name: str) -> bool:
    record = records.read(name)
    return record is not None and record.inputs.get("form") == SHARED


def _stands(records: Records, name: str = "") -> bool:
    """Tell whether a file is there as it was put, by its size and because it is no newer."""
    mark = records.state / "shared"
    try:
        noted, size = mark.read_text(encoding="utf-8").split()
        file = (records.out / noted).stat()
        fresh = file.st_mtime_ns <= mark.stat().st_mtime_ns
    except (OSError, ValueError):
        return False
    return fresh and file.st_size == int(size) and noted == (name or noted)


def _put(records: Records) -> None:
    from petitionlib.page.assets import plotly_js, shared_name  # noqa: PLC0415  # the same

    content = plotly_js().encode()
    publish(records.out / shared_name(), content, drafts=records.state)
    note = f"{shared_name()} {len(content)}"
    publish(records.state / "shared", note, drafts=records.state)
