"""Finished table -> plotly figure: the numbers first, then the drawing."""

import json
import re
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from drawn import labels, plain, title
from four_rows import RECEIVED, figures_of, row, table

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.charts.changes import change_numbers, plot_changes
from petitionlib.charts.composition import composition_numbers, plot_composition
from petitionlib.charts.ranking import plot_ranking
from petitionlib.charts.settlement import plot_settlement, settlement_numbers
from petitionlib.charts.theme import as_text, base_layout, empty_figure, wrap
from petitionlib.charts.trend import plot_trend, trend_numbers
from petitionlib.codebook.windows import longest_span
from petitionlib.errors import DataNotFoundError, NotATableError, TableError
from petitionlib.text.text import Text

DATA = Path(__file__).parents[2] / "data"
VISITS = "reception.visits"
RATE = "cases.complaints.settlement_rate"
SETTLED = "cases.complaints.settled"
DUE = "cases.complaints.due"
NASTY = "<img src=x onerror=alert(1)>"


def named(figure):
    """Give the traces of a figure by their names."""
    return {trace.name: trace for trace in figure.data if trace.name}


def nasty(*indicators):
    """Make a table whose own place and indicators have names that are HTML."""
    names = {code: [code, "petitions", "flow", NASTY + code, NASTY + code, "", ""]
             for code in indicators}  # fmt: skip
    place = ["evil", NASTY, NASTY, "province", "", "", "", "", "", ""]
    rule = ["own", indicators[0], "=", " + ".join(indicators[1:]), "error", ""]
    rows = [
        row(year, 100 * (year - 2020), place="evil", indicator=code)
        for year in (2022, 2023)
        for code in indicators
    ]
    made = table(*rows)
    made.attrs["codebook"] = json.dumps(
        {"indicators": list(names.values()), "places": [place], "identities": [rule]}
    )
    return made


def test_trend_numbers():
    """A trend has a point a year from the first to the last; a gap has no value and no kind."""
    found = trend_numbers(table(row(2020, 10), row(2022, 12), row(2023, 13)), "can-tho", RECEIVED)
    assert found["year"].tolist() == [2020, 2021, 2022, 2023]
    assert found["value"].isna().tolist() == [False, True, False, False]
    assert found["kind"].tolist() == ["final", "", "final", "final"]


def test_trend_kinds():
    """Each point says whether it is final, provisional, revised, approximate or derived."""
    found = trend_numbers(
        table(
            row(2019, 10, change=1),
            row(2020, 11, status="p"),
            row(2021, 12, status="r"),
            row(2022, 13, status="e"),
        ),
        "can-tho",
        RECEIVED,
    )
    assert found["kind"].tolist() == ["derived", "final", "p", "r", "e"]
    assert found["value"].tolist() == [9, 10, 11, 12, 13]


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_trend_without_status(dtype):
    """A status that is missing is a blank one: the point is final."""
    rows = table(row(2022, 10), row(2023, 11))
    rows["status"] = pd.array([None, None], dtype=dtype)
    assert trend_numbers(rows, "can-tho", RECEIVED)["kind"].tolist() == ["final", "final"]


def test_trend_decimals():
    """The printed decimals go with the points; a derived point has none."""
    rows = table(row(2019, 86.3, indicator=RATE, change=2.6)).assign(decimals=[1])
    found = trend_numbers(rows, "can-tho", RATE)
    assert found["value"].tolist() == [83.7, 86.3]
    assert found["decimals"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([("H1", 2), ("Y", 3)], "Y", id="most years"),
        pytest.param([("H1", 3), ("Y", 2)], "H1", id="not the reporting year"),
        pytest.param([("H1", 2), ("Y", 2)], "Y", id="of equals the first of the codebook"),
        pytest.param([("week", 2), ("H1", 2)], "H1", id="an unknown one is the last"),
        pytest.param([], "Y", id="none"),
    ],
)
def test_longest_span(spans, expected):
    """Without a span, the one of which most years are published is drawn."""
    rows = [row(2019 + i, 10, span=span) for span, years in spans for i in range(years)]
    rows += [row(2019 + i, None, span="9M") for i in range(9)]
    assert expected == longest_span(table(*rows))


def test_of_equal_spans_the_one_that_goes_on_longer_is_drawn():
    """Two years of each: those that reach nearer to today."""
    rows = [row(year, 10) for year in (2021, 2022)]
    rows += [row(year, 10, span="AY") for year in (2022, 2023)]
    assert longest_span(table(*rows)) == "AY"


