"""Rows of tables -> sentences and readable tables, in English and Vietnamese."""

import json
from pathlib import Path

import pandas as pd
import pytest
from four_rows import figures_of, row, table

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.charts.changes import change_numbers, plot_changes
from petitionlib.checks.reconcile import reconcile
from petitionlib.tables.read import read_tables
from petitionlib.tables.sources import sources
from petitionlib.text.checks import (
    contradiction,
    contradictions,
    count_verdicts,
    summary,
)
from petitionlib.text.text import Text

DATA = Path(__file__).parents[2] / "data"
VISITS = "reception.visits"
RATE = "cases.complaints_denunciations.settlement_rate"


def compared(*rows):
    """Compare rows of figures."""
    return year_over_year(table(*rows))


def checked(**figures):
    """Check figures of one place and year, named by their indicator with __ for a dot."""
    return reconcile(figures_of(**figures))


@pytest.mark.parametrize(
    ("rows", "en", "vi"),
    [
        pytest.param(
            [row(2022, 3108), row(2023, 2917)],
            "Petitions received: 2,917 petitions, down 191 (-6.1%) on 2022.",
            "Đơn tiếp nhận trong kỳ: 2.917 đơn, giảm 191 đơn (6,1%) so với cùng kỳ năm 2022.",
            id="fall",
        ),
        pytest.param(
            [
                row(2022, 3, indicator="reception.groups"),
                row(2023, 5, indicator="reception.groups"),
            ],
            "Large groups received: 5 groups, up 2 (from 3 to 5) on 2022.",
            "Số đoàn đông người: 5 đoàn, tăng 2 đoàn (từ 3 lên 5) so với cùng kỳ năm 2022.",
            id="small base",
        ),
        pytest.param(
            [row(2022, 95.67, indicator=RATE), row(2023, 95.92, indicator=RATE)],
            "Complaints and denunciations: settlement rate: 95.92%,"
            " up 0.25 percentage points on 2022.",
            "Tỷ lệ giải quyết khiếu nại, tố cáo: 95,92%,"
            " tăng 0,25 điểm phần trăm so với cùng kỳ năm 2022.",
            id="rate",
        ),
        pytest.param(
            [row(2022, 100), row(2023, 100)],
            "Petitions received: 100 petitions, unchanged on 2022.",
            "Đơn tiếp nhận trong kỳ: 100 đơn, không thay đổi so với cùng kỳ năm 2022.",
            id="unchanged",
        ),
        pytest.param(
            [row(2023, 100)],
            "Petitions received: 100 petitions (no figure for the year before).",
            "Đơn tiếp nhận trong kỳ: 100 đơn (không có số liệu cùng kỳ năm trước).",
            id="alone",
        ),
        pytest.param(
            [row(2022, 100), row(2023, 110, status="e")],
            "Petitions received: about 110 petitions, up 10 on 2022"
            " (one of the figures was printed as approximate).",
            "Đơn tiếp nhận trong kỳ: khoảng 110 đơn, tăng 10 đơn so với cùng kỳ năm 2022"
            " (có số liệu được công bố là số gần đúng).",
            id="approximate",
        ),
        pytest.param(
            [row(2025, 100, place="can-tho-2025", indicator="broadcaster.received", change=5)],
            "Letters to the broadcaster's programme: 100 petitions"
            " (the territory is not that of a year before, so the two are not compared).",
            "Đơn thư gửi Hộp thư truyền hình: 100 đơn"
            " (địa giới khác cùng kỳ năm trước nên không so sánh).",
            id="another territory",
        ),
        pytest.param(
            [row(2022, 0), row(2023, 5)],
            "Petitions received: 5 petitions, up 5 (from 0 to 5) on 2022"
            " (the figure a year before was zero, so there is no percentage).",
            "Đơn tiếp nhận trong kỳ: 5 đơn, tăng 5 đơn (từ 0 lên 5) so với cùng kỳ năm 2022"
            " (số liệu cùng kỳ năm trước bằng 0 nên không tính tỷ lệ).",
            id="zero base",
        ),
        pytest.param(
            [row(2022, 100, indicator="letters"), row(2023, 110, indicator="letters")],
            "letters: 110, up 10 (+10.0%) on 2022.",
            "letters: 110, tăng 10 (10,0%) so với cùng kỳ năm 2022.",
            id="unknown indicator",
        ),
    ],
)
def test_comparison(rows, en, vi):
    """A comparison is a sentence: the figure, its change, and what makes it uncertain."""
    last = compared(*rows).iloc[-1]
    assert en == Text("en", last).comparison(last)
    assert vi == Text("vi", last).comparison(last)


