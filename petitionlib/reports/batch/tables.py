"""The tables of a batch: checked, compared and laid out, in a process that ends with its memory."""

import os
import pickle
import signal
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from petitionlib.errors import PetitionlibError
from petitionlib.reports.batch.shelf import content_of, lay_out

__all__ = ["prepare_tables"]


def prepare_tables(data: Path, shelf: Path, *, compare: bool) -> None:
    """Refuse tables with faults; lay out on the shelf what kernels would read and compare again.

    Raises what `read_tables` raises.
    """
    _apart(lambda: _prepare(data, shelf, compare=compare))


def _prepare(data: Path, shelf: Path, *, compare: bool) -> None:
    from petitionlib.tables.read import read_tables  # noqa: PLC0415  # loads pandas

    content = content_of(data)
    table = read_tables(data)
    if content != content_of(data):
        return  # edited meanwhile: each kernel reads what stands there then
    made = {"read_tables": lambda: table}
    if compare:
        from petitionlib.changes.year_over_year import year_over_year  # noqa: PLC0415  # the same
        from petitionlib.checks.reconcile import reconcile  # noqa: PLC0415  # the same

        made["year_over_year"] = lambda: year_over_year(table)
        made["reconcile"] = lambda: reconcile(table)
    lay_out(shelf, content, made)


def _apart(work: Callable[[], None]) -> None:
    """Do work in a fork, which takes no memory from those that build; here where there is none."""
    if not hasattr(os, "fork"):
        work()
        return
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: a batch has none yet
        pid = os.fork()
    if not pid:
        os.close(ours)
        _work_and_end(work, theirs)
    os.close(theirs)
    try:
        with os.fdopen(ours, "rb") as answer:
            error = answer.read()
        _, status = os.waitpid(pid, 0)
    except BaseException:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    if error:
        raise pickle.loads(error)  # noqa: S301  # from our own fork
    if status:
        work()  # whatever ended it is told by this process


def _work_and_end(work: Callable[[], None], answers: int) -> None:
    """Work, answer with our own error if there is one, and end this process however it went."""
    failed = 1
    try:
        signal.set_wakeup_fd(-1)
        with os.fdopen(answers, "wb") as answer:
            try:
                work()
            except PetitionlibError as error:
                answer.write(pickle.dumps(error))
        failed = 0
    finally:
        os._exit(failed)