def test_the_number_of_a_point_gives_way_to_the_line():
    """It stands below where the neighbours are higher, unless the axis is there; else above."""
    rows = table(*(row(2020 + i, value) for i, value in enumerate([50, 40, 100, 9, 90])))
    sides = plot_trend(rows, "can-tho", RECEIVED).data[0].textposition
    below, above = "bottom center", "top center"
    assert list(sides) == [above, below, above, above, above]


def test_a_change_that_was_printed_without_its_base_is_drawn():
    """Its percentage is the bar and its label; the figure of the year before stays a dash."""
    rows = [row(2023, 80, change_percent=-20.0, change_percent_decimals=0)]
    rows += [
        row(2023, 30, indicator="reception.visits"),
        row(2022, 20, indicator="reception.visits"),
    ]
    changes = year_over_year(table(*rows))
    figure = plot_changes(changes, "can-tho", 2023, text=Text("vi", changes))
    assert figure.data[0].x == (-20.0, 50.0)
    assert "giảm 20%" in figure.data[0].y[0]
    assert title(figure).endswith("1 chỉ tiêu tăng, 1 chỉ tiêu giảm")
    assert list(figure.layout.meta["rows"][1])[1:] == ["80 đơn", "–", "giảm 20%"]


def test_what_is_no_code_is_refused(shipped):
    """A list in the place of a code is told what it must be."""
    with pytest.raises(DataNotFoundError, match=r"place is \['can-tho'\]; it must be a code"):
        plot_trend(shipped, [["can-tho"]], RECEIVED)
    with pytest.raises(NotATableError, match="'data' is not a table"):
        plot_trend("data", "can-tho", RECEIVED)


def test_trend_of_a_span():
    """With a span, only that span is drawn."""
    rows = table(row(2022, 10), row(2023, 11), row(2023, 5, span="H1"))
    assert trend_numbers(rows, "can-tho", RECEIVED, span="H1")["value"].tolist() == [5]
    found = title(plot_trend(rows, "can-tho", RECEIVED, span="H1", text=Text("vi", rows)))
    assert found == "Cần Thơ, 6 tháng đầu năm 2023. Đơn tiếp nhận trong kỳ: 5 đơn."


def test_trend_figure():
    """The line has a gap where a year is missing, and each kind of point its own marker."""
    figure = plot_trend(
        table(
            row(2018, 10), row(2020, 12), row(2022, 14, change=1),
            row(2023, 15, status="p"), row(2024, 20, status="r"), row(2025, 20, status="e"),
        ),
        "can-tho",
        RECEIVED,
    )  # fmt: skip
    line = figure.data[0]
    assert line.y == (10, None, 12, 13, 14, 15, 20, 20)
    assert line.customdata[3:6] == (
        "2021: 13 petitions (derived from the published change)",
        "2022: 14 petitions",
        "2023: 15 petitions (provisional)",
    )
    explained = {trace.name: trace for trace in figure.data if trace.showlegend is not False}
    assert list(explained) == [
        "change of form, period or territory",
        "revised",
        "derived from the published change",
        "provisional",
        "approximate",
    ]
    markers = {name: (one.marker.symbol, one.marker.color) for name, one in explained.items()}
    assert len(set(markers.values())) == 5
    for at, name in {
        3: "derived from the published change",
        5: "provisional",
        6: "revised",
    }.items():
        assert (line.marker.symbol[at], line.marker.color[at]) == markers[name]


def test_trend_starts_at_zero():
    """The axis of a trend starts at zero, and names the unit."""
    rows = table(row(2021, 9), row(2022, 10))
    axis = plot_trend(rows, "can-tho", RECEIVED, text=Text("vi", rows)).layout.yaxis
    assert axis.rangemode == "tozero"
    assert axis.title.text == "đơn"
    letters = rows.assign(indicator="letters")
    unknown = plot_trend(letters, "can-tho", "letters")
    assert unknown.layout.yaxis.title.text == ""


def test_trend_of_a_rate():
    """A rate is written with its printed decimals, its axis in percent."""
    rows = table(row(2022, 93.1, indicator=RATE), row(2023, 94, indicator=RATE))
    figure = plot_trend(rows.assign(decimals=2), "can-tho", RATE)
    assert plain(figure.data[0].customdata[0]) == "2022: 93.10%"
    assert figure.layout.yaxis.title.text == "percent"


def test_trend_years():
    """The years that have a point are named on the axis, and only they."""
    rows = table(row(2008, 10), row(2013, 10), row(2014, 10))
    axis = plot_trend(rows, "can-tho", RECEIVED).layout.xaxis
    assert list(axis.tickvals) == [2008, 2013, 2014]
    assert list(axis.ticktext) == ["2008", "2013", "2014"]