def test_comparison_of_a_derived_base():
    """A sentence on a derived base names the base and says where it comes from."""
    last = compared(row(2022, 3108, change=472)).iloc[-1]
    assert Text("en", last).comparison(last) == (
        "Petitions received: 3,108 petitions, up 472 (+17.9%) on 2021"
        " (the 2021 figure, 2,636 petitions, was worked out from the published change)."
    )


def test_comparison_names_the_same_period():
    """The base of six months is called the figure of the same period, not of the whole year."""
    last = compared(row(2024, 823, indicator=VISITS, span="H1", change=-249)).iloc[-1]
    assert "số liệu cùng kỳ năm 2023 là 1.072 lượt" in Text("vi", last).comparison(last)


def test_comparison_without_notes():
    """Without its notes the sentence ends after the change."""
    last = compared(row(2022, 3108, change=472, status="e")).iloc[-1]
    expected = "Petitions received: about 3,108 petitions, up 472 on 2021."
    assert expected == Text("en", last).comparison(last, notes=False)


CHECKS = [
    pytest.param(
        {"petitions__total": 10, "petitions__processed": 6, "petitions__pending": 4},
        "sum",
        "Petitions to handle (with carry-over): 10 printed, 6 + 4 = 10; they agree.",
        "Tổng số đơn (kể cả kỳ trước chuyển sang): công bố 10; 6 + 4 = 10, khớp.",
        id="exact",
    ),
    pytest.param(
        {"petitions__total": 1100, "petitions__processed": 6, "petitions__pending": 4},
        "sum",
        "Petitions to handle (with carry-over): 1,100 printed, 6 + 4 = 10;"
        " difference 1,090, they contradict each other.",
        "Tổng số đơn (kể cả kỳ trước chuyển sang): công bố 1.100; 6 + 4 = 10,"
        " chênh lệch 1.090, không khớp.",
        id="contradicts",
    ),
    pytest.param(
        {"feedback__processed": 1945, "feedback__in_jurisdiction": 798}
        | {"feedback__out_of_jurisdiction": 933},
        "sum",
        "Feedback handled: 1,945 printed, 798 + 933 = 1,731; difference 214, unexplained.",
        "Đơn kiến nghị, phản ánh đã xử lý: công bố 1.945; 798 + 933 = 1.731,"
        " chênh lệch 214, chưa rõ nguyên nhân.",
        id="unexplained",
    ),
    pytest.param(
        {"petitions__total": 1100, "petitions__pending": 4},
        "sum",
        "Petitions to handle (with carry-over): 1,100 printed;"
        " it cannot be checked, because the figures it follows from are missing, zero or"
        " approximate. Not printed: Petitions handled.",
        "Tổng số đơn (kể cả kỳ trước chuyển sang): công bố 1.100; không đủ số liệu để đối chiếu."
        " Chưa công bố: Đơn đã xử lý.",
        id="cannot check",
    ),
    pytest.param(
        {"cases__complaints__settlement_rate": 96.15, "cases__complaints__settled": 150}
        | {"cases__complaints__due": 156},
        "rate",
        "Complaints: settlement rate: 96.15% printed, 150 / 156 = 96.154%; rounded.",
        "Tỷ lệ giải quyết khiếu nại: công bố 96,15%; 150 / 156 = 96,154%, đã làm tròn.",
        id="rounded",
    ),
    pytest.param(
        {"cases__complaints__settlement_rate": 97.2, "cases__complaints__settled": 150}
        | {"cases__complaints__due": 156},
        "rate",
        "Complaints: settlement rate: 97.2% printed, 150 / 156 = 96.154%;"
        " difference 1.046 percentage points, they contradict each other.",
        "Tỷ lệ giải quyết khiếu nại: công bố 97,2%; 150 / 156 = 96,154%,"
        " chênh lệch 1,046 điểm phần trăm, không khớp.",
        id="rate contradicts",
    ),
]


