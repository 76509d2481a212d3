"""What official tables and spreadsheets make of a figure, each refused with a remedy that works."""

import pandas as pd
import pytest

from petitionlib import year_over_year
from petitionlib.errors import NotATableError, TableError
from petitionlib.tables.read import read_tables

HEADER = "place,year,span,indicator,value,change,change_percent,status,source,locator"
SOURCES = "source,title,publisher,url,published,note"


@pytest.fixture
def told(tmp_path):
    """Give a function that says what is wrong with one row, and with the day of its source."""

    def told(year="2022", value="3108", status="", published="2022-12-20", name="2022.csv"):
        row = f'can-tho,{year},Y,petitions.received,"{value}",,,{status},a,p1'
        (tmp_path / name).write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
        sources = f"{SOURCES}\na,A,A,,{published},\n"
        (tmp_path / "sources.csv").write_text(sources, encoding="utf-8")
        with pytest.raises(TableError) as caught:
            read_tables(tmp_path)
        return [problem.said.told("en") for problem in caught.value.problems]

    return told


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        pytest.param("412[r]", "write 412 and r in status", id="revised"),
        pytest.param("1977 E", "write 1977 and e in status", id="approximate"),
        pytest.param("3.108(p)", "write 3108 and p in status", id="thousands and a mark"),
        pytest.param("<5", "leave value blank", id="kept back"),
        pytest.param("[x]", "leave value blank", id="a mark alone"),
        pytest.param(":", "leave value blank", id="not available"),
        pytest.param("3.108,0", "write 3108", id="a decimal that is none"),
        pytest.param("1.23E+05", "write all its digits", id="in powers of ten"),
        pytest.param("12345678901.12345", "more than 15 digits", id="too long"),
    ],
)
def test_a_mark_in_a_number(told, cell, remedy):
    """A number with a mark of official tables is told what to write, and where."""
    assert any(remedy in line for line in told(value=cell))


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        pytest.param("2022.00", "write 2022", id="decimals"),
        pytest.param("2022-06-30", "write 2022", id="a date"),
        pytest.param("30/6/2022", "write 2022", id="a date, day first"),
        pytest.param("2021/22", "in which it ends, 2022", id="a financial year"),
        pytest.param("2021-2022", "in which it ends, 2022", id="two years"),
        pytest.param("FY2022", "write 2022", id="with letters"),
    ],
)
def test_a_year_that_is_spelled_otherwise(told, cell, remedy):
    """A year is told how it is written."""
    assert any(remedy in line for line in told(year=cell))


@pytest.mark.parametrize(
    ("day", "remedy"),
    [
        pytest.param("11/25/2022", "write 2022-11-25", id="month first"),
        pytest.param("25/11/2022", "write 2022-11-25", id="day first"),
        pytest.param("05/06/2022", "2022-06-05 if the day stands first", id="either"),
        pytest.param("44890", "write 2022-11-25", id="a number of Excel"),
    ],
)
def test_a_day_that_a_spreadsheet_has_rewritten(told, day, remedy):
    """A date keeps what it says; where it may be two days, both are offered."""
    assert any(remedy in line for line in told(published=day))


def test_a_period_that_had_not_begun(told):
    """A year that begins after its source was published cannot be."""
    lines = told(year="2205", name="2205.csv")
    expected = "Y 2205 begins after a was published (2022-12-20); correct the year, or the day in"
    assert lines == [f"{expected} sources.csv"]


@pytest.mark.parametrize("name", ["2021.xls", "2021.ods", "2021.csv.bak", "2021 (1).xlsx"])
def test_a_year_under_another_ending(told, tmp_path, name):
    """A year that is not read because of its file's ending is told."""
    (tmp_path / name).write_bytes(b"PK")
    assert any("looks like a table and is not read" in line for line in told(value="x"))


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        pytest.param(f"sep=;\n{HEADER}\n", "delete it", id="Excel's own line"),
        pytest.param(f"{HEADER},,\n", "2 columns have no name", id="empty columns"),
    ],
)
def test_what_a_spreadsheet_adds(tmp_path, text, remedy):
    """One cause is one fault."""
    (tmp_path / "2022.csv").write_text(text, encoding="utf-8")
    (tmp_path / "sources.csv").write_text(f"{SOURCES}\na,A,A,,,\n", encoding="utf-8")
    with pytest.raises(TableError, match=remedy) as caught:
        read_tables(tmp_path)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("years", "remedy"),
    [
        pytest.param(pd.to_datetime(["2021-01-01", "2022-01-01"]), ".dt.year", id="dates"),
        pytest.param(pd.period_range("2021", "2022", freq="Y"), ".dt.year", id="periods"),
        pytest.param(["2021/22", "2022/23"], "by the year in which it ends", id="financial years"),
        pytest.param(pd.array([2021, None], dtype="Int64"), "1 of 2 rows have no year", id="blank"),
        pytest.param(["2021", "2022"], "astype", id="text"),
    ],
)
def test_years_of_another_kind_in_memory(years, remedy):
    """The remedy fits the kind of the column."""
    table = pd.DataFrame({"place": "a", "year": years, "span": "Y", "indicator": "b", "value": 1.0})
    with pytest.raises(TableError, match=remedy):
        year_over_year(table)


def test_a_frame_of_another_library():
    """A frame of polars, Arrow or DuckDB is told the line that converts it."""
    frame = type("DataFrame", (), {"__module__": "polars.dataframe.frame"})()
    with pytest.raises(NotATableError, match=r"a frame of polars; hand in table\.to_pandas\(\)"):
        year_over_year(frame)
    relation = type("DuckDBPyRelation", (), {"__module__": "_duckdb"})()
    with pytest.raises(NotATableError, match=r"relation\.df\(\)"):
        year_over_year(relation)
