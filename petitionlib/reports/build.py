"""Notebook + parameters -> report: checked before it runs, published whole or not at all."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from petitionlib.errors import NotebookError, TableError, said
from petitionlib.files import FilePath, publish, refusal
from petitionlib.reports.declaration import KEY, read_declaration
from petitionlib.reports.execute import is_brought, run_notebook, unmarked, warm_up
from petitionlib.reports.parameters import (
    check_parameters,
    find_notebook,
    notebook_parameters,
    page_name,
    read_notebook,
)
from petitionlib.reports.rows import Places, lay_out, with_children
from petitionlib.reports.selection import check_selection
from petitionlib.tables.raw import Snapshot
from petitionlib.tables.texts import check_table

__all__ = ["build_report", "store_outputs"]

_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_KEPT: Final = {"jupyter", "slideshow", "tags"}  # of the metadata of cells
_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}


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
    keep their defaults; of those, a blank place, span, indicator or language and a year of 0 are
    filled in by the data. `data` is the data folder or one table, found as `read_tables()` finds
    it; a notebook that declares which rows it reads (in its metadata) is given a folder of exactly
    these. The page is written into the folder `out` under a name made from the notebook and all its
    parameters.

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
    taken = notebook_parameters(path)
    values = check_parameters(path, parameters, taken)
    declaration = read_declaration(path, taken)
    declaration.places(values)
    warm_up(path)
    filled, tables = check_selection(path, values, data)
    parameters |= {name: value for name, value in filled.items() if value != values[name]}
    values, places = filled, declaration.places(filled)
    target = Path(out) / f"{page_name(path.stem, values)}.html"
    with _narrowed(tables, places) as folder:
        if tables.folder is not None and folder != tables.folder:
            check_table(tables.folder)  # the report will not read them all
        _prepare(target, path)
        from petitionlib.page import render  # noqa: PLC0415  # while the kernel's imports go on

        render.prepare()
        executed = _run(path, {k: values[k] for k in parameters}, folder, tables)
    _publish(
        target,
        render.page(
            executed, lang=str(values["lang"]) if "lang" in values else None, name=path.stem
        ),
        path,
    )
    return target


@contextmanager
def _narrowed(tables: Snapshot, places: Places) -> Iterator[Path | None]:
    """Give the data folder that a report reads: one of its rows alone, where it declares them."""
    if tables.folder is None or places is None:
        yield tables.folder
        return
    from petitionlib._kernel.pool import kept_folder  # noqa: PLC0415  # papermill loads long

    with tempfile.TemporaryDirectory(
        prefix="data-", dir=kept_folder(), ignore_cleanup_errors=True
    ) as home:
        yield lay_out(tables, with_children(places, tables) or (), Path(home))


def _run(
    path: Path, parameters: Mapping[str, object], folder: Path | None, tables: Snapshot
) -> Any:
    """Run a notebook; where it fails at faults of the tables, tell them all."""
    try:
        return run_notebook(path, parameters, data=folder)
    except NotebookError as error:
        if tables.folder is not None and TableError.__name__ in error.cause:
            check_table(tables.folder)
        raise


def store_outputs(notebook: FilePath) -> None:
    """Run a notebook with its default parameters and store its outputs in it.

    What differs from run to run or from machine to machine is left out of it: times, versions, and
    all metadata but the tags of cells, the name of the kernel and what the notebook declares, so
    that `git diff` shows what changed. A notebook that fails stays as it was; raises
    `NotebookError`.
    """
    path = find_notebook(notebook)
    if is_brought(path):
        raise NotebookError(path, None, said("fault.brought"))
    warm_up(path)
    executed = run_notebook(path, {})
    source = read_notebook(path)
    source["cells"] = unmarked(source["cells"])
    for cell, ran in zip(source["cells"], executed.cells, strict=True):
        if cell["cell_type"] == "code":
            cell["outputs"] = [_stored(output) for output in ran["outputs"]]
            cell["execution_count"] = ran["execution_count"]
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k in _KEPT}
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    language = {"name": source["metadata"].get("language_info", {}).get("name", "python")}
    kernel = source["metadata"].get("kernelspec", _KERNEL)
    declared = {KEY: source["metadata"][KEY]} if KEY in source["metadata"] else {}
    source["metadata"] = {"kernelspec": kernel, "language_info": language, **declared}
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
    code = "fault.cannot_write.kept" if target.exists() else "fault.cannot_write"
    return NotebookError(notebook, None, said(code, path=str(target), reason=refusal(error)))
