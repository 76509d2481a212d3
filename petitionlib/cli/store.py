"""`petitionlib store`: notebooks are run, and keep their outputs."""

from collections.abc import Sequence

import click

from petitionlib.cli.output import language_option
from petitionlib.reports.build import store_outputs

__all__ = ["store"]


@click.command(short_help="Run notebooks and store their outputs in them.")
@click.argument("notebooks", nargs=-1, required=True)
@language_option
def store(notebooks: Sequence[str]) -> None:
    """Run NOTEBOOKS with their default parameters and store the outputs in them."""
    for notebook in notebooks:
        store_outputs(notebook)
        click.echo(notebook)
