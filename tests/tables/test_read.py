"""Tables: the shipped data, what is read from small folders, and every fault of a file."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from listed_faults import fault_rows

from petitionlib.codebook.codebook import places
from petitionlib.errors import DataNotFoundError, PetitionlibError, TableError
from petitionlib.tables.folder import find_data
from petitionlib.tables.read import read_table, read_tables
from petitionlib.tables.sources import known_on, publication_days, sources
from petitionlib.tables.texts import check_table, figure_lines

SHIPPED = Path(__file__).parents[2] / "data"
COLUMNS = "place,year,span,indicator,value,change,change_percent,status,source,locator"
SOURCES = (
    "source,title,publisher,url,published,note\n"
    "early,Báo cáo sớm,Paper,https://a.example,2022-11-21,\n"
    "late,Báo cáo năm,Paper,https://b.example,2026-12-27,\n"
    "undated,Báo cáo khác,Paper,https://c.example,,no date\n"
)
PLACES = "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor\n"
SPANS = "span,label_en,label_vi,start,end,cumulative\n"
COMMUNE = PLACES + "ninh-kieu,Ninh Kieu,Ninh Kiều,commune,31135,can-tho-2025,,2025-07-01,,\n"
CELLS = {
    "place": "can-tho",
    "year": "2022",
    "span": "Y",
    "indicator": "petitions.received",
    "value": "3108",
    "change": "",
    "change_percent": "",
    "status": "",
    "source": "late",
    "locator": "paragraph 6",
}
RATE = "cases.complaints.settlement_rate"


def row(**cells):
    """Write one row of a table: Cần Thơ's 3,108 petitions of 2022 but for the cells named."""
    assert cells.keys() <= CELLS.keys()
    return ",".join({**CELLS, **cells}.values()) + "\n"


def table(*rows):
    """Write a yearly table of these rows."""
    return COLUMNS + "\n" + "".join(rows)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a function that writes files into `data/` of the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PETITIONLIB_DATA", raising=False)

    def write(files, home="data"):
        """Write the files, and a `sources.csv` unless it is named; None leaves a file out."""
        for name, content in {"sources.csv": SOURCES, **files}.items():
            path = tmp_path / home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is not None:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return home

    return write


def faults(read, path):
    """Return the problems that a reading or checking function raises."""
    with pytest.raises(TableError) as caught:
        read(path)
    return caught.value.problems


def _listed(read, path):
    """Return the problems with their English messages."""
    return fault_rows(faults(read, path))


def messages(read, path):
    """Return what is wrong, without the places."""
    return [problem.message for problem in faults(read, path)]


# The shipped data


def test_shipped_data_are_read_whole():
    """The shipped folder has 917 published figures of sixteen years."""
    shipped = read_tables(SHIPPED)

    assert 917 == len(shipped)
    assert [2008, 2009, *range(2012, 2026)] == shipped["year"].unique().tolist()


def test_shipped_data_carry_their_sources():
    """Each figure's source is in the list that travels with the table, and none is idle."""
    shipped = read_tables(SHIPPED)

    assert set(shipped["source"]) == set(sources(shipped)["source"])
    assert 127 == len(sources(shipped))
    assert "" not in set(sources(shipped)["title"])


def test_shipped_data_keep_the_yardstick():
    """Cần Thơ 2022 reads as the article of 2022-12-27 printed it."""
    shipped = read_tables(SHIPPED)
    article = shipped[
        (shipped["place"] == "can-tho") & (shipped["source"] == "thanhtra-2022-12-27")
    ]
    figure = article.set_index("indicator")

    assert {2022} == set(article["year"])
    assert [2650, 2716, 3108, 983] == [
        figure.loc[code, "value"]
        for code in (
            "reception.visits",
            "reception.people",
            "petitions.received",
            "petitions.in_jurisdiction",
        )
    ]
    assert (93.10, 2) == tuple(
        figure.loc["cases.denunciations.settlement_rate", ["value", "decimals"]]
    )
    assert 472 == figure.loc["petitions.received", "change"]


def test_shipped_tables_are_sound_one_by_one():
    """Each shipped file holds by itself, and together they are what the folder gives."""
    alone = [read_table(path) for path in sorted(SHIPPED.glob("[12]*.csv"))]

    pd.testing.assert_frame_equal(read_tables(SHIPPED), pd.concat(alone, ignore_index=True))


# What a good table becomes


def test_columns_have_the_types_of_the_contract(folder):
    """Text is text, the year is an integer, numbers are floats, printed decimals may be missing."""
    read = read_tables(folder({"2022.csv": table(row())}))

    assert {
        "place": "str",
        "year": "int64",
        "span": "str",
        "indicator": "str",
        "value": "float64",
        "change": "float64",
        "change_percent": "float64",
        "status": "str",
        "source": "str",
        "locator": "str",
        "decimals": "Int8",
        "change_decimals": "Int8",
        "change_percent_decimals": "Int8",
        "published": "str",
        "source_order": "Int64",
        "coverage": "str",
        "codebook": "str",
    } == read.dtypes.astype(str).to_dict()


def test_table_without_rows_has_the_same_types(folder):
    """A table of only a header is an empty frame with the columns and types of a full one."""
    empty = read_tables(folder({"2022.csv": table()}))
    full = read_tables(folder({"2022.csv": table(row())}))

    assert 0 == len(empty)
    pd.testing.assert_series_equal(full.dtypes, empty.dtypes)


def test_blank_numbers_stay_missing(folder):
    """A blank number is missing, a printed 0 is 0, and a blank text is blank."""
    read = read_tables(
        folder(
            {
                "2022.csv": table(
                    row(value="", locator=""), row(span="H1", value="0", change_percent="0.0")
                )
            }
        )
    )

    assert [True, False] == read["value"].isna().tolist()
    assert [True, False] == read["decimals"].isna().tolist()
    assert [True, True] == read["change"].isna().tolist()
    assert (0.0, 0, 0.0, 1) == tuple(
        read.loc[1, ["value", "decimals", "change_percent", "change_percent_decimals"]]
    )
    assert ["", "paragraph 6"] == read["locator"].tolist()


