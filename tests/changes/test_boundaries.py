"""Places over time: old units added up to the units of a day."""

import json
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from four_rows import RECEIVED, row, table

from petitionlib.changes.boundaries import to_boundaries
from petitionlib.changes.year_over_year import year_over_year
from petitionlib.codebook.codebook import places
from petitionlib.errors import TableError
from petitionlib.tables.sources import known_on, sources

MERGER = "2025-07-01"
THREE = ("can-tho", "hau-giang", "soc-trang")
DUE, SETTLED = "cases.complaints.due", "cases.complaints.settled"
RATE = "cases.complaints.settlement_rate"
TEXTS = ["place", "span", "indicator", "status", "source"]


def three(year=2024, values=(100, 20, 3), **other):
    """Make one figure of each of the three provinces that became Can Tho."""
    return [row(year, v, place=p, **other) for p, v in zip(THREE, values, strict=True)]


def only(*rows, day=MERGER, sources=()):
    """Convert the rows and return the one row that is left."""
    found = to_boundaries(table(*rows, sources=sources), day)
    assert 1 == len(found)
    return found.iloc[0]


def test_old_units_add_up_to_the_new():
    """The three provinces of 2024 add up to the Can Tho of 2025, and are there no more."""
    found = only(*three())
    assert ("can-tho-2025", 2024, "Y", RECEIVED) == tuple(found[:4])
    assert (123, "") == (found["value"], found["missing"])


def test_a_year_is_compared_with_the_sum_of_the_parts():
    """Can Tho of 2025 is compared with its three parts of 2024, and no boundary is in between."""
    rows = table(*three(source="old"), row(2025, 150, place="can-tho-2025", source="new"))
    assert "boundary" in year_over_year(rows).iloc[1]["flag"]
    found = year_over_year(to_boundaries(rows, MERGER)).iloc[-1]
    assert ("can-tho-2025", 2025) == (found["place"], found["year"])
    assert (123, "published", 27) == tuple(found[["previous", "basis", "absolute_change"]])
    assert "boundary" not in found["flag"]
    assert "old" == found["previous_source"]


def test_the_old_part_of_the_same_name_and_code_is_not_the_whole():
    """Can Tho kept its name and code: its own figure of 2024 is no base for 2025."""
    book = places().set_index("place")
    same = ["name_en", "name_vi", "code"]
    assert book.loc["can-tho", same].tolist() == book.loc["can-tho-2025", same].tolist()
    rows = table(row(2024, 100), row(2025, 150, place="can-tho-2025"))
    found = year_over_year(to_boundaries(rows, MERGER))
    assert [("can-tho-2025", 2025)] == list(zip(found["place"], found["year"], strict=True))
    assert found["absolute_change"].isna().all()
    assert found["flag"].tolist() == ["no_previous"]  # of the whole; two parts are missing
    assert year_over_year(rows)["flag"].iloc[-1].startswith("boundary")


@pytest.mark.parametrize(
    ("new", "kept_its_name", "gave_its_code"),
    [
        ("lao-cai-2025", "lao-cai", "yen-bai"),
        ("bac-ninh-2025", "bac-ninh", "bac-giang"),
        ("quang-tri-2025", "quang-tri", "quang-binh"),
        ("gia-lai-2025", "gia-lai", "binh-dinh"),
        ("tay-ninh-2025", "tay-ninh", "long-an"),
        ("dong-thap-2025", "dong-thap", "tien-giang"),
        ("an-giang-2025", "an-giang", "kien-giang"),
    ],
)
def test_code_traps(new, kept_its_name, gave_its_code):
    """A new unit with one part's name and another part's code is the sum of both."""
    code = places().set_index("place")["code"]
    assert code[new] == code[gave_its_code] != code[kept_its_name]
    found = only(row(2024, 10, place=kept_its_name), row(2024, 5, place=gave_its_code))
    assert (new, 15) == (found["place"], found["value"])


def test_a_missing_part_is_named():
    """Where a part is not printed the sum has no value, and the part's name."""
    found = only(*three()[:1], row(2024, None, place="hau-giang"))
    assert np.isnan(found["value"])
    assert np.isnan(found["change"])
    assert "hau-giang + soc-trang" == found["missing"]


def test_a_missing_part_is_no_base():
    """With a part missing, nothing is compared: never with part of the territory."""
    rows = table(*three()[1:], row(2025, 150, place="can-tho-2025"))
    found = year_over_year(to_boundaries(rows, MERGER))
    assert [2025] == found["year"].tolist()
    assert found["previous"].isna().all()


