"""Processes that a notebook has started and left behind, in whatever group or session they are."""

import ctypes
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import psutil

__all__ = ["adopt_orphans", "end_orphans"]

_PR_SET_CHILD_SUBREAPER: Final = 36
_ROUNDS: Final = 5  # what is killed may have started others meanwhile
_SERVER: Final = f"{__package__}.server"
_FOUND: Final[set[psutil.Process]] = set()  # children that this process came with: not a notebook's


def adopt_orphans() -> None:
    """Become the parent of every process below this one that loses its own, where that can be.

    What is a child of this process already, a shell's pipe for instance, is no orphan.
    """
    _FOUND.update(psutil.Process().children())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_orphans(worker: int, *, kernels: bool) -> None:
    """Kill what stands below a worker, but not the process from which it forks kernels.

    With `kernels`, its kernels and what they have started, too.
    """
    for _ in range(_ROUNDS):
        found = [process for process in _below(worker, kernels=kernels) if _kill(process)]
        for process in found:
            with suppress(ChildProcessError):
                os.waitpid(process.pid, 0 if worker == os.getpid() else os.WNOHANG)
        if not found:
            break


def _below(worker: int, *, kernels: bool) -> list[psutil.Process]:
    """List the processes below a worker that are to end, parents first."""
    found, kept = [], set()
    with suppress(psutil.NoSuchProcess):
        above = psutil.Process(worker)
        servers = _servers(above.children())
        for process in above.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if process in servers:
                    kept |= set() if kernels else {process.pid}
                elif process in _FOUND or process.ppid() in kept:
                    kept.add(process.pid)
                elif process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
    return found


def _servers(processes: Iterable[psutil.Process]) -> set[psutil.Process]:
    """Tell the processes from which kernels are forked: the oldest of each name.

    What a kernel has forked and left behind bears the same name, and is younger.
    """
    named: dict[tuple[str, ...], psutil.Process] = {}
    for process in sorted(processes, key=psutil.Process.create_time):
        with suppress(psutil.Error):
            name = tuple(process.cmdline())
            if _SERVER in name:
                named.setdefault(name, process)
    return set(named.values())


def _kill(process: psutil.Process) -> bool:
    try:
        process.kill()
    except psutil.Error:
        return False
    return True
