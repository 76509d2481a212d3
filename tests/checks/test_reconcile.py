"""What was published against what follows from it."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from four_rows import printed, row, table

from petitionlib.checks.reconcile import COLUMNS, reconcile
from petitionlib.errors import TableError

DATA = Path(__file__).parents[2] / "data"
GOLDEN = Path(__file__).parents[1] / "golden" / "ledger.csv"
KEY = ["check", "place", "year", "span", "indicator"]
RATE = "cases.complaints.settlement_rate"
SETTLED = "cases.complaints.settled"
DUE = "cases.complaints.due"


def golden():
    """List the checks of the published figures, as they were worked out by hand."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdicts(table, check):
    """Give the verdicts of one kind of check, by the identity or the rate."""
    ledger = reconcile(table)
    rows = ledger[ledger["check"] == check]
    return dict(zip(rows["identity"], rows["verdict"], strict=True))


@pytest.mark.parametrize("row", golden(), ids=lambda row: " ".join(row[name] for name in KEY))
def test_golden(ledger, row):
    """Each sum, bound and rate of the published figures comes out as worked out by hand."""
    found = ledger
    for name in KEY:
        found = found[found[name].astype("str") == row[name]]
    stated = (found["stated"] - float(row["stated"])).abs() < 1e-6
    computed = found["computed"].isna()
    if row["computed"]:
        computed = (found["computed"] - float(row["computed"])).abs() < 1e-6
    assert row["verdict"] in set(found.loc[stated & computed, "verdict"])


def test_no_other_contradiction(ledger):
    """No published figure is called contradictory but those that were by hand."""
    wrong = ledger[ledger["verdict"].isin(["contradicts", "unexplained", "truncated"])]
    expected = sorted(
        [row["verdict"], *(row[name] for name in KEY)]
        for row in golden()
        if row["verdict"] in {"contradicts", "unexplained", "truncated"}
    )
    found = wrong[["verdict", *KEY]].drop_duplicates().astype("str")
    assert expected == sorted(found.to_numpy().tolist())


def test_columns(ledger):
    """The ledger has the columns of the contract, and what a cause is about."""
    assert list(ledger.columns) == list(COLUMNS)
    assert COLUMNS == (
        "check", "identity", "place", "year", "span", "indicator", "source", "parts", "part_values",
        "decimals", "stated", "computed", "difference", "verdict", "suspect", "suspect_place",
        "suspect_year", "suspect_span", "suspect_column", "suspect_value",
        "suspect_printed", "event", "missing",
        "cause", "cause_detail", "cause_part",
    )  # fmt: skip


def test_sorted_by_key(ledger):
    """The rows stand in the order of the key of the figure under check."""
    keys = ledger[["place", "year", "span", "indicator", "source", "check", "identity"]]
    assert sorted(keys.itertuples(index=False)) == list(keys.itertuples(index=False))


def test_difference_and_arithmetic():
    """A row gives what was printed, what follows, their difference, and the parts as printed."""
    table = printed(
        {"feedback.processed": "1945", "feedback.in_jurisdiction": "798"}
        | {"feedback.out_of_jurisdiction": "933"}
    )
    row = reconcile(table).iloc[0]
    assert (row["stated"], row["computed"], row["difference"]) == (1945, 1731, 214)
    assert row["parts"] == "feedback.in_jurisdiction + feedback.out_of_jurisdiction"
    assert row["part_values"] == "798 + 933"
    assert row["source"] == "a"
    assert (row["cause"], row["cause_detail"]) == ("", "")


@pytest.mark.parametrize(
    ("total", "state", "verdict"),
    [
        pytest.param("10", ("6", "4"), "exact", id="adds up"),
        pytest.param("11", ("6", "4"), "contradicts", id="does not"),
        pytest.param("10", ("10", "0"), "exact", id="a part of zero"),
        pytest.param("0", ("0", "0"), "exact", id="all zero"),
    ],
)
def test_sum(total, state, verdict):
    """A whole is the sum of its parts."""
    figures = {"petitions.total": total, "petitions.processed": state[0]}
    table = printed(figures | {"petitions.pending": state[1]})
    assert verdicts(table, "sum") == {"total-by-state": verdict}


def test_warning_is_unexplained():
    """Where the identity is only a warning, what does not agree is unexplained."""
    figures = {"petitions.received": "10", "petitions.eligible": "8", "petitions.ineligible": "1"}
    assert verdicts(printed(figures), "sum") == {"received-by-eligibility": "unexplained"}


