"""The one simple slip that would produce a printed number, where there is one."""

import json

import pandas as pd
import pytest
from four_rows import printed

from petitionlib.checks.reconcile import reconcile

RATE = "cases.complaints.settlement_rate"
SETTLED = "cases.complaints.settled"
DUE = "cases.complaints.due"
TOTAL = "petitions.total"
DONE = "petitions.processed"
OPEN = "petitions.pending"
RECEIVED = "petitions.received"
VISITS = "reception.visits"
REGULAR = "reception.regular.visits"
LEADER = "reception.leader.visits"
PLACES = ["land", "north", "south", "east"]


def land(**counts):
    """Make a table of visits of a land and of its three children."""
    tables = [printed({VISITS: text}, place=place) for place, text in counts.items()]
    table = pd.concat(tables, ignore_index=True)
    rows = [[name, name, name, "province", "", *rest] for name, *rest in (
        ("land", "", "", "", "", ""), *((name, "land", "all", "", "", "") for name in PLACES[1:]),
    )]  # fmt: skip
    table.attrs["codebook"] = json.dumps({"places": rows})
    return table


def grown(value, before, percent, **other):
    """Make a figure of 2023 with its change in percent, and that of 2022."""
    decimals = len(percent.partition(".")[2])
    change = {"change_percent": float(percent), "change_percent_decimals": decimals}
    tables = [printed({RECEIVED: before}), printed({RECEIVED: value}, year=2023, **change, **other)]
    return pd.concat(tables, ignore_index=True)


def causes(table):
    """List the verdict, the cause, its detail and its part of each row that has a cause."""
    ledger = reconcile(table)
    found = ledger[ledger["cause"] != ""]
    columns = ["verdict", "cause", "cause_detail", "cause_part"]
    return [tuple(row) for row in found[columns].to_numpy().tolist()]


@pytest.mark.parametrize(
    ("table", "cause", "detail", "part"),
    [
        pytest.param(
            printed({RATE: "40.0", SETTLED: "80", DUE: "100", "cases.all.due": "200"}),
            "other_base digit_slip", "80 / 200; 80.0", "cases.all.due",
            id="other_base",
        ),
        pytest.param(
            printed({RATE: "43.7", SETTLED: "80", DUE: "100", "cases.all.due": "183"}),
            "other_base", "80 / 183", "cases.all.due",
            id="other_base rounded",
        ),
        pytest.param(
            grown("1452", "1217", "16.2"), "divided_by_new", "235 / 1452", "", id="divided_by_new"
        ),
        pytest.param(
            grown("800", "1000", "-25.0"), "divided_by_new digit_slip", "-200 / 800; -20.0", "",
            id="divided_by_new of a fall",
        ),
        pytest.param(
            printed({TOTAL: "30", DONE: "30", OPEN: "12"}), "part_left_out", "42 - 12", OPEN,
            id="part_left_out",
        ),
        pytest.param(
            printed({TOTAL: "30.5", DONE: "30.5", OPEN: "12"}), "part_left_out", "42.5 - 12", OPEN,
            id="part_left_out with decimals",
        ),
        pytest.param(
            land(land="50", north="20", south="17", east="30"), "part_left_out", "67 - 17", "south",
            id="part_left_out is a place",
        ),
        pytest.param(
            printed({TOTAL: "72", DONE: "30", OPEN: "21"}), "part_twice", "51 + 21", OPEN,
            id="part_twice",
        ),
        pytest.param(
            land(land="84", north="20", south="17", east="30"), "part_twice", "67 + 17", "south",
            id="part_twice is a place",
        ),
        pytest.param(
            printed({TOTAL: "1952", DONE: "1900", OPEN: "42"}), "digit_slip", "1942", "",
            id="digit_slip wrong",
        ),
        pytest.param(
            printed({TOTAL: "1492", DONE: "1900", OPEN: "42"}), "digit_slip", "1942", "",
            id="digit_slip swapped",
        ),
        pytest.param(
            printed({TOTAL: "942", DONE: "1900", OPEN: "42"}), "digit_slip", "1942", "",
            id="digit_slip lost",
        ),
        pytest.param(
            printed({TOTAL: "19842", DONE: "1900", OPEN: "42"}), "digit_slip", "1942", "",
            id="digit_slip added",
        ),
        pytest.param(
            printed({RATE: "32.3", SETTLED: "332", DUE: "1000"}), "digit_slip", "33.2", "",
            id="digit_slip of a rate",
        ),
        pytest.param(
            printed({RATE: "33.24", SETTLED: "3325", DUE: "10000"}), "digit_slip", "33.25", "",
            id="digit_slip, the last of four in a rate",
        ),
        pytest.param(
            printed({RATE: "701", SETTLED: "701", DUE: "1000"}), "decimal_shift", "70.1 * 10", "",
            id="decimal_shift, a sign lost",
        ),
        pytest.param(
            printed({RATE: "9615", SETTLED: "150", DUE: "156"}), "decimal_shift", "96.15 * 100", "",
            id="decimal_shift, a sign of two decimals lost",
        ),
        pytest.param(
            printed({RATE: "9.615", SETTLED: "150", DUE: "156"}), "decimal_shift", "96.15 / 10", "",
            id="decimal_shift, a sign too far left",
        ),
        pytest.param(
            printed({VISITS: "2.650", REGULAR: "1977", LEADER: "673"}),
            "decimal_shift", "2650 / 1000", "",
            id="decimal_shift, a point between thousands",
        ),
        pytest.param(
            printed({VISITS: "2.65", REGULAR: "1977", LEADER: "673"}),
            "decimal_shift", "2650 / 1000", "",
            id="decimal_shift, a point between thousands and a zero lost",
        ),
        pytest.param(
            printed({VISITS: "2650000", REGULAR: "1977", LEADER: "673"}),
            "decimal_shift", "2650.000 * 1000", "",
            id="decimal_shift, three decimals taken for thousands",
        ),
        pytest.param(
            printed({TOTAL: "991", DONE: "500", OPEN: "222", "petitions.in_jurisdiction": "722"}),
            "other_total", "722", "petitions.in_jurisdiction",
            id="other_total that the parts make",
        ),
        pytest.param(
            printed({TOTAL: "983", DONE: "500", OPEN: "217", "petitions.eligible": "983"}),
            "other_total", "983", "petitions.eligible",
            id="other_total that was printed",
        ),
    ],
)  # fmt: skip
def test_cause(table, cause, detail, part):
    """A contradiction that one simple slip would produce says which one."""
    assert ("contradicts", cause, detail, part) in causes(table)


