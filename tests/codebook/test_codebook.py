"""The codebook: what the codes mean, the windows of spans, and the rows that a folder adds."""

import json
from datetime import date

import pandas as pd
import pytest
from listed_faults import fault_rows

from petitionlib.codebook import codebook, validate
from petitionlib.codebook.arguments import check_known
from petitionlib.codebook.codebook import breaks, identities, indicators, places, spans
from petitionlib.codebook.entries import (
    FILES,
    about,
    columns_of,
    entries,
    rows_of,
    shipped_rows,
)
from petitionlib.codebook.validate import read_codebook
from petitionlib.codebook.windows import window
from petitionlib.errors import DataNotFoundError, NotATableError, TableError
from petitionlib.files import CsvText

BOOKS = [
    pytest.param(indicators, "indicators", id="indicators"),
    pytest.param(places, "places", id="places"),
    pytest.param(spans, "spans", id="spans"),
    pytest.param(breaks, "breaks", id="breaks"),
    pytest.param(identities, "identities", id="identities"),
]
LEFT_OUT = {"said_en", "said_vi", "theme", "lead", "places", "plus"}  # columns that may be
GOOD = {
    "indicators": "petitions.online,petitions,flow,Online,Trực tuyến,,",
    "places": "ninh-kieu,Ninh Kieu,Ninh Kiều,commune,31135,can-tho-2025,,2025-07-01,,",
    "spans": "SPRING,Spring,Mùa xuân,Y/02-01,Y/04-30,no",
    "breaks": "2027-01-01,form,petitions.received + petitions.total,New forms,Biểu mẫu mới,x",
    "identities": "online,petitions.received,<=,petitions.total,warning,x",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a function that writes codebook rows, by file, into `data/` of the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "codebook").mkdir(parents=True)

    def write(**rows):
        for name, text in rows.items():
            header = ",".join(c for c in columns_of(name) if c not in LEFT_OUT)
            (tmp_path / "data" / "codebook" / f"{name}.csv").write_text(
                f"{header}\n{text}\n", encoding="utf-8"
            )
        return "data"

    return write


@pytest.fixture
def table():
    """Give a table whose folder brought a commune, a span and an indicator."""
    frame = pd.DataFrame({"place": ["ninh-kieu", "can-tho", "nowhere"], "span": ["SPRING"] * 3})
    extra = {name: [GOOD[name].split(",")] for name in ("places", "spans")}
    extra["indicators"] = [GOOD["indicators"].split(",")[:5]]
    frame.attrs["codebook"] = json.dumps(extra, ensure_ascii=False)
    return frame


def faults(folder):
    """Return the problems that reading the codebook of a folder raises."""
    with pytest.raises(TableError) as caught:
        read_codebook(folder)
    return caught.value.problems


@pytest.mark.parametrize(("book", "name"), BOOKS)
def test_books_are_frames_of_text_with_their_columns(book, name):
    """Each book is a frame with the columns of its file, all text, no cell missing."""
    frame = book()

    assert columns_of(name) == tuple(frame.columns)
    assert {"str"} == set(frame.dtypes.astype(str))
    assert not frame.isna().to_numpy().any()
    assert len(frame)


@pytest.mark.parametrize(("book", "name"), BOOKS)
def test_shipped_rows_have_no_fault(book, name):
    """The shipped files obey the rules that the rows of a folder must obey."""
    frame = book()
    rows = {n: CsvText([], {c: [] for c in columns_of(n)}, []) for n in FILES}
    rows[name] = CsvText(list(range(len(frame))), {c: list(frame[c]) for c in frame}, [])
    known = {n: {row[0] for row in shipped_rows(n)} for n in FILES if n != "words"}
    known["units"].add("percent")

    assert [] == [
        fault
        for row in rows_of(rows[name], columns_of(name))
        for column, cell in zip(columns_of(name), row, strict=True)
        if (fault := validate._cell_fault(name, column, cell, known, about()))
    ]


@pytest.mark.parametrize(("book", "name"), BOOKS)
def test_codes_of_a_book_are_unique(book, name):
    """No code stands twice in a book; a break is known by its whole row."""
    frame = book()

    assert not frame.duplicated(None if name == "breaks" else frame.columns[0]).any()


