"""A large tidy table of made-up figures, the same for the same seed.

The places are nobody's; the indicators, the identities and the rates are the codebook's. What a
source prints of one place and year agrees with itself, except that one figure in twenty is not
printed, one in a thousand is wrong, and one in five hundred is approximate.
"""

import json
from typing import Final

import numpy as np
import pandas as pd

from petitionlib.codebook import indicators

__all__ = ["INDICATORS", "RATES", "made_up_table"]

FIRST_YEAR: Final = 2014
SOURCES: Final = ("inspectorate", "people-committee", "statistics-office")
DAYS: Final = ("2026-01-05", "2026-02-10", "2026-03-15")
RATES: Final = {
    "petitions.eligible_rate": ("petitions.eligible", "petitions.received"),
    "cases.complaints.settlement_rate": ("cases.complaints.settled", "cases.complaints.due"),
    "cases.denunciations.settlement_rate": (
        "cases.denunciations.settled",
        "cases.denunciations.due",
    ),
    "cases.complaints_denunciations.settlement_rate": (
        "cases.complaints_denunciations.settled",
        "cases.complaints_denunciations.due",
    ),
}
COUNTS: Final = (
    "reception.visits", "reception.people", "reception.groups", "reception.group_people",
    "reception.regular.visits", "reception.regular.people",
    "reception.leader.visits", "reception.leader.people",
    "petitions.total", "petitions.carried_over", "petitions.received",
    "petitions.processed", "petitions.pending",
    "petitions.eligible", "petitions.eligible.complaints", "petitions.eligible.denunciations",
    "petitions.eligible.feedback",
    "petitions.in_jurisdiction", "petitions.in_jurisdiction.complaints",
    "petitions.in_jurisdiction.denunciations", "petitions.in_jurisdiction.feedback",
    "petitions.out_of_jurisdiction",
    "cases.complaints.due", "cases.complaints.settled",
    "cases.denunciations.due", "cases.denunciations.settled",
    "cases.complaints_denunciations.due", "cases.complaints_denunciations.settled",
    "broadcaster.received", "broadcaster.settled",
)  # fmt: skip
INDICATORS: Final = tuple(
    name for name in indicators()["indicator"] if name in COUNTS or name in RATES
)

_MISSING, _WRONG, _APPROXIMATE = 1 / 20, 1 / 1000, 1 / 500
_CHANGE, _CHANGE_PERCENT = 1 / 50, 1 / 100


def made_up_table(places: int = 10_000, years: int = 12, seed: int = 2022) -> pd.DataFrame:
    """Make a tidy table of `places` × `years` from 2014 × 34 indicators, less one row in twenty.

    It has the columns of `read_tables`, text as categories, and stands as files do: by year, then
    place, then indicator in the order of the codebook.
    """
    rng = np.random.default_rng(seed)
    value, decimals = _figures(rng, (years, places))
    shape = value.shape
    year, place, indicator = (axis.ravel() for axis in np.indices(shape, dtype="int32"))
    change, percent, percent_decimals = _changes(rng, value, decimals)
    status = _misprint(rng, value)
    source = (place + year) % len(SOURCES)
    table = pd.DataFrame(
        {
            "place": _texts(place, [f"commune-{n:05}" for n in range(places)]),
            "year": FIRST_YEAR + year.astype("int64"),
            "span": _texts(np.zeros(value.size, dtype="int8"), ["Y"]),
            "indicator": _texts(indicator, INDICATORS),
            "value": value.ravel(),
            "change": change.ravel(),
            "change_percent": percent.ravel(),
            "status": _texts(status.ravel().astype("int8"), ["", "e"]),
            "source": _texts(source, SOURCES),
            "locator": _texts(indicator, [f"column {n + 1}" for n in range(shape[-1])]),
            "decimals": pd.array(decimals.ravel(), dtype="Int8"),
            "change_percent_decimals": _small(percent_decimals.ravel()),
            "published": _texts(source, DAYS),
            "source_order": pd.array(source, dtype="Int64"),
            "codebook": _texts(np.zeros(value.size, dtype="int8"), [""]),
        }
    )
    table = table[rng.random(len(table)) >= _MISSING].reset_index(drop=True)
    rows = [
        [name, f"Made up: {name}", "", "", day, ""] for name, day in zip(SOURCES, DAYS, strict=True)
    ]
    table.attrs["sources"] = json.dumps(rows)
    return table


