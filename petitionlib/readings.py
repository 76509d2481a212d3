"""Rows of tables -> sentences and readable tables, in English and Vietnamese."""

import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple

import pandas as pd

from petitionlib.codebook import Carrier, entries
from petitionlib.labels import (
    MISSING,
    direction,
    is_known,
    label_change,
    label_count,
    label_date,
    label_figure,
    label_flags,
    label_indicator,
    label_number,
    label_percent,
    label_place,
    label_span,
    rounds_to_zero,
    say,
    unit_of,
)
from petitionlib.tables import source_list

__all__ = [
    "count_verdicts",
    "label_cause",
    "label_check",
    "label_comparison",
    "label_contradiction",
    "label_contradictions",
    "label_coverage",
    "label_findings",
    "label_ledger",
    "label_source",
    "label_sources",
    "label_summary",
    "label_table",
    "label_tables",
    "label_title",
    "label_verdicts",
    "show",
]

_HEADLINES: Final = (
    "petitions.received", "reception.visits", "reception.people", "reception.groups",
    "cases.complaints_denunciations.settlement_rate",
)  # fmt: skip
_NOTABLE: Final = ("contradicts", "unexplained", "truncated")
_VERDICTS: Final = (
    "exact", "rounded", "truncated", "holds", "unexplained", "contradicts", "cannot_check",
)  # fmt: skip
_CHECKS: Final = ("sum", "bound", "rate", "change", "conflict")


def label_comparison(row: pd.Series, *, lang: str = "en", notes: bool = True) -> str:
    """Write one row of `year_over_year` as a sentence, with notes on what makes it uncertain.

    >>> from petitionlib import read_tables, year_over_year
    >>> changes = year_over_year(read_tables())
    >>> at = (changes["place"] == "can-tho") & (changes["year"] == 2023)
    >>> row = changes[at & (changes["indicator"] == "petitions.received")].iloc[0]
    >>> print(label_comparison(row))
    Petitions received: 2,917 petitions, down 191 (-6.1 %) on 2022.
    >>> print(label_comparison(row, lang="vi"))
    Đơn tiếp nhận trong kỳ: 2.917 đơn, giảm 191 đơn (6,1 %) so với cùng kỳ năm 2022.
    """
    unit, year = unit_of(row["indicator"], row), int(row["year"])
    whole = row["span"] == "Y"
    name = label_indicator(row["indicator"], lang=lang, table=row)
    text = f"{name}: {label_figure(row['value'], unit, decimals=row.get('decimals'), lang=lang)}"
    change = row["absolute_change"]
    if is_known(change):
        moved = _moved(row, "" if lang == "en" and unit != "percent" else unit, lang)
        text += f", {moved} {say('on_year' if whole else 'on_year.part', lang, year=year - 1)}"
    why = label_flags(row["flag"], lang=lang, skip=("small_base",) if is_known(change) else ())
    if row["basis"] == "derived":
        base = label_figure(row["previous"], unit, lang=lang)
        why = [
            say(
                "derived_base" if whole else "derived_base.part", lang, year=year - 1, previous=base
            ),
            *why,
        ]
    return f"{text} ({'; '.join(why)})." if notes and why else f"{text}."


def label_check(row: pd.Series, *, lang: str = "en") -> str:
    """Write one row of `reconcile` as a sentence: what was printed, and what follows from the rest.

    >>> from petitionlib import read_tables, reconcile
    >>> ledger = reconcile(read_tables())
    >>> row = ledger[(ledger["place"] == "can-tho") & (ledger["verdict"] == "unexplained")].iloc[0]
    >>> print(label_check(row))
    Feedback handled: 1,945 printed, 798 + 933 = 1,731; difference 214, unexplained.
    """
    unit = unit_of(row["indicator"], row)
    rate = unit == "percent" or row["identity"] == "change_percent"
    points = unit == "percent" and row["identity"] == "change"
    printed = _printed(row, lang, "points" if points else "percent" if rate else "")
    name = label_indicator(row["indicator"], lang=lang, table=row)
    if row["check"] == "change":
        name = say("check.change", lang, name=name)
    if row["verdict"] == "cannot_check":
        return say("check.cannot_check", lang, name=name, printed=printed)
    computed = label_number(row["computed"], lang)
    if row["check"] == "conflict":
        computed = label_figure(row["computed"], "percent" if rate else "", lang=lang)
    elif rate and not points:
        computed = label_percent(row["computed"], decimals=3, lang=lang)
    terms = _localized(row["arithmetic"], lang)
    relation = (
        computed if row["check"] == "conflict" or terms == computed else f"{terms} = {computed}"
    )
    return say(
        f"check.{row['verdict']}.{_side(row)}",
        lang,
        name=name,
        printed=printed,
        relation=relation,
        difference=_difference(row["difference"], lang, rate=rate),
    )


