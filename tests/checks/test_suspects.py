"""Which printed number is wrong, and what would be right."""

import pandas as pd
import pytest
from examples import examples
from four_rows import printed
from hypothesis import given
from hypothesis import strategies as st
from plain.random_table import made_table
from plain.suspects import suspects as plain_suspects

from petitionlib.checks._sheet import lay_out
from petitionlib.checks.causes import digits_of, explanations
from petitionlib.checks.reconcile import CHECKS, reconcile
from petitionlib.checks.slips import digit_slip, variants
from petitionlib.tables.frame import complete

TOTAL, RECEIVED, CARRIED = "petitions.total", "petitions.received", "petitions.carried_over"
DONE, OPEN = "petitions.processed", "petitions.pending"
RATE = "cases.complaints.settlement_rate"
SETTLED, DUE = "cases.complaints.settled", "cases.complaints.due"
VISITS, REGULAR, LEADER = "reception.visits", "reception.regular.visits", "reception.leader.visits"
KEY = ["place", "year", "span", "indicator", "source"]
SUSPECT = ["suspect_place", "suspect_year", "suspect_span", "suspect", "suspect_column"]


def named(table):
    """List the suspects of a table, each once: indicator, column, printed and right number."""
    ledger = reconcile(table)
    rows = ledger.loc[
        ledger["suspect"] != "", ["suspect", "suspect_column", "suspect_printed", "suspect_value"]
    ]
    return [tuple(row) for row in rows.drop_duplicates().to_numpy().tolist()]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        pytest.param(
            {TOTAL: "3108", CARRIED: "108", RECEIVED: "3000", DONE: "2506", OPEN: "548"},
            [(DONE, "value", "2506", "2560")],
            id="two digits of a part, the total is vouched for",
        ),
        pytest.param(
            {TOTAL: "3118", CARRIED: "108", RECEIVED: "3000", DONE: "2560", OPEN: "548"},
            [(TOTAL, "value", "3118", "3108")],
            id="the total, which two sums speak against",
        ),
        pytest.param(
            {TOTAL: "3108", DONE: "2000", OPEN: "1107"}, [], id="any of three, by one digit"
        ),
        pytest.param(
            {TOTAL: "2560", DONE: "2560", OPEN: "548"},
            [(TOTAL, "value", "2560", "3108")],
            id="a part left out, the only slip of the three",
        ),
        pytest.param(
            {RATE: "701", SETTLED: "115", DUE: "164"},
            [(RATE, "value", "701", "70.1")],
            id="a rate without its decimal sign",
        ),
        pytest.param(
            {RATE: "70.12", SETTLED: "151", DUE: "164"},
            [(SETTLED, "value", "151", "115")],
            id="a count that a rate of two decimals tells",
        ),
        pytest.param(
            {RATE: "95.67", SETTLED: "177", DUE: "158", "petitions.total": "158"},
            [(DUE, "value", "158", "185")],
            id="a count that rate and bound speak against",
        ),
        pytest.param(
            {SETTLED: "1640", DUE: "156"},
            [],
            id="a bound gives no value",
        ),
        pytest.param(
            {VISITS: "2.650", REGULAR: "1977", LEADER: "673"},
            [(VISITS, "value", "2.650", "2650")],
            id="a point between thousands",
        ),
        pytest.param(
            {
                TOTAL: "3108",
                CARRIED: "2560",
                RECEIVED: "3000",
                DONE: "108",
                OPEN: "548",
                "petitions.eligible": "700",
            },
            [(f"{CARRIED} + {DONE}", "value + value", "2560 + 108", "108 + 2560")],
            id="two exchanged, of two sums",
        ),
        pytest.param(
            {TOTAL: "3108", CARRIED: "2560", RECEIVED: "3000", DONE: "108", OPEN: "548"},
            [],
            id="two exchanged, one pair or another",
        ),
        pytest.param(
            {TOTAL: "548", DONE: "2560", OPEN: "3108"},
            [(f"{OPEN} + {TOTAL}", "value + value", "3108 + 548", "548 + 3108")],
            id="a total and its part exchanged",
        ),
        pytest.param({TOTAL: "300e", DONE: "541", OPEN: "60"}, [], id="an approximate figure"),
        pytest.param({TOTAL: "3108", DONE: "2560", OPEN: "548"}, [], id="no contradiction"),
    ],
)
def test_suspect(figures, expected):
    """The one number whose replacement makes every check agree and breaks none is the suspect."""
    found = named(printed(figures))
    assert [sorted(zip(*(cell.split(" + ") for cell in row), strict=True)) for row in found] == [
        sorted(zip(*(cell.split(" + ") for cell in row), strict=True)) for row in expected
    ]