def test_missing_part_is_not_zero():
    """A part that is not printed leaves the sum unchecked."""
    table = printed({"petitions.total": "10", "petitions.processed": "9"})
    row = reconcile(table).set_index("identity").loc["total-by-state"]
    assert (row["verdict"], row["missing"]) == ("cannot_check", "petitions.pending")
    assert pd.isna(row["computed"])
    assert pd.isna(row["difference"])


@pytest.mark.parametrize(
    ("total", "verdict", "computed"),
    [
        pytest.param("386", "contradicts", 387, id="more than the whole"),
        pytest.param("387", "holds", 387, id="nothing is left"),
        pytest.param("388", "cannot_check", None, id="less"),
        pytest.param("380e", "cannot_check", None, id="within an approximate whole"),
        pytest.param("370e", "contradicts", 387, id="more than an approximate whole"),
        pytest.param("0", "contradicts", 387, id="more than nothing"),
    ],
)
def test_parts_of_which_one_is_missing(total, verdict, computed):
    """No part is negative: those that are printed must not exceed the whole."""
    parts = {"petitions.received.complaints": "74", "petitions.received.denunciations": "313"}
    ledger = reconcile(printed({"petitions.received": total, **parts}))
    row = ledger.set_index("identity").loc["received-by-type"]
    assert (row["verdict"], row["missing"]) == (verdict, "petitions.received.feedback")
    assert row["computed"] == computed or (computed is None and pd.isna(row["computed"]))
    assert row["part_values"] == "74 + 313"


def test_a_warning_with_a_missing_part_is_unexplained():
    """Where the identity is only a warning, parts that exceed the whole are unexplained."""
    figures = {"petitions.received": "10", "petitions.eligible": "11"}
    assert verdicts(printed(figures), "sum") == {"received-by-eligibility": "unexplained"}


def test_missing_value_is_no_part():
    """A figure that was named but not published counts as not printed."""
    table = printed({"petitions.total": "10", "petitions.processed": "6", "petitions.pending": "4"})
    table.loc[2, "value"] = None
    assert verdicts(table, "sum") == {"total-by-state": "cannot_check"}


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param({"petitions.total": "10"}, id="whole alone"),
        pytest.param({"petitions.processed": "6", "petitions.pending": "4"}, id="parts alone"),
        pytest.param({"letters": "10"}, id="unknown indicator"),
        pytest.param({SETTLED: "9"}, id="bound without its limit"),
    ],
)
def test_no_row(figures):
    """A rule of which no whole or no part is printed makes no row."""
    assert len(reconcile(printed(figures))) == 0


@pytest.mark.parametrize(
    ("group_people", "groups", "verdict"),
    [
        pytest.param("15", "3", "holds", id="five each"),
        pytest.param("14", "3", "contradicts", id="too few"),
        pytest.param("90", "3", "holds", id="more"),
        pytest.param("0", "0", "holds", id="none"),
    ],
)
def test_bound_of_large_groups(group_people, groups, verdict):
    """A large group is five people or more."""
    table = printed({"reception.group_people": group_people, "reception.groups": groups})
    row = reconcile(table).iloc[0]
    assert row["check"] == "bound"
    assert verdict == row["verdict"]
    assert row["computed"] == 5 * float(groups)
    assert (row["parts"], row["part_values"]) == ("reception.groups", groups)


@pytest.mark.parametrize(
    ("settled", "due", "verdict"),
    [
        pytest.param("9", "10", "holds", id="below"),
        pytest.param("10", "10", "holds", id="equal"),
        pytest.param("11", "10", "contradicts", id="above"),
        pytest.param("100e", "95", "holds", id="approximate and near"),
        pytest.param("200e", "95", "contradicts", id="approximate and far"),
    ],
)
def test_bound(settled, due, verdict):
    """A part is at most its whole."""
    assert verdicts(printed({SETTLED: settled, DUE: due}), "bound") == {
        "settled-within-due-complaints": verdict
    }


def test_bound_of_a_warning():
    """A bound that is only a warning is unexplained where it does not hold."""
    table = printed({"petitions.processed": "11", "petitions.received": "10"})
    assert verdicts(table, "bound") == {"processed-within-received": "unexplained"}


