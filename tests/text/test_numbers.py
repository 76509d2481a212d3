"""Numbers and codes -> words, in English and Vietnamese."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

import petitionlib
from petitionlib.changes.year_over_year import FLAGS
from petitionlib.text.numbers import (
    direction,
    is_known,
    rounds_to_zero,
)
from petitionlib.text.text import Text
from petitionlib.words import LANGUAGES

PACKAGE = Path(petitionlib.__file__).parent
COUNTED = ("visits", "people", "cases", "groups", "sessions", "days", "petitions")
MISSING = [
    pytest.param(None, id="None"),
    pytest.param(float("nan"), id="nan"),
    pytest.param(pd.NA, id="pd.NA"),
    pytest.param(float("inf"), id="inf"),
    pytest.param(float("-inf"), id="-inf"),
]
small = examples(50)
numbers = st.one_of(
    st.none(), st.floats(width=32), st.floats(-10, 10), st.integers(-(10**9), 10**9)
)


@pytest.mark.parametrize(
    ("value", "unit", "en", "vi"),
    [
        pytest.param(3108, "petitions", "3,108 petitions", "3.108 đơn", id="thousands"),
        pytest.param(1, "visits", "1 visit", "1 lượt", id="one"),
        pytest.param(0, "people", "0 people", "0 người", id="zero"),
        pytest.param(1234567, "", "1,234,567", "1.234.567", id="no unit"),
        pytest.param(1.5, "days", "1.5 days", "1,5 ngày", id="decimals"),
        pytest.param(-0.0, "groups", "0 groups", "0 đoàn", id="minus zero"),
        pytest.param(0.004, "cases", "0 cases", "0 vụ việc", id="rounds to zero"),
        pytest.param(-2, "sessions", "-2 sessions", "-2 kỳ", id="negative"),
        pytest.param(np.int64(2), "petitions", "2 petitions", "2 đơn", id="numpy"),
        pytest.param(1.001, "petitions", "1 petition", "1 đơn", id="written as one"),
        pytest.param(10**15, "", "1,000,000,000,000,000", "1.000.000.000.000.000", id="large"),
    ],
)
def test_count(value, unit, en, vi):
    """A count is written with the separators and the unit of the language."""
    assert en == Text("en").count(value, unit)
    assert vi == Text("vi").count(value, unit)


def test_count_decimals():
    """A count has as many decimals as it needs, up to a number that can be chosen."""
    assert Text("en").count(1.2345) == "1.23"
    assert Text("en").count(1.2345, most=3) == "1.235"
    assert Text("en").count(1.2345, most=0) == "1"


@pytest.mark.parametrize(
    ("value", "decimals", "en", "vi"),
    [
        pytest.param(95.6757, 1, "95.7%", "95,7%", id="one decimal"),
        pytest.param(93.1, 2, "93.10%", "93,10%", id="printed zero"),
        pytest.param(100, 0, "100%", "100%", id="no decimals"),
        pytest.param(1234.5, 1, "1,234.5%", "1.234,5%", id="thousands"),
        pytest.param(-0.04, 1, "0.0%", "0,0%", id="rounds to zero"),
        pytest.param(6.25, 1, "6.3%", "6,3%", id="a half is rounded up"),
        pytest.param(2.5, 0, "3%", "3%", id="a half is rounded up, no decimals"),
        pytest.param(-6.25, 1, "-6.3%", "-6,3%", id="a half below zero"),
    ],
)
def test_percent(value, decimals, en, vi):
    """A percentage has the decimals it is given, rounded half up as in the ledger."""
    assert en == Text("en").percent(value, decimals=decimals)
    assert vi == Text("vi").percent(value, decimals=decimals)


@pytest.mark.parametrize(
    ("change", "unit", "relative", "en", "vi"),
    [
        pytest.param(472, "petitions", 0.17906, "+472 petitions (+17.9%)",
                     "tăng 472 đơn (17,9%)", id="rise"),
        pytest.param(-191, "petitions", -0.06145, "-191 petitions (-6.1%)",
                     "giảm 191 đơn (6,1%)", id="fall"),
        pytest.param(1, "people", None, "+1 person", "tăng 1 người", id="one"),
        pytest.param(0, "visits", 0.0, "unchanged", "không thay đổi", id="unchanged"),
        pytest.param(-0.0, "visits", None, "unchanged", "không thay đổi", id="minus zero"),
        pytest.param(0.001, "percent", None, "+0.001 percentage points",
                     "tăng 0,001 điểm phần trăm", id="small"),
        pytest.param(0.25, "percent", None, "+0.25 percentage points",
                     "tăng 0,25 điểm phần trăm", id="points"),
        pytest.param(-1, "percent", None, "-1 percentage point",
                     "giảm 1 điểm phần trăm", id="one point"),
        pytest.param(5, "cases", float("inf"), "+5 cases", "tăng 5 vụ việc", id="infinite percent"),
        pytest.param(5, "", pd.NA, "+5", "tăng 5", id="no unit, no percent"),
        pytest.param(-1, "visits", -0.0001, "-1 visit (less than 0.1%)",
                     "giảm 1 lượt (dưới 0,1%)", id="under a tenth"),
        pytest.param(1, "visits", 0.00049, "+1 visit (less than 0.1%)",
                     "tăng 1 lượt (dưới 0,1%)", id="just under half a tenth"),
        pytest.param(1, "visits", 0.0005, "+1 visit (+0.1%)", "tăng 1 lượt (0,1%)",
                     id="half a tenth"),
        pytest.param(2000, "visits", 1.5, "+2,000 visits (+150.0%)",
                     "tăng 2.000 lượt (150,0%)", id="more than doubled"),
    ],
)  # fmt: skip
def test_change(change, unit, relative, en, vi):
    """A change has its sign in English and its verb in Vietnamese, then its percentage."""
    assert en == Text("en").change(change, unit, relative=relative)
    assert vi == Text("vi").change(change, unit, relative=relative)


@pytest.mark.parametrize(
    ("change", "previous", "en", "vi"),
    [
        pytest.param(2, 3, "+2 groups (from 3 to 5)", "tăng 2 đoàn (từ 3 lên 5)", id="rise"),
        pytest.param(-3, 3, "-3 groups (from 3 to 0)", "giảm 3 đoàn (từ 3 xuống 0)", id="to zero"),
        pytest.param(5, 0, "+5 groups (from 0 to 5)", "tăng 5 đoàn (từ 0 lên 5)", id="zero base"),
        pytest.param(1, 19, "+1 group (from 19 to 20)", "tăng 1 đoàn (từ 19 lên 20)", id="19"),
        pytest.param(1, 20, "+1 group (+5.0%)", "tăng 1 đoàn (5,0%)", id="20 is not small"),
        pytest.param(1, None, "+1 group (+5.0%)", "tăng 1 đoàn (5,0%)", id="base not known"),
    ],
)
def test_small_base(change, previous, en, vi):
    """Below a base of 20 the percentage is withheld and the two counts are named."""
    assert en == Text("en").change(change, "groups", relative=0.05, previous=previous)
    assert vi == Text("vi").change(change, "groups", relative=0.05, previous=previous)


def test_a_rate_has_no_small_base():
    """A rate is no count: from 3% to 5% is a rise of 2 points and no more is said."""
    assert Text("en").change(2, "percent", previous=3) == "+2 percentage points"


@pytest.mark.parametrize("value", MISSING)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_missing(value, lang):
    """What is missing or infinite is a dash in every label."""
    assert Text(lang).count(value, "petitions") == "–"
    assert Text(lang).percent(value) == "–"
    assert Text(lang).change(value, "petitions", relative=0.1) == "–"
    assert Text(lang).figure(value, "petitions") == "–"
    assert Text(lang).figure(value, "percent", decimals=2) == "–"
    assert not is_known(value)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "en", "vi"),
    [
        pytest.param(2716, "people", 0, "2,716 people", "2.716 người", id="count"),
        pytest.param(93.1, "percent", 2, "93.10%", "93,10%", id="printed decimals"),
        pytest.param(84.0, "percent", None, "84%", "84%", id="decimals not known"),
        pytest.param(83.7, "percent", pd.NA, "83.7%", "83,7%", id="decimals missing"),
        pytest.param(95.67, "percent", 2.0, "95.67%", "95,67%", id="decimals as a float"),
    ],
)
def test_figure(value, unit, decimals, en, vi):
    """A published figure has its unit, a rate the decimals that were printed."""
    assert en == Text("en").figure(value, unit, decimals=decimals)
    assert vi == Text("vi").figure(value, unit, decimals=decimals)


@pytest.mark.parametrize(
    ("span", "en", "vi"),
    [
        pytest.param("Y", "2022", "năm 2022", id="year"),
        pytest.param("H1", "first six months of 2022", "6 tháng đầu năm 2022", id="half"),
        pytest.param("9M", "first nine months of 2022", "9 tháng đầu năm 2022", id="nine months"),
        pytest.param("Q2", "second quarter of 2022", "quý II năm 2022", id="quarter"),
        pytest.param("M01", "January 2022", "tháng 1 năm 2022", id="month"),
        pytest.param("week", "week 2022", "week năm 2022", id="unknown"),
    ],
)
def test_span(span, en, vi):
    """A span of a year is named as readers of the language name it."""
    assert en == Text("en").period(span, 2022)
    assert vi == Text("vi").period(span, 2022)


def test_names():
    """Places and indicators have names in both languages; an unknown code names itself."""
    assert Text("vi").place("can-tho") == "Cần Thơ"
    assert Text("en").place("can-tho-2025") == "Can Tho"
    assert Text("en").indicator("petitions.received") == "Petitions received"
    assert Text("vi").place("atlantis") == "atlantis"
    assert Text("en").indicator("letters") == "letters"


def test_part():
    """A part of a whole is named by what follows the last colon of its name."""
    assert Text("en").part("petitions.in_jurisdiction.feedback") == "feedback"
    assert Text("vi").part("petitions.in_jurisdiction.feedback") == "kiến nghị, phản ánh"
    assert Text("en").part("petitions.received") == "Petitions received"


def test_unit():
    """The unit of an indicator is that of the codebook; of an unknown one it is blank."""
    assert Text("en").unit("petitions.received") == "petitions"
    assert Text("en").unit("letters") == ""


def test_names_of_a_table():
    """What a table's own codebook names is named so."""
    row = ["letters", "visits", "flow", "Letters", "Thư", "", ""]
    table = pd.DataFrame()
    table.attrs["codebook"] = json.dumps({"indicators": [row]})
    assert Text("vi", table).indicator("letters") == "Thư"
    assert Text("en", table).unit("letters") == "visits"