def label_cause(row: pd.Series, *, lang: str = "en") -> str:
    """Say what simple slip would produce the printed number of a row of `reconcile`; else blank.

    >>> from petitionlib import read_tables, reconcile
    >>> ledger = reconcile(read_tables())
    >>> row = ledger[ledger["cause"] == "other_base"].iloc[0]
    >>> print(label_cause(row))
    Would match if divided by petitions received (286,950 / 344,820).
    """
    cause, detail = row["cause"], str(row["cause_detail"])
    if not cause:
        return ""
    if cause == "decimal_shift":
        detail = detail.split(maxsplit=1)[0]
    if cause == "digit_slip":
        stated = label_number(row["stated"], "en", int(row["decimals"]), int(row["decimals"]))
        same = sorted(stated.replace(",", "")) == sorted(detail)
        cause = f"digit_slip.{'swapped' if same else 'wrong'}"
    part = _name_of_part(str(row["cause_part"]), row, lang)
    return say(f"cause.{cause}", lang, part=part, detail=_localized(detail, lang))


def label_title(
    place: str | None = None,
    year: int | None = None,
    *,
    span: str = "Y",
    lang: str = "en",
    table: Carrier = None,
) -> str:
    """Write the title of a report: about a place in one year, over all years, or about the tables.

    >>> label_title("can-tho", 2022)
    'Can Tho, 2022: citizen reception and petitions'
    >>> label_title("can-tho", lang="vi")
    'Cần Thơ: tiếp công dân và đơn thư qua các năm'
    """
    if place is None:
        return say("report.data", lang)
    name = label_place(place, lang=lang, table=table)
    if year is None:
        return say("report.trend", lang, place=name)
    return say(
        "report.year", lang, place=name, period=label_span(span, year, lang=lang, table=table)
    )


def label_findings(changes: pd.DataFrame, *, lang: str = "en") -> str:
    """Write the main comparisons of one place and period, a sentence a line.

    Takes rows of `year_over_year`. The main figures (petitions received, visits, people, large
    groups, settlement rate) come first if they can be compared; where none can, the text says so
    and gives them as they are.
    """
    rows = {row["indicator"]: row for _, row in changes.iterrows()}
    main = [rows[code] for code in _HEADLINES if code in rows]
    compared = [row for row in main if is_known(row["absolute_change"])]
    sentences = [label_comparison(row, lang=lang) for row in compared]
    if not sentences:
        sentences = [say("findings.none", lang)]
        sentences += [label_comparison(row, lang=lang, notes=False) for row in main]
    return "\n".join(sentences)


