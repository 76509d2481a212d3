"""What a check of the data found: as lines, JSON, CSV and commands of a GitHub workflow."""

import csv
import io
import json
from pathlib import Path

import pytest
from four_lines import CHANGE, COLUMNS, FIGURES, HEADER, VISITS, write_data

from petitionlib.cli.formats import as_commands, as_csv, as_json, as_lines, missing_lines
from petitionlib.cli.outcome import examine, faults, findings, sentence
from petitionlib.errors import Problem, TableError, said
from petitionlib.text.text import Text

EN = Text()
NUMBER = said("fault.number", column="value", cell="ten", remedy=said("fault.blank_unpublished"))
VISITS_LINE = (
    "Can Tho, 2022. Visits received: 10 printed, 4 + 5 = 9; difference 1, they contradict each"
    " other. Source: News, 100% true."
)


@pytest.fixture(autouse=True)
def _work_in_a_folder(tmp_path, monkeypatch):
    """Work in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def found(tmp_path):
    """Give a function that checks data/ with these figures and a known.csv of these rows."""
    return lambda *known, figures=FIGURES: examine(
        write_data(tmp_path / "data", figures, known or None).relative_to(tmp_path)
    )


def test_lines_say_what_was_read_what_contradicts_and_what_is_known(found):
    """A contradiction a line, those that are not known first, and the rest in a sentence each."""
    lines = written(found(f"{CHANGE}so it was printed"))
    assert lines[0] == "data: well-formed; 5 figures, 1 place, 2 years."
    assert lines[1] == "2 checks: 2 disagree."
    assert lines[2] == VISITS_LINE
    assert lines[3].endswith("Known: so it was printed.")
    assert lines[4:] == [
        (
            "Events: 2; checks that contradict: 2; events listed in data/known.csv: 1."
            " petitionlib check --strict writes the lines to add."
        )
    ]


def test_lines_in_vietnamese(found):
    """Every line is in the language asked for."""
    lines = written(found("x,can-tho,2022,Y,x,paper,x"), "vi", hint=False)
    assert lines[0] == "data: đúng cấu trúc; 5 số liệu, 1 đơn vị, 2 năm."
    assert lines[3] == (
        "Cần Thơ, năm 2022. Số lượt tiếp: công bố 10; 4 + 5 = 9, chênh lệch 1, không khớp."
        " Nguồn: News, 100% true."
    )
    assert lines[4:] == [
        (
            "data/known.csv, dòng 2: không ứng với phép đối chiếu nào của các bảng;"
            " sửa hoặc xóa dòng"
        ),
        "Trường hợp không khớp: 2 (2 phép đối chiếu); đã ghi nhận trong data/known.csv: 0.",
    ]


def test_a_folder_that_can_be_checked_in_nothing(found):
    """An empty ledger says so, and is whole in every format."""
    empty = found(figures="")
    assert written(empty)[1:] == ["Nothing that was published can be checked."]
    assert json.loads(as_json(empty.path, empty, text=EN))["contradictions"] == []
    assert as_csv(checks(empty), EN).count("\n") == 1
    assert as_commands(checks(empty), EN) == []
    assert missing_lines(empty, EN) == ""


def test_text_of_the_data_stays_in_its_line(tmp_path):
    """A line break or an escape sequence in a name neither breaks the line nor reaches the log."""
    data = write_data(tmp_path / "data")
    sources = (data / "sources.csv").read_text(encoding="utf-8")
    sources = sources.replace('"News, 100% true"', '"News\n::error::\x1b[31m"')
    (data / "sources.csv").write_text(sources, encoding="utf-8")
    lines = written(examine(data))
    assert len(lines) == 5
    assert lines[3].endswith("Source: News ::error:: [31m.")


def test_faults_of_the_tables_and_of_known_come_together(tmp_path):
    """Every fault of every file is found at once."""
    data = write_data(tmp_path / "data", FIGURES.replace(",10,", ",ten,"), [CHANGE])
    with pytest.raises(TableError) as error:
        examine(data)
    assert [(p.file, p.line) for p in error.value.problems] == [
        ("data/2022.csv", 4), ("data/known.csv", 2),
    ]  # fmt: skip
    (data / "2022.csv").write_text(COLUMNS + FIGURES, encoding="utf-8")
    with pytest.raises(TableError, match="reason is blank"):
        examine(data)


def test_one_table_is_checked_by_itself(tmp_path):
    """Its figures and its ledger are those of the file; nothing goes stale for want of others."""
    data = write_data(tmp_path / "data", known=[f"{CHANGE}x", f"{VISITS}x"])
    found = examine(Path("data/2022.csv"))
    assert found.contradictions["identity"].tolist() == ["visits-by-reception"]
    assert found.contradictions["known"].all()
    assert found.stale == []
    assert examine(data).contradictions["known"].all()


def test_json_has_every_column(found):
    """Missing is null, numbers are numbers, and what is stale has its line."""
    checked = found(f"{VISITS}x", "x,can-tho,2022,Y,x,paper,x")
    content = json.loads(as_json(checked.path, checked, text=EN))
    assert list(content) == [
        "data", "figures", "verdicts", "events", "contradictions", "others", "quotes", "stale",
        "faults",
    ]  # fmt: skip
    assert (content["data"], content["figures"], content["faults"]) == ("data", 5, [])
    assert content["verdicts"]["contradicts"] == 2
    assert [row["known"] for row in content["contradictions"]] == [False, True]
    assert content["contradictions"][1]["reason"] == "x"
    assert content["contradictions"][1]["difference"] == 1.0
    assert [row["file"] for row in content["contradictions"]] == ["data/2022.csv"] * 2
    assert all(isinstance(row["line"], int) for row in content["contradictions"])
    assert content["stale"] == [{
        "level": "notice", "file": "data/known.csv", "line": 3, "column": None, "found": None,
        "code": "known.no_check", "values": {},
        "message": "names no check of these tables; correct the row or remove it",
    }]  # fmt: skip


def test_json_says_how_grave_each_finding_is(found):
    """A contradiction has its verdict as code, its level, its sentence and the line it is of."""
    checked = found(f"{VISITS}x")
    text = Text("vi", checked.table)
    rows = json.loads(as_json(checked.path, checked, text=text))["contradictions"]
    assert [(row["level"], row["code"], row["line"]) for row in rows] == [
        ("warning", "verdict.contradicts", 5), ("notice", "verdict.contradicts", 4),
    ]  # fmt: skip
    assert rows[1]["message"].startswith("Cần Thơ, năm 2022. Số lượt tiếp: công bố 10")


def test_json_of_what_is_missing_is_null(found):
    """A number that is missing in the ledger is null, never NaN."""
    checked = found()
    bare = checked.contradictions.assign(computed=float("nan"))
    bare["decimals"] = bare["decimals"].where(bare["known"])
    bare = as_json(checked.path, checked._replace(contradictions=bare), text=EN)
    row = json.loads(bare)["contradictions"][0]
    assert (row["computed"], row["decimals"]) == (None, None)


def test_json_of_faults_has_the_same_keys(found):
    """A program finds the same keys whether the tables are well-formed or not."""
    problem = Problem("data/2022.csv", 4, "value", "ten", *NUMBER)
    content = json.loads(as_json(Path("data"), None, [problem], text=Text("vi")))
    assert list(content) == list(json.loads(as_json(Path("data"), found(), text=EN)))
    assert content["faults"] == [{
        "level": "error", "file": "data/2022.csv", "line": 4, "column": "value", "found": "ten",
        **NUMBER.as_dict(),
        "message": "cột value: 'ten' không phải là số ghi như 2650 hoặc 95.67;"
        " để trống nếu không công bố",
    }]  # fmt: skip
    assert content["figures"] is None


def test_faults_as_csv():
    """Each fault is a row with its level, place, code and message."""
    problem = Problem("data/2022.csv", 4, "value", "ten", *NUMBER)
    (row,) = read(as_csv(faults([problem]), EN))
    assert list(row) == ["level", "file", "line", "column", "found", "code", "message"]
    assert (row["level"], row["line"], row["code"]) == ("error", "4", "fault.number")


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_holds_no_formula(found, mark):
    """A text that a spreadsheet would compute gets an apostrophe; numbers stay numbers."""
    checked = found()
    marked = checked.contradictions.assign(reason=f"{mark}1")
    rows = read(as_csv(findings(marked), EN))
    assert [row["reason"] for row in rows] == [f"'{mark}1"] * 2
    assert [row["part_values"] for row in rows] == ["80 + 100", "4 + 5"]
    assert [float(row["difference"]) for row in rows] == [-10, 1]


def test_commands_point_at_the_line_of_the_figure(found):
    """A warning stands at the figure, a notice where it is known or where known.csv is stale."""
    checked = found(f"{CHANGE}x", "x,can-tho,2022,Y,x,paper,x")
    commands = as_commands([*checks(checked), *checked.stale], Text("en", checked.table))
    assert [command.partition("::")[2].partition("::")[0] for command in commands] == [
        "notice file=data/2022.csv,line=5",
        "warning file=data/2022.csv,line=4",
        "notice file=data/known.csv,line=3",
    ]
    assert commands[1].endswith(f"::{VISITS_LINE.replace('%', '%25')}")


def test_commands_escape_what_would_end_them(tmp_path):
    """A comma or a colon in a path, a percent sign or a line break in a message, are data."""
    data = write_data(tmp_path / "a,b:c%")
    assert as_commands(checks(examine(data)), EN)[1].startswith(
        "::warning file=a%2Cb%3Ac%25/2022.csv,line=4::Can Tho, 2022."
    )
    hostile = said("fault.text", text="a\r\nb: 5 %")
    problems = [Problem("x.csv", line, None, None, *hostile) for line in (2, None)]
    assert as_commands(faults(problems), EN) == [
        "::error file=x.csv,line=2::a%0D%0Ab: 5 %25", "::error file=x.csv::a%0D%0Ab: 5 %25",
    ]  # fmt: skip


def test_the_line_of_a_figure_is_that_of_the_file(found):
    """Empty lines between the rows count."""
    broken = FIGURES.replace("can-tho,2022,Y,reception.visits", "\ncan-tho,2022,Y,reception.visits")
    assert "line=5::" in as_commands(checks(found(figures=broken)), EN)[1]


def test_missing_lines_name_the_remedy_and_can_be_pasted(found):
    """What is not known is written as it must stand in known.csv."""
    lines = missing_lines(found(f"{VISITS}x"), EN).splitlines()
    assert lines[0].startswith("Contradictions not listed in data/known.csv: 1. Compare each")
    assert lines[1:] == [CHANGE]


def test_nothing_is_missing_where_all_is_known(found):
    """A folder whose contradictions are all known needs no remedy."""
    assert missing_lines(found(f"{VISITS}x", f"{CHANGE}x"), EN) == ""


def test_a_possible_cause_is_said_where_the_ledger_has_one(root):
    """A slip that would produce the printed number is named after the contradiction."""
    rows = examine(root / "data").contradictions
    row = rows[rows["cause"] == "decimal_shift"].iloc[0]
    assert "70.1% would fit: the decimal point may be missing or misplaced." in sentence(EN, row)
    plain = rows[rows["cause"] == ""].iloc[0]
    assert "Would match" not in sentence(EN, plain)


def written(outcome, lang="en", **options):
    """Return the lines of an outcome in a language."""
    return as_lines(outcome, Text(lang, outcome.table), **options)


def checks(outcome):
    """Return the contradictions of an outcome as findings."""
    return findings(outcome.contradictions)


def read(text):
    """Read CSV as a list of rows."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_another_number_than_the_known_one_is_named(tmp_path):
    """A strict check says which row of known.csv is about another printed number."""
    data = write_data(tmp_path / "data", known=[])
    header = HEADER.replace("reason", "stated,reason,reason_vi")
    rows = f"{CHANGE},x,\n{VISITS}11,so it was printed,nguồn công bố như vậy\n"
    (data / "known.csv").write_text(header + rows, encoding="utf-8")
    lines = missing_lines(examine(data), Text("vi"))
    assert lines.endswith("known.csv, dòng 3: nêu số công bố khác; đối chiếu lại với nguồn")
    assert "\n" not in lines


def test_a_reason_follows_the_language(tmp_path):
    """Vietnamese readers get the Vietnamese reason; where there is none, the one that there is."""
    data = write_data(tmp_path / "data", known=[])
    header = HEADER.replace("reason", "stated,reason,reason_vi")
    rows = f"{CHANGE},x,\n{VISITS}10,so it was printed,nguồn công bố như vậy\n"
    (data / "known.csv").write_text(header + rows, encoding="utf-8")
    lines = "\n".join(written(examine(data), "vi", hint=False))
    assert "Đã ghi nhận: nguồn công bố như vậy." in lines
    assert "Đã ghi nhận: x." in lines
