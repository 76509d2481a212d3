"""The analyst's room: what it shows is what its lines of code give."""

import json
import subprocess
import sys

import plotly.graph_objects as go
import pytest
from four_rows import RECEIVED, row, table
from ipywidgets import Checkbox

import petitionlib as pt
from petitionlib.errors import DataNotFoundError, NotATableError, PetitionlibError
from petitionlib.explorer import explore
from petitionlib.explorer.choices import Choice, Published, settle
from petitionlib.explorer.code import VIEWS, lines, names_line, names_of, run
from petitionlib.explorer.view import View

FIRST = Choice(("can-tho",), "can-tho", RECEIVED, "Y", 0, 0, percent=False, lang="en")
CHARTS = ("trend", "changes", "composition")
SCRIPT = '<script type="application/json">'
CHOICES = {
    "one place": [],
    "several places": [("places", ("viet-nam", "can-tho", "ha-noi"))],
    "percent": [("places", ("viet-nam", "can-tho")), ("percent", True)],
    "Vietnamese": [("lang", "vi")],
    "another indicator and span": [("indicator", "reception.visits"), ("span", "H1")],
    "some of the years": [("places", ("viet-nam",)), ("span", "AY"), ("first", 2022)],
    "one year": [("first", 2023)],
    "a rate in percent": [
        ("indicator", "cases.complaints_denunciations.settlement_rate"), ("percent", True),
    ],
    "in detail": [("places", ("viet-nam", "can-tho")), ("detail", "can-tho")],
}  # fmt: skip


@pytest.fixture
def room(shipped):
    """Open the room as the notebook does."""
    return pt.explore(shipped, "can-tho")


@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_each_line_gives_what_is_shown(room, shipped, choices):
    """Copied into a cell of an analyst's, the line of each view gives the view."""
    for name, value in choices:
        room._controls[name].value = value
    for view, line in room.lines.items():
        mine = {"pt": pt, "table": shipped}
        exec(names_line(room.choice.lang), mine)  # noqa: S102  # the line that the room shows
        assert run(line, mine) == room._shown[view]


@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_the_widgets_show_what_the_lines_say(room, choices):
    """What the browser is sent is what the lines give, and the lines themselves."""
    for name, value in choices:
        room._controls[name].value = value
    for view in CHARTS:
        assert drawn(room, view)["layout"]["title"]["text"] == room._shown[view].layout.title.text
    assert room._views["ledger"].told.value.count("<p class") == len(
        room._shown["ledger"].splitlines()
    )
    assert list(room.lines) == list(VIEWS)


def test_only_the_view_that_changed_is_drawn_anew(room):
    """A place in detail changes the composition alone."""
    room._controls["places"].value = ("can-tho", "viet-nam")
    before = {view: room._views[view].output.outputs for view in CHARTS}
    room._controls["detail"].value = "viet-nam"
    after = {view: room._views[view].output.outputs for view in CHARTS}
    assert [view for view in CHARTS if before[view] is not after[view]] == ["composition"]


@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_the_page_draws_the_same_figures(room, choices):
    """Where the page draws by itself, it is sent the figures that JupyterLab would draw."""
    for name, value in choices:
        room._controls[name].value = value
    by_jupyterlab = [drawn(room, view) for view in CHARTS]
    room._draws.value = True
    assert by_jupyterlab == [drawn_in_place(room, view) for view in CHARTS]
    assert [()] * 3 == [room._views[view].output.outputs for view in CHARTS]


def test_what_changes_later_is_drawn_in_place(room):
    """Once the page draws, a choice gives it the new figure, and JupyterLab none."""
    room._draws.value = True
    room._controls["lang"].value = "vi"
    titles = [drawn_in_place(room, view)["layout"]["title"]["text"] for view in CHARTS]
    assert titles == [room._shown[view].layout.title.text for view in CHARTS]
    assert [()] * 3 == [room._views[view].output.outputs for view in CHARTS]


