"""Notebook + parameters -> executed notebook, in a kernel of its own."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from petitionlib._kernel.lazy_imports import deferred_grammars
from petitionlib.errors import NotebookError, Said, said
from petitionlib.files import PACKAGE
from petitionlib.reports.parameters import read_notebook
from petitionlib.tables.folder import DATA

__all__ = ["cause_of", "is_brought", "run_notebook", "unmarked", "warm_up"]

_ONE_AT_A_TIME: Final = Lock()
_MARKER: Final = "papermill-error-cell-tag"  # of cells in which papermill told an earlier failure
_INJECTED: Final = "injected-parameters"


def run_notebook(
    path: Path,
    parameters: Mapping[str, object],
    *,
    data: Path | None = None,
) -> Any:
    """Execute a notebook in a fresh kernel and return it with its outputs.

    `read_tables()` finds the folder `data` in it. Raises `NotebookError` with the cell and the
    cause.
    """
    python = _is_python(path)
    with deferred_grammars():
        from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415  # takes long
    from traitlets.config import Config  # noqa: PLC0415  # the same

    from petitionlib._kernel.provisioner import kernel_name  # noqa: PLC0415  # the same

    surroundings = {DATA: str(data.absolute())} if data else {}
    client = (
        {"kernel_manager_class": "petitionlib._kernel.provisioner.WarmKernelManager"}
        if python
        else {}
    )
    try:
        with (
            _ONE_AT_A_TIME,
            _environment(surroundings),
        ):
            executed = _executed(
                path,
                parameters,
                kernel_name() if python else None,
                config=Config(
                    {"KernelManager": {"transport_encryption": "auto"}, "NotebookClient": client}
                ),
                extra_arguments=["--log-level=CRITICAL"] if python else [],
            )
            return _with_joined_texts(executed)
    except PapermillExecutionError as error:
        number = _shown_number(path, error, parameters)
        raise NotebookError(path, number, cause_of(error)) from None
    except Exception as error:
        raise NotebookError(path, None, _not_run(error)) from error


def _executed(
    path: Path, parameters: Mapping[str, object], kernel: str | None, **engine: object
) -> Any:
    """Run a notebook with papermill's parts, and write it nowhere: nobody would read the file."""
    from papermill.engines import papermill_engines  # noqa: PLC0415  # takes long
    from papermill.execute import raise_for_execution_errors  # noqa: PLC0415  # the same
    from papermill.iorw import load_notebook_node  # noqa: PLC0415  # the same
    from papermill.parameterize import parameterize_notebook  # noqa: PLC0415  # the same
    from papermill.utils import chdir  # noqa: PLC0415  # the same

    notebook = load_notebook_node(str(path))
    notebook.cells = unmarked(notebook.cells)
    kernel = papermill_engines.nb_kernel_name(None, notebook, kernel)
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters), kernel_name=kernel)
    with chdir(str(Path.cwd() if is_brought(path) else path.parent)):
        notebook = papermill_engines.execute_notebook_with_engine(
            None, notebook, kernel, input_path=str(path), output_path=None, progress_bar=False,
            **engine,
        )  # fmt: skip
    raise_for_execution_errors(notebook, None)
    return notebook


def _not_run(error: Exception) -> Said:
    """Say why a notebook could not be run, where it is no cell that failed."""
    if type(error).__name__ == "DeadKernelError":
        return said("fault.ended")
    return said("fault.not_run", error=f"{type(error).__name__}: {error}")


def _with_joined_texts(notebook: Any) -> Any:
    """Join printed texts that followed one another: their pieces depend on the moment."""
    for cell in notebook.cells:
        joined: list[Any] = []
        for output in cell.get("outputs", []):
            stream = output["output_type"] == "stream"
            if stream and joined and joined[-1].get("name") == output["name"]:
                joined[-1]["text"] += output["text"]
            else:
                joined.append(output)
        if joined:
            cell["outputs"] = joined
    return notebook


def warm_up(path: Path) -> None:
    """Begin the imports that the kernel of a notebook needs, while this process does its own."""
    if _is_python(path):
        from petitionlib._kernel import pool  # noqa: PLC0415  # loads asyncio

        pool.start(("petitionlib",))


def _is_python(path: Path) -> bool:
    """Tell a notebook in Python from those in other languages."""
    language = read_notebook(path)["metadata"].get("kernelspec", {}).get("language")
    return bool(language == "python")


def is_brought(path: Path) -> bool:
    """Tell a notebook of the installed package, beside which nothing may be written."""
    return PACKAGE in path.resolve().parents


def _shown_number(path: Path, error: Any, parameters: Mapping[str, object]) -> int:
    """Return the number that JupyterLab shows beside the failing cell: code cells from 1.

    papermill counts all cells, and the one that it injects when it is given parameters and there
    is none yet.
    """
    cells = unmarked(read_notebook(path)["cells"])
    added = bool(parameters) and not any(_INJECTED in _tags(cell) for cell in cells)
    before = cells[: error.cell_index + 1 - added]
    return sum(cell["cell_type"] == "code" for cell in before)


def unmarked(cells: Iterable[Any]) -> list[Any]:
    """Leave out the cells in which papermill told that an earlier run had failed."""
    return [cell for cell in cells if _MARKER not in _tags(cell)]


def _tags(cell: Mapping[str, Any]) -> list[str]:
    tags: list[str] = cell.get("metadata", {}).get("tags", [])
    return tags


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the kernels that start meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_ARROW: Final = re.compile(r"^-+> (\d+) (.*)$", re.MULTILINE)
_CELL_FILE: Final = re.compile(r" \(\d+\.py, line \d+\)$")
_LONGEST_CODE: Final = 80
_LONGEST_WORDS: Final = 300


def cause_of(error: Any) -> Said | str:
    """Say in one line what papermill's error of a cell tells: the line of code, and its fault."""
    words = next((line.strip() for line in error.evalue.splitlines() if line.strip()), "")
    raised = f"{error.ename}: {words}" if words else error.ename or "error"
    raised = _cut(_CELL_FILE.sub("", raised), _LONGEST_WORDS)
    lines = error.source.splitlines()
    blank = next((i for i, line in enumerate(lines) if line.strip()), 0)  # IPython skips these
    number = _number(error, lines[blank:])
    if not number:
        return raised
    number += blank
    code = _cut(lines[number - 1].strip(), _LONGEST_CODE)
    return said("fault.raised", line=number, code=code, error=raised)


def _number(error: Any, lines: list[str]) -> int:
    """Find which line of the cell raised, the innermost if there are several; 0 if none is told."""
    told = _COLOUR.sub("", "\n".join(error.traceback))
    arrows = [number for number, code in _ARROW.findall(told) if code.strip() in _at(lines, number)]
    found = re.findall(rf"Cell In\[{error.exec_count}\], line (\d+)", told) or arrows
    number = int(found[-1]) if found else int(len(lines) == 1)
    return number if number <= len(lines) else 0


def _at(lines: list[str], number: str) -> list[str]:
    return [line.strip() for line in lines[int(number) - 1 : int(number)]]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
