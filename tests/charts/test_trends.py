"""Several places in one chart: the numbers first, then the drawing."""

import pytest
from four_rows import RECEIVED, row, table

from petitionlib.charts.trend import plot_trend, trend_numbers
from petitionlib.errors import DataNotFoundError
from petitionlib.text.text import Text

PLACES = ["can-tho", "ha-noi"]
RATE = "cases.complaints.settlement_rate"


def two(*, indicator=RECEIVED):
    """Make figures of two places that share the years 2021 and 2022."""
    return table(
        row(2020, 50, indicator=indicator),
        row(2021, 100, indicator=indicator),
        row(2022, 150, indicator=indicator),
        row(2021, 10, place="ha-noi", indicator=indicator),
        row(2022, 5, place="ha-noi", indicator=indicator),
    )


def test_figures_are_drawn_as_they_are():
    """Without percent the height of a point is its value."""
    points = trend_numbers(two(), PLACES, RECEIVED)
    assert points["drawn"].tolist() == points["value"].tolist() == [50, 100, 150, 10, 5]


def test_percent_is_of_the_first_year_that_all_share():
    """In percent every place has 100 in the first year that all of them have."""
    points = trend_numbers(two(), PLACES, RECEIVED, percent=True)
    assert points["drawn"].tolist() == [50, 100, 150, 100, 50]
    assert set(points["base_year"]) == {2021}


def test_without_a_year_in_common_each_has_its_own():
    """Places that share no year are drawn in percent of their own first; the axis says so."""
    rows = table(row(2020, 50), row(2021, 100), row(2022, 5, place="ha-noi"))
    points = trend_numbers(rows, PLACES, RECEIVED, percent=True)
    assert points["drawn"].tolist() == [100, 200, 100]
    axis = plot_trend(rows, PLACES, RECEIVED, percent=True).layout.yaxis.title.text
    assert axis.replace("<br>", " ") == "percent, the first year of each place = 100%"


def test_a_zero_is_no_base():
    """A year in which a place had 0 is passed over: nothing is a percentage of it."""
    rows = table(row(2020, 0), row(2021, 10), row(2022, 20))
    points = trend_numbers(rows, ["can-tho"], RECEIVED, percent=True)
    assert points["drawn"].tolist() == [0, 100, 200]


def test_rates_are_never_in_percent():
    """A percentage of a rate misleads: rates are drawn as they are."""
    points = trend_numbers(two(indicator=RATE), PLACES, RATE, percent=True)
    assert points["drawn"].tolist() == points["value"].tolist()


def test_each_place_has_a_line_and_each_kind_its_marker():
    """A line a place; a provisional point has its marker, its hover text and its legend."""
    rows = table(row(2021, 10, status="p"), row(2022, 20), row(2022, 5, place="ha-noi"))
    figure = plot_trend(rows, PLACES, RECEIVED)
    assert {"Can Tho", "Ha Noi", "provisional"} <= {trace.name for trace in figure.data}
    line = figure.data[0]
    assert line.marker.symbol == ("diamond-open", "circle")
    assert line.customdata[0] == "Can Tho, 2021: 10 petitions (provisional)"


def test_the_legend_names_a_place_by_its_plain_marker():
    """The marker of a first point that is not final stands only where it is explained."""
    rows = table(row(2021, 10, status="p"), row(2022, 20), row(2022, 5, place="ha-noi"))
    told = [
        trace for trace in plot_trend(rows, PLACES, RECEIVED).data if trace.showlegend is not False
    ]
    assert [trace.name for trace in told] == ["Can Tho", "Ha Noi", "provisional"]
    assert told[0].marker.symbol == "circle"


def test_the_lines_stand_in_the_order_of_the_places():
    """The places are drawn as they are named; one that is named again stays where it was."""
    found = trend_numbers(two(), ["ha-noi", "can-tho", "ha-noi"], RECEIVED)["place"]
    assert found.drop_duplicates().tolist() == ["ha-noi", "can-tho"]


def test_breaks_are_drawn():
    """A break of the series is a dashed line with its reason, once for all places."""
    figure = plot_trend(two(), PLACES, RECEIVED)
    dashed = [trace for trace in figure.data if trace.legendgroup == "break"]
    assert [trace.x[0] for trace in dashed] == [2020.5]
    assert "Forms of circular 02/2021" in dashed[0].customdata[0].replace("<br>", " ")


@pytest.mark.parametrize("percent", [False, True])
def test_breaks_are_drawn_where_all_is_zero(percent):
    """A break has a height where no figure has; in percent the legend says what is missing."""
    rows = table(row(2020, 0), row(2021, 0), row(2021, 0, place="ha-noi"))
    figure = plot_trend(rows, PLACES, RECEIVED, percent=percent)
    broken = [trace for trace in figure.data if trace.legendgroup == "break"]
    assert [max(trace.y) > 0 for trace in broken] == [True]
    names = ["Can Tho: no figure above zero", "Ha Noi: no figure above zero"]
    assert [n for n in names if n in {trace.name for trace in figure.data}] == names * percent
    assert "0 petitions" in figure.layout.meta["alt"]