@pytest.mark.parametrize(("figures", "kind", "en", "vi"), CHECKS)
def test_check(figures, kind, en, vi):
    """A check is a sentence: what was printed, what follows from the rest, and the verdict."""
    ledger = checked(**figures)
    found = ledger[ledger["check"] == kind].iloc[0]
    assert en == Text("en", found).check(found)
    assert vi == Text("vi", found).check(found)


def test_check_cut_off():
    """In Vietnamese a rate is cut off at its last digits, not robbed of all its decimals."""
    ledger = checked(
        cases__complaints__settlement_rate=95.67,
        cases__complaints__settled=177,
        cases__complaints__due=185,
    )
    found = ledger[ledger["check"] == "rate"].iloc[0]
    assert Text("en", found).check(found) == (
        "Complaints: settlement rate: 95.67% printed, 177 / 185 = 95.676%; cut off, not rounded."
    )
    assert "cắt bỏ phần thập phân" not in Text("vi", found).check(found)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    ("figures", "words"),
    [
        pytest.param({"petitions__processed": 6, "petitions__total": 10}, ["6", "10"], id="holds"),
        pytest.param(
            {"petitions__processed": 12, "petitions__total": 10},
            ["12", "10", "2"],
            id="contradicts",
        ),
        pytest.param(
            {"petitions__processed": 12, "petitions__received": 10},
            ["12", "10", "2"],
            id="unexplained",
        ),
        pytest.param(
            {"reception__group_people": 22, "reception__groups": 15},
            ["22", "5 × 15 = 75", "53"],
            id="five people",
        ),
    ],
)
def test_check_of_a_bound(figures, words, lang):
    """A bound names what was printed, the bound, and by how much it is missed."""
    ledger = checked(**figures)
    text = Text(lang, ledger[ledger["check"] == "bound"].iloc[0]).check(
        ledger[ledger["check"] == "bound"].iloc[0]
    )
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("arguments", "en", "vi"),
    [
        pytest.param({}, "What the tables hold and whether it adds up",
                     "Số liệu hiện có và kết quả đối chiếu", id="tables"),
        pytest.param({"place": "can-tho"},
                     "Can Tho: citizen reception and petitions over the years",
                     "Cần Thơ: tiếp công dân và đơn thư qua các năm", id="all years"),
        pytest.param({"place": "can-tho", "year": 2022},
                     "Can Tho, 2022: citizen reception and petitions",
                     "Cần Thơ, năm 2022: tiếp công dân và đơn thư", id="year"),
        pytest.param({"place": "can-tho", "year": 2024, "span": "H1"},
                     "Can Tho, first six months of 2024: citizen reception and petitions",
                     "Cần Thơ, 6 tháng đầu năm 2024: tiếp công dân và đơn thư", id="half a year"),
    ],
)  # fmt: skip
def test_title(arguments, en, vi):
    """The title of a report names its place and period, where it has them."""
    assert en == Text("en").title(**arguments)
    assert vi == Text("vi").title(**arguments)


def test_table():
    """A table for readers has a row for each indicator, in the order of the codebook."""
    found = Text(
        "en",
        compared(
            row(2022, 3108, status="p", change=472),
            row(2022, 95.67, indicator=RATE),
            row(2022, 5, indicator="letters"),
            row(2022, 2650, indicator=VISITS),
        ),
    ).comparisons(
        compared(
            row(2022, 3108, status="p", change=472),
            row(2022, 95.67, indicator=RATE),
            row(2022, 5, indicator="letters"),
            row(2022, 2650, indicator=VISITS),
        )
    )
    assert list(found.columns) == ["Published", "A year before", "Change", "Remarks"]
    assert found.index.tolist() == [
        "Visits received",
        "Petitions received",
        "Complaints and denunciations: settlement rate",
        "letters",
    ]
    assert found.iloc[0].tolist() == ["2,650 visits", "–", "–", ""]
    assert found.iloc[1].tolist() == [
        "3,108 petitions",
        "2,636 petitions",
        "+472 (+17.9%)",
        "provisional; previous figure worked out from the published change",
    ]


def test_table_in_vietnamese():
    """In Vietnamese the change has its verb and its unit."""
    found = Text("vi", compared(row(2022, 3108, change=472, status="r"))).comparisons(
        compared(row(2022, 3108, change=472, status="r"))
    )
    assert list(found.columns) == ["Công bố", "Cùng kỳ năm trước", "Tăng, giảm", "Ghi chú"]
    assert found.iloc[0].tolist() == [
        "3.108 đơn",
        "2.636 đơn",
        "tăng 472 đơn (17,9%)",
        "số đã điều chỉnh; số cùng kỳ suy ra từ mức tăng, giảm đã công bố",
    ]


