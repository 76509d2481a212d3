"""The places of one year side by side: who is ranked with whom, by what, and who stands apart."""

import json

import pandas as pd
import pytest
from drawn import labels, plain, title
from four_rows import RECEIVED, row, table

from petitionlib.changes.boundaries import to_boundaries
from petitionlib.changes.ranking import ranking_numbers, ranking_rows, widest_span
from petitionlib.charts.ranking import plot_ranking
from petitionlib.errors import DataNotFoundError, NotATableError
from petitionlib.text.rankings import notes
from petitionlib.text.text import Text

RATE = "cases.complaints.settlement_rate"


def pair(place, previous, value, **other):
    """Make the figures of a place for 2022 and 2023."""
    return [
        row(2022, previous, place=place, **other),
        row(2023, value, place=place, **other),
    ]


def four(**other):
    """Make four provinces: up a fifth, up a half, down, and one on a base of four."""
    return table(
        *pair("ben-tre", 500, 600, **other), *pair("can-tho", 100, 150, **other),
        *pair("son-la", 100, 90, **other), *pair("ha-noi", 4, 12, **other),
    )  # fmt: skip


def standings(rows, year=2023, indicator=RECEIVED, **other):
    """Give each place of a ranking with its standing, in order."""
    numbers = ranking_numbers(rows, year, indicator, **other)
    return list(zip(numbers["place"], numbers["standing"], strict=True))


def test_largest_rise_first():
    """Counts are ranked by their change in percent, from the largest rise to the largest fall."""
    found = ranking_numbers(four(), 2023, RECEIVED)
    assert found["place"].tolist() == ["can-tho", "ben-tre", "son-la", "ha-noi"]
    assert found["percent"].tolist()[:3] == [50, 20, -10]
    assert found["rank"].tolist()[:3] == [1, 2, 3]


def test_a_small_base_has_no_rank_in_percent():
    """A change from 4 to 12 is no +200%: the place stands apart, with its counts."""
    found = ranking_numbers(four(), 2023, RECEIVED).iloc[-1]
    assert (found["place"], found["standing"], found["absolute_change"]) == (
        "ha-noi",
        "small_base",
        8,
    )
    assert found[["percent", "rank"]].isna().all()


def test_by_count():
    """With percent=False counts are ranked by their unit, and a small base is as good as any."""
    found = ranking_numbers(four(), 2023, RECEIVED, percent=False)
    assert found["place"].tolist() == ["ben-tre", "can-tho", "ha-noi", "son-la"]
    assert set(found["standing"]) == {"ranked"}


def test_equal_changes_share_a_rank():
    """Two places with the same change have the same rank; the next one follows after both."""
    rows = table(*pair("can-tho", 100, 110), *pair("ben-tre", 200, 220), *pair("son-la", 100, 90))
    found = ranking_numbers(rows, 2023, RECEIVED).set_index("place")["rank"]
    assert (found["can-tho"], found["ben-tre"], found["son-la"]) == (1, 1, 3)


def test_equal_places_stand_as_in_the_codebook():
    """Of places with one change the codebook decides, not the alphabet."""
    rows = table(*pair("cao-bang", 100, 110), *pair("ha-noi", 100, 110))
    assert [place for place, _ in standings(rows)] == ["ha-noi", "cao-bang"]


def test_places_as_whole_numbers():
    """The codes of a table may be whole numbers; in a ranking they are text."""
    rows = table(*pair("83", 100, 120), *pair("14", 100, 90)).astype({"place": "int64"})
    assert standings(rows) == [("83", "ranked"), ("14", "ranked")]


def test_places_that_can_be_read_once():
    """Places may come from a generator."""
    chosen = ["ben-tre", "can-tho"]
    assert standings(four(), places=iter(chosen)) == standings(four(), places=chosen)
    assert plot_ranking(four(), 2023, RECEIVED, places=iter(chosen)) == plot_ranking(
        four(), 2023, RECEIVED, places=chosen
    )


def test_rows_are_those_of_the_table():
    """A place without a figure has its year, span and indicator in the rows, too."""
    chosen = ["can-tho", "ha-noi", "lao-cai"]
    numbers = ranking_numbers(four(), 2023, RECEIVED, span="Y", places=chosen)
    rows = ranking_rows(four(), 2023, RECEIVED, span="Y", places=chosen)
    names = ["place", "year", "span", "indicator", "standing"]
    assert [[row[name] for name in names] for row in rows] == numbers[names].to_numpy().tolist()
    assert [pd.isna(row["rank"]) for row in rows] == numbers["rank"].isna().tolist()


def test_a_place_with_only_the_figure_of_the_year_before():
    """Of a province that stopped publishing, the ranking says so."""
    assert standings(table(row(2022, 100))) == [("can-tho", "not_published")]