def label_table(changes: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return rows of `year_over_year` as a table of text for readers.

    The index names the indicators, in the order of the codebook; the columns are the figure, the
    figure a year before, the change, and remarks (derived, provisional, why a comparison needs
    care). Where the rows are of several places or periods, these come first. Missing is a dash.
    """
    order = {code: i for i, code in enumerate(entries("indicators", changes))}
    rows = changes.assign(order=changes["indicator"].astype("str").map(order))
    rows = rows.sort_values(["order", "place", "span", "year"], kind="stable")
    records = [row for _, row in rows.iterrows()]
    lists: dict[str, Iterable[str]] = {}
    if len(set(rows["place"])) > 1:
        cells = [label_place(row["place"], lang=lang, table=rows) for row in records]
        lists[say("column.place", lang)] = cells
    if len(rows[["span", "year"]].drop_duplicates()) > 1:
        cells = [label_span(row["span"], row["year"], lang=lang, table=rows) for row in records]
        lists[say("column.period", lang)] = cells
    lists[say("column.value", lang)] = [_value(row, lang) for row in records]
    lists[say("column.previous", lang)] = [_previous(row, lang) for row in records]
    lists[say("column.change", lang)] = [_change(row, lang) for row in records]
    lists[say("column.remarks", lang)] = [_remarks(row, lang) for row in records]
    names = [label_indicator(i, lang=lang, table=rows) for i in rows["indicator"]]
    return pd.DataFrame(lists, index=names, dtype="str")


def label_ledger(ledger: pd.DataFrame, *, lang: str = "en") -> str:
    """Write what does not add up in a ledger, a sentence a line, after a summary of all checks.

    Takes rows of `reconcile`. Contradictions come first, then what is unexplained, then rates that
    were cut off instead of rounded. Place and period are named where the rows have several.
    """
    if ledger.empty:
        return say("ledger.nothing", lang)
    rows = ledger[ledger["verdict"].isin(_NOTABLE)]
    order = rows["verdict"].map(_NOTABLE.index).astype("int64")
    rows = rows.loc[order.sort_values(kind="stable").index]
    several = len(ledger[["place", "year", "span"]].drop_duplicates()) > 1
    lines = [_where(row, lang, named=several) + _explained(row, lang) for _, row in rows.iterrows()]
    if len(set(ledger["source"])) > 1:
        publishers = {row[0]: row[2] or row[0] for row in source_list(ledger)}
        named = [publishers.get(source, source) for source in rows["source"]]
        lines = [
            say("ledger.source", lang, line=line, source=source)
            for line, source in zip(lines, named, strict=True)
        ]
    return "\n".join([label_summary(ledger, lang=lang), *lines])


class Shown(NamedTuple):
    """A table as a notebook shows it, every word of it."""

    text: str
    html: str

    def __repr__(self) -> str:
        """Return the table as plain text."""
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def show(table: pd.DataFrame) -> Shown:
    """Show a table whole: no text is cut, no row left out, no option of pandas is changed.

    As the last line of a cell it is displayed; `print(show(table))` writes it as text.

    >>> long = "a remark of more than the fifty letters that pandas shows"
    >>> long in str(show(pd.DataFrame({"Remarks": [long]})))
    True
    """
    whole = ("display.max_colwidth", None, "display.max_rows", None, "display.max_columns", None)
    with pd.option_context(*whole):
        html = table.to_html(border=0, max_rows=None, max_cols=None)
        return Shown(table.to_string(), html)


def label_verdicts(ledger: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return how many checks of each kind ended in each verdict, as a table of text."""
    counts = pd.crosstab(ledger["check"], ledger["verdict"])
    counts = counts.reindex(
        index=[c for c in _CHECKS if c in counts.index],
        columns=[v for v in _VERDICTS if v in counts.columns],
    )
    return pd.DataFrame(
        [[label_number(n, lang) if n else MISSING for n in row] for row in counts.to_numpy()],
        index=[say(f"ledger.{check}", lang) for check in counts.index],
        columns=[say(f"verdict.{verdict}", lang) for verdict in counts.columns],
        dtype="str",
    )


def label_coverage(table: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return how many figures a table holds of each place and year, as a table of text."""
    known = table[table["value"].notna()]
    counts = pd.crosstab(known["place"], known["year"])
    return pd.DataFrame(
        [[label_number(n, lang) if n else MISSING for n in row] for row in counts.to_numpy()],
        index=[label_place(place, lang=lang, table=table) for place in counts.index],
        columns=[str(year) for year in counts.columns],
        dtype="str",
    )


def label_tables(table: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return what the table of each year holds, with a fingerprint that any change of it changes.

    The fingerprint is made of the published content of the rows, in whatever order they stand.
    """
    columns = [
        say(f"column.{name}", lang) for name in ("figures", "places", "sources", "fingerprint")
    ]
    rows = {
        str(year): [
            label_number(len(of_year), lang),
            label_number(of_year["place"].nunique(), lang),
            label_number(of_year["source"].nunique(), lang),
            _fingerprint(of_year),
        ]
        for year, of_year in table.groupby("year")
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="str")


def _fingerprint(table: pd.DataFrame) -> str:
    lines = sorted(table.to_csv(index=False, header=False, lineterminator="\n").splitlines())
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return f"#{digest[:12]}"


def label_sources(sources: pd.DataFrame, *, lang: str = "en") -> str:
    """Write the rows of `sources` as a list of references, a line each."""
    return "\n".join(label_source(row, lang=lang) for _, row in sources.iterrows())


def label_source(row: pd.Series, *, lang: str = "en") -> str:
    """Write one row of `sources` as a line of a list of references.

    >>> from petitionlib import read_tables, sources
    >>> rows = sources(read_tables()).set_index("source", drop=False)
    >>> label_source(rows.loc["ttcp-2022-07-07"])  # doctest: +ELLIPSIS
    'Hội nghị sơ kết 6 tháng đầu năm 2022 ngành Thanh tra. thanhtra.gov.vn, 7 July 2022. https://...'
    """
    day = row["published"]
    when = label_date(day, lang=lang) if day else say("no_date", lang)
    title = " ".join(row["title"].split()) or row["source"]
    line = f"{title}. {row['publisher'] or MISSING}, {when}."
    return f"{line} {row['url']}" if row["url"] else line


def _printed(row: pd.Series, lang: str, unit: str) -> str:
    if unit == "points":
        return label_count(row["stated"], "points", lang=lang)
    return label_figure(row["stated"], unit, decimals=row.get("decimals"), lang=lang)


def _side(row: pd.Series) -> str:
    """Tell an upper from a lower bound: a lower one is a multiple (five people to a group)."""
    if row["check"] != "bound":
        return "conflict" if row["check"] == "conflict" else "figure"
    return "least" if "*" in row["arithmetic"] else "most"


def _value(row: pd.Series, lang: str) -> str:
    unit = unit_of(row["indicator"], row)
    return label_figure(row["value"], unit, decimals=row.get("decimals"), lang=lang)


def _previous(row: pd.Series, lang: str) -> str:
    return label_figure(row["previous"], unit_of(row["indicator"], row), lang=lang)


def _change(row: pd.Series, lang: str) -> str:
    unit = unit_of(row["indicator"], row)
    return label_change(
        row["absolute_change"],
        unit if unit == "percent" or lang == "vi" else "",
        relative=row["relative_change"],
        previous=None if unit == "percent" else row["previous"],
        lang=lang,
    )


def _remarks(row: pd.Series, lang: str) -> str:
    """Say what a reader must know of a figure, but not that there is nothing to compare it with."""
    said = ("no_previous", "small_base", *(["approximate"] if row.get("status") == "e" else []))
    remarks = label_flags(row["flag"], lang=lang, skip=said)
    if row["basis"] == "derived":
        remarks.insert(0, say("remark.derived", lang))
    if row.get("status"):
        remarks.insert(0, say(f"status.{row['status']}", lang))
    return "; ".join(remarks)


def _where(row: pd.Series, lang: str, *, named: bool) -> str:
    if not named:
        return ""
    period = label_span(row["span"], row["year"], lang=lang, table=row)
    return f"{label_place(row['place'], lang=lang, table=row)}, {period}. "


def _moved(row: pd.Series, unit: str, lang: str) -> str:
    change = row["absolute_change"]
    counted = unit_of(row["indicator"], row) != "percent"
    text = label_change(
        change,
        unit,
        relative=row["relative_change"],
        previous=row["previous"] if counted else None,
        lang=lang,
    )
    if lang == "en" and not rounds_to_zero(change):
        return f"{say(direction(change), lang)} {text[1:]}"
    return text


def _difference(difference: float, lang: str, *, rate: bool) -> str:
    size = abs(difference)
    if rate:
        return label_count(round(size, 3), "points", lang=lang, most=3)
    return label_number(size, lang)


def _localized(arithmetic: str, lang: str) -> str:
    signs = {"*": "×"}
    return " ".join(
        label_number(float(term), lang, most=len(term.partition(".")[2]))
        if term[-1].isdigit()
        else signs.get(term, term)
        for term in arithmetic.split()
    )


def count_verdicts(ledger: pd.DataFrame) -> dict[str, int]:
    """Return how many checks of a ledger ended in each verdict; every verdict is named.

    >>> from petitionlib import read_tables, reconcile
    >>> count_verdicts(reconcile(read_tables()))["unexplained"]
    1
    """
    counts = ledger["verdict"].value_counts()
    return {verdict: int(counts.get(verdict, 0)) for verdict in _VERDICTS}


def label_summary(ledger: pd.DataFrame, *, lang: str = "en") -> str:
    """Write in a sentence how many checks of a ledger ended in each verdict."""
    if ledger.empty:
        return say("ledger.nothing", lang)
    counts = count_verdicts(ledger)
    named = {verdict: counts[verdict] for verdict in (*_NOTABLE, "cannot_check")}
    agree = sum(counts[verdict] for verdict in ("exact", "rounded", "holds"))
    numbers = {"checks": len(ledger), "agree": agree, **named}
    written = {name: label_number(number, lang) for name, number in numbers.items()}
    return say("ledger.summary", lang, **written)


def label_contradiction(row: pd.Series, *, lang: str = "en") -> str:
    """Write one row of `reconcile` so that it can stand alone: place, period, sentence, source."""
    line = _where(row, lang, named=True) + _explained(row, lang)
    return say("ledger.source", lang, line=line, source=_publisher(row))


def label_contradictions(ledger: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return rows of `reconcile` as a table of text for readers, a row each, in their order.

    The columns are place, period, indicator, the printed and the computed number, their
    difference, and who published the figure.
    """
    names = ("place", "period", "indicator", "printed", "computed", "difference", "source")
    rows = [
        (
            label_place(row["place"], lang=lang, table=row),
            label_span(row["span"], row["year"], lang=lang, table=row),
            label_indicator(row["indicator"], lang=lang, table=row),
            *_numbers(row, lang),
            _publisher(row),
        )
        for _, row in ledger.iterrows()
    ]
    return pd.DataFrame(rows, columns=[say(f"column.{name}", lang) for name in names], dtype="str")


def _numbers(row: pd.Series, lang: str) -> tuple[str, str, str]:
    """Write the printed number, the computed one and their difference, with its sign."""
    rate = unit_of(row["indicator"], row) == "percent"
    stated, computed, difference = row["stated"], row["computed"], row["difference"]
    sign = "" if difference < 0 else "+"
    if rate and row["identity"] == "change":
        stated, computed, difference = (
            label_count(number, "points", lang=lang, most=3)
            for number in (stated, computed, difference)
        )
        return stated, computed, sign + difference
    if rate or row["identity"] == "change_percent":
        printed = label_figure(stated, "percent", decimals=row["decimals"], lang=lang)
        size = label_count(difference, "points", lang=lang, most=3)
        return printed, label_percent(computed, decimals=3, lang=lang), sign + size
    bound = {"most": "≤ ", "least": "≥ "}.get(_side(row), "")
    limit = bound + label_number(computed, lang)
    return label_number(stated, lang), limit, sign + label_number(difference, lang)


def _name_of_part(part: str, row: pd.Series, lang: str) -> str:
    """Name an indicator as it stands within a sentence, or a place."""
    if part in entries("places", row):
        return label_place(part, lang=lang, table=row)
    name = label_indicator(part, lang=lang, table=row)
    return name[:1].lower() + name[1:]


def _explained(row: pd.Series, lang: str) -> str:
    return " ".join(filter(None, [label_check(row, lang=lang), label_cause(row, lang=lang)]))


def _publisher(row: pd.Series) -> str:
    publishers = {listed[0]: listed[2] for listed in source_list(row)}
    return publishers.get(row["source"]) or str(row["source"])
