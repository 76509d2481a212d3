"""The events of a check in a terminal."""

import io
import re

import pytest
from four_lines import CHANGE, COLUMNS, SOURCES, VISITS, write_data
from rich.console import Console

from petitionlib.cli.outcome import examine
from petitionlib.cli.terminal import draw, terminal
from petitionlib.text.text import Text


def in_width(outcome, width, lang="en"):
    """Draw the events of an outcome at a width; return the lines."""
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
    draw(outcome, console, Text(lang, outcome.table))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """Give a function that draws the contradictions of data/ at a width, as lines."""
    monkeypatch.chdir(tmp_path)

    def lines(width, *known, lang="en", **columns):
        found = examine(write_data(tmp_path / "data", known=known))
        found = found._replace(contradictions=found.contradictions.assign(**columns))
        return in_width(found, width, lang)

    return lines


def test_an_event_has_its_sentence_its_numbers_and_what_to_do(drawn):
    """What is not known stands first, each number with its line; what is known needs no remedy."""
    lines = drawn(120, f"{VISITS}x")
    assert lines[1] == "Contradictions not listed in data/known.csv: 1"
    assert lines[3] == "Can Tho, 2022"
    row = "data/2022.csv:5"
    assert lines[4].startswith("  Petitions received, change: -30% printed, -20 / 100 = -20.000%")
    numbers = [line.split() for line in lines if re.search(r"csv:\d+$", line)]
    assert numbers[0] == ["Petitions", "received,", "change", "-30%", "data/2022.csv:5"]
    assert numbers[1:3] == [
        ["Petitions", "received", "80", "data/2022.csv:5"],
        ["2021,", "Petitions", "received", "100", "data/2021.csv:2"],
    ]
    assert any(f"  To do: compare with the source, beginning with {row}." in line for line in lines)
    start = lines.index("Contradictions listed in data/known.csv: 1")
    assert lines[start + 2] == "Can Tho, 2022"
    assert not any("To do" in line for line in lines[start:])


def test_the_place_in_the_source_stands_in_the_sentence_and_beside_the_number(tmp_path):
    """A locator is part of what is told."""
    rows = "".join(
        f"can-tho,2022,Y,reception.{kind}visits,{value},,,,paper,paragraph {n}\n"
        for n, (kind, value) in enumerate([("regular.", 4), ("leader.", 5), ("", 10)], 1)
    )
    found = examine(write_data(tmp_path / "data", rows))
    lines = in_width(found, 140)
    assert "Source: News, 100% true, paragraph 3." in " ".join(lines)
    numbers = [line.split() for line in lines if re.search(r"csv:\d+$", line)]
    assert [words[-2] for words in numbers] == ["3", "1", "2"]
    assert "đoạn 3" in " ".join(in_width(found, 140, "vi"))


@pytest.mark.parametrize("width", [12, 40, 60, 80])
def test_a_narrow_terminal_loses_nothing(drawn, width):
    """No line is cut off or wider than the terminal, and no word is lost."""
    lines = drawn(width, f"{VISITS}x", f"{CHANGE}x")
    assert all(len(line) <= width for line in lines)
    assert "4 + 5 = 9" in " ".join(line.strip() for line in lines)
    assert sum("Can Tho" in line for line in lines) == 2


def test_the_events_in_vietnamese(drawn):
    """Headings, sentences and numbers are in the language asked for."""
    lines = drawn(120, lang="vi")
    assert lines[1] == "Số liệu không khớp chưa ghi nhận trong data/known.csv: 2"
    assert sum("Việc cần làm" in line for line in lines) == 2
    assert "Cần Thơ, năm 2022" in lines


def test_a_later_report_is_one_event(tmp_path):
    """Both sources are listed for each figure, and the remedy is that of two sources."""
    folder = write_data(tmp_path / "data", "")
    (folder / "sources.csv").write_text(SOURCES + "late,Later,L,,2023-01-05,\n", encoding="utf-8")
    rows = [
        f"can-tho,2022,Y,{code},{value},,,,{source},\n"
        for source, more in (("paper", 0), ("late", 7))
        for code, value in (("petitions.received", 80 + more), ("reception.visits", 50 + more))
    ]
    (folder / "2022.csv").write_text(COLUMNS + "".join(rows), encoding="utf-8")
    lines = in_width(examine(folder), 130)
    told = " ".join(lines)
    assert sum(line == "Can Tho, 2022" for line in lines) == 1
    assert "L prints 2 figures otherwise than News, 100% true" in told
    assert "write r in status of the later figures" in " ".join(told.split())
    numbers = [line.split()[2] for line in lines if re.search(r"csv:\d+$", line)]
    assert numbers == ["80", "87", "50", "57"]


def test_markup_in_the_data_is_text(drawn, capsys):
    """Brackets in a reason are written as they are."""
    assert "[red]x[/red]" in " ".join(drawn(60, f"{VISITS}[red]x[/red]"))
    terminal().print("[bold]x[/bold]")
    assert capsys.readouterr().out == "[bold]x[/bold]\n"


def test_nothing_is_drawn_where_nothing_contradicts(tmp_path, capsys):
    """No heading stands over nothing."""
    draw(examine(write_data(tmp_path / "data", figures="")), terminal(), Text())
    assert capsys.readouterr().out == ""


def test_the_base_of_another_source_is_listed(tmp_path, monkeypatch):
    """The number that the check was computed from, not a change without a figure beside it."""
    monkeypatch.chdir(tmp_path)
    folder = write_data(tmp_path / "data", "can-tho,2022,Y,petitions.received,80,,-30,,paper,\n")
    sources = f"{SOURCES}old,Old,O,,2021-12-20,\nolder,Older,E,,2021-11-20,\n"
    (folder / "sources.csv").write_text(sources, encoding="utf-8")
    rows = (
        "can-tho,2021,Y,petitions.received,,5,,,older,\n"
        "can-tho,2021,Y,petitions.received,100,,,,old,paragraph 4\n"
    )
    (folder / "2021.csv").write_text(COLUMNS + rows, encoding="utf-8")
    lines = in_width(examine(folder), 120)
    assert [line.split() for line in lines if "2021.csv" in line] == [
        ["2021,", "Petitions", "received", "100", "O,", "paragraph", "4", "data/2021.csv:3"]
    ]
