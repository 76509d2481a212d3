"""What a notebook declares in its metadata: which rows it reads, and which further files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from petitionlib.errors import NotebookError, ParameterError, did_you_mean
from petitionlib.reports.parameters import Parameter, read_notebook

__all__ = ["KEY", "Declaration", "read_declaration"]

KEY: Final = "petitionlib"  # of the metadata of a notebook
_TAKES: Final = {KEY: ("reads", "files"), "reads": ("place",)}


class Declaration(NamedTuple):
    """The parameter that holds the places whose rows a notebook reads (blank: all rows), and files.

    The files are those that the notebook opens by itself.
    """

    notebook: Path
    place: str = ""
    files: tuple[Path, ...] = ()

    def places(self, values: Mapping[str, object]) -> tuple[str, ...] | None:
        """Return the places that a report reads with these parameters; None: all there are.

        A parameter that is None narrows nothing. Raises `ParameterError` for what names no places.
        """
        value = values[self.place] if self.place else None
        if value is None:
            return None
        found = tuple(value) if isinstance(value, list | tuple) else (value,)
        if not all(isinstance(place, str) for place in found):
            stem = self.notebook.stem
            message = f"{stem}: {self.place} takes a place or a list of places, not {value!r}."
            raise ParameterError(message, stem, self.place)
        return tuple(map(str, found))


def read_declaration(path: Path, taken: Sequence[Parameter]) -> Declaration:
    """Read what a notebook declares; raise `NotebookError` for a declaration that is malformed.

    `{"reads": {"place": NAME}}` names the parameter that holds a place or a list of places, each
    of which is read with its direct children, in all years and spans; without it a notebook reads
    all rows. `{"files": [PATH]}` lists what else it opens, from its own folder.
    """
    declared = read_notebook(path)["metadata"].get(KEY, {})
    _check_keys(path, KEY, declared)
    reads = declared.get("reads", {})
    _check_keys(path, "reads", reads)
    return Declaration(path, _place(path, reads, taken), _files(path, declared.get("files", [])))


def _check_keys(path: Path, name: str, declared: object) -> None:
    """Refuse what is no mapping, and keys that nobody would read."""
    takes = _TAKES[name]
    listed = " and ".join(takes)
    if not isinstance(declared, dict):
        example = "{}" if name == KEY else '{"place": "place"}'
        raise _refused(path, f"{name} takes {listed}, like {example}, not {declared!r}")
    for key in declared:
        if key not in takes:
            raise _refused(path, f"{name} has no key {key!r}{_hint(key, takes)}")


def _place(path: Path, reads: Mapping[str, Any], taken: Sequence[Parameter]) -> str:
    """Return the parameter that holds the places."""
    if "place" not in reads:
        return ""
    name, names = reads["place"], [parameter.name for parameter in taken]
    if not isinstance(name, str):
        raise _refused(path, f"reads: place names a parameter, not {name!r}; write its name")
    if name not in names:
        raise _refused(path, f"reads: place names no parameter {name!r}{_hint(name, names)}")
    return name


def _files(path: Path, listed: object) -> tuple[Path, ...]:
    """Return the files that a notebook opens by itself; each must be there."""
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise _refused(path, f'files takes a list of paths, like ["map.json"], not {listed!r}')
    for name in listed:
        if not (path.parent / name).is_file():
            message = f"files: {name!r} is not a file; write its path from the notebook's folder"
            raise _refused(path, message)
    return tuple(path.parent / name for name in listed)


def _hint(name: str, known: Sequence[str]) -> str:
    """Say what was meant, or what there is."""
    return did_you_mean(name, known) or f"; there is {', '.join(known) or 'none'}"


def _refused(path: Path, fault: str) -> NotebookError:
    return NotebookError(path, None, f"in its metadata {KEY!r}, {fault}")
