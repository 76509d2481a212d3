"""`petitionlib report`: one report."""

import os
import shlex
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from petitionlib.cli.output import USAGE, language_option, stop
from petitionlib.errors import ParameterError, said
from petitionlib.files import shipped
from petitionlib.page.pdf import find_browser, print_page
from petitionlib.reports.build import build_report
from petitionlib.reports.parameters import find_notebook, notebook_parameters, parse_value

__all__ = ["report"]


class _ReportCommand(click.Command):
    """The report command, whose help lists the notebooks and what each takes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = [*args]  # click takes them out one by one
        try:
            return super().parse_args(ctx, args)
        except click.UsageError:
            for option, joined in pairwise(given):
                name, cut, value = joined.partition("=")
                if option == "-p" and cut:
                    words = shlex.join(["-p", name or "NAME", value or "VALUE"])
                    stop(said("cli.two_words", words=words), USAGE)
            raise

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        folders = (Path("notebooks"), shipped("notebooks"))
        names = sorted({path.stem for folder in folders for path in folder.glob("*.ipynb")})
        for name in names:
            rows = [
                (f"{p.name}: {p.type} = {p.default!r}", p.help) for p in notebook_parameters(name)
            ]
            with formatter.section(f"Notebook {name}"):
                formatter.write_dl(rows or [("(no parameters)", "")])


@click.command(cls=_ReportCommand, short_help="Make one report.")
@click.argument("notebook")
@click.option(
    "parameters", "-p", nargs=2, multiple=True, metavar="NAME VALUE",
    help="A parameter of the notebook and its value; repeat it.",
)  # fmt: skip
@click.option(
    "--data", type=click.Path(path_type=Path), help="The data folder; else the nearest data/."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default="reports", show_default=True,
    help="The folder for the page.",
)  # fmt: skip
@click.option("--pdf", is_flag=True, help="Print it as a PDF as well; needs Chromium.")
@language_option
def report(
    notebook: str, parameters: Sequence[tuple[str, str]], data: Path | None, out: Path, *, pdf: bool
) -> None:
    """Run NOTEBOOK (a name or a path) and write it as a page; print where it lies.

    The page is one file, which can be mailed and opens without a network.
    """
    from petitionlib._kernel.processes import (  # noqa: PLC0415  # loads psutil
        adopt_orphans,
        end_orphans,
    )

    if pdf:
        find_browser()  # before anything runs
    adopt_orphans()
    try:
        page = build_report(notebook, data=data, out=out, **_parse(notebook, parameters))
    finally:
        end_orphans(os.getpid(), kernels=False)
    click.echo(page)
    if pdf:
        click.echo(print_page(page))


def _parse(notebook: str, parameters: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Turn the texts of the command line into values; unknown names are left for build_report."""
    stem = find_notebook(notebook).stem
    declared = {parameter.name: parameter for parameter in notebook_parameters(notebook)}
    names = [name for name, _ in parameters]
    for name in names:
        if names.count(name) > 1:
            fault = said("cli.parameter_twice", notebook=stem, name=name)
            raise ParameterError(fault, stem, name)
        if name in {"notebook", "data", "out"}:
            fault = said("cli.parameter_option", notebook=stem, name=name)
            raise ParameterError(fault, stem, name)
    return {
        name: parse_value(declared[name], text, stem) if name in declared else text
        for name, text in parameters
    }
