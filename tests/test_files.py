"""CSV files: cells as text with their lines, and every fault with place and remedy."""

import csv
from pathlib import Path

import pytest
from listed_faults import fault_rows

from petitionlib.files import read_csv_text, shown_path, text_fault

COLUMNS = ("place", "value")
SAVE_AS = "save it as 'CSV UTF-8 (comma delimited)'"


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Give a function that reads a file of these bytes, which lies in the working folder."""
    monkeypatch.chdir(tmp_path)

    def read_bytes(content, columns=COLUMNS):
        content = content if isinstance(content, bytes) else content.encode()
        Path("t.csv").write_bytes(content)
        return read_csv_text("t.csv", columns)

    return read_bytes


def test_cells_stay_text_and_rows_know_their_lines(read):
    """Nothing is converted: a number keeps its zeros, a blank stays blank, NA stays NA."""
    text = read("place,value\ncan-tho,93.10\nNA,\nha-noi,007\n")

    assert {"place": ["can-tho", "NA", "ha-noi"], "value": ["93.10", "", "007"]} == text.columns
    assert [2, 3, 4] == text.lines
    assert [] == text.problems


def test_columns_may_stand_in_any_order(read):
    """The header row names the columns, so their order is free."""
    assert {"value": ["5"], "place": ["can-tho"]} == read("value,place\n5,can-tho\n").columns


def test_header_alone_has_no_rows(read):
    """A file of only a header has every column, without cells and without a problem."""
    assert ([], {"place": [], "value": []}, []) == tuple(read("place,value\n"))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbfplace,value\ncan-tho,5\n", id="BOM"),
        pytest.param(b"place,value\r\ncan-tho,5\r\n", id="CRLF"),
        pytest.param(b"\xef\xbb\xbfplace,value\r\ncan-tho,5\r\n", id="BOM and CRLF"),
        pytest.param(b"place,value\rcan-tho,5\r", id="CR"),
        pytest.param(b"place,value\ncan-tho,5", id="no last newline"),
        pytest.param(b'"place","value"\n"can-tho","5"\n', id="all quoted"),
        pytest.param(b"place,value\ncan-tho,5\n\n\n", id="blank lines at the end"),
    ],
)
def test_bytes_that_programs_write_read_the_same(read, content):
    """A mark of byte order, the style of newlines and needless quotes change nothing."""
    assert ([2], {"place": ["can-tho"], "value": ["5"]}, []) == tuple(read(content))


def test_vietnamese_text_is_read_as_written(read):
    """UTF-8 text arrives letter by letter."""
    assert ["Cần Thơ – Đơn thư"] == read("place,value\nCần Thơ – Đơn thư,5\n").columns["place"]


def test_lines_stay_right_after_quoted_newlines_and_blank_lines(read):
    """A row's line is the one where it begins, whatever the rows above hold."""
    text = read('place,value\n"a\n\nb",1\n\n"c,d",2\n"say ""e""",3\n')

    assert [2, 6, 7] == text.lines
    assert ["a\n\nb", "c,d", 'say "e"'] == text.columns["place"]


def test_ragged_rows_are_each_reported_and_the_others_read(read):
    """A row with too many or too few cells is a problem of its line; good rows still count."""
    text = read("place,value\na,1\nb,2,650\nc\nd,4\n")

    assert ([2, 5], ["a", "d"]) == (text.lines, text.columns["place"])
    assert [
        (
            "t.csv",
            3,
            None,
            "b,2,650",
            "3 cells where the header has 2; quote a cell that holds a comma",
        ),
        ("t.csv", 4, None, "c", "1 cell where the header has 2; fill in the commas"),
    ] == fault_rows(text.problems)


def test_unterminated_quote_is_reported_where_it_opens(read):
    """A quote that never closes is a problem of the row in which it opens."""
    text = read('place,value\na,1\n"b,2\nc,3\n')

    message = "the row cannot be read (unexpected end of data); check its quotes"
    assert [("t.csv", 3, None, None, message)] == fault_rows(text.problems)
    assert ["a"] == text.columns["place"]


def test_unterminated_quote_keeps_the_problems_before_it(read):
    """What was wrong above a broken quote is still reported."""
    assert [2, 3] == [problem.line for problem in read('place,value\na\n"b,2\n').problems]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('place,"value\na,1\n', id="never closed"),
        pytest.param('"place"s,value\na,1\n', id="text after the quote"),
    ],
)
def test_broken_quotes_in_the_header_refuse_the_file(read, content):
    """A header that is not CSV is one problem of line 1, and nothing is read."""
    lines, columns, problems = read(content)

    assert ([], {}, 1, 1) == (lines, columns, len(problems), problems[0].line)
    assert problems[0].message.startswith("is not readable as CSV: ")


def test_enormous_cell_is_a_problem_of_its_line(read):
    """A cell of more than a million letters is refused as a broken quote would be."""
    problem = read("place,value\na," + "1" * 1_000_001 + "\n").problems[0]

    assert 2 == problem.line
    assert problem.message.startswith("the row cannot be read (field larger than field limit")