@pytest.mark.parametrize(
    ("printed", "value", "decimals"),
    [
        pytest.param("93.10", 93.1, 2, id="zero at the end"),
        pytest.param("100", 100.0, 0, id="whole"),
        pytest.param("0.5", 0.5, 1, id="below one"),
        pytest.param("95.676", 95.676, 3, id="three decimals"),
    ],
)
def test_printed_decimals_are_kept(folder, printed, value, decimals):
    """A rate and a change in percent keep how many decimals were printed."""
    read = read_tables(
        folder(
            {"2022.csv": table(row(indicator=RATE, value=printed, change_percent=f"-{printed}"))}
        )
    )

    assert (value, -value, decimals, decimals) == tuple(
        read.loc[0, ["value", "change_percent", "decimals", "change_percent_decimals"]]
    )


def test_rows_stand_by_year_then_as_in_the_file(folder):
    """Years come in order whatever the order of the files; within a year nothing is sorted."""
    home = folder(
        {
            "2023.csv": table(row(year="2023")),
            "2022.csv": table(row(span="Y"), row(span="H1"), row(span="9M")),
        }
    )
    read = read_tables(home)

    assert [(2022, "Y"), (2022, "H1"), (2022, "9M"), (2023, "Y")] == list(
        zip(read["year"], read["span"], strict=True)
    )
    assert [0, 1, 2, 3] == read.index.tolist()


def test_columns_may_stand_in_any_order(folder):
    """The header names the columns, so a table with other order reads the same."""
    names = COLUMNS.split(",")
    turned = ",".join(reversed(names)) + "\n" + ",".join(CELLS[n] for n in reversed(names)) + "\n"

    pd.testing.assert_frame_equal(
        read_tables(folder({"2022.csv": table(row())}, home="straight")),
        read_tables(folder({"2022.csv": turned}, home="turned")),
    )


def test_same_figure_of_two_sources_stays_twice(folder):
    """Two sources may publish the same figure: both rows are kept."""
    read = read_tables(folder({"2022.csv": table(row(source="early"), row(source="late"))}))

    assert ["early", "late"] == read["source"].tolist()


def test_text_that_looks_missing_is_text(folder):
    """No text reads as missing, whatever it spells."""
    read = read_tables(
        folder({"2022.csv": table(row(locator="NA"), row(span="H1", locator="nan"))})
    )

    assert ["NA", "nan"] == read["locator"].tolist()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + table(row()).encode(), id="BOM"),
        pytest.param(table(row()).replace("\n", "\r\n"), id="CRLF"),
        pytest.param(table(row()) + "\n\n", id="blank lines"),
    ],
)
def test_bytes_that_spreadsheets_write_read_the_same(folder, content):
    """A byte order mark, Windows newlines and blank lines at the end change nothing."""
    pd.testing.assert_frame_equal(
        read_tables(folder({"2022.csv": table(row())}, home="plain")),
        read_tables(folder({"2022.csv": content}, home="other")),
    )


