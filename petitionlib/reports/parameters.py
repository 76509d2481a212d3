"""What a notebook takes: found by name, its parameters read and checked without running it."""

import ast
import hashlib
import io
import json
import operator
import os
import re
import reprlib
import tokenize
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from petitionlib.errors import (
    DataNotFoundError,
    NotebookError,
    ParameterError,
    Said,
    did_you_mean,
    said,
)
from petitionlib.files import FilePath, shipped

__all__ = [
    "FilePath",
    "Parameter",
    "check_parameters",
    "find_notebook",
    "notebook_parameters",
    "page_name",
    "parse_value",
    "read_notebook",
]

_LONGEST_NAME: Final = 120
_TYPES: Final[Mapping[str, type]] = {
    "str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict,
}  # fmt: skip
_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Parameter(NamedTuple):
    """One line of a notebook's parameters cell: `name: type = default  # help`."""

    name: str
    type: str
    default: object
    help: str


def find_notebook(notebook: FilePath) -> Path:
    """Find a notebook: a path to an .ipynb file, or a name in `notebooks/` or among the shipped."""
    path = Path(notebook)
    if path.suffix == ".ipynb":
        if path.is_file():
            return path
        raise DataNotFoundError(said("fault.no_notebook", notebook=os.fspath(notebook)))
    folders = (Path("notebooks"), shipped("notebooks"))
    for folder in folders:
        if path.name == str(notebook) and (folder / f"{path.name}.ipynb").is_file():
            return folder / f"{path.name}.ipynb"
    names = sorted({p.stem for folder in folders for p in folder.glob("*.ipynb")})
    near = did_you_mean(str(notebook), names)
    there = ", ".join(names)
    fault = said("fault.no_notebook.known", notebook=str(notebook), near=near, names=there)
    raise DataNotFoundError(fault, names)


def notebook_parameters(notebook: FilePath) -> list[Parameter]:
    """Read what a notebook's parameters cell declares, without running it.

    Returns a `Parameter` for each line `name: type = value  # help`, in order; none where no cell
    is tagged `parameters`. A line without a type has the type of its value.
    """
    cells = read_notebook(find_notebook(notebook)).get("cells", [])
    tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", [])]
    if not tagged:
        return []
    source = "".join(tagged[0]["source"])
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise NotebookError(
            os.fspath(notebook),
            sum(c["cell_type"] == "code" for c in cells[: cells.index(tagged[0]) + 1]),
            f"SyntaxError: {error.msg}",
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
    except (ValueError, KeyError, SyntaxError, MemoryError, RecursionError):
        raise _wrong_type(parameter, text, notebook) from None
    return text


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook as the JSON it is; raise `NotebookError` for a file that is none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        fault = said("fault.notebook_unreadable", reason=str(error))
        raise NotebookError(path, None, fault) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise NotebookError(path, None, said("fault.no_cells"))
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


def check_parameters(
    path: Path, given: Mapping[str, object], taken: Sequence[Parameter] | None = None
) -> dict[str, object]:
    """Return the value of each parameter, given or default; refuse what does not fit.

    `taken` is what `notebook_parameters` read, where many sets of values go to one notebook.
    """
    declared = {p.name: p for p in (notebook_parameters(path) if taken is None else taken)}
    for name in given:
        if name not in declared:
            raise ParameterError(_unknown(path.stem, name, list(declared)), path.stem, name)
    fitted = {name: _fit(declared[name], value, path.stem) for name, value in given.items()}
    return {name: parameter.default for name, parameter in declared.items()} | fitted


def page_name(notebook: str, values: Mapping[str, object]) -> str:
    """Make a file name from the notebook and its parameters; what is no plain name is hashed."""
    parts = [notebook, *(str(value) for value in values.values())]
    plain = [re.sub(r"[^\w-]+", "_", part, flags=re.ASCII) or "_" for part in parts]
    name = ".".join(plain)
    if plain != parts or len(name) > _LONGEST_NAME:
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
        name = f"{name[:_LONGEST_NAME]}-{digest}"
    return name


def _unknown(notebook: str, name: str, declared: Sequence[str]) -> Said:
    """Say that a notebook does not take a parameter, and what it takes."""
    if not declared:
        return said("fault.parameter.none", notebook=notebook, name=name)
    names, near = ", ".join(declared), did_you_mean(name, declared)
    if near:
        return said("fault.parameter.near", notebook=notebook, name=name, near=near, names=names)
    return said("fault.parameter", notebook=notebook, name=name, names=names)


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
    name, found = parameter.name, reprlib.repr(value)
    takes = said(f"kind.{kind}") if kind in _TYPES else kind
    fault = said("fault.parameter_kind", notebook=notebook, name=name, kind=takes, found=found)
    return ParameterError(fault, notebook, name)
