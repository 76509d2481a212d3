"""What a break in series is about: which indicators, and which places."""

from collections.abc import Iterable, Mapping

from petitionlib.codebook.entries import Carrier, entries

__all__ = ["broken_indicators", "broken_places", "is_everywhere"]

_ALL = "*"


def broken_indicators(row: Mapping[str, str], indicators: Iterable[str]) -> set[str]:
    """Return those of some indicators that a break is about.

    >>> broken_indicators({"indicators": "loans + visits"}, ["loans", "members"])
    {'loans'}
    """
    named = row["indicators"].split(" + ")
    return {code for code in indicators if named == [_ALL] or code in named}


def broken_places(row: Mapping[str, str], places: Iterable[str], table: Carrier = None) -> set[str]:
    """Return those of some places that a break is about: the named ones and all below them.

    >>> sorted(broken_places({"places": "viet-nam"}, ["can-tho", "leeds"]))
    ['can-tho']
    """
    if is_everywhere(row):
        return {*places}
    book, named = entries("places", table), {*row["places"].split(" + ")}
    return {place for place in places if not named.isdisjoint(_upwards(place, book))}


def is_everywhere(row: Mapping[str, str]) -> bool:
    """Tell whether a break is about all places."""
    return row["places"] in {"", _ALL}


def _upwards(place: str, book: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return a place and what it is a part of, step by step."""
    found: list[str] = []
    while place and place not in found:
        found.append(place)
        place = book.get(place, {}).get("parent", "")
    return found