def test_table_of_rates():
    """The change of a rate is in points, without a base."""
    found = Text(
        "en", compared(row(2022, 10, indicator=RATE), row(2022, 0.5, indicator=RATE, span="H1"))
    ).comparisons(
        compared(row(2022, 10, indicator=RATE), row(2022, 0.5, indicator=RATE, span="H1"))
    )
    assert found["Change"].tolist() == ["–", "–"]
    found = Text(
        "en", compared(row(2022, 10, indicator=RATE), row(2023, 12, indicator=RATE))
    ).comparisons(compared(row(2022, 10, indicator=RATE), row(2023, 12, indicator=RATE)))
    assert found["Change"].tolist() == ["–", "+2 percentage points"]


def test_table_of_several_places_and_periods():
    """Where the rows are of several places or periods, these come first."""
    found = Text(
        "en", compared(row(2022, 100), row(2023, 110), row(2023, 5, place="ha-noi"))
    ).comparisons(compared(row(2022, 100), row(2023, 110), row(2023, 5, place="ha-noi")))
    assert list(found.columns[:2]) == ["Place", "Period"]
    assert found[["Place", "Period"]].to_numpy().tolist() == [
        ["Can Tho", "2022"],
        ["Can Tho", "2023"],
        ["Ha Noi", "2023"],
    ]


def test_table_of_several_spans():
    """Two spans of one year are two periods."""
    found = Text("vi", compared(row(2022, 100), row(2022, 50, span="H1"))).comparisons(
        compared(row(2022, 100), row(2022, 50, span="H1"))
    )
    assert found["Kỳ báo cáo"].tolist() == ["năm 2022", "6 tháng đầu năm 2022"]


def test_table_of_nothing(changes):
    """Without rows the table has its columns and no rows."""
    found = Text("en", changes.iloc[:0]).comparisons(changes.iloc[:0])
    assert len(found) == 0
    assert list(found.columns) == ["Published", "A year before", "Change", "Remarks"]


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_missing_status(dtype):
    """A status that is missing is a blank one: there is nothing to remark."""
    rows = pd.DataFrame([row(2022, 100)]).astype({"value": "float64", "change": "float64"})
    rows["status"] = pd.array([None], dtype=dtype)
    assert Text("en", year_over_year(rows)).comparisons(year_over_year(rows))[
        "Remarks"
    ].tolist() == [""]


def test_ledger_text():
    """The text of a ledger is a summary of all checks and a sentence for what does not add up."""
    text = Text(
        "en", checked(petitions__total=11, petitions__processed=6, petitions__pending=4)
    ).ledger(checked(petitions__total=11, petitions__processed=6, petitions__pending=4))
    expected = (
        "Can Tho, 2022. Petitions to handle (with carry-over): 11 printed, 6 + 4 = 10;"
        " difference 1, they contradict each other. Source: a."
    )
    assert [expected] == text.splitlines()[1:]


def test_ledger_order(ledger):
    """Contradictions come first, an event a line, then the unexplained, then what was cut off."""
    lines = Text("en", ledger).ledger(ledger).splitlines()[1:]
    kinds = [1 if "unexplained" in line else 2 if "cut off" in line else 0 for line in lines]
    events = ledger.loc[ledger["verdict"] == "contradicts", "event"].nunique()
    assert kinds == [0] * events + [1] * 3 + [2] * 4


def test_ledger_summary(ledger):
    """The summary counts every check once."""
    counts = ledger["verdict"].value_counts()
    summary = Text("vi", ledger).ledger(ledger).splitlines()[0]
    assert summary.startswith(f"{len(ledger)} phép đối chiếu: ")
    assert f"{counts['cannot_check']} không đủ số liệu để đối chiếu" in summary


def test_ledger_summary_of_one():
    """One check is not called "1 checks"."""
    text = Text("en", checked(reception__group_people=15, reception__groups=3)).ledger(
        checked(reception__group_people=15, reception__groups=3)
    )
    assert "1 checks" not in text


