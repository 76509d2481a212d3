"""Which figures a notebook reads: recorded at the front door while it runs.

A batch starts its kernels with PETITIONLIB_RECORD set. Then `read_tables` gives a table that looks
like any other and keeps account: selecting rows by `query` reads nothing, everything else that is
done with rows reads all of them. Who reads all that there is rests on what may be added, too. What
the batch has read and compared already is taken from it.
"""

import ast
import atexit
import json
import os
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, Final

import pandas as pd

from petitionlib.codebook.codebook import entries
from petitionlib.reports.batch.shelf import SHELF, content_of, take

__all__ = ["reads", "recorded"]

_READING: Final = ("read_table", "read_tables")
_COMPARING: Final = ("reconcile", "year_over_year")  # their rows rest on rows of the same place
_RANKING: Final = ("label_rankings", "plot_ranking")  # which places there are is what they show
_KEY: Final = ("place", "year", "span")
_FREE: Final = frozenset({"attrs", "columns", "query"})  # what reads no figure

Cell = tuple[str, int, str]
Function = Callable[..., Any]


class _Account:
    """What has been read so far."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.opened = False
        self.all = False
        self.cells: set[Cell] = set()
        self.contents: set[str] = set()


_ACCOUNT: Final = _Account()


def _write() -> None:
    """Write the account where the batch looks for it."""
    path = Path(os.environ.get("PETITIONLIB_RECORD", ""))
    if path.is_absolute():
        path.write_text(json.dumps(reads()), encoding="utf-8")


atexit.register(_write)


def reads() -> dict[str, Any]:
    """Return what the notebook has read: the cells, or that it may have been everything.

    A cell is a place, a year and a span. A notebook that did not take its tables from the front
    door may have read anything; one that ranks places rests on which of them there are. `contents`
    are the digests of the files that were read, more than one where they were edited meanwhile.
    """
    return {
        "all": _ACCOUNT.all or not _ACCOUNT.opened,
        "cells": sorted(map(list, _ACCOUNT.cells)),
        "contents": sorted(_ACCOUNT.contents),
    }


def recorded(function: Function) -> Function:
    """Return a function of the front door that keeps account of the rows it is given."""
    name = function.__name__

    @wraps(function)
    def keeping(*args: Any, **options: Any) -> Any:
        _ACCOUNT.all |= name in _RANKING
        given = [value for value in (*args, *options.values()) if isinstance(value, _Watched)]
        if name not in _COMPARING:
            _note_given(function, args, options)
        content = _content(name, args, options)
        result = take(name, content) if content else None
        if name == "read_tables" and content and not args:
            _ACCOUNT.contents.add(content)
        if result is None:
            content = ""
            plain = [_plain(value) for value in args]
            result = function(*plain, **{key: _plain(value) for key, value in options.items()})
        if name in _READING:
            _ACCOUNT.opened = True
            return _Watched(result, "read", content)
        if name in _COMPARING and given:
            whole = all(value._whole for value in given)  # noqa: SLF001  # our own
            return _Watched(result, name, whole=whole)
        return result

    return keeping


def _content(name: str, args: Any, options: Mapping[str, Any]) -> str:
    """Return the content of the files that a call rests on, where it rests on nothing else."""
    if SHELF not in os.environ or options or len(args) > 1:
        return ""
    if name == "read_tables":
        return content_of(*args)
    asked = name in _COMPARING and args and isinstance(args[0], _Watched)
    return str(args[0]._content) if asked else ""  # noqa: SLF001  # our own


class _Watched(pd.DataFrame):
    """A table that tells when its rows are read.

    `content` is that of the files, as long as the table holds all that was read there and no more;
    `whole` says that a new place would be in it.
    """

    def __init__(
        self, plain: pd.DataFrame, made_by: str, content: str = "", *, whole: bool = True
    ) -> None:
        """Watch a table that was read, or made of one by a comparison."""
        super().__init__(plain)  # type: ignore[call-arg]  # the stubs have __new__
        object.__setattr__(self, "_unwatched", plain)
        object.__setattr__(self, "_made_by", made_by)
        object.__setattr__(self, "_content", content)
        object.__setattr__(self, "_whole", whole)
        super().__getattribute__("attrs").update(plain.attrs)

    def __getattribute__(self, name: str) -> Any:
        """Give what is asked for; what may show a figure reads all the rows."""
        if name in _FREE or name.startswith("_"):
            return super().__getattribute__(name)
        _note(self)
        self._forget()
        return getattr(self._unwatched, name)

    def __getitem__(self, key: Any) -> Any:
        """Read all the rows: nobody knows what a column is used for."""
        _note(self)
        return self._unwatched[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        """Write a column, here and where it is read."""
        _note(self)
        self._forget()
        super().__setitem__(key, value)
        self._unwatched[key] = value

    def __delitem__(self, key: Any) -> None:  # type: ignore[misc]  # final to those who keep data
        """Delete a column, here and where it is read."""
        self._forget()
        super().__delitem__(key)
        del self._unwatched[key]

    def __setattr__(self, name: str, value: Any) -> None:
        """Write an attribute, here and where it is read."""
        super().__setattr__(name, value)
        if not name.startswith("_"):
            self._forget()
            setattr(self._unwatched, name, value)

    def _forget(self) -> None:
        """Be no longer what was read: what is made of it from now on is made anew."""
        object.__setattr__(self, "_content", "")

    def __repr__(self) -> str:
        """Read all the rows: they are shown."""
        _note(self)
        return repr(self._unwatched)

    def _repr_html_(self) -> Any:
        _note(self)
        return self._unwatched._repr_html_()  # what a notebook shows

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        """Read all the rows: pandas makes another table of them."""
        _note(self)
        return pd.DataFrame

    def query(self, expr: str, **options: Any) -> Any:
        """Select rows, which reads none of them."""
        options["level"] = options.pop("level", 0) + 1
        if options.get("inplace"):
            self._forget()
        found = self._unwatched.query(expr, **options)
        whole = self._whole and not _names_places(expr)
        return None if found is None else _Watched(found, self._made_by, whole=whole)


def _names_places(expr: str) -> bool:
    """Tell whether a query asks for certain places, so that no new one would be among its rows.

    >>> _names_places("place == @place and year == 2022"), _names_places("year == 2022")
    (True, False)
    """
    try:
        words = expr.replace("@", "").replace("&", " and ").replace("|", " or ").strip()
        asked = ast.parse(words, mode="eval").body
    except SyntaxError:
        return False
    parts = [asked]
    while parts:
        part = parts.pop()
        if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And):
            parts += part.values  # noqa: PD011  # no table
        elif isinstance(part, ast.Compare) and _is_of_places(part):
            return True
    return False


def _is_of_places(part: ast.Compare) -> bool:
    """Tell a comparison such as `place == "x"` or `place in ["x", "y"]`."""
    sides = [part.left, *part.comparators]
    for left, sign, right in zip(sides, part.ops, part.comparators, strict=False):
        named = [getattr(side, "id", "") == "place" for side in (left, right)]
        if (isinstance(sign, ast.Eq) and any(named)) or (isinstance(sign, ast.In) and named[0]):
            return True
    return False


def _plain(value: Any) -> Any:
    return value._unwatched if isinstance(value, _Watched) else value  # noqa: SLF001  # our own


def _note_given(function: Function, args: Any, options: Mapping[str, Any]) -> None:
    """Note the rows that a function is given, or those of them that it selects.

    A chart selects by its `place`, `year` and `span`. A label that takes `table` by name alone
    takes its codebook, and no row.
    """
    kinds = signature(function).parameters
    bound = signature(function).bind_partial(*args, **options)
    bound.apply_defaults()
    chosen = {n: bound.arguments[n] for n in _KEY if bound.arguments.get(n) is not None}
    charting = function.__name__.startswith("plot_")
    for name, value in bound.arguments.items():
        if isinstance(value, _Watched) and kinds[name].kind is not Parameter.KEYWORD_ONLY:
            _note(value, chosen if charting else {})


def _note(watched: _Watched, chosen: Mapping[str, Any] | None = None) -> None:
    """Note the cells of a table's rows, and those that they rest on."""
    plain, made_by = watched._unwatched, watched._made_by  # noqa: SLF001  # our own
    chosen = chosen or {}
    _ACCOUNT.all |= watched._whole and not chosen  # noqa: SLF001  # our own
    for name, code in chosen.items():
        plain = plain[plain[name] == code]
    cells = set(plain[list(_KEY)].itertuples(index=False, name=None))
    if len(chosen) == len(_KEY):
        cells.add((chosen["place"], chosen["year"], chosen["span"]))
    found = {(str(place), int(year), str(span)) for place, year, span in cells}
    if made_by == "reconcile":
        found |= set(_children(found, plain))
    if made_by in _COMPARING:
        found |= {(place, year - 1, span) for place, year, span in found}
    _ACCOUNT.cells |= found


def _children(cells: set[Cell], table: pd.DataFrame) -> Iterator[Cell]:
    """Yield the cells of the places that add up to those of some cells."""
    families: dict[str, list[str]] = {}
    for place, row in entries("places", table).items():
        if row["partition"]:
            families.setdefault(row["parent"], []).append(place)
    for place, year, span in cells:
        yield from ((child, year, span) for child in families.get(place, []))
