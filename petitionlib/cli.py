"""The command line: init, report, batch, check, store."""

import logging
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from petitionlib._kernel.processes import adopt_strays, end_strays
from petitionlib.errors import (
    DataNotFoundError,
    NotebookError,
    ParameterError,
    PetitionlibError,
    TableError,
)
from petitionlib.files import shipped
from petitionlib.page.pdf import find_browser, print_page
from petitionlib.reports.build import build_report, store_outputs
from petitionlib.reports.job import Options
from petitionlib.reports.parameters import find_notebook, notebook_parameters, parse_value
from petitionlib.tables.folder import find_data

if TYPE_CHECKING:
    from petitionlib.outcome import Outcome

__all__ = ["main"]

_FAULT = 1
_USAGE = 2
_STOPPED = 130
_ALSO = ("unexplained", "truncated", "cannot_check", "exact", "rounded", "holds")
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """The commands; Ctrl-C ends each of them in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _stop("Stopped; what was there before still stands.", _STOPPED)


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
                    _stop(f"write a parameter as two words: {words}", _USAGE)
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


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(package_name="petitionlib", prog_name="petitionlib")
def _commands() -> None:
    """Compare, check and report yearly tables of citizen reception and petitions.

    Exit codes: 0 done; 1 the data or a notebook is at fault; 2 the command was not understood,
    or names something that is not there; 130 stopped by Ctrl-C.
    """


@_commands.command(short_help="Make a folder to work in.")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make a working FOLDER with the sample data, the notebooks and a plan to start from."""
    names = ("data", "notebooks", "reports.yaml")
    taken = [folder / name for name in names if (folder / name).exists()]
    if taken:
        _stop(f"{taken[0]} is there already; choose another folder", _USAGE)
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".init-") as draft:
        try:
            for name in names:
                _copy(shipped(name), Path(draft) / name)
        except shutil.Error as error:
            reason = str(error.args[0][0][2]).partition(": ")[0]
            if is_new:
                shutil.rmtree(folder, ignore_errors=True)
            _stop(f"{folder}: cannot be filled: {reason}; nothing was made", _FAULT)
        for name in names:
            (Path(draft) / name).rename(folder / name)
    click.echo(f"{folder}: data/, notebooks/ and reports.yaml are ready. Next:")
    click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  petitionlib report yearly_report -p place can-tho -p year 2022")
    click.echo("  petitionlib batch")


def _copy(source: Path, target: Path) -> None:
    """Copy a file, or a folder without what is hidden in it."""
    if source.is_file():
        shutil.copy(source, target)
    else:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        target.chmod(0o755)  # the installed one may be read-only


@_commands.command(cls=_ReportCommand, short_help="Make one report.")
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
def report(
    notebook: str, parameters: Sequence[tuple[str, str]], data: Path | None, out: Path, *, pdf: bool
) -> None:
    """Run NOTEBOOK (a name or a path) and write it as a page; print where it lies.

    The page is one file, which can be mailed and opens without a network.
    """
    if pdf:
        find_browser()  # before anything runs
    adopt_strays()
    try:
        page = build_report(notebook, data=data, out=out, **_parse(notebook, parameters))
    finally:
        end_strays(os.getpid(), kernels=False)
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
            message = f"{stem}: parameter {name!r} is given twice."
            raise ParameterError(message, stem, name)
        if name in {"notebook", "data", "out"}:
            message = f"{stem}: {name!r} cannot be a parameter; it is an option of the report."
            raise ParameterError(message, stem, name)
    return {
        name: parse_value(declared[name], text, stem) if name in declared else text
        for name, text in parameters
    }


@_commands.command(short_help="Build the reports of a plan that have changed.")
@click.argument("plan", default="reports.yaml", type=click.Path(path_type=Path))
@click.option(
    "--data", type=click.Path(path_type=Path), help="The data folder; else the nearest data/."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default="reports", show_default=True,
    help="The folder for the pages and their index.",
)  # fmt: skip
@click.option(
    "--only", multiple=True, metavar="PATTERN",
    help="Only these: a page, a notebook, or name=value, with * and ?. Repeated: one or the other "
    "of one name, and of several names all.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1), default=lambda: os.cpu_count() or 1, metavar="NUMBER",
    show_default="the cores", help="How many reports at a time.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be built.")