def test_ledger_names_place_and_period_in_each_line(ledger):
    """Each line stands alone: place and period come first, the source last."""
    here = ledger[(ledger["place"] == "can-tho") & (ledger["year"] == 2022)]
    assert "Can Tho, 2022. Feedback handled" in Text("en", ledger).ledger(ledger)
    assert "Can Tho, 2022. Feedback handled" in Text("en", here).ledger(here)
    assert "Cần Thơ, năm 2022. Đơn kiến nghị" in Text("vi", ledger).ledger(ledger)


def test_ledger_of_nothing(ledger):
    """A ledger without rows says that nothing can be checked."""
    assert (
        Text("en", ledger.iloc[:0]).ledger(ledger.iloc[:0])
        == "Nothing that was published can be checked."
    )


def test_verdicts(ledger):
    """The kinds of checks are counted by verdict; none is a dash."""
    found = Text("en", ledger).verdicts(ledger)
    assert found.index.tolist() == [
        "Sums", "Bounds", "Rates", "Changes", "Percentages", "Nested periods",
        "Between sources", "Jumps in scale",
    ]  # fmt: skip
    bounds = ledger[ledger["check"] == "bound"]
    assert found.loc["Bounds", "holds"] == str((bounds["verdict"] == "holds").sum())
    assert found.loc["Bounds", "exact"] == "–"
    assert "không khớp" in Text("vi", ledger).verdicts(ledger).columns


def test_verdicts_of_nothing(ledger):
    """A ledger without rows has no verdicts."""
    assert Text("en", ledger.iloc[:0]).verdicts(ledger.iloc[:0]).empty


def test_coverage():
    """The figures of each place and year are counted; a year without any is a dash."""
    table = pd.DataFrame(
        [row(2022, 1), row(2022, 2, indicator=VISITS), row(2023, None), row(2023, 3, place="hue")]
    )
    found = Text("vi", table).coverage(table)
    assert found.index.tolist() == ["Cần Thơ", "Huế"]
    assert found.to_numpy().tolist() == [["–", "2"], ["1", "–"]]
    assert list(found.columns) == ["2023", "2022"]


def test_coverage_of_categorical_columns(shipped):
    """Places that are only categories of the column are not listed."""
    table = shipped.astype({"place": "category"})
    found = Text("en", table[table["place"] == "can-tho"]).coverage(
        table[table["place"] == "can-tho"]
    )
    assert found.index.tolist() == ["Can Tho"]


def test_sources(shipped):
    """Each source is a line with its title, publisher and date; the oldest stands first."""
    table = shipped[(shipped["place"] == "can-tho") & (shipped["year"] == 2022)]
    lines = Text("en", sources(table)).sources(sources(table)).splitlines()
    assert len(lines) == 2
    assert "thanhtra.com.vn, 21 November 2022. https://thanhtra.com.vn/" in lines[0]
    assert lines[1].endswith("thanhtravietnam.vn, 27 December 2022.")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_source_of_which_nothing_is_known(lang):
    """A source that nobody has listed is named by its id."""
    table = pd.DataFrame([row(2022, 1, source="leaflet")])
    found = Text(lang, table).sources(sources(table))
    assert found == "leaflet."