# Faults of cells


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        pytest.param(
            {"place": "Cần Thơ"},
            "place",
            "place 'Cần Thơ' is not in the codebook; did you mean 'can-tho'?",
            id="Vietnamese name",
        ),
        pytest.param(
            {"place": "Ca\u0302\u0300n Tho\u031b"},
            "place",
            "place 'Ca\u0302\u0300n Tho\u031b' is not in the codebook; did you mean 'can-tho'?",
            id="decomposed name",
        ),
        pytest.param(
            {"place": "can-tho "},
            "place",
            "place 'can-tho ' is not in the codebook; did you mean 'can-tho'?",
            id="trailing space",
        ),
        pytest.param(
            {"place": "Đồng_Nai"},
            "place",
            "place 'Đồng_Nai' is not in the codebook; did you mean 'dong-nai'?",
            id="letter with a stroke",
        ),
        pytest.param(
            {"place": "Atlantis"},
            "place",
            "place 'Atlantis' is not in the codebook",
            id="nothing near",
        ),
        pytest.param(
            {"place": ""}, "place", "place is blank; no part of a key may be", id="blank place"
        ),
        pytest.param(
            {"indicator": "petition.received"},
            "indicator",
            "indicator 'petition.received' is not in the codebook;"
            " did you mean 'petitions.received'?",
            id="near indicator",
        ),
        pytest.param(
            {"indicator": "Petitions.Received"},
            "indicator",
            "indicator 'Petitions.Received' is not in the codebook;"
            " did you mean 'petitions.received'?",
            id="capital letters",
        ),
        pytest.param(
            {"span": "h1"},
            "span",
            "span 'h1' is not in the codebook; did you mean 'H1'?",
            id="span in small letters",
        ),
        pytest.param(
            {"span": "AY "},
            "span",
            "span 'AY ' is not in the codebook; did you mean 'AY'?",
            id="span with a space",
        ),
        pytest.param(
            {"span": ""}, "span", "span is blank; no part of a key may be", id="blank span"
        ),
        pytest.param(
            {"status": "?"},
            "status",
            "status '?' is none of p (provisional), r (revised), e (approximate), or blank",
            id="unknown status",
        ),
        pytest.param(
            {"source": "lat"},
            "source",
            "source 'lat' is not in sources.csv; did you mean 'late'?",
            id="unknown source",
        ),
        pytest.param(
            {"source": ""}, "source", "source is blank; no part of a key may be", id="blank source"
        ),
        pytest.param(
            {"locator": " paragraph 6"},
            "locator",
            "locator ' paragraph 6' has spaces around it",
            id="locator with a space",
        ),
        pytest.param(
            {"year": "2021"},
            "year",
            "year 2021 stands in the table of 2022; move the row to 2021.csv",
            id="year of another file",
        ),
        pytest.param({"year": "22"}, "year", "year '22' is not a year like 2022", id="short year"),
        pytest.param(
            {"year": "2022.0"},
            "year",
            "year '2022.0' is not a year like 2022; write 2022",
            id="float year",
        ),
        pytest.param({"year": ""}, "year", "year '' is not a year like 2022", id="blank year"),
    ],
)
def test_fault_of_a_cell_says_where_what_and_the_remedy(folder, cells, column, message):
    """A faulty cell is one problem: file, line, column, what was found, and what to do."""
    home = folder({"2022.csv": table(row(span="9M"), row(**cells))})

    assert [("data/2022.csv", 3, column, cells[column], message)] == _listed(read_tables, home)


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        pytest.param("+472", "write 472", id="plus"),
        pytest.param('"2,650"', "write 2650", id="comma of thousands"),
        pytest.param("1.234.567", "write 1234567", id="points of thousands"),
        pytest.param(" 2650 ", "write 2650", id="spaces"),
        pytest.param("-", "leave it blank if it was not published", id="hyphen"),
        pytest.param("–", "leave it blank if it was not published", id="en dash"),
        pytest.param("—", "leave it blank if it was not published", id="em dash"),
        pytest.param("x", "leave it blank if it was not published", id="x"),
        pytest.param("nan", "leave it blank if it was not published", id="nan"),
        pytest.param("N/A", "leave it blank if it was not published", id="N/A"),
        pytest.param("…", "leave it blank if it was not published", id="dots"),
        pytest.param(" ", "leave it blank if it was not published", id="a space"),
        pytest.param(
            "1e3",
            "write all its digits: in Excel format the cell as a number, then save again",
            id="exponent",
        ),
        pytest.param("inf", "", id="infinity"),
        pytest.param(".5", "", id="no digit before the point"),
        pytest.param("hơn 2650", "write 2650 with status e", id="about"),
        pytest.param("2 650", "write 2650", id="spaced thousands"),
        pytest.param("two", "", id="words"),
        pytest.param('"2,5"', "", id="decimal comma"),
        pytest.param('"95,67"', "", id="decimal comma with two digits"),
        pytest.param('"1.234,5"', "", id="thousands and a decimal comma"),
        pytest.param("٢٦٥٠", "", id="Arabic digits"),
        pytest.param("２６５０", "", id="wide digits"),
    ],
)
def test_count_in_another_format_is_refused_with_the_right_number(folder, cell, remedy):
    """A count is digits alone; what else is proposed only where it cannot be misread."""
    found = cell.strip('"')
    message = f"value {found!r} is not a number like 2650 or 95.67" + f"; {remedy}" * bool(remedy)

    assert [("data/2022.csv", 2, "value", found, message)] == _listed(
        read_tables, folder({"2022.csv": table(row(value=cell))})
    )


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        pytest.param('"95,67"', "write 95.67", id="decimal comma"),
        pytest.param('"95,67%"', "write 95.67", id="comma and percent"),
        pytest.param("95.67%", "write 95.67", id="space and percent"),
        pytest.param('"1.234,56"', "write 1234.56", id="Vietnamese thousands"),
        pytest.param('"1,234.56"', "write 1234.56", id="English thousands"),
        pytest.param("٩٥.٦", "", id="Arabic digits"),
    ],
)
def test_rate_in_another_format_is_refused_with_the_right_number(folder, cell, remedy):
    """A rate has a decimal point and no percent sign."""
    found = cell.strip('"')
    message = f"value {found!r} is not a number like 2650 or 95.67" + f"; {remedy}" * bool(remedy)

    assert [message] == messages(
        read_tables, folder({"2022.csv": table(row(indicator=RATE, value=cell))})
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        pytest.param(
            {"change": "−5"},
            "change '−5' is not a number like 2650 or 95.67; write -5",
            id="minus sign",
        ),
        pytest.param(
            {"change": "+472"},
            "change '+472' is not a number like 2650 or 95.67; write 472",
            id="plus sign",
        ),
        pytest.param(
            {"change_percent": '"+17,9%"'},
            "change_percent '+17,9%' is not a number like 2650 or 95.67; write 17.9",
            id="percent",
        ),
        pytest.param(
            {"value": "-5"}, "value '-5' is negative; a count or a rate cannot be", id="negative"
        ),
        pytest.param(
            {"indicator": RATE, "value": "-0.5"},
            "value '-0.5' is negative; a count or a rate cannot be",
            id="negative rate",
        ),
        pytest.param(
            {"value": "1000000000000000"},
            "value '1000000000000000' is too large to be a published figure",
            id="too large",
        ),
        pytest.param(
            {"change": "-1000000000000000"},
            "change '-1000000000000000' is too large to be a published figure",
            id="too small",
        ),
        pytest.param(
            {"value": "2.650"},
            "value '2.650' has decimals, but this indicator is counted in whole numbers;"
            " write 2650 if the point separates thousands",
            id="point of thousands",
        ),
        pytest.param(
            {"change": "-1.234"},
            "change '-1.234' has decimals, but this indicator is counted in whole numbers;"
            " write -1234 if the point separates thousands",
            id="change with a point of thousands",
        ),
    ],
)
def test_number_that_cannot_be_is_refused(folder, cells, message):
    """A number of the wrong sign, size or kind is refused in one sentence."""
    assert [message] == messages(read_tables, folder({"2022.csv": table(row(**cells))}))


@pytest.mark.parametrize(
    ("cells", "proposed"),
    [
        pytest.param({"value": "2650.0"}, ["2650"], id="a spreadsheet's decimal"),
        pytest.param({"value": "2.6"}, [], id="one decimal"),
        pytest.param({"value": "1234.567"}, [], id="four digits before the point"),
        pytest.param({"change": "-3.79"}, [], id="two decimals"),
        pytest.param({"value": "−5"}, [], id="negative count"),
    ],
)
def test_no_number_is_proposed_that_was_not_meant(folder, cells, proposed):
    """A remedy never turns a number into another one, nor into one that is refused in turn."""
    (message,) = messages(read_tables, folder({"2022.csv": table(row(**cells))}))

    assert proposed == re.findall(r"write (-?\d+(?:\.\d+)?)", message)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"value": "999999999999999"}, id="largest count"),
        pytest.param({"value": "0"}, id="zero"),
        pytest.param({"change": "-2650", "change_percent": "-17.9"}, id="falls"),
        pytest.param({"indicator": RATE, "value": "0.5", "change": "-0.25"}, id="points"),
        pytest.param({"status": "e"}, id="approximate"),
    ],
)
def test_numbers_in_machine_format_are_accepted(folder, cells):
    """Digits, a point for decimals and a minus where a figure may fall are right."""
    assert check_table(folder({"2022.csv": table(row(**cells))})) is None


