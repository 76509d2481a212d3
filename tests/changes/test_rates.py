"""Rates recomputed from their counts, beside what was printed."""

import numpy as np
import pandas as pd
import pytest
from four_rows import row, table

from petitionlib.changes.boundaries import to_boundaries
from petitionlib.changes.rates import rates
from petitionlib.errors import TableError
from petitionlib.text.text import show

DUE, SETTLED = "cases.complaints.due", "cases.complaints.settled"
RATE = "cases.complaints.settlement_rate"


def counts(year, due, settled, **other):
    """Make the cases due and settled of one year."""
    pairs = ((DUE, due), (SETTLED, settled))
    return [row(year, value, indicator=code, **other) for code, value in pairs]


def only(*rows, sources=()):
    """Recompute the rates of the rows and return the only one."""
    found = rates(table(*rows, sources=sources))
    assert 1 == len(found)
    return found.iloc[0]


def test_a_rate_follows_from_its_counts():
    """177 of 185 are 95.676%, beside the printed 95.67."""
    found = only(*counts(2022, 185, 177), row(2022, 95.67, indicator=RATE))
    assert (RATE, SETTLED, DUE) == tuple(found[["indicator", "numerator", "denominator"]])
    assert (177, 185, "a") == tuple(found[["numerator_value", "denominator_value", "source"]])
    assert (95.67, 95.676) == (found["printed"], round(found["computed"], 3))


def test_a_printed_rate_keeps_its_decimals(shipped):
    """What was printed as 93.10% is shown so, not as 93.1%."""
    found = rates(shipped.query("place == 'can-tho' and year == 2022 and span == 'Y'"))
    told = str(show(found[["indicator", "printed", "decimals"]]))
    assert ("93.10%" in told, "96.15%" in told, "100.0" in told) == (True, True, False)


def test_rates_change_in_points():
    """From 80% to 90% are 10 points."""
    found = rates(table(*counts(2021, 50, 40), *counts(2022, 100, 90)))
    np.testing.assert_equal(found["previous_computed"].to_numpy(), [np.nan, 80])
    np.testing.assert_equal(found["absolute_change"].to_numpy(), [np.nan, 10])
    assert ["no_previous", ""] == found["flag"].tolist()


def test_a_rate_need_not_be_printed():
    """A rate that nobody printed is computed; what was printed is missing, not 0."""
    assert np.isnan(only(*counts(2022, 4, 3))["printed"])


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="no count"),
        pytest.param(counts(2022, 5, None), id="no numerator"),
        pytest.param(counts(2022, None, 5), id="no denominator"),
    ],
)
def test_a_rate_without_its_counts(rows):
    """A printed rate without both counts is there, and nothing is computed."""
    found = only(*rows, row(2022, 97.5, indicator=RATE))
    assert (97.5, True, "no_value") == (
        found["printed"], np.isnan(found["computed"]), found["flag"])  # fmt: skip


def test_nothing_was_due():
    """Of no cases there is no rate, and the counts are shown."""
    found = only(*counts(2022, 0, 0))
    assert (0, 0, "no_value") == tuple(found[["numerator_value", "denominator_value", "flag"]])
    assert np.isnan(found["computed"])


def test_both_counts_of_one_source():
    """A newer source with one of the counts does not mix into a rate; one with both wins."""
    rows = [*counts(2022, 100, 90, source="old"), row(2022, 120, indicator=DUE, source="new")]
    assert (90, "old") == tuple(only(*rows, sources=("old", "new"))[["computed", "source"]])
    rows.append(row(2022, 60, indicator=SETTLED, source="new"))
    assert (50, "new") == tuple(only(*rows, sources=("old", "new"))[["computed", "source"]])


def test_exact_counts_go_before_approximate_ones():
    """A source one of whose counts is approximate is not preferred; alone, it is flagged."""
    old = counts(2022, 100, 90, source="old")
    new = counts(2022, 120, 60, source="new")
    new[0]["status"] = "e"
    assert "old" == only(*old, *new, sources=("old", "new"))["source"]
    assert "no_previous" == only(*new)["flag"]
    assert "approximate" == rates(table(*counts(2021, 10, 9), *new))["flag"].iloc[-1]


def test_counts_of_two_sources_where_none_prints_both():
    """Where no source prints both counts, each gives its own, and both are named."""
    rows = [row(2022, 10, indicator=DUE, source="b"), row(2022, 9, indicator=SETTLED, source="a")]
    assert (90, "a + b") == tuple(only(*rows)[["computed", "source"]])


def test_another_territory_is_not_compared():
    """Can Tho of 2025 is compared with its three parts, and not with one of them."""
    rows = table(
        *counts(2024, 10, 9),
        *counts(2025, 30, 24, place="can-tho-2025"),
        *counts(2024, 10, 6, place="hau-giang"),
        *counts(2024, 20, 9, place="soc-trang"),
    )
    alone = rates(rows).set_index(["place", "year"]).loc[("can-tho-2025", 2025)]
    assert np.isnan(alone["absolute_change"])
    assert "boundary" in alone["flag"]
    added = rates(to_boundaries(rows, "2025-07-01")).iloc[-1]
    assert (60, 20) == (added["previous_computed"], added["absolute_change"])


def test_kinds_order_and_input():
    """Categories stay categories; rows in any order give the same; the input stays."""
    rows = table(*counts(2021, 50, 40), *counts(2022, 100, 90), row(2020, 1, indicator=RATE),
                 sources=("a",))  # fmt: skip
    before = rows.copy()
    expected = rates(rows)
    pd.testing.assert_frame_equal(expected, rates(rows.iloc[::-1]))
    texts = ["place", "span", "indicator", "source"]
    found = rates(rows.astype(dict.fromkeys(texts, "category")))
    assert {"category"} == {str(found[name].dtype) for name in texts}
    pd.testing.assert_frame_equal(expected, found.astype(dict.fromkeys(texts, "str")))
    pd.testing.assert_frame_equal(before, rows)
    assert rows.attrs == found.attrs


def test_an_empty_table():
    """A table without rows has no rates, in the same columns."""
    rows = table(*counts(2022, 1, 1))
    found = rates(rows.iloc[:0])
    assert (0, rates(rows).columns.tolist()) == (len(found), found.columns.tolist())


def test_twice_the_same_is_refused():
    """A source that prints one count twice is refused."""
    with pytest.raises(TableError, match="twice; keep one"):
        rates(table(*counts(2022, 1, 1), *counts(2022, 2, 2)))