def test_sources_status_and_parts_are_named():
    """A sum names its sources once each and its places; the least firm status counts."""
    rows = table(*three())
    rows["source"], rows["status"], rows["locator"] = ["b", "a", "b"], ["r", "p", ""], "page 1"
    rows.attrs["sources"] = json.dumps([[n, n.upper(), "", "", "", ""] for n in ("b", "a")])
    found = to_boundaries(rows, MERGER)
    assert "a + b" == found.loc[0, "source"]
    assert "can-tho + hau-giang + soc-trang" == found.loc[0, "locator"]
    assert "p" == found.loc[0, "status"]
    assert [["b", "B"], ["a", "A"]] == sources(found)[["source", "title"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("given", "expected"),
    [("   ", ""), ("r  ", "r"), ("rp ", "p"), ("rpe", "e"), ("e  ", "e")],
)
def test_status(given, expected):
    """A sum is approximate if any part is, else provisional, else revised."""
    rows = table(*three())
    rows["status"] = [status.strip() for status in given]
    assert expected == to_boundaries(rows, MERGER).loc[0, "status"]


def test_each_part_gives_its_preferred_figure():
    """Of two sources of a part, the newest is added; the part is not added twice."""
    rows = [*three(source="old"), row(2024, 25, place="hau-giang", source="new")]
    found = only(*rows, sources=("old", "new"))
    assert (128, "new + old") == (found["value"], found["source"])


def test_rates_are_recomputed_and_not_averaged():
    """A rate follows from the added counts: 90/100, 0/1 and 9/9 make 90%, not 63.3%."""
    rows = table(
        *three(values=(100, 1, 9), indicator=DUE, source="a"),
        *three(values=(90, 0, 9), indicator=SETTLED, source="b"),
        *three(values=(90, 0, 100), indicator=RATE, source="c", status="e"),
    )
    found = to_boundaries(rows, MERGER).set_index("indicator").loc[RATE]
    assert (90, "a + b", "") == tuple(found[["value", "source", "status"]])
    assert ("", True) == (found["missing"], np.isnan(found["change"]))


def test_a_rate_without_a_count_is_missing():
    """A rate that one part's count is missing for has no value, and names that part."""
    rows = table(*three(indicator=DUE)[:2], *three(indicator=SETTLED), *three(indicator=RATE))
    found = to_boundaries(rows, MERGER).set_index("indicator").loc[RATE]
    assert (True, "soc-trang") == (np.isnan(found["value"]), found["missing"])


def test_a_rate_without_any_count_is_missing():
    """Rates that are printed without their counts are not added, nor averaged."""
    found = only(*three(indicator=RATE))
    assert np.isnan(found["value"])
    assert " + ".join(THREE) == found["missing"]


def test_a_rate_of_nothing_is_missing():
    """With no cases due at all, there is no rate."""
    rows = [three(values=(0, 0, 0), indicator=code) for code in (DUE, SETTLED, RATE)]
    found = to_boundaries(table(*rows[0], *rows[1], *rows[2]), MERGER).set_index("indicator")
    assert np.isnan(found.loc[RATE, "value"])


def test_published_changes_add_up_where_all_are_printed():
    """The published changes of all parts make that of the sum; a percentage is never added."""
    rows = table(*three(change=-1, change_percent=5.0))
    found = to_boundaries(rows, MERGER).iloc[0]
    assert (-3, True) == (found["change"], np.isnan(found["change_percent"]))
    rows.loc[1, "change"] = np.nan
    assert np.isnan(to_boundaries(rows, MERGER).loc[0, "change"])


def test_decimals_follow():
    """A sum has the most decimals that were printed."""
    rows = table(*three(values=(1.5, 2.25, 3)))
    rows["decimals"] = pd.array([1, 2, None], dtype="Int8")
    found = to_boundaries(rows, MERGER)
    assert (2, "Int8") == (found.loc[0, "decimals"], str(found["decimals"].dtype))


def test_the_published_figure_of_the_successor_wins():
    """Where the new unit has a figure of its own, that one stays and nothing is made."""
    own = row(2024, 130, place="can-tho-2025", source="own")
    found = only(*three(), own)
    assert (130, "own", "") == (found["value"], found["source"], found["missing"])


def test_units_of_the_day_stay_as_they_are():
    """Rows of the country, unchanged provinces, bodies and unknown places stay in their order."""
    names = ["viet-nam", "ha-noi", "can-tho--districts", "viet-nam--district-chairs", "atlantis"]
    rows = table(*(row(2024, 5, place=name, locator="page 2") for name in names))
    found = to_boundaries(rows, MERGER)
    pd.testing.assert_frame_equal(rows, found.drop(columns="missing"))
    assert {""} == set(found["missing"])


def test_before_the_merger():
    """Before the merger the old units stay, and the new one cannot be split: it is left out."""
    rows = table(*three(), row(2025, 150, place="can-tho-2025"))
    found = to_boundaries(rows, "2025-06-30")
    assert list(THREE) == found["place"].tolist()


def test_the_day_may_be_text_or_a_date():
    """A day is an ISO text, a date, a datetime or a timestamp."""
    rows = table(*three())
    expected = to_boundaries(rows, MERGER)
    for day in (date(2025, 7, 1), datetime(2025, 7, 1, 8), pd.Timestamp(MERGER)):  # noqa: DTZ001
        pd.testing.assert_frame_equal(expected, to_boundaries(rows, day))


@pytest.mark.parametrize("day", ["2025-13-01", "1/7/2025", "20250701", "", 2025, None, pd.NaT])
def test_what_is_not_a_day_is_refused(day):
    """Anything but a day is refused, with what to write."""
    with pytest.raises(ValueError, match="is not a day; write it like '2025-07-01'"):
        to_boundaries(table(row(2024, 1)), day)


def test_a_figure_belongs_to_the_unit_of_the_last_day():
    """H1 2025 ends before the merger and is added; Y 2025 of an old unit is not its own."""
    assert 123 == only(*three(2025, span="H1"))["value"]
    assert to_boundaries(table(*three(2025)), MERGER).empty


def test_an_open_window_is_not_added():
    """Figures up to the day of a report are not added: the days may differ."""
    assert to_boundaries(table(*three(span="YTD")), MERGER).empty


def test_unknown_spans_are_added():
    """A span that the codebook does not know ends with the year; so the three add up."""
    assert 123 == only(*three(span="week"))["value"]


def test_unknown_indicators_are_left_out():
    """What the codebook does not know may be a rate, which does not add up."""
    assert to_boundaries(table(*three(indicator="letters")), MERGER).empty


def carried(rows, *units):
    """Give a table places of its own: (place, valid_from, valid_to, successor)."""
    made = [
        [p, p, p, "commune", "", "", "", begins, ends, after] for p, begins, ends, after in units
    ]
    rows.attrs["codebook"] = json.dumps({"places": made})
    return rows


CHAIN = [
    ("a", "", "2009-12-31", "c"),
    ("b", "", "2009-12-31", "c"),
    ("c", "2010-01-01", "2019-12-31", "e"),
    ("d", "", "2019-12-31", "e"),
    ("e", "2020-01-01", "", ""),
]


def test_successors_of_successors():
    """A unit is followed as far as the day; the parts are those of the window's last day."""
    rows = [row(2008, 1, place="a"), row(2008, 2, place="b"), row(2008, 4, place="d"),
            row(2015, 8, place="c"), row(2015, 16, place="d")]  # fmt: skip
    made = carried(table(*rows), *CHAIN)
    found = to_boundaries(made, "2024-01-01")
    assert [("e", 2008, 7), ("e", 2015, 24)] == list(
        found[["place", "year", "value"]].itertuples(index=False, name=None)
    )
    found = to_boundaries(made, "2015-01-01").sort_values(["year", "place"])
    assert [("c", 2008, 3), ("d", 2008, 4), ("c", 2015, 8), ("d", 2015, 16)] == list(
        found[["place", "year", "value"]].itertuples(index=False, name=None)
    )


def test_a_circle_of_successors_ends():
    """Successors that lead back to where they started do not lead on for ever."""
    made = carried(table(row(2005, 1, place="a")), ("a", "", "2009-12-31", "b"),
                   ("b", "", "2009-12-31", "a"))  # fmt: skip
    assert 1 == len(to_boundaries(made, "2024-01-01"))


@pytest.mark.parametrize("kind", ["category", "str", "object"])
def test_texts_stay_of_their_kind(kind):
    """Categorical columns come back categorical, text as text, and say the same."""
    rows = table(*three(), row(2024, 5, place="viet-nam"), sources=("a",))
    rows["locator"] = "page 1"
    given = rows.astype(dict.fromkeys([*TEXTS, "locator"], kind))
    found = to_boundaries(given, MERGER)
    assert {kind} == {str(found[name].dtype) for name in [*TEXTS, "locator"]}
    assert given.attrs == found.attrs
    expected = to_boundaries(rows, MERGER)
    found = found.astype(dict.fromkeys([*TEXTS, "locator"], "str"))
    pd.testing.assert_frame_equal(expected, found)


def test_an_empty_table():
    """A table without rows gives one without rows."""
    rows = table(row(2024, 1)).iloc[:0]
    assert [*rows.columns, "missing"] == to_boundaries(rows, MERGER).columns.tolist()


def test_whole_numbers_and_columns_of_ones_own():
    """Whole numbers are added too; a column of one's own is missing for what is made."""
    rows = pd.DataFrame(three()).drop(columns=["change", "status", "source"])
    rows["region"] = "south"
    found = to_boundaries(rows, MERGER)
    assert (123, True) == (found.loc[0, "value"], found["region"].isna().all())


def test_twice_the_same_is_refused():
    """A source that prints one figure of a part twice is refused."""
    with pytest.raises(TableError, match=r"prints can-tho 2024 Y petitions\.received a twice"):
        to_boundaries(table(*three(), *three()), MERGER)


def test_a_sum_is_known_when_its_last_source_is():
    """What was added up of two sources was known on the day of the later."""
    rows = table(*three())
    rows["source"] = ["a", "b", "a"]
    days = {"a": "2025-01-01", "b": "2025-02-01"}
    rows.attrs["sources"] = json.dumps([[n, "", "", "", day, ""] for n, day in days.items()])
    found = to_boundaries(rows, MERGER)
    assert (0, 1) == (len(known_on(found, "2025-01-31")), len(known_on(found, "2025-02-01")))
