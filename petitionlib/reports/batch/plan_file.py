"""reports.yaml -> its entries, each value with its line, and every fault of the file itself."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from petitionlib.errors import DataNotFoundError, PlanError, Problem, Said, did_you_mean, said
from petitionlib.files import shown_path, yaml_fault

__all__ = ["Entry", "Value", "read_entries"]

_TOP: Final = ("reports",)
_KEYS: Final = ("notebook", "grid", "parameters", "at_least")


class Value(NamedTuple):
    """A value of the file and the line in which it stands."""

    value: object
    line: int


class Entry(NamedTuple):
    """One entry of the plan: a notebook, its fixed parameters, and its grid of values.

    `at_least` so many figures of its place, year and span has each report.
    """

    line: int
    notebook: str
    parameters: dict[str, Value]
    grid: dict[str, list[Value]]
    at_least: int = 1


class _RefusedError(Exception):
    """A fault of the file: its line, and what is wrong."""

    def __init__(self, line: int, fault: Said) -> None:
        super().__init__(line, fault)
        self.line = line
        self.fault = fault


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml ships no types
    """Reads plain values only: no aliases, which could make a small file endless."""

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1
            raise _RefusedError(line, said("fault.plan_alias"))
        return super().compose_node(parent, index)


def read_entries(path: Path) -> list[Entry]:
    """Read the entries of a plan; raise `PlanError` with every fault and its line.

    A plan is a mapping with the key `reports`, a list of entries: `notebook` (a name or a path),
    `parameters` (name: value), `grid` (name: value, or a list of values) and `at_least` (a number).
    """
    file = shown_path(path)
    try:
        loader = _Loader(path.read_bytes().decode("utf-8-sig"))
        return _entries(file, loader, loader.get_single_node())
    except FileNotFoundError:
        raise DataNotFoundError(said("fault.no_plan", file=file)) from None
    except _RefusedError as error:
        problem = Problem(file, error.line, None, None, *error.fault)
    except OSError as error:
        fault = said("fault.cannot_read", reason=error.strerror or str(error))
        problem = Problem(file, None, None, None, *fault)
    except (UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        problem = yaml_fault(file, error)
    raise PlanError([problem])


def _entries(file: str, loader: _Loader, root: yaml.Node | None) -> list[Entry]:
    """Walk the file by its schema and gather all faults."""
    if root is None:
        raise _RefusedError(1, said("fault.plan_blank"))
    problems: list[Problem] = []

    def fault(line: int, found: Said) -> None:
        problems.append(Problem(file, line, None, None, *found))

    top = {key: node for key, _, node in _items(root, "plan", _TOP, fault)}
    entries = []
    if "reports" in top:
        nodes = _expect(top["reports"], "sequence", "reports", fault)
        for node in nodes.value if nodes else []:
            entry = _entry(loader, node, fault)
            entries += [entry] if entry else []
        if nodes and not nodes.value:
            fault(_line(nodes), said("fault.plan_no_entries"))
    elif not problems:
        fault(1, said("fault.plan_no_reports"))
    if problems:
        raise PlanError(sorted(problems, key=lambda problem: problem.line or 0))
    return entries


_Fault = Callable[[int, Said], None]


def _entry(loader: _Loader, node: yaml.Node, fault: _Fault) -> Entry | None:
    parts = {key: value for key, _, value in _items(node, "entry", _KEYS, fault)}
    if "notebook" not in parts:
        if isinstance(node, yaml.MappingNode):
            fault(_line(node), said("fault.plan_no_notebook"))
        return None
    notebook = _value(loader, parts["notebook"])
    if not isinstance(notebook.value, str):
        fault(notebook.line, said("fault.plan_notebook", found=repr(notebook.value)))
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
            fault(line, said("fault.plan_grid", name=name))
        if name in fixed:
            fault(line, said("fault.plan_both", name=name))
    least = _value(loader, parts["at_least"]) if "at_least" in parts else Value(1, 0)
    if not isinstance(least.value, int) or isinstance(least.value, bool) or least.value < 1:
        fault(least.line, said("fault.plan_at_least", found=repr(least.value)))
        return None
    return Entry(_line(node), notebook.value, fixed, grid, least.value)


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
            kind = said(f"kind.{key.id}")
            fault(line, said("fault.plan_key_kind", what=said(f"plan.{what}"), kind=kind))
        elif key.value in seen:
            fault(line, said("fault.plan_key_twice", key=key.value, line=seen[key.value]))
        elif known is not None and key.value not in known:
            near, keys = did_you_mean(key.value, known), ", ".join(known)
            where = said(f"plan.{what}")
            fault(line, said("fault.plan_key", key=key.value, near=near, what=where, keys=keys))
        else:
            seen[key.value] = line
            yield key.value, line, value


def _expect(node: yaml.Node, kind: str, what: str, fault: _Fault) -> yaml.Node | None:
    """Return the node if it is of the kind; else note the fault."""
    if node.id == kind:
        return node
    where, wanted, found = said(f"plan.{what}"), said(f"kind.{kind}"), said(f"kind.{node.id}")
    fault(_line(node), said("fault.plan_kind", what=where, kind=wanted, found=found))
    return None


def _value(loader: _Loader, node: yaml.Node) -> Value:
    """Make the value of a node: text, numbers, truths, lists and mappings of them."""
    try:
        return Value(loader.construct_object(node, deep=True), _line(node))
    except ValueError as error:
        fault = said("fault.plan_value", found=repr(node.value), reason=str(error))
        raise _RefusedError(_line(node), fault) from None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
