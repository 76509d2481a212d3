"""The command line from its start to its end: what takes long begins first, the end is short."""

import atexit
import logging
import os
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from petitionlib.cli.output import FAULT, STOPPED, USAGE, stop
from petitionlib.errors import (
    DataNotFoundError,
    NotebookError,
    ParameterError,
    PetitionlibError,
    TableError,
)
from petitionlib.files import shipped

__all__ = ["main", "run"]

_COMMANDS: Final = ("batch", "check", "init", "report", "store")  # each a file beside this one
_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """The commands, each loaded when it is asked for; Ctrl-C ends each of them in one sentence."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Name the commands."""
        return list(_COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """Load a command."""
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__package__}.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            stop("Stopped; what was there before still stands.", STOPPED)


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(package_name="petitionlib", prog_name="petitionlib")
def _commands() -> None:
    """Compare, check and report yearly tables of citizen reception and petitions.

    Exit codes: 0 done; 1 the data or a notebook is at fault; 2 the command was not understood,
    or names something that is not there; 130 stopped by Ctrl-C.
    """


def main() -> NoReturn:
    """Run the command line, and end as soon as it is done."""
    if sys.argv[1:2] == ["report"]:
        from petitionlib._kernel import pool  # noqa: PLC0415  # the other commands need none

        pool.start(("petitionlib",))
    try:
        run()
    except SystemExit as end:
        if isinstance(end.code, int):
            _leave(end.code)
        raise
    _leave(0)


def run() -> None:
    """Run a command; a fault ends in one clear message and its exit code."""
    logging.getLogger().addHandler(logging.NullHandler())  # the message says what went wrong
    try:
        _commands(prog_name="petitionlib")
    except TableError as error:
        count = len(error.problems)
        stop(f"{error}\n{count} {'fault' if count == 1 else 'faults'}.", FAULT)
    except (ParameterError, DataNotFoundError) as error:
        stop(str(error), USAGE)
    except NotebookError as error:
        stop(f"{error}{_remedy(error)}", FAULT)
    except PetitionlibError as error:
        stop(str(error), FAULT)
    except OSError as error:
        stop(f"{error.filename or 'petitionlib'}: {error.strerror or error}", FAULT)


def _remedy(error: NotebookError) -> str:
    """Say what to do about a cell that failed."""
    if error.cell is None:
        return ""
    mend = "mend the cell and run the command again"
    if Path(error.notebook).parent == shipped("notebooks"):
        mend = "the notebook comes with petitionlib; petitionlib init makes a copy to mend"
    return f"{'' if error.cause[-1:] in '.?!' else '.'} Nothing was written: {mend}."


def _leave(code: int) -> NoReturn:
    """End as the interpreter does, but leave its memory to the system: that saves 0.1 s."""
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # as multiprocessing does
    atexit._run_exitfuncs()  # noqa: SLF001  # the same
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # whoever started the command may have closed it
            stream.flush()
    os._exit(code)
