"""What every chart says as text, for those who do not see it."""

import pytest
from four_rows import RECEIVED, row, table

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.charts.changes import plot_changes
from petitionlib.charts.composition import plot_composition
from petitionlib.charts.settlement import plot_settlement
from petitionlib.charts.trend import plot_trend
from petitionlib.text.nothing import NOTHING
from petitionlib.text.text import Text


def test_a_trend_is_told_point_by_point():
    """The text names every point, and the table has its kind; a gap is a dash."""
    rows = table(row(2022, 10, change=1), row(2024, 3108, status="p"))
    told = plot_trend(rows, "can-tho", RECEIVED).layout.meta
    assert told["alt"].startswith(
        "Line chart, 2021 to 2024. 2021: 9 petitions; 2022: 10 petitions; 2024: 3,108 petitions."
    )
    assert told["columns"] == ["Period", "Petitions received", "Remarks"]
    assert [row[:2] for row in told["rows"]] == [
        ["2021", "9 petitions"],
        ["2022", "10 petitions"],
        ["2023", "–"],
        ["2024", "3,108 petitions"],
    ]
    assert told["rows"][3][2].startswith("provisional; 20 January 2024: Forms of circular 01/2024")


def test_a_long_trend_is_told_by_its_ends_and_extremes():
    """Of many points the text names the first, the last, the lowest and the highest."""
    values = [5, 4, 1, 4, 5, 6, 9, 6, 5, 7]
    rows = table(*(row(2001 + i, value) for i, value in enumerate(values)))
    told = plot_trend(rows, "can-tho", RECEIVED).layout.meta
    assert told["alt"] == (
        "Line chart, 2001 to 2010. 2001: 5 petitions; 2003: 1 petition; 2007: 9 petitions;"
        " 2010: 7 petitions."
    )
    assert len(told["rows"]) == 10


def test_a_break_is_drawn_between_its_years():
    """A change of form is a dashed line before the year, with its reason for the pointer."""
    figure = plot_trend(
        table(row(2023, 10), row(2024, 11)),
        "can-tho",
        RECEIVED,
        text=Text("vi", table(row(2023, 10), row(2024, 11))),
    )
    line = figure.data[-1]
    assert (line.line.dash, set(line.x)) == ("dash", {2023.5})
    assert "Biểu mẫu Thông tư 01/2024" in line.customdata[0].replace("<br>", " ")
    assert "20/01/2024: Biểu mẫu Thông tư 01/2024" in figure.layout.meta["alt"]


def test_changes_are_told_largest_first():
    """The text has each change in words, the table both figures."""
    rows = [
        row(year, value, indicator=code)
        for code, values in {RECEIVED: (100, 90), "reception.groups": (3, 5)}.items()
        for year, value in zip((2022, 2023), values, strict=True)
    ]
    told = plot_changes(
        year_over_year(table(*rows)), "can-tho", 2023, text=Text("vi", year_over_year(table(*rows)))
    ).layout.meta
    assert told["alt"] == (
        "Biểu đồ thanh. Đơn tiếp nhận trong kỳ: giảm 10 đơn (10,0%);"
        " Số đoàn đông người: tăng 2 đoàn (từ 3 lên 5)."
    )
    assert told["rows"][0] == [
        "Đơn tiếp nhận trong kỳ",
        "90 đơn",
        "100 đơn",
        "giảm 10 đơn (10,0%)",
    ]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_parts_and_rates_are_told(shipped, lang):
    """The table of a composition ends with the whole; that of the rates has the counts."""
    parts = plot_composition(shipped, "can-tho", 2022, text=Text(lang, shipped)).layout.meta
    rates = plot_settlement(shipped, "can-tho", 2022, text=Text(lang, shipped)).layout.meta
    unit = {"en": "petitions", "vi": "đơn"}[lang]
    assert [row[1] for row in parts["rows"]] == [f"{n} {unit}" for n in (798, 156, 29, 983)]
    assert [len(row) for row in rates["rows"]] == [len(rates["columns"])] * 4
    assert "177" in rates["rows"][0][1]


def test_nothing_drawn_is_nothing_told():
    """A figure without points has its sentence alone."""
    figure = plot_trend(table(row(2022, 10)), "can-tho", "reception.visits")
    reason = "Can Tho. Visits received: not published"
    assert figure._repr_mimebundle_() == {NOTHING: reason, "text/plain": reason}
