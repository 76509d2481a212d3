"""The printed numbers that an event is about: each with its place in the source and its line."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import pandas as pd

from petitionlib.cli.outcome import Outcome, one_line
from petitionlib.codebook.codes import NUMBERS
from petitionlib.tables.folder import PRINTED
from petitionlib.tables.frame import Row, records
from petitionlib.text.checks import located, publisher
from petitionlib.text.text import Text

__all__ = ["Printed", "numbers_of", "place_of"]

_VALUE, *_CHANGES = NUMBERS
_CHILDREN: Final = "children:"
_KEY: Final = PRINTED[:-1]  # without the source


class Printed(NamedTuple):
    """A printed number: what it counts, how it reads, and where it stands."""

    name: str
    number: str
    where: str
    line: str


def numbers_of(
    outcome: Outcome, events: Iterable[Iterable[Row]], text: Text
) -> Iterator[list[Printed]]:
    """List the printed numbers of the checks of each event: those under check, then their parts."""
    wanted = [{key: row for row in rows for key in _keys(row)} for rows in events]
    places = {key[0] for keys in wanted for key in keys}
    by_key: dict[tuple[object, ...], list[Row]] = {}
    for figure in records(outcome.table[outcome.table["place"].isin(places)]):
        by_key.setdefault(tuple(figure[name] for name in _KEY), []).append(figure)
    for keys in wanted:
        found: list[Printed] = []
        for key, row in keys.items():
            column, source = str(key[-2]), key[-1]
            there = [one for one in by_key.get(key[:-2], []) if pd.notna(one[column])]
            mine = [one for one in there if one["source"] == source]
            used = [one for one in there if _is_part(one[column], row)]  # of another source
            if figures := mine or used or there:
                found.append(_printed(outcome, figures[0], column, row, text))
        yield found


def place_of(outcome: Outcome, figure: Row) -> str:
    """Write where a figure stands in its file: `data/2022.csv:14`."""
    file, line = outcome.lines[tuple(str(figure[name]) for name in PRINTED)]
    return f"{file}:{line}"


def _keys(row: Row) -> Iterator[tuple[object, ...]]:
    """Yield the numbers of a check: the key of the figure, the column, the source to look in."""
    key = {name: row[name] for name in _KEY}
    source, kind, rule = row["source"], row["check"], str(row["identity"])
    own = rule if kind in {"change", "percent"} and rule in NUMBERS else _VALUE
    yield (*key.values(), own, source)
    for spot, part in enumerate(str(row["parts"]).split(" + ")):
        if kind == "conflict":
            yield (*key.values(), _VALUE, rule)
        elif kind == "nested":
            yield (*(key | {"span": part}).values(), _VALUE, source)
        elif kind == "scale":
            yield (*(key | {"year": int(part)}).values(), _VALUE, source)
        elif kind == "change" and part in _CHANGES:
            yield (*key.values(), part, source)
        elif kind == "change":
            year = int(str(row["year"])) - spot
            yield (*(key | {"year": year, "indicator": part}).values(), _VALUE, source)
        else:
            name = "place" if rule.startswith(_CHILDREN) else "indicator"
            yield (*(key | {name: part}).values(), _VALUE, source)


def _is_part(number: Any, row: Row) -> bool:
    """Tell whether a number is one of those that a check is computed from."""
    return float(number) in {float(part) for part in str(row["part_values"]).split(" + ")}


def _printed(outcome: Outcome, figure: Row, column: str, row: Row, text: Text) -> Printed:
    name = text.indicator(str(figure["indicator"]))
    if column != _VALUE:
        name = text.say("check.change", name=name)
    where = []
    if figure["place"] != row["place"]:
        where.append(text.place(str(figure["place"])))
    if (figure["year"], figure["span"]) != (row["year"], row["span"]):
        where.append(text.period(str(figure["span"]), int(figure["year"])))
    unit = text.unit(str(figure["indicator"]))
    if column == "change":
        number = text.count(figure[column], "points" if unit == "percent" else "")
    else:
        decimals = figure["decimals" if column == _VALUE else f"{column}_decimals"]
        percent = unit == "percent" or column != _VALUE
        number = text.figure(figure[column], "percent" if percent else "", decimals=decimals)
    source = figure["source"] != row["source"] and publisher(text, str(figure["source"]))
    place = located(text, str(figure["locator"]))
    return Printed(
        one_line(", ".join([*where, name])), number,
        one_line(", ".join(filter(None, [source, place]))), place_of(outcome, figure),
    )  # fmt: skip