def test_an_axis_of_few_petitions_has_whole_numbers():
    """Up to five, each whole number has one tick; a quarter of a petition has none."""
    few = plot_trend(table(row(2021, 1), row(2022, 3)), ["can-tho"], RECEIVED)
    assert (few.layout.yaxis.dtick, plot_trend(two(), PLACES, RECEIVED).layout.yaxis.dtick) == (
        1,
        None,
    )


def test_places_of_one_name_are_told_apart():
    """A province and the one that it became have one name; the legend says which is when."""
    rows = table(row(2024, 10), row(2025, 20, place="can-tho-2025"))
    figure = plot_trend(rows, ["can-tho", "can-tho-2025"], RECEIVED)
    assert {"Can Tho (until 30 June 2025)", "Can Tho (from 1 July 2025)"} <= {
        trace.name for trace in figure.data
    }


def test_years_that_are_wanted():
    """Without the years before and after, what is drawn and compared is what it was with them."""
    wanted = plot_trend(two(), PLACES, RECEIVED, years=(2022, 2022))
    assert [list(trace.x) for trace in wanted.data if trace.customdata] == [[2022], [2022]]
    assert wanted.layout.title.text == "Petitions received, 2022: 2 places"
    percent = trend_numbers(two(), PLACES, RECEIVED, years=(2020, 2021), percent=True)
    assert percent[["place", "year", "drawn"]].to_numpy().tolist() == [
        ["can-tho", 2020, 50],
        ["can-tho", 2021, 100],
        ["ha-noi", 2021, 100],
    ]
    assert (
        "not published" in plot_trend(two(), PLACES, RECEIVED, years=(1990, 1991)).layout.title.text
    )


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Petitions received, February, 2022: 2 places"),
        ("vi", "Đơn tiếp nhận trong kỳ, tháng 2, 2022: 2 đơn vị"),
    ],
)
def test_a_month_is_written_as_in_a_sentence(lang, title):
    """English writes its months with a capital letter, Vietnamese does not."""
    rows = table(row(2022, 9, span="M02"), row(2022, 8, span="M02", place="ha-noi"))
    figure = plot_trend(rows, PLACES, RECEIVED, text=Text(lang, rows))
    assert figure.layout.title.text == title


def test_a_place_without_figures_is_named():
    """A place of which nothing was published stands in the legend and is not counted."""
    figure = plot_trend(two(), [*PLACES, "cao-bang"], RECEIVED, text=Text("vi", two()))
    assert "Cao Bằng: không công bố cho kỳ này" in [trace.name for trace in figure.data]
    assert figure.layout.title.text == "Đơn tiếp nhận trong kỳ, 2020–2022: 2 đơn vị"


def test_many_places_without_figures_are_counted():
    """A legend of dozens of names that have no line would leave no room for the chart."""
    silent = ["cao-bang", "ben-tre", "hau-giang", "soc-trang"]
    figure = plot_trend(two(), [*PLACES, *silent], RECEIVED)
    names = [trace.name for trace in figure.data if "not published" in trace.name]
    assert figure.layout.meta["alt"].endswith("period: Cao Bang, Ben Tre, Hau Giang, Soc Trang.")
    assert names == ["4 places: not published for this period"]


def test_what_is_drawn_can_be_read():
    """The figure carries a row a year and a column a place; what is missing is a dash."""
    told = plot_trend(two(), PLACES, RECEIVED).layout.meta
    assert list(told["columns"]) == ["Period", "Can Tho", "Ha Noi"]
    assert list(told["rows"][0]) == ["2020", "50 petitions", "–"]


def test_a_place_alone_gives_its_name_to_the_title():
    """One place is no number of places: a reader asks which."""
    found = plot_trend(two(), ["can-tho", "cao-bang"], RECEIVED).layout.title.text
    assert found == "Petitions received, 2020–2022: Can Tho"


def test_a_change_of_territory_of_any_place_is_a_break():
    """A place that is named later does not hide what happened to one that is named before."""
    rows = table(*(row(y, 5, place=p) for y in (2024, 2025) for p in ("can-tho", "viet-nam")))
    for places in (["can-tho", "viet-nam"], ["viet-nam", "can-tho"]):
        dashed = [t for t in plot_trend(rows, places, RECEIVED).data if t.legendgroup == "break"]
        assert "63 provinces and cities become 34" in dashed[0].customdata[0].replace("<br>", " ")


def test_nothing_published_says_so():
    """Where no place has a figure, the title says so."""
    figure = plot_trend(two(), ["cao-bang"], RECEIVED, span="H1")
    assert not figure.data
    assert "not published" in figure.layout.title.text


def test_refuses_an_unknown_place_and_no_place():
    """A code that nothing knows and an empty list are refused."""
    with pytest.raises(DataNotFoundError, match="ha-nio"):
        plot_trend(two(), ["ha-nio"], RECEIVED)
    with pytest.raises(ValueError, match="name at least one"):
        plot_trend(two(), [], RECEIVED)


def test_one_place_needs_no_list():
    """A code alone is one place, not its letters."""
    assert plot_trend(two(), "can-tho", RECEIVED) == plot_trend(two(), ["can-tho"], RECEIVED)