def test_places_of_one_name():
    """Two places of one name have a bar each, and a name that tells them apart."""
    places = [
        [f"tan-lap-{whole}", "Tan Lap", "Tân Lập", "commune", "", whole, *[""] * 4]
        for whole in ("can-tho", "ha-noi")
    ]
    rows = table(*pair("tan-lap-can-tho", 100, 110), *pair("tan-lap-ha-noi", 100, 110))
    rows.attrs["codebook"] = json.dumps({"places": places})
    figure = plot_ranking(rows, 2023, RECEIVED, text=Text("vi", rows))
    assert labels(figure) == [
        "Tân Lập (Hà Nội) tăng 10 đơn (10,0%)",
        "Tân Lập (Cần Thơ) tăng 10 đơn (10,0%)",
    ]


def test_an_indicator_of_ones_own_has_its_name():
    """Title and sentence name an indicator and a span as the table's own codebook does."""
    rows = table(
        *pair("can-tho", 10, 20, indicator="own.thing"),
        *pair("ben-tre", 10, 20, indicator="own.thing"),
        *pair("can-tho", 10, 20, span="S9"),
    )
    rows.attrs["codebook"] = json.dumps(
        {
            "indicators": [["own.thing", "cases", "flow", "Own things", "Việc riêng", "", ""]],
            "spans": [["S9", "Nine seasons", "Chín mùa", "Y/01-01", "Y/09-30", "no"]],
        }
    )
    assert title(plot_ranking(rows, 2023, "own.thing")).startswith("Own things, 2023: 2 places")
    assert "nine seasons" in Text("en", rows).rankings(rows, 2023)


def test_rates_are_ranked_by_points():
    """A rate has no percentage: its change in percentage points ranks it, on any base."""
    rows = table(*pair("can-tho", 90, 92, indicator=RATE), *pair("ben-tre", 10, 15, indicator=RATE))
    assert standings(rows, indicator=RATE) == [("ben-tre", "ranked"), ("can-tho", "ranked")]


def test_why_places_stand_apart():
    """What has no base, a zero base or no figure is named and never ranked."""
    rows = table(
        *pair("can-tho", 100, 110), *pair("ben-tre", 0, 7), row(2023, 9, place="son-la"),
        row(2022, 50, place="ha-noi"), row(2022, None, place="dong-thap"),
    )  # fmt: skip
    assert standings(rows) == [
        ("can-tho", "ranked"),
        ("ben-tre", "zero_base"),
        ("son-la", "no_previous"),
        ("ha-noi", "not_published"),
    ]


def test_another_territory_is_not_compared():
    """A place that grew by a merger is named as such, until the old units are added up."""
    parts = [row(2024, 100, place=p) for p in ("can-tho", "hau-giang", "soc-trang")]
    rows = table(*parts, row(2025, 330, place="can-tho-2025"))
    assert standings(rows, year=2025) == [("can-tho-2025", "boundary")]
    assert standings(to_boundaries(rows, "2025-07-01"), year=2025) == [("can-tho-2025", "ranked")]


def test_a_whole_is_not_ranked_with_its_parts():
    """A country and its provinces, or all localities together, are not in one ranking."""
    rows = table(
        *pair("viet-nam", 5000, 9000), *pair("viet-nam--localities", 3000, 9000),
        *pair("can-tho", 100, 110), *pair("ben-tre", 100, 120),
        *pair("can-tho--districts", 20, 90), *pair("can-tho--departments", 30, 20),
    )  # fmt: skip
    assert standings(rows) == [("ben-tre", "ranked"), ("can-tho", "ranked")]


@pytest.mark.parametrize(
    ("named", "ranked"),
    [
        pytest.param(["can-tho", "viet-nam", "ben-tre"], ["ben-tre", "can-tho"], id="provinces"),
        pytest.param(["can-tho", "viet-nam"], ["can-tho"], id="of equals not the country"),
        pytest.param(["viet-nam"], ["viet-nam"], id="the country alone"),
        pytest.param(
            ["can-tho--districts", "can-tho--departments", "can-tho"],
            ["can-tho--districts", "can-tho--departments"],
            id="parts of one split, whatever their level",
        ),
    ],
)
def test_named_places(named, ranked):
    """Of the places that are named those of one level are ranked; the others stand apart."""
    rows = table(
        *pair("viet-nam", 5000, 9000), *pair("can-tho", 100, 110), *pair("ben-tre", 100, 120),
        *pair("can-tho--districts", 20, 90), *pair("can-tho--departments", 30, 20),
    )  # fmt: skip
    found = standings(rows, places=named)
    assert [place for place, standing in found if standing == "ranked"] == ranked
    assert {s for _, s in found} <= {"ranked", "other_level"}
    assert sorted(place for place, _ in found) == sorted(named)


