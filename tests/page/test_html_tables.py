"""Tables of a page: which fold on a phone, how their columns stand, and what they are read as."""

import re

import pandas as pd
import pytest

from petitionlib.page.html_tables import framed, with_roles
from petitionlib.page.sanitize import clean
from petitionlib.text.text import show

LONG = "base derived from the published change"


def table(heads, *rows):
    """Write a table of HTML whose rows begin with a name."""
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(
        f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


FIGURES = table(
    ["", "Published", "A year before", "Change", "Remarks"],
    ["Visits received", "2,650 visits", "2,433 visits", "+217 (+8.9%)", LONG],
    ["People received", "2,716 people", "–", "–", ""],
)


def test_a_table_of_figures_folds():
    """What is too wide for a phone folds there; the page knows how many numbers are abreast."""
    assert '<table class="folds" style="--numbers: 3" role="table">' in framed(FIGURES)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(table(["", "n"], ["Can Tho", "1"]), id="narrow"),
        pytest.param(table(["", "a", "b"], ["x", LONG, LONG]), id="without numbers"),
        pytest.param(show(pd.DataFrame({"value": []})).html, id="without rows"),
        pytest.param(table(["", *"abcdefg"], [LONG, *"1234567"]), id="many numbers"),
        pytest.param(table(["", "a", "b", "c"], [LONG, "1", LONG, "2"]), id="text among numbers"),
        pytest.param(table(["", *"abcd", "n"], ["x", *[LONG] * 4, "1"]), id="many texts"),
        pytest.param(table(["", "a", "b"], [LONG, "1", "2"], [LONG, "1"]), id="ragged"),
        pytest.param(f"<table><tr><td>{LONG}</td><td>1</td></tr></table>", id="without heads"),
        pytest.param(
            table(["", "a", "n"], ["x", LONG, "1"]).replace("<th>", '<th scope="col">'),
            id="heads with attributes",
        ),
    ],
)
def test_other_tables_do_not_fold(source):
    """What fits, has nothing to stand side by side, or no order of lines, scrolls as it is."""
    assert "folds" not in framed(source)


def test_what_is_to_be_laid_out_otherwise_does_not_fold():
    """Cards are laid out by the page in a way of their own."""
    assert "folds" not in framed(FIGURES, fold=False)


def test_a_change_in_words_stands_with_the_numbers():
    """A change that is written with a verb, or is none, stands to the right as a number does."""
    source = table(["", "Tăng, giảm"], ["a", "tăng 472 đơn"], ["b", "không thay đổi"], ["c", "–"])
    assert framed(source).count('<td class="number">') == 3
    assert framed(table(["", "w"], ["a", "updated"])).count('"number"') == 0


def test_a_table_that_is_laid_out_otherwise_is_read_as_one():
    """Every piece of it has its role: heads of columns and of rows are told apart."""
    roles = re.findall(r'<(\w+)[^>]* role="(\w+)">', framed(FIGURES))
    assert set(roles) == {
        ("table", "table"), ("thead", "rowgroup"), ("tbody", "rowgroup"), ("tr", "row"),
        ("th", "columnheader"), ("th", "rowheader"), ("td", "cell"),
    }  # fmt: skip
    assert len(roles) == 4 + 2 + 5 + 2 * 5


def test_roles_leave_the_text_alone():
    """Only the tags of a table are touched, not what stands in it or beside it."""
    assert (
        with_roles("<p>a &lt;td&gt;</p><thing>x</thing>") == "<p>a &lt;td&gt;</p><thing>x</thing>"
    )


def test_a_foreign_table_is_marked_whatever_it_says_of_itself():
    """Classes of ours in a table of others are believed only where its heads are marked, too."""
    plain = clean(FIGURES)
    assert 'class="number"' in plain
    for old, new in (
        ("<table>", '<table class="shown">'),
        ("<table>", '<table class="dataframe">'),
        ("<td>", '<td class="data row0">'),
        ("<th>", '<th class="index_name level0">'),
        ("<td>–", '<td class="number">–'),
    ):
        assert clean(FIGURES.replace(old, new)) == plain


def test_a_styled_table_of_pandas_is_marked():
    """A Styler names every cell; heads, numbers and row names are found all the same."""
    frame = pd.DataFrame({"Visits": [2650, 2433]}, index=["Can Tho", "Ha Noi"])
    made = clean(frame.style.to_html())
    assert made.count('<td class="number"') == 2
    assert made.count('scope="row"') == 2
    assert 'class=""' not in made
