"""The index: every report by place and year, offline, escaped, in both languages."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from petitionlib.codebook.entries import about
from petitionlib.errors import said
from petitionlib.page.index import Listed
from petitionlib.reports.batch.pages import write_index
from petitionlib.tables.raw import Snapshot


def report(place="can-tho", year=2022, lang="en", status="", title="", **more):
    """Make a report as the index takes it."""
    values = {"place": place, "year": year, "span": "Y", "lang": lang}
    values = {name: value for name, value in values.items() if value is not None}
    name = ".".join(map(str, ("n", *values.values())))
    href = "" if status in {"failed", "pending"} else f"{name}.html"
    title = title or f"Title {name}"
    return Listed("n", values, href, title, f"Up on {name}.", status, **more)


def _text(text):
    """Say what somebody else said."""
    return said("fault.text", text=text)


RAISED = said("fault.raised", line=2, code="1 / 0", error="ZeroDivisionError: division by zero")


@pytest.fixture
def write_pages(tmp_path):
    """Write the index of some reports and return its pages."""

    def pages(*listed, own=None):
        names = Snapshot(own).places
        paths = write_index(
            tmp_path, listed, places=names, about=about(), drafts=tmp_path, code="code"
        )
        return [path.read_text(encoding="utf-8") for path in paths]

    return pages


def with_places(home, rows):
    """Return a data folder with places of its own."""
    (home / "codebook").mkdir()
    (home / "codebook" / "places.csv").write_text(rows, encoding="utf-8")
    (home / "2022.csv").touch()
    return home


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
    assert "<dt>Pages</dt><dd>3</dd>" in english
    assert re.search(r'href="n.can-tho.2022.Y.en.html"[^>]*>Title', english)
    assert re.search(r'href="n.can-tho.2022.Y.vi.html"[^>]*>Tiếng Việt<', english)
    assert re.search(r'href="n.can-tho.2021.Y.vi.html"[^>]* lang="vi">Title', english)
    assert re.search(r'href="n.can-tho.2022.Y.vi.html"[^>]*>Title', vietnamese)
    assert ("Cần Thơ" in headings(vietnamese), 'href="index.vi.html"' in english) == (True, True)
    write_pages(report())
    assert not (tmp_path / "index.vi.html").exists()


def test_stale_and_failed_are_marked_with_the_reason(write_pages):
    """What needs attention stands on top with cell and cause, and is marked in its place."""
    (page,) = write_pages(
        report(status="stale", fault=_text("ValueError: x"), cell=3),
        report(year=2021, status="failed", fault=_text("gone")),
        report(year=2020, status="stale"),
        report(year=2019, status="pending"),
        report(year=2018),
    )
    attention = page.partition('<section class="attention"')[2].partition("</section>")[0]
    assert attention.count("<li>") == 3
    for text in (
        "The last build failed; the previous page is kept. n, cell [3]: ValueError: x",
        "The last build failed; there is no page yet. n: gone",
        "has changed since it was built",
    ):
        assert (attention.count(text), page.count(text)) == (1, 1)
    badges = re.findall(r'<a class="badge [a-z]+" href="#(reason-\d)">([^<]+)<', page)
    assert badges == [
        ("reason-1", "out of date, last build failed"), ("reason-2", "failed"),
        ("reason-3", "out of date"),
    ]  # fmt: skip
    assert [page.count(f'id="{name}"') for name, _ in badges] == [1, 1, 1]
    assert 'href="n.can-tho.2021.Y.en.html"' not in page
    assert headings(page).count("2019") == 0
    counts = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert counts == [
        ("Pages", "3"), ("Places", "1"), ("Pages out of date", "2"), ("Failed", "1"),
        ("Not built yet", "1"),
    ]  # fmt: skip


def test_one_reason_is_told_once(write_pages):
    """Reports that fail for one reason stand below it, folded away where they are many."""
    fault = {"fault": RAISED, "cell": 3}
    nine = [report(year=year, status="stale", **fault) for year in range(2010, 2019)]
    (page,) = write_pages(*nine, report(year=2020, status="failed", **fault))
    attention = page.partition('<section class="attention"')[2].partition("</section>")[0]
    assert (
        attention.count("raised ZeroDivisionError") == page.count("raised ZeroDivisionError") == 2
    )
    assert ("<summary>Reports: 9</summary>" in attention, attention.count("<details>")) == (True, 1)
    assert attention.count('href="n.can-tho.') == 9


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        pytest.param(
            RAISED,
            "n, ô lệnh [3]: dòng 2 (`1 / 0`) báo lỗi ZeroDivisionError: division by zero",
            id="raised",
        ),
        pytest.param(
            said("fault.timeout", seconds="5"),
            "chạy quá 5 giây nên đã bị dừng; tùy chọn --timeout cho phép chạy lâu hơn",
            id="timeout",
        ),
        pytest.param(said("fault.process"), "không chạy được: tiến trình đã dừng", id="ended"),
        pytest.param(said("fault.not_built", error="x"), "không lập được: x", id="not built"),
        pytest.param(_text("MemoryError"), "n, ô lệnh [3]: MemoryError", id="not ours"),
    ],
)
def test_faults_are_told_in_vietnamese(write_pages, fault, told):
    """What petitionlib itself says of a failure is in the language of the index."""
    (page,) = write_pages(report(lang="vi", status="stale", fault=fault, cell=3))
    start = "Lần lập gần nhất không thành công; trang trước đó được giữ nguyên. "
    reason = re.search(r'<p class="reason">([^<]+)<', page)[1]
    assert (reason.startswith(start), reason.endswith(told)) == (True, True)


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
    listed = report(bad, title=bad, status="stale", fault=_text(bad))._replace(
        headline=bad, notebook=bad
    )
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
    rows = "place,name_en,name_vi,level\nmy-commune,My Commune,Xã tôi,commune\n"
    (page,) = write_pages(report("my-commune"), own=with_places(tmp_path, rows))
    assert headings(page)[0] == "My Commune"


def test_nothing_built_yet(write_pages):
    """Without a page the index says so."""
    (page,) = write_pages(report(status="pending"))
    assert "No report has been built yet." in page


def test_a_name_of_several_lines_is_one_name(write_pages, tmp_path):
    """What ends a line in Unicode ends no row of the codebook: the name stands whole."""
    header = "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor"
    rows = [header, "x,Ha\u2028Noi,Hà\u0085Nội,province,,,,,,", "y,Y,Y,province,,,,,,"]
    own = with_places(tmp_path, "\n".join(rows))
    (page,) = write_pages(report("x"), report("y"), own=own)
    assert headings(page) == ["Ha\u2028Noi", "2022", "Y", "2022"]