def test_causes_of_changes_and_conflicts():
    """A published change and another source's figure may have a slip too."""
    older = printed({RECEIVED: "3108"}, year=2021)
    table = pd.concat(
        [older, printed({RECEIVED: "3180"}, year=2021, source="b"),
         printed({RECEIVED: "3580"}, change=4720.0)],
        ignore_index=True,
    )  # fmt: skip
    assert causes(table.assign(source=["b", "a", "b"], source_order=[2, 1, 2])) == [
        ("contradicts", "digit_slip", "3108", ""),
        ("contradicts", "digit_slip decimal_shift", "472; 472.0 * 10", ""),
    ]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(printed({TOTAL: "19", DONE: "10", OPEN: "8"}), id="two digits"),
        pytest.param(printed({TOTAL: "80", DONE: "14", OPEN: "4"}), id="two digits swapped"),
        pytest.param(printed({TOTAL: "7", DONE: "0.3", OPEN: "0.4"}), id="one digit and a point"),
        pytest.param(printed({RATE: "76.4", SETTLED: "763", DUE: "1000"}), id="last of a rate"),
        pytest.param(printed({TOTAL: "1953", DONE: "1900", OPEN: "40"}), id="two wrong digits"),
        pytest.param(printed({TOTAL: "2914", DONE: "1900", OPEN: "42"}), id="digits far apart"),
        pytest.param(printed({SETTLED: "1000", DUE: "100"}), id="a bound"),
        pytest.param(
            printed({"petitions.received": "300", "petitions.eligible": "300",
                     "petitions.ineligible": "12"}),
            id="unexplained",
        ),
        pytest.param(printed({TOTAL: "300e", DONE: "241", OPEN: "60"}), id="about right"),
        pytest.param(
            grown("7000", "6640", "15.5", status="e"), id="a change too rough to judge"
        ),
        pytest.param(printed({TOTAL: "3100e", DONE: "2000", OPEN: "100"}), id="about a total"),
        pytest.param(printed({TOTAL: "300", DONE: "300e", OPEN: "600"}), id="about a part"),
        pytest.param(
            printed({RATE: "701", SETTLED: "701", DUE: "1000e"}), id="about a base"
        ),
        pytest.param(printed({TOTAL: "300", DONE: "300"}), id="a part is missing"),
        pytest.param(
            printed({RATE: "40.0", SETTLED: "80", "cases.all.due": "200"}), id="a base is missing"
        ),
        pytest.param(
            printed({RATE: "43.7", SETTLED: "80", DUE: "100", "petitions.eligible": "183"}),
            id="a base of another unit",
        ),
        pytest.param(
            printed({RATE: "43.7", SETTLED: "80", DUE: "100", "cases.feedback.due": "183"}),
            id="a base that is no total",
        ),
        pytest.param(
            printed({RATE: "40", SETTLED: "80", DUE: "100", "cases.all.due": "200"}),
            id="a rate of two digits",
        ),
        pytest.param(
            printed({RATE: "160", SETTLED: "80", DUE: "100", "cases.all.due": "50"}),
            id="a base that is smaller than its part",
        ),
        pytest.param(printed({TOTAL: "5", DONE: "0", OPEN: "0"}), id="parts of zero"),
        pytest.param(printed({TOTAL: "0", DONE: "30", OPEN: "12"}), id="a total of zero"),
        pytest.param(printed({RATE: "0", SETTLED: "80", DUE: "100"}), id="a rate of zero"),
        pytest.param(printed({RATE: "50.0", SETTLED: "0", DUE: "100"}), id="a part of zero"),
        pytest.param(
            printed({TOTAL: "5", DONE: "0", OPEN: "0", "petitions.eligible": "0"}),
            id="another total of zero",
        ),
        pytest.param(
            printed({TOTAL: "83", DONE: "50", OPEN: "17", "petitions.eligible": "67"}),
            id="another total of two digits",
        ),
        pytest.param(
            printed({TOTAL: "983", DONE: "500", OPEN: "217", VISITS: "717"}),
            id="a total of another unit",
        ),
        pytest.param(printed({TOTAL: "42", DONE: "30", OPEN: "12"}), id="no contradiction"),
    ],
)  # fmt: skip
def test_no_cause(table):
    """What would be far-fetched, or contradicts nothing, has no cause."""
    assert causes(table) == []


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            printed({RATE: "10.0", SETTLED: "80", DUE: "8", "cases.all.due": "800"}),
            ("other_base decimal_shift", "80 / 800; 1000 / 100"),
            id="another base, or a decimal shift",
        ),
        pytest.param(
            printed({TOTAL: "900", DONE: "810", OPEN: "90", "petitions.eligible": "900"}),
            None,
            id="nothing to explain",
        ),
        pytest.param(
            printed({TOTAL: "900", DONE: "900", OPEN: "90", "petitions.eligible": "900"}),
            None,
            id="a part left out, a wrong digit, or another total",
        ),
        pytest.param(
            printed({TOTAL: "930", DONE: "900", OPEN: "15", "petitions.eligible": "930"}),
            ("part_twice other_total", "915 + 15; 930"),
            id="a part twice, or another total",
        ),
        pytest.param(
            printed({TOTAL: "917", DONE: "900", OPEN: "27", "petitions.eligible": "917"}),
            ("digit_slip other_total", "927; 917"),
            id="a wrong digit, or another total",
        ),
        pytest.param(
            printed({TOTAL: "900", DONE: "900", OPEN: "100"}),
            ("part_left_out", "1000 - 100"),
            id="a part left out before anything of digits",
        ),
        pytest.param(
            printed({TOTAL: "10", DONE: "10", OPEN: "90"}),
            None,
            id="a decimal shift, a part left out, or a digit lost",
        ),
        pytest.param(
            printed({RATE: "33.2", SETTLED: "323", DUE: "1000", "cases.all.due": "973"}),
            ("other_base digit_slip", "323 / 973; 32.3"),
            id="another base, or swapped digits",
        ),
        pytest.param(
            grown("1250", "1000", "20.0"),
            ("divided_by_new digit_slip", "250 / 1250; 25.0"),
            id="divided by the newer, or a wrong digit",
        ),
        pytest.param(
            land(land="20", north="10", south="10", east="10"),
            ("part_left_out", "30 - 10"),
            id="the first of equal parts",
        ),
    ],
)
def test_two_causes_are_named_and_no_more(table, expected):
    """Where two slips would produce the number both are named, in their order; where more, none."""
    found = [(cause, detail) for _, cause, detail, _ in causes(table)]
    assert found[:1] == ([expected] if expected else [])