@click.option("--why", is_flag=True, help="Say of each report what has changed.")
@click.option("--force", is_flag=True, help="Build what has not changed, too.")
@click.option(
    "--single-file/--shared", default=None,
    help="Pages of one file each, to be mailed; or pages that share the plotly.js beside them."
    "  [default: each page keeps its form, a new one shares]",
)  # fmt: skip
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), default=600, show_default=True,
    metavar="SECONDS", help="How long a report may take.",
)  # fmt: skip
@click.option(
    "--memory", type=click.IntRange(256), default=2048, show_default=True, metavar="MEGABYTES",
    help="How much memory a notebook may use.",
)  # fmt: skip
@click.option("--no-wait", is_flag=True, help="End at once if another batch is writing the folder.")
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON.")
def batch(  # noqa: PLR0913, PLR0917  # the options of the command
    plan: Path, data: Path | None, out: Path, only: Sequence[str], jobs: int, timeout: float,
    memory: int, *, dry_run: bool, why: bool, force: bool, single_file: bool | None,
    no_wait: bool, as_json: bool,
) -> None:  # fmt: skip
    """Build every report of PLAN whose inputs have changed, and the index of them all.

    A report depends on its notebook, its parameters, the rows that it read, the codebook, the
    package and what is installed. Each page appears whole or not at all; where a report fails,
    its last good page stays.

    Exit codes: 0 done; 1 a report failed, or the plan or the tables are at fault; 2 the command
    was not understood; 130 or 143 stopped, and the next run goes on from there.
    """
    from petitionlib.reports.batch.session import Session  # noqa: PLC0415  # not needed by the other commands

    session = Session(plan, data, out, only, single_file=single_file)
    if dry_run:
        _echo(session.preview(why=why, force=force))
        return
    options = Options(jobs, timeout, memory, force, not no_wait)
    session.run(options, quiet=as_json, why=why)
    if as_json:
        click.echo(session.document().encode())
    else:
        _echo(session.lines())
    sys.exit(session.exit_code())


@_commands.command(short_help="Check the tables, and whether their figures contradict.")
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "github"]), default="text",
    show_default=True, help="Text; data for other programs; or annotations of a GitHub workflow.",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(["en", "vi"]), default="en", show_default=True,
    help="The language of sentences and tables.",
)  # fmt: skip
@click.option(
    "--also", multiple=True, type=click.Choice([*_ALSO, "all"]), metavar="RESULT",
    help="Also list the checks with this result: unexplained, truncated (cut off), cannot_check,"
    " exact, rounded, holds, or all of them; repeat it.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit 1 where known.csv lacks a contradiction.")
def check(data: Path | None, form: str, lang: str, also: Sequence[str], *, strict: bool) -> None:
    """Check the tables of a DATA folder, or one table.

    Lists every fault with its line. Where there is none, checks the published numbers against
    each other and lists those that contradict; known.csv, beside the tables, names the
    contradictions that stand as printed, and why.
    """
    from petitionlib import outcome  # noqa: PLC0415  # loads pandas

    path = find_data() if data is None else data
    try:
        found = outcome.examine(path, _ALSO if "all" in also else also)
    except TableError as error:
        if form == "json":
            click.echo(outcome.faults_as_json(path, error.problems).encode())
        if form == "github":
            click.echo("\n".join(outcome.fault_commands(error.problems)))
        raise
    _show(found, form, lang, hint=not strict)
    missing = outcome.missing_lines(found, lang=lang)
    if strict and missing:
        _stop(missing, _FAULT)


def _show(found: "Outcome", form: str, lang: str, *, hint: bool) -> None:
    """Print what a check found; JSON and CSV are UTF-8 and stand alone."""
    from petitionlib import outcome  # noqa: PLC0415  # loads pandas

    if form == "json":
        click.echo(outcome.as_json(found).encode())
    elif form == "csv":
        click.echo(outcome.as_csv(found).encode(), nl=False)
        _echo(outcome.stale_lines(found, lang=lang), err=True)
    elif form == "github":
        _echo(outcome.opening_lines(found, lang=lang))
        _echo(outcome.as_commands(found, lang=lang))
    elif sys.stdout is not None and sys.stdout.isatty():
        from petitionlib.screen import draw, terminal  # noqa: PLC0415  # loads rich

        _echo(outcome.opening_lines(found, lang=lang))
        draw(found, terminal(), lang=lang)
        _echo(outcome.closing_lines(found, lang=lang, hint=hint))
    else:
        _echo(outcome.as_lines(found, lang=lang, hint=hint))


def _echo(lines: Sequence[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


@_commands.command(short_help="Run notebooks and store their outputs in them.")
@click.argument("notebooks", nargs=-1, required=True)
def store(notebooks: Sequence[str]) -> None:
    """Run NOTEBOOKS with their default parameters and store the outputs in them."""
    for notebook in notebooks:
        store_outputs(notebook)
        click.echo(notebook)


def main() -> None:
    """Run the command line; a fault ends in one clear message and its exit code."""
    logging.getLogger().addHandler(logging.NullHandler())  # the message says what went wrong
    try:
        _commands(prog_name="petitionlib")
    except TableError as error:
        count = len(error.problems)
        _stop(f"{error}\n{count} {'fault' if count == 1 else 'faults'}.", _FAULT)
    except (ParameterError, DataNotFoundError) as error:
        _stop(str(error), _USAGE)
    except NotebookError as error:
        _stop(f"{error}{_remedy(error)}", _FAULT)
    except PetitionlibError as error:
        _stop(str(error), _FAULT)
    except OSError as error:
        _stop(f"{error.filename or 'petitionlib'}: {error.strerror or error}", _FAULT)


def _remedy(error: NotebookError) -> str:
    """Say what to do about a cell that failed."""
    if error.cell is None:
        return ""
    mend = "mend the cell and run the command again"
    if Path(error.notebook).parent == shipped("notebooks"):
        mend = "the notebook comes with petitionlib; petitionlib init makes a copy to mend"
    return f"{'' if error.cause[-1:] in '.?!' else '.'} Nothing was written: {mend}."


def _stop(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)
