"""The index: every report by place and year, offline, escaped, in both languages."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from petitionlib.batch.index import Listed, write_index


def report(place="can-tho", year=2022, lang="en", status="", title="", **more):
    """Make a report as the index takes it."""
    values = {"place": place, "year": year, "span": "Y", "lang": lang}
    values = {name: value for name, value in values.items() if value is not None}
    name = ".".join(map(str, ("n", *values.values())))
    href = "" if status in {"failed", "pending"} else f"{name}.html"
    title = title or f"Title {name}"
    return Listed("n", values, href, title, f"Up on {name}.", status, **more)


@pytest.fixture
def write_pages(tmp_path):
    """Write the index of some reports and return its pages."""

    def pages(*listed, data=None):
        paths = write_index(tmp_path, listed, data=data, drafts=tmp_path, code="code")
        return [path.read_text(encoding="utf-8") for path in paths]

    return pages


def headings(page):
    """Return the headings of places and years in their order."""
    return re.findall(r"<h[23][^>]*>([^<]+)<", page)


def test_places_and_years_stand_in_order(write_pages):
    """All places first, then the country, then names; under each the newest year first."""
    (page,) = write_pages(
        report("ha-noi", 2021), report("can-tho", 2020), report("can-tho", 2022),
        report("can-tho", None), report("viet-nam", 2019), report(None, None),
    )  # fmt: skip
    assert headings(page) == [
        "All places", "Viet Nam", "2019", "Can Tho", "2022", "2020", "Ha Noi", "2021",
    ]  # fmt: skip
    assert page.index("Title n.can-tho.Y.en") < page.index("Title n.can-tho.2022.Y.en")


def test_each_language_has_its_index(write_pages, tmp_path):
    """The languages of one report stand together; each index leads with its own."""
    english, vietnamese = write_pages(report(), report(lang="vi"), report(year=2021, lang="vi"))
    assert ('<html lang="en">' in english, '<html lang="vi">' in vietnamese) == (True, True)
    assert "<dt>Reports</dt><dd>2</dd>" in english
    assert re.search(r'href="n.can-tho.2022.Y.en.html"[^>]*>Title', english)
    assert re.search(r'href="n.can-tho.2022.Y.vi.html"[^>]*>Tiếng Việt<', english)
    assert re.search(r'href="n.can-tho.2021.Y.vi.html"[^>]* lang="vi">Title', english)
    assert re.search(r'href="n.can-tho.2022.Y.vi.html"[^>]*>Title', vietnamese)
    assert ("Cần Thơ" in headings(vietnamese), 'href="index.vi.html"' in english) == (True, True)
    write_pages(report())
    assert not (tmp_path / "index.vi.html").exists()


def test_stale_and_failed_are_marked_with_the_reason(write_pages):
    """What needs attention stands on top and in its place, with cell and cause."""
    (page,) = write_pages(
        report(status="stale", fault="ValueError: x", cell=3),
        report(year=2021, status="failed", fault="gone"),
        report(year=2020, status="stale"),
        report(year=2019, status="pending"),
        report(year=2018),
    )
    attention = page.partition('<section class="attention"')[2].partition("</section>")[0]
    assert attention.count("<li>") == 3
    for text in ("Cell [3]: ValueError: x", "gone", "has changed since it was built"):
        assert (attention.count(text), page.count(text)) == (1, 2)
    assert 'href="n.can-tho.2021.Y.en.html"' not in page
    assert headings(page).count("2019") == 0
    counts = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert counts == [
        ("Reports", "4"), ("Places", "1"), ("Pages out of date", "2"), ("Failed", "1"),
        ("Not built yet", "1"),
    ]  # fmt: skip


class _Tags(HTMLParser):
    """Gathers the tags of a page and their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_text_of_reports_is_never_markup(write_pages):
    """Titles, headlines and faults with markup are shown as they are."""
    bad = "</script><img src=x onerror=alert(1)>\"'"
    listed = report(bad, title=bad, status="stale", fault=bad)._replace(headline=bad, notebook=bad)
    (page,) = write_pages(listed)
    tags = _Tags()
    tags.feed(page)
    assert "img" not in {tag for tag, _ in tags.found}
    assert [name for _, attributes in tags.found for name in attributes if name[:2] == "on"] == []


def test_the_page_asks_for_nothing_and_runs_only_its_own(write_pages):
    """The policy names the digests of the one script and the one style; there is no request."""
    (page,) = write_pages(report())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        ((text),) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert re.findall(r"https?://", page) == []
    assert " style=" not in page


def test_the_page_works_without_a_script(write_pages):
    """Without JavaScript the list is whole and the search field is not there."""
    (page,) = write_pages(report(), report(year=2021))
    assert ("<search hidden>" in page, page.count('<li class="report">')) == (True, 2)
    assert '<label for="query">' in page


def test_an_index_that_stands_is_not_written_again(write_pages, tmp_path):
    """The same reports leave the file alone; a change, or a torn index, writes it."""
    write_pages(report())
    path = tmp_path / "index.html"
    first, written = path.stat().st_ino, path.read_bytes()
    write_pages(report())
    assert path.stat().st_ino == first
    path.write_text("torn")
    write_pages(report())
    assert path.read_bytes() == written
    write_pages(report(title="Other"))
    assert b"Other" in path.read_bytes()


def test_places_of_the_folder_have_their_names(write_pages, tmp_path):
    """A place of the folder's own codebook is called by its name."""
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "places.csv").write_text(
        "place,name_en,name_vi,level\nmy-commune,My Commune,Xã tôi,commune\n", encoding="utf-8"
    )
    (page,) = write_pages(report("my-commune"), data=tmp_path)
    assert headings(page)[0] == "My Commune"


def test_nothing_built_yet(write_pages):
    """Without a page the index says so."""
    (page,) = write_pages(report(status="pending"))
    assert "No report has been built yet." in page


def test_a_name_of_several_lines_is_one_name(write_pages, tmp_path):
    """What ends a line in Unicode ends no row of the codebook: the name stands whole."""
    header = "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor"
    rows = [header, "x,Ha\u2028Noi,Hà\u0085Nội,province,,,,,,", "y,Y,Y,province,,,,,,"]
    (tmp_path / "codebook").mkdir()
    path = tmp_path / "codebook" / "places.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    (page,) = write_pages(report("x"), report("y"), data=tmp_path)
    assert headings(page) == ["Ha\u2028Noi", "2022", "Y", "2022"]
