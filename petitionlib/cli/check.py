"""`petitionlib check`: the tables, and whether their figures contradict."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from petitionlib.cli.output import FAULT, echo_lines, language, language_option, stop
from petitionlib.errors import TableError
from petitionlib.tables.folder import find_data

if TYPE_CHECKING:
    from petitionlib.cli.formats import Outcome

__all__ = ["check"]

_ALSO: Final = ("unexplained", "truncated", "cannot_check", "exact", "rounded", "holds")


@click.command(short_help="Check the tables, and whether their figures contradict.")
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "github"]), default="text",
    show_default=True, help="Text; data for other programs; or annotations of a GitHub workflow.",
)  # fmt: skip
@language_option
@click.option(
    "--also", multiple=True, type=click.Choice([*_ALSO, "all"]), metavar="RESULT",
    help="Also list the checks with this result: unexplained, truncated (cut off), cannot_check,"
    " exact, rounded, holds, or all of them; repeat it.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit 1 where known.csv lacks a contradiction.")
def check(data: Path | None, form: str, also: Sequence[str], *, strict: bool) -> None:
    """Check the tables of a DATA folder, or one table.

    Lists every fault with its line. Where there is none, checks the published numbers against
    each other and lists those that contradict; known.csv, beside the tables, names the
    contradictions that stand as printed, and why.
    """
    from petitionlib.cli import formats  # noqa: PLC0415  # loads pandas

    path, lang = find_data() if data is None else data, language()
    try:
        found = formats.examine(path, _ALSO if "all" in also else also)
    except TableError as error:
        faults = formats.faults(error.problems)
        if form == "json":
            click.echo(formats.as_json(path, None, error.problems, lang=lang).encode())
        elif form == "csv":
            click.echo(formats.as_csv(faults, lang=lang).encode(), nl=False)
        elif form == "github":
            echo_lines(formats.as_commands(faults, lang=lang))
        raise
    _show(found, form, lang, hint=not strict)
    missing = formats.missing_lines(found, lang=lang)
    if strict and missing:
        stop(missing, FAULT)


def _show(found: "Outcome", form: str, lang: str, *, hint: bool) -> None:
    """Print what a check found; JSON and CSV are UTF-8 and stand alone."""
    from petitionlib.cli import formats  # noqa: PLC0415  # loads pandas

    checks = [*formats.findings(found.contradictions), *formats.findings(found.others)]
    if form == "json":
        click.echo(formats.as_json(found.path, found, lang=lang).encode())
    elif form == "csv":
        click.echo(formats.as_csv(checks, lang=lang).encode(), nl=False)
        echo_lines((each.told(lang) for each in found.stale), err=True)
    elif form == "github":
        echo_lines(formats.opening_lines(found, lang=lang))
        echo_lines(formats.as_commands([*checks, *found.stale], lang=lang))
    elif sys.stdout is not None and sys.stdout.isatty():
        from petitionlib.cli.terminal import draw, terminal  # noqa: PLC0415  # loads rich

        echo_lines(formats.opening_lines(found, lang=lang))
        draw(found, terminal(), lang=lang)
        echo_lines(formats.closing_lines(found, lang=lang, hint=hint))
    else:
        echo_lines(formats.as_lines(found, lang=lang, hint=hint))
