"""What limits a comparison: changes of form, period and territory, and early figures."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from petitionlib.codebook.break_scope import broken_indicators, broken_places
from petitionlib.codebook.entries import entries
from petitionlib.codebook.windows import last_day
from petitionlib.tables.sources import source_list
from petitionlib.text.names import Names

__all__ = ["breaks_before", "cautions"]


def cautions(text: Names, changes: pd.DataFrame) -> str:
    """Say in plain words what the reader of some comparisons must know, a sentence a line."""
    flags = changes["flag"].astype("str").fillna("").str.split()
    elsewhere = int(flags.map(lambda found: "boundary" in found).sum())
    lines = [*_crossed(text, changes, flags)]
    if elsewhere and not lines:
        key = "cautions.territory" + ".one" * (elsewhere == 1)
        lines = [text.say(key, count=text.number(elsewhere))]
    compared = changes["absolute_change"].notna()
    if (_open(text, changes) & compared).any():
        lines.append(text.say("cautions.open"))
    if not lines:
        key = "cautions.none" if entries("breaks", text) else "cautions.unknown"
        lines = [text.say(key if compared.any() else "cautions.nothing")]
    return "\n".join([*lines, *_early(text, changes)])


def breaks_before(
    text: Names, changes: pd.DataFrame, indicator: str, span: str, years: Iterable[int]
) -> dict[int, str]:
    """Say what changed before each of some years of a series: form, period or territory.

    Takes rows of `year_over_year` of one indicator and span. Returns the reasons by the first
    year after the change; a change of territory counts where the rows of any place say that it
    is another one (`boundary`).
    """
    rows = zip(changes["year"].tolist(), changes["flag"].tolist(), strict=True)
    elsewhere = {year for year, flags in rows if "boundary" in flags.split()}
    places, found = changes["place"].unique().tolist(), {}
    touching = [
        row
        for row in entries("breaks", text).values()
        if broken_indicators(row, [indicator]) and broken_places(row, places, text)
    ]
    for year in sorted(years):
        reasons = list(_reasons(text, touching, span, year, moved=year in elsewhere))
        if reasons:
            found[year] = "; ".join(dict.fromkeys(reasons))
    return found


def _reasons(
    text: Names, touching: Iterable[Mapping[str, str]], span: str, year: int, *, moved: bool
) -> Iterable[str]:
    """Name what lies between the ends of a span in a year and in the previous year."""
    ends = [last_day(span, y, text).isoformat() for y in (year - 1, year)]
    named = False
    for row in touching:
        boundary = row["scope"] == "boundary"
        if ends[0] < row["date"] <= ends[1] and (moved or not boundary):
            named |= boundary
            label = text.label(row, "label")
            yield text.say("break.on", day=text.date(row["date"]), label=label)
    if moved and not named:
        yield from text.flags("boundary")


def _crossed(text: Names, changes: pd.DataFrame, flags: pd.Series) -> Iterator[str]:
    """Name each break that some of the comparisons cross, with how many they are."""
    told = set()  # breaks of one day and name are one reason; of territory, of one day
    for row in entries("breaks", text).values():
        touched = flags.map(lambda found, scope=row["scope"]: scope in found)
        if row["scope"] != "boundary":
            touched &= changes["absolute_change"].notna()
        for name, broken in (
            ("indicator", broken_indicators(row, changes["indicator"].unique())),
            ("place", broken_places(row, changes["place"].unique(), text)),
        ):
            touched &= changes[name].isin(broken)
        count = int((touched & _between(text, changes, row["date"])).sum())
        label = text.label(row, "label") if row["scope"] != "boundary" else ""
        if count and (row["scope"], row["date"], label) not in told:
            told.add((row["scope"], row["date"], label))
            kind = "boundary" if row["scope"] == "boundary" else "break"
            yield text.say(
                f"cautions.{kind}" + ".one" * (count == 1),
                date=text.date(row["date"]),
                label=text.label(row, "label"),
                count=text.number(count),
            )


def _between(text: Names, changes: pd.DataFrame, day: str) -> pd.Series:
    """Tell which comparisons have a day between the ends of their two windows."""
    crossed = {
        (span, year): _end(text, span, year - 1) < day <= _end(text, span, year)
        for span, year in set(zip(changes["span"], changes["year"], strict=True))
    }
    pairs = zip(changes["span"], changes["year"], strict=True)
    return pd.Series([crossed[pair] for pair in pairs], index=changes.index, dtype="bool")


def _end(text: Names, span: str, year: int) -> str:
    return last_day(span, year, text).isoformat()


def _open(text: Names, changes: pd.DataFrame) -> pd.Series:
    open_spans = [code for code, row in entries("spans", text).items() if not row["end"]]
    return changes["span"].isin(open_spans)


def _early(text: Names, changes: pd.DataFrame) -> Iterator[str]:
    """Name the sources that were published before the period ended."""
    used = changes.loc[~_open(text, changes), ["source", "span", "year"]].drop_duplicates()
    periods: dict[str, list[tuple[str, int]]] = {}
    for source, span, year in used.itertuples(index=False):
        periods.setdefault(source, []).append((span, year))
    for row in source_list(text):
        published = row[4]
        for span, year in periods.get(row[0], []):
            end = _end(text, span, year)
            if "" != published < end:
                yield text.say(
                    "cautions.early",
                    publisher=row[2] or row[0],
                    date=text.date(published),
                    end=text.date(end),
                )
