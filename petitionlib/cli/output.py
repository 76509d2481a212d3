"""What a command says and in which language, and the exit code with which it ends."""

import sys
from collections.abc import Iterable
from typing import Final, NoReturn

import click

from petitionlib.errors import Said
from petitionlib.words import LANGUAGES

__all__ = ["FAULT", "STOPPED", "USAGE", "echo_lines", "language", "language_option", "stop"]

FAULT: Final = 1  # the data or a notebook is at fault
USAGE: Final = 2  # the command was not understood, or names something that is not there
STOPPED: Final = 130  # by Ctrl-C


def _note(ctx: click.Context, _: click.Parameter, lang: str) -> None:
    ctx.find_root().obj = lang


language_option: Final = click.option(
    "--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True,
    expose_value=False, callback=_note, is_eager=True, help="The language of what is said.",
)  # fmt: skip


def language() -> str:
    """Return the language that the command was asked to speak."""
    ctx = click.get_current_context(silent=True)
    return str((ctx and ctx.find_root().obj) or LANGUAGES[0])


def echo_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Write lines for the reader, or, as errors, on the standard error."""
    for line in lines:
        click.echo(line, err=err)


def stop(message: Said | str, code: int) -> NoReturn:
    """End the command with a sentence and an exit code."""
    click.echo(message.told(language()) if isinstance(message, Said) else message, err=True)
    sys.exit(code)