@pytest.mark.parametrize(
    ("rate", "settled", "due", "verdict"),
    [
        pytest.param("76", "19", "25", "exact", id="exact"),
        pytest.param("76.0", "19", "25", "exact", id="exact at one decimal"),
        pytest.param("96.15", "150", "156", "rounded", id="rounded"),
        pytest.param("93.10", "27", "29", "rounded", id="the printed zero counts"),
        pytest.param("95.67", "177", "185", "truncated", id="truncated"),
        pytest.param("95.6", "177", "185", "truncated", id="truncated at one decimal"),
        pytest.param("95", "177", "185", "truncated", id="truncated at none"),
        pytest.param("12.5", "1", "8", "exact", id="a half, exact"),
        pytest.param("13", "1", "8", "rounded", id="a half is rounded up"),
        pytest.param("12", "1", "8", "truncated", id="a half cut off"),
        pytest.param("50.13", "401", "800", "rounded", id="a half at two decimals"),
        pytest.param("95.66", "177", "185", "contradicts", id="contradicts"),
        pytest.param("100", "177", "177", "exact", id="all"),
        pytest.param("0", "0", "177", "exact", id="none"),
    ],
)
def test_rate(rate, settled, due, verdict):
    """A rate is its numerator over its denominator, rounded half up or cut off as printed."""
    table = printed({RATE: rate, SETTLED: settled, DUE: due})
    assert verdicts(table, "rate") == {RATE: verdict}


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param({RATE: "97.5"}, id="rate alone"),
        pytest.param({RATE: "97.5", SETTLED: "203"}, id="no denominator"),
        pytest.param({RATE: "97.5", DUE: "208"}, id="no numerator"),
        pytest.param({RATE: "97.5", SETTLED: "0", DUE: "0"}, id="zero denominator"),
    ],
)
def test_rate_without_counts(figures):
    """A rate whose counts are not both printed, or are out of nothing, cannot be checked."""
    assert verdicts(printed(figures), "rate") == {RATE: "cannot_check"}


def test_decimal_arithmetic():
    """Decimals add up as they are printed: 0.1 + 0.2 is 0.3."""
    table = printed(
        {"petitions.total": "0.3", "petitions.processed": "0.1", "petitions.pending": "0.2"}
    )
    assert verdicts(table, "sum") == {"total-by-state": "exact"}


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        pytest.param("3000e", "rounded", id="off by less than a thousand"),
        pytest.param("2900e", "rounded", id="off by less than a hundred"),
        pytest.param("2980e", "contradicts", id="off by more than ten"),
        pytest.param("2942e", "rounded", id="off by one"),
        pytest.param("2943e", "contradicts", id="off by two"),
        pytest.param("2900", "contradicts", id="exact figures have no tolerance"),
        pytest.param("0e", "contradicts", id="zero"),
    ],
)
def test_approximate_whole(total, verdict):
    """An approximate figure contradicts nothing within one unit of its last digit."""
    table = printed(
        {"petitions.total": total, "petitions.processed": "2900"} | {"petitions.pending": "41"}
    )
    assert verdict == verdicts(table, "sum")["total-by-state"]


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        pytest.param("76.4e", "rounded", id="off by a tenth"),
        pytest.param("76.6e", "contradicts", id="off by three tenths"),
    ],
)
def test_approximate_rate(rate, verdict):
    """An approximate rate has one unit of its last printed decimal."""
    assert verdict == verdicts(printed({RATE: rate, SETTLED: "763", DUE: "1000"}), "rate")[RATE]


@pytest.mark.parametrize(
    ("figures", "check", "rule", "verdict"),
    [
        pytest.param(
            {"petitions.total": "1000", "petitions.processed": "600e", "petitions.pending": "398"},
            "sum",
            "total-by-state",
            "rounded",
            id="sum",
        ),
        pytest.param(
            {SETTLED: "405", DUE: "400e"},
            "bound",
            "settled-within-due-complaints",
            "holds",
            id="bound",
        ),
        pytest.param(
            {RATE: "76.3", SETTLED: "17300e", DUE: "22700"}, "rate", RATE, "rounded", id="rate"
        ),
    ],
)
def test_approximate_part(figures, check, rule, verdict):
    """An approximate part contradicts nothing within one unit of its last digit either."""
    assert verdict == verdicts(printed(figures), check)[rule]