@pytest.mark.parametrize(("book", "name"), BOOKS)
def test_frames_of_the_codebook_may_be_changed(book, name):
    """What a caller does to a frame of the codebook stays with that caller."""
    frame = book()
    frame[frame.columns[0]] = "changed"

    assert "changed" not in set(book()[columns_of(name)[0]])


def test_rates_name_their_numerator_and_denominator():
    """Every rate is in percent and names both its parts; nothing else does."""
    frame = indicators()
    rate = frame["kind"] == "rate"

    assert {"percent"} == set(frame.loc[rate, "unit"])
    assert not (frame.loc[rate, ["numerator", "denominator"]] == "").to_numpy().any()
    assert (frame.loc[~rate, ["numerator", "denominator"]] == "").to_numpy().all()


def test_entries_know_a_row_by_its_code():
    """An entry is found by its code, with the cells by their columns."""
    unit = entries("places")["can-tho"]

    assert ("Cần Thơ", "2025-06-30", "can-tho-2025") == (
        unit["name_vi"],
        unit["valid_to"],
        unit["successor"],
    )


@pytest.mark.parametrize(
    ("span", "year", "expected"),
    [
        pytest.param("Y", 2022, (date(2021, 12, 15), date(2022, 12, 14)), id="year"),
        pytest.param("H1", 2025, (date(2024, 12, 15), date(2025, 6, 14)), id="half"),
        pytest.param("Q2", 2022, (date(2022, 3, 15), date(2022, 6, 14)), id="quarter"),
        pytest.param("AY", 2025, (date(2024, 8, 1), date(2025, 7, 31)), id="Assembly year"),
        pytest.param("M02", 2023, (date(2023, 2, 1), date(2023, 2, 28)), id="February"),
        pytest.param("M02", 2024, (date(2024, 2, 1), date(2024, 2, 29)), id="leap year"),
        pytest.param("M02", 2000, (date(2000, 2, 1), date(2000, 2, 29)), id="leap century"),
        pytest.param("M02", 2100, (date(2100, 2, 1), date(2100, 2, 28)), id="plain century"),
        pytest.param("YTD", 2022, (date(2021, 12, 15), None), id="open end"),
    ],
)
def test_window_gives_first_and_last_day(span, year, expected):
    """A window runs from its first to its last day; an open one has no last day."""
    assert expected == window(span, year)


@pytest.mark.parametrize("span", list(entries("spans")))
def test_every_shipped_window_runs_forwards(span):
    """No window of the codebook ends before it starts, in leap years and in others."""
    windows = [window(span, year) for year in (2023, 2024)]

    assert all(last is None or first < last for first, last in windows)


def test_window_knows_the_spans_of_a_table(table):
    """A span that a folder brought has a window with that table, or a row of it, alone."""
    expected = (date(2024, 2, 1), date(2024, 4, 30))

    assert expected == window("SPRING", 2024, table) == window("SPRING", 2024, table.iloc[0])
    with pytest.raises(DataNotFoundError, match="span 'SPRING' is not in the codebook"):
        window("SPRING", 2024)


@pytest.mark.parametrize(
    ("span", "near"),
    [
        pytest.param("YTDD", "; did you mean 'YTD'?", id="near"),
        pytest.param("h1", "; did you mean 'H1'?", id="small letters"),
        pytest.param("whole", "", id="far"),
    ],
)
def test_window_of_an_unknown_span_says_what_there_is(span, near):
    """An unknown span is named, with a proposal where one is near, and the spans there are."""
    with pytest.raises(DataNotFoundError) as caught:
        window(span, 2022)

    assert f"span {span!r} is not in the codebook{near}" == str(caught.value)
    assert list(entries("spans")) == caught.value.available


def test_check_known_accepts_codes_of_the_table_or_the_codebook(table):
    """A code is known if the table has it, or the codebook, shipped or brought."""
    before = table.copy()

    check_known(table, place="nowhere", span="Y")
    check_known(table, place="ha-noi", span="SPRING")
    check_known(table.astype("category"), place="ninh-kieu")

    pd.testing.assert_frame_equal(before, table)
    assert before.attrs == table.attrs


def test_check_known_names_the_unknown_code(table):
    """An unknown code is named with its column and a proposal; what is known is listed."""
    with pytest.raises(DataNotFoundError) as caught:
        check_known(table, span="Y", place="can-thoo")

    assert (
        "place 'can-thoo' is neither in the table nor in the codebook; did you mean 'can-tho'?"
    ) == str(caught.value)
    assert sorted(caught.value.available) == caught.value.available
    assert {"nowhere", "ninh-kieu", "ha-noi"} <= set(caught.value.available)


