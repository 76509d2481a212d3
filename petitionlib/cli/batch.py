"""`petitionlib batch`: the reports of a plan that have changed."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from petitionlib.cli.output import echo_lines, language, language_option
from petitionlib.reports.job import Options

__all__ = ["batch"]


@click.command(short_help="Build the reports of a plan that have changed.")
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
@language_option
def batch(  # noqa: PLR0913, PLR0917  # the options of the command
    plan: Path, data: Path | None, out: Path, only: Sequence[str], jobs: int, timeout: float,
    memory: int, *, dry_run: bool, why: bool, force: bool, single_file: bool | None,
    no_wait: bool, as_json: bool,
) -> None:  # fmt: skip
    """Build every report of PLAN whose inputs have changed, and the index of them all.

    A report depends on its notebook, its parameters, the rows and files that the notebook
    declares, the codebook, the sources, the package and what is installed. Each page appears
    whole or not at all; where a report fails, its last good page stays.

    Exit codes: 0 done; 1 a report failed, or the plan or the tables are at fault; 2 the command
    was not understood; 130 or 143 stopped, and the next run goes on from there.
    """
    from petitionlib.reports.batch.session import Session  # noqa: PLC0415  # loads long

    session = Session(plan, data, out, only, single_file=single_file)
    if dry_run:
        echo_lines(session.preview(why=why, force=force, lang=language()))
        return
    options = Options(jobs, timeout, memory, force, not no_wait)
    session.run(options, quiet=as_json, why=why, lang=language())
    if as_json:
        click.echo(session.document().encode())
    else:
        echo_lines(session.lines())
    sys.exit(session.exit_code())
