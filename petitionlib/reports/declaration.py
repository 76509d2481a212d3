"""What a notebook declares in its metadata: which rows it reads, and which further files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from petitionlib.errors import NotebookError, ParameterError, Said, did_you_mean, said
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
            fault = said("fault.places_kind", notebook=stem, name=self.place, found=repr(value))
            raise ParameterError(fault, stem, self.place)
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
        values = {"name": name, "keys": listed, "example": example, "found": repr(declared)}
        raise _refused(path, said("fault.declared_kind", **values))
    for key in declared:
        if key not in takes:
            near = _hint(key, takes)
            raise _refused(path, said("fault.declared_key", name=name, key=key, near=near))


def _place(path: Path, reads: Mapping[str, Any], taken: Sequence[Parameter]) -> str:
    """Return the parameter that holds the places."""
    if "place" not in reads:
        return ""
    name, names = reads["place"], [parameter.name for parameter in taken]
    if not isinstance(name, str):
        raise _refused(path, said("fault.declared_place", found=repr(name)))
    if name not in names:
        near = _hint(name, names)
        raise _refused(path, said("fault.declared_parameter", name=name, near=near))
    return name


def _files(path: Path, listed: object) -> tuple[Path, ...]:
    """Return the files that a notebook opens by itself; each must be there."""
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise _refused(path, said("fault.declared_files", found=repr(listed)))
    for name in listed:
        if not (path.parent / name).is_file():
            raise _refused(path, said("fault.declared_file", name=name))
    return tuple(path.parent / name for name in listed)


def _hint(name: str, known: Sequence[str]) -> Said | str:
    """Say what was meant, or what there is."""
    if not known:
        return said("fault.declared_none")
    return did_you_mean(name, known) or said("fault.declared_there", names=", ".join(known))


def _refused(path: Path, fault: Said) -> NotebookError:
    return NotebookError(path, None, said("fault.declared", fault=fault))