@pytest.mark.parametrize(
    ("codes", "near"),
    [
        pytest.param({"place": "Cần Thơ"}, "'can-tho' or 'can-tho-2025'", id="two of one name"),
        pytest.param({"place": "Ha Noi"}, "'ha-noi'", id="english"),
        pytest.param({"place": "Hà_Nội"}, "'ha-noi'", id="nearly a code"),
        pytest.param({"indicator": "Petitions received"}, "'petitions.received'", id="label"),
    ],
)
def test_check_known_understands_names(table, codes, near):
    """Who asks by the name of a place, with marks or without, is told its code."""
    table["indicator"] = "petitions.total"
    with pytest.raises(DataNotFoundError) as caught:
        check_known(table, **codes)
    assert str(caught.value).endswith(f"; did you mean {near}?")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(None, "None is not a table; read_tables() returns one", id="nothing"),
        pytest.param("data/2022.csv", "'data/2022.csv' is not a table", id="path"),
        pytest.param(pd.DataFrame({"year": [2022]}), "the table has no column 'place'", id="other"),
    ],
)
def test_what_is_no_table_is_told_so(table, expected):
    """A function that needs a table says what it was given, and where tables come from."""
    with pytest.raises(NotATableError) as caught:
        check_known(table, place="can-tho")
    assert str(caught.value).startswith(expected)


def test_check_known_of_a_table_with_a_missing_code(table):
    """A missing code in a table is no code: it is neither proposed nor listed."""
    table.loc[2, "place"] = None

    with pytest.raises(DataNotFoundError, match="did you mean 'can-tho'") as caught:
        check_known(table, place="can-thoo")

    assert all(isinstance(code, str) for code in caught.value.available)


@pytest.mark.parametrize("name", list(GOOD))
def test_folder_may_add_rows_to_every_book(folder, name):
    """The rows that a folder brings stand after the shipped ones, for its own tables only."""
    frame = pd.DataFrame()
    shipped = codebook._frame(name, None)
    frame.attrs["codebook"] = read_codebook(folder(**{name: GOOD[name]}))
    extended = codebook._frame(name, frame)

    there = [column for column in extended.columns if column not in LEFT_OUT]
    assert GOOD[name].split(",") == extended[there].iloc[-1].tolist()
    pd.testing.assert_frame_equal(shipped, extended.iloc[:-1])
    pd.testing.assert_frame_equal(shipped, codebook._frame(name, None))


def test_added_rows_may_name_each_other(folder):
    """A reference may go to a row of the same folder, also to one that stands below."""
    text = read_codebook(
        folder(
            places="hamlet,A,A,commune,,ninh-kieu,,,,\n" + GOOD["places"],
            indicators=GOOD["indicators"],
            breaks="2027-01-01,form,petitions.online,A,A,x\n2027-01-01,form,*,A,A,x",
        )
    )

    assert ["hamlet", "ninh-kieu"] == [row[0] for row in json.loads(text)["places"]]
    assert {"places", "indicators", "breaks"} == set(json.loads(text))


@pytest.mark.parametrize(
    "files", [pytest.param({}, id="no file"), pytest.param({"places": ""}, id="header only")]
)
def test_folder_without_rows_adds_nothing(folder, files):
    """No codebook, or one of headers alone, is a blank text."""
    assert "" == read_codebook(folder(**files))


def test_columns_of_an_added_file_may_stand_in_any_order(folder, tmp_path):
    """An added row is carried in the order of the codebook, whatever the order of its file."""
    (tmp_path / "data" / "codebook" / "spans.csv").write_text(
        "end,start,cumulative,label_vi,label_en,span\nY/04-30,Y/02-01,no,Mùa xuân,Spring,SPRING\n",
        encoding="utf-8",
    )

    assert [GOOD["spans"].split(",")] == json.loads(read_codebook(folder()))["spans"]


