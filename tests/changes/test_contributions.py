"""A whole taken apart: what its parts contribute to its change, and their shares in it."""

import json

import numpy as np
import pandas as pd
import pytest
from four_rows import figures_of, row, table

from petitionlib.changes.boundaries import to_boundaries
from petitionlib.changes.contributions import contributions, shares
from petitionlib.errors import DataNotFoundError

VISITS, REGULAR, LEADER = "reception.visits", "reception.regular.visits", "reception.leader.visits"
SPLIT = "visits-by-reception"


def visits(*years, **other):
    """Make the visits of some years: (year, whole, regular, leader)."""
    return [
        row(year, value, indicator=code, **other)
        for year, *values in years
        for code, value in zip((VISITS, REGULAR, LEADER), values, strict=True)
    ]


def of(found, year, column):
    """Return a column of the rows of one year."""
    return found.loc[found["year"] == year, column].tolist()


def test_parts_and_rest_add_up_to_the_change():
    """A fall of 200 of 1,000: the parts fell by 180 and 30, and the rest rose by 10."""
    found = contributions(table(*visits((2022, 1000, 700, 300), (2023, 800, 520, 270))), VISITS)
    assert [REGULAR, LEADER, "rest"] == of(found, 2023, "part")
    assert [700, 300, 0] == of(found, 2023, "previous")
    assert [520, 270, 10] == of(found, 2023, "value")
    assert [-180, -30, 10] == of(found, 2023, "absolute_change")
    assert [-18, -3, 1] == of(found, 2023, "contribution")
    assert ["", "", ""] == of(found, 2023, "flag")
    assert {(VISITS, SPLIT)} == set(zip(found["whole"], found["split"], strict=True))


def test_a_part_without_a_year_before_is_not_zero():
    """A part without a previous figure has no change, and neither has the rest."""
    found = contributions(table(*visits((2022, 100, None, 30), (2023, 110, 70, 40))), VISITS)
    np.testing.assert_equal(of(found, 2023, "absolute_change"), [np.nan, 10, np.nan])
    np.testing.assert_equal(of(found, 2023, "contribution"), [np.nan, 10, np.nan])
    assert ["no_previous", "", "missing_part"] == of(found, 2023, "flag")
    assert [70, 40, 0] == of(found, 2023, "value")


def test_a_part_without_a_figure_is_not_zero():
    """A part that is not printed is there without a value, and the rest is missing."""
    rows = table(*visits((2022, 100, 70, 30), (2023, 110, None, 40)))
    found = contributions(rows, VISITS)
    np.testing.assert_equal(of(found, 2023, "value"), [np.nan, 40, np.nan])
    assert ["no_value", "", "missing_part"] == of(found, 2023, "flag")


def test_flags_are_those_of_the_comparison():
    """A part has its own flags, the rest those of the whole; what is approximate says so."""
    rows = table(*visits((2022, 100, 85, 15), (2023, 110, 90, 20)))
    rows.loc[rows["indicator"] == VISITS, "status"] = "e"
    assert ["", "small_base", "approximate"] == of(contributions(rows, VISITS), 2023, "flag")


def test_another_territory_is_not_compared():
    """Where the territory differs nothing is computed, for no part and not for the rest."""
    old = visits((2024, 100, 70, 30))
    new = visits((2025, 300, 200, 100), place="can-tho-2025")
    found = contributions(table(*old, *new), VISITS)
    assert found["contribution"].isna().all()
    assert all("boundary" in flag for flag in of(found, 2025, "flag"))


def test_added_territory_is_compared():
    """After the old units are added up, the growth of the new unit is taken apart."""
    places = ("can-tho", "hau-giang", "soc-trang")
    old = [figure for place in places for figure in visits((2024, 100, 70, 30), place=place)]
    new = visits((2025, 360, 240, 120), place="can-tho-2025")
    found = contributions(to_boundaries(table(*old, *new), "2025-07-01"), VISITS)
    assert [10, 10, 0] == of(found, 2025, "contribution")


def test_a_whole_of_zero_has_no_growth():
    """From zero there is a change, but no contribution in percentage points."""
    found = contributions(table(*visits((2022, 0, 0, 0), (2023, 5, 3, 2))), VISITS)
    assert [3, 2, 0] == of(found, 2023, "absolute_change")
    assert np.isnan(of(found, 2023, "contribution")).all()
    assert [0] == shares(table(*visits((2022, 0, 0, 0))), VISITS)["value"].unique().tolist()
    assert shares(table(*visits((2022, 0, 0, 0))), VISITS)["share"].isna().all()


def test_shares():
    """Shares are percentages of the whole, with what is left over; it may be negative."""
    found = shares(table(*visits((2022, 200, 150, 60))), VISITS)
    assert [REGULAR, LEADER, "rest"] == found["part"].tolist()
    assert [150, 60, -10] == found["value"].tolist()
    assert [75, 30, -5] == found["share"].tolist()
    assert {200} == set(found["whole_value"])