def test_reading_leaves_the_limit_of_others_alone(read):
    """The limit that a program set for its own CSV files is the same after reading ours."""
    before = csv.field_size_limit(5_000_000)
    try:
        read("place,value\na,1\n")
        after = csv.field_size_limit()
    finally:
        csv.field_size_limit(before)

    assert 5_000_000 == after


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "is empty; write its header row, or remove it", id="empty"),
        pytest.param(b" \r\n\n", "is empty; write its header row, or remove it", id="blanks"),
        pytest.param(
            b"\xef\xbb\xbf",
            "is empty; write its header row, or remove it",
            id="only a BOM",
        ),
        pytest.param(
            "place,value\na,1\n".encode("utf-16"),
            f"is UTF-16, not UTF-8; {SAVE_AS}",
            id="UTF-16",
        ),
        pytest.param(
            b"\xfe\xff" + "place,value\n".encode("utf-16-be"),
            f"is UTF-16, not UTF-8; {SAVE_AS}",
            id="UTF-16 big-endian",
        ),
        pytest.param(
            "place,value\n".encode("utf-16-le"),
            f"holds NUL characters, so it is not plain text; {SAVE_AS}",
            id="UTF-16 without a BOM",
        ),
        pytest.param(
            b"place,value\na\0,1\n",
            f"holds NUL characters, so it is not plain text; {SAVE_AS}",
            id="NUL",
        ),
        pytest.param(
            b"PK\x03\x04\x14\0\x06\0",
            f"is an Excel workbook or a zip file, not CSV; {SAVE_AS}",
            id="xlsx",
        ),
        pytest.param(
            b"place,value\na,1\n" + "Đà,2\n".encode("cp1258"),
            f"line 3 is not UTF-8 (byte 0xD0); {SAVE_AS}",
            id="cp1258",
        ),
    ],
)
def test_what_is_not_utf8_text_is_refused_whole(read, content, message):
    """A file that is not UTF-8 text is one problem that says what it is and how to save it."""
    lines, columns, problems = read(content)
    assert ([], {}) == (lines, columns)
    assert [("t.csv", None, None, None, message)] == fault_rows(problems)


def test_blank_first_line_is_said_to_be_the_fault(read):
    """A header that does not stand in line 1 is one problem, not one for every column."""
    assert [1] == [problem.line for problem in read("\nplace,value\na,1\n").problems]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        pytest.param("place;value", "semicolons", id="semicolons"),
        pytest.param("place\tvalue", "tabs", id="tabs"),
    ],
)
def test_other_separators_are_named(read, header, name):
    """A file whose cells are not separated by commas is one problem, with the mark it uses."""
    remedy = "save it with commas (Excel uses the 'List separator' of the Windows region settings)"
    message = f"columns are separated by {name}, not commas; {remedy}"

    lines, columns, problems = read(header + "\na;1")
    assert ([], {}) == (lines, columns)
    assert [("t.csv", 1, None, header, message)] == fault_rows(problems)


def test_file_of_one_column_may_hold_semicolons(read):
    """Where one column is wanted a semicolon is no separator, so the name is merely unknown."""
    assert ["unknown column 'a;b' (the columns are place)", "column 'place' is missing"] == [
        problem.message.removesuffix("; add it to the header row")
        for problem in read("a;b\n1\n", columns=("place",)).problems
    ]


def test_faults_of_the_header_are_all_reported(read):
    """Twice, unknown and missing columns are reported together, near names with a proposal."""
    assert [
        ("t.csv", 1, "place", "place", "column 'place' stands twice in the header; keep one"),
        (
            "t.csv",
            1,
            "valeu",
            "valeu",
            "unknown column 'valeu'; did you mean 'value'? (the columns are place, value)",
        ),
        ("t.csv", 1, "value", None, "column 'value' is missing; add it to the header row"),
    ] == fault_rows(read("place,valeu,place\na,1,b\n").problems)


def test_unknown_column_is_reported_once_even_if_it_stands_twice(read):
    """A strange name that stands twice is twice a fault, not four times."""
    assert [
        "column 'note' stands twice in the header; keep one",
        "unknown column 'note' (the columns are place, value)",
    ] == [problem.message for problem in read("place,note,value,note\n").problems]


def test_column_that_is_there_is_not_proposed_for_another(read):
    """A proposal names a column that is missing, never one that the header has already."""
    problems = read("place,value,values\n").problems

    assert ["unknown column 'values' (the columns are place, value)"] == [
        problem.message for problem in problems
    ]


def test_file_that_cannot_be_opened_is_a_problem(tmp_path, monkeypatch):
    """What the system says of a file that cannot be read is the message."""
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()

    assert [
        [("none.csv", None, None, None, "cannot be read: No such file or directory")],
        [("folder.csv", None, None, None, "cannot be read: Is a directory")],
    ] == [fault_rows(read_csv_text(path, COLUMNS).problems) for path in ("none.csv", "folder.csv")]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("data/2022.csv", "data/2022.csv", id="relative"),
        pytest.param("/elsewhere/2022.csv", "/elsewhere/2022.csv", id="outside"),
        pytest.param(".", ".", id="the working folder"),
    ],
)
def test_paths_are_shown_from_the_working_folder(tmp_path, monkeypatch, path, expected):
    """A path below the working folder is shown from there, any other as it was given."""
    monkeypatch.chdir(tmp_path)

    assert expected == shown_path(path)


def test_absolute_path_below_the_working_folder_is_shown_short(tmp_path, monkeypatch):
    """How a path was given does not matter where it lies below the working folder."""
    monkeypatch.chdir(tmp_path)

    assert "data/2022.csv" == shown_path(tmp_path / "data" / "2022.csv")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Cần Thơ, đoạn 6", "", id="good"),
        pytest.param("", "", id="blank"),
        pytest.param("can-tho ", "has spaces around it", id="space after"),
        pytest.param("\u00a0can-tho", "has spaces around it", id="no-break space before"),
        pytest.param(
            "Ca\u0302\u0300n",
            "is in decomposed Unicode (NFD); write it in NFC",
            id="decomposed",
        ),
        pytest.param("can\u200btho", "holds invisible characters", id="zero-width space"),
        pytest.param("can\ntho", "holds invisible characters", id="newline"),
    ],
)
def test_text_fault_names_what_the_eye_does_not_see(text, expected):
    """Spaces around, decomposed letters and invisible characters are faults of a text."""
    assert expected == str(text_fault(text) or "")