def test_faults_of_all_added_files_come_at_once(folder):
    """Every fault of every added file is reported, with line, column, what was found and why."""
    where = folder(
        places="can-tho,A,A,province,,viet-nam,,,,\n" + GOOD["places"] + "\nx,A,,village,,moon,,,,",
        spans="LENT,Lent,Mùa chay,Y/3-1,Y/04-30,maybe",
    )

    assert [
        (
            "data/codebook/places.csv",
            2,
            "place",
            "can-tho",
            "'can-tho' is in the codebook already; rows can be added, not changed",
        ),
        (
            "data/codebook/places.csv",
            4,
            "name_vi",
            "",
            "name_vi is blank; every label has both languages",
        ),
        (
            "data/codebook/places.csv",
            4,
            "level",
            "village",
            "level 'village' is none of country, province, district, commune, body",
        ),
        (
            "data/codebook/places.csv",
            4,
            "parent",
            "moon",
            "parent 'moon' is not in the codebook",
        ),
        (
            "data/codebook/spans.csv",
            2,
            "start",
            "Y/3-1",
            "start 'Y/3-1' is not a day like Y/06-14 or Y-1/12-15",
        ),
        (
            "data/codebook/spans.csv",
            2,
            "cumulative",
            "maybe",
            "cumulative 'maybe' is none of yes, no",
        ),
    ] == fault_rows(faults(where))


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        pytest.param(
            "places",
            "x ,A,A,body,,,,,,",
            "place 'x ' has spaces around it",
            id="space",
        ),
        pytest.param(
            "places",
            "x y,A,A,body,,,,,,",
            "place 'x y' is not a code: letters, digits, '-', '_' and '.'",
            id="not a code",
        ),
        pytest.param(
            "places",
            ",A,A,body,,,,,,",
            "place '' is not a code: letters, digits, '-', '_' and '.'",
            id="blank code",
        ),
        pytest.param(
            "places",
            "x,A,Ca\u0302n,body,,,,,,",
            "name_vi 'Ca\u0302n' is in decomposed Unicode (NFD); write it in NFC",
            id="decomposed name",
        ),
        pytest.param(
            "places",
            "x,A,A,body,,,,2025-02-30,,",
            "valid_from '2025-02-30' is not a date like 2025-07-01",
            id="no such day",
        ),
        pytest.param(
            "places",
            "x,A,A,body,,,,20250701,,",
            "valid_from '20250701' is not a date like 2025-07-01",
            id="date without dashes",
        ),
        pytest.param(
            "places",
            "x,A,A,body,,,,,2025-W27-1,",
            "valid_to '2025-W27-1' is not a date like 2025-07-01",
            id="date of a week",
        ),
        pytest.param(
            "places",
            "x,A,A,body,,,,,,can-tho-205",
            "successor 'can-tho-205' is not in the codebook; did you mean 'can-tho-2025'?",
            id="dangling successor",
        ),
        pytest.param(
            "places",
            "x,A,A,body,,*,,,,",
            "parent '*' is not in the codebook",
            id="star as a parent",
        ),
        pytest.param(
            "indicators",
            "a.b,percent,rate,A,A,petition.received,petitions.total",
            "numerator 'petition.received' is not in the codebook;"
            " did you mean 'petitions.received'?",
            id="dangling numerator",
        ),
        pytest.param(
            "indicators",
            "a.b,apples,flow,A,A,,",
            "unit 'apples' is not in the codebook",
            id="unknown unit",
        ),
        pytest.param(
            "spans",
            "Z,A,A,,Y/12-31,no",
            "start '' is not a day like Y/06-14 or Y-1/12-15",
            id="blank start",
        ),
        pytest.param(
            "spans",
            "Z,A,A,Y/01-01,Y/13-01,no",
            "end 'Y/13-01' is not a day like Y/06-14 or Y-1/12-15",
            id="month 13",
        ),
        pytest.param(
            "spans",
            "Z,A,A,Y/02-00,,no",
            "start 'Y/02-00' is not a day like Y/06-14 or Y-1/12-15",
            id="day 0",
        ),
        pytest.param(
            "spans",
            "Z,A,A,Y/01-01,Y/02-99,no",
            "end 'Y/02-99' is not a day like Y/06-14 or Y-1/12-15",
            id="day 99",
        ),
        pytest.param(
            "breaks",
            "2025/07/01,form,*,A,A,x",
            "date '2025/07/01' is not a date like 2025-07-01",
            id="break with slashes",
        ),
        pytest.param(
            "breaks",
            ",form,*,A,A,x",
            "date '' is not a date like 2025-07-01",
            id="break without a date",
        ),
        pytest.param(
            "breaks",
            "2025-07-01,form,petitions.received + petitions.reseived,A,A,x",
            "indicators 'petitions.reseived' is not in the codebook;"
            " did you mean 'petitions.received'?",
            id="dangling second part",
        ),
        pytest.param(
            "identities",
            "z,petitions.total,==,petitions.received,error,x",
            "relation '==' is none of =, <=, >=5x",
            id="unknown relation",
        ),
    ],
)
def test_fault_of_an_added_cell_names_cell_and_remedy(folder, name, row, expected):
    """A cell that breaks a rule is the one problem of its line, in one sentence."""
    assert [(2, expected)] == [(p.line, p.message) for p in faults(folder(**{name: row}))]