def test_shares_of_a_missing_part():
    """The share of a part that is not printed is missing, and so is that of the rest."""
    found = shares(table(*visits((2022, 200, 150, None))), VISITS, split=SPLIT)
    np.testing.assert_equal(found["share"].to_numpy(), [75, np.nan, np.nan])


def test_a_whole_without_any_part_makes_no_row():
    """Where no part is printed there is nothing to take apart."""
    assert shares(table(row(2022, 5, indicator=VISITS)), VISITS, split=SPLIT).empty


def test_the_first_split_that_is_printed_in_full():
    """Without a split, that of the codebook is taken whose parts are all there."""
    two = {"petitions__in_jurisdiction": 9, "petitions__in_jurisdiction__feedback": 4,
           "petitions__in_jurisdiction__complaints_denunciations": 5}  # fmt: skip
    whole = "petitions.in_jurisdiction"
    found = shares(figures_of(**two), whole)
    assert {"jurisdiction-by-two-types"} == set(found["split"])
    three = two | {
        f"petitions__in_jurisdiction__{k}s": n for k, n in [("complaint", 3), ("denunciation", 2)]
    }
    found = shares(figures_of(**three), whole)
    assert {"jurisdiction-by-type"} == set(found["split"])


def carried(rows):
    """Give a table two communes of Can Tho, the second only from 2023 on."""
    made = [["can-tho--one", "One", "Một", "commune", "", "can-tho", "commune", "", "", ""],
            ["can-tho--two", "Two", "Hai", "commune", "", "can-tho", "commune",
             "2023-01-01", "", ""]]  # fmt: skip
    rows.attrs["codebook"] = json.dumps({"places": made})
    return rows


def test_children_of_a_place():
    """The children of a place are its parts, those that were valid on the window's last day."""
    rows = [row(2022, 10), row(2022, 8, place="can-tho--one"), row(2023, 20),
            row(2023, 9, place="can-tho--one"), row(2023, 11, place="can-tho--two")]  # fmt: skip
    made = carried(table(*rows))
    found = shares(made, "petitions.received", split="children:commune")
    assert [80, 20] == of(found, 2022, "share")
    assert [45, 55, 0] == of(found, 2023, "share")
    found = contributions(made, "petitions.received")
    assert {"children:commune"} == set(found["split"])
    np.testing.assert_equal(of(found, 2023, "absolute_change"), [1, np.nan, np.nan])
    assert ["can-tho--one", "can-tho--two", "rest"] == of(found, 2023, "part")


@pytest.mark.parametrize(
    ("whole", "split", "message"),
    [
        pytest.param(
            VISITS, "visits-by-receptoin", "did you mean 'visits-by-reception'", id="typo"
        ),
        pytest.param(
            VISITS, "total-by-state", "it has visits-by-reception, visits-by-outcome, ", id="other"
        ),
        pytest.param(VISITS, "large-group-size", "has no split", id="not a sum"),
        pytest.param("reception.visit", None, "did you mean 'reception.visits'", id="indicator"),
        pytest.param(
            "petitions.received", None, "name one .* received-by-state", id="none in full"
        ),
        pytest.param("cases.all.settlement_rate", None, "rates do not add up", id="rate"),
        pytest.param("cases.all.settlement_rate", SPLIT, "it has none", id="split of a rate"),
    ],
)
def test_what_is_not_there_is_refused(whole, split, message):
    """A misspelt indicator or split, or a split of a rate, is refused with what there is."""
    rows = table(*visits((2022, 5, 3, 2)))
    for function in (shares, contributions):
        with pytest.raises(DataNotFoundError, match=message):
            function(rows, whole, split=split)


@pytest.mark.parametrize("function", [shares, contributions])
def test_kinds_and_empty_tables(function):
    """Categorical places and spans come back categorical; no rows make no rows."""
    rows = table(*visits((2022, 100, 70, 30), (2023, 110, 75, 35)), sources=("a",))
    expected = function(rows, VISITS, split=SPLIT)
    given = rows.astype(dict.fromkeys(["place", "span", "indicator", "source"], "category"))
    found = function(given, VISITS, split=SPLIT)
    assert ["category", "category"] == found[["place", "span"]].dtypes.astype("str").tolist()
    pd.testing.assert_frame_equal(expected, found.astype({"place": "str", "span": "str"}))
    assert rows.attrs == found.attrs
    empty = function(rows.iloc[:0], VISITS, split=SPLIT)
    assert (0, expected.columns.tolist()) == (len(empty), empty.columns.tolist())
    empty = function(rows.iloc[:0], VISITS, split="children:receiving-body")
    assert (0, expected.columns.tolist()) == (len(empty), empty.columns.tolist())
