"""The table of contradictions in a terminal."""

import io

import pytest
from four_lines import CHANGE, VISITS, write_data
from rich.console import Console

from petitionlib.cli.formats import examine
from petitionlib.cli.terminal import draw, terminal
from petitionlib.text.text import Text


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """Give a function that draws the contradictions of data/ at a width, as lines."""
    monkeypatch.chdir(tmp_path)

    def lines(width, *known, lang="en", **columns):
        found = examine(write_data(tmp_path / "data", known=known))
        found = found._replace(contradictions=found.contradictions.assign(**columns))
        console = Console(
            file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False
        )
        draw(found, console, Text(lang, found.table))
        return [line.rstrip() for line in console.file.getvalue().splitlines()]

    return lines


def test_a_wide_terminal_shows_a_table(drawn):
    """What is not known stands first; place and period are written once where they repeat."""
    lines = drawn(120, f"{VISITS}x")
    assert lines[1] == "Contradictions not listed in data/known.csv"
    cells = ["Can Tho", "2022", "Petitions received", "-30 %", "-20.000 %", "-10 percentage points"]
    assert [cell for cell in cells if cell not in lines[5]] == []
    assert lines[7] == "Contradictions listed in data/known.csv"
    assert ["Can", "Tho", "2022", "Visits", "received", "10", "9", "+1"] == lines[11].split()[:8]
    assert all(len(line) <= 120 for line in lines)


def test_place_and_period_are_written_once(drawn):
    """Rows of one place and period are told apart by what they count."""
    body = drawn(120)[5:7]
    assert [line.startswith("Can Tho") for line in body] == [True, False]


@pytest.mark.parametrize("width", [12, 40, 60, 80])
def test_a_narrow_terminal_shows_a_list(drawn, width):
    """No line is cut off or wider than the terminal, and no word is lost."""
    lines = drawn(width, f"{VISITS}x", f"{CHANGE}x")
    assert all(len(line) <= width for line in lines)
    assert "4 + 5 = 9" in " ".join(line.strip() for line in lines)
    assert sum(line.startswith("•") for line in lines) == 2


def test_the_table_in_vietnamese(drawn):
    """Headings and cells are in the language asked for."""
    lines = drawn(120, lang="vi")
    assert lines[1] == "Số liệu không khớp chưa ghi nhận trong data/known.csv"
    assert [name for name in ("Đơn vị", "Công bố", "Chênh lệch") if name not in lines[3]] == []


def test_no_column_of_causes_without_any(drawn):
    """The possible cause has a column only where one was found."""
    assert "Possible cause" not in drawn(140)[3]


def test_causes_are_written(drawn, monkeypatch):
    """A cause of the ledger stands in its row."""
    monkeypatch.setattr("petitionlib.cli.terminal.cause", lambda _, row: row["cause"])
    lines = drawn(140, cause=["a slip", ""])
    assert "Possible cause" in lines[3]
    assert lines[5].endswith("a slip")


def test_markup_in_the_data_is_text(drawn, capsys):
    """Brackets in a reason are written as they are."""
    assert "[red]x[/red]" in " ".join(drawn(60, f"{VISITS}[red]x[/red]"))
    terminal().print("[bold]x[/bold]")
    assert capsys.readouterr().out == "[bold]x[/bold]\n"


def test_nothing_is_drawn_where_nothing_contradicts(tmp_path, capsys):
    """No heading stands over nothing."""
    draw(examine(write_data(tmp_path / "data", figures="")), terminal(), Text())
    assert capsys.readouterr().out == ""
