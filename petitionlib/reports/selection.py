"""Whether the tables have what a report selects by its parameters."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from petitionlib.codebook.spelling import as_code
from petitionlib.errors import DataNotFoundError, ParameterError, Said, did_you_mean, said
from petitionlib.files import FilePath
from petitionlib.tables.folder import find_data
from petitionlib.tables.raw import Snapshot
from petitionlib.tables.selection import BLANK, fill_in
from petitionlib.tables.texts import check_table
from petitionlib.words import LANGUAGES

__all__ = ["check_selection", "fill_in_values"]

_LANGUAGE: Final = "lang"


def check_selection(
    path: Path, values: Mapping[str, object], data: FilePath | None
) -> tuple[dict[str, object], Snapshot]:
    """Refuse a selection that the data cannot bear; return the values, filled in, and the data.

    A parameter that bears the name of a key column selects rows by it; one that is blank is filled
    in by the figures there are (`selection`), a blank language by the codebook. Where the tables
    are at fault, their faults are told.
    """
    chosen = {n: values[n] for n in BLANK if isinstance(values.get(n), str | int)}
    if data is None and not any(chosen.values()):
        try:
            found = Snapshot(find_data())
        except DataNotFoundError:
            return fill_in_values(path, values, Snapshot()), Snapshot()
    else:
        found = Snapshot(find_data() if data is None else Path(data))
    try:
        filled = fill_in_values(path, values, found)
        if data is not None or chosen:
            _select(path, {name: filled[name] for name in chosen}, found)
    except (DataNotFoundError, ValueError):
        check_table(found.folder or "")
        raise
    return filled, found


def fill_in_values(path: Path, values: Mapping[str, object], data: Snapshot) -> dict[str, object]:
    """Fill in the parameters of a notebook that are blank; refuse a language that is not there."""
    given = {name: values[name] for name in BLANK if type(values.get(name)) is type(BLANK[name])}
    filled = dict(values)
    if any(given[name] == BLANK[name] for name in given):
        filled |= fill_in(given, data.figure_keys, data.book, data.about.default_span)
    if _LANGUAGE in values:
        there = dict.fromkeys((*data.about.languages, *LANGUAGES))
        filled[_LANGUAGE] = values[_LANGUAGE] or data.about.languages[0]
        if filled[_LANGUAGE] not in there:
            named = {"found": repr(values[_LANGUAGE]), "languages": ", ".join(there)}
            fault = said("fault.parameter_lang", notebook=path.stem, **named)
            raise ParameterError(fault, path.stem, _LANGUAGE)
    return filled


def _select(path: Path, chosen: Mapping[str, object], data: Snapshot) -> None:
    """Select the figures that have a value, by one column after the other."""
    keys = data.rows.keys([*chosen])
    rows = every = [dict(zip(chosen, map(_typed, chosen, key), strict=True)) for key in keys]
    told: list[str] = []
    for name, value in chosen.items():
        there = sorted({row[name] for row in rows})
        if value not in there:
            raise _not_there(
                path, name, value, there, told, data.folder, _successor(chosen, every, data)
            )
        rows = [row for row in rows if row[name] == value]
        told.append(f"{name} {value!r}")


def _successor(
    chosen: Mapping[str, object], rows: Sequence[Mapping[str, object]], data: Snapshot
) -> Said | None:
    """Say which place has what is asked for since it took over the territory of the one named."""
    place = str(chosen.get("place", ""))
    successor = data.places.get(place, {}).get("successor", "")
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