def test_another_source_never_accuses():
    """What another source prints too is not accused; a value that it prints is the right one."""
    open_ = {TOTAL: "3108", DONE: "2000", OPEN: "1107"}
    assert named(printed(open_)) == []
    backing = printed({TOTAL: "3108", DONE: "2000"}, source="b")
    order = {"a": 1, "b": 0}
    table = pd.concat([printed(open_), backing], ignore_index=True)
    table["source_order"] = table["source"].map(order)
    assert named(table) == [(OPEN, "value", "1107", "1108")]
    table = pd.concat([printed(open_), printed({DONE: "2001"}, source="b")], ignore_index=True)
    table["source_order"] = table["source"].map(order)
    assert named(table) == [(DONE, "value", "2000", "2001")]


def test_a_base_that_its_own_source_doubts_accuses_nobody():
    """A printed change is not wrong because another source mistyped the figure it starts from."""
    old = printed({RECEIVED: "34482", TOTAL: "344928", CARRIED: "108"}, year=2021, source="a")
    new = printed({RECEIVED: "446805"}, year=2022, source="b")
    new = new.assign(change_percent=29.6, change_percent_decimals=1)
    table = pd.concat([old, new], ignore_index=True)
    table["change_percent_decimals"] = table["change_percent_decimals"].astype("Int8")
    assert named(table) == [(RECEIVED, "value", "34482", "344820")]
    sound = table.replace({"value": {34482.0: 344820.0}})
    assert (reconcile(sound)["verdict"] == "contradicts").sum() == 0


def test_what_another_source_prints_instead_is_of_the_same_event():
    """A figure that its own source doubts and another one prints right is told once."""
    one = printed({VISITS: "2560", REGULAR: "1977", LEADER: "673"}, source="a")
    other = printed({VISITS: "2650"}, source="b")
    table = pd.concat([one, other], ignore_index=True)
    table["source_order"] = [0, 0, 0, 1]
    wrong = reconcile(table).query("verdict == 'contradicts'")
    assert sorted(wrong["check"]) == ["conflict", "sum"]
    assert len(set(wrong["event"])) == 1


def test_a_change_and_its_percentage_speak_for_a_figure():
    """Printed changes count as evidence, for and against."""
    sums = {TOTAL: "2671", DONE: "2001", OPEN: "760"}
    before = printed({TOTAL: "2500"}, year=2021)
    assert named(printed(sums)) == []
    change = printed(sums)
    change["change"] = [171.0, None, None]
    assert named(pd.concat([before, change], ignore_index=True)) == [(OPEN, "value", "760", "670")]
    change["change"] = [261.0, None, None]
    table = pd.concat([before, change], ignore_index=True)
    assert named(table) == [(TOTAL, "value", "2671", "2761")]


def test_a_change_may_be_the_suspect():
    """Of a change and a percentage the one that nothing vouches for is named."""
    table = pd.concat([printed({RECEIVED: "1000"}, year=2021), printed({RECEIVED: "1217"})])
    table = table.reset_index(drop=True)
    table["change"] = [None, 271.0]
    table["change_percent"] = [None, 21.7]
    assert named(table) == [(RECEIVED, "change", "271", "217")]
    assert set(reconcile(table)["cause"]) == {"", "digit_slip"}


def test_all_rows_of_a_group_carry_the_suspect():
    """Each failing check of a group has the suspect, the cause and the event."""
    figures = {TOTAL: "3118", CARRIED: "108", RECEIVED: "3000", DONE: "2560", OPEN: "548"}
    ledger = reconcile(printed(figures))
    rows = ledger[ledger["verdict"] == "contradicts"]
    assert rows["identity"].tolist() == ["total-by-origin", "total-by-state"]
    columns = ["suspect", "suspect_value", "event", "cause", "cause_detail"]
    assert len(rows[columns].drop_duplicates()) == 1
    assert rows["event"].iloc[0] == f"can-tho 2022 Y {TOTAL} value a"
    rest = ledger[ledger["verdict"] != "contradicts"]
    assert (rest[["suspect", "event"]] == "").all(axis=None)


