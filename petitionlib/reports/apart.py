"""Work in a process that ends with its memory, while this one goes on."""

import os
import pickle
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from petitionlib.errors import PetitionlibError

__all__ = ["apart"]


@contextmanager
def apart(work: Callable[[], object]) -> Iterator[None]:
    """Do work in a fork while the block runs, and raise at its end what the work has raised.

    The work is done here, before the block, where there is no fork.
    """
    if not hasattr(os, "fork"):
        work()
        yield
        return
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: our commands have none
        pid = os.fork()
    if not pid:
        os.close(ours)
        _work_and_end(work, theirs)
    os.close(theirs)
    try:
        with os.fdopen(ours, "rb") as answer:
            yield
            error = answer.read()
        _, status = os.waitpid(pid, 0)
    except BaseException:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
        raise
    if error:
        raise pickle.loads(error)  # noqa: S301  # from our own fork
    if status:
        work()  # whatever ended it is told by this process


def _work_and_end(work: Callable[[], object], answers: int) -> None:
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
