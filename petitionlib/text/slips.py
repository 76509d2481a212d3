"""The suspect of a contradiction, and the slip that would explain it -> sentences."""

from decimal import Decimal
from typing import Final

from petitionlib.codebook.codes import NUMBERS
from petitionlib.codebook.entries import entries
from petitionlib.tables.frame import Row
from petitionlib.text.names import Names

__all__ = ["arithmetic", "explanation"]

_BOTH: Final = " + "
_VALUE, _CHANGE, _PERCENT = NUMBERS
_IN_DIGITS: Final = ("decimal_shift", "digit_slip", "lost_sign")  # told with the number that fits
_TWO: Final = 2


def explanation(text: Names, row: Row) -> str:
    """Say which printed number of a contradiction is most likely wrong, what would fit, and why."""
    codes, details = str(row["cause"]).split(), str(row["cause_detail"]).split("; ")
    causes = dict(zip(codes, details, strict=False))
    sentences = [_fit(text, row, causes)]
    part = str(row.get("cause_part", ""))
    for code, detail in causes.items():
        if code not in {*_IN_DIGITS, "exchanged"}:
            sentences.append(_cause(text, row, code, detail, part))
    return " ".join(filter(None, sentences))


def arithmetic(text: Names, terms: str) -> str:
    """Write the arithmetic of a check with the numbers as the reader writes them."""
    signs = {"*": "×"}
    return " ".join(
        text.number(float(term), most=len(term.partition(".")[2]))
        if term[-1].isdigit()
        else signs.get(term, term)
        for term in terms.split()
    )


def _fit(text: Names, row: Row, causes: dict[str, str]) -> str:
    """Say which number would fit, and how it may have been misprinted."""
    if not row["suspect"]:
        right = {code: detail for code, detail in causes.items() if code in _IN_DIGITS}
        if not right:
            return ""
        code = next(code for code in _IN_DIGITS if code in right)
        value = right[code].split()[0]
        if code == "lost_sign":
            value = f"{-row['stated']:.{int(row['decimals'])}f}"
        told, why = _number(text, row, value), _why(text, row, right, value)
        return text.say("fit.open", value=told, why=why)
    suspects = [dict(zip(_KEY, each, strict=True)) for each in zip(
        *(str(row[name]).split(_BOTH) for name in _COLUMNS), strict=True)]  # fmt: skip
    if len(suspects) == _TWO:
        (one, printed), (other, other_printed) = (
            (_name(text, row, each), _number(text, row, each["printed"], each)) for each in suspects
        )
        return text.say(
            "fit.exchanged", one=one, printed=printed, other=other, other_printed=other_printed
        )
    suspect = suspects[0]
    value, printed = suspect["value"], suspect["printed"]
    told = _number(text, row, value, suspect)
    why = _why(text, row, causes, value, printed)
    if _is_stated(row, suspect):
        return text.say("fit.stated", value=told, why=why)
    name = _name(text, row, suspect)
    return text.say(
        "fit.part", name=name, value=told, printed=_number(text, row, printed, suspect), why=why
    )


_COLUMNS: Final = (
    "suspect", "suspect_place", "suspect_year", "suspect_span", "suspect_column", "suspect_value",
    "suspect_printed",
)  # fmt: skip
_KEY: Final = ("indicator", "place", "year", "span", "column", "value", "printed")


def _is_stated(row: Row, suspect: dict[str, str]) -> bool:
    """Tell whether the suspect is the number under check itself."""
    own = row["identity"] if row["check"] in {"change", "percent"} else _VALUE
    own = own if own in NUMBERS else _VALUE
    return own == suspect["column"] and all(
        str(row[name]) == suspect[name] for name in ("indicator", "place", "year", "span")
    )


def _name(text: Names, row: Row, suspect: dict[str, str]) -> str:
    """Name a suspect: by its place and period, too, where they are not those of the check."""
    name = text.indicator(suspect["indicator"])
    if suspect["column"] != _VALUE:
        name = text.say("check.change", name=name)
    where = []
    if suspect["place"] != str(row["place"]):
        where.append(text.place(suspect["place"]))
    if (suspect["year"], suspect["span"]) != (str(row["year"]), str(row["span"])):
        where.append(text.period(suspect["span"], int(suspect["year"])))
    return ", ".join([*where, name])


def _number(text: Names, row: Row, value: str, suspect: dict[str, str] | None = None) -> str:
    """Write a number in the unit of the suspect, or of the figure under check."""
    if not value:
        return ""
    indicator = suspect["indicator"] if suspect else str(row["indicator"])
    column = suspect["column"] if suspect else str(row["identity"])
    unit = text.unit(indicator)
    decimals = len(value.partition(".")[2])
    if column == _PERCENT:
        return text.percent(float(value), decimals=decimals)
    if unit == "percent" and column == _CHANGE:
        return text.count(float(value), "points", most=decimals)
    if unit == "percent":
        return text.percent(float(value), decimals=decimals)
    return text.number(float(value), most=decimals)


def _why(text: Names, row: Row, causes: dict[str, str], value: str, printed: str = "") -> str:
    """Say which slip in its digits would have made a number of what it should be."""
    printed = printed or f"{row['stated']:.{int(row['decimals'])}f}"
    if "decimal_shift" in causes:
        whole = Decimal(value) % 1 == 0 and Decimal(printed) % 1 == 0
        return ": " + text.say("slip.zero" if whole else "slip.decimal")
    if "lost_sign" in causes:
        return ": " + text.say("slip.sign")
    if "digit_slip" not in causes:
        return ""
    one, other = (_digits(number) for number in (printed, value))
    if len(one) != len(other):
        return ": " + text.say("slip.lost" if len(one) < len(other) else "slip.added")
    return ": " + text.say("slip.swapped" if sorted(one) == sorted(other) else "slip.wrong")


def _digits(number: str) -> str:
    """Return the digits of a number without zeros that a decimal point adds."""
    return number.replace(".", "").replace("-", "").lstrip("0")


def _cause(text: Names, row: Row, code: str, detail: str, part: str) -> str:
    if code == "other_total" and float(detail) != row["stated"]:
        code = "other_total.sum"
    named = [_part(text, each) for each in part.split("; ")]
    return text.say(f"cause.{code}", part=named[0], detail=arithmetic(text, detail))


def _part(text: Names, part: str) -> str:
    """Name an indicator or a place."""
    return text.place(part) if part in entries("places", text) else text.indicator(part)
