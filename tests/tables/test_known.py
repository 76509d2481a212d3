"""Contradictions that are known: what known.csv may hold, and what the ledger makes of it."""

import pytest
from four_lines import CHANGE, COLUMNS, HEADER, VISITS, write_data

from petitionlib.checks.known import draft_known, mark_known, other_numbers, stale_known
from petitionlib.checks.reconcile import reconcile
from petitionlib.errors import TableError
from petitionlib.tables.known import read_known
from petitionlib.tables.read import read_tables
from petitionlib.text.text import Text


@pytest.fixture(autouse=True)
def _work_in_a_folder(tmp_path, monkeypatch):
    """Work in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path):
    """Give a function that writes data/ with a known.csv of these rows."""
    return lambda *rows: write_data(tmp_path / "data", known=rows)


def test_every_shipped_contradiction_is_known(root, ledger):
    """The shipped known.csv lists each contradiction of the shipped data, and nothing else."""
    known = read_known(root / "data")
    marked = mark_known(ledger, known)
    assert len(marked) == len(known.reasons) == 20
    assert marked["known"].all()
    assert stale_known(ledger, known) == []


def test_without_the_file_nothing_is_known(tmp_path):
    """A folder without known.csv is as good as any; its contradictions are simply not known."""
    data = write_data(tmp_path / "data")
    known = read_known(data)
    marked = mark_known(reconcile(read_tables(data)), known)
    assert known[:4] == ("data/known.csv", (), {}, {})
    assert marked["identity"].tolist() == ["change_percent", "visits-by-reception"]
    assert marked["known"].tolist() == [False, False]
    assert marked["reason"].tolist() == ["", ""]


def test_a_row_makes_a_contradiction_known(folder):
    """Rule and key name it; the reason goes with it, and the others stay as they are."""
    data = folder(f"{VISITS}so it was printed")
    marked = mark_known(reconcile(read_tables(data)), read_known(data))
    assert marked["known"].tolist() == [False, True]
    assert marked["reason"].tolist() == ["", "so it was printed"]


@pytest.mark.parametrize(
    ("lang", "columns", "cells", "told"),
    [
        pytest.param("en", "", "so it was printed.", " Known: so it was printed.", id="English"),
        pytest.param("vi", "", "in như vậy", " Đã ghi nhận: in như vậy.", id="one language"),
        pytest.param("vi", ",reason_vi", "so,in đúng", " Đã ghi nhận: in đúng.", id="Vietnamese"),
        pytest.param("en", ",stated", "so it was printed,7", "", id="another number"),
    ],
)
def test_the_reader_is_told_what_is_known(tmp_path, lang, columns, cells, told):
    """A report tells a contradiction with its reason, in the reader's language if it is there."""
    data = write_data(tmp_path / "data")
    before = reconcile(read_tables(data)).query("identity == 'visits-by-reception'")
    text = f"{HEADER.strip()}{columns}\n{VISITS}{cells}\n"
    (data / "known.csv").write_text(text, encoding="utf-8")
    ledger = reconcile(read_tables(data)).query("identity == 'visits-by-reception'")
    assert Text(lang, ledger).ledger(ledger) == Text(lang, before).ledger(before) + told


def test_marking_leaves_the_ledger_as_it_is(folder):
    """No function changes its input."""
    data = folder(f"{VISITS}so it was printed")
    ledger = reconcile(read_tables(data))
    before = ledger.copy()
    mark_known(ledger, read_known(data))
    assert ledger.equals(before)


def test_an_empty_ledger_has_no_contradictions(folder):
    """Nothing to check is nothing to know, with the columns there all the same."""
    data = folder()
    marked = mark_known(reconcile(read_tables(data).iloc[:0]), read_known(data))
    assert len(marked) == 0
    assert {"known", "reason"} <= set(marked.columns)
    assert draft_known(marked, read_known(data)) == ""


@pytest.mark.parametrize(
    ("row", "how"),
    [
        pytest.param(
            "petitions.eligible_rate,can-tho,2022,Y,petitions.received,paper,x", "no_check",
            id="another rule",
        ),
        pytest.param(
            "visits-by-reception,can-tho,2021,Y,reception.visits,paper,x", "no_check",
            id="another year",
        ),
        pytest.param(
            "processed-within-received,can-tho,2022,Y,petitions.processed,paper,x", "agrees",
            id="it agrees now",
        ),
    ],
)  # fmt: skip
def test_a_row_that_names_no_contradiction_is_stale(folder, row, how):
    """A row goes stale when the check agrees, or when there is none such."""
    data = folder(f"{VISITS}so it was printed", row)
    with (data / "2022.csv").open("a", encoding="utf-8") as file:
        file.write("can-tho,2022,Y,petitions.processed,70,,,,paper,\n")
    assert stale_known(reconcile(read_tables(data)), read_known(data)) == [(3, how)]


def test_the_draft_completes_the_file(folder):
    """With the rows of the draft and a reason in each, every contradiction is known."""
    data = folder(f"{VISITS}so it was printed")
    ledger = reconcile(read_tables(data))
    draft = draft_known(mark_known(ledger, read_known(data)), read_known(data))
    assert draft == f"{CHANGE}\n"
    with (data / "known.csv").open("a", encoding="utf-8") as file:
        file.write(f"{draft.strip()}a reason\n")
    assert mark_known(ledger, read_known(data))["known"].all()


def test_a_draft_as_it_stands_is_a_fault(folder):
    """The reason must be written by a person: the draft leaves it blank, and blank is refused."""
    with pytest.raises(TableError) as error:
        read_known(folder(CHANGE))
    assert str(error.value) == (
        "data/known.csv, line 2: reason is blank; say why the contradiction stands as printed"
    )