def test_no_text_ends_the_element_of_a_figure():
    """Text of a figure that looks like the end of a script stays text."""
    view = View(Checkbox(value=True))
    view.show("", go.Figure(layout_title_text="</script><b>x"), "")
    assert view.told.value.count("<") == len(["h3", "/h3", "script", "/script"])
    assert figure_of(view)["layout"]["title"]["text"] == "</script><b>x"


def drawn(room, view):
    """Return the figure that JupyterLab is given to draw."""
    return room._views[view].output.outputs[0]["data"]["application/vnd.plotly.v1+json"]


def drawn_in_place(room, view):
    """Return the figure that the page is given to draw by itself."""
    return figure_of(room._views[view])


def figure_of(view):
    """Return the figure that stands in the element of a view."""
    return json.loads(view.told.value.partition(SCRIPT)[2].partition("</script>")[0])


def test_every_word_follows_the_language(room):
    """In Vietnamese every control, title and offer is Vietnamese."""
    english = words_of(room)
    room._controls["lang"].value = "vi"
    assert [word for word in english & words_of(room) if not word.isdecimal()] == []


def words_of(room):
    """Return the words of the controls and titles, but for names that are the same in both."""
    told = {control.description for control in room._controls.values()}
    told |= {view.told.value.partition("</h3>")[0] for view in room._views.values()}
    for name in ("indicator", "span", "percent"):
        told |= {str(label) for label, _ in room._controls[name].options}
    return told


def test_choosing_no_place_changes_nothing(room):
    """The last place cannot be given up: it is marked again."""
    before = room.choice
    room._controls["places"].value = ()
    assert room.choice == before
    assert room._controls["places"].value == ("can-tho",)


def test_what_gave_way_holds_again(room, shipped):
    """A place without the span or the indicator does not make the analyst choose them again."""
    before = room.choice
    room._controls["places"].value = ("ben-tre",)
    assert room.choice.span == "H1"
    room._controls["places"].value = ("can-tho",)
    assert room.choice == before
    published = Published(shipped)
    other = next(p for p in published.places if RECEIVED not in published.indicators((p,)))
    room._controls["places"].value = (other,)
    assert room.choice.indicator != RECEIVED
    room._controls["places"].value = ("can-tho",)
    assert room.choice == before


def test_years_that_were_chosen_hold_again(room):
    """Some of the years stay chosen, all years mean those of the next place."""
    room._controls["last"].value = 2022
    room._controls["places"].value = ("ben-tre",)
    room._controls["places"].value = ("can-tho",)
    assert (room.choice.first, room.choice.last) == (2022, 2022)
    room._controls["last"].value = 2023
    room._controls["places"].value = ("can-tho", "viet-nam")
    assert (room.choice.first, room.choice.last) == (2012, 2025)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({}, ("Y", 2022, 2023), id="all years"),
        pytest.param({"first": 2023}, ("Y", 2023, 2023), id="years that are there stay"),
        pytest.param({"first": 2023, "last": 2022}, ("Y", 2023, 2023), id="never backwards"),
        pytest.param({"span": "M01"}, ("Y", 2022, 2023), id="a span without figures"),
        pytest.param({"detail": "ha-noi"}, ("Y", 2022, 2023), id="a place that is not chosen"),
    ],
)
def test_a_choice_gives_way_to_what_was_published(wanted, expected):
    """What was not published cannot be on screen."""
    rows = table(row(2022, 10), row(2023, 11), row(2023, 5, span="H1"))
    found = settle(Published(rows), FIRST._replace(**wanted))
    assert (found.span, found.first, found.last) == expected
    assert found.detail == "can-tho"


def test_an_indicator_without_figures_gives_way():
    """Another place may not have the indicator: the first that it has is shown."""
    rows = table(row(2022, 10), row(2022, 7, place="ha-noi", indicator="reception.visits"))
    found = settle(Published(rows), FIRST._replace(places=("ha-noi",)))
    assert (found.detail, found.indicator) == ("ha-noi", "reception.visits")


