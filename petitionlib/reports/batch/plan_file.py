"""reports.yaml -> its entries, each value with its line, and every fault of the file itself."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from petitionlib.errors import DataNotFoundError, PlanError, Problem, did_you_mean
from petitionlib.files import shown_path

__all__ = ["Entry", "Value", "read_entries"]

_TOP: Final = ("reports",)
_KEYS: Final = ("notebook", "grid", "parameters")
_KINDS: Final = {"mapping": "keys with values", "sequence": "a list", "scalar": "a single value"}


class Value(NamedTuple):
    """A value of the file and the line in which it stands."""

    value: object
    line: int


class Entry(NamedTuple):
    """One entry of the plan: a notebook, its fixed parameters, and its grid of values."""

    line: int
    notebook: str
    parameters: dict[str, Value]
    grid: dict[str, list[Value]]


class _RefusedError(Exception):
    """A fault of the file: its line, and what is wrong."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml ships no types
    """Reads plain values only: no aliases, which could make a small file endless."""

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1
            raise _RefusedError(line, "an alias (*name) is not taken; write the value out")
        return super().compose_node(parent, index)


def read_entries(path: Path) -> list[Entry]:
    """Read the entries of a plan; raise `PlanError` with every fault and its line.

    A plan is a mapping with the key `reports`, a list of entries: `notebook` (a name or a path),
    `parameters` (name: value) and `grid` (name: value, or a list of values).
    """
    file = shown_path(path)
    try:
        loader = _Loader(path.read_bytes().decode("utf-8-sig"))
        return _entries(file, loader, loader.get_single_node())
    except FileNotFoundError:
        message = f"No plan {file}; name one, or make one to start from: petitionlib init"
        raise DataNotFoundError(message) from None
    except _RefusedError as error:
        problem = Problem(file, error.line, None, None, str(error))
    except UnicodeDecodeError:
        problem = Problem(file, None, None, None, "is not UTF-8; save it as UTF-8")
    except OSError as error:
        problem = Problem(file, None, None, None, f"cannot be read: {error.strerror or error}")
    except RecursionError:
        problem = Problem(file, None, None, None, "is nested too deep to be a plan")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        problem = Problem(file, line, None, None, f"is not readable as YAML: {error.problem}")
    except yaml.YAMLError as error:
        message = f"is not readable as YAML: {getattr(error, 'reason', error)}"
        problem = Problem(file, None, None, None, " ".join(message.split()))
    raise PlanError([problem])


def _entries(file: str, loader: _Loader, root: yaml.Node | None) -> list[Entry]:
    """Walk the file by its schema and gather all faults."""
    if root is None:
        raise _RefusedError(1, "is blank; it has the key 'reports' and a list of entries")
    problems: list[Problem] = []

    def fault(line: int, message: str) -> None:
        problems.append(Problem(file, line, None, None, message))

    top = {key: node for key, _, node in _items(root, "the plan", _TOP, fault)}
    entries = []
    if "reports" in top:
        nodes = _expect(top["reports"], "sequence", "reports", fault)
        for node in nodes.value if nodes else []:
            entry = _entry(loader, node, fault)
            entries += [entry] if entry else []
        if nodes and not nodes.value:
            fault(_line(nodes), "reports is an empty list; name at least one notebook")
    elif not problems:
        fault(1, "the key 'reports' is missing; it holds the list of entries")
    if problems:
        raise PlanError(sorted(problems, key=lambda problem: problem.line or 0))
    return entries


_Fault = Callable[[int, str], None]


def _entry(loader: _Loader, node: yaml.Node, fault: _Fault) -> Entry | None:
    parts = {key: value for key, _, value in _items(node, "an entry", _KEYS, fault)}
    if "notebook" not in parts:
        if isinstance(node, yaml.MappingNode):
            fault(_line(node), "the entry has no key 'notebook'; name the notebook to run")
        return None
    notebook = _value(loader, parts["notebook"])
    if not isinstance(notebook.value, str):
        fault(notebook.line, f"notebook takes a name or a path, not {notebook.value!r}")
        return None
    fixed = {
        name: _value(loader, value)
        for name, _, value in _items(parts.get("parameters"), "parameters", None, fault)
    }
    grid = {}
    for name, line, value in _items(parts.get("grid"), "grid", None, fault):
        listed = value.value if isinstance(value, yaml.SequenceNode) else [value]
        grid[name] = [_value(loader, one) for one in listed]
        if not listed:
            fault(line, f"grid: {name} is an empty list; name a value, or 'all'")
        if name in fixed:
            fault(line, f"{name!r} stands in grid and in parameters; keep one")
    return Entry(_line(node), notebook.value, fixed, grid)


def _items(
    node: yaml.Node | None, what: str, known: tuple[str, ...] | None, fault: _Fault
) -> Iterator[tuple[str, int, yaml.Node]]:
    """Give the keys of a mapping with their lines and nodes; refuse double and unknown keys."""
    if node is None or (node.tag == "tag:yaml.org,2002:null" and what in _KEYS):
        return
    mapping = _expect(node, "mapping", what, fault)
    seen: dict[str, int] = {}
    for key, value in mapping.value if mapping else []:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            fault(line, f"{what}: a key is a name, not {_KINDS.get(key.id, key.id)}")
        elif key.value in seen:
            fault(line, f"{key.value!r} stands twice, in line {seen[key.value]} too; keep one")
        elif known is not None and key.value not in known:
            near = did_you_mean(key.value, known)
            listed = f" ({what} takes {', '.join(known)})"
            fault(line, f"unknown key {key.value!r}{near}{listed}")
        else:
            seen[key.value] = line
            yield key.value, line, value


def _expect(node: yaml.Node, kind: str, what: str, fault: _Fault) -> yaml.Node | None:
    """Return the node if it is of the kind; else note the fault."""
    if node.id == kind:
        return node
    fault(_line(node), f"{what} takes {_KINDS[kind]}, not {_KINDS[node.id]}")
    return None


def _value(loader: _Loader, node: yaml.Node) -> Value:
    """Make the value of a node: text, numbers, truths, lists and mappings of them."""
    try:
        return Value(loader.construct_object(node, deep=True), _line(node))
    except ValueError as error:
        raise _RefusedError(_line(node), f"{node.value!r} cannot be read: {error}") from None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