def test_flags():
    """Each flag is a phrase, in the order given; those to skip are left out."""
    expected = ["the reporting form changed between the two years"]
    assert expected == Text("en").flags("small_base form", skip=("small_base",))
    assert Text("en").flags("") == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_has_a_phrase(flag, lang):
    """Every flag that comparing can give has a phrase in both languages."""
    assert len(Text(lang).flags(flag)[0]) > len(flag)


def test_direction():
    """The verb of a change is up or down."""
    assert (direction(1), direction(-1)) == ("up", "down")


@pytest.mark.parametrize(
    ("value", "most", "expected"),
    [
        pytest.param(0, 2, True, id="zero"),
        pytest.param(0.004, 2, True, id="small"),
        pytest.param(-0.004, 2, True, id="small and negative"),
        pytest.param(0.005, 2, False, id="a half is rounded up"),
        pytest.param(0.4, 0, True, id="no decimals"),
    ],
)
def test_rounds_to_zero(value, most, expected):
    """A number rounds to zero exactly where it is written as 0."""
    assert expected is rounds_to_zero(value, most)
    assert expected is (Text("en").number(value, most=most) == "0")


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: Text("fr").count(1), id="count"),
        pytest.param(lambda: Text("fr").count(None), id="missing count"),
        pytest.param(lambda: Text("fr").percent(1), id="percent"),
        pytest.param(lambda: Text("fr").change(None), id="change"),
        pytest.param(lambda: Text("fr").figure(1, "percent"), id="figure"),
        pytest.param(lambda: Text("fr").figure(None, "percent"), id="missing figure"),
        pytest.param(lambda: Text("fr").place("can-tho"), id="place"),
        pytest.param(lambda: Text("fr").indicator("letters"), id="indicator"),
        pytest.param(lambda: Text("fr").period("Y", 2022), id="span"),
        pytest.param(lambda: Text("fr").flags("form"), id="flags"),
    ],
)
def test_unknown_language(call):
    """A language that is not there is refused, and those that are there are named."""
    with pytest.raises(ValueError, match="lang 'fr' is not available; the languages are en, vi"):
        call()