def test_labels_of_a_table_with_its_own_codebook():
    """Rows carry the codebook of their table: its own places and indicators are named."""
    own = {
        "places": [["cai-rang", "Cai Rang", "Cái Răng", "district", "", "", "", "", "", ""]],
        "indicators": [["letters", "petitions", "flow", "Letters", "Thư", "", ""]],
    }
    rows = [row(y, v, place="cai-rang", indicator="letters") for y, v in ((2022, 100), (2023, 90))]
    table = pd.DataFrame(rows).astype({"value": "float64", "change": "float64"})
    table.attrs["codebook"] = json.dumps(own)
    found = year_over_year(table)
    expected = "Letters: 90 petitions, down 10 (-10.0%) on 2022."
    assert expected == Text("en", found.iloc[-1]).comparison(found.iloc[-1])
    assert Text("vi", found).comparisons(found).index.tolist() == ["Thư", "Thư"]
    assert Text("en", table).coverage(table).index.tolist() == ["Cai Rang"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_no_sentence_is_nonsense(changes, ledger, lang):
    """No sentence on the shipped tables has a hole, a number that is none, or two full stops."""
    texts = [Text(lang, found).comparison(found) for _, found in changes.iterrows()]
    texts += [Text(lang, found).check(found) for _, found in ledger.iterrows()]
    for text in texts:
        assert text.endswith(".")
        assert [bad for bad in ("nan", "None", "inf", "{", "}", "..", "  ") if bad in text] == []


def test_input_unchanged(changes, ledger, shipped):
    """The tables that were given stay as they were."""
    before = changes.copy(), ledger.copy(), shipped.copy()
    Text("en", changes).comparisons(changes)
    Text("en", ledger).ledger(ledger)
    Text("en", ledger).verdicts(ledger)
    Text("en", shipped).coverage(shipped)
    for expected, actual in zip(before, (changes, ledger, shipped), strict=True):
        pd.testing.assert_frame_equal(expected, actual)


def test_conflicts_and_changes_are_sentences():
    """Another source's figure and a published change read as sentences."""
    rate = "cases.complaints.settlement_rate"
    rows = [
        row(2022, 80.0, indicator=rate, source="a"),
        row(2022, 82.5, indicator=rate, source="b"),
        row(2023, 85.0, indicator=rate, source="b", change=4),
    ]
    text = [
        Text("en", found).check(found)
        for _, found in reconcile(table(*rows, sources="ab")).iterrows()
    ]
    assert (
        "Complaints: settlement rate: 80% in another source, 82.5% in the preferred one;"
        " difference 2.5 percentage points."
    ) in text
    assert (
        "Complaints: settlement rate, change: 4 percentage points printed, 85 - 82.5 = 2.5;"
        " difference 1.5 percentage points, they contradict each other."
    ) in text


def test_every_verdict_is_counted(ledger):
    """A verdict that no check has is counted as 0, and all counts make the ledger."""
    assert sum(count_verdicts(ledger).values()) == len(ledger)
    assert set(count_verdicts(ledger.iloc[:0]).values()) == {0}


def test_summary_is_the_first_line_of_the_ledger(ledger):
    """The summary alone reads as it does over the findings."""
    for lang in ("en", "vi"):
        assert (
            summary(Text(lang, ledger), ledger) == Text(lang, ledger).ledger(ledger).split("\n")[0]
        )
        assert summary(Text(lang, ledger.iloc[:0]), ledger.iloc[:0]) == Text(
            lang, ledger.iloc[:0]
        ).ledger(ledger.iloc[:0])


def test_a_contradiction_can_stand_alone():
    """Place, period and source are named, though the ledger has only one of each."""
    row = checked(cases__complaints__due=2, cases__complaints__settled=3).iloc[0]
    assert contradiction(Text("en", row), row) == (
        "Can Tho, 2022. Complaints: cases settled: 3 printed, but it can be at most 2;"
        " 1 too many. Source: a."
    )


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        pytest.param(
            [row(2022, 10, indicator="cases.complaints.due"),
             row(2022, 11, indicator="cases.complaints.settled")],
            ["11", "≤ 10", "+1"], id="at most",
        ),
        pytest.param(
            [row(2022, 3, indicator="reception.groups"),
             row(2022, 12, indicator="reception.group_people")],
            ["12", "≥ 15", "-3"], id="at least",
        ),
        pytest.param(
            [row(2021, 1000), row(2022, 1200, change=-3000)],
            ["-3,000", "200", "-3,200"], id="change",
        ),
        pytest.param(
            [row(2021, 100), row(2022, 120, change_percent=30.5)],
            ["30.5%", "20.000%", "+10.5 percentage points"], id="change in percent",
        ),
        pytest.param(
            [row(2021, 90, indicator=RATE), row(2022, 92, indicator=RATE, change=4)],
            ["4 percentage points", "2 percentage points", "+2 percentage points"],
            id="change of a rate",
        ),
    ],
)  # fmt: skip
def test_numbers_of_a_contradiction(rows, numbers):
    """Printed, computed and difference are written in their unit, the difference with its sign."""
    ledger = reconcile(table(*rows))
    cells = contradictions(
        Text("en", ledger[ledger["verdict"] == "contradicts"]),
        ledger[ledger["verdict"] == "contradicts"],
    )
    assert cells.iloc[0].tolist()[3:6] == numbers


def test_contradictions_of_nothing_are_a_table_without_rows(ledger):
    """The headings are there, in the language asked for."""
    empty = contradictions(Text("vi", ledger.iloc[:0]), ledger.iloc[:0])
    assert (len(empty), empty.columns[0]) == (0, "Đơn vị")


