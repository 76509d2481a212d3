"""The finding first: the sentence and the figures that carry a report."""

import pytest
from four_rows import RECEIVED, row, table

from petitionlib.changes.year_over_year import year_over_year
from petitionlib.checks.reconcile import reconcile
from petitionlib.text.text import Text

VISITS = "reception.visits"
GROUPS = "reception.groups"
RATE = "cases.complaints_denunciations.settlement_rate"


def compared(*pairs, year=2023):
    """Compare figures, each an indicator with its value a year before and now."""
    rows = [
        row(y, value, indicator=code)
        for code, *values in pairs
        for y, value in zip((year - 1, year), values, strict=True)
        if value is not None
    ]
    changes = year_over_year(table(*rows))
    return changes[changes["year"] == year]


@pytest.mark.parametrize(
    ("pairs", "en", "vi"),
    [
        pytest.param(
            [(RECEIVED, 100, 150)],
            "Petitions received rose by 50 (+50.0%) to 150 compared with 2022.",
            "Tiếp nhận 150 đơn, tăng 50 đơn (50,0%) so với cùng kỳ năm 2022.",
            id="up",
        ),
        pytest.param(
            [(VISITS, 100, 90)],
            "Visits received fell by 10 (-10.0%) to 90 compared with 2022.",
            "Tiếp 90 lượt công dân, giảm 10 lượt (10,0%) so với cùng kỳ năm 2022.",
            id="down",
        ),
        pytest.param(
            [(GROUPS, 3, 5)],
            "5 large groups were received, up 2 (from 3 to 5) compared with 2022.",
            "Tiếp 5 đoàn đông người, tăng 2 đoàn (từ 3 lên 5) so với cùng kỳ năm 2022.",
            id="small base",
        ),
        pytest.param(
            [(RECEIVED, 100, 100)],
            "Petitions received stayed at 100, as in 2022.",
            "Tiếp nhận 100 đơn, bằng cùng kỳ năm 2022.",
            id="unchanged",
        ),
        pytest.param(
            [(RECEIVED, None, 100)],
            "100 petitions were received. No figure was published for 2022.",
            "Tiếp nhận 100 đơn. Không có số liệu cùng kỳ năm 2022 để so sánh.",
            id="no base",
        ),
        pytest.param(
            [(RATE, 90, 92.5)],
            "Complaints and denunciations: settlement rate rose by 2.5 percentage points to 92.5%"
            " compared with 2022.",
            "Tỷ lệ giải quyết khiếu nại, tố cáo đạt 92,5%, tăng 2,5 điểm phần trăm"
            " so với cùng kỳ năm 2022.",
            id="a rate",
        ),
        pytest.param(
            [("reception.cases", 100, 150)],
            "Cases presented rose by 50 (+50.0%) to 150 compared with 2022.",
            "Công dân trình bày 150 vụ việc, tăng 50 vụ việc (50,0%) so với cùng kỳ năm 2022.",
            id="no main figure",
        ),
    ],
)
def test_the_finding_in_a_sentence(pairs, en, vi):
    """The sentence says what the main figure is and what became of it, and invents nothing."""
    changes = compared(*pairs)
    assert [Text("en", changes).headline(changes), Text("vi", changes).headline(changes)] == [
        en,
        vi,
    ]


def test_what_can_be_compared_goes_first():
    """A figure with a base a year before tells more than one without."""
    changes = compared((RECEIVED, None, 100), (VISITS, 10, 20))
    assert Text("en", changes).headline(changes).startswith("20 visits were received, up 10")


def test_no_figure_at_all():
    """Where nothing was published, the sentence says so."""
    assert (
        Text("en", compared((RECEIVED, 1, 2)).iloc[:0]).headline(
            compared((RECEIVED, 1, 2)).iloc[:0]
        )
        == "No figure was published."
    )


def test_a_break_is_named_in_the_sentence():
    """A comparison across a change of form says that it needs care."""
    text = Text("vi", compared((RECEIVED, 100, 150), year=2024)).headline(
        compared((RECEIVED, 100, 150), year=2024)
    )
    assert text.endswith("Cần thận trọng khi so sánh: biểu mẫu báo cáo thay đổi giữa hai kỳ.")


def test_over_the_years_the_latest_is_told():
    """Of several years the sentence takes the latest, and names it."""
    changes = year_over_year(table(row(2021, 9), row(2022, 100), row(2023, 110)))
    assert (
        Text("en", changes).headline(changes).startswith("In 2023, petitions received rose by 10")
    )
    assert Text("vi", changes).headline(changes).startswith("Năm 2023, tiếp nhận 110 đơn")