def test_trend_title(shipped):
    """The title of a trend states the latest change."""
    assert title(plot_trend(shipped, "can-tho", VISITS, text=Text("vi", shipped))) == (
        "Cần Thơ, năm 2023. Số lượt tiếp: 2.271 lượt,"
        " giảm 379 lượt (14,3%) so với cùng kỳ năm 2022."
    )


def test_change_numbers():
    """The counts that can be compared stand in the order of their change, without the rates."""
    rows = [
        row(year, value, indicator=indicator)
        for indicator, values in {
            VISITS: (100, 90), RECEIVED: (100, 150), "reception.groups": (3, 5),
            "reception.people": (100, 100), RATE: (50, 60), "reception.cases": (None, 7),
        }.items()
        for year, value in zip((2022, 2023), values, strict=True)
    ]  # fmt: skip
    found = change_numbers(year_over_year(table(*rows)), "can-tho", 2023)
    expected = [RECEIVED, "reception.people", VISITS, "reception.groups"]
    assert expected == found["indicator"].tolist()
    assert found["percent"].tolist()[:3] == [50, 0, -10]
    assert found["percent"].isna().tolist() == [False, False, False, True]


def test_change_numbers_of_one_period():
    """Only the place, year and span that were asked for are given."""
    rows = [row(y, 100 + y - 2022, span=s) for s in ("Y", "H1") for y in (2021, 2022, 2023)]
    found = change_numbers(year_over_year(table(*rows)), "can-tho", 2023, span="H1")
    assert found[["year", "span"]].to_numpy().tolist() == [[2023, "H1"]]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(2022, 100)], id="nothing to compare"),
        pytest.param([row(2021, 100)], id="nothing of the year"),
        pytest.param([row(2022, None)], id="no figures at all"),
        pytest.param([row(2022, 5, indicator=RATE, change=1)], id="rates only"),
    ],
)
def test_changes_of_nothing(rows):
    """Where no count can be compared, the figure says so and draws nothing."""
    compared = year_over_year(table(*rows))
    assert len(change_numbers(compared, "can-tho", 2022)) == 0
    figure = plot_changes(compared, "can-tho", 2022)
    assert len(figure.data) == 0
    assert title(figure) == "Can Tho, 2022: no count can be compared with 2021"


def test_changes_figure(changes):
    """Rises go right and falls left from zero; a small base has no bar but its counts."""
    figure = plot_changes(changes, "can-tho", 2023)
    bars = figure.data[0]
    assert bars.orientation == "h"
    assert [x and round(x, 1) for x in bars.x] == [None, -14.3, -14.1, -11.6, -9.5, -6.1]
    assert labels(figure)[0] == "Large groups received +2 groups (from 3 to 5)"
    assert labels(figure)[-1] == "Petitions received −191 petitions (−6.1%)"
    assert plain(bars.customdata[-1]).startswith("Petitions received: 2,917 petitions, down")


def test_changes_colours():
    """Rises and falls have colours of their own."""
    rows = [
        row(year, value, indicator=indicator)
        for indicator, now in {VISITS: 90, RECEIVED: 150}.items()
        for year, value in ((2022, 100), (2023, now))
    ]
    bars = plot_changes(year_over_year(table(*rows)), "can-tho", 2023).data[0]
    assert bars.x == (-10, 50)
    assert len(set(bars.marker.color)) == 2


def drawings(shipped, changes, lang):
    """Draw a chart of each kind, and those that have nothing to draw."""
    places = ["can-tho", "viet-nam", "ha-noi"]
    yield from (plot_trend(shipped, place, RECEIVED, text=Text(lang, shipped)) for place in places)
    yield from (
        plot_trend(shipped, places, RECEIVED, percent=p, text=Text(lang, shipped))
        for p in (True, False)
    )
    yield from (plot_changes(changes, place, 2023, text=Text(lang, changes)) for place in places)
    yield from (
        plot_composition(shipped, place, 2022, text=Text(lang, shipped)) for place in places
    )
    yield from (plot_settlement(shipped, place, 2022, text=Text(lang, shipped)) for place in places)
    four = table(
        *(row(y, 100 + y % 7, place=p) for y in (2022, 2023) for p in ("can-tho", "ha-noi"))
    )
    yield from (
        plot_ranking(rows, 2023, RECEIVED, text=Text(lang, rows)) for rows in (shipped, four)
    )


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_plotly_knows_every_property(shipped, changes, lang):
    """What charts write without plotly's check is what plotly makes of it with its check."""
    drawn = list(drawings(shipped, changes, lang))
    assert sum(bool(figure.data) for figure in drawn) >= 9
    for figure in drawn:
        checked = go.Figure(figure.to_dict())
        assert json.loads(checked.to_json()) == json.loads(figure.to_json())


