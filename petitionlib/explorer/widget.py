"""The widgets: a choice changes, and the views whose line of code changed are drawn anew."""

import time
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from IPython.display import display
from ipywidgets import HTML, Box, Checkbox, Dropdown, SelectMultiple, ToggleButtons, VBox

from petitionlib.codebook.entries import about, entries
from petitionlib.explorer.choices import Choice, Published, settle
from petitionlib.explorer.code import VIEWS, lines, names_line, names_of, run
from petitionlib.explorer.view import FIGURE, View, as_json, code_html
from petitionlib.files import PACKAGE
from petitionlib.text.text import Text
from petitionlib.words import language_name

__all__ = ["Explorer"]

_HERE: Final = PACKAGE / "explorer"
_STYLE: Final = (_HERE / "widget.css").read_text(encoding="utf-8")
_SCRIPT: Final = (_HERE / "widget.js").read_text(encoding="utf-8")
_SENDING: Final = 0.001  # seconds


class Explorer(VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Choices above, views below; `choice` is what is on screen, `lines` the code of each view."""

    def __init__(
        self, published: Published, places: Sequence[str], indicator: str, lang: str
    ) -> None:
        """Lay out the widget for a table, beginning with some places and an indicator."""
        self._published, self._table = published, published.table
        self._names = names_of(self._table, lang)
        self._drawn: dict[str, tuple[str, str]] = {}
        self._settling = False
        self._shown: dict[str, Any] = {}
        self.lines: dict[str, str] = {}
        first = tuple(places) or (published.fullest(),)
        wanted = Choice(first, first[0], indicator, "", 0, 0, percent=False, lang=lang)
        self.choice = settle(published, wanted)
        self._wanted = self.choice._replace(first=0, last=0)  # all years
        self._controls = _controls()
        self._draws = Checkbox()
        self._draws.add_class("petitionlib-draws")
        self._views = {view: View(self._draws) for view in VIEWS}
        self._needed = HTML()
        super().__init__([HTML(_style()), *self._sections(), self._draws])
        self.add_class("petitionlib-explorer")
        self._offer()
        self._draw()
        for control in self._controls.values():
            control.observe(self._changed, "value")

    def _ipython_display_(self) -> None:
        """Show the widgets in JupyterLab, and the first trend where there is no kernel."""
        widgets = self._repr_mimebundle_()
        widgets.pop("text/plain")
        display({**widgets, FIGURE: as_json(self._shown["trend"])}, raw=True)  # type: ignore[no-untyped-call]  # IPython types a part

    def _sections(self) -> list[Box]:
        controls = Box(list(self._controls.values()))
        controls.add_class("petitionlib-controls")
        views = Box(list(self._views.values()))
        views.add_class("petitionlib-views")
        for name, view in self._views.items():
            view.add_class(f"petitionlib-{name}")
        return [controls, views, self._needed]

    def _changed(self, change: dict[str, Any]) -> None:
        """Follow a choice of the analyst's; other choices give way where nothing was published.

        They are not forgotten: they hold again as soon as they can.
        """
        if self._settling:
            return
        if not self._controls["places"].value:  # the last place was clicked away: it stays
            self._offer()
            return
        name = next(name for name, each in self._controls.items() if each is change["owner"])
        wanted = self._wanted._replace(**{name: change["owner"].value})
        self.choice = settle(self._published, wanted)
        all_years = name in {"first", "last"} and self._shows_all_years()
        self._wanted = wanted._replace(first=0, last=0) if all_years else wanted
        self._names["text"] = Text(self.choice.lang, self._table)
        self._draw()  # first what is looked at: JupyterLab takes one message after the other
        self._offer()

    def _shows_all_years(self) -> bool:
        choice = self.choice
        years = self._published.years(choice.places, choice.indicator, choice.span)
        return (choice.first, choice.last) == (years[0], years[-1])

    @property
    def _text(self) -> Text:
        """The language of the choice, as the lines of code have it."""
        text: Text = self._names["text"]
        return text

    def _offer(self) -> None:
        """Offer in each control what was published, in words of the language."""
        self._settling = True
        try:
            offers = self._offers()
            for name, control in self._controls.items():
                word = self._text.say(f"explore.{_word(name)}")
                _set(control, word, offers[name], getattr(self.choice, name))
            self._controls["detail"].disabled = len(self.choice.places) == 1
        finally:
            self._settling = False

    def _offers(self) -> dict[str, list[tuple[str, Any]]]:
        published, text = self._published, self._text
        places, indicator, span = self.choice.places, self.choice.indicator, self.choice.span
        years = published.years(places, indicator, span)
        named = text.places(published.places)
        spans = entries("spans", text)
        return {
            "places": [(name, place) for place, name in named.items()],
            "detail": [(named[place], place) for place in places],
            "indicator": [(text.indicator(code), code) for code in published.indicators(places)],
            "span": [
                (text.label(spans.get(code, {}), "label") or code, code)
                for code in published.spans(places, indicator)
            ],
            "first": [(str(year), year) for year in years if year <= self.choice.last],
            "last": [(str(year), year) for year in years if year >= self.choice.first],
            "percent": [
                (text.say("explore.absolute"), False),
                (text.say("explore.percent"), True),
            ],
            "lang": [(language_name(lang), lang) for lang in self._languages()],
        }

    def _languages(self) -> list[str]:
        """List the languages of the codebook, and that of the choice."""
        return [*dict.fromkeys([*about(self._text).languages, self.choice.lang])]

    def _draw(self) -> None:
        """Run the lines that are not those on screen, and show what they give."""
        text = self._text
        for view, line in lines(self.choice, self._published).items():
            if self._drawn.get(view) == (line, text.lang):
                continue
            given = self._shown[view] = run(line, self._names)
            self.lines[view], self._drawn[view] = line, (line, text.lang)
            code = code_html(line, text.say("explore.code"))
            self._views[view].show(self._title(view), given, code)
            time.sleep(_SENDING)  # the thread that sends messages takes its turn
        needed = text.say("explore.names")
        names = code_html(names_line(text.lang), needed)
        self._needed.value = f"<p>{escape(needed)}:</p>{names}"

    def _title(self, view: str) -> str:
        choice, text = self.choice, self._text
        period = text.period(choice.span, choice.last)
        return text.say(f"explore.{view}", period=period, place=text.place(choice.detail))


def _controls() -> dict[str, Any]:
    """Make a control for each part of a `Choice`, under its name."""
    controls = {
        "places": SelectMultiple(rows=7),
        "indicator": Dropdown(),
        "span": Dropdown(),
        "detail": Dropdown(),
        "first": Dropdown(),
        "last": Dropdown(),
        "percent": ToggleButtons(),
        "lang": ToggleButtons(),
    }
    for name, control in controls.items():
        control.add_class(f"petitionlib-choose-{name}")
        control.style.description_width = "initial"
        control.layout.width = "auto"
    return controls


def _word(name: str) -> str:
    return "measure" if name == "percent" else name


def _set(control: Any, word: str, options: list[tuple[str, Any]], value: Any) -> None:
    """Change what a control is called, offers and holds, in one message; nothing if nothing did."""
    with control.hold_sync():
        control.description = word
        if tuple(control.options) != tuple(options):
            control.options = options
        if control.value != value:
            control.value = value


def _style() -> str:
    """Write the style of the widget, whose loading starts its script."""
    return f'<style onload="{escape(_SCRIPT)}">{_STYLE}</style>'
