"""Comparisons -> sentences."""

from collections.abc import Iterable
from typing import Final

from petitionlib.codebook.entries import about, entries, leading
from petitionlib.tables.frame import Row
from petitionlib.text.names import Names
from petitionlib.text.numbers import direction, has_printed_change, is_known
from petitionlib.words import uncapital

__all__ = [
    "MOST_FIGURES",
    "about_title",
    "comparison",
    "main_indicators",
    "moves",
    "on_open",
    "reasons",
    "title",
]

MOST_FIGURES: Final = 5  # that carry a report


def main_indicators(text: Names) -> list[str]:
    """Return the main indicators of a codebook: the first five of those that carry a report."""
    return leading(text)[:MOST_FIGURES]


def comparison(text: Names, row: Row, *, notes: bool = True) -> str:
    """Write a row of `year_over_year` as a sentence, with notes on what makes it uncertain."""
    unit, year = text.unit(row["indicator"]), int(row["year"])
    whole = row["span"] == about(text).default_span
    figure = text.value_of(row, unit)
    told = f"{text.indicator(row['indicator'])}: {figure}"
    change = row["absolute_change"]
    how = "on_year" if whole else "on_year.open" if on_open(text, row) else "on_year.part"
    on_year = text.say(how, year=year - 1)
    if is_known(change):
        told += f", {_moved(text, row, unit)} {on_year}"
    elif has_printed_change(row):
        moved = text.printed_change(row)
        told += f", {text.say('as_printed', moved=moved, on_year=on_year)}"
    why = reasons(text, row, skip=("small_base",) if is_known(change) else ())
    if row["basis"] == "derived":
        key = "derived_base" if whole else "derived_base.part"
        base = text.figure(row["previous"], unit)
        why = [text.say(key, year=year - 1, previous=base), *why]
    if is_known(row["previous"]) and text.is_added_up(row["place"], year, row["span"]):
        why = [text.say("remark.added_up"), *why]
    return f"{told} ({'; '.join(why)})." if notes and why else f"{told}."


def on_open(text: Names, row: Row) -> bool:
    """Tell whether the two windows are open, and may have ended on different days."""
    open_ = entries("spans", text).get(str(row["span"]), {}).get("end") == ""
    return open_ and "window" in row["flag"].split()


def reasons(text: Names, row: Row, *, skip: tuple[str, ...] = ()) -> list[str]:
    """Explain the flags of a comparison; of a figure that was replaced give both changes."""
    told = [text.say("flag.window.open")] if on_open(text, row) else []
    skip = (*skip, "window") if told else skip
    first = row.get("first_value")
    if not is_known(first) or "stage" not in row["flag"].split():
        return [*told, *text.flags(row["flag"], skip=skip)]
    told += text.flags(row["flag"], skip=(*skip, "stage"))
    unit = text.unit(row["indicator"])
    change = first - row["previous"]
    relative = change / row["previous"] if unit != "percent" and row["previous"] else None
    unit = unit if unit == "percent" else ""
    return [*told, text.say(
        "flag.stage.first",
        value=text.figure(first, unit),
        change=text.change(change, unit, relative=relative, previous=row["previous"]),
    )]  # fmt: skip


def title(text: Names, place: str | None, year: int | None, span: str | None) -> str:
    """Write the title of a report: about a place in one year or over all, a year, or the tables."""
    subject = about_title(text)
    told, span = uncapital(subject), span or about(text).default_span
    if place is None and year is None:
        return text.say("report.data")
    if place is None:
        return text.say("report.places", about=subject, period=text.period(span, int(year or 0)))
    name = text.place(place)
    if year is None:
        return text.say("report.trend", place=name, about=told)
    return text.say("report.year", place=name, period=text.period(span, year), about=told)


def about_title(text: Names) -> str:
    """Return what the reports of a codebook are about; of one that does not say it: figures."""
    titles = about(text).title
    return titles.get(text.lang) or next(iter(titles.values()), text.say("report.figures"))


def moves(text: Names, changes: Iterable[float], what: str) -> str:
    """Say how many of several changes were rises and how many falls; of `figures` or `places`.

    >>> moves(Names("en"), [1.0, 2.0, -3.0], "figures"), moves(Names("en"), [1.0, 0.0], "places")
    ('2 rose and 1 fell', '1 up, 1 unchanged')
    """
    signs = [(change > 0) - (change < 0) for change in changes]
    up, down, same = (signs.count(sign) for sign in (1, -1, 0))
    both = {(True, True): "both", (True, False): "up", (False, True): "down"}
    key = both.get((up > 0, down > 0), "none")
    moved = text.say(f"moved.{what}.{key}", up=up, down=down)
    return text.say(f"moved.{what}.same", moved=moved, same=same) if same and up + down else moved


def _moved(text: Names, row: Row, unit: str) -> str:
    change = row["absolute_change"]
    if text.spoken == "vi":
        return text.change_of(row, unit)
    told = text.change_of(row, unit if unit == "percent" else "")
    if change:
        return f"{text.say(direction(change))} {told[1:]}"
    return told