def test_plotly_checks_what_a_user_changes(shipped, changes):
    """A misspelt property and a wrong value are refused in each part of a figure."""
    for figure in drawings(shipped, changes, "en"):
        for change in (
            lambda figure: figure.update_layout(titel="Petitions"),
            lambda figure: figure.update_layout(height="tall"),
            lambda figure: figure.layout.xaxis.update(colour="red"),
            lambda figure: figure.add_scatter(y=[1], colour="red"),
        ):
            with pytest.raises(ValueError, match="nvalid"):
                change(figure)
        for trace in figure.data:
            with pytest.raises(ValueError, match="nvalid"):
                trace.visible = "perhaps"
            with pytest.raises(ValueError, match="nvalid"):
                trace.update(colour="red")


def test_the_axes_of_a_figure_are_apart(shipped, changes):
    """What is changed of one axis, or of its look, is not changed of the other."""
    for figure in drawings(shipped, changes, "en"):
        before = json.loads(figure.to_json())["layout"]
        figure.layout.xaxis.title.text = "changed"
        figure.layout.template.layout.xaxis.title.font.size = 30
        after = json.loads(figure.to_json())["layout"]
        assert after["yaxis"] == before["yaxis"] if "yaxis" in before else "yaxis" not in after
        looks = [layout["template"]["layout"]["yaxis"] for layout in (before, after)]
        assert looks[0] == looks[1]


def test_a_figure_that_stands_twice_is_refused(changes):
    """Comparisons that were put together twice are not counted twice."""
    with pytest.raises(TableError, match="twice"):
        plot_changes(pd.concat([changes, changes]), "can-tho", 2023)


def test_a_table_without_comparisons_says_what_is_missing(shipped):
    """Who gives the table instead of its comparisons is told how to get them."""
    with pytest.raises(NotATableError, match=r"year_over_year\(table\)"):
        plot_changes(shipped, "can-tho", 2023)


@pytest.mark.parametrize("year", ["2022", 2022.0, None])
def test_a_year_that_is_no_whole_number_is_refused(shipped, changes, year):
    """Nothing is called unpublished because the year was written as text."""
    for draw in (
        plot_composition,
        plot_settlement,
        lambda _, *where: plot_changes(changes, *where),
    ):
        with pytest.raises(ValueError, match="must be a whole number"):
            draw(shipped, "can-tho", year)


def test_bars_start_at_zero(shipped, changes):
    """No axis of bars begins elsewhere than at zero."""
    drawn = [
        plot_changes(changes, "can-tho", 2023),
        plot_composition(shipped, "can-tho", 2022),
        plot_settlement(shipped, "can-tho", 2022),
    ]
    for figure in drawn:
        axis = figure.layout.xaxis
        assert axis.range is None or axis.range[0] <= 0 <= axis.range[1]
        assert axis.rangemode != "nonnegative"
        assert figure.data[0].base is None


@pytest.mark.parametrize("column", ["place", "year", "span", "indicator", "value"])
def test_a_table_without_a_column_is_refused(column, shipped):
    """Each chart of a tidy table names the column that is not there, in one sentence."""
    rows = shipped.drop(columns=column)
    for draw in (
        lambda: plot_trend(rows, "can-tho", RECEIVED),
        lambda: plot_trend(rows, ["can-tho"], RECEIVED),
        lambda: plot_ranking(rows, 2023, RECEIVED),
        lambda: plot_composition(rows, "can-tho", 2023),
        lambda: plot_settlement(rows, "can-tho", 2023),
    ):
        with pytest.raises(NotATableError, match=f"the table has no column '{column}'; data/"):
            draw()


def test_a_trend_of_wanted_years():
    """The first year is compared with the one before it, which is not drawn; gaps are no ends."""
    rows = table(row(2019, 5), row(2021, 2000), row(2022, 3108), row(2023, 2917, change=-191))
    figure = plot_trend(rows, "can-tho", RECEIVED, years=(2022, 2023))
    assert (
        title(figure)
        == "Can Tho, 2023. Petitions received: 2,917 petitions, down 191 (−6.1%) on 2022."
    )
    assert [list(trace.x) for trace in figure.data] == [[2022, 2023]]
    found = trend_numbers(rows, "can-tho", RECEIVED, years=(2020, 2022))
    assert found[["year", "kind"]].to_numpy().tolist() == [[2021, "final"], [2022, "final"]]
    assert "not published" in title(plot_trend(rows, "can-tho", RECEIVED, years=(1990, 1999)))