def test_a_change_that_was_printed_without_its_base_is_a_finding():
    """A percentage that the source prints is told as printed, though its base is not known."""
    rows = table(row(2023, 80, change_percent=-20.0, change_percent_decimals=0))
    found = [
        Text(lang, year_over_year(rows)).headline(year_over_year(rows)) for lang in ("en", "vi")
    ]
    assert found == [
        "Petitions received fell to 80, down 20% compared with 2022 according to the source.",
        "Tiếp nhận 80 đơn, giảm 20% so với cùng kỳ năm 2022 theo công bố của nguồn.",
    ]


def test_the_latest_year_is_that_of_any_main_figure():
    """Where petitions are not published for the newest year, visits are told."""
    rows = table(row(2022, 9), row(2023, 10), *(row(y, 5, indicator=VISITS) for y in (2023, 2024)))
    assert (
        Text("en", year_over_year(rows))
        .headline(year_over_year(rows))
        .startswith("In 2024, visits")
    )


def test_a_period_is_named_as_one():
    """A report that receives petitions would be odd: the period is named, not the report."""
    rows = table(*(row(y, 100, span="AY") for y in (2021, 2022, 2023)))
    text = Text("vi", year_over_year(rows)).headline(year_over_year(rows))
    assert text.startswith("Kỳ báo cáo Quốc hội năm 2023, tiếp nhận 100 đơn")


def test_a_figure_that_contradicts_others_says_so():
    """With a ledger, the sentence and the card of a misprint do not stand without a caveat."""
    rows = table(row(2023, 50, change=9), row(2022, 40))
    changes, ledger = year_over_year(rows).query("year == 2023"), reconcile(rows)
    assert "contradicts" in set(ledger["verdict"])
    assert (
        Text("en", changes)
        .headline(changes, ledger=ledger)
        .endswith("were published (see the checks).")
    )
    base = Text("vi", changes).key_figures(changes, ledger=ledger).iloc[0, 2]
    assert base == "Năm 2022: 40. Số liệu kỳ này không khớp với số liệu khác"
    assert "contradicts" not in Text("en", changes).headline(changes, ledger=ledger.iloc[:0])


def test_key_figures_are_at_most_five_and_real():
    """Figures that were not published leave their place to the next; none is invented."""
    changes = compared((RECEIVED, 1, 2), ("petitions.in_jurisdiction", None, 7))
    rows = Text("vi", changes).key_figures(changes)
    names = [Text("vi").indicator(code) for code in (RECEIVED, "petitions.in_jurisdiction")]
    assert names == rows.index.tolist()
    assert rows.iloc[1].tolist() == ["7 đơn", "–", "Năm 2022: không công bố"]


def test_key_figures_say_where_care_is_needed():
    """A derived base, a break and another territory are named beside the base."""
    derived = year_over_year(table(row(2023, 3108, change=472)))
    assert Text("en", derived).key_figures(derived).iloc[0, 2] == "2022: 2,636 (derived)"
    crossed = compared((RECEIVED, 100, 150), year=2024)
    assert Text("en", crossed).key_figures(crossed).iloc[0, 2] == "2023: 100; compare with care"
    moved = compared((RECEIVED, 100, 150), year=2025)
    assert (
        Text("en", moved).key_figures(moved).iloc[0, 2] == "2024: another territory, not compared"
    )


@pytest.mark.parametrize(
    ("lang", "end"),
    [
        ("en", ". It is not compared with 2024, when the territory was another."),
        ("vi", ". Không so sánh với cùng kỳ năm 2024 do địa giới khác."),
    ],
)
def test_a_year_of_another_territory_is_not_called_missing(lang, end):
    """A place that was merged had figures the year before, of other bounds."""
    changes = year_over_year(table(row(2025, 100, place="can-tho-2025", span="AY")))
    assert Text(lang, changes).headline(changes).endswith(end)


@pytest.mark.parametrize(
    ("base", "lang", "words", "care"),
    [
        ("b", "en", "compared with the year to the report of 2022.", "run to the day"),
        ("b", "vi", "số liệu lũy kế từ đầu năm đến ngày báo cáo, năm 2022.", "tính đến ngày"),
        ("a", "en", "compared with the year to the date of the report of 2022.", ""),
    ],
)
def test_open_windows_of_two_sources_may_end_on_different_days(base, lang, words, care):
    """The sentence says so; of one source, whose own comparison it is, it does not."""
    changes = year_over_year(
        table(
            row(2022, 100, span="YTD", source=base),
            row(2023, 150, span="YTD", source="a"),
        )
    )
    text = Text(lang, changes)
    told = text.headline(changes[changes["year"] == 2023])
    assert (words in told, care in told) == (True, True)
    said = text.comparison(changes[changes["year"] == 2023].iloc[0])
    assert ("cùng kỳ" in said or "same period" in said) == (not care)
    assert care in said
