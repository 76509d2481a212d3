"""How much memory a command and all that it starts take together, at the highest."""

import subprocess
import threading
from pathlib import Path

__all__ = ["highest"]

EVERY = 0.1


def highest(command: list[str | Path], folder: Path, environment: dict[str, str]) -> int:
    """Run a command and return the bytes that its processes took together, at the highest.

    Pages that several share count once (PSS); looked at ten times a second.
    """
    done = threading.Event()
    with subprocess.Popen(
        command, cwd=folder, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        top = 0
        while process.poll() is None:
            top = max(top, sum(map(_own, _family(process.pid))))
            done.wait(EVERY)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return top


def _family(root: int) -> list[int]:
    """List a process and all below it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    family = [root]
    for pid in family:
        family += children.get(pid, [])
    return family


def _own(pid: int) -> int:
    """Return the bytes of a process, its share of what others have too; 0 if it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0")
    return 1024 * int(line.split()[1])