@pytest.mark.parametrize("years", [(2023,), (2023, 2020), 2023, (2020, 2021, 2022)])
def test_years_are_the_first_and_the_last(years):
    """Anything else is refused, with what it must be."""
    with pytest.raises(ValueError, match=r"must be the first and the last, like \(2020, 2023\)"):
        plot_trend(table(row(2022, 9)), "can-tho", RECEIVED, years=years)


def test_changes_of_years_as_text_are_refused(changes):
    """Years that are text match no year: the chart says so instead of finding nothing."""
    with pytest.raises(TableError, match=r"dtype str\); use table\.astype"):
        plot_changes(changes.astype({"year": "str"}), "can-tho", 2023)


def test_parts_of_one_short_name_are_named_in_full(shipped):
    """What follows the colon may be the same for two parts; then each has its whole name."""
    figure = plot_composition(shipped, "can-tho", 2022, whole="reception.visits")
    assert labels(figure) == [
        "Reception by leaders: visits 673 (25.4%)",
        "Regular reception: visits 1,977 (74.6%)",
    ]


def test_changes_title():
    """The title counts the figures that were compared, and which way they went."""
    rows = [
        row(year, value, indicator=indicator)
        for indicator, now in {VISITS: 90, RECEIVED: 150, "reception.people": 100}.items()
        for year, value in ((2022, 100), (2023, now))
    ]
    found = title(plot_changes(year_over_year(table(*rows)), "can-tho", 2023))
    counted = "of 3 figures that can be compared with 2022, 1 rose and 1 fell, 1 unchanged"
    assert found == f"Can Tho, 2023: {counted}"


def test_changes_title_of_one():
    """One figure is not called "1 figures"."""
    compared = year_over_year(table(row(2022, 100), row(2023, 110)))
    assert "1 figures" not in title(plot_changes(compared, "can-tho", 2023))


def test_composition_numbers():
    """The parts of a whole have their shares, the largest first."""
    found = composition_numbers(
        figures_of(
            petitions__in_jurisdiction=983,
            petitions__in_jurisdiction__complaints=156,
            petitions__in_jurisdiction__denunciations=29,
            petitions__in_jurisdiction__feedback=798,
        ),
        "can-tho",
        2022,
    )
    assert found["indicator"].str.rpartition(".")[2].tolist() == [
        "feedback",
        "complaints",
        "denunciations",
    ]
    assert found["value"].tolist() == [798, 156, 29]
    assert found["share"].round(3).tolist() == [0.812, 0.159, 0.03]
    assert set(found["whole"]) == {"petitions.in_jurisdiction"}
    assert set(found["whole_value"]) == {983}


def test_composition_rest():
    """What the parts leave unexplained is a part of its own, without an indicator."""
    rows = figures_of(
        petitions__received=100,
        petitions__received__complaints=30,
        petitions__received__denunciations=10,
        petitions__received__feedback=50,
    )
    found = composition_numbers(rows, "can-tho", 2022)
    assert found["value"].tolist() == [50, 30, 10, 10]
    assert found.loc[found["indicator"] == "", "share"].tolist() == [0.1]
    figure = plot_composition(rows, "can-tho", 2022)
    assert any(label.startswith("Not explained by the parts 10") for label in labels(figure))
    assert len(set(figure.data[0].marker.color)) == 2


def test_composition_of_too_much():
    """Parts that make more than their whole leave less than nothing, and it is shown."""
    rows = figures_of(
        petitions__received=100,
        petitions__received__complaints=60,
        petitions__received__denunciations=10,
        petitions__received__feedback=50,
    )
    figure = plot_composition(rows, "can-tho", 2022)
    assert figure.data[0].x[0] == -20
    assert labels(figure)[0] == "Not explained by the parts −20 (−20.0%)"


def test_composition_of_a_whole():
    """A whole can be named; it may be split into others than its own kinds."""
    rows = figures_of(petitions__total=10, petitions__processed=6, petitions__pending=4)
    assert len(composition_numbers(rows, "can-tho", 2022)) == 0
    found = composition_numbers(rows, "can-tho", 2022, whole="petitions.total")
    assert found["value"].tolist() == [6, 4]
    assert title(
        plot_composition(rows, "can-tho", 2022, whole="petitions.total", text=Text("vi", rows))
    ) == (
        "Cần Thơ, năm 2022. Tổng số đơn (kể cả kỳ trước chuyển sang):"
        " Đơn đã xử lý chiếm 60,0% (6/10)"
    )


