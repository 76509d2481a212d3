"""Notebook + parameters -> report: checked before it runs, published whole or not at all."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from petitionlib.deferred import deferred_grammars
from petitionlib.errors import DataNotFoundError, NotebookError, TableError
from petitionlib.folder import find_data
from petitionlib.parameters import (
    FilePath,
    check_parameters,
    find_notebook,
    page_name,
    read_notebook,
)
from petitionlib.publish import publish, refusal
from petitionlib.raised import cause_of
from petitionlib.rows import read_rows
from petitionlib.spelling import as_code, did_you_mean
from petitionlib.words import say

__all__ = ["build_report", "run_notebook", "store_outputs"]

_SELECTORS: Final = ("place", "year", "span", "indicator")
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}
_ONE_AT_A_TIME: Final = Lock()


def build_report(
    notebook: FilePath,
    *,
    data: FilePath | None = None,
    out: FilePath = "reports",
    **parameters: object,
) -> Path:
    """Run a notebook with parameters and write it as one offline page with live charts.

    `notebook` is the name of a notebook in `notebooks/` or of one that petitionlib brings
    (`"yearly_report"`), or a path. The parameters are those of its parameters cell; the others
    keep their defaults. `data` is the data folder, found as `read_tables()` finds it. The page is
    written into the folder `out` under a name made from the notebook and all its parameters.

    Returns the path of the page. Raises `ParameterError` for a parameter that the notebook does
    not take or a value of the wrong type, `DataNotFoundError` for a notebook or a place, year,
    span or indicator that is not in the data (all before anything runs), and `NotebookError` when
    a cell fails or the page cannot be written; then the page that was there before still stands.

    >>> build_report("yearly_report", place="can-tho", year=2022, lang="vi")  # doctest: +SKIP
    PosixPath('reports/yearly_report.can-tho.2022.Y.vi.html')
    >>> build_report("yearly_report", yaer=2022)
    Traceback (most recent call last):
        ...
    petitionlib.errors.ParameterError: yearly_report has no parameter 'yaer'; did you mean 'year'? \