def test_a_named_place_without_any_figure_is_missing():
    """A place that was asked for is named even if the table holds nothing of it."""
    assert standings(four(), places=["can-tho", "lao-cai"]) == [
        ("can-tho", "ranked"),
        ("lao-cai", "not_published"),
    ]


def test_only_one_span():
    """Figures of different parts of the year are never in one ranking."""
    rows = table(*pair("can-tho", 100, 110), *pair("ben-tre", 100, 120, span="H1"))
    assert standings(rows, span="H1") == [("ben-tre", "ranked"), ("can-tho", "not_published")]


def test_widest_span():
    """Without a span: that of most places that can be compared; of equals the codebook's first."""
    halves = [*pair("can-tho", 100, 110, span="H1"), *pair("ben-tre", 100, 120, span="H1")]
    assert widest_span(table(*halves, *pair("can-tho", 9, 8)), 2023, RECEIVED) == "H1"
    assert widest_span(table(*halves[:2], *pair("can-tho", 9, 8)), 2023, RECEIVED) == "Y"
    assert widest_span(table(*halves), 1999, RECEIVED) == "Y"


def test_unknown_codes():
    """A misspelt place, indicator or span is refused, and nothing is drawn."""
    for codes in ({"places": ["can-to"]}, {"span": "year"}):
        with pytest.raises(DataNotFoundError):
            plot_ranking(four(), 2023, RECEIVED, **codes)
    with pytest.raises(DataNotFoundError, match=r"did you mean 'petitions\.received'"):
        plot_ranking(four(), 2023, "petitions.recieved")


def test_the_ranking_leaves_the_table_as_it_is():
    """No function changes its input."""
    rows = four()
    before = rows.copy()
    plot_ranking(rows, 2023, RECEIVED)
    assert rows.equals(before)


def test_ranking_of_categories():
    """Texts may be categories, as in a large table."""
    rows = four().astype(dict.fromkeys(("place", "span", "indicator", "source"), "category"))
    expected = standings(four(), places=["can-tho", "lao-cai"])
    assert expected == standings(rows, places=["can-tho", "lao-cai"])


def test_ranking_figure():
    """The largest rise stands on top; a small base has its counts and no bar."""
    figure = plot_ranking(four(), 2023, RECEIVED)
    bars = figure.data[0]
    assert title(figure) == "Petitions received, 2023: 4 places compared with 2022, 3 up, 1 down"
    assert labels(figure) == [
        "Ha Noi +8 petitions (from 4 to 12)",
        "Son La −10 petitions (−10.0%)",
        "Ben Tre +100 petitions (+20.0%)",
        "Can Tho +50 petitions (+50.0%)",
    ]
    assert bars.x == (None, -10, 20, 50)
    assert len(set(bars.marker.color)) == 2
    assert figure.layout.xaxis.ticksuffix == "%"


def test_a_ranking_is_told_as_text():
    """The text names what is drawn and why others are not; the table has every place."""
    rows = table(
        *pair("can-tho", 100, 110), *pair("ben-tre", 100, 90), row(2023, 9, place="son-la")
    )
    told = plot_ranking(rows, 2023, RECEIVED, text=Text("vi", rows)).layout.meta
    assert told["alt"] == (
        "Biểu đồ thanh. Cần Thơ: tăng 10 đơn (10,0%); Bến Tre: giảm 10 đơn (10,0%)."
        " Không có số liệu cùng kỳ năm trước: Sơn La (9 đơn)."
    )
    assert told["rows"] == [
        ["Cần Thơ", "110 đơn", "100 đơn", "tăng 10 đơn (10,0%)", ""],
        ["Bến Tre", "90 đơn", "100 đơn", "giảm 10 đơn (10,0%)", ""],
        ["Sơn La", "9 đơn", "–", "–", "không có số liệu cùng kỳ năm trước"],
    ]


def test_ranking_figure_by_count():
    """The axis names the unit of what is drawn: petitions, or percentage points."""
    figure = plot_ranking(four(), 2023, RECEIVED, percent=False, text=Text("vi", four()))
    assert figure.layout.xaxis.title.text == "tăng, giảm (đơn)"
    assert figure.data[0].x == (-10, 8, 50, 100)
    rates = plot_ranking(four(indicator=RATE), 2023, RATE)
    assert rates.layout.xaxis.title.text == "change in percentage points"


