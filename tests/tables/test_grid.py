"""Which rows print which figure: keys, duplicates, and the preferred source."""

import numpy as np
import pandas as pd
import pytest
from examples import examples
from four_rows import RECEIVED, far_rows, row, table
from hypothesis import given
from hypothesis import strategies as st

from petitionlib.changes.figures import by_source, figures
from petitionlib.changes.year_over_year import year_over_year
from petitionlib.checks.reconcile import reconcile
from petitionlib.errors import TableError
from petitionlib.tables.frame import complete
from petitionlib.tables.grid import (
    factorize,
    locate,
    number,
    pack,
    preferred,
    refuse_duplicates,
    text,
)

VISITS = "reception.visits"
TEXTS = ["place", "span", "indicator", "status", "source"]
KEY = ["place", "year", "span", "indicator"]
FAR = far_rows()
dense_and_sparse = pytest.mark.parametrize(
    "more", [pytest.param([], id="dense"), pytest.param(FAR, id="sparse")]
)

keys_of_rows = st.tuples(
    st.sampled_from(["a", "b", "c"]), st.integers(2019, 2022), st.sampled_from(["Y", "H1"]),
    st.sampled_from([RECEIVED, VISITS]), st.sampled_from(["x", "y", "z"]),
)  # fmt: skip
figures_of_rows = st.tuples(st.none() | st.integers(0, 9), st.sampled_from(["", "e"]))
made_tables = st.dictionaries(keys_of_rows, figures_of_rows, min_size=1, max_size=20)


def frame(made, more=()):
    """Make a table of keys and figures, with more rows after them."""
    rows = [
        row(year, value, place=place, span=span, indicator=indicator, source=source, status=status)
        for (place, year, span, indicator, source), (value, status) in made.items()
    ]
    return complete(table(*rows, *more, sources=("far", "z", "y", "x")))


def best(made):
    """Choose the key that is preferred of each figure, in the plainest way."""
    order = {"z": 0, "y": 1, "x": 2}  # x is the newest
    known = [key for key, (value, _) in made.items() if value is not None]
    ranked = sorted(known, key=lambda key: (made[key][1] != "e", order[key[4]]))
    return {key[:4]: key for key in ranked}


def test_sparse_is_sparse():
    """The rows that are added here make a grid that is far larger than the table."""
    assert pack(complete(table(*FAR))).codes is not None
    assert pack(complete(table(row(2022, 5)))).codes is None


@dense_and_sparse
@examples(60)
@given(made=made_tables)
def test_preferred_and_the_year_before(more, made):
    """Each figure has the row of the preferred source, and that of the year before."""
    rows = frame(made, more)
    keys, names = pack(rows), list(made)
    chosen = preferred(rows, keys)
    earlier = keys.year_before(chosen)
    expected = best(made)
    for position, (place, year, *rest, _) in enumerate(names):
        cell = keys.cell[position]
        for at, found in (
            ((place, year, *rest), chosen[cell]),
            ((place, year - 1, *rest), earlier[cell]),
        ):
            assert expected.get(at) == (names[found] if found >= 0 else None)


