"""Printed numbers against the text of their source: what stands in no number of its paragraph."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from petitionlib.checks.slips import digit_slip
from petitionlib.codebook.codes import NUMBERS
from petitionlib.codebook.entries import entries
from petitionlib.tables.folder import PRINTED
from petitionlib.tables.frame import records

__all__ = ["DIFFERS", "NOT_FOUND", "NOT_LOOKED_UP", "look_up"]

DIFFERS, NOT_FOUND, NOT_LOOKED_UP = "differs", "not_found", "not_looked_up"
_COLUMNS: Final = ("column", "printed", "locator", "verdict", "near")

_LOCATOR: Final = re.compile(r"paragraph (\d+)|paragraphs (\d+)-(\d+)")
_SPACES: Final = dict.fromkeys(map(ord, "\u00a0\u2009\u202f"), " ")
_NUMBER: Final = re.compile(
    r"(?:(?<![^\W\d_])|(?<=\bP))(?:\d{1,3}(?:(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*|(?: \d{3})+)"
    r"(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
)
_LAW: Final = r"(?:điều|khoản|nghị định|thông tư|quyết định|article|section|circular)"
_NO_FIGURE: Final = re.compile(  # dates, periods, numbers of laws and of reports
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\b(?:19|20)\d\d ?[-–/] ?(?:(?:19|20)\d\d|\d\d)\b"
    r"|\b(?:ngày|tháng|quý) \d{1,2}/\d{1,4}\b|\b(?:ngày \d{1,2} )?tháng \d{1,2}\b(?![.,]\d)"
    r"|\b(?:năm|in|of|since) (?:19|20)\d\d\b(?![.,]\d)|\b\d{1,2} tháng\b|\bquý \d\b"
    rf"|\b(?:số|{_LAW}) \d+(?:/[\w-]+)+|\b{_LAW} \d+\b(?![.,]\d)",
    re.IGNORECASE,
)
_SCALE: Final = re.compile(
    r"\s*(?:(ngh?ìn|ngàn|thousand)|(triệu|million)|(t[ỷỉ]|billion))\b", re.IGNORECASE
)
_UNIT: Final = re.compile(r"\s*(?:(đồng|VND)|(?:ha|héc ?ta|hectares?))\b", re.IGNORECASE)
_SHARE: Final = re.compile(r"\s*(?:%|phần trăm|per ?cent|điểm)", re.IGNORECASE)
_AND: Final = re.compile(r"\s*(?:[,;/–-]|và|đến|lên|xuống|còn|and|to|so với)?\s*", re.IGNORECASE)
_RATE: Final = re.compile(r"(?:t[ỷỉ] lệ|rate|đạt|share)\D{0,40}$", re.IGNORECASE)
_WORDS: Final = (
    "không|chưa|no|none|nil|not", "một|one", "hai|two", "ba|three", "bốn|tư|four",
    "năm (?=đoàn|vụ|đơn|lượt|người|tổ|cơ quan|trường hợp)|five", "sáu|six", "bảy|bẩy|seven",
    "tám|eight", "chín|nine", "mười|ten", "mười một|eleven", "mười hai|twelve",
)  # fmt: skip


class _Said(NamedTuple):
    """A number of a text: what it may be read as, and whether it is, or may be, a share."""

    readings: set[Decimal]
    is_share: bool
    may_be_share: bool


def look_up(table: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """Look each printed number up in the paragraph of its source's text that its locator names.

    `texts` are by source, their paragraphs count from 1. A row a number: the key of its figure,
    `column`, `printed`, `locator`; the `verdict` (`stands`, `differs`: it is none of the
    paragraph's numbers, `not_found`: there is none, `not_looked_up`: no text, or another locator);
    and `near`, the number of the paragraph that is one slip away.
    """
    units = {code: row["unit"] for code, row in entries("indicators", table).items()}
    paragraphs = {source: _paragraphs(text) for source, text in texts.items()}
    said: dict[str, list[_Said]] = {}
    found = []
    for row in records(table):
        place = _place(paragraphs.get(str(row["source"])), str(row["locator"]))
        for column in (name for name in NUMBERS if pd.notna(row[name])):
            printed, verdict, near = _printed(row, column), NOT_LOOKED_UP, ""
            if place is not None:
                numbers = said.setdefault(place, [*_numbers(place)])
                share = column == "change_percent" or units.get(str(row["indicator"])) == "percent"
                verdict, near = _verdict(abs(Decimal(printed)), place, numbers, share=share)
            key = (row[name] for name in PRINTED)
            found.append([*key, column, printed, row["locator"], verdict, near])
    return pd.DataFrame(
        found, columns=[*PRINTED, "column", "printed", "locator", "verdict", "near"]
    )


def _printed(row: Mapping[str, Any], column: str) -> str:
    decimals = row.get("decimals" if column == "value" else f"{column}_decimals")
    return f"{row[column]:.{0 if pd.isna(decimals) else int(decimals)}f}"


def _paragraphs(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).translate(_SPACES).replace("\r\n", "\n")
    return [part.replace("\n", " ") for part in re.split(r"\n\s*\n", plain.strip())]


def _place(paragraphs: list[str] | None, locator: str) -> str | None:
    """Return the paragraphs that a locator names; None where it names none in this way."""
    match = _LOCATOR.fullmatch(locator)
    if paragraphs is None or not match:
        return None
    return " ".join(paragraphs[max(int(match[1] or match[2]) - 1, 0) : int(match[1] or match[3])])


def _verdict(value: Decimal, place: str, numbers: list[_Said], *, share: bool) -> tuple[str, str]:
    """Say whether a number stands in its paragraph, and which one there is a slip away."""
    alike = [n for n in numbers if (n.may_be_share or value % 1 if share else not n.is_share)]
    words = _WORDS[int(value)] if value % 1 == 0 and value < len(_WORDS) else ""
    in_words = words and re.search(rf"\b(?:{words})\b", place, re.IGNORECASE)
    if in_words or any(value in each.readings for each in alike):
        return "stands", ""
    if not numbers:
        return NOT_FOUND, ""
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    near = sorted({one for each in alike for one in each.readings if one % step == 0})
    digits = [np.array([int(n / step) for n in each], object) for each in ([value], near)]
    slips = digit_slip(*np.broadcast_arrays(*digits)).tolist() if near else []
    near = [each for each, is_near in zip(near, slips, strict=True) if is_near]
    return DIFFERS, f"{near[0]:f}" if len(near) == 1 else ""


def _numbers(place: str) -> Iterator[_Said]:
    """Yield the numbers of a paragraph, the last one first."""
    plain = _NO_FIGURE.sub(lambda match: " " * len(match[0]), place)
    share, after, added = False, len(plain), set[Decimal]()
    for match in reversed([*_NUMBER.finditer(plain)]):
        joined = _AND.fullmatch(plain, match.end(), after) is not None
        share = _SHARE.match(plain, match.end()) is not None or (share and joined)
        readings, scale = _readings(match[0]), _SCALE.match(plain, match.end())
        if scale:
            readings = {each.scaleb(3 * (scale.lastindex or 1)) for each in readings}
            if added and not plain[scale.end() : after].strip():  # 15 tỷ 350 triệu
                readings |= {one + other for one in readings for other in added}
        added = readings if scale else set()
        unit = _UNIT.match(plain, match.end())
        steps = (-3, -6, -9) if scale or (unit and unit[1]) else (4,) if unit else ()
        readings = readings | {each.scaleb(step) for each in readings for step in steps}
        after = match.start()
        yield _Said(readings, share, share or _RATE.search(plain[:after][-60:]) is not None)


def _readings(number: str) -> set[Decimal]:
    """Return what a printed number may mean: 3.108 is three thousand, or three point one."""
    found = {Decimal(part) for part in number.split(" ") if part.isdecimal()}
    plain = number.replace(" ", "")
    if re.fullmatch(r"\d{1,3}([.,]\d{3})(?:[.,]\d{3})*|\d+", plain):
        found.add(Decimal(re.sub(r"[.,]", "", plain)))
    cut = max(plain.rfind("."), plain.rfind(","))
    if cut > 0 and plain.count(plain[cut]) == 1:
        found.add(Decimal(f"{re.sub('[.,]', '', plain[:cut])}.{plain[cut + 1 :]}"))
    return found