def test_absurd_number_of_decimals_is_a_fault(folder):
    """A rate with more decimals than anyone prints is a fault of the table, not a crash."""
    home = folder({"2022.csv": table(row(indicator=RATE, value="93." + "1" * 200))})

    assert ["value"] == [problem.column for problem in faults(read_tables, home)]


def test_number_of_an_unknown_indicator_may_have_decimals(folder):
    """Where the unit is not known, only the code is at fault."""
    home = folder({"2022.csv": table(row(indicator="unheard.of", value="2.650"))})

    assert ["indicator"] == [problem.column for problem in faults(read_tables, home)]


# Places in time, keys and years


@pytest.mark.parametrize(
    ("place", "span", "year"),
    [
        pytest.param("can-tho", "H1", "2025", id="ends after the window"),
        pytest.param("can-tho-2025", "Y", "2025", id="begins within the window"),
        pytest.param("can-tho-2025", "M07", "2025", id="begins with the window"),
        pytest.param("can-tho", "M06", "2025", id="ends with the window"),
        pytest.param("can-tho", "YTD", "2025", id="ends within an open window"),
        pytest.param("can-tho-2025", "YTD", "2025", id="begins within an open window"),
        pytest.param("viet-nam--district-chairs", "AY", "2025", id="has no successor"),
        pytest.param("viet-nam", "Y", "2025", id="has no end"),
    ],
)
def test_figure_of_a_valid_unit_is_accepted(folder, place, span, year):
    """A figure belongs to the unit of the last day; one that nobody follows keeps its last."""
    home = folder({f"{year}.csv": table(row(place=place, span=span, year=year))})

    assert [place] == read_tables(home)["place"].tolist()


@pytest.mark.parametrize(
    ("place", "span", "year", "message"),
    [
        pytest.param(
            "can-tho",
            "Y",
            "2025",
            "place 'can-tho' ended on 2025-06-30, before Y 2025 ends (2025-12-14);"
            " the territory is now in 'can-tho-2025'",
            id="merged within the window",
        ),
        pytest.param(
            "can-tho",
            "Y",
            "2026",
            "place 'can-tho' ended on 2025-06-30, before Y 2026 ends (2026-12-14);"
            " the territory is now in 'can-tho-2025'",
            id="merged before the window",
        ),
        pytest.param(
            "can-tho",
            "YTD",
            "2026",
            "place 'can-tho' ended on 2025-06-30, before YTD 2026 ends (2026-12-31);"
            " the territory is now in 'can-tho-2025'",
            id="merged before an open window",
        ),
        pytest.param(
            "viet-nam--district-chairs",
            "AY",
            "2026",
            "place 'viet-nam--district-chairs' ended on 2025-06-30,"
            " before AY 2026 ends (2026-07-31)",
            id="gone without a successor",
        ),
        pytest.param(
            "can-tho-2025",
            "H1",
            "2025",
            "place 'can-tho-2025' begins on 2025-07-01, after H1 2025 ends (2025-06-14);"
            " name the unit of that day",
            id="not yet there",
        ),
        pytest.param(
            "can-tho-2025",
            "YTD",
            "2024",
            "place 'can-tho-2025' begins on 2025-07-01, after YTD 2024 ends (2024-12-31);"
            " name the unit of that day",
            id="not yet there in an open window",
        ),
    ],
)
def test_figure_of_another_unit_is_refused(folder, place, span, year, message):
    """A figure of a unit that is not valid on the last day names the day and the unit of then."""
    home = folder({f"{year}.csv": table(row(place=place, span=span, year=year))})

    assert [(f"data/{year}.csv", 2, "place", place, message)] == _listed(read_tables, home)


def test_place_that_is_wrong_in_time_is_told_beside_other_faults(folder):
    """A fault elsewhere in the row does not hide that the figure belongs to another unit."""
    home = folder({"2025.csv": table(row(year="2025", value="2.650", locator="p "))})

    assert {"value", "locator", "place"} == {p.column for p in faults(read_tables, home)}


def test_duplicate_key_names_the_line_of_the_first(folder):
    """A figure that stands twice in a file is refused at its second and third row."""
    home = folder({"2022.csv": table(row(), row(span="H1"), row(value="5"), row(value="7"))})
    message = "the figure can-tho 2022 Y petitions.received late stands in line 2 already; keep one"

    assert [
        ("data/2022.csv", 4, "indicator", "petitions.received", message),
        ("data/2022.csv", 5, "indicator", "petitions.received", message),
    ] == _listed(read_tables, home)


@pytest.mark.parametrize("year", ["0000", "0001", "0999"])
def test_year_that_no_report_has_is_refused(folder, year):
    """A year before 1000 is a fault of the table, also where the file is named so."""
    home = folder({f"{year}.csv": table(row(year=year))})

    assert [f"year {year!r} is not a year like 2022"] == messages(read_table, f"{home}/{year}.csv")


def test_year_in_other_digits_is_refused(folder):
    """A year is written with the digits 0 to 9."""
    home = folder({"t.csv": table(row(year="20２２"))})

    assert ["year '20２２' is not a year like 2022"] == messages(read_table, f"{home}/t.csv")


# Faults of files


def test_all_faults_of_a_file_come_at_once_in_the_order_of_lines(folder):
    """One reading reports every fault of a file, each with its line, sorted by line."""
    bad = table(
        row(value="x", status="?"),
        row(span="H1"),
        "can-tho,2022\n",
        row(place="Hà Nội", source="nobody"),
        row(span="H1"),
        '"can-tho,2022\n',
    )

    assert [
        (2, "status"),
        (2, "value"),
        (4, None),
        (5, "place"),
        (5, "source"),
        (6, "indicator"),
        (7, None),
    ] == [(p.line, p.column) for p in faults(read_tables, folder({"2022.csv": bad}))]


def test_all_faults_of_all_files_come_at_once(folder):
    """One reading reports strange files, the faults of the sources and those of every table."""
    home = folder(
        {
            "2022.csv": table(row(value="x")),
            "2023.csv": table(row(year="2022")),
            "draft.csv": "",
            "sources.csv": SOURCES + "late,,,,,\n",
        }
    )

    assert [
        ("data/draft.csv", None),
        ("data/sources.csv", 5),
        ("data/2022.csv", 2),
        ("data/2023.csv", 2),
    ] == [(problem.file, problem.line) for problem in faults(read_tables, home)]


