"""What contradicts is told event by event."""

import pandas as pd
from four_rows import printed

from petitionlib.checks.reconcile import reconcile
from petitionlib.text.events import doubtful_rules, events
from petitionlib.text.nothing import NOTHING
from petitionlib.text.text import Text

RATE, SETTLED, DUE = (f"cases.complaints.{name}" for name in ("settlement_rate", "settled", "due"))
TOTAL, RECEIVED, CARRIED = "petitions.total", "petitions.received", "petitions.carried_over"
DONE, OPEN = "petitions.processed", "petitions.pending"


def told(table, lang="en"):
    """List the sentences of the events of a table."""
    ledger = reconcile(table)
    return [event.told for event in events(Text(lang, table), ledger)]


def test_one_suspect_is_one_event():
    """Two sums that fail by one figure are told once, and what vouches for the rest."""
    figures = {TOTAL: "3118", CARRIED: "108", RECEIVED: "3000", DONE: "2560", OPEN: "548"}
    assert told(printed(figures)) == [
        (
            "Can Tho, 2022. Petitions to handle (with carry-over): 3,118 printed, 108 + 3,000 ="
            " 3,108; difference 10, they contradict each other. 3,108 would fit: one digit may be"
            " wrong. One more check fails with it. Source: a."
        )
    ]


def test_a_part_may_be_what_is_wrong():
    """The sentence names the number that nothing supports, and what supports the other."""
    figures = {TOTAL: "3108", CARRIED: "108", RECEIVED: "3000", DONE: "2506", OPEN: "548"}
    lines = told(printed(figures))
    assert len(lines) == 1
    assert (
        "Petitions handled: 2,560 instead of 2,506 would fit: two digits may be exchanged."
        in (lines[0])
    )
    assert "agrees with" in lines[0]


def test_a_later_report_is_one_event():
    """All figures that a later report prints otherwise are one event, with both reports named."""
    old = printed({TOTAL: "300", DONE: "200", OPEN: "100"}, source="october")
    new = printed({TOTAL: "330", DONE: "225", OPEN: "105"}, source="november")
    table = pd.concat([old, new], ignore_index=True)
    table["source_order"] = [0] * 3 + [1] * 3
    assert told(table) == ["Can Tho, 2022. november prints 3 figures otherwise than october."]
    assert told(table, "vi") == ["Cần Thơ, năm 2022. november công bố 3 số liệu khác với october."]


def shares(*rates):
    """Make rates of several years, each of 150 in 200; 400 is another total."""
    return pd.concat(
        [
            printed({RATE: rate, SETTLED: "150", DUE: "200", "cases.all.due": "400"}, year=year)
            for year, rate in enumerate(rates, 2018)
        ],
        ignore_index=True,
    )


def test_a_rule_that_nothing_confirms_is_doubted():
    """Three contradictions and no confirmation: the rule may be wrong, and where it stands."""
    lines = told(shares("37.5", "37.5", "37.5"))
    assert lines == [
        (
            "The rule cases.complaints.settlement_rate may be wrong: no figure confirms it, and 3"
            " contradict it. Look at its line in codebook/indicators.csv. All of them fit if"
            " divided by “All kinds: cases to settle”."
        )
    ]
    assert doubtful_rules(reconcile(shares("37.5", "37.5"))) == []
    assert doubtful_rules(reconcile(shares("37.5", "37.5", "37.5", "75.0"))) == []


def test_the_checks_of_an_event_are_folded_below_it():
    """A notebook shows each sentence, and below one of several checks a table of these."""
    figures = {TOTAL: "3118", CARRIED: "108", RECEIVED: "3000", DONE: "2560", OPEN: "548"}
    table = printed(figures, source="a<b")
    ledger = reconcile(table)
    found = Text("en", table).ledger(ledger)
    shown = found._repr_mimebundle_()
    assert shown["text/plain"] == found == str(found)
    assert shown["text/html"].count('<p class="reading">') == len(found.splitlines())
    assert shown["text/html"].count("<details><summary>The 2 checks</summary>") == 1
    assert ("a&lt;b" in shown["text/html"], "a<b" in shown["text/html"]) == (True, False)
    assert shown["text/html"].count("<tr>") == 3
    nothing = Text("vi", table).ledger(ledger.iloc[:0])
    assert list(nothing._repr_mimebundle_()) == [NOTHING, "text/plain"]