def test_composition_of_the_first_whole():
    """Petitions received go before eligible ones, and these before those in jurisdiction."""
    parts = ("complaints", "denunciations", "feedback")
    wholes = ("received", "eligible", "in_jurisdiction")
    figures = {f"petitions__{w}": 30 for w in wholes}
    figures |= {f"petitions__{w}__{p}": 10 for w in wholes for p in parts}
    found = []
    for whole in wholes:
        found.append(composition_numbers(figures_of(**figures), "can-tho", 2022)["whole"].iloc[0])
        del figures[f"petitions__{whole}__complaints"]
    assert found == [f"petitions.{whole}" for whole in wholes]


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param({"petitions__received": 10}, id="whole alone"),
        pytest.param({"petitions__in_jurisdiction__feedback": 5}, id="a part alone"),
        pytest.param(
            {"petitions__eligible": 10, "petitions__eligible__feedback": 5}, id="a part missing"
        ),
    ],
)
def test_composition_of_nothing(figures):
    """Where no complete split was published the figure says so and draws nothing."""
    found = composition_numbers(figures_of(**figures), "can-tho", 2022)
    assert list(found.columns) == ["whole", "whole_value", "indicator", "value", "share"]
    assert len(found) == 0
    figure = plot_composition(
        figures_of(**figures), "can-tho", 2022, text=Text("vi", figures_of(**figures))
    )
    assert len(figure.data) == 0
    assert title(figure) == "Cần Thơ, năm 2022: chưa công bố đủ số liệu thành phần"


def test_composition_figure(shipped):
    """The bars have their name, count and share, and the axis starts at zero and names the unit."""
    figure = plot_composition(shipped, "can-tho", 2022, text=Text("vi", shipped))
    assert figure.data[0].x == (29, 156, 798)
    assert labels(figure) == [
        "Tố cáo 29 (3,0%)",
        "Khiếu nại 156 (15,9%)",
        "Kiến nghị, phản ánh 798 (81,2%)",
    ]
    assert figure.data[0].customdata[-1] == "kiến nghị, phản ánh: 798 đơn"
    assert figure.layout.xaxis.rangemode == "tozero"
    assert figure.layout.xaxis.title.text == "đơn"


def test_composition_of_an_unknown_unit():
    """A whole without a unit has no title on its axis."""
    rows = table(row(2022, 3, indicator="a"), row(2022, 1, indicator="b"))
    rows.attrs["codebook"] = json.dumps({"identities": [["own", "a", "=", "b", "error", ""]]})
    figure = plot_composition(rows, "can-tho", 2022, whole="a")
    assert figure.layout.xaxis.title.text == ""


def test_settlement_numbers():
    """A rate follows from its counts; without both counts it is the printed one."""
    rows = figures_of(
        cases__complaints__due=156,
        cases__complaints__settled=150,
        cases__complaints__settlement_rate=96.15,
        cases__denunciations__settlement_rate=93.1,
        cases__denunciations__due=29,
        cases__feedback__due=0,
        cases__feedback__settled=0,
        cases__all__due=185,
    ).assign(decimals=[0, 0, 2, 2, 0, 0, 0, 0])
    found = settlement_numbers(rows, "can-tho", 2022)
    kinds = ("complaints", "denunciations", "feedback")
    assert found["indicator"].tolist() == [f"cases.{kind}.settlement_rate" for kind in kinds]
    assert found["from_counts"].tolist() == [True, False, True]
    assert found["rate"].round(4).tolist()[:2] == [96.1538, 93.1]
    assert found["printed"].tolist()[:2] == [96.15, 93.1]
    assert found["decimals"].tolist()[:2] == [2, 2]


def test_settlement_of_none_due():
    """Nothing due has no rate, but its counts and a printed rate stay."""
    found = settlement_numbers(
        figures_of(
            cases__complaints__due=0,
            cases__complaints__settled=0,
            cases__complaints__settlement_rate=100,
        ),
        "can-tho",
        2022,
    )
    assert found[["part", "whole", "printed"]].to_numpy().tolist() == [[0, 0, 100]]
    assert found["rate"].isna().tolist() == [True]


def test_settlement_figure():
    """Bars start at zero and end at 100; a rate without counts is paler and says so."""
    rows = figures_of(
        cases__complaints__due=156,
        cases__complaints__settled=150,
        cases__denunciations__settlement_rate=93.1,
    ).assign(decimals=[0, 0, 2])
    figure = plot_settlement(rows, "can-tho", 2022, text=Text("vi", rows))
    assert labels(figure) == [
        "Tỷ lệ giải quyết tố cáo 93,10% (theo công bố, không có số liệu thành phần)",
        "Tỷ lệ giải quyết khiếu nại 96,15% · 150/156 vụ việc",
    ]
    assert figure.layout.xaxis.range == (0, 100)
    assert len(set(figure.data[0].marker.color)) == 2
    assert title(figure) == (
        "Cần Thơ, năm 2022. Tỷ lệ giải quyết khiếu nại 96,15% (150/156 vụ việc)"
    )