def test_parts_of_the_same_source():
    """The parts come from the source under check, never from another."""
    whole = printed({"petitions.total": "10", "petitions.processed": "6"})
    part = printed({"petitions.pending": "4"}, source="b")
    table = pd.concat([whole, part], ignore_index=True)
    assert verdicts(table, "sum") == {"total-by-state": "cannot_check"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"place": "ha-noi"}, id="another place"),
        pytest.param({"year": 2021}, id="another year"),
        pytest.param({"span": "H1"}, id="another span"),
    ],
)
def test_parts_of_the_same_period(other):
    """The parts are of the same place, year and span."""
    whole = printed({"petitions.total": "10", "petitions.processed": "6"})
    table = pd.concat([whole, printed({"petitions.pending": "4"}, **other)], ignore_index=True)
    assert verdicts(table, "sum") == {"total-by-state": "cannot_check"}


def test_source_missing():
    """Figures without a source are checked against one another."""
    table = printed({"petitions.total": "10", "petitions.processed": "6", "petitions.pending": "4"})
    assert verdicts(table.drop(columns="source"), "sum") == {"total-by-state": "exact"}
    for dtype in ("object", "str", "string", "category"):
        blank = table.assign(source=pd.array([None] * 3, dtype=dtype))
        assert verdicts(blank, "sum") == {"total-by-state": "exact"}


def family(counts, *, parent="hau-giang", total="54", **other):
    """Make a table of visits of a place and of its children."""
    places = {parent: total} | counts
    parts = [
        printed({"reception.visits": text}, place=place, **other) for place, text in places.items()
    ]
    return pd.concat(parts, ignore_index=True)


def test_children():
    """The children of one partition add up to their parent."""
    children = {"hau-giang--province-level": "5", "hau-giang--districts": "49"}
    assert verdicts(family(children), "sum") == {"children:level": "exact"}
    assert verdicts(family(children, total="55"), "sum") == {"children:level": "contradicts"}


def test_children_missing():
    """A child that is not printed leaves the sum unchecked, or nothing for it."""
    for count, verdict in {"53": "cannot_check", "54": "holds", "55": "contradicts"}.items():
        table = family({"hau-giang--province-level": count})
        assert verdicts(table, "sum") == {"children:level": verdict}
        assert reconcile(table)["missing"].tolist() == ["hau-giang--districts"]


def test_children_of_a_huge_family():
    """Sums of many huge figures, and of figures with other decimals, are exact."""
    names = [f"district-{n:02}" for n in range(20)]
    rows = [[name, name, name, "district", "", "an-giang", "all", "", "", ""] for name in names]
    counts = dict.fromkeys(names, "999999999999999") | {"district-07": "0.001"}
    table = family(counts, parent="an-giang", total="999999999999999")
    table.attrs["codebook"] = json.dumps({"places": rows})
    found = reconcile(table).iloc[0]
    assert (found["verdict"], found["computed"]) == ("contradicts", 19 * 999_999_999_999_999 + 1e-3)
    assert found["part_values"].split(" + ") == list(counts.values())


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param(
            {RATE: "50", SETTLED: "1234567.333333333", DUE: "2469134.666666666"}, id="rate"
        ),
        pytest.param(
            {"petitions.total": "1234567.333333333", "petitions.processed": "1000000e",
             "petitions.pending": "200000"},
            id="sum",
        ),
        pytest.param({SETTLED: "1234567.333333333e", DUE: "1234568"}, id="bound"),
    ],
)  # fmt: skip
def test_averages(figures):
    """Figures with as many digits as an average has are checked like any other."""
    table = printed(figures)
    for rows in (table, table.drop(columns="decimals")):
        assert set(reconcile(rows)["verdict"]) <= {"exact", "rounded", "holds"}


def test_approximate_and_huge():
    """A huge approximate figure has its unit, whatever decimals stand in other rows."""
    figures = {"petitions.total": "100000000000000e", "petitions.processed": "90000000000000"}
    table = printed(figures | {"petitions.pending": "1"})
    other = printed({"petitions.total": "0.123456789", "petitions.processed": "1"}, place="x")
    table = pd.concat([table, other], ignore_index=True)
    assert reconcile(table)["verdict"].tolist()[1] == "rounded"


def test_children_without_partition():
    """Children that share no partition are not added up."""
    children = {"ben-tre--inspectorate": "5", "ben-tre--inspectorate-sector": "6"}
    assert verdicts(family(children, parent="ben-tre"), "sum") == {}