def test_ranking_of_one_place():
    """Of a single place there is no chart: the title states figure and change, notes the rest."""
    rows = table(*pair("can-tho", 100, 90), row(2023, 9, place="son-la"))
    figure = plot_ranking(rows, 2023, RECEIVED, text=Text("vi", rows))
    assert len(figure.data) == 0
    assert title(figure) == (
        "Đơn tiếp nhận trong kỳ, năm 2023: chỉ Cần Thơ có số liệu để so sánh:"
        " 90 đơn, giảm 10 đơn (10,0%) so với cùng kỳ năm 2022"
    )
    assert plain(figure.layout.title.subtitle.text) == (
        "Không có số liệu cùng kỳ năm trước: Sơn La (9 đơn)."
    )


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        pytest.param([2, 4], "4 petitions, +2 (from 2 to 4)", id="small base"),
        pytest.param([0, 4], "4 petitions, +4 (from 0 to 4)", id="zero base"),
    ],
)
def test_a_single_place_of_a_small_base(pairs, sentence):
    """Also a place that would have no bar is named, with its counts."""
    figure = plot_ranking(table(*pair("can-tho", *pairs)), 2023, RECEIVED)
    assert title(figure).endswith(f"only Can Tho can be compared with 2022: {sentence}")


def test_a_single_rate():
    """A rate has its figure in percent and its change in percentage points."""
    figure = plot_ranking(table(*pair("can-tho", 90, 92.5, indicator=RATE)), 2023, RATE)
    assert title(figure).endswith("compared with 2022: 92.5%, +2.5 percentage points")


def test_ranking_of_nothing():
    """Where nothing can be compared the figure says so, and names what there is."""
    figure = plot_ranking(table(row(2023, 5)), 2023, RECEIVED)
    assert len(figure.data) == 0
    assert title(figure) == "Petitions received, 2023: no place can be compared with 2022"
    assert plain(figure.layout.title.subtitle.text) == (
        "No figure for the year before: Can Tho (5 petitions)."
    )
    assert plot_ranking(table(row(2023, 5)), 1999, RECEIVED).layout.title.subtitle.text is None


def test_ranking_notes():
    """Each reason for care stands once, with its places."""
    rows = table(
        *pair("can-tho", 100, 110), row(2023, 60, place="ben-tre", change=5, status="e"),
        row(2023, 9, place="son-la"), row(2022, 5, place="ha-noi"),
    )  # fmt: skip
    assert notes(Text("en", rows), ranking_rows(rows, 2023, RECEIVED, span="Y")) == [
        "No figure for the year before: Son La (9 petitions).",
        "Not published for this period: Ha Noi.",
        "One of the figures was printed as approximate: Ben Tre.",
        "Previous figure worked out from the published change: Ben Tre.",
    ]


def test_a_note_about_all():
    """A reason that holds for all that is drawn does not repeat their names."""
    rows = table(row(2025, 60, place="ben-tre"), row(2024, 50, place="ben-tre"),
                 row(2025, 60, place="son-la"), row(2024, 50, place="son-la"))  # fmt: skip
    found = notes(
        Text("en", rows),
        ranking_rows(rows.assign(span="H1", status="e"), 2025, RECEIVED, span="H1"),
    )
    assert "One of the figures was printed as approximate: all of these." in found


def test_names_that_are_html_stay_text():
    """Text from data is data: in labels, hover and notes; what is told beside is plain text."""
    name = "<img src=x onerror=alert(1)>"
    rows = table(*pair("evil", 100, 110), *pair("bad", 100, 90), row(2023, 9, place="worse"))
    places = [[p, name, name, "province", *[""] * 6] for p in ("evil", "bad", "worse")]
    rows.attrs["codebook"] = json.dumps({"places": places})
    drawn = plot_ranking(rows, 2023, RECEIVED).update_layout(meta=None).to_json()
    assert "&lt;img" in drawn
    assert "<img" not in drawn.replace("\\u003c", "<")


def test_one_place_needs_no_list_and_a_year_is_a_number():
    """A code alone is one place; a year as text is refused in a sentence."""
    rows = table(row(2022, 10), row(2023, 12))
    one, several = (
        ranking_numbers(rows, 2023, RECEIVED, places=p) for p in ("can-tho", ["can-tho"])
    )
    pd.testing.assert_frame_equal(one, several)
    for year in ("2023", True, 99999, 0):
        with pytest.raises(ValueError, match=f"year is {year!r}; it must be a whole number like"):
            plot_ranking(rows, year, RECEIVED)
        with pytest.raises(ValueError, match=f"year is {year!r}; it must be"):
            Text("en", rows).rankings(rows, year)
    with pytest.raises(ValueError, match="no place to rank; name at least one"):
        plot_ranking(rows, 2023, RECEIVED, places=[])
    with pytest.raises(NotATableError, match="None is not a table"):
        Text("en", None).rankings(None, 2023)
