"""What limits a comparison, in words."""

import json

import pytest
from four_rows import row, table

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.text.text import Text

NONE = "No comparison in this report crosses a change of form, period or territory."


def cautions(year, *rows, lang="en"):
    """Write the cautions for the figures of one year."""
    changes = year_over_year(table(*rows))
    return (
        Text(lang, changes[changes["year"] == year])
        .cautions(changes[changes["year"] == year])
        .splitlines()
    )


def test_without_a_comparison_none_is_called_sound():
    """Where nothing can be compared, no change of form is ruled out: the text says why."""
    changes = year_over_year(table(row(2023, 10)))
    assert Text("en", changes).cautions(changes) == (
        "No figure of this report can be compared with the year before."
    )


def test_nothing_to_tell():
    """Where no break lies between two years, that is said."""
    assert cautions(2023, row(2022, 100), row(2023, 110)) == [NONE]


def test_breaks_are_named_in_order_with_the_figures_they_touch():
    """Each change of form or period is named with its day and the number of comparisons."""
    rows = [row(2020, 100), row(2021, 110), row(2020, 5, indicator="reception.groups")]
    assert cautions(2021, *rows, row(2021, 6, indicator="reception.groups")) == [
        (
            "15 December 2020: The reporting year starts on 15 December instead of 16 December."
            " 2 figures of this report are compared across this change, with care."
        ),
        (
            "10 May 2021: Forms of circular 02/2021."
            " 1 figure of this report is compared across this change, with care."
        ),
    ]


def test_another_territory_is_the_reason_why_nothing_is_compared():
    """A place that trebled its territory is not compared, and the reader learns why."""
    rows = [row(2024, 100), row(2025, 300, place="can-tho-2025")]
    assert cautions(2025, *rows) == [
        (
            "1 July 2025: 63 provinces and cities become 34. 1 figure is not compared, because it"
            " is about another territory than a year before."
        )
    ]
    assert cautions(2025, *rows, lang="vi") == [
        (
            "01/07/2025: 63 tỉnh, thành phố sắp xếp còn 34. 1 chỉ tiêu không so sánh vì địa giới"
            " khác cùng kỳ năm trước."
        )
    ]


def test_a_window_that_ends_with_the_report():
    """Figures up to the day of the report may be of windows that differ."""
    told = cautions(2023, row(2022, 100, span="YTD"), row(2023, 110, span="YTD"))
    assert len(told) == 1
    assert told[0].startswith("These figures run to the day of the report")


@pytest.mark.parametrize(
    ("published", "told"),
    [
        pytest.param("2023-12-01", True, id="before the end"),
        pytest.param("2023-12-14", False, id="on the last day"),
        pytest.param("", False, id="unknown"),
    ],
)
def test_a_source_from_before_the_end_of_the_period(published, told):
    """Figures that were published before the period ended may have changed since."""
    made = table(row(2023, 110))
    made.attrs["sources"] = json.dumps([["a", "T", "News", "", published, ""]])
    lines = Text("en", year_over_year(made)).cautions(year_over_year(made)).splitlines()[1:]
    assert lines == told * [
        (
            "News published its figures on 1 December 2023, before the period ended on"
            " 14 December 2023; they may have changed since."
        )
    ]


def test_an_unknown_span_has_no_cautions():
    """A span that the codebook does not know has no known window."""
    assert cautions(2021, row(2020, 100, span="week"), row(2021, 110, span="week")) == [NONE]


def test_a_merger_that_the_calendar_of_breaks_does_not_have():
    """A folder's own places may merge on a day of their own."""
    places = [
        ["old", "Old", "Old", "commune", "", "", "", "", "2023-06-30", "new"],
        ["new", "New", "New", "commune", "", "", "", "2023-07-01", "", ""],
    ]
    made = table(row(2022, 5, place="old"), row(2023, 9, place="new"))
    made.attrs["codebook"] = json.dumps({"places": places})
    changes = year_over_year(made)
    assert (
        Text("en", changes[changes["year"] == 2023])
        .cautions(changes[changes["year"] == 2023])
        .startswith("1 figure is not compared")
    )
