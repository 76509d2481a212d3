"""Codes as the reader names them: indicators, places, spans, flags."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from petitionlib.codebook.entries import about, entries
from petitionlib.codebook.windows import window
from petitionlib.text.numbers import Numbers
from petitionlib.words import uncapital

__all__ = ["Names"]

_MONTH: Final = re.compile(r"(Y[+-]?[0-9]*)/([0-9]{2})-01 \1/\2-(?:2[89]|3[01])")  # its two ends


@dataclass(frozen=True)
class Names(Numbers):
    """Names the codes of tables in one language; a code that no codebook knows names itself.

    It carries what tables carry in their `attrs`: the codebook of a data folder, the list of its
    sources and the reasons of its known.csv, each as JSON text.
    """

    codebook: str = ""
    listed: str = ""
    known: str = ""

    @property
    def attrs(self) -> dict[str, str]:
        """What it carries, as the `attrs` of a table."""
        carried = {"codebook": self.codebook, "sources": self.listed, "known": self.known}
        return {name: text for name, text in carried.items() if text}

    def given(self, table: pd.DataFrame) -> pd.DataFrame:
        """Give a table that has lost what it carried (`attrs`) its codebook again."""
        if not self.attrs.items() - table.attrs.items():
            return table
        table = table.copy(deep=False)
        table.attrs = self.attrs | table.attrs
        return table

    def indicator(self, indicator: str) -> str:
        """Name an indicator.

        >>> Names("vi").indicator("petitions.received")
        'Đơn tiếp nhận trong kỳ'
        """
        return self._name("indicators", indicator, "label")

    def part(self, indicator: str) -> str:
        """Name an indicator as a part of its whole: what follows the colon of its name.

        >>> Names("en").part("petitions.in_jurisdiction.feedback")
        'feedback'
        """
        return self.indicator(indicator).rpartition(": ")[2]

    def unit(self, indicator: str) -> str:
        """Return the unit of an indicator; blank where the codebook does not know it."""
        return entries("indicators", self).get(indicator, {}).get("unit", "")

    def place(self, place: str) -> str:
        """Name a place.

        >>> Names("en").place("can-tho"), Names("vi").place("can-tho")
        ('Can Tho', 'Cần Thơ')
        """
        return self._name("places", place, "name")

    def places(self, places: Iterable[str]) -> dict[str, str]:
        """Name places that stand side by side, each by a name of its own.

        Those of one name are told apart by what they are parts of, by when they began or ended,
        or else by their codes.

        >>> Names("en").places(["can-tho", "can-tho-2025"])
        {'can-tho': 'Can Tho (until 30 June 2025)', 'can-tho-2025': 'Can Tho (from 1 July 2025)'}
        """
        named = {place: self.place(place) for place in places}
        alike: dict[str, list[str]] = {}
        for place, name in named.items():
            alike.setdefault(name, []).append(place)
        for name, those in alike.items():
            if len(those) > 1:
                apart = self._told_apart(those)
                named |= {place: f"{name} ({apart[place]})" for place in those}
        return named

    def period(self, span: str, year: int) -> str:
        """Name a span of a year, as it stands within a sentence.

        >>> Names("en").period("Y", 2022), Names("en").period("H1", 2022)
        ('2022', 'first six months of 2022')
        """
        if span == about(self).default_span:
            return self.say("span.year", year=year)
        name = self.span(span)
        if name.endswith(f" {self.say('year')}"):
            return f"{name} {year}"
        month = self._month(span)
        key = "span.part" if name == span or month else "span.of"
        year += int(month[1].removeprefix("Y") or 0) if month else 0
        return self.say(key, span=name, year=year)

    def span(self, span: str) -> str:
        """Name a span of any year, as it stands within a sentence.

        >>> Names("en").span("H1"), Names("en").span("M02"), Names("vi").span("M02")
        ('first six months', 'February', 'tháng 2')
        """
        name = self._name("spans", span, "label")
        lower = name != span and (self.spoken == "vi" or not self.is_month(span))
        return uncapital(name) if lower else name

    def is_month(self, span: str) -> bool:
        """Tell whether a span is one calendar month, whose name is a proper one."""
        return self._month(span) is not None

    def _month(self, span: str) -> re.Match[str] | None:
        """Return the ends of a span that is one calendar month; in which year, and which month."""
        row = entries("spans", self).get(span, {})
        return _MONTH.fullmatch(f"{row.get('start')} {row.get('end')}")

    def flags(self, flags: str, *, skip: tuple[str, ...] = ()) -> list[str]:
        """Explain the flags of a comparison, one phrase a flag.

        >>> Names("en").flags("small_base form", skip=("small_base",))
        ['the reporting form changed between the two years']
        """
        return [self.say(f"flag.{flag}") for flag in flags.split() if flag not in skip]

    def is_added_up(self, place: str, year: int, span: str) -> bool:
        """Tell whether the base of a figure is from before its place began.

        Nobody published such a base: `to_boundaries` added it up.
        """
        begins = entries("places", self).get(place, {}).get("valid_from", "")
        if not begins or span not in entries("spans", self):
            return False
        last = window(span, year - 1, self)[1]
        return last is not None and last.isoformat() < begins

    def _name(self, file: str, code: str, column: str) -> str:
        return self.label(entries(file, self).get(code, {}), column) or code

    def _told_apart(self, places: Sequence[str]) -> dict[str, str]:
        book = entries("places", self)
        units = [book.get(place, {}) for place in places]
        wholes = [unit.get("parent", "") for unit in units]
        wholes = [whole and self.place(whole) for whole in wholes]
        for apart in (wholes, [self._existence(unit) for unit in units]):
            if all(apart) and len(set(apart)) == len(apart):
                return dict(zip(places, apart, strict=True))
        return {place: place for place in places}

    def _existence(self, unit: Mapping[str, str]) -> str:
        """Say from when and until when a place exists; nothing of one that always does."""
        days = {"from": unit.get("valid_from"), "until": unit.get("valid_to")}
        return " ".join(
            self.say(f"place.{key}", day=self.date(day)) for key, day in days.items() if day
        )