def test_children_of_other_places():
    """A child without its parent makes no row."""
    children = {"hau-giang--province-level": "5", "hau-giang--districts": "49"}
    table = family(children)
    assert verdicts(table[table["place"] != "hau-giang"], "sum") == {}


def test_children_have_no_rate():
    """Rates of children are not added up."""
    rates = {"hau-giang": "50", "hau-giang--province-level": "25", "hau-giang--districts": "25"}
    table = pd.concat([printed({RATE: text}, place=place) for place, text in rates.items()])
    assert verdicts(table, "sum") == {}


def test_children_that_ended():
    """A child that is not valid on the last day of the window is no part of the sum."""
    communes = {"cao-bang--reception-office": "1", "cao-bang--departments": "2"}
    communes |= {"cao-bang--communes": "3"}
    district = {"cao-bang--districts": "4"}
    after = family(communes, parent="cao-bang", total="6", year=2026)
    assert verdicts(after, "sum") == {"children:receiving-body": "exact"}
    before = family(communes | district, parent="cao-bang", total="10", year=2024)
    assert verdicts(before, "sum") == {"children:receiving-body": "exact"}
    lacking = family(communes, parent="cao-bang", total="7", year=2024)
    assert verdicts(lacking, "sum") == {"children:receiving-body": "cannot_check"}


def test_children_in_an_open_window():
    """A window that is open ends with the reporting year."""
    children = {"hau-giang--province-level": "5", "hau-giang--districts": "49"}
    assert verdicts(family(children, span="YTD"), "sum") == {"children:level": "exact"}
    assert verdicts(family(children, span="YTD", year=2025), "sum") == {}


def test_unknown_span():
    """A span that the codebook does not know is checked like any other."""
    children = {"hau-giang--province-level": "5", "hau-giang--districts": "49"}
    assert verdicts(family(children, span="week"), "sum") == {"children:level": "exact"}


def test_decimals_may_lack():
    """A table made in memory may lack the printed decimals: the number shows them."""
    table = printed({RATE: "95.67", SETTLED: "177", DUE: "185"}).drop(columns="decimals")
    assert verdicts(table, "rate") == {RATE: "truncated"}
    assert reconcile(table).set_index("check").loc["rate", "decimals"] == 2


def test_status_may_lack():
    """A table made in memory may lack the status: the figures are exact."""
    table = printed({RATE: "95.67", SETTLED: "177", DUE: "185"}).drop(columns="status")
    assert verdicts(table, "rate") == {RATE: "truncated"}


@pytest.mark.parametrize(
    "decimals",
    [
        pytest.param(pd.array([2, None, 0], dtype="Int8"), id="nullable"),
        pytest.param([2.0, None, 0.0], id="floats, as they come from a CSV file"),
        pytest.param([2, None, 0], id="objects"),
    ],
)
def test_decimals_of_any_kind(decimals):
    """The printed decimals may be missing here and there, and come as any kind of number."""
    table = printed({RATE: "95.60", SETTLED: "177", DUE: "185"}).assign(decimals=decimals)
    assert verdicts(table, "rate") == {RATE: "contradicts"}


def test_categorical_columns(shipped, ledger):
    """Categorical columns give the same ledger, with categorical columns."""
    texts = ["place", "span", "indicator", "status", "source"]
    found = reconcile(shipped.astype(dict.fromkeys(texts, "category")))
    categorical = found.select_dtypes("category").columns
    assert {"place", "check", "verdict", "identity", "cause"} <= set(categorical)
    pd.testing.assert_frame_equal(ledger, found.astype(dict.fromkeys(categorical, "str")))


def test_input_unchanged(shipped):
    """The table that was given stays as it was."""
    before = shipped.copy()
    reconcile(shipped)
    pd.testing.assert_frame_equal(before, shipped)


def test_order_of_rows(shipped, ledger):
    """Rows in any order give the same ledger."""
    pd.testing.assert_frame_equal(ledger, reconcile(shipped.sample(frac=1, random_state=1)))


def test_empty_table(shipped):
    """A table without rows gives a ledger without rows, with all its columns."""
    found = reconcile(shipped.iloc[:0])
    assert len(found) == 0
    assert list(COLUMNS) == list(found.columns)
    assert str(found["stated"].dtype) == "float64"


