"""The list of all reports of a folder by place and year: one offline page a language."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from petitionlib.codebook.spelling import without_marks
from petitionlib.errors import Said
from petitionlib.page.assets import digest, template, text
from petitionlib.text.typography import joined_units, true_minus
from petitionlib.words import LANGUAGES, language_name, say

__all__ = ["Listed", "index_file", "index_page"]


class Listed(NamedTuple):
    """A report as the index lists it; `status` is blank, `stale`, `failed` or `pending`.

    `href` is blank where no page stands. `fault` and `cell` tell why the last try failed; a stale
    one without a fault is out of date.
    """

    notebook: str
    values: Mapping[str, object]
    href: str
    title: str
    headline: str
    status: str
    fault: Said | None = None
    cell: int | None = None

    @property
    def lang(self) -> str:
        """The language of the page."""
        return str(self.values.get("lang") or LANGUAGES[0])


class _Report(NamedTuple):
    """One page of the list, in words."""

    href: str
    lang: str
    title: str
    headline: str
    status: str
    badge: str
    reason: str


class _Trouble(NamedTuple):
    """Reports that need attention for one reason."""

    reason: str
    number: int
    reports: list[_Report]


class _Group(NamedTuple):
    """One report in its languages: that of the index first."""

    main: _Report
    others: list[_Report]


class _Place(NamedTuple):
    """A place, what finds it besides its name, and its reports by year, newest first."""

    name: str
    words: str
    years: list[tuple[str, list[_Group]]]


def index_page(
    lang: str,
    langs: Sequence[str],
    listed: Sequence[Listed],
    names: Mapping[str, Mapping[str, str]],
    about: str = "",
) -> str:
    """Return the index in a language, one of those it is there in, with links to the others.

    `names` are the rows of places by their code; `about` says what the reports are about.
    """
    there = [report for report in listed if report.status != "pending"]
    groups = _groups(there, lang, names)
    troubles = _troubles([_report(report, lang, names) for report in there if report.status])
    page = template("index.html.j2").render(
        lang=lang,
        say=lambda key: say(f"index.{key}", lang),
        tongue=language_name,
        title=about or say("index.kicker", lang),
        kicker=say("index.kicker", lang) if about else "",
        tongues=[(other, index_file(other, langs)) for other in langs if other != lang],
        counts=_counts(listed, groups),
        attention=troubles,
        number={trouble.reason: trouble.number for trouble in troubles},
        places=(places := _places(groups, lang, names)),
        example=_example(places),
        css=_text("page.css") + _text("index.css"),
        script=_text("index.js"),
        digest=digest,
    )
    return _without_blank_lines(page)


def _counts(listed: Iterable[Listed], groups: Sequence[tuple[Listed, _Group]]) -> list[Any]:
    """Count the pages and their places, and what needs attention where there is any."""
    states = [report.status for report in listed]
    places = {str(report.values["place"]) for report, _ in groups if "place" in report.values}
    pages = sum(state in {"", "stale"} for state in states)
    counts = [("pages", pages), ("places", len(places))]
    counts += [(name, states.count(name)) for name in ("stale", "failed", "pending")]
    return [(name, count) for name, count in counts if count or name == "pages"]


def _groups(
    listed: Iterable[Listed], lang: str, names: Mapping[str, Mapping[str, str]]
) -> list[tuple[Listed, _Group]]:
    """Put the languages of one report together, that of the index first."""
    together: dict[tuple[object, ...], list[Listed]] = {}
    for report in listed:
        values = [item for item in report.values.items() if item[0] != "lang"]
        together.setdefault((report.notebook, repr(values)), []).append(report)
    groups = []
    for reports in together.values():
        ordered = sorted(reports, key=lambda report: (report.lang != lang, report.lang))
        main, *others = (_report(report, lang, names) for report in ordered)
        groups.append((ordered[0], _Group(main, others)))
    return groups


def _report(report: Listed, lang: str, names: Mapping[str, Mapping[str, str]]) -> _Report:
    title = report.title or _untitled(report, names)
    badge = reason = ""
    if report.status:
        tried = report.status == "stale" and report.fault
        badge = say("index.stale_failed" if tried else f"index.{report.status}", lang)
        reason = _reason(report, lang)
    headline = joined_units(true_minus(report.headline))
    return _Report(report.href, report.lang, title, headline, report.status, badge, reason)


def _untitled(report: Listed, names: Mapping[str, Mapping[str, str]]) -> str:
    """Name a report that has no page by its notebook and parameters, the place by its name."""
    values = {name: str(value) for name, value in report.values.items() if name != "lang"}
    if place := values.get("place"):
        values["place"] = _name(place, report.lang, names.get(place, {}))
    return ", ".join([report.notebook, *values.values()])


def _reason(report: Listed, lang: str) -> str:
    """Say why a report needs attention."""
    if not report.fault:
        return say("index.outdated", lang)
    fault = " ".join(report.fault.told(lang).split())
    where = report.notebook
    if report.cell is not None:
        where = f"{where}, {say('index.cell', lang, cell=report.cell)}"
    key = "index.last_try" if report.status == "stale" else "index.no_page"
    return say(key, lang, fault=f"{where}: {fault}")


def _troubles(reports: Iterable[_Report]) -> list[_Trouble]:
    """Put the reports together that need attention for the same reason."""
    together: dict[str, list[_Report]] = {}
    for report in reports:
        together.setdefault(report.reason, []).append(report)
    return [_Trouble(reason, i, some) for i, (reason, some) in enumerate(together.items(), 1)]


def _places(
    groups: Iterable[tuple[Listed, _Group]], lang: str, names: Mapping[str, Mapping[str, str]]
) -> list[_Place]:
    """Sort the reports into places (all, the country, then by name) and years, newest first."""
    sorted_in: dict[str, dict[str, list[_Group]]] = {}
    for report, group in groups:
        place, year = (str(report.values.get(name, "")) for name in ("place", "year"))
        sorted_in.setdefault(place, {}).setdefault(year, []).append(group)

    def rank(place: str) -> tuple[object, ...]:
        row = names.get(place, {})
        name = without_marks(_name(place, lang, row)).casefold()
        return (place != "", row.get("level") != "country", name, place)

    return [
        _Place(
            _name(place, lang, names.get(place, {})),
            " ".join([place, *_every_name(names.get(place, {}))]),
            sorted(sorted_in[place].items(), key=lambda item: (item[0] != "", _newest(item[0]))),
        )
        for place in sorted(sorted_in, key=rank)
    ]


def _example(places: Iterable[_Place]) -> str:
    """Write what one may look for: the last place of the list, and its newest year."""
    named = [f"{place.name} {place.years[0][0]}".strip().lower() for place in places]
    return named[-1] if named else ""


def _newest(year: str) -> tuple[float, str]:
    return (-float(year) if year.isdecimal() else 0, year)


def _every_name(row: Mapping[str, str]) -> list[str]:
    return [name for column, name in row.items() if column.startswith("name_")]


def _name(place: str, lang: str, row: Mapping[str, str]) -> str:
    if not place:
        return say("index.everywhere", lang)
    return row.get(f"name_{lang}") or next(iter(_every_name(row)), place)


def index_file(lang: str, langs: Sequence[str]) -> str:
    """Return the name of the file of an index: that in the first language is `index.html`."""
    return "index.html" if lang == langs[0] else f"index.{lang}.html"


@cache
def _text(name: str) -> str:
    return _without_blank_lines(text(name))


def _without_blank_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip()) + "\n"
