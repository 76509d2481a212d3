"""What the page makes of a figure: its own text, or one read from its traces."""

import base64
import json
import struct

import pytest

from petitionlib.page.figures import chart
from petitionlib.page.sanitize import table


def test_a_figure_that_tells_itself_is_taken_at_its_word():
    """The text and the table in `layout.meta` are the page's; its script is told of them."""
    meta = {"alt": "Two bars.", "columns": ["Year", "Petitions"], "rows": [["2022", "3,108"]]}
    made = chart({"data": [{"y": [1]}], "layout": {"meta": meta}}, "en")
    assert made.alt == "Two bars."
    assert '<th scope="row">2022</th><td class="number">3,108</td>' in made.data
    assert json.loads(made.figure)["layout"]["meta"] == {"own": True}


@pytest.mark.parametrize(
    "meta", [5, {"alt": "x"}, {"alt": "x", "columns": [], "rows": []},
             {"alt": "x", "columns": ["a"], "rows": [["1", "2"]]}],
)  # fmt: skip
def test_other_meta_is_no_text(meta):
    """What a user keeps in `layout.meta` for himself is not read aloud."""
    made = chart({"data": [{"y": [1, 2], "name": "n"}], "layout": {"meta": meta}}, "en")
    assert made.alt == "Chart. n: 2 values, from 1 to 2."
    assert "meta" not in json.loads(made.figure)["layout"]


def test_any_figure_is_read_from_its_traces():
    """Series stand side by side by their points; what is missing is a dash, numbers as written."""
    data = [
        {"name": "a", "x": ["p", "q"], "y": [12345.5, None]},
        {"name": "b", "orientation": "h", "y": ["q"], "x": [7]},
        {"name": "c", "labels": ["p"], "values": [1]},
    ]
    made = chart({"data": data, "layout": {"xaxis": {"title": {"text": "Place"}}}}, "vi")
    assert made.alt.startswith("Biểu đồ. a: 2 giá trị, từ 12.345,5 đến 12.345,5; b: 1 giá trị")
    assert "Place</th>" in made.data
    assert made.data.count("–") == 3


def test_packed_numbers_are_read():
    """Arrays that plotly has packed in base64 are numbers all the same."""
    packed = base64.b64encode(struct.pack("<3d", 1, 2, 4)).decode()
    made = chart({"data": [{"name": "n", "y": {"dtype": "f8", "bdata": packed}}]}, "en")
    assert made.alt == "Chart. n: 3 values, from 1 to 4."
    broken = {"name": "n", "y": {"dtype": "f8", "bdata": "AAA"}}
    assert chart({"data": [broken]}, "en").alt == "Chart"


def test_a_column_that_is_not_all_numbers_stands_to_the_left():
    """Numbers are set to the right with their head; words and dashes among them are not."""
    html = table(["", "n", "w"], [["a", "1", "some 2"], ["b", "–", "–"]])
    assert html.count('class="number"') == 3
    assert '<th class="number" scope="col">n</th><th scope="col">w</th>' in html


def test_what_stands_below_a_title_is_a_note():
    """The sentence of a chart is its title alone; its subtitle stands apart, drawn or not."""
    title = {"text": "Only <b>one</b>", "subtitle": {"text": "No base:<br>Ha Noi -5 %."}}
    for data in ([], [{"y": [1]}]):
        made = chart({"data": data, "layout": {"title": title}}, "en")
        assert (made.sentence, made.note) == ("Only one", "No base: Ha Noi \u22125\u00a0%.")
    assert chart({"data": [], "layout": {"title": "T"}}, "en").note == ""
