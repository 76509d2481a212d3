"""`petitionlib check`: the tables, and whether their figures contradict."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from petitionlib.cli.explain import explain, explain_all
from petitionlib.cli.output import FAULT, echo_lines, language, language_option, stop
from petitionlib.errors import TableError
from petitionlib.tables.folder import find_data

if TYPE_CHECKING:
    from petitionlib.cli.outcome import Outcome
    from petitionlib.text.text import Text

__all__ = ["check"]

_ALSO: Final = (
    "unexplained", "truncated", "cannot_check", "revised", "exact", "rounded", "holds",
)  # fmt: skip


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
    " revised, exact, rounded, holds, or all of them; repeat it.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit 1 where known.csv lacks a contradiction.")
@click.option(
    "--texts", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of texts, <source>.txt: also look each number up in the paragraph that its"
    " locator names, 'paragraph 6'; paragraphs stand between blank lines.",
)  # fmt: skip
@click.option(
    "--explain", "code", metavar="CODE",
    help="Say what a code means, with an example and what to do, and check nothing; all: a page of"
    " all codes, as Markdown.",
)  # fmt: skip
def check(  # noqa: PLR0913  # the options of the command
    data: Path | None,
    form: str,
    also: Sequence[str],
    texts: Path | None,
    code: str | None,
    *,
    strict: bool,
) -> None:
    """Check the tables of a DATA folder, or one table.

    Lists every fault with its line. Where there is none, checks the published numbers against
    each other and lists those that contradict, event by event; known.csv, beside the tables, names
    the contradictions that stand as printed, and why.
    """
    if code is not None:
        every = code == "all"
        click.echo(explain_all(language()) if every else explain(code, language()))
        return
    from petitionlib.cli import formats, outcome  # noqa: PLC0415  # loads pandas
    from petitionlib.text.text import Text  # noqa: PLC0415  # the same

    path = find_data() if data is None else data
    try:
        found = outcome.examine(path, _ALSO if "all" in also else also, texts)
    except TableError as error:
        text, faults = Text(language()), outcome.faults(error.problems)
        if form == "json":
            click.echo(formats.as_json(path, None, error.problems, text=text).encode())
        elif form == "csv":
            click.echo(formats.as_csv(faults, text).encode(), nl=False)
        elif form == "github":
            echo_lines(formats.as_commands(faults, text))
        raise
    text = Text(language(), found.table)
    _show(found, form, text, hint=not strict)
    missing = formats.missing_lines(found, text)
    quotes = outcome.quote_findings(found)
    if strict and (missing or quotes):
        stop("\n".join(filter(None, [missing, formats.quotes_line(found, text)])), FAULT)


def _show(found: "Outcome", form: str, text: "Text", *, hint: bool) -> None:
    """Print what a check found; JSON and CSV are UTF-8 and stand alone."""
    from petitionlib.cli import formats  # noqa: PLC0415  # loads pandas
    from petitionlib.cli.outcome import event_findings, findings, quote_findings  # noqa: PLC0415

    checks = [*findings(found.contradictions), *findings(found.others)]
    quotes = quote_findings(found)
    if form == "json":
        click.echo(formats.as_json(found.path, found, text=text).encode())
    elif form == "csv":
        click.echo(formats.as_csv(checks, text).encode(), nl=False)
        echo_lines((each.told(text) for each in [*quotes, *found.stale]), err=True)
    elif form == "github":
        echo_lines(formats.opening_lines(found, text))
        told = [*event_findings(found, text), *quotes, *findings(found.others)]
        echo_lines(formats.as_commands([*told, *found.stale], text))
    elif sys.stdout is not None and sys.stdout.isatty():
        from petitionlib.cli.terminal import draw, terminal  # noqa: PLC0415  # loads rich

        echo_lines(formats.opening_lines(found, text))
        draw(found, terminal(), text)
        echo_lines(formats.closing_lines(found, text, hint=hint))
    else:
        echo_lines(formats.as_lines(found, text, hint=hint))
