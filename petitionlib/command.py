"""The command from its start to its end: what takes long begins first, and the end is short."""

import atexit
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line, and end as soon as it is done."""
    _find_home()
    if sys.argv[1:2] == ["report"]:
        from petitionlib._kernel import pool  # noqa: PLC0415  # the other commands need none

        pool.start(("petitionlib",))
    from petitionlib import cli  # noqa: PLC0415  # while the kernel's imports go on

    try:
        cli.main()
    except SystemExit as end:
        if isinstance(end.code, int):
            _leave(end.code)
        raise
    _leave(0)


def _find_home() -> None:
    """Give kernels a folder that goes with this command where there is no home to write to."""
    home = ""
    with suppress(RuntimeError):  # nobody knows of one
        home = str(Path.home())
    if "IPYTHONDIR" not in os.environ and not os.access(home, os.W_OK):
        import shutil  # noqa: PLC0415  # seldom needed
        import tempfile  # noqa: PLC0415  # the same

        folder = tempfile.mkdtemp(prefix="petitionlib-")
        os.environ["IPYTHONDIR"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _leave(code: int) -> NoReturn:
    """End as the interpreter does, but leave its memory to the system: that saves 0.1 s."""
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # as multiprocessing does
    atexit._run_exitfuncs()  # noqa: SLF001  # the same
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # whoever started the command may have closed it
            stream.flush()
    os._exit(code)
