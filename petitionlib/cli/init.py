"""`petitionlib init`: a folder to work in."""

import json
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Final

import click

from petitionlib.cli.output import FAULT, USAGE, language, language_option, stop
from petitionlib.errors import said
from petitionlib.files import PACKAGE, shipped
from petitionlib.words import LANGUAGES

__all__ = ["init"]

_OFFICE: Final = PACKAGE / "cli" / "office"  # what an empty office begins with
_OF_THE_SAMPLE: Final = "\n## What to know about these tables"  # the end of its README
_WORKFLOW: Final = Path(".github") / "workflows" / "figures.yml"


@click.command(short_help="Make a folder to work in.")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--empty", is_flag=True, help="Tables and a codebook to fill in, not the sample.")
@click.option("--ci", is_flag=True, help="Add a GitHub workflow that checks, tests and builds.")
@language_option
def init(folder: Path, *, empty: bool, ci: bool) -> None:
    """Make a working FOLDER with the sample data, the notebooks and a plan to start from.

    With --empty: an office of your own, whose tables and codebook have their headers and an example
    row each, and a README of what to do each period.
    """
    names = ["data", "notebooks", "reports.yaml", *(["README.md"] if empty else [])]
    names += [_WORKFLOW.parts[0]] if ci else []
    taken = [folder / name for name in names if (folder / name).exists()]
    if ci and taken == [folder / _WORKFLOW.parts[0]] and not (folder / _WORKFLOW).exists():
        taken = []
    if taken:
        stop(said("cli.init_taken", path=str(taken[0])), USAGE)
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".init-") as draft:
        try:
            _lay_out(Path(draft), empty=empty, ci=ci)
        except shutil.Error as error:
            reason = str(error.args[0][0][2]).partition(": ")[0]
            if is_new:
                shutil.rmtree(folder, ignore_errors=True)
            stop(said("cli.init_failed", folder=str(folder), reason=reason), FAULT)
        for path in [path for path in Path(draft).iterdir() if path.name in names]:
            _move(path, folder / path.name)
    click.echo(said("cli.init_done", folder=str(folder)).told(language()))
    click.echo(f"  cd {shlex.quote(str(folder))}")
    for line in _next_steps(empty=empty):
        click.echo(f"  {line}")


def _lay_out(draft: Path, *, empty: bool, ci: bool) -> None:
    """Copy everything into a draft folder."""
    for name in ("notebooks", "reports.yaml", *(() if empty else ("data",))):
        _copy(shipped(name), draft / name)
    if empty:
        _copy(_OFFICE / "data", draft / "data")
        own = "" if language() == LANGUAGES[0] else f".{language()}"
        _copy(_OFFICE / f"README{own}.md", draft / "README.md")
        columns = (shipped("data") / "README.md").read_text(encoding="utf-8")
        columns = columns.partition(_OF_THE_SAMPLE)[0]
        (draft / "data" / "README.md").write_text(columns, encoding="utf-8")
        for path in (draft / "notebooks").glob("*.ipynb"):
            _clear(path)
    if ci:
        (draft / _WORKFLOW).parent.mkdir(parents=True)
        _copy(_OFFICE / "ci.yml", draft / _WORKFLOW)


def _next_steps(*, empty: bool) -> list[str]:
    if empty:
        return ["petitionlib check data --strict", "petitionlib report yearly_report"]
    return ["petitionlib report yearly_report -p place can-tho -p year 2022", "petitionlib batch"]


def _copy(source: Path, target: Path) -> None:
    """Copy a file, or a folder without what is hidden in it."""
    if source.is_file():
        shutil.copy(source, target)
    else:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        target.chmod(0o755)  # the installed one may be read-only


def _clear(path: Path) -> None:
    """Take the outputs out of a notebook: they are of other figures."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _move(source: Path, target: Path) -> None:
    """Move a file or a folder; one that is there already takes in what is new."""
    if target.is_dir():
        for path in source.iterdir():
            _move(path, target / path.name)
    else:
        source.rename(target)
