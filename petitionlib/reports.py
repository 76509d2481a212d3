"""Notebook + parameters -> report: checked before it runs, published whole or not at all."""

import ast
import hashlib
import io
import json
import operator
import os
import re
import tempfile
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from petitionlib.errors import DataNotFoundError, NotebookError, ParameterError, did_you_mean

__all__ = [
    "Parameter",
    "build_report",
    "find_notebook",
    "notebook_parameters",
    "parse_value",
    "shipped",
    "store_outputs",
]

FilePath = str | os.PathLike[str]

_SELECTORS: Final = ("place", "year", "span", "indicator")
_TYPES: Final[Mapping[str, type]] = {
    "str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict,
}  # fmt: skip
_TYPE_WORDS: Final = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "True or False",
}  # fmt: skip
_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_LONGEST_NAME: Final = 120


class Parameter(NamedTuple):
    """One line of a notebook's parameters cell: `name: type = default  # help`."""

    name: str
    type: str
    default: object
    help: str


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
    """
    path = find_notebook(notebook)
    values = _check_parameters(path, parameters)
    folder = _check_selection(path, values, data)
    target = Path(out) / f"{_page_name(path.stem, values)}.html"
    _prepare(target, path)
    executed = _run(path, parameters={k: values[k] for k in parameters}, data=folder)

    from petitionlib.export import page  # noqa: PLC0415  # slow to import, needed only here

    _publish(
        target,
        page(executed, lang=str(values["lang"]) if "lang" in values else None, name=path.stem),
        path,
    )
    return target


def find_notebook(notebook: FilePath) -> Path:
    """Find a notebook: a path to an .ipynb file, or a name in `notebooks/` or among the shipped."""
    path = Path(notebook)
    if path.suffix == ".ipynb":
        if path.is_file():
            return path
        message = f"No notebook {os.fspath(notebook)!r}"
        raise DataNotFoundError(message)
    folders = (Path("notebooks"), shipped("notebooks"))
    for folder in folders:
        if path.name == str(notebook) and (folder / f"{path.name}.ipynb").is_file():
            return folder / f"{path.name}.ipynb"
    names = sorted({p.stem for folder in folders for p in folder.glob("*.ipynb")})
    near = did_you_mean(str(notebook), names)
    message = f"No notebook {str(notebook)!r}{near} (there are {', '.join(names)})"
    raise DataNotFoundError(message, names)


def shipped(name: str) -> Path:
    """Return the folder `data` or `notebooks` that petitionlib brings, in a wheel or in a clone."""
    here = Path(__file__).parent
    return here / name if (here / name).is_dir() else here.parent / name


def notebook_parameters(notebook: FilePath) -> list[Parameter]:
    """Read what a notebook's parameters cell declares, without running it.

    Returns a `Parameter` for each line `name: type = value  # help`, in order; none where no cell
    is tagged `parameters`. A line without a type has the type of its value.
    """
    cells = _read_json(find_notebook(notebook)).get("cells", [])
    tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", [])]
    if not tagged:
        return []
    source = "".join(tagged[0]["source"])
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise NotebookError(
            os.fspath(notebook), cells.index(tagged[0]) + 1, f"SyntaxError: {error.msg}"
        ) from None
    comments = _comments(source)
    return [p for s in statements if (p := _parameter(s, comments)) is not None]


def parse_value(parameter: Parameter, text: str, notebook: str) -> object:
    """Turn the text of a command line into a value of the parameter's type, or refuse it."""
    kind, optional = _kind(parameter.type)
    if optional and text == "None":
        return None
    try:
        if kind == "bool":
            return _TRUTHS[text.lower()]
        if kind in {"int", "float"}:
            return _TYPES[kind](text)
        if kind in {"list", "dict"}:
            return ast.literal_eval(text)
    except (ValueError, KeyError, SyntaxError):
        raise _wrong_type(parameter, text, notebook) from None
    return text


