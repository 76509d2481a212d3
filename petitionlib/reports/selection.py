"""Whether the tables have what a report selects by its parameters."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from petitionlib.codebook.entries import entries
from petitionlib.codebook.spelling import as_code
from petitionlib.errors import DataNotFoundError, Said, did_you_mean, said
from petitionlib.files import FilePath
from petitionlib.tables.folder import find_data
from petitionlib.tables.raw import Snapshot
from petitionlib.tables.texts import check_table

__all__ = ["check_selection"]

_SELECTORS: Final = ("place", "year", "span", "indicator")


def check_selection(path: Path, values: Mapping[str, object], data: FilePath | None) -> Snapshot:
    """Refuse a selection that the data cannot bear; return the data folder, if there is one.

    A parameter that bears the name of a key column selects rows by it. Where the tables are at
    fault, their faults are told.
    """
    chosen = {n: values[n] for n in _SELECTORS if isinstance(values.get(n), str | int)}
    if data is None and not chosen:
        try:
            return Snapshot(find_data())
        except DataNotFoundError:
            return Snapshot()
    folder = find_data() if data is None else Path(data)
    found = Snapshot(folder)
    try:
        _select(path, chosen, found)
    except (DataNotFoundError, ValueError):
        check_table(folder)
        raise
    return found


def _select(path: Path, chosen: Mapping[str, object], data: Snapshot) -> None:
    """Select the figures that have a value, by one column after the other."""
    keys = data.rows.keys([*chosen])
    rows = every = [dict(zip(chosen, map(_typed, chosen, key), strict=True)) for key in keys]
    told: list[str] = []
    for name, value in chosen.items():
        there = sorted({row[name] for row in rows})
        if value not in there:
            raise _not_there(path, name, value, there, told, data.folder, _successor(chosen, every))
        rows = [row for row in rows if row[name] == value]
        told.append(f"{name} {value!r}")


def _successor(chosen: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> Said | None:
    """Say which place has what is asked for since it took over the territory of the one named."""
    place = str(chosen.get("place", ""))
    successor = entries("places").get(place, {}).get("successor", "")
    if not successor or {**chosen, "place": successor} not in rows:
        return None
    return said("fault.has_successor", successor=successor, place=place)


def _typed(name: str, cell: str) -> Any:
    return int(cell) if name == "year" else cell


def _not_there(  # noqa: PLR0913, PLR0917  # what the sentence tells
    path: Path,
    name: str,
    value: object,
    there: list[Any],
    told: list[str],
    folder: Path | None,
    successor: Said | None,
) -> DataNotFoundError:
    """Say that nothing is there for a value, and what is there."""
    if not there:
        fault = said("fault.no_figures", notebook=path.stem, folder=str(folder))
        return DataNotFoundError(fault)
    near = did_you_mean(as_code(str(value), name), map(str, there))
    near = near if isinstance(there[0], str) else ""
    values: dict[str, Said | str] = {
        "notebook": path.stem, "name": name, "found": repr(value), "near": near,
    }  # fmt: skip
    fault = said("fault.selection", **values)
    if told:
        fault = said("fault.selection.of", chosen=", ".join(told), **values)
    if not near:
        fault = said("fault.then", one=fault, other=_there(there))
    if successor:
        fault = said("fault.then", one=fault, other=successor)
    return DataNotFoundError(fault, there)


def _there(values: list[Any]) -> Said:
    names = ", ".join(map(str, values))
    return said("fault.there.one" if len(values) == 1 else "fault.there", names=names)