@pytest.mark.parametrize(
    ("printed", "decimals", "expected"),
    [
        pytest.param(96.15, 2, "96.15%", id="rounded"),
        pytest.param(96.1, 1, "96.1%", id="truncated"),
        pytest.param(96.0, 0, "96%", id="no decimals"),
        pytest.param(90.0, 0, "96.15%, printed 90%", id="another"),
        pytest.param(701.0, 0, "96.15%, printed 701%", id="a slip"),
    ],
)
def test_settlement_printed_rate(printed, decimals, expected):
    """A printed rate stands as printed; where the counts give another, both are named."""
    rows = figures_of(
        cases__complaints__due=156,
        cases__complaints__settled=150,
        cases__complaints__settlement_rate=printed,
    ).assign(decimals=[0, 0, decimals])
    found = labels(plot_settlement(rows, "can-tho", 2022))
    assert found == [f"Complaints: settlement rate {expected} · 150 of 156 cases"]


def test_settlement_above_a_hundred():
    """A printed rate above 100 stretches the axis."""
    figure = plot_settlement(figures_of(cases__complaints__settlement_rate=701), "can-tho", 2022)
    assert figure.layout.xaxis.range == (0, 701)


def test_settlement_of_nothing():
    """Where nothing was published the figure says so and draws nothing."""
    figure = plot_settlement(figures_of(petitions__received=5), "can-tho", 2022)
    assert len(figure.data) == 0
    assert title(figure) == "Can Tho, 2022: rates not published"


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_place_without_data(shipped, changes, lang):
    """A place of the codebook without figures gives figures that say so."""
    drawn = [
        plot_trend(shipped, "hue", RECEIVED, text=Text(lang, shipped)),
        plot_changes(changes, "hue", 2022, text=Text(lang, changes)),
        plot_composition(shipped, "hue", 2022, text=Text(lang, shipped)),
        plot_settlement(shipped, "hue", 2022, text=Text(lang, shipped)),
    ]
    for figure in drawn:
        assert len(figure.data) == 0
        assert figure.layout.xaxis.visible is False
        assert title(figure).startswith({"en": "Hue", "vi": "Huế"}[lang])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda t: plot_trend(t, "can-toh", RECEIVED), "can-tho", id="trend, place"),
        pytest.param(
            lambda t: plot_trend(t, "can-tho", "petition.received"), RECEIVED, id="indicator"
        ),
        pytest.param(
            lambda t: plot_trend(t, "can-tho", RECEIVED, span="h1"), "H1", id="trend, span"
        ),
        pytest.param(lambda t: plot_changes(t, "can-toh", 2022), "can-tho", id="changes, place"),
        pytest.param(
            lambda t: plot_composition(t, "can-toh", 2022), "can-tho", id="composition, place"
        ),
        pytest.param(
            lambda t: plot_composition(t, "can-tho", 2022, whole="petition.received"),
            RECEIVED,
            id="composition, whole",
        ),
        pytest.param(
            lambda t: plot_settlement(t, "can-toh", 2022), "can-tho", id="settlement, place"
        ),
    ],
)
def test_unknown_codes(changes, call, message):
    """A code that neither table nor codebook knows is refused, with the nearest that they know."""
    with pytest.raises(
        DataNotFoundError, match="neither in the table nor in the codebook"
    ) as error:
        call(changes)
    assert f"did you mean '{message}'?" in str(error.value)


def test_text_from_data_is_escaped():
    """Names that are HTML are shown as they stand, in every chart."""
    made = nasty("whole", "part")
    drawn = [
        plot_trend(made, "evil", "whole"),
        plot_changes(year_over_year(made), "evil", 2023),
        plot_composition(made, "evil", 2023, whole="whole"),
        empty_figure(Text("en"), NASTY),
    ]
    for figure in drawn:
        figure.layout.meta = None  # text that is not drawn, and that the page escapes
        text = figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
        assert "<img" not in text
        assert "&lt;img" in text


