"""Whether the tables have what a report selects by its parameters."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from petitionlib.codebook.spelling import as_code
from petitionlib.errors import DataNotFoundError, did_you_mean
from petitionlib.tables.folder import FilePath, find_data
from petitionlib.tables.raw import Snapshot

__all__ = ["check_selection", "tell_faults"]

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
        tell_faults(folder)
        raise
    return found


def tell_faults(folder: Path) -> None:
    """Raise every fault of the tables, where there is any."""
    from petitionlib.tables.read import check_table  # noqa: PLC0415  # loads pandas

    check_table(folder)


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


def _successor(chosen: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> str:
    """Say which place has what is asked for since it took over the territory of the one named."""
    from petitionlib.codebook.codebook import entries  # noqa: PLC0415  # loads pandas

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
    folder: Path | None,
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