def test_first_part_of_several():
    """Of equal parts that would do, the first in the order of the codebook is named."""
    assert [part for *_, part in causes(land(land="20", north="10", south="10", east="10"))] == [
        "north"
    ]


def test_causes_are_of_their_own_row():
    """The detail of one row does not depend on the decimals that other rows print."""
    wrong = printed({TOTAL: "30", DONE: "30", OPEN: "12"})
    fine = printed({TOTAL: "1.25", DONE: "1", OPEN: "0.25"}, place="nowhere")
    expected = [("contradicts", "part_left_out", "42 - 12", OPEN)]
    assert expected == causes(wrong)
    assert expected == causes(pd.concat([wrong, fine], ignore_index=True))


def test_no_overflow():
    """Huge sums beside numbers with decimals are looked at like any other."""
    table = printed({TOTAL: "1.234", DONE: "900000000000000", OPEN: "900000000000000"})
    ledger = reconcile(table).set_index("indicator").loc[TOTAL]
    assert (ledger["computed"], ledger["verdict"], ledger["cause"]) == (1.8e15, "contradicts", "")


@pytest.mark.parametrize(
    ("rate", "decimals", "value"),
    [(80.796, 3, "80.79"), (80.76, 2, "80.79"), (8.79, 2, "80.79"), (807.9, 1, "80.79")],
)
def test_the_decimals_that_were_meant(rate, decimals, value):
    """Of two values that one slip would explain, that of one or two decimals is named."""
    figures = {RATE: f"{rate:.{decimals}f}", SETTLED: "715", DUE: "885"}
    found = reconcile(printed(figures))
    assert found.loc[found["suspect"] != "", "suspect_value"].unique().tolist() == [value]