def _figures(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Make the figures and their printed decimals: year × place × indicator."""
    counts = _counts(rng, shape)
    value = np.empty((*shape, len(INDICATORS)))
    decimals = np.zeros(value.shape, dtype="int8")
    for i, name in enumerate(INDICATORS):
        if name in RATES:
            part, whole = (counts[other] for other in RATES[name])
            decimals[..., i] = rng.integers(1, 3, shape[1])  # a place prints alike every year
            value[..., i] = _printed(100 * part, whole, decimals[..., i])
        else:
            value[..., i] = counts[name]
    return value, decimals


def _counts(rng: np.random.Generator, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Draw counts that keep the identities of the codebook; no rate is divided by zero."""
    years, places = shape
    size = rng.lognormal(3.5, 1.0, places) * rng.lognormal(0, 0.1, shape)
    size *= np.linspace(1.0, 1.3, years)[:, None]
    return {
        **_reception(rng, size),
        **_petitions(rng, size),
        **_cases(rng, size),
        **_settled(rng, "broadcaster.received", "broadcaster.settled", rng.poisson(size / 20)),
    }


def _reception(rng: np.random.Generator, size: np.ndarray) -> dict[str, np.ndarray]:
    groups = rng.poisson(size / 50)
    c = {
        "reception.groups": groups,
        "reception.group_people": 5 * groups + rng.poisson(4 * groups),
        "reception.regular.visits": rng.poisson(2 * size),
        "reception.leader.visits": rng.poisson(size),
    }
    for kind in ("regular", "leader"):
        visits = c[f"reception.{kind}.visits"]
        c[f"reception.{kind}.people"] = visits + rng.poisson(visits / 8)
    for unit in ("visits", "people"):
        c[f"reception.{unit}"] = c[f"reception.regular.{unit}"] + c[f"reception.leader.{unit}"]
    return c


def _petitions(rng: np.random.Generator, size: np.ndarray) -> dict[str, np.ndarray]:
    c: dict[str, np.ndarray] = {}
    for kind, share in (("complaints", 0.5), ("denunciations", 0.1), ("feedback", 1.2)):
        c[f"petitions.eligible.{kind}"] = rng.poisson(share * size)
        c[f"petitions.in_jurisdiction.{kind}"] = rng.binomial(c[f"petitions.eligible.{kind}"], 0.4)
    for whole in ("petitions.eligible", "petitions.in_jurisdiction"):
        c[whole] = sum(c[f"{whole}.{kind}"] for kind in ("complaints", "denunciations", "feedback"))
    c["petitions.out_of_jurisdiction"] = c["petitions.eligible"] - c["petitions.in_jurisdiction"]
    c["petitions.processed"] = 1 + c["petitions.eligible"] + rng.poisson(size / 4)
    c["petitions.pending"] = rng.poisson(size / 30)
    c["petitions.total"] = c["petitions.processed"] + c["petitions.pending"]
    c["petitions.carried_over"] = rng.binomial(c["petitions.total"], 0.02)
    c["petitions.received"] = c["petitions.total"] - c["petitions.carried_over"]
    return c


def _cases(rng: np.random.Generator, size: np.ndarray) -> dict[str, np.ndarray]:
    c: dict[str, np.ndarray] = {}
    for kind, share in (("complaints", 0.1), ("denunciations", 0.02)):
        due = 1 + rng.poisson(share * size)
        c.update(_settled(rng, f"cases.{kind}.due", f"cases.{kind}.settled", due))
    for what in ("due", "settled"):
        both = c[f"cases.complaints.{what}"] + c[f"cases.denunciations.{what}"]
        c[f"cases.complaints_denunciations.{what}"] = both
    return c


def _settled(
    rng: np.random.Generator, whole: str, part: str, count: np.ndarray
) -> dict[str, np.ndarray]:
    return {whole: count, part: rng.binomial(count, 0.85)}


def _changes(
    rng: np.random.Generator, value: np.ndarray, decimals: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Print a few changes on the year before, in the unit and in percent, and their decimals."""
    change = np.full(value.shape, np.nan)
    percent = np.full(value.shape, np.nan)
    change[1:] = np.round(value[1:] - value[:-1], 2)
    change[rng.random(value.shape) >= _CHANGE] = np.nan
    digits = rng.integers(1, 3, value.shape, dtype="int8")
    whole = (decimals[1:] == 0) & (value[:-1] > 0)
    base = np.where(whole, value[:-1], 1).astype("int64")
    grown = np.where(whole, value[1:] - value[:-1], 0).astype("int64")
    percent[1:] = np.where(whole, _printed(100 * grown, base, digits[1:]), np.nan)
    percent[rng.random(value.shape) >= _CHANGE_PERCENT] = np.nan
    return change, percent, np.where(np.isnan(percent), -1, digits)


def _misprint(rng: np.random.Generator, value: np.ndarray) -> np.ndarray:
    """Make a few figures wrong and a few approximate, in place; tell which are approximate."""
    value[rng.random(value.shape) < _WRONG] += 9
    rough = rng.random(value.shape) < _APPROXIMATE
    cut = rough & (value >= 100)  # noqa: PLR2004 - "more than 120" for 127
    value[cut] = value[cut] // 10 * 10
    return rough


def _printed(part: np.ndarray, whole: np.ndarray, decimals: np.ndarray) -> np.ndarray:
    """Divide whole numbers and round half away from zero to the decimals, exactly."""
    scale = 10 ** decimals.astype("int64")
    rounded = (2 * np.abs(part) * scale + whole) // (2 * whole)
    return np.sign(part) * rounded / scale


def _texts(codes: np.ndarray, names: list[str] | tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"))


def _small(numbers: np.ndarray) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(numbers.astype("int8"), numbers < 0)