@pytest.mark.parametrize("seed", range(4))
def test_slips_of_our_own(seed):
    """Of records with one slip each the suspect is right, or blank."""
    found = {"right": 0, "wrong": 0, "silent": 0}
    for figures, wrong, right in slipped_records(seed, 40):
        rows = named(printed(figures))
        value = [(row[0], row[3]) for row in rows]
        how = "silent" if not rows else "right" if value == [(wrong, right)] else "wrong"
        found[how] += 1
    assert found["wrong"] == 0
    assert found["right"] >= 30  # of 40


def slipped_records(seed, count):
    """Make records of two rates, a sum of three and a bound, each with one slip in its digits."""
    import random  # noqa: PLC0415  # only here

    chance = random.Random(seed)  # noqa: S311  # nothing is secret
    kinds = ("complaints", "denunciations", "feedback")
    while count:
        due = {kind: chance.randint(200, 5000) for kind in kinds}
        settled = {kind: chance.randint(150, number) for kind, number in due.items()}
        record = {f"cases.{kind}.due": str(number) for kind, number in due.items()}
        record |= {f"cases.{kind}.settled": str(number) for kind, number in settled.items()}
        for name, parts in (("due", due), ("settled", settled)):
            record[f"cases.all.{name}"] = str(sum(parts.values()))
        for kind in (*kinds, "all"):
            part, whole = (int(record[f"cases.{kind}.{name}"]) for name in ("settled", "due"))
            record[f"cases.{kind}.settlement_rate"] = f"{10000 * part / whole // 1 / 100:.2f}"
        name = chance.choice([code for code in record if not code.endswith("rate")])
        text = record[name]
        spot = chance.randrange(len(text) - 1)
        slip = text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :]
        if slip != text and slip[0] != "0":
            count -= 1
            yield record | {name: slip}, name, text


def without_approximate(table):
    """Make all figures of a table exact."""
    if "status" not in table:
        return table
    return table.assign(status=["" if one == "e" else one for one in table["status"]])


def explained(table):
    """List the checks whose stated number a slip would produce."""
    table = complete(table)
    sheet, found = lay_out(table), set()
    for check in CHECKS:
        for checks in check(sheet):
            claims = checks.claims
            for cause in [*explanations(sheet, checks), *digits_of(checks)]:
                for spot in cause.claims.tolist():
                    row = table.iloc[int(claims.rows[spot])]
                    rule = claims.identity
                    name = rule if isinstance(rule, str) else rule[spot]
                    found.add((tuple(row[column] for column in KEY), claims.check, name))
    return found


def found_in(table):
    """List the suspects of each failing check as the plain ones are."""
    ledger = reconcile(table).astype({"year": int})
    ledger = ledger[(ledger["verdict"] == "contradicts") & (ledger["check"] != "conflict")]
    found = {}
    for row in ledger.to_dict("records"):
        cells = [row[name].split(" + ") for name in (*SUSPECT, "suspect_value")]
        found[tuple(row[name] for name in KEY), row["check"], row["identity"]] = {
            ((place, int(year), span, name, row["source"]), column): float(value)
            for place, year, span, name, column, value in zip(*cells, strict=True)
            if row["suspect"]
        }
    return found


@examples(8)
@given(chance=st.randoms(use_true_random=True))
def test_every_suspect_as_worked_out_number_by_number(chance):
    """Each failing check has the suspects that trying each number on its own gives."""
    table = without_approximate(made_table(chance))
    expected = plain_suspects(table, explained(table))
    found = found_in(table)
    assert set(expected) == set(found)
    for check, suspects in expected.items():
        assert set(suspects) == set(found[check])
        for number, value in suspects.items():
            right = found[check][number]
            lost = right != float(value) and abs(float(value) - right) < 1  # its decimal sign
            assert (
                right == float(value) or (lost and number[1] != "value") or "rate" in number[0][3]
            )


@given(st.integers(0, 99999), st.integers(0, 99999))
def test_digit_slips_are_the_variants(one, other):
    """A number is a variant of another just where one slip in the digits separates them."""
    import numpy as np  # noqa: PLC0415  # only here

    near = bool(digit_slip(np.array([one]), np.array([other]))[0])
    shifts = {one * 10**k for k in (1, 2, 3)} | {other * 10**k for k in (1, 2, 3)}
    assert not near or other in set(variants(one))
    if other in set(variants(one)) and one not in shifts and other not in shifts:
        assert near
