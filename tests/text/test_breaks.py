"""What changed between two years of a series."""

import pytest
from four_rows import RECEIVED, row, table

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.text.cautions import breaks_before
from petitionlib.text.text import Text


def breaks(rows, span, years, lang="en"):
    """Name the breaks of a series of petitions received."""
    changes = year_over_year(rows)
    return breaks_before(Text(lang, rows), changes, RECEIVED, span, years[1:])


@pytest.mark.parametrize(
    ("span", "years", "expected"),
    [
        pytest.param("Y", [2021, 2022], [], id="none between"),
        pytest.param("Y", [2020, 2021], [2021], id="between"),
        pytest.param("Y", [2021], [], id="not before the first year"),
        pytest.param("Y", [2020, 2021, 2022, 2023, 2024], [2021, 2024], id="two"),
        pytest.param("week", [2020, 2021], [2021], id="a span of one's own lasts a year"),
    ],
)
def test_years_before_which_something_changed(span, years, expected):
    """A break belongs to the first year whose window ends on or after its day."""
    rows = table(*(row(year, 10, span=span) for year in years))
    assert list(breaks(rows, span, years)) == expected


def test_breaks_of_one_gap_stand_together():
    """Two reasons between the same two years are one text, each with its day."""
    found = breaks(table(row(2020, 1), row(2021, 2)), "Y", [2020, 2021], lang="vi")
    assert found[2021].count(";") == 1
    assert found[2021].startswith("15/12/2020: Năm báo cáo tính từ 15/12")


def test_another_territory_breaks_a_series():
    """A place that became part of another has a break there; one that did not has none."""
    both = [row(2024, 1), row(2025, 2)]
    found = breaks(table(*both), "Y", [2024, 2025])[2025]
    assert "63 provinces and cities become 34" in found
    whole = [r | {"place": "viet-nam"} for r in both]
    assert "63 provinces" not in breaks(table(*whole), "Y", [2024, 2025]).get(2025, "")