def test_lines_stay_right_after_a_quoted_newline(folder):
    """A fault below a cell of several lines still names its own line."""
    home = folder({"2022.csv": table(row(locator='"a\nb"'), row(span="H1", value="x"))})

    assert [(2, "locator"), (4, "value")] == [(p.line, p.column) for p in faults(read_tables, home)]


@pytest.mark.parametrize(
    ("content", "start"),
    [
        pytest.param(b"", "is empty; ", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "is empty; ", id="only a BOM"),
        pytest.param(table(row()).encode("utf-16"), "is UTF-16, not UTF-8; ", id="UTF-16"),
        pytest.param(
            table(row(locator="Đ 6")).encode("cp1258"),
            "line 2 is not UTF-8 (byte 0xD0); ",
            id="cp1258",
        ),
        pytest.param(b"PK\x03\x04\x14", "is an Excel workbook or a zip file", id="xlsx"),
        pytest.param(table(row(locator="\0")), "holds NUL characters", id="NUL"),
        pytest.param(
            table(row()).replace(",", ";"),
            "columns are separated by semicolons, not commas; ",
            id="semicolons",
        ),
        pytest.param(
            table(row()).replace(",", "\t"),
            "columns are separated by tabs, not commas; ",
            id="tabs",
        ),
        pytest.param(
            table(row()).replace("locator", "source"),
            "column 'source' stands twice in the header; keep one",
            id="duplicate column",
        ),
        pytest.param(
            table(row()).replace("locator", "locater"),
            "unknown column 'locater'; did you mean 'locator'? (",
            id="unknown column",
        ),
        pytest.param(
            table(row()).replace("locator", "x"), "unknown column 'x' (", id="strange column"
        ),
        pytest.param(
            table(row(value='"3108')),
            "the row cannot be read (unexpected end of data); check its quotes",
            id="unterminated quote",
        ),
        pytest.param(
            table(row(locator="a,b")),
            "11 cells where the header has 10; quote a cell that holds a comma",
            id="ragged row",
        ),
    ],
)
def test_file_that_is_no_table_is_refused_with_its_remedy(folder, content, start):
    """What a file is instead of a table is the first problem, and every way of reading says it."""
    home = folder({"2022.csv": content})

    assert messages(read_tables, home)[0].startswith(start)
    assert messages(read_tables, home) == messages(read_table, f"{home}/2022.csv")
    assert messages(read_tables, home) == messages(check_table, f"{home}/2022.csv")
    assert messages(read_tables, home) == messages(check_table, home)


@pytest.mark.parametrize(
    "name",
    ["draft.csv", "2022 (1).csv", "20222.csv", "2022-v2.csv", "2023.CSV", "２０２３.csv"],
)
def test_strange_file_in_the_folder_is_reported(folder, name):
    """A CSV file that is no table is named, lest a year be lost without a word."""
    home = folder({"2022.csv": table(row()), name: table(row())})

    message = "is not a table; name it <year>.csv or move it away"
    assert [(f"data/{name}", None, None, name, message)] == _listed(read_tables, home)


@pytest.mark.parametrize("name", ["~$2022.csv", ".2022.csv", "README.md", "x.xlsx"])
def test_files_that_claim_to_be_no_table_are_left_alone(folder, name):
    """Locks, hidden files and what is not CSV are not tables."""
    assert 1 == len(read_tables(folder({"2022.csv": table(row()), name: "x"})))


def test_the_list_of_known_contradictions_is_no_table(folder):
    """It goes along with the tables, and is refused with them where it is faulty."""
    header = "identity,place,year,span,indicator,source,reason\n"
    read = read_tables(folder({"2022.csv": table(row()), "known.csv": header}))
    assert (len(read), "known" in read.attrs) == (1, False)
    home = folder({"2022.csv": table(row()), "known.csv": header + "x,can-tho,2022,Y,y,s,\n"})
    assert ["reason is blank; say why the contradiction stands as printed"] == messages(
        read_tables, home
    )


def test_folder_in_the_place_of_a_table_is_a_problem(folder):
    """A folder that is named like a table is reported, not opened."""
    home = folder({"2022.csv": table(row()), "2023.csv/x.txt": ""})

    assert ["cannot be read: Is a directory"] == messages(read_tables, home)


# Sources


def test_folder_of_tables_needs_its_sources(folder):
    """A folder of tables without a `sources.csv` is refused, and the error says what it is for."""
    with pytest.raises(DataNotFoundError) as caught:
        read_tables(folder({"2022.csv": table(row()), "sources.csv": None}))
    message = "data/ has tables but no sources.csv, which says where they are from"
    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        pytest.param(
            "late,x,,,,", "source", "source 'late' is listed twice; keep one row", id="twice"
        ),
        pytest.param(",x,,,,", "source", "source '' is blank", id="blank"),
        pytest.param("x ,x,,,,", "source", "source 'x ' has spaces around it", id="space"),
        pytest.param(
            "x,x,,,27/12/2022,",
            "published",
            "published '27/12/2022' is not a date like 2022-12-27; write 2022-12-27",
            id="Vietnamese date",
        ),
        pytest.param(
            "x,x,,,20221227,",
            "published",
            "published '20221227' is not a date like 2022-12-27; leave it blank if unknown",
            id="date without dashes",
        ),
        pytest.param(
            "x,x,,,2022-02-30,",
            "published",
            "published '2022-02-30' is not a date like 2022-12-27; leave it blank if unknown",
            id="no such day",
        ),
    ],
)
def test_fault_of_a_source_names_cell_and_remedy(folder, line, column, message):
    """A faulty row of `sources.csv` is one problem of its line, however the table is read."""
    home = folder({"2022.csv": table(row()), "sources.csv": f"{SOURCES}{line}\n"})

    problems = faults(read_tables, home)
    assert [("data/sources.csv", 5, column, message)] == [
        (p.file, p.line, p.column, p.message) for p in problems
    ]
    assert problems == faults(read_table, f"{home}/2022.csv")


