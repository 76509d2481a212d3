"""The command from its start to its end: what takes long begins first, and the end is short."""

import atexit
import os
import sys
import threading
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line, and end as soon as it is done."""
    if sys.argv[1:2] == ["report"]:
        from petitionlib import leases  # noqa: PLC0415  # the other commands need none

        leases.start()
    from petitionlib import cli  # noqa: PLC0415  # while the kernel's imports go on

    try:
        cli.main()
    except SystemExit as end:
        if isinstance(end.code, int):
            _leave(end.code)
        raise
    _leave(0)


def _leave(code: int) -> NoReturn:
    """End as the interpreter does, but leave its memory to the system: that saves 0.1 s."""
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # as multiprocessing does
    atexit._run_exitfuncs()  # noqa: SLF001  # the same
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