def test_as_text():
    """Text is escaped once, and quotes stay."""
    assert as_text('<b>"A" & B</b>') == '&lt;b&gt;"A" &amp; B&lt;/b&gt;'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Visits received", "Visits received", id="short"),
        pytest.param("One two three four five six", "One two three four five<br>six", id="long"),
        pytest.param("a <b> & c", "a &lt;b&gt; &amp; c", id="escaped"),
        pytest.param("", "", id="empty"),
    ],
)
def test_wrap(text, expected):
    """A label is broken between words, then escaped."""
    assert expected == wrap(text)


def test_wrap_keeps_percentages_whole():
    """A number is not torn from its percent sign at the end of a line."""
    assert "81,2<br>%" not in wrap("phản ánh chiếm 81,2% (798/983)", 20)


@pytest.mark.parametrize(("lang", "separators"), [("en", ".,"), ("vi", ",.")])
def test_separators(lang, separators):
    """The axes write numbers as the reader of the language does."""
    assert separators == base_layout(Text(lang), "A")["separators"]
    assert separators == empty_figure(Text(lang), "A").layout.separators


def test_height_follows_the_rows():
    """A chart of bars is as high as its rows need."""
    heights = [base_layout(Text("en"), "A", rows=rows)["height"] for rows in (1, 2, 10)]
    assert heights == sorted(set(heights))


def test_categorical_columns(shipped, changes):
    """Categorical columns give the same figures."""
    texts = dict.fromkeys(["place", "span", "indicator", "status", "source"], "category")
    other = shipped.astype(texts)
    pairs = [
        (plot_composition(t, "can-tho", 2022), plot_settlement(t, "can-tho", 2022))
        for t in (shipped, other)
    ]
    assert pairs[0] == pairs[1]
    drawn = plot_changes(changes.astype(texts), "can-tho", 2023)
    assert plot_changes(changes, "can-tho", 2023) == drawn
    assert plot_trend(shipped, "can-tho", VISITS) == plot_trend(other, "can-tho", VISITS)


def test_input_unchanged(shipped, changes):
    """The tables that were given stay as they were."""
    before = shipped.copy(), changes.copy()
    plot_trend(shipped, "can-tho", VISITS)
    plot_composition(shipped, "can-tho", 2022)
    plot_settlement(shipped, "can-tho", 2022)
    plot_changes(changes, "can-tho", 2023)
    pd.testing.assert_frame_equal(before[0], shipped)
    pd.testing.assert_frame_equal(before[1], changes)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_figure_of_the_shipped_tables(shipped, changes, lang):
    """Every figure is small, reads in a diff, and holds no number that is none."""
    periods = shipped[["place", "year", "span"]].drop_duplicates().itertuples(index=False)
    drawn = []
    for place, year, span in periods:
        drawn += [
            plot_changes(changes, place, year, span=span, text=Text(lang, changes)),
            plot_composition(shipped, place, year, span=span, text=Text(lang, shipped)),
            plot_settlement(shipped, place, year, span=span, text=Text(lang, shipped)),
        ]
    pairs = shipped[["place", "indicator"]].drop_duplicates().itertuples(index=False)
    drawn += [plot_trend(shipped, place, code, text=Text(lang, shipped)) for place, code in pairs]
    for figure in drawn:
        text = figure.to_json()
        assert len(text) < 12_000
        assert not re.search(r"NaN|Infinity|bdata|\bnan\b|None", text)
        assert figure.layout.title.text


@pytest.mark.parametrize(
    ("values", "en", "vi"),
    [
        (
            [(10, 30)],
            "the one figure that can be compared with 2022 rose",
            "chỉ tiêu duy nhất so sánh được tăng so với cùng kỳ năm 2022",
        ),
        (
            [(30, 20), (30, 10)],
            "both figures that can be compared with 2022 fell",
            "cả 2 chỉ tiêu so sánh được đều giảm so với cùng kỳ năm 2022",
        ),
        (
            [(30, 30), (40, 40), (50, 50)],
            "all 3 figures that can be compared with 2022 did not change",
            "cả 3 chỉ tiêu so sánh được đều không thay đổi so với cùng kỳ năm 2022",
        ),
    ],
)
def test_figures_that_did_the_same_are_told_together(values, en, vi):
    """The title says that both or all rose."""
    codes = ("petitions.received", "reception.visits", "reception.people")
    rows = [
        row(year, value, indicator=code)
        for code, pair in zip(codes, values, strict=False)
        for year, value in zip((2022, 2023), pair, strict=True)
    ]
    changes = year_over_year(table(*rows))
    titles = [
        title(plot_changes(changes, "can-tho", 2023, text=Text(lang, changes)))
        for lang in ("en", "vi")
    ]
    assert titles == [f"Can Tho, 2023: {en}", f"Cần Thơ, năm 2023: {vi}"]