def store_outputs(notebook: FilePath) -> None:
    """Run a notebook with its default parameters and store its outputs in it, and nothing else.

    What differs from run to run (times, kernel versions) is left out, so that `git diff` shows
    what changed. A notebook that fails stays as it was; raises `NotebookError`.
    """
    path = find_notebook(notebook)
    executed = _run(path, parameters={}, data=None)
    source = _read_json(path)
    for cell, ran in zip(source["cells"], executed.cells, strict=True):
        if cell["cell_type"] == "code":
            cell["outputs"] = [_stored(output) for output in ran["outputs"]]
            cell["execution_count"] = ran["execution_count"]
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k in {"tags", "slideshow"}}
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    language = {"name": source["metadata"].get("language_info", {}).get("name", "python")}
    source["metadata"] = {"kernelspec": source["metadata"]["kernelspec"], "language_info": language}
    _publish(path, json.dumps(source, ensure_ascii=False, indent=1, sort_keys=True) + "\n", path)


def _stored(output: Mapping[str, Any]) -> dict[str, Any]:
    """Write an output as nbformat stores it: long text as a list of lines."""
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
        }
    return stored


def _read_json(path: Path) -> dict[str, Any]:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotebookError(path, None, f"cannot be read as a notebook: {error}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise NotebookError(path, None, "is not a notebook: it has no cells")
    return {"metadata": {}, **notebook}


def _comments(source: str) -> dict[int, str]:
    """Return the comment at the end of each line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def _parameter(statement: ast.stmt, comments: Mapping[int, str]) -> Parameter | None:
    match statement:
        case ast.AnnAssign(
            target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value
        ):
            declared = ast.unparse(annotation)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            declared = ""
        case _:
            return None
    try:
        default = ast.literal_eval(value)
    except ValueError:
        return Parameter(
            name, declared or "object", ast.unparse(value), comments.get(statement.lineno, "")
        )
    kind = declared or ("object" if default is None else type(default).__name__)
    return Parameter(name, kind, default, comments.get(statement.end_lineno or 0, ""))


def _kind(declared: str) -> tuple[str, bool]:
    """Split a type into its name and whether None is allowed: `int | None` -> `int`, True."""
    names = [
        name.strip() for name in declared.removeprefix("Optional[").removesuffix("]").split("|")
    ]
    optional = "None" in names or declared.startswith("Optional[")
    plain = [name.partition("[")[0] for name in names if name != "None"]
    return (plain[0] if len(plain) == 1 else "object"), optional


def _check_parameters(path: Path, given: Mapping[str, object]) -> dict[str, object]:
    """Return the value of each parameter, given or default; refuse what does not fit."""
    declared = {p.name: p for p in notebook_parameters(path)}
    for name in given:
        if name not in declared:
            near = did_you_mean(name, declared)
            takes = f"it takes {', '.join(declared) or 'none'}."
            known = f" {takes.capitalize()}" if near else f"; {takes}"
            message = f"{path.stem} has no parameter {name!r}{near}{known}"
            raise ParameterError(message, path.stem, name)
    fitted = {name: _fit(declared[name], value, path.stem) for name, value in given.items()}
    values = {name: parameter.default for name, parameter in declared.items()} | fitted
    if "lang" in values:
        _check_language(path, values["lang"])
    return values


def _check_language(path: Path, lang: object) -> None:
    from petitionlib.labels import LANGUAGES  # noqa: PLC0415  # loads pandas

    if lang not in LANGUAGES:
        available = ", ".join(LANGUAGES)
        message = f"{path.stem}: lang {lang!r} is not available; the languages are {available}."
        raise ParameterError(message, path.stem, "lang")


def _fit(parameter: Parameter, value: object, notebook: str) -> object:
    kind, optional = _kind(parameter.type)
    expected = _TYPES.get(kind)
    if expected is None or (value is None and optional):
        return value
    if expected in {int, float} and not isinstance(value, bool | str):
        try:
            return operator.index(value) if expected is int else float(value)  # type: ignore[arg-type]  # tried
        except TypeError:
            raise _wrong_type(parameter, value, notebook) from None
    if not isinstance(value, expected) or (expected in {int, float} and isinstance(value, bool)):
        raise _wrong_type(parameter, value, notebook)
    return value


def _wrong_type(parameter: Parameter, value: object, notebook: str) -> ParameterError:
    kind, _ = _kind(parameter.type)
    wanted = f"{_TYPE_WORDS.get(kind, kind)} ({parameter.type})"
    message = f"{notebook}: {parameter.name} takes {wanted}, not {value!r}."
    return ParameterError(message, notebook, parameter.name)


def _check_selection(
    path: Path, values: Mapping[str, object], data: FilePath | None
) -> Path | None:
    """Refuse a selection that the data cannot bear; return the data folder, where there is one.

    A parameter that bears the name of a key column selects rows by it.
    """
    from petitionlib.tables import find_data, read_tables  # noqa: PLC0415  # loads pandas

    selectors = [name for name in _SELECTORS if name in values]
    if data is None and not selectors:
        try:
            return find_data()
        except DataNotFoundError:
            return None
    folder = find_data() if data is None else Path(data)
    table = read_tables(folder)
    rows = table[table["value"].notna()]
    chosen: list[str] = []
    for name in selectors:
        there = rows[name].drop_duplicates().sort_values().tolist()
        if values[name] not in there:
            where = f" for {', '.join(chosen)}" if chosen else ""
            near = did_you_mean(str(values[name]), there) if isinstance(there[0], str) else ""
            message = (
                f"{path.stem}: {name} {values[name]!r} is not in the data{where}{near}"
                f" (there {'is' if len(there) == 1 else 'are'} {', '.join(map(str, there))})."
            )
            raise DataNotFoundError(message, there)
        rows = rows[rows[name] == values[name]]
        chosen.append(f"{name} {values[name]!r}")
    return folder


def _page_name(notebook: str, values: Mapping[str, object]) -> str:
    """Make a file name from the notebook and its parameters; what is no plain name is hashed."""
    parts = [notebook, *(str(value) for value in values.values())]
    plain = [re.sub(r"[^\w.-]+", "_", part, flags=re.ASCII).strip(".") or "_" for part in parts]
    name = "-".join(plain)
    if plain != parts or len(name) > _LONGEST_NAME:
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
        name = f"{name[:_LONGEST_NAME]}-{digest}"
    return name


def _run(path: Path, *, parameters: Mapping[str, object], data: Path | None) -> Any:
    """Execute a notebook in a fresh kernel and return it with its outputs."""
    import papermill  # noqa: PLC0415  # slow to import, needed only here
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415  # the same
    from traitlets.config import Config  # noqa: PLC0415  # the same

    brought = Path(__file__).parent in path.resolve().parents  # nothing is written in there
    python = _read_json(path)["metadata"].get("kernelspec", {}).get("language") == "python"
    try:
        with _environment({"PETITIONLIB_DATA": str(data.absolute())} if data else {}):
            return papermill.execute_notebook(
                str(path),
                None,
                parameters=dict(parameters),
                cwd=str(Path.cwd() if brought else path.parent),
                progress_bar=False,
                config=Config({"KernelManager": {"transport_encryption": "auto"}}),
                extra_arguments=["--log-level=CRITICAL"] if python else [],
            )
    except PapermillExecutionError as error:
        shift = 1 if parameters else 0
        cause = f"{error.ename}: {error.evalue}".strip().splitlines()
        raise NotebookError(
            path, error.cell_index + 1 - shift, cause[0] if cause else "failed"
        ) from None
    except Exception as error:
        raise NotebookError(
            path, None, f"could not be run: {type(error).__name__}: {error}"
        ) from error


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
    """Write a file whole or not at all: beside it first, then in its place."""
    descriptor, name = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part"
    )
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except OSError as error:
        raise _unwritable(target, notebook, error) from None
    finally:
        Path(name).unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those of any new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(target: Path, notebook: Path, error: OSError) -> NotebookError:
    stands = "; the page that was there still stands" if target.exists() else ""
    return NotebookError(
        notebook, None, f"cannot write {target}: {error.strerror or error}{stands}"
    )
