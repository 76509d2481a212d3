"""Processes that a notebook has started and left behind, in whatever group or session they are."""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["adopt_strays", "end_strays"]

_PR_SET_CHILD_SUBREAPER: Final = 36
_ROUNDS: Final = 5  # what is killed may have started others meanwhile
_SERVER: Final = f"{__package__}.server".encode()
_STARTED: Final = 19  # in /proc/<pid>/stat, of what follows the name
_FOUND: Final[set[int]] = set()  # children that this process came with: no notebook started them


def adopt_strays() -> None:
    """Become the parent of every process below this one that loses its own, where that can be.

    What is a child of this process already, a shell's pipe for instance, is no stray.
    """
    if sys.platform == "linux":
        _FOUND.update(_children().get(os.getpid(), []))
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_strays(worker: int, *, kernels: bool) -> None:
    """Kill what stands below a worker, but not the process from which it forks kernels.

    With `kernels`, its kernels and what they have started, too. Only where there is a /proc.
    """
    for _ in range(_ROUNDS):
        found = [pid for pid in _below(worker, kernels=kernels) if _kill(pid)]
        for pid in found:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0 if worker == os.getpid() else os.WNOHANG)
        if not found:
            break


def _below(worker: int, *, kernels: bool) -> Iterator[int]:
    """Yield the processes below a worker, parents first."""
    children = _children()
    waiting = []
    servers = _servers(children.get(worker, []))
    for pid in children.get(worker, []):
        if pid in servers:
            waiting += children.get(pid, []) if kernels else []
        elif pid not in _FOUND:
            waiting.append(pid)
    for pid in waiting:
        yield pid
        waiting += children.get(pid, [])


def _children() -> dict[int, list[int]]:
    """List the processes that each process is the parent of, the dead left out."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            state, parent = stat.read_bytes().rpartition(b")")[2].split()[:2]
            if state != b"Z":
                children.setdefault(int(parent), []).append(int(stat.parent.name))
    return children


def _servers(pids: Sequence[int]) -> set[int]:
    """Tell the processes from which kernels are forked: the oldest of each name.

    What a kernel has forked and left behind bears the same name, and is younger.
    """
    named: dict[bytes, list[tuple[int, int]]] = {}
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            name = Path(f"/proc/{pid}/cmdline").read_bytes()
            started = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[_STARTED]
            if _SERVER in name.split(b"\0"):
                named.setdefault(name, []).append((int(started), pid))
    return {min(same)[1] for same in named.values()}


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True