@pytest.mark.parametrize(
    ("name", "row", "column"),
    [
        pytest.param("breaks", "2025-07-01,form,,A,A,x", "indicators", id="break of nothing"),
        pytest.param("identities", "z,,=,petitions.total,error,x", "whole", id="no whole"),
        pytest.param("identities", "z,petitions.total,=,,error,x", "parts", id="no parts"),
        pytest.param("places", "x,A,A,body,,x,,,,", "parent", id="parent of itself"),
        pytest.param(
            "indicators",
            "a.b,percent,rate,A,A,,petitions.received",
            "numerator",
            id="rate of nothing",
        ),
        pytest.param(
            "places", "x,A,A,body,,,,2025-07-01,2025-06-30,", "valid_to", id="ends before it begins"
        ),
    ],
)
def test_added_row_without_a_meaning_is_refused(folder, name, row, column):
    """A row that cannot mean anything is a problem of the cell that makes it so."""
    assert column in [problem.column for problem in faults(folder(**{name: row}))]


def test_code_may_not_stand_twice_in_an_added_file(folder):
    """The second of two added rows with one code is refused."""
    where = folder(places=GOOD["places"] + "\n" + GOOD["places"])

    assert [(3, "place", "ninh-kieu")] == [p[1:4] for p in faults(where)]


def test_unreadable_added_file_is_refused_with_its_own_faults(folder, tmp_path):
    """A file that is no table is refused, and the cells of the others are not judged by it."""
    where = folder(places="x,A,A,village,,,,,,")
    (tmp_path / "data" / "codebook" / "spans.csv").write_text("span\nZ\n", encoding="utf-8")

    assert {"data/codebook/spans.csv"} == {problem.file for problem in faults(where)}


def test_strange_file_in_the_codebook_is_reported(folder, tmp_path):
    """A misspelt file of the codebook is named: its rows would be lost without a word."""
    where = folder(places=GOOD["places"])
    (tmp_path / "data" / "codebook" / "place.csv").write_text("place\nx\n", encoding="utf-8")

    assert ["data/codebook/place.csv"] == [problem.file for problem in faults(where)]


def test_fault_of_a_shipped_file_is_raised(tmp_path, monkeypatch):
    """A damaged installation is told as such: file and fault, not half a codebook."""
    monkeypatch.setattr("petitionlib.codebook.entries._SHIPPED", tmp_path)

    with pytest.raises(TableError, match=r"spans\.csv: cannot be read"):
        shipped_rows.__wrapped__("spans")


def test_a_codebook_that_was_found_sound_is_not_checked_again(tmp_path, monkeypatch):
    """The same content, in whichever folder, costs no second check; a fault is found every time."""
    text = (
        "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor\n"
        "ward-1,Ward 1,Phường 1,commune,,can-tho,,,,\n"
    )
    for folder in ("one", "other"):
        (tmp_path / folder / "codebook").mkdir(parents=True)
        (tmp_path / folder / "codebook" / "places.csv").write_text(text, encoding="utf-8")
    first = read_codebook(tmp_path / "one")
    monkeypatch.setattr("petitionlib.codebook.validate._check", None)
    assert read_codebook(tmp_path / "other") == first
    monkeypatch.undo()
    faulty = text.replace(",commune,", ",village,")
    (tmp_path / "other" / "codebook" / "places.csv").write_text(faulty, encoding="utf-8")
    for _ in range(2):
        with pytest.raises(TableError, match=r"other.*line 2: level 'village' is none of"):
            read_codebook(tmp_path / "other")
