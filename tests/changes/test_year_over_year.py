"""A year against the year before: matched by key and year, never by row."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from four_rows import RECEIVED, far_rows, row, table

from petitionlib.changes.figures import figures
from petitionlib.changes.year_over_year import year_over_year
from petitionlib.checks.reconcile import reconcile
from petitionlib.errors import TableError
from petitionlib.tables.frame import complete
from petitionlib.tables.grid import pack

DATA = Path(__file__).parents[2] / "data"
VISITS = "reception.visits"
RATE = "cases.complaints_denunciations.settlement_rate"
TEXTS = ["place", "span", "indicator", "status", "source"]


def last(*rows, sources=()):
    """Compare the rows and return the last comparison."""
    return year_over_year(table(*rows, sources=sources)).iloc[-1]


def test_yardstick():
    """The figure of 3,108 with +472 has a base of 2,636 and rose by 17.9%."""
    found = last(row(2022, 3108, change=472, source="report"))
    assert found["previous"] == 2636
    assert found["basis"] == "derived"
    assert found["absolute_change"] == 472
    assert round(found["relative_change"], 3) == 0.179
    assert found["flag"] == ""
    assert found["previous_source"] == "report"


def test_a_huge_base_is_exact():
    """A base of fifteen digits that follows from a published change is the whole number."""
    assert last(row(2022, 900_000_000_000_000, change=4))["previous"] == 899_999_999_999_996


def test_two_years():
    """A figure is compared with that of the same place, span and indicator one year before."""
    found = last(row(2022, 3108, source="old"), row(2023, 2917, source="new"))
    assert found["previous"] == 3108
    assert found["basis"] == "published"
    assert found["absolute_change"] == -191
    assert found["relative_change"] == -191 / 3108
    assert found["previous_source"] == "old"


def test_published_base_before_derived():
    """A base that was published is not replaced by what a published change implies."""
    found = last(row(2022, 100), row(2023, 110, change=20))
    assert found["previous"] == 100
    assert found["basis"] == "published"
    assert found["absolute_change"] == 10


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        pytest.param(10, "exact", id="they agree"),
        pytest.param(20, "contradicts", id="they do not"),
    ],
)
def test_derived_base_against_a_published_one(change, verdict):
    """Where a change implies another base than was published, the ledger says so, not the base."""
    rows = table(row(2022, 100), row(2023, 110, change=change))
    found = year_over_year(rows).iloc[-1]
    assert (found["previous"], found["basis"]) == (100, "published")
    ledger = reconcile(rows)
    assert ledger[["stated", "computed", "verdict"]].to_numpy().tolist() == [[change, 10, verdict]]


@pytest.mark.parametrize(
    ("printed", "previous"),
    [
        pytest.param({"change": 20}, 80, id="count"),
        pytest.param({"change": 20, "change_percent": 25}, 80, id="count and percent"),
        pytest.param({"change": 20, "change_percent": 99}, 80, id="a percentage that differs"),
        pytest.param({"change": 0}, 100, id="no change"),
        pytest.param({"change": 100}, 0, id="from nothing"),
        pytest.param({"change": -5.5, "indicator": RATE}, 105.5, id="points"),
        pytest.param({"change_percent": 25}, None, id="percent alone"),
    ],
)
def test_published_change(printed, previous):
    """A base follows from a change in count or points, never from a percentage."""
    found = last(row(2023, 100, **printed))
    assert previous == (None if np.isnan(found["previous"]) else found["previous"])
    assert found["basis"] == "derived" if previous is not None else pd.isna(found["basis"])


def test_two_sources_with_their_changes():
    """Of two published changes that of the preferred source gives the base."""
    rows = [row(2023, 100, change=10, source="a"), row(2023, 100, change=20, source="b")]
    assert last(*rows)["previous"] == 80
    assert last(*rows, sources=("b", "a"))["previous"] == 90
    rough = [rows[0], row(2023, 100, change=20, source="b", status="e")]
    assert last(*rough)["previous"] == 90


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(2022, 5)], id="first year"),
        pytest.param([row(2020, 4), row(2022, 5)], id="gap year"),
        pytest.param([row(2021, None), row(2022, 5)], id="base not published"),
        pytest.param([row(2021, 4, span="H1"), row(2022, 5)], id="another span"),
        pytest.param([row(2021, 4, place="can-thoo"), row(2022, 5)], id="another place"),
        pytest.param([row(2021, 4, indicator=VISITS), row(2022, 5)], id="another indicator"),
        pytest.param([row(2022, 5, change_percent=25)], id="a percentage alone"),
    ],
)
def test_nothing_to_compare(rows):
    """A figure without a base a year before stands alone and has no change."""
    changes = year_over_year(table(*rows))
    found = changes[(changes["year"] == 2022) & (changes["indicator"] == RECEIVED)].iloc[0]
    missing = ["previous", "basis", "absolute_change", "relative_change", "previous_source"]
    assert found[missing].isna().all()
    assert found["flag"] == "no_previous"


def test_no_previous_stands_alone():
    """Nothing is added to the flag of a figure that has nothing to be compared with."""
    assert last(row(2022, 5, status="e"))["flag"] == "no_previous"


def test_value_missing():
    """A row without a value makes no comparison, even if it prints a change."""
    changes = year_over_year(table(row(2021, 4), row(2022, None, change=2)))
    assert changes["year"].tolist() == [2021]


@pytest.mark.parametrize(
    ("previous", "current", "absolute", "relative", "flag"),
    [
        pytest.param(0, 5, 5, None, "zero_base small_base", id="zero base"),
        pytest.param(0, 0, 0, None, "zero_base small_base", id="zero to zero"),
        pytest.param(5, 0, -5, -1.0, "small_base", id="to zero"),
        pytest.param(19, 38, 19, 1.0, "small_base", id="below 20"),
        pytest.param(20, 10, -10, -0.5, "", id="20 is not small"),
        pytest.param(40, 40, 0, 0.0, "", id="unchanged"),
    ],
)
def test_bases(previous, current, absolute, relative, flag):
    """A zero base has no percentage, and a count below 20 is flagged."""
    found = last(row(2018, previous), row(2019, current))
    assert found["absolute_change"] == absolute
    assert found["flag"] == flag
    if relative is None:
        assert np.isnan(found["relative_change"])
    else:
        assert found["relative_change"] == relative


def test_small_base_option():
    """The count below which a base is small can be chosen."""
    rows = table(row(2018, 40), row(2019, 50))
    assert year_over_year(rows, small_base=41).iloc[-1]["flag"] == "small_base"
    assert year_over_year(rows, small_base=40).iloc[-1]["flag"] == ""


def test_no_negative_zero():
    """No change is 0, not -0."""
    found = last(row(2018, 0.3, indicator=RATE), row(2019, 0.3, indicator=RATE))
    assert not np.signbit(found["absolute_change"])


def test_rates_in_points():
    """A rate changes in points, has no relative change, and no small or zero base."""
    found = last(row(2018, 10, indicator=RATE), row(2019, 12.5, indicator=RATE))
    assert found["absolute_change"] == 2.5
    assert np.isnan(found["relative_change"])
    assert found["flag"] == ""


def test_float_noise():
    """What follows from decimals as printed is free of binary noise: 86.3 - 2.6 is 83.7."""
    found = last(row(2019, 86.3, indicator=RATE, change=2.6))
    assert found["previous"] == 83.7
    assert found["absolute_change"] == 2.6


def test_two_sources_newest():
    """Of two sources for one figure the newest by the order of sources.csv wins."""
    rows = [row(2022, 100, source="z"), row(2022, 105, source="a")]
    assert last(*rows, sources=("z", "a"))["value"] == 105
    assert last(*rows, sources=("a", "z"))["value"] == 100


def test_two_sources_exact_first():
    """An exact figure goes before an approximate one of a newer source."""
    rows = [row(2022, 101, source="a"), row(2022, 100, source="b", status="e")]
    assert last(*rows, sources=("a", "b"))["value"] == 101


def test_two_sources_unlisted():
    """Of sources that have no order nothing says which is newer, and no figure is chosen."""
    rows = [row(2022, 1, source="a"), row(2022, 2, source="c"), row(2022, 3, source="b")]
    for sources in ((), ("a",)):
        with pytest.raises(TableError, match="nothing says which source is newer"):
            last(*rows, sources=sources)
    assert last(*rows, sources=("b", "a", "c"))["value"] == 2


def test_two_sources_base():
    """The base, too, is the newest figure of its year, and its source is named."""
    rows = [row(2022, 100, source="a"), row(2022, 105, source="b"), row(2023, 110, source="c")]
    found = last(*rows, sources=("a", "b", "c"))
    assert found["previous"] == 105
    assert found["previous_source"] == "b"


def test_newest_without_value():
    """A newer source that prints only a change does not hide the older figure."""
    rows = [row(2022, 100, source="a"), row(2022, None, change=5, source="b")]
    found = last(*rows, sources=("a", "b"))
    assert found["value"] == 100
    assert found["flag"] == "no_previous"


def test_change_of_an_older_source():
    """A change that only the older source printed still gives the base, from its own figure."""
    rows = [row(2022, 100, change=10, source="a"), row(2022, 101, source="b")]
    found = last(*rows, sources=("a", "b"))
    assert found["value"] == 101
    assert found["previous"] == 90
    assert found["absolute_change"] == 11
    assert found["previous_source"] == "a"


@pytest.mark.parametrize("status", ["p", "r"])
def test_provisional_and_revised(status):
    """A provisional or revised figure is compared like a final one and keeps its status."""
    found = last(row(2018, 100), row(2019, 110, status=status))
    assert found["status"] == status
    assert found["absolute_change"] == 10
    assert found["flag"] == ""


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(2018, 100), row(2019, 110, status="e")], id="current"),
        pytest.param([row(2018, 100, status="e"), row(2019, 110)], id="previous"),
        pytest.param([row(2019, 110, change=10, status="e")], id="derived"),
    ],
)
def test_approximate(rows):
    """A comparison with an approximate figure on either side is flagged."""
    assert last(*rows)["flag"] == "approximate"


def test_more_than_380_000():
    """An approximate figure ("hơn 380.000") with a published change is computed, and flagged."""
    found = last(row(2023, 380_000, change=40_000, status="e"))
    assert (found["previous"], found["absolute_change"]) == (340_000, 40_000)
    assert found["flag"] == "approximate"
    exact = last(row(2022, 341_233), row(2023, 380_000, change=40_000, status="e"))
    assert (exact["previous"], exact["basis"]) == (341_233, "published")


def test_missing_status_is_final():
    """A status that is missing is a blank one: the figure is final."""
    rows = table(row(2018, 100), row(2019, 110))
    for dtype in ("object", "str", "string", "category"):
        found = year_over_year(rows.assign(status=pd.array([None, None], dtype=dtype)))
        assert found["flag"].tolist() == ["no_previous", ""]


def test_place_appears():
    """A place that began since a year before has nothing to compare, whatever was printed."""
    found = last(row(2025, 100, place="can-tho-2025", indicator=VISITS, change=5, span="AY"))
    assert found["flag"] == "boundary"
    assert np.isnan(found["previous"])
    assert np.isnan(found["absolute_change"])
    assert pd.isna(found["basis"])
    assert pd.isna(found["previous_source"])


def test_place_with_its_own_base():
    """A new place is compared where the year before was given for its own territory."""
    new = {"place": "can-tho-2025", "indicator": "broadcaster.received"}
    found = last(row(2024, 100, **new), row(2025, 90, **new))
    assert found["flag"] == ""
    assert found["absolute_change"] == -10


def test_place_settles():
    """From its second year a new place is compared like any other."""
    new = {"place": "can-tho-2025", "indicator": "broadcaster.received"}
    found = last(row(2026, 100, **new), row(2027, 90, **new, change=-8))
    assert found["absolute_change"] == -10
    assert found["flag"] == ""


def test_place_used_after_its_end():
    """A figure that is dated after its place was merged is not compared."""
    found = last(*(row(year, 100, indicator="feedback.settled") for year in (2024, 2025)))
    assert found["flag"] == "boundary"
    assert np.isnan(found["previous"])


def test_place_before_its_end():
    """A figure whose window ends before the merger is compared."""
    rows = [row(y, 100, span="H1", indicator="feedback.settled") for y in (2024, 2025)]
    assert last(*rows)["flag"] == ""


def test_place_that_ended_without_successor():
    """A body that ended without a successor has no other territory."""
    body = {"place": "viet-nam--district-chairs", "span": "AY", "indicator": "feedback.settled"}
    assert last(row(2024, 100, **body), row(2025, 90, **body))["absolute_change"] == -10


@pytest.mark.parametrize(
    ("indicator", "span", "year", "flag"),
    [
        pytest.param(VISITS, "Y", 2020, "", id="before"),
        pytest.param("broadcaster.received", "Y", 2021, "window", id="window"),
        pytest.param(VISITS, "Y", 2021, "form window", id="both"),
        pytest.param(RECEIVED, "H1", 2024, "form", id="form"),
        pytest.param(VISITS, "H1", 2024, "", id="form of another indicator"),
        pytest.param(RECEIVED, "Y", 2023, "", id="no break"),
        pytest.param(RECEIVED, "YTD", 2024, "form", id="an open window ends with the year"),
    ],
)
def test_breaks(indicator, span, year, flag):
    """A break between the ends of the two windows that names the indicator is flagged."""
    found = last(
        row(year - 1, 100, indicator=indicator, span=span),
        row(year, 110, indicator=indicator, span=span),
    )
    assert found["flag"] == flag
    assert found["absolute_change"] == 10


def test_flags_in_order():
    """Flags are joined by spaces in the order of the contract."""
    found = last(row(2020, 0, indicator=VISITS), row(2021, 5, indicator=VISITS, status="e"))
    assert found["flag"] == "zero_base small_base form window approximate"


def test_unknown_codes():
    """A place, indicator or span that the codebook does not know is computed without it."""
    strange = {"place": "atlantis", "indicator": "letters", "span": "week"}
    found = last(row(2020, 100, **strange), row(2021, 110, **strange))
    assert found["relative_change"] == 0.1
    assert found["flag"] == ""


def test_break_of_an_unknown_indicator():
    """A break that names every indicator names an unknown one too."""
    found = last(row(2020, 100, indicator="letters"), row(2021, 110, indicator="letters"))
    assert found["flag"] == "window"


def test_order_of_rows():
    """Rows in any order, under any index, give the same result, sorted by the key."""
    rows = table(
        row(2023, 2917),
        row(2022, 3108),
        row(2022, 2650, indicator=VISITS),
        row(2023, 9, place="an-giang"),
    )
    rows.index = [7, 7, 3, 0]
    expected = year_over_year(rows)
    assert expected["place"].tolist() == ["an-giang", "can-tho", "can-tho", "can-tho"]
    assert expected["year"].tolist() == [2023, 2022, 2022, 2023]
    for seed in range(4):
        pd.testing.assert_frame_equal(
            expected, year_over_year(rows.sample(frac=1, random_state=seed))
        )


def test_sparse_keys(shipped):
    """Unrelated figures of years far apart change nothing, though the keys are found otherwise."""
    some = shipped[shipped["place"].isin(["can-tho", "can-tho-2025", "viet-nam--localities"])]
    more = pd.concat([table(*far_rows()), some], ignore_index=True)
    more.attrs = shipped.attrs
    assert pack(complete(some)).codes is None
    assert pack(complete(more)).codes is not None
    for function in (year_over_year, figures, reconcile):
        found, expected = function(more), function(some)
        kept = found.loc[found["source"] != "far", expected.columns].reset_index(drop=True)
        pd.testing.assert_frame_equal(expected, kept, check_dtype=False)


def test_input_unchanged(shipped):
    """The table that was given stays as it was."""
    before, attrs = shipped.copy(), dict(shipped.attrs)
    year_over_year(shipped)
    figures(shipped)
    pd.testing.assert_frame_equal(before, shipped)
    assert attrs == shipped.attrs


def test_categorical_columns(shipped):
    """Categorical columns are taken, give the same numbers, and come back categorical."""
    categorical = year_over_year(shipped.astype(dict.fromkeys(TEXTS, "category")))
    assert {str(categorical[name].dtype) for name in TEXTS} == {"category"}
    plain = year_over_year(shipped)
    same = dict.fromkeys([*TEXTS, "basis", "flag", "previous_source"], "str")
    pd.testing.assert_frame_equal(plain, categorical.astype(same), check_dtype=False)


def test_result_columns(shipped):
    """The result has the columns of the table, then those of the contract."""
    expected = [
        *shipped.columns,
        "previous",
        "basis",
        "absolute_change",
        "relative_change",
        "flag",
        "first_value",
        "previous_source",
    ]
    assert expected == list(year_over_year(shipped).columns)


def test_carries_codebook_and_sources(shipped):
    """The result carries what the table carries: its codebook and its sources."""
    assert shipped.attrs == year_over_year(shipped).attrs


def test_columns_that_may_lack():
    """A table made in memory may lack change, status and source."""
    rows = table(row(2018, 100), row(2019, 110)).drop(columns=["change", "status", "source"])
    found = year_over_year(rows).iloc[-1]
    assert found["absolute_change"] == 10
    assert found["flag"] == ""
    assert found["previous_source"] == ""


def test_complete_keeps_the_input():
    """The columns that are added do not appear in the table that was given."""
    rows = table(row(2018, 100)).drop(columns=["change", "status", "source"])
    columns = list(rows.columns)
    completed = complete(rows)
    assert [*columns, "change", "status", "source"] == list(completed.columns)
    assert columns == list(rows.columns)


def test_whole_numbers():
    """Numbers may come as nullable integers; missing ones are missing."""
    rows = table(row(2018, 100), row(2019, 110), row(2020, 1)).assign(
        value=pd.array([100, 110, None], dtype="Int64"),
        change=pd.array([None, 5, None], dtype="Int64"),
    )
    changes = year_over_year(rows)
    assert changes["year"].tolist() == [2018, 2019]
    assert changes.iloc[-1]["absolute_change"] == 10


def test_empty_table(shipped):
    """A table without rows, or without values, gives a result without rows."""
    assert len(year_over_year(shipped.iloc[:0])) == 0
    assert len(figures(shipped.iloc[:0])) == 0
    kinds = dict.fromkeys(["place", "span", "indicator", "source", "status"], "category")
    assert len(year_over_year(shipped.astype(kinds).iloc[:0])) == 0  # with the spans of all rows
    assert len(year_over_year(table(row(2022, None, change=5)))) == 0


def test_figures():
    """Each figure comes once, from the preferred source, sorted by the key."""
    found = figures(
        table(
            row(2023, 5),
            row(2022, 100, source="a"),
            row(2022, 105, source="b"),
            row(2022, 7, indicator=VISITS),
            sources=("a", "b"),
        )
    )
    assert found["value"].tolist() == [105, 7, 5]


def test_duplicate_key():
    """One source that prints one figure twice is refused, and the figure is named."""
    rows = table(row(2022, 5), row(2022, 6), row(2022, 7, source="b"))
    expected = "table: prints can-tho 2022 Y petitions.received a twice; keep one"
    for function in (year_over_year, figures):
        with pytest.raises(TableError) as error:
            function(rows)
        assert expected == str(error.value)


def test_duplicate_without_source():
    """Two rows of one figure without a source are a duplicate too."""
    rows = table(row(2022, 5), row(2022, 6)).drop(columns="source")
    with pytest.raises(TableError, match="twice"):
        year_over_year(rows)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"year": [2022.0]}, "has a year that is not a whole number", id="float year"),
        pytest.param({"year": ["2022"]}, "has a year that is not a whole number", id="text year"),
        pytest.param(
            {"year": pd.array([None], dtype="Int64")},
            "1 of 1 rows have no year",
            id="missing year",
        ),
        pytest.param({"year": [20222]}, "20222", id="impossible year"),
        pytest.param({"value": ["2.650"]}, "use pandas.to_numeric", id="text value"),
        pytest.param({"change": ["+472"]}, "use pandas.to_numeric", id="text change"),
        pytest.param({"value": [np.inf]}, "inf", id="infinite value"),
        pytest.param({"change": [np.inf]}, "inf", id="infinite change"),
        pytest.param({"place": [None]}, "has a row without place", id="missing place"),
        pytest.param({"span": [None]}, "has a row without span", id="missing span"),
    ],
)
def test_bad_input(change, message):
    """A table that cannot be computed is refused with the column and the remedy."""
    with pytest.raises(TableError) as error:
        year_over_year(table(row(2022, 5)).assign(**change))
    assert message in str(error.value)


@pytest.mark.parametrize("column", ["place", "year", "span", "indicator", "value"])
def test_missing_column(column):
    """A table without its key or its values is refused, and the column is named."""
    with pytest.raises(TableError) as error:
        year_over_year(table(row(2022, 5)).drop(columns=column))
    assert f"has no column '{column}'" in str(error.value)


def test_change_larger_than_the_figure():
    """A published change that would make the base negative derives nothing."""
    found = last(row(2022, 50, change=100))
    assert np.isnan(found["previous"])
    assert found["flag"] == "no_previous"


@pytest.mark.parametrize(
    ("key", "previous", "flag"),
    [
        pytest.param("can-tho 2022 Y petitions.received", 2636, "", id="can tho 2022"),
        pytest.param("can-tho 2023 Y petitions.received", 3108, "", id="can tho 2023"),
        pytest.param("can-tho 2024 H1 petitions.received", 1467, "form", id="can tho h1 2024"),
        pytest.param("viet-nam 2023 AY petitions.received", 344820, "stage", id="assembly 2023"),
    ],
)
def test_published_figures(shipped, key, previous, flag):
    """The shipped tables give the bases that were published or follow from them."""
    place, year, span, indicator = key.split()
    changes = year_over_year(shipped).set_index(["place", "year", "span", "indicator"])
    found = changes.loc[(place, int(year), span, indicator)]
    assert previous == found["previous"]
    assert flag == found["flag"]