@dense_and_sparse
@examples(60)
@given(made=made_tables)
def test_cells(more, made):
    """Rows share a cell if they share a key, and a cell tells period and indicator."""
    rows = frame(made, more)
    keys = pack(rows)
    assert rows.groupby(KEY).ngroup().nunique() == len(set(keys.cell.tolist()))
    assert (rows.groupby(KEY)["value"].transform("size") == np.bincount(keys.cell)[keys.cell]).all()
    period, indicator = keys.split(keys.cell)
    assert [keys.indicators[code] for code in indicator] == rows["indicator"].tolist()
    spans = [keys.spans[code % len(keys.spans)] for code in period]
    years = [keys.first_year + code // len(keys.spans) % keys.years for code in period]
    places = [keys.places[code // len(keys.spans) // keys.years] for code in period]
    assert spans == rows["span"].tolist()
    assert years == rows["year"].tolist()
    assert places == rows["place"].tolist()


@dense_and_sparse
def test_locate(more):
    """Of the eligible rows of a figure the one of the preferred source is found."""
    rows = complete(
        table(
            row(2022, 1, source="a"),
            row(2022, 2, source="b"),
            row(2022, 3, source="c", status="e"),
            row(2023, 4, source="a"),
            *more,
            sources=("far", "a", "b", "c"),
        )
    )
    keys = pack(rows)

    def found(*eligible):
        eligible = np.isin(np.arange(len(rows)), eligible)
        return locate(rows, keys, eligible)[keys.cell[[0, 3]]].tolist()

    assert found(0, 1, 2, 3) == [1, 3]
    assert found(0, 2) == [0, -1]
    assert found(2) == [2, -1]
    assert found() == [-1, -1]


@dense_and_sparse
def test_no_year_before_the_first(more):
    """The last year of one place is not the year before the first of the next."""
    rows = [row(2022, 1, place="a"), row(2021, 2, place="b"), row(9998, 1, place="place-000")]
    changes = year_over_year(table(*rows, row(1000, 4, place="place-0001", source="b"), *more))
    assert changes["basis"].isna().all()


@dense_and_sparse
def test_the_last_year_has_a_year_before(more):
    """The first and the last year there can be are compared like any other."""
    rows = [row(year, year, place="a") for year in (1000, 1001, 9997, 9998)]
    changes = year_over_year(table(*rows, *more)).query("place == 'a'")
    assert changes["absolute_change"].fillna(0).tolist() == [0, 1, 0, 1]


@dense_and_sparse
@pytest.mark.parametrize("call", [figures, by_source, refuse_duplicates, year_over_year, reconcile])
def test_duplicates(more, call):
    """Each figure that a source prints twice is named once, whatever it prints."""
    rows = table(
        row(2023, 5),
        row(2022, 5),
        row(2023, None, source="b"),
        row(2022, None),
        row(2022, 5, source="b"),
        row(2023, 7),
        row(2023, 5),
        *more,
    )
    with pytest.raises(TableError) as error:
        call(rows)
    assert [problem.message for problem in error.value.problems] == [
        f"prints can-tho {year} Y {RECEIVED} a twice; keep one" for year in (2022, 2023)
    ]


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_factorize(dtype):
    """Texts get numbers in alphabetical order, of capitals before small letters."""
    found, names = factorize(pd.Series(["b", "a", "Đ", "B", "a", "b"], dtype=dtype, name="place"))
    assert names == ["B", "a", "b", "Đ"]
    assert found.numbers().tolist() == [2, 1, 3, 0, 1, 2]
    assert found.numbers(10).tolist() == [20, 10, 30, 0, 10, 20]
    assert found.numbers(10, np.int32).dtype == np.int32


def test_factorize_categories_in_any_order():
    """The order of categories, and those that no row has, change no number's order."""
    column = pd.Series(pd.Categorical(["b", "a"], categories=["z", "b", "q", "a"]), name="place")
    found, names = factorize(column)
    assert names == ["a", "b", "q", "z"]
    assert found.numbers().tolist() == [1, 0]


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_factorize_refuses_what_is_missing(dtype):
    """No part of a key may be missing, and the column is named."""
    with pytest.raises(TableError, match="has a row without span"):
        factorize(pd.Series(["Y", None], dtype=dtype, name="span"))


def test_factorize_nothing():
    """A column without rows has no names."""
    found, names = factorize(pd.Series([], dtype="str", name="place"))
    assert (found.numbers().tolist(), names) == ([], [])


def test_text():
    """Numbers become texts again, categorical where the column they are like is."""
    codes = np.array([1, -1, 0])
    plain = text(codes, ["a", "b"], pd.Series([], dtype="str"))
    assert plain.fillna("?").tolist() == ["b", "?", "a"]
    assert str(plain.dtype) == "str"
    kinds = text(codes, ["a", "b"], pd.Series([], dtype="category"))
    assert kinds.astype("str").fillna("?").tolist() == ["b", "?", "a"]
    assert isinstance(kinds.dtype, pd.CategoricalDtype)


def test_unused_categories(shipped):
    """Categories that no row has change nothing, as after choosing rows of a larger table."""
    kinds = shipped.astype(dict.fromkeys(TEXTS, "category"))
    of_2022, plain = kinds[kinds["year"] == 2022], shipped[shipped["year"] == 2022]
    assert len(of_2022["place"].cat.categories) > of_2022["place"].nunique()
    for call in (year_over_year, reconcile, figures):
        found, expected = call(of_2022), call(plain)
        texts = found.select_dtypes("category").columns
        pd.testing.assert_frame_equal(expected, found.astype(dict.fromkeys(texts, "str")))


@pytest.mark.parametrize("dtype", ["int64", "Int64", "int32", "UInt16", "int16"])
def test_years_of_any_kind(dtype):
    """Years may be whole numbers of any kind."""
    rows = table(row(2022, 5), row(2023, 6, change=2)).astype({"year": dtype})
    changes = year_over_year(rows)
    assert changes["absolute_change"].tolist()[1:] == [1]
    assert str(changes["year"].dtype) == dtype
    assert reconcile(rows)["verdict"].tolist() == ["contradicts"]


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param(dict.fromkeys(TEXTS, "object"), id="objects"),
        pytest.param(dict.fromkeys(TEXTS, "string"), id="nullable strings"),
        pytest.param({"place": "category", "span": "object", "source": "string"}, id="mixed"),
        pytest.param({"value": "float32", "change": "Float64"}, id="numbers"),
        pytest.param({"value": "Int64", "change": "Int64"}, id="whole numbers"),
    ],
)
@pytest.mark.parametrize("call", [year_over_year, reconcile, figures])
def test_columns_of_any_kind(kinds, call):
    """Columns of other kinds give the same result."""
    rows = table(row(2022, 5), row(2023, 6, change=2), row(2023, None, source="b"))
    found = call(rows.astype(kinds))
    expected = call(rows)
    pd.testing.assert_frame_equal(expected, found.astype(expected.dtypes.to_dict()))


@pytest.mark.parametrize("dtype", ["float64", "Int64", "Float64", "object", "str"])
@pytest.mark.parametrize("column", ["value", "change", "change_percent"])
def test_columns_of_nothing(column, dtype):
    """A column in which every number is missing is missing, of whatever kind it is."""
    nothing = pd.Series([None, None], dtype=dtype)
    rows = table(row(2022, 5), row(2023, 6)).assign(**{column: nothing})
    expected = [] if column == "value" else [5, 6]
    assert expected == year_over_year(rows)["value"].tolist()
    assert reconcile(rows)["verdict"].tolist() == []


@pytest.mark.parametrize("column", ["value", "change", "change_percent"])
@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        pytest.param([1.0, np.inf], "has the {} inf, too large to be one", id="infinite"),
        pytest.param([-np.inf, 1.0], "has the {} -inf, too large to be one", id="minus infinite"),
        pytest.param([1e15, 1.0], "has the {} 1000000000000000.0, too large", id="huge"),
        pytest.param(["1", ""], "has {} as str, not as numbers; use pandas.to_num", id="texts"),
    ],
)
def test_numbers_that_are_none(column, numbers, message):
    """What cannot be a published number is refused, and the column is named."""
    rows = table(row(2022, 5), row(2023, 6)).assign(**{column: numbers})
    for call in (year_over_year, reconcile):
        with pytest.raises(TableError) as error:
            call(rows)
        assert message.format(column) in str(error.value)


def test_index_of_any_kind():
    """The index of a table is of no account, be it of texts, or of one number throughout."""
    rows = table(row(2022, 5), row(2023, 6, change=2), row(2023, 7, source="b"), sources=("a", "b"))
    for index in ([3, 3, 3], ["x", "y", "x"], pd.MultiIndex.from_tuples([(1, 2), (1, 1), (0, 0)])):
        for call in (year_over_year, reconcile, figures):
            pd.testing.assert_frame_equal(call(rows), call(rows.set_axis(index)))


def test_number():
    """A column of numbers is an array in which what is missing is NaN."""
    frame = pd.DataFrame({"value": pd.array([5, None], dtype="Int64")})
    assert np.array_equal(number(frame, "value"), [5, np.nan], equal_nan=True)


def test_by_source():
    """The figures of each source come on their own, the newest source first."""
    rows = table(
        row(2022, 1, source="a"),
        row(2022, 2, source="b"),
        row(2022, 3, source="c"),
        row(2023, None, source="d"),
        sources=("d", "c", "b", "a"),
    )
    assert [list(values.values()) for values in by_source(rows)] == [[1], [2], [3]]