def test_the_draft_brings_the_header_for_a_new_file(tmp_path):
    """Where there is no known.csv, the draft is the whole file."""
    data = write_data(tmp_path / "data")
    known = read_known(data)
    draft = draft_known(mark_known(reconcile(read_tables(data)), known), known)
    assert draft == f"{HEADER}{CHANGE}\n{VISITS}\n"


def test_the_draft_follows_the_columns_of_the_file(tmp_path):
    """Columns may stand in any order; a row to paste stands in that of the file."""
    data = write_data(tmp_path / "data")
    header = "reason,source,indicator,span,year,place,identity\n"
    (data / "known.csv").write_text(header, encoding="utf-8")
    known = read_known(data)
    draft = draft_known(mark_known(reconcile(read_tables(data)), known), known)
    assert draft.splitlines()[0] == ",paper,petitions.received,Y,2022,can-tho,change_percent"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param([f"{VISITS}   "], "reason is blank; say why", id="blank reason"),
        pytest.param([f"{VISITS}x "], "reason 'x ' has spaces around it", id="spaces"),
        pytest.param(
            [VISITS.replace("2022", "22") + "x"], "year '22' is not a year like 2022", id="year"
        ),
        pytest.param(
            [VISITS.replace("can-tho", "") + "x"], "place is blank; no part of a key", id="place"
        ),
        pytest.param([f"{VISITS}x,y"], "8 cells where the header has 7; quote", id="comma"),
        pytest.param(
            [f"{CHANGE}x", f"{CHANGE}y"],
            "change_percent can-tho 2022 Y petitions.received paper stands in line 2 already",
            id="twice",
        ),
    ],
)
def test_faults_have_their_line_and_remedy(folder, rows, message):
    """What a row may not be is refused, where it stands."""
    with pytest.raises(TableError) as error:
        read_known(folder(*rows))
    (problem,) = error.value.problems
    assert (problem.file, problem.line) == ("data/known.csv", 1 + len(rows))
    assert message in problem.message


def test_faults_of_several_rows_stand_in_their_order(folder):
    """All faults are found at once, from top to bottom."""
    with pytest.raises(TableError) as error:
        read_known(folder(CHANGE, VISITS.replace("2022", "x") + "x", VISITS))
    assert [problem.line for problem in error.value.problems] == [2, 3, 4]


WITH_NUMBER = HEADER.replace("reason", "stated,reason,reason_vi")


def with_number(folder, stated):
    """Write a known.csv of both contradictions, the second about the number that is stated."""
    data = folder()
    rows = f"{CHANGE},x,\n{VISITS}{stated},so it was printed,nguồn công bố như vậy\n"
    (data / "known.csv").write_text(WITH_NUMBER + rows, encoding="utf-8")
    return data


def test_a_row_may_name_the_printed_number(folder):
    """With the number that is printed the contradiction is known, in both languages."""
    data = with_number(folder, "10")
    marked = mark_known(reconcile(read_tables(data)), read_known(data))
    assert marked["known"].tolist() == [True, True]
    assert marked["reason_vi"].tolist() == ["", "nguồn công bố như vậy"]


def test_another_number_is_not_known(folder):
    """A number that was mistyped later is not hidden by the row of the printed one."""
    data = with_number(folder, "11")
    ledger, known = reconcile(read_tables(data)), read_known(data)
    marked = mark_known(ledger, known)
    assert marked["known"].tolist() == [True, False]
    assert marked["reason"].tolist() == ["x", ""]
    assert stale_known(ledger, known) == [(3, "other_number")]
    assert draft_known(marked, known) == ""
    assert other_numbers(marked, known) == [3]


def test_a_draft_names_the_number(folder):
    """Where the file has the column, a row to paste has the printed number."""
    data = folder()
    (data / "known.csv").write_text(WITH_NUMBER, encoding="utf-8")
    known = read_known(data)
    draft = draft_known(mark_known(reconcile(read_tables(data)), known), known)
    assert draft.splitlines() == [f"{CHANGE}-30,,", f"{VISITS}10,,"]


def test_a_stated_number_is_a_number(folder):
    """What a row states is written as in the tables."""
    with pytest.raises(TableError, match="stated '1,0' is not a number as the table has it"):
        read_known(with_number(folder, '"1,0"'))


def test_every_shipped_reason_is_there_in_both_languages(root):
    """The shipped known.csv names the number of each contradiction, and both reasons."""
    known = read_known(root / "data")
    assert [name for name in known.reasons if not known.translated["vi"][name]] == []
    assert [name for name in known.reasons if not known.stated[name]] == []


def test_a_file_of_other_columns_is_refused(folder):
    """An unknown column is named with the nearest one."""
    data = folder()
    (data / "known.csv").write_text(HEADER.replace("reason", "reasons"), encoding="utf-8")
    with pytest.raises(TableError, match="unknown column 'reasons'; did you mean 'reason'"):
        read_known(data)
    (data / "known.csv").write_text(COLUMNS, encoding="utf-8")
    with pytest.raises(TableError, match="column 'identity' is missing"):
        read_known(data)


def test_a_draft_writes_small_numbers_as_the_file_takes_them(folder):
    """A rate near nought has no exponent: known.csv refuses one."""
    data = folder()
    (data / "known.csv").write_text(WITH_NUMBER, encoding="utf-8")
    known = read_known(data)
    marked = mark_known(reconcile(read_tables(data)), known).assign(stated=0.00001)
    lines = draft_known(marked, known).splitlines()
    assert all(line.endswith("0.00001,,") for line in lines)
    assert lines
