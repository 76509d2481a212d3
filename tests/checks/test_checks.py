"""The ledger, against the same rules in the plainest arithmetic, figure by figure."""

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from plain.random_table import HUGE, made_table
from plain.reconcile import ledger as plain_reconcile

from petitionlib.checks.reconcile import reconcile

SORTED = ["place", "year", "span", "indicator", "source", "check", "identity"]


def found_in(table):
    """List the rows of the ledger as the plain one does."""
    ledger = reconcile(table).astype({"year": int, "computed": object})
    ledger.loc[ledger["computed"].isna(), "computed"] = None
    rows = ledger[[*SORTED, "stated", "computed", "verdict"]]
    return list(rows.itertuples(index=False, name=None))


@examples(100)
@given(chance=st.randoms(use_true_random=True))
def test_every_row_as_in_plain_arithmetic(chance):
    """Each check has the key, the numbers and the verdict that plain fractions give."""
    table = made_table(chance)
    expected, actual = plain_reconcile(table), found_in(table)
    assert [row[:7] for row in expected] == [row[:7] for row in actual]
    assert [row[-1] for row in expected] == [row[-1] for row in actual]
    assert [row[7:9] for row in expected] == [
        (stated, None if computed is None else pytest.approx(computed, rel=1e-12))
        for *_, stated, computed, _ in actual
    ]


@examples(40)
@given(chance=st.randoms(use_true_random=True))
def test_huge_figures_as_in_plain_arithmetic(chance):
    """Huge and long figures have the verdicts that plain fractions give."""
    table = made_table(chance, HUGE)
    expected, actual = plain_reconcile(table), found_in(table)
    assert [(*row[:7], row[-1]) for row in expected] == [(*row[:7], row[-1]) for row in actual]


def test_shipped_tables_as_in_plain_arithmetic(shipped):
    """The published figures have the verdicts that plain fractions give."""
    expected, actual = plain_reconcile(shipped), found_in(shipped)
    assert [(*row[:7], row[-1]) for row in expected] == [(*row[:7], row[-1]) for row in actual]