def test_unknown_unit():
    """A unit that is not there is refused, with the nearest one and all that are there."""
    with pytest.raises(ValueError, match="did you mean 'visits'") as error:
        Text("en").count(3, "visit")
    assert str(error.value) == (
        "unit 'visit' is unknown; did you mean 'visits'?; the units are visits, people, cases,"
        " groups, sessions, days, petitions, organizations, million_vnd, m2, points, percent"
    )


@pytest.mark.parametrize("unit", COUNTED)
def test_every_unit_has_words(unit):
    """Every unit of the codebook has a singular and a plural in both languages."""
    assert Text("en").count(1, unit) != Text("en").count(2, unit).replace("2", "1")
    assert Text("vi").count(1, unit) == Text("vi").count(2, unit).replace("2", "1")


@small
@given(
    value=numbers,
    relative=numbers,
    previous=numbers,
    unit=st.sampled_from(["", "percent", *COUNTED]),
    lang=st.sampled_from(LANGUAGES),
)
def test_no_label_is_nonsense(value, relative, previous, unit, lang):
    """No label ever says "inf", "nan" or minus zero, whatever the numbers."""
    texts = [
        Text(lang).count(value, unit),
        Text(lang).percent(value),
        Text(lang).percent(value, decimals=3),
        Text(lang).figure(value, unit),
        Text(lang).change(value, unit, relative=relative, previous=previous),
    ]
    for text in texts:
        assert not re.search(r"inf|nan", text)
        assert not re.search(r"[-+]0(?![\d.,])|[-+]0[.,]0*(?!\d)", text)


@small
@given(
    value=st.integers(-(10**9), 10**9).map(lambda n: n / 1000),
    lang=st.sampled_from(LANGUAGES),
)
def test_no_minus_zero_at_a_half(value, lang):
    """A number is never written as "-0", halves included."""
    for text in (Text(lang).number(value / 10**6), Text(lang).number(-0.005)):
        assert not re.fullmatch(r"-0([.,]0*)?", text)
