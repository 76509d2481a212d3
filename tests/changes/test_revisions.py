"""How a figure moved from one publication to the next."""

import four_rows
import numpy as np
import pandas as pd
import pytest
from four_rows import RECEIVED, row, table

from petitionlib.changes.figures import figures
from petitionlib.changes.revisions import revisions
from petitionlib.errors import TableError

RATE = "cases.complaints.settlement_rate"
DAYS = {"z": "2023-01-05", "m": "", "a": "2023-06-30"}


def listed(*rows, days=DAYS):
    """Make a table whose sources have days of publication, oldest first."""
    return four_rows.listed(table(*rows), days)


def test_a_figure_moves_from_publication_to_publication():
    """Each publication is set against the one before, in the order of the list of sources."""
    rows = [row(2022, 110, source="a"), row(2022, 100, source="z", status="p"),
            row(2022, 104, source="m")]  # fmt: skip
    found = revisions(listed(*rows))
    assert ["z", "m", "a"] == found["source"].tolist()
    assert ["2023-01-05", "", "2023-06-30"] == found["published"].tolist()
    assert ["p", "", ""] == found["status"].tolist()
    np.testing.assert_equal(found["previous_value"].to_numpy(), [np.nan, 100, 104])
    np.testing.assert_equal(found["revision"].to_numpy(), [np.nan, 4, 6])
    np.testing.assert_equal(found["relative_revision"].to_numpy(), [np.nan, 4 / 100, 6 / 104])
    assert [False, False, True] == found["preferred"].tolist()


def test_a_figure_of_one_publication_is_left_out():
    """What one source printed has not moved, whatever a second one leaves blank."""
    rows = [row(2022, 1, source="z"), row(2021, 1, source="z"), row(2021, None, source="a")]
    found = revisions(listed(*rows))
    assert 0 == len(found)
    assert 12 == len(found.columns)


def test_the_preferred_is_that_of_figures():
    """An approximate figure of a newer source is not preferred to an exact one."""
    rows = [row(2022, 101, source="z"), row(2022, 100, source="a", status="e")]
    found = revisions(listed(*rows))
    assert [True, False] == found["preferred"].tolist()
    assert 101 == figures(listed(*rows))["value"].iloc[0]


def test_a_rate_moves_in_points():
    """A rate's revision is in points, without a fraction; a base of zero has none either."""
    rows = [row(2022, 86.3, indicator=RATE, source="z"), row(2022, 83.7, indicator=RATE)]
    zero = [row(2022, 0, source="z"), row(2022, 3)]
    found = revisions(listed(*rows, *zero)).dropna(subset="revision")
    assert [-2.6, 3] == found["revision"].tolist()
    assert found["relative_revision"].isna().all()


def test_unlisted_sources_are_refused():
    """Where different values have sources of which nothing says which is newer, none is revised."""
    rows = [row(2022, n, source=s) for n, s in enumerate(["z", "y", "b"])]
    with pytest.raises(TableError, match="is 1 in y and 0 in z, and nothing says which source"):
        revisions(listed(*rows))
    same = [row(2022, 5, source=s) for s in ["z", "y", "b"]]
    assert ["b", "y", "z"] == revisions(listed(*same))["source"].tolist()


def test_keys_are_kept_apart():
    """The first publication of a figure has none before it, whatever stands above it."""
    rows = [row(year, year, source=s) for year in (2022, 2021) for s in ("a", "z")]
    found = revisions(listed(*rows))
    assert [2021, 2021, 2022, 2022] == found["year"].tolist()
    assert [True, False, True, False] == found["revision"].isna().tolist()


def test_kinds_order_and_input():
    """Categories in any order, an index of any kind and shuffled rows change nothing."""
    rows = listed(*(row(2022, n, place=p, source=s) for n, s in enumerate("az") for p in "ba"))
    rows.index = [7, 7, 1, 0]
    before = rows.copy()
    expected = revisions(rows)
    pd.testing.assert_frame_equal(expected, revisions(rows.iloc[::-1]))
    texts = ["place", "span", "indicator", "source", "status"]
    given = rows.astype(dict.fromkeys(texts, "category"))
    given["place"] = given["place"].cat.reorder_categories(["b", "a"])
    found = revisions(given)
    assert {"category"} == {str(found[name].dtype) for name in texts}
    pd.testing.assert_frame_equal(expected, found.astype(dict.fromkeys(texts, "str")))
    pd.testing.assert_frame_equal(before, rows)
    assert expected.attrs == rows.attrs


def test_an_empty_table():
    """A table without rows has no revisions."""
    assert revisions(table(row(2022, 1)).iloc[:0]).empty


def test_twice_the_same_is_refused():
    """A source that prints one figure twice has not revised it."""
    with pytest.raises(TableError, match=f"prints can-tho 2022 Y {RECEIVED} a twice"):
        revisions(table(row(2022, 1), row(2022, 2)))
