"""What holds for any table: of order, of what is unrelated, of consistency, of the input."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from petitionlib import (
    contributions,
    known_on,
    plot_changes,
    plot_composition,
    plot_settlement,
    plot_trend,
    rates,
    read_table,
    read_tables,
    reconcile,
    revisions,
    shares,
    sources,
    to_boundaries,
    year_over_year,
)
from petitionlib.changes.figures import figures
from petitionlib.codebook.arguments import check_known
from petitionlib.codebook.codebook import identities, indicators, places
from petitionlib.text.text import Text

DATA = Path(__file__).parents[1] / "data"
KEY = ["place", "year", "span", "indicator"]
KINDS = ("complaints", "denunciations", "feedback")
TEXTS = ["place", "span", "indicator", "status", "source", "locator"]
few, small = examples(15), examples(50)

counts = st.integers(0, 10**6)
rows = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["can-tho", "can-tho-2025", "viet-nam", "hau-giang", "atlantis"]),
        "year": st.integers(2019, 2026),
        "span": st.sampled_from(["Y", "H1", "AY", "YTD", "week"]),
        "indicator": st.sampled_from(
            ["petitions.received", "cases.all.settlement_rate", "reception.visits", "letters"]
        ),
        "value": st.none() | counts,
        "change": st.none() | st.integers(-100, 100),
        "status": st.sampled_from(["", "p", "r", "e"]),
        "source": st.sampled_from(["a", "b"]),
    }
)
tables = st.lists(
    rows, min_size=1, max_size=25, unique_by=lambda r: (*map(r.get, KEY), r["source"])
)


def frame(made):
    """Make a tidy table of rows, of which source b is the newer."""
    columns = [*KEY, "value", "change", "status", "source"]
    table = pd.DataFrame(made, columns=columns).astype({"value": "float64", "change": "float64"})
    return table.assign(source_order=table["source"].map({"a": 1, "b": 2}).astype("Int64"))


def accounts():
    """Make one consistent year: counts that add up and rates that follow from them."""
    return st.lists(counts.filter(bool), min_size=12, max_size=12).map(_consistent)


def _consistent(n):
    made = {}
    for prefix, start in (("petitions.in_jurisdiction", 0), ("petitions.eligible", 3)):
        parts = [sum(n[i : start + 3 : 3]) for i in range(3)]
        made |= {f"{prefix}.{kind}": part for kind, part in zip(KINDS, parts, strict=True)}
        made[f"{prefix}.complaints_denunciations"] = sum(parts[:2])
        made[prefix] = sum(parts)
    if made["petitions.in_jurisdiction"] > made["petitions.eligible"]:
        message = "the parts of this table are made to be nested"
        raise AssertionError(message)
    made["petitions.out_of_jurisdiction"] = (
        made["petitions.eligible"] - made["petitions.in_jurisdiction"]
    )
    made["petitions.processed"] = made["petitions.eligible"] + n[6]
    made["petitions.received"] = made["petitions.processed"] + n[7]
    made["petitions.pending"] = n[7]
    made["petitions.total"] = made["petitions.received"]
    made["petitions.carried_over"] = 0
    made["reception.regular.visits"], made["reception.leader.visits"] = n[8], n[9]
    made["reception.visits"] = n[8] + n[9]
    made["cases.complaints.due"] = 4 * n[10]
    made["cases.complaints.settled"] = 3 * n[10]
    made["cases.complaints.settlement_rate"] = 75
    return made


def year_of(made):
    """Make the table of one place and year."""
    return pd.DataFrame(
        {"place": "can-tho", "year": 2022, "span": "Y", "source": "a"}
        | {"indicator": list(made), "value": [float(v) for v in made.values()]}
    )


FIELDS = ["value", "change", "change_percent"]
PLACES = ["hau-giang", "hau-giang--province-level", "hau-giang--districts"]


@st.composite
def two_years(draw):
    """Make two consistent years of a place and of its two children, as rows of a file."""
    years = {}
    for year in (2021, 2022):
        children = [draw(accounts()), draw(accounts())]
        whole = {code: sum(child[code] for child in children) for code in children[0]}
        whole |= {code: 75 for code in whole if code.endswith("rate")}
        years[year] = dict(zip(PLACES, [whole, *children], strict=True))
    return [
        line(place, year, code, value, years.get(year - 1, {}).get(place, {}).get(code))
        for year, of_places in years.items()
        for place, figures_of_place in of_places.items()
        for code, value in figures_of_place.items()
    ]


def line(place, year, code, value, before):
    """Write a figure as it would be published, with its change if there is a year before."""
    change, percent = "", ""
    if before is not None:
        change = str(value - before)
        if before:
            exact = Decimal(100 * (value - before)) / before
            percent = str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))
    return {
        "place": place, "year": str(year), "span": "Y", "indicator": code, "value": str(value),
        "change": change, "change_percent": percent, "status": "", "source": "a", "locator": "",
    }  # fmt: skip


def read(lines):
    """Make the table that files of these lines would be read as."""
    table = pd.DataFrame(lines).astype({"year": "int64"} | dict.fromkeys(TEXTS, "str"))
    for name in FIELDS:
        texts = table[name]
        printed = [len(text.partition(".")[2]) if text else None for text in texts]
        table[name] = pd.to_numeric(texts.where(texts != "")).astype("float64")
        if name != "change":
            kind = "decimals" if name == "value" else f"{name}_decimals"
            table[kind] = pd.array(printed, dtype="Int8")
    return table


def write(folder, lines):
    """Write lines into one file for each of their years, and the list of their sources."""
    listed = "source,title,publisher,url,published,note\na,,,,,\n"
    (Path(folder) / "sources.csv").write_text(listed, encoding="utf-8")
    for year in {row["year"] for row in lines}:
        with (Path(folder) / f"{year}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0])
            writer.writeheader()
            writer.writerows(row for row in lines if row["year"] == year)


@small
@given(made=tables, data=st.data())
def test_shuffling_changes_nothing(made, data):
    """Rows in any order give the same comparisons, figures and ledger."""
    table = frame(made)
    mixed = table.loc[data.draw(st.permutations(range(len(table))))]
    pd.testing.assert_frame_equal(year_over_year(table), year_over_year(mixed))
    pd.testing.assert_frame_equal(figures(table), figures(mixed))
    pd.testing.assert_frame_equal(reconcile(table), reconcile(mixed))


@small
@given(made=tables, other=tables)
def test_unrelated_rows_change_nothing(made, other):
    """Rows of other places change nothing for the rows that were there."""
    table = frame(made)
    more = frame(other).assign(place="nowhere", source="z", source_order=3)
    more = more.drop_duplicates([*KEY, "source"])
    both = pd.concat([more, table], ignore_index=True)
    for function in (year_over_year, reconcile):
        alone, together = function(table), function(both)
        kept = together[together["place"] != "nowhere"].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, kept)


@small
@given(made=tables)
def test_comparisons_add_up(made):
    """A figure is its base plus its change, and each figure is compared once."""
    changes = year_over_year(frame(made))
    known = changes[changes["absolute_change"].notna()]
    sums = (known["previous"] + known["absolute_change"] - known["value"]).abs()
    assert (sums < 1e-6).all()
    assert not changes.duplicated(KEY).any()
    assert (changes["previous"].isna() == changes["basis"].isna()).all()
    assert (changes["previous"].isna() == changes["previous_source"].isna()).all()
    alone = changes["flag"].isin(["no_previous"]) | changes["flag"].str.contains("boundary")
    assert (changes["previous"].isna() == alone).all()


@small
@given(made=accounts())
def test_a_consistent_table_has_no_contradiction(made):
    """A year whose counts add up and whose rates follow from them is not contradicted."""
    ledger = reconcile(year_of(made))
    assert set(ledger["verdict"]) <= {"exact", "holds", "cannot_check", "unexplained"}
    assert not ledger["verdict"].eq("contradicts").any()


@small
@given(made=accounts(), data=st.data(), amount=st.integers(1, 1000))
def test_an_altered_figure_is_contradicted(made, data, amount):
    """One checked figure that is altered is contradicted at least once."""
    errors = identities().query("severity == 'error' and relation == '='")
    rates = indicators().query("kind == 'rate'")
    sums = zip(errors["whole"], errors["parts"].str.split(" + ", regex=False), strict=True)
    firm = {whole for whole, parts in sums if {whole, *parts} <= made.keys()}
    firm |= {code for code in rates["indicator"] if code in made}
    wrong = data.draw(st.sampled_from(sorted(firm)))
    ledger = reconcile(year_of(made | {wrong: made[wrong] + amount}))
    assert ledger["verdict"].eq("contradicts").any()


@few
@given(lines=two_years())
def test_consistent_places_and_changes_have_no_contradiction(lines):
    """Places whose children add up, and changes that follow from two years, are not contradicted.

    That is so, too, where a second source prints the same.
    """
    for table in (read(lines), read([*lines, *(row | {"source": "b"} for row in lines)])):
        ledger = reconcile(table)
        verdicts = {"exact", "rounded", "holds", "cannot_check", "unexplained"}
        assert set(ledger["verdict"]) <= verdicts
        assert set(ledger.query("verdict == 'cannot_check'")["check"]) <= {"sum", "change", "rate"}
        children = ledger[ledger["identity"] == "children:level"]
        assert set(children["verdict"]) == {"exact"}


@few
@given(lines=two_years(), data=st.data(), amount=st.integers(1, 1000))
def test_an_altered_number_is_contradicted(lines, data, amount):
    """Any number that is altered is contradicted: of a place, a child, a rate, or a change."""
    choices = [(at, name) for at, row in enumerate(lines) for name in FIELDS if row[name]]
    at, name = data.draw(st.sampled_from(choices))
    wrong = str(Decimal(lines[at][name]) + amount)
    ledger = reconcile(read([*lines[:at], lines[at] | {name: wrong}, *lines[at + 1 :]]))
    assert ledger["verdict"].eq("contradicts").any()


@few
@given(lines=two_years(), chance=st.randoms(use_true_random=True))
def test_files_in_any_order_change_nothing(lines, chance):
    """Tables split into files, their lines in any order, give the same as one table in memory."""
    with TemporaryDirectory() as folder:
        write(folder, chance.sample(lines, len(lines)))
        together = read_tables(folder)
        apart = pd.concat([read_table(Path(folder) / f"{year}.csv") for year in (2022, 2021)])
    for function in (year_over_year, reconcile, figures):
        expected = function(read(lines))
        for table in (together, apart):
            found = function(table)[expected.columns]
            pd.testing.assert_frame_equal(expected, found)


@few
@given(lines=two_years(), made=tables)
def test_unrelated_figures_change_no_verdict(lines, made):
    """Figures of other places, with other decimals, change nothing in sums, rates and changes."""
    altered = [row | {"value": "7" + row["value"]} if n % 9 == 0 else row
               for n, row in enumerate(lines)]  # fmt: skip
    table, other = read(altered), frame(made).assign(place="nowhere", source="z")
    other = other.drop_duplicates([*KEY, "source"]).assign(value=lambda rows: rows["value"] / 8)
    for function in (year_over_year, reconcile):
        alone, together = function(table), function(pd.concat([other, table], ignore_index=True))
        kept = together.loc[together["place"] != "nowhere", alone.columns].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, kept)


@small
@given(made=accounts(), data=st.data())
def test_a_figure_left_out_is_never_taken_for_zero(made, data):
    """A consistent year from which a figure is left out is still not contradicted."""
    gone = data.draw(st.sampled_from(sorted(made)))
    ledger = reconcile(year_of({code: v for code, v in made.items() if code != gone}))
    assert not ledger["verdict"].eq("contradicts").any()


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(year_over_year, id="year_over_year"),
        pytest.param(figures, id="figures"),
        pytest.param(reconcile, id="reconcile"),
        pytest.param(sources, id="sources"),
        pytest.param(lambda t: Text("en", t).coverage(t), id="coverage"),
        pytest.param(
            lambda t: Text("en", year_over_year(t)).comparisons(year_over_year(t)), id="table"
        ),
        pytest.param(lambda t: Text("en", reconcile(t)).ledger(reconcile(t)), id="ledger"),
        pytest.param(lambda t: Text("en", reconcile(t)).verdicts(reconcile(t)), id="verdicts"),
        pytest.param(lambda t: Text("en", sources(t)).sources(sources(t)), id="sources"),
        pytest.param(lambda t: plot_trend(t, "can-tho", "reception.visits"), id="plot_trend"),
        pytest.param(lambda t: plot_composition(t, "can-tho", 2022), id="plot_composition"),
        pytest.param(lambda t: plot_settlement(t, "can-tho", 2022), id="plot_settlement"),
        pytest.param(lambda t: plot_changes(year_over_year(t), "can-tho", 2023), id="plot_changes"),
        pytest.param(lambda t: check_known(t, place="can-tho"), id="check_known"),
    ],
)
def test_no_function_changes_its_input(shipped, call):
    """No public function changes the table that it is given, nor what the table carries."""
    table = shipped.copy()
    table.attrs = dict(shipped.attrs)
    call(table)
    pd.testing.assert_frame_equal(shipped, table)
    assert shipped.attrs == table.attrs


VISITS = "reception.visits"
PARTS = ["reception.regular.visits", "reception.leader.visits"]
PROVINCES = places().query("level == 'province' and parent == 'viet-nam' and partition == ''")
OLD = PROVINCES.query("valid_from == ''")["place"].tolist()
MERGER = "2025-07-01"

reception_rows = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["can-tho", "can-tho-2025", "hau-giang", "soc-trang", "ha-noi"]),
        "year": st.integers(2022, 2025),
        "span": st.sampled_from(["Y", "H1"]),
        "indicator": st.sampled_from([VISITS, *PARTS]),
        "value": st.none() | st.integers(0, 10**12),
        "change": st.none() | st.integers(-100, 100),
        "status": st.sampled_from(["", "p", "r", "e"]),
        "source": st.sampled_from(["a", "b"]),
    }
)
receptions = st.lists(
    reception_rows, min_size=1, max_size=60, unique_by=lambda r: (*map(r.get, KEY), r["source"])
)


@small
@given(made=receptions)
def test_contributions_add_up_exactly(made):
    """The changes of the parts and the rest make that of the whole to the last unit."""
    table = frame(made)
    changes = year_over_year(table)
    whole = changes[changes["indicator"] == VISITS].set_index(KEY[:3])["absolute_change"]
    found = contributions(table, VISITS, split="visits-by-reception")
    sums = found.groupby(KEY[:3])["absolute_change"].agg(["sum", "count"])
    assert (found.groupby(KEY[:3]).size() == 3).all()
    complete = sums[sums["count"] == 3]["sum"]
    assert complete.tolist() == whole[complete.index].tolist()
    known = found.groupby(KEY[:3])["absolute_change"].transform("count") == 3
    assert found.loc[~known & (found["part"] == "rest"), "absolute_change"].isna().all()


@small
@given(made=receptions)
def test_shares_add_up(made):
    """The parts and the rest make the whole, and their shares 100 percent."""
    found = shares(frame(made), VISITS, split="visits-by-reception")
    cases = found.groupby(KEY[:3])
    whole = cases["whole_value"].first()
    known = (cases["value"].count() == 3) & (whole > 0)
    assert cases["value"].sum()[known].tolist() == whole[known].tolist()
    assert ((cases["share"].sum()[known] - 100).abs() < 1e-9).all()


@small
@given(values=st.lists(counts, min_size=63, max_size=63), year=st.sampled_from([2008, 2024]))
def test_adding_up_units_keeps_the_total(values, year):
    """The 34 units of a complete table have the same total as the 63 provinces."""
    table = (
        frame([])
        .reindex(range(63))
        .assign(
            place=OLD, year=year, span="Y", indicator=VISITS, value=values, status="", source="a"
        )
    )
    found = to_boundaries(table, MERGER)
    assert (34, sum(values)) == (len(found), found["value"].sum())
    assert {""} == set(found["missing"])
    part = to_boundaries(table[1:], MERGER)
    assert part["value"].notna().all() == (OLD[0] == "ha-noi")


@small
@given(made=receptions)
def test_adding_up_twice_is_once(made):
    """A table in the units of a day stays as it is."""
    once = to_boundaries(frame(made), MERGER)
    pd.testing.assert_frame_equal(once, to_boundaries(once, MERGER))


@small
@given(made=receptions, data=st.data())
def test_order_and_pieces_change_nothing_when_adding_up(made, data):
    """Rows in any order, and each year on its own, give the same units."""
    table, key = frame(made), [*KEY, "source"]
    mixed = table.loc[data.draw(st.permutations(range(len(table))))]
    pieces = [to_boundaries(piece, MERGER) for _, piece in table.groupby("year")]
    expected = to_boundaries(table, MERGER).sort_values(key, ignore_index=True)
    for other in (to_boundaries(mixed, MERGER), pd.concat(pieces)):
        pd.testing.assert_frame_equal(expected, other.sort_values(key, ignore_index=True))


@small
@given(made=receptions)
def test_nothing_is_lost_when_adding_up(made):
    """A figure of a unit of the day is not changed, and a sum has all its parts or no value."""
    table = frame(made)
    found = to_boundaries(table, MERGER)
    kept = table[table["place"].isin(["can-tho-2025", "ha-noi"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, found[: len(kept)].drop(columns="missing"))
    added = found[len(kept) :]
    assert (added["value"].isna() == (added["missing"] != "")).all()
    assert {"can-tho-2025"} >= set(added["place"])


@small
@given(made=tables, data=st.data())
def test_shuffling_changes_no_revision_and_no_rate(made, data):
    """Rows in any order give the same revisions and rates."""
    table = frame(made)
    mixed = table.loc[data.draw(st.permutations(range(len(table))))]
    pd.testing.assert_frame_equal(revisions(table), revisions(mixed))
    pd.testing.assert_frame_equal(rates(table), rates(mixed))


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda t: to_boundaries(t, MERGER), id="to_boundaries"),
        pytest.param(lambda t: known_on(t, "2022-12-31"), id="known_on"),
        pytest.param(revisions, id="revisions"),
        pytest.param(rates, id="rates"),
        pytest.param(lambda t: contributions(t, VISITS), id="contributions"),
        pytest.param(lambda t: shares(t, VISITS), id="shares"),
    ],
)
@pytest.mark.parametrize("kind", ["str", "category"])
def test_no_function_changes_its_input_nor_drops_what_it_carries(shipped, call, kind):
    """The table that is given stays, and what it carries is carried on."""
    given_table = shipped.astype(dict.fromkeys(["place", "span", "indicator", "source"], kind))
    table = given_table.copy()
    table.attrs = dict(shipped.attrs)
    assert shipped.attrs == call(table).attrs
    pd.testing.assert_frame_equal(given_table, table)
    assert shipped.attrs == table.attrs