def places_of(**visits):
    """Make the visits of Hau Giang and of its two kinds of bodies."""
    names = {"whole": "hau-giang", "province": "hau-giang--province-level"}
    names["districts"] = "hau-giang--districts"
    return table(*(row(2022, v, place=names[n], indicator=VISITS) for n, v in visits.items()))


@pytest.mark.parametrize(
    ("rows", "en", "vi"),
    [
        pytest.param(
            figures_of(petitions__eligible_rate=83.2, petitions__eligible=286_950,
                       petitions__received=330_421, petitions__total=344_820),
            "86.8% would fit. The printed number is right if divided by “Petitions to handle (with"
            " carry-over)” (286,950 / 344,820).",
            "Số khớp là 86,8%. Số công bố đúng nếu chia cho “Tổng số đơn (kể cả kỳ trước chuyển"
            " sang)” (286.950 / 344.820).",
            id="other_base",
        ),
        pytest.param(
            table(row(2021, 1217), row(2022, 1452, change_percent=16.2)),
            "19.3% would fit. The printed number is the change divided by the newer figure"
            " (235 / 1,452).",
            "Số khớp là 19,3%. Số công bố đúng nếu chia cho số liệu kỳ này thay vì số cùng kỳ năm"
            " trước (235 / 1.452).",
            id="divided_by_new",
        ),
        pytest.param(
            figures_of(petitions__total=1930, petitions__processed=1930, petitions__pending=12),
            "1,942 would fit. The printed number is the sum without “Petitions not yet handled”"
            " (1,942 - 12).",
            "Số khớp là 1.942. Số công bố là tổng chưa tính “Đơn chưa xử lý” (1.942 - 12).",
            id="part_left_out",
        ),
        pytest.param(
            places_of(whole=49, province=15, districts=49),
            "64 would fit. The printed number is the sum without “Hau Giang: provincial level”"
            " (64 - 15).",
            "Số khớp là 64. Số công bố là tổng chưa tính “Hậu Giang: cấp tỉnh” (64 - 15).",
            id="part_left_out, a place",
        ),
        pytest.param(
            figures_of(petitions__total=72.5, petitions__processed=30.5, petitions__pending=21),
            "51.5 would fit. The printed number is the sum with “Petitions not yet handled” counted"
            " twice (51.5 + 21).",
            "Số khớp là 51,5. Số công bố là tổng có “Đơn chưa xử lý” tính hai lần (51,5 + 21).",
            id="part_twice",
        ),
        pytest.param(
            figures_of(petitions__total=991, petitions__processed=500, petitions__pending=222,
                       petitions__in_jurisdiction=722),
            "722 would fit. The parts add up to “Petitions within jurisdiction” (722) instead.",
            "Số khớp là 722. Tổng các thành phần bằng “Đơn thuộc thẩm quyền” (722).",
            id="other_total",
        ),
        pytest.param(
            table(row(2021, 3108), row(2022, 2917, change=-1910)),
            "-191 would fit: zeros may be missing, or too many.",
            "Số khớp là -191: có thể thiếu hoặc thừa chữ số 0.",
            id="decimal_shift, lost",
        ),
        pytest.param(
            figures_of(reception__visits=2.65, reception__regular__visits=1977,
                       reception__leader__visits=673),
            "2,650 would fit: the decimal point may be missing or misplaced.",
            "Số khớp là 2.650: có thể thiếu hoặc sai vị trí dấu thập phân.",
            id="decimal_shift, between thousands",
        ),
        pytest.param(
            figures_of(petitions__total=1952, petitions__processed=1900, petitions__pending=42),
            "If the other figures are right, 1,942 would fit: one digit may be wrong.",
            "Nếu các số khác đúng thì số khớp là 1.942: có thể sai một chữ số.",
            id="digit_slip, wrong",
        ),
        pytest.param(
            table(row(2021, 3108), row(2022, 2917, change=-119)),
            "-191 would fit: two digits may be exchanged.",
            "Số khớp là -191: có thể đảo vị trí hai chữ số.",
            id="digit_slip, swapped",
        ),
        pytest.param(
            table(row(2022, 33.254, indicator=RATE), row(2022, 33.245, indicator=RATE, source="b"),
                  sources="ab"),
            "If the other figures are right, 33.245% would fit: two digits may be exchanged.",
            "Nếu các số khác đúng thì số khớp là 33,245%: có thể đảo vị trí hai chữ số.",
            id="digit_slip, three decimals",
        ),
        pytest.param(
            figures_of(petitions__total=1942, petitions__processed=1800, petitions__pending=9),
            "", "",
            id="nothing simple",
        ),
        pytest.param(
            figures_of(petitions__total=1942, petitions__processed=1900, petitions__pending=42),
            "", "",
            id="no contradiction",
        ),
    ],
)  # fmt: skip
def test_cause(rows, en, vi):
    """A possible cause is a sentence with its arithmetic, and nothing where there is none."""
    about = reconcile(rows).sort_values("cause").iloc[-1]
    assert en == Text("en", about).cause(about)
    assert vi == Text("vi", about).cause(about)