def test_ragged_source_does_not_hide_the_other_faults(folder):
    """Every fault of `sources.csv` comes at once, also beside a row that is ragged."""
    home = folder({"2022.csv": table(row()), "sources.csv": SOURCES + "x\nlate,,,,,\n"})

    assert [5, 6] == [problem.line for problem in faults(read_tables, home)]


def test_sources_come_oldest_first_and_only_those_named(folder):
    """The sources of a table are the rows of its list that it names, in the order of the list."""
    read = read_tables(folder({"2022.csv": table(row(), row(source="early"))}))

    assert ["early", "late"] == sources(read)["source"].tolist()
    assert ["late"] == sources(read[read["source"] == "late"])["source"].tolist()
    assert ("Báo cáo sớm", "2022-11-21") == tuple(sources(read).loc[0, ["title", "published"]])


def test_sources_include_those_of_the_previous_year(folder):
    """A comparison's `previous_source` is listed as well; a missing one is not."""
    read = read_tables(folder({"2022.csv": table(row(), row(span="H1"))}))
    compared = read.assign(previous_source=pd.Series(["early", None], dtype="str"))

    assert ["early", "late"] == sources(compared)["source"].tolist()


def test_sources_of_a_table_made_in_memory_are_its_ids(folder):
    """Sources that no list describes are listed by their ids, sorted, before the known ones."""
    made = pd.DataFrame({"source": ["zebra", "ape", "zebra"]})
    read = read_tables(folder({"2022.csv": table(row(), row(span="H1"))}))
    read.loc[1, "source"] = "mine"

    assert [["ape", *[""] * 6], ["zebra", *[""] * 6]] == sources(made).to_numpy().tolist()
    assert ["mine", "late"] == sources(read)["source"].tolist()
    assert sources(made).equals(sources(made.astype("category")))


def test_sources_of_an_empty_table_have_the_columns(folder):
    """A table without rows has no sources, in a frame of the same columns."""
    assert (0, 7) == sources(read_tables(folder({"2022.csv": table()}))).shape


def test_sources_of_a_sum_are_listed_one_by_one(folder):
    """Sources that were joined for a sum are listed each on its own; a listed id stays whole."""
    read = read_tables(folder({"2022.csv": table(row())}))
    read["source"] = "late + early"

    assert ["early", "late"] == sources(read)["source"].tolist()
    read.attrs["sources"] = json.dumps([["late + early", "Both", "", "", "", ""]])
    assert ["Both"] == sources(read)["title"].tolist()


# The table as it was known on a day

LISTED = {"old": "", "first": "2022-01-10", "between": "", "second": "2022-06-30", "new": ""}


def listed(*names):
    """Make a table of one row for each source, with a list of sources that have days."""
    made = pd.DataFrame({"source": list(names), "value": 1.0}, index=range(5, 5 + len(names)))
    rows = [[name, "", "", "", day, ""] for name, day in LISTED.items()]
    made.attrs["sources"] = json.dumps(rows)
    return made


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2022-01-09", [], id="before the first"),
        pytest.param("2022-01-10", ["old", "first"], id="on the day"),
        pytest.param("2022-06-29", ["old", "first"], id="undated: not before the next dated"),
        pytest.param("2022-06-30", ["old", "first", "between", "second"], id="undated in between"),
        pytest.param("2099-01-01", ["old", "first", "between", "second"], id="undated at the end"),
    ],
)
def test_known_on(day, expected):
    """A table as it was known on a day has the sources that were published by then."""
    made = listed(*LISTED)

    known = known_on(made, day)

    assert expected == known["source"].tolist()
    assert made.attrs == known.attrs
    assert made.loc[known.index].equals(known)
    assert known_on(made.astype({"source": "category"}), day)["source"].tolist() == expected


def test_a_sum_is_known_with_its_last_source():
    """The days of joined sources are that of the latest; unknown if one of them is."""
    days = publication_days(listed("first + second", "first + new", "first"))

    assert {"first + second": "2022-06-30", "first + new": "", "first": "2022-01-10"} == days


def test_sources_without_a_list_have_no_day():
    """A source that the table has no list for is refused: when it was published is unknown."""
    made = listed("first", "secnd", "first + third")

    with pytest.raises(TableError) as caught:
        known_on(made, "2022-01-01")
    assert ["secnd", "third"] == [problem.found for problem in caught.value.problems]
    assert "did you mean 'second'?" in str(caught.value)
    made.attrs.clear()
    with pytest.raises(TableError, match="which the table lacks, so its day is unknown; read_"):
        known_on(made, "2022-01-01")
    with pytest.raises(TableError, match="has no column 'source'"):
        known_on(made[["value"]], "2022-01-01")
    assert known_on(made.iloc[:0], "2022-01-01").empty


@pytest.mark.parametrize("day", ["2022-1-9", "20220109", "yesterday", 2022, None])
def test_known_on_what_is_not_a_day(day):
    """Anything but a day is refused, with what to write."""
    with pytest.raises(ValueError, match="is not a day; write it like '2025-07-01'"):
        known_on(listed("first"), day)


def test_reading_tables_as_of_a_day(folder):
    """Reading as of a day gives what was published by then, in the same columns."""
    home = folder({"2022.csv": table(row(), row(source="early"), row(source="undated"))})

    read = read_tables(home)
    early = read_tables(home, as_of="2022-12-01")

    assert ["early"] == early["source"].tolist()
    pd.testing.assert_frame_equal(read[read["source"] == "early"], early)
    assert 0 == len(read_tables(home, as_of="2000-01-01"))
    assert ["late", "early"] == read_tables(home, as_of="2027-01-01")["source"].tolist()


# The codebook of a folder


def test_folder_may_bring_places_of_its_own(folder):
    """A commune that `codebook/places.csv` adds is a place of the folder's tables."""
    home = folder(
        {
            "codebook/places.csv": COMMUNE,
            "2025.csv": table(row(place="ninh-kieu", year="2025")),
        }
    )

    assert ["ninh-kieu"] == read_tables(home)["place"].tolist()
    assert ["ninh-kieu"] == read_table(f"{home}/2025.csv")["place"].tolist()
    assert "ninh-kieu" not in set(places()["place"])


