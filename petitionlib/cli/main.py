"""The command line from its start to its end: what takes long begins first, the end is short."""

import gc
import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from petitionlib.cli.output import FAULT, STOPPED, USAGE, language, stop
from petitionlib.errors import (
    DataNotFoundError,
    NotebookError,
    ParameterError,
    PetitionlibError,
    Said,
    TableError,
    said,
)
from petitionlib.files import shipped

__all__ = ["main", "run"]

_COMMANDS: Final = ("batch", "check", "init", "report", "store")  # each a file beside this one
_FAULTS: Final = 100  # that are told one by one
_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """The commands, each loaded when it is asked for; what ends one early is told in a sentence."""

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
            stop(said("cli.stopped"), STOPPED)
        except PetitionlibError as error:
            _stop(error)


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(package_name="petitionlib", prog_name="petitionlib")
def _commands() -> None:
    """Compare, check and report yearly tables of citizen reception and petitions.

    Exit codes: 0 done; 1 the data or a notebook is at fault; 2 the command was not understood,
    or names something that is not there; 130 stopped by Ctrl-C.
    """


def main() -> None:
    """Run the command line, and end as soon as it is done."""
    if sys.argv[1:2] == ["report"]:
        from petitionlib._kernel import pool  # noqa: PLC0415  # the other commands need none

        pool.start(("petitionlib",))
    try:
        run()
    finally:
        gc.freeze()  # nothing that lives now is looked through at the end, which takes 0.1 s


def run() -> None:
    """Run a command; what the system refuses ends in one clear message, too."""
    logging.getLogger().addHandler(logging.NullHandler())  # the message says what went wrong
    try:
        _commands(prog_name="petitionlib")
    except OSError as error:
        stop(f"{error.filename or 'petitionlib'}: {error.strerror or error}", FAULT)


def _stop(error: PetitionlibError) -> NoReturn:
    """End the command with one of our errors, and its exit code."""
    told = error.told(language())
    if isinstance(error, TableError):
        count = len(error.problems)
        lines = [problem.told(language()) for problem in error.problems[:_FAULTS]]
        if count > _FAULTS:
            lines.append(said("cli.faults.more", count=count - _FAULTS).told(language()))
            told = "\n".join(lines)
        counted = said("cli.faults.one" if count == 1 else "cli.faults", count=count)
        stop(f"{told}\n{counted.told(language())}", FAULT)
    if isinstance(error, NotebookError) and error.cell is not None:
        stop(_with_remedy(error, told), FAULT)
    stop(told, USAGE if isinstance(error, ParameterError | DataNotFoundError) else FAULT)


def _with_remedy(error: NotebookError, told: str) -> Said:
    """Say what to do about a cell that failed."""
    told += "" if told[-1:] in ".?!" else "."
    brought = Path(error.notebook).parent == shipped("notebooks")
    return said("cli.brought" if brought else "cli.cell", error=told)