def test_ledger_of_categorical_columns(shipped):
    """A table of categories is read out like one of text."""
    kinds = dict.fromkeys(("place", "indicator", "span"), "category")
    ledger = reconcile(shipped.astype(kinds)).astype({"verdict": "category"})
    assert Text("en", reconcile(shipped)).ledger(reconcile(shipped)) == Text("en", ledger).ledger(
        ledger
    )


def test_cause_of_categorical_columns():
    """A ledger of categories says the same."""
    rows = figures_of(petitions__total=1952, petitions__processed=1900, petitions__pending=42)
    ledger = reconcile(rows.astype({"place": "category", "indicator": "category"}))
    about = ledger[ledger["check"] == "sum"].iloc[0]
    assert Text("en", about).cause(about) == (
        "If the other figures are right, 1,942 would fit: one digit may be wrong."
    )


@pytest.mark.parametrize(
    ("made", "head"),
    [
        pytest.param(
            lambda t: Text("vi", year_over_year(t)).comparisons(year_over_year(t)),
            "Chỉ tiêu",
            id="figures",
        ),
        pytest.param(lambda t: Text("vi", t).coverage(t), "Đơn vị", id="coverage"),
        pytest.param(lambda t: Text("vi", t).tables(t), "Năm", id="tables"),
        pytest.param(
            lambda t: Text("vi", year_over_year(t)).key_figures(year_over_year(t)),
            "Chỉ tiêu",
            id="key figures",
        ),
    ],
)
def test_the_names_of_rows_have_a_head(made, head):
    """Who hears a table is told what its first column holds; the table has one row of heads."""
    html = made(table(row(2022, 5))).to_html()
    assert html.count("<tr", 0, html.index("</thead>")) == 1
    assert f"<th>{head}</th>" in html[: html.index("</thead>")]


def test_comparisons_from_a_csv_file(tmp_path):
    """Comparisons that were saved and read again are told like the others: a blank is no flag."""
    changes = year_over_year(read_tables())
    changes.to_csv(tmp_path / "changes.csv", index=False)
    again = pd.read_csv(tmp_path / "changes.csv")
    again.attrs = changes.attrs
    assert again["flag"].isna().any()
    assert again["status"].isna().any()
    here, there = (
        rows[(rows["place"] == "can-tho") & (rows["year"] == 2023)] for rows in (changes, again)
    )
    assert Text("en", there).cautions(there) == Text("en", here).cautions(here)
    assert Text("en", there).headline(there) == Text("en", here).headline(here)
    assert Text("en", there).comparisons(there).equals(Text("en", here).comparisons(here))
    figures = [plot_changes(rows, "can-tho", 2023) for rows in (changes, again)]
    assert figures[0] == figures[1]


def test_an_approximate_figure_is_told_so_everywhere():
    """It is about so many, and no sentence, table or bar has a percentage of it."""
    changes = compared(row(2022, 6640), row(2023, 7000, status="e"))
    text, here = Text("en", changes), changes[changes["year"] == 2023]
    assert text.headline(here).startswith(
        "Petitions received rose by 360 to about 7,000 compared with 2022."
    )
    told = [
        text.comparison(here.iloc[0]),
        str(text.key_figures(here)),
        str(text.comparisons(here)),
        str(text.show(here[["place", "year", "value", "status", "relative_change", "flag"]])),
    ]
    assert [("about 7,000" in each, "%" in each) for each in told] == [(True, False)] * 4
    assert change_numbers(changes, "can-tho", 2023)["percent"].isna().all()
    assert "khoảng 7.000" in Text("vi", changes).headline(here)