def test_added_place_is_held_to_its_validity(folder):
    """The dates of an added place bind its figures, and its code is proposed for a near one."""
    home = folder(
        {
            "codebook/places.csv": COMMUNE,
            "2022.csv": table(row(place="ninh-kieu"), row(place="Ninh Kiều")),
        }
    )

    early, near = messages(read_tables, home)
    assert early.startswith("place 'ninh-kieu' begins on 2025-07-01, after Y 2022 ends")
    assert "place 'Ninh Kiều' is not in the codebook; did you mean 'ninh-kieu'?" == near


@pytest.mark.parametrize(
    "derive",
    [
        pytest.param(lambda read: read, id="read"),
        pytest.param(lambda read: read[read["value"] > 0], id="filtered"),
        pytest.param(lambda read: read.copy(), id="copied"),
        pytest.param(lambda read: read.assign(note=""), id="with a column"),
        pytest.param(lambda read: read.sort_values("value").reset_index(drop=True), id="sorted"),
        pytest.param(lambda read: read.astype({"place": "category"}), id="categorical"),
        pytest.param(lambda read: read.iloc[0], id="row"),
        pytest.param(lambda read: pd.concat([read, read]), id="stacked on itself"),
    ],
)
def test_codebook_and_sources_travel_with_the_table(folder, derive):
    """What a folder brought goes where its table goes, as text that Parquet can hold."""
    home = folder(
        {"codebook/places.csv": COMMUNE, "2022.csv": table(row(), row(span="H1", value="5"))}
    )
    attrs = derive(read_tables(home)).attrs

    assert {"codebook", "sources"} == set(attrs)
    assert attrs == json.loads(json.dumps(attrs))
    assert all(isinstance(text, str) for text in attrs.values())
    assert "ninh-kieu" in set(places(derive(read_tables(home)))["place"])


def test_table_without_additions_carries_no_codebook(folder):
    """Where a folder brings no rows, the table carries its sources alone."""
    assert {"sources"} == set(read_tables(folder({"2022.csv": table(row())})).attrs)


@pytest.mark.parametrize(
    ("read", "path"),
    [
        pytest.param(read_tables, "data", id="folder"),
        pytest.param(read_table, "data/2022.csv", id="file"),
    ],
)
def test_faults_of_codebook_and_sources_come_at_once(folder, read, path):
    """A faulty codebook is reported with the faults of the sources, however the table is read."""
    folder(
        {
            "2022.csv": table(row()),
            "sources.csv": SOURCES + "late,,,,,\n",
            "codebook/places.csv": PLACES + "x,X,X,village,,,,,,\n",
        }
    )

    assert [("data/sources.csv", 5), ("data/codebook/places.csv", 2)] == [
        (problem.file, problem.line) for problem in faults(read, path)
    ]


def test_added_span_that_no_calendar_has_is_a_fault(folder):
    """A span whose window cannot be is refused when the folder is read, not by a crash."""
    home = folder(
        {
            "codebook/spans.csv": f"{SPANS}Z,Z,Z,Y/01-01,Y/13-01,no\n",
            "2022.csv": table(row(span="Z")),
        }
    )

    assert ["data/codebook/spans.csv"] == [problem.file for problem in faults(read_tables, home)]


# One file


def test_one_table_reads_as_the_folder_does(folder):
    """Reading one file gives the frame that reading its folder gives, with the sources."""
    home = folder({"2022.csv": table(row(), row(span="H1"))})

    one = read_table(f"{home}/2022.csv")
    pd.testing.assert_frame_equal(read_tables(home), one)
    assert read_tables(home).attrs == one.attrs


def test_one_table_needs_no_sources_beside_it(folder):
    """Without a `sources.csv` beside it, any source is accepted and no list is carried: loose."""
    home = folder({"2022.csv": table(row(source="anything")), "sources.csv": None})
    read = read_table(f"{home}/2022.csv")

    assert ["codebook"] == list(read.attrs)
    assert {"none"} == set(read["codebook"])
    assert [["anything", *[""] * 6]] == sources(read).to_numpy().tolist()


def test_source_without_a_list_must_still_be_clean_text(folder):
    """A loose table's file is the source of what names none; an untidy one is still refused."""
    home = folder({"2022.csv": table(row(source=""), row(source="a ")), "sources.csv": None})

    assert ["source 'a ' has spaces around it"] == messages(read_table, f"{home}/2022.csv")


def test_unreadable_sources_are_the_only_fault_told_of_sources(folder):
    """Where the list cannot be read, the sources of the rows are not called unknown."""
    home = folder({"2022.csv": table(row(source="anything")), "sources.csv": "source;title\n"})

    for read, path in ((read_tables, home), (read_table, f"{home}/2022.csv")):
        assert ["data/sources.csv"] == [problem.file for problem in faults(read, path)]


def test_file_with_another_name_may_hold_several_years(folder):
    """Only a file named by a year is held to that year."""
    home = folder({"all.csv": table(row(), row(year="2023"))})

    assert [2022, 2023] == read_table(f"{home}/all.csv")["year"].tolist()


def test_missing_table_names_the_years_there_are(folder):
    """Where a yearly table is not there, the error lists those that are."""
    folder({"2022.csv": table(row()), "2023.csv": table(row(year="2023"))})

    with pytest.raises(DataNotFoundError) as caught:
        read_table("data/2021.csv")

    assert "No table for 2021 under data/ (there are 2022, 2023)" == str(caught.value)
    assert ["2022", "2023"] == caught.value.available


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("data/other.csv", id="not a year"),
        pytest.param("nowhere/2022.csv", id="no folder"),
    ],
)
def test_missing_file_is_named(folder, path):
    """Where no years can be offered instead, the error names the file alone."""
    folder({"2022.csv": table(row())})

    for read in (read_table, check_table):
        with pytest.raises(DataNotFoundError, match=rf"^{path} is not there$"):
            read(path)


def test_folder_given_for_a_file_is_told_how_to_read_it(folder):
    """A folder given where one file is wanted is refused with the function that reads folders."""
    home = folder({"2022.csv": table(row())})

    with pytest.raises(PetitionlibError, match="read_tables"):
        read_table(home)


