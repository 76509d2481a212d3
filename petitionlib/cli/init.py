"""`petitionlib init`: a folder to work in."""

import shlex
import shutil
import tempfile
from pathlib import Path

import click

from petitionlib.cli.output import FAULT, USAGE, language, language_option, stop
from petitionlib.errors import said
from petitionlib.files import shipped

__all__ = ["init"]


@click.command(short_help="Make a folder to work in.")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@language_option
def init(folder: Path) -> None:
    """Make a working FOLDER with the sample data, the notebooks and a plan to start from."""
    names = ("data", "notebooks", "reports.yaml")
    taken = [folder / name for name in names if (folder / name).exists()]
    if taken:
        stop(said("cli.init_taken", path=str(taken[0])), USAGE)
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
            stop(said("cli.init_failed", folder=str(folder), reason=reason), FAULT)
        for name in names:
            (Path(draft) / name).rename(folder / name)
    click.echo(said("cli.init_done", folder=str(folder)).told(language()))
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