def test_bad_input():
    """A table without its key is refused."""
    with pytest.raises(TableError, match="has no column 'place'"):
        reconcile(printed({RATE: "95.67"}).drop(columns="place"))


def test_duplicate_key():
    """One source that prints one figure twice is refused, as it is in comparing."""
    table = pd.concat([printed({RATE: "95.67"}), printed({RATE: "95.68"})], ignore_index=True)
    with pytest.raises(TableError, match="twice"):
        reconcile(table)


def test_yardstick(ledger):
    """The first table adds up but for 214 of the feedback, and one rate is cut off."""
    rows = ledger[(ledger["place"] == "can-tho") & (ledger["year"] == 2022)]
    odd = rows[rows["verdict"].isin(["unexplained", "truncated", "contradicts"])]
    assert odd[["indicator", "verdict"]].to_numpy().tolist() == [
        ["cases.complaints_denunciations.settlement_rate", "truncated"],
        ["feedback.processed", "unexplained"],
    ]
    assert odd["difference"].iloc[1] == 214


def two_years(value, previous=None, **other):
    """Make a figure of 2023 with what was printed of its change, and perhaps one of 2022."""
    rows = [row(2023, value, **other)] + ([] if previous is None else [row(2022, previous)])
    frame = pd.DataFrame(rows)
    return frame.astype({"value": "float64", "change": "float64"})


@pytest.mark.parametrize(
    ("table", "verdicts"),
    [
        pytest.param(two_years(110, 100, change=10), ["exact"], id="count"),
        pytest.param(two_years(110, 100, change=-10), ["contradicts"], id="wrong sign"),
        pytest.param(two_years(110, change=10), ["cannot_check"], id="no base"),
        pytest.param(two_years(110, 100, change_percent=10), ["exact"], id="percent"),
        pytest.param(two_years(110, 90, change_percent=22.2), ["rounded"], id="percent rounded"),
        pytest.param(two_years(110, 0, change_percent=10), ["cannot_check"], id="zero base"),
        pytest.param(
            two_years(110, change=10, change_percent=9.1),
            ["cannot_check", "contradicts"],
            id="count and percent disagree",
        ),
        pytest.param(
            two_years(110, change=10, change_percent=10), ["cannot_check", "exact"], id="they agree"
        ),
        pytest.param(
            two_years(7000, 6640, status="e", change_percent=15.5), ["cannot_check"], id="too rough"
        ),
        pytest.param(
            two_years(7000, 6640, status="e", change_percent=60), ["contradicts"], id="beyond that"
        ),
    ],
)
def test_published_changes(table, verdicts):
    """A change is checked against the year before, or its count and percentage together."""
    ledger = reconcile(table)
    assert ledger.loc[ledger["check"] == "change", "verdict"].tolist() == verdicts


def test_change_of_an_average():
    """The change of a figure with as many digits as an average has is checked in percent."""
    table = two_years(1234567.333333333, 1000000, change_percent=23.5)
    assert reconcile(table)["verdict"].tolist() == ["rounded"]


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        pytest.param("e", "rounded", id="off by one unit"),
        pytest.param("", "contradicts", id="exact"),
    ],
)
def test_one_unit_in_floats(status, verdict):
    """One unit is one unit, though it is none in floats: 1 is off 2.000001 by 1 and a millionth."""
    near = [row(2022, 1, status="e"), row(2022, 2.000001, source="b", status=status)]
    found = reconcile(table(*near, sources="ab"))
    assert found["verdict"].tolist() == [verdict]


@pytest.mark.parametrize(
    ("older", "newer", "verdict"),
    [
        pytest.param({"value": 100}, {"value": 100}, "exact", id="same"),
        pytest.param({"value": 100}, {"value": 110}, "contradicts", id="another"),
        pytest.param({"value": 100, "status": "e"}, {"value": 110}, "rounded", id="about"),
        pytest.param(
            {"value": 110}, {"value": 100, "status": "e"}, "rounded", id="exact goes first"
        ),
    ],
)
def test_sources_against_each_other(older, newer, verdict):
    """What another source printed is checked against the preferred one."""
    rows = [row(2022, source="a", **older), row(2022, source="b", **newer)]
    ledger = reconcile(table(*rows, sources="ab"))
    found = ledger[ledger["check"] == "conflict"]
    assert found["verdict"].tolist() == [verdict]
    assert found["identity"].tolist() == ["a" if newer.get("status") == "e" else "b"]