def test_reading_functions_take_paths_and_text(folder):
    """A path is taken as a path object or as text, with the same result."""
    home = folder({"2022.csv": table(row())})

    pd.testing.assert_frame_equal(read_tables(home), read_tables(Path(home)))
    pd.testing.assert_frame_equal(
        read_table(f"{home}/2022.csv"), read_table(Path(home) / "2022.csv")
    )


# Checking


def test_check_of_sound_data_says_nothing(folder):
    """A sound file and a sound folder are checked in silence."""
    home = folder({"2022.csv": table(row())})

    assert (None, None) == (check_table(home), check_table(f"{home}/2022.csv"))


def test_check_of_one_file_leaves_the_others_alone(folder):
    """A file is checked for its own faults, a folder for those of all its files."""
    home = folder({"2022.csv": table(row()), "2023.csv": table(row(year="2023", value="x"))})

    assert check_table(f"{home}/2022.csv") is None
    assert faults(check_table, home) == faults(check_table, f"{home}/2023.csv")


# Finding data


def test_data_are_found_from_the_working_folder_upwards(folder, tmp_path, monkeypatch):
    """The nearest `data/` that holds a `sources.csv` is read, from any folder below it."""
    folder({"2022.csv": table(row())})
    below = tmp_path / "notebooks" / "deep"
    (below / "data").mkdir(parents=True)
    monkeypatch.chdir(below)

    assert tmp_path / "data" == find_data()
    assert 1 == len(read_tables())


def test_nearest_data_go_before_those_further_up(folder, tmp_path):
    """Of two data folders the nearer one is taken; the search may start elsewhere."""
    folder({"2022.csv": table(row())})
    folder({"2022.csv": table()}, home="inner/data")

    assert tmp_path / "data" == find_data()
    assert tmp_path / "inner" / "data" == find_data("inner")
    assert tmp_path / "inner" / "data" == find_data(tmp_path / "inner" / "data")


def test_named_data_go_before_those_nearby(folder, monkeypatch):
    """`$PETITIONLIB_DATA` is read where it is set, whatever lies nearby."""
    folder({"2022.csv": table(row())})
    folder({"2023.csv": table(row(year="2023"))}, home="elsewhere")
    monkeypatch.setenv("PETITIONLIB_DATA", "elsewhere")

    assert Path("elsewhere") == find_data()
    assert [2023] == read_tables()["year"].tolist()


def test_blank_name_of_data_counts_as_none(folder, tmp_path, monkeypatch):
    """A `$PETITIONLIB_DATA` of spaces is as good as none."""
    folder({"2022.csv": table(row())})
    monkeypatch.setenv("PETITIONLIB_DATA", " ")

    assert tmp_path / "data" == find_data()


def test_named_data_that_are_not_there_are_an_error(folder, monkeypatch):
    """A `$PETITIONLIB_DATA` that holds no `sources.csv` is named, not passed over."""
    folder({"2022.csv": table(row())})
    monkeypatch.setenv("PETITIONLIB_DATA", "nowhere")

    with pytest.raises(DataNotFoundError) as caught:
        read_tables()

    assert (
        "$PETITIONLIB_DATA is 'nowhere', but that is no table, and no folder with a sources.csv"
        == str(caught.value)
    )


def test_search_in_vain_says_where_it_looked(tmp_path, monkeypatch):
    """Where no data are found, the error says from which folder upwards, and what to do."""
    monkeypatch.delenv("PETITIONLIB_DATA", raising=False)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(DataNotFoundError) as caught:
        find_data()

    assert (
        f"No data folder: no data/sources.csv in {tmp_path} or above it. Name the folder"
        " (read_tables(folder), --data, or $PETITIONLIB_DATA), or make one: petitionlib init"
    ) == str(caught.value)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param(
            "nowhere",
            "nowhere is not there; name a folder of tables, or one table",
            id="nothing there",
        ),
        pytest.param(
            "data/2022.csv",
            "data/2022.csv is not a folder; read_table(path) reads one file",
            id="a file",
        ),
        pytest.param(
            "empty", "No tables under empty/: no file is named <year>.csv", id="no tables"
        ),
    ],
)
def test_folder_with_nothing_to_read_is_an_error(folder, path, message):
    """Where there is no table to read, the error says why, and what would read it."""
    folder({"2022.csv": table(row())})
    folder({}, home="empty")

    with pytest.raises(DataNotFoundError) as caught:
        read_tables(path)

    assert message == str(caught.value)


# Nothing is changed


def test_reading_changes_no_file(folder, tmp_path):
    """Raw files are never edited: their bytes are the same after reading and checking."""
    home = folder({"2022.csv": table(row()), "codebook/places.csv": COMMUNE})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.csv")}

    read_tables(home)
    read_table(f"{home}/2022.csv")
    check_table(home)

    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.csv")}


def test_listing_sources_does_not_change_the_table(folder):
    """A table is the same, with what it carries, after its sources and places were listed."""
    read = read_tables(folder({"2022.csv": table(row()), "codebook/places.csv": COMMUNE}))
    before = read.copy()

    sources(read)
    places(read)

    pd.testing.assert_frame_equal(before, read)
    assert before.attrs == read.attrs


def test_frames_of_two_readings_are_independent(folder):
    """What a caller does to one frame does not show in the next reading."""
    home = folder({"2022.csv": table(row()), "codebook/places.csv": COMMUNE})
    first = read_tables(home)
    first.loc[:, "value"] = 0
    first.attrs.clear()

    assert [3108] == read_tables(home)["value"].tolist()
    assert {"codebook", "sources"} == set(read_tables(home).attrs)


# Where a figure stands


def test_each_figure_has_its_file_and_line(folder):
    """The line is that of the file, with its header and its empty lines, for one table or all."""
    home = folder({"2021.csv": table(row(year="2021")), "2022.csv": COLUMNS + "\n\n" + row()})
    key = ("can-tho", "2022", "Y", "petitions.received", "late")

    assert ("data/2022.csv", 3) == figure_lines(home)[key]
    assert {key: ("data/2022.csv", 3)} == figure_lines(f"{home}/2022.csv")
    assert 2 == len(figure_lines(home))
