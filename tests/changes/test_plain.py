"""`year_over_year`, against the same definition in the plainest code, figure by figure."""

import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from plain.random_table import HUGE, made_table
from plain.year_over_year import year_over_year as plain

from petitionlib.changes.boundaries import to_boundaries
from petitionlib.changes.year_over_year import year_over_year

COLUMNS = [
    "place", "year", "span", "indicator", "value", "previous", "basis", "absolute_change",
    "relative_change", "flag", "previous_source",
]  # fmt: skip


def found_in(table):
    """List the comparisons as the plain definition does."""
    rows = year_over_year(table)[COLUMNS].itertuples(index=False, name=None)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in rows]


def assert_alike(table):
    """Hold every comparison against the plain one, numbers to nine decimals or fifteen digits."""
    expected, found = plain(table), found_in(table)
    assert len(expected) == len(found)
    for one, other in zip(expected, found, strict=True):
        near = [pytest.approx(x, rel=1e-15, abs=1e-9) if isinstance(x, float) else x for x in one]
        assert list(other) == near


@examples(100)
@given(chance=st.randoms(use_true_random=True))
def test_every_comparison_as_in_plain_code(chance):
    """Each comparison has the base, the changes, the flag and the source of the plain one."""
    assert_alike(made_table(chance))


@examples(40)
@given(chance=st.randoms(use_true_random=True))
def test_huge_figures_as_in_plain_code(chance):
    """So have huge and long figures."""
    assert_alike(made_table(chance, HUGE))


def test_shipped_tables_as_in_plain_code(shipped):
    """So have the published figures, and those of the units after the mergers."""
    assert_alike(shipped)
    assert_alike(to_boundaries(shipped, "2025-07-01"))
