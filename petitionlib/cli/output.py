"""What a command says, and the exit code with which it ends."""

import sys
from collections.abc import Iterable
from typing import Final, NoReturn

import click

__all__ = ["FAULT", "STOPPED", "USAGE", "echo_lines", "stop"]

FAULT: Final = 1  # the data or a notebook is at fault
USAGE: Final = 2  # the command was not understood, or names something that is not there
STOPPED: Final = 130  # by Ctrl-C


def echo_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Write lines for the reader, or, as errors, on the standard error."""
    for line in lines:
        click.echo(line, err=err)


def stop(message: str, code: int) -> NoReturn:
    """End the command with a sentence and an exit code."""
    click.echo(message, err=True)
    sys.exit(code)