@pytest.mark.parametrize("code", ['x"); import os; ("', "x'y", "a\\b\n", "đơn vị"])
def test_codes_are_literals(code):
    """A code from a table that looks like code stands in the line as text."""
    rows = table(row(2021, 9, place=code), row(2022, 10, place=code))
    choice = settle(Published(rows), FIRST._replace(places=(code,), detail=code))
    names = names_of(rows, "en")
    for line in lines(choice, Published(rows)).values():
        compile(line, "line", "eval")
    assert run(lines(choice, Published(rows))["trend"], names).data[0].y == (9.0, 10.0)


def test_text_of_tables_is_escaped(shipped):
    """A line of code that holds HTML is shown as text."""
    room = pt.explore(table(row(2022, 10, place="<b>x</b>")), "<b>x</b>")
    assert "<b>" not in "".join(view.told.value for view in room._views.values())


def test_begins_with_the_place_of_most_figures(shipped):
    """Without a place the one with most figures is shown; missing ones do not count."""
    assert pt.explore(shipped).choice.places == ("viet-nam",)
    rows = table(row(2021, None), row(2022, None), row(2022, 7, place="ha-noi"))
    assert pt.explore(rows).choice.places == ("ha-noi",)


def test_refuses_what_is_not_there(shipped):
    """Unknown codes and languages, silent places and empty tables are refused in a sentence."""
    with pytest.raises(DataNotFoundError, match="did you mean 'can-tho'"):
        pt.explore(shipped, "can-thoo")
    with pytest.raises(DataNotFoundError, match="no figure of 'lao-cai' to explore"):
        pt.explore(shipped, "lao-cai")
    with pytest.raises(DataNotFoundError, match="the table has no figure to explore"):
        pt.explore(shipped.head(0))
    with pytest.raises(ValueError, match="'fr' is not available"):
        pt.explore(shipped, lang="fr")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param((None,), "place is None; it must be a code of the codebook", id="no place"),
        pytest.param((3,), "place is 3; it must be a code", id="a number"),
        pytest.param((["can-tho", ["ha-noi"]],), r"place is \['ha-noi'\]", id="lists in lists"),
        pytest.param(("can-tho", ["petitions.received"]), "indicator is", id="indicators"),
        pytest.param(
            ((), "petitions.recieved"), "did you mean 'petitions.rec", id="no place named"
        ),
    ],
)
def test_refuses_what_is_no_code(shipped, arguments, sentence):
    """What is no text, and an indicator that nobody knows, is refused in a sentence."""
    with pytest.raises(DataNotFoundError, match=sentence):
        pt.explore(shipped, *arguments)


@pytest.mark.parametrize("column", ["place", "year", "span", "indicator", "value"])
def test_refuses_a_table_without_a_column(shipped, column):
    """The first column that is missing is named."""
    with pytest.raises(NotATableError, match=f"no column '{column}'"):
        pt.explore(shipped.drop(columns=column))


def test_a_place_named_twice_is_shown_once(shipped):
    """Places are chosen, not counted."""
    assert pt.explore(shipped, ["can-tho", "can-tho"]).choice.places == ("can-tho",)


def test_codes_that_the_codebook_does_not_know(shipped):
    """A table's own place, indicator and span are shown by their codes."""
    rows = table(*(row(y, y, place="here", indicator="own.one", span="ZZ") for y in (2021, 2022)))
    room = pt.explore(rows, "here")
    assert room.choice[:4] == (("here",), "here", "own.one", "ZZ")
    assert "here, ZZ 2022" in room._shown["trend"].layout.title.text


def test_without_ipywidgets_one_sentence_says_what_to_install(shipped, monkeypatch):
    """Where the extra is not installed, the error is its remedy."""
    monkeypatch.setattr(explore, "find_spec", lambda _: None)
    with pytest.raises(PetitionlibError, match=r"pip install 'petitionlib\[lab\]'"):
        pt.explore(shipped)


def test_the_front_door_stays_light():
    """Naming `explore` loads no widgets; only calling it does."""
    code = "import sys, petitionlib as pt; pt.explore; print('ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