It takes place, year, span, lang.
    """
    path = find_notebook(notebook)
    values = check_parameters(path, parameters)
    if _is_python(path):
        _warm_up()
    folder = _check_selection(path, values, data)
    target = Path(out) / f"{page_name(path.stem, values)}.html"
    _prepare(target, path)
    from petitionlib import webpage  # noqa: PLC0415  # while the kernel's imports go on

    webpage.prepare()
    executed = _run(path, {k: values[k] for k in parameters}, folder)
    _publish(
        target,
        webpage.page(
            executed, lang=str(values["lang"]) if "lang" in values else None, name=path.stem
        ),
        path,
    )
    return target


def _run(path: Path, parameters: Mapping[str, object], folder: Path | None) -> Any:
    """Run a notebook; where it fails at faults of the tables, tell them all."""
    try:
        return run_notebook(path, parameters, data=folder)
    except NotebookError as error:
        if folder is not None and TableError.__name__ in error.cause:
            _tell_faults(folder)
        raise


def store_outputs(notebook: FilePath) -> None:
    """Run a notebook with its default parameters and store its outputs in it.

    What differs from run to run or from machine to machine is left out of it: times, versions, and
    all metadata but the tags of cells and the name of the kernel, so that `git diff` shows what
    changed. A notebook that fails stays as it was; raises `NotebookError`.
    """
    path = find_notebook(notebook)
    if _is_brought(path):
        cause = "belongs to the installed petitionlib; make a copy to work on: petitionlib init"
        raise NotebookError(path, None, cause)
    if _is_python(path):
        _warm_up()
    executed = run_notebook(path, {})
    source = read_notebook(path)
    for cell, ran in zip(source["cells"], executed.cells, strict=True):
        if cell["cell_type"] == "code":
            cell["outputs"] = [_stored(output) for output in ran["outputs"]]
            cell["execution_count"] = ran["execution_count"]
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k in {"tags", "slideshow"}}
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    language = {"name": source["metadata"].get("language_info", {}).get("name", "python")}
    kernel = source["metadata"].get("kernelspec", _KERNEL)
    source["metadata"] = {"kernelspec": kernel, "language_info": language}
    _publish(path, json.dumps(source, ensure_ascii=False, indent=1, sort_keys=True) + "\n", path)


def _stored(output: Mapping[str, Any]) -> dict[str, Any]:
    """Write an output as nbformat stores it: long text as a list of lines, nothing of widgets.

    Widgets live as long as their kernel and are named anew in each; what else shows them stays.
    """
    stored = {
        key: value
        for key, value in output.items()
        if key != "metadata" or value or "data" in output
    }
    if "text" in stored:
        stored["text"] = stored["text"].splitlines(keepends=True)
    if "data" in stored:
        stored["data"] = {
            mime: value.splitlines(keepends=True) if isinstance(value, str) else value
            for mime, value in stored["data"].items()
            if mime != _WIDGET
        }
    return stored


def _check_selection(
    path: Path, values: Mapping[str, object], data: FilePath | None
) -> Path | None:
    """Refuse a selection that the data cannot bear; return the data folder, where there is one.

    A parameter that bears the name of a key column selects rows by it. Where the tables are at
    fault, their faults are told.
    """
    chosen = {n: values[n] for n in _SELECTORS if isinstance(values.get(n), str | int)}
    if data is None and not chosen:
        try:
            return find_data()
        except DataNotFoundError:
            return None
    folder = find_data() if data is None else Path(data)
    try:
        _select(path, chosen, folder)
    except (DataNotFoundError, ValueError):
        _tell_faults(folder)
        raise
    return folder


def _tell_faults(folder: Path) -> None:
    """Raise every fault of the tables, where there is any."""
    from petitionlib.tables import check_table  # noqa: PLC0415  # loads pandas

    check_table(folder)


def _select(path: Path, chosen: Mapping[str, object], folder: Path) -> None:
    """Select the figures that have a value, by one column after the other."""
    keys = read_rows(folder).keys([*chosen])
    rows = every = [dict(zip(chosen, map(_typed, chosen, key), strict=True)) for key in keys]
    told: list[str] = []
    for name, value in chosen.items():
        there = sorted({row[name] for row in rows})
        if value not in there:
            raise _not_there(path, name, value, there, told, folder, _successor(chosen, every))
        rows = [row for row in rows if row[name] == value]
        told.append(f"{name} {value!r}")


def _successor(chosen: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> str:
    """Say which place has what is asked for since it took over the territory of the one named."""
    from petitionlib.codebook import entries  # noqa: PLC0415  # loads pandas

    place = str(chosen.get("place", ""))
    successor = entries("places").get(place, {}).get("successor", "")
    if not successor or {**chosen, "place": successor} not in rows:
        return ""
    return f" {successor!r} has it, the place that {place!r} became part of."


def _typed(name: str, cell: str) -> Any:
    return int(cell) if name == "year" else cell


def _not_there(  # noqa: PLR0913, PLR0917  # what the sentence tells
    path: Path,
    name: str,
    value: object,
    there: list[Any],
    told: list[str],
    folder: Path,
    successor: str,
) -> DataNotFoundError:
    """Say that nothing is there for a value, and what is there."""
    if not there:
        message = f"{path.stem}: the tables in {folder} have no figure with a value."
        return DataNotFoundError(message)
    where = f" for {', '.join(told)}" if told else ""
    near = did_you_mean(as_code(str(value), name), map(str, there))
    known = f" (there {'is' if len(there) == 1 else 'are'} {', '.join(map(str, there))})."
    message = f"{path.stem}: {name} {value!r} is not in the data{where}"
    message += near if near and isinstance(there[0], str) else known
    return DataNotFoundError(message + successor, there)


def run_notebook(
    path: Path,
    parameters: Mapping[str, object],
    *,
    data: Path | None = None,
    record: Path | None = None,
) -> Any:
    """Execute a notebook in a fresh kernel and return it with its outputs.

    With `record`, the kernel writes there what it read of the tables. Raises `NotebookError` with
    the cell and the cause.
    """
    python = _is_python(path)
    with deferred_grammars():
        from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415  # takes long
    from traitlets.config import Config  # noqa: PLC0415  # the same

    from petitionlib.kernel import kernel_name  # noqa: PLC0415  # the same

    surroundings = {"PETITIONLIB_DATA": str(data.absolute())} if data else {}
    if record:
        surroundings["PETITIONLIB_RECORD"] = str(record)
    client = {"kernel_manager_class": "petitionlib.kernel.WarmKernelManager"} if python else {}
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
    kernel = papermill_engines.nb_kernel_name(None, notebook, kernel)
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters), kernel_name=kernel)
    with chdir(str(Path.cwd() if _is_brought(path) else path.parent)):
        notebook = papermill_engines.execute_notebook_with_engine(
            None, notebook, kernel, input_path=str(path), output_path=None, progress_bar=False,
            **engine,
        )  # fmt: skip
    raise_for_execution_errors(notebook, None)
    return notebook


def _not_run(error: Exception) -> str:
    """Say why a notebook could not be run, where it is no cell that failed."""
    if type(error).__name__ == "DeadKernelError":
        return say("fault.ended", "en")
    return say("fault.not_run", "en", error=f"{type(error).__name__}: {error}")


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


def _warm_up() -> None:
    """Begin the imports that kernels need, while this process does its own."""
    from petitionlib import leases  # noqa: PLC0415  # loads asyncio

    leases.start()


def _is_python(path: Path) -> bool:
    """Tell a notebook in Python from those in other languages."""
    language = read_notebook(path)["metadata"].get("kernelspec", {}).get("language")
    return bool(language == "python")


def _is_brought(path: Path) -> bool:
    """Tell a notebook of the installed package, beside which nothing may be written."""
    return Path(__file__).parent in path.resolve().parents


def _shown_number(path: Path, error: Any, parameters: Mapping[str, object]) -> int:
    """Return the number that JupyterLab shows beside the failing cell: code cells from 1.

    papermill counts all cells, and the one that it injects when it is given parameters.
    """
    cells = read_notebook(path)["cells"][: error.cell_index + 1 - bool(parameters)]
    return sum(cell["cell_type"] == "code" for cell in cells)


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


def _prepare(target: Path, notebook: Path) -> None:
    """Make the folder of the page before the notebook runs, so that a bad folder costs no time."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise _unwritable(target, notebook, error) from None


def _publish(target: Path, text: str, notebook: Path) -> None:
    """Publish a file for a notebook, or say which one could not be written and why."""
    try:
        publish(target, text)
    except OSError as error:
        raise _unwritable(target, notebook, error) from None


def _unwritable(target: Path, notebook: Path, error: OSError) -> NotebookError:
    stands = " (what was there still stands)" if target.exists() else ""
    return NotebookError(notebook, None, f"cannot write {target}: {refusal(error)}{stands}")
