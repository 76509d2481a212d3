"""Offices of other countries and fields: nothing of Viet Nam is in what they get."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import petitionlib as pt
from petitionlib.cli.formats import as_lines
from petitionlib.cli.outcome import examine
from petitionlib.errors import TableError

OMBUDSMAN = Path(__file__).parent / "european-ombudsman"
FOREIGN = re.compile(
    r"viet|petitions?\b|circular|citizen|1[456] December|khiếu nại|đơn", re.IGNORECASE
)


def told(page):
    """Return what a page shows, without its scripts and styles: plotly.js knows every country."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", page.read_text("utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Build every report of the European Ombudsman's figures, as the office would."""
    home = tmp_path_factory.mktemp("office")
    shutil.copytree(OMBUDSMAN, home / "data")
    command = [Path(sys.executable).with_name("petitionlib"), "batch"]
    plan = Path(__file__).parents[2] / "reports.yaml"
    shutil.copy(plan, home)
    done = subprocess.run(command, cwd=home, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("failed")) == (0, 0), done.stderr
    return home / "reports"


@pytest.mark.slow
def test_every_page_is_of_that_office_alone(office):
    """All reports and the index are in English, and no word of another country is in any."""
    pages = sorted(office.glob("*.html"))
    assert len(pages) > 12
    assert [(page.name, found) for page in pages if (found := FOREIGN.findall(told(page)))] == []
    assert not [page for page in pages if ".vi." in page.name]
    index = told(office / "index.html")
    assert "<h1>Complaints about the institutions of the European Union</h1>" in index


def test_its_four_contradictions_are_told():
    """A printed +18% of a fall, two shares, and outcomes that exceed their total."""
    ledger = pt.reconcile(pt.read_tables(OMBUDSMAN))
    found = ledger[ledger["verdict"] == "contradicts"]
    expected = [
        ("complaints.received", 18.0), ("inquiries.commission_rate", 56.8),
        ("inquiries.closed", 330.0), ("inquiries.commission_rate", 57.1),
    ]  # fmt: skip
    assert expected == list(zip(found["indicator"], found["stated"], strict=True))


def test_its_figures_lead_its_report():
    """The finding, the main figures and the trend are those that its codebook leads with."""
    table = pt.read_tables(OMBUDSMAN)
    text, changes = pt.Text(table=table), pt.year_over_year(table)
    here = changes.query("place == 'european-union' and year == 2010")
    assert text.headline(here) == (
        "Complaints received fell by 431 (-13.9%) to 2,667 compared with 2009."
    )
    assert text.key_figures(here).index.tolist() == [
        "Complaints received", "Inquiries opened", "Inquiries closed",
        "Complaints within the mandate",
    ]  # fmt: skip
    assert pt.selection(table) == ("european-union", 2022, "CY", "inquiries.opened")
    trend = pt.plot_trend(table, "european-union", text=text)
    assert trend.layout.yaxis.title.text == "complaints"


@pytest.fixture
def extended(tmp_path):
    """Give a function that lays the ombudsman's folder out with a file of its codebook changed."""

    def lay_out(name, old, new):
        home = tmp_path / "data"
        shutil.copytree(OMBUDSMAN, home, dirs_exist_ok=True)
        path = home / "codebook" / name
        before = path.read_text("utf-8") if path.exists() else ""
        assert old in before
        path.write_text(before.replace(old, new) if old else new, encoding="utf-8")
        return home

    return lay_out


def test_a_further_language_has_its_own_words(extended):
    """words.csv gives the library's sentences; a missing one is told in the first language."""
    home = extended("about.yaml", "languages: [en]", "languages: [en, fr]")
    for name, columns in (("indicators", "label"), ("places", "name"), ("spans", "label")):
        path = home / "codebook" / f"{name}.csv"
        lines = path.read_text("utf-8").splitlines()
        path.write_text(
            "\n".join([f"{lines[0]},{columns}_fr", *(f"{x},F" for x in lines[1:])]) + "\n"
        )
    units = home / "codebook" / "units.csv"
    units.write_text("unit,one_en,many_en,one_fr,many_fr,decimals\n"
                     "complaints,complaint,complaints,plainte,plaintes,0\n"
                     "inquiries,inquiry,inquiries,enquête,enquêtes,0\n")  # fmt: skip
    about = home / "codebook" / "about.yaml"
    about.write_text(about.read_text().replace("Union}", "Union, fr: Plaintes}"))
    (home / "codebook" / "words.csv").write_text("key,fr\ncolumn.place,Lieu\nunchanged,inchangé\n")
    table = pt.read_tables(home)
    text = pt.Text("fr", table)
    assert text.figure(2667, "complaints") == "2\u202f667 plaintes"
    assert [text.say("column.place"), text.say("column.period")] == ["Lieu", "Period"]
    assert text.title("european-union", 2010) == "F, 2010: plaintes"
    assert text.date("2011-05-16") == "16 mai 2011"
    (line,) = [each for each in as_lines(examine(home), pt.Text("en", table)) if "lacks" in each]
    assert re.fullmatch(r"words.csv lacks \d+ of \d+ sentences in fr; they are told in en\.", line)
    with pytest.raises(ValueError, match="the languages are en, fr"):
        pt.Text("de", table)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("words.csv", "", "key,en\nno.such,x\n", "'no.such' is no key of the library's sentences"),
        ("words.csv", "", "key,en\non_year,on {yaer}\n", "takes a value that is not put into it"),
        ("words.csv", "", "key,en\non_year,on {year!r}\n", "takes a value that is not put into it"),
        ("indicators.csv", "{value} inquiries were opened", "{count} opened", "must have {value}"),
        ("indicators.csv", ",inquiries.commission,inq", ",,inq", "numerator is blank"),
    ],
)  # fmt: skip
def test_a_fault_of_its_sentences_is_told(extended, name, old, new, message):
    """What could not be filled in when a page is made is refused when the folder is read."""
    with pytest.raises(TableError) as caught:
        pt.read_tables(extended(name, old, new))
    assert message in str(caught.value)


def test_a_rate_without_counts_may_exceed_a_hundred(extended):
    """A rate of no denominator of ours is not held against 100%."""
    home = extended("indicators.csv", "inquiries.commission,inquiries.opened", ",")
    (home / "2023.csv").write_text(
        (home / "2022.csv").read_text().splitlines()[0]
        + "\neuropean-union,2023,CY,inquiries.commission_rate,140,,,,commission-2022,p\n"
    )
    ledger = pt.reconcile(pt.read_tables(home))
    assert "inquiries.commission_rate" not in set(ledger["indicator"])


def test_a_break_of_one_place_is_none_of_another(extended):
    """`places` of a break means their whole tree, and nobody else."""
    home = extended("breaks.csv", "", "date,scope,indicators,places,label_en,source\n"
                    "2022-03-01,form,*,european-union--commission,New form,x\n")  # fmt: skip
    changes = pt.year_over_year(pt.read_tables(home)).query("year == 2022")
    flags = dict(zip(changes["place"] + " " + changes["indicator"], changes["flag"], strict=True))
    assert flags["european-union--commission inquiries.opened"] == "form"
    assert flags["european-union inquiries.opened"] == ""
    text = pt.Text(table=pt.read_tables(home))
    commission = changes[changes["place"] == "european-union--commission"]
    assert "New form" in text.cautions(commission)
    assert "New form" not in text.cautions(changes[changes["place"] == "european-union"])


def test_what_is_carried_over_is_added_to_the_whole(extended):
    """`plus` is added where it is printed, and then the rule counts as an error."""
    home = extended("identities.csv", "closed-by-outcome", "by-state,inquiries.opened,=,"
                    "inquiries.closed,warning,x\nclosed-by-outcome")  # fmt: skip
    path = home / "codebook" / "identities.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([f"{lines[0]},plus", f"{lines[1]},inquiries.commission",
                               *(f"{line}," for line in lines[2:])]) + "\n")  # fmt: skip
    ledger = pt.reconcile(pt.read_tables(home)).query("identity == 'by-state'").set_index("year")
    assert ledger.loc[2010, ["verdict", "part_values"]].tolist() == ["unexplained", "326"]
    assert ledger.loc[2022, ["verdict", "part_values"]].tolist() == ["contradicts", "330 + 197"]
    assert 348 - (330 - 197) == ledger.loc[2022, "difference"]


def test_a_scheme_is_checked_only_whole(extended):
    """`whole_only`: no row where a part is missing, or where another scheme was printed."""
    parts = ("settled", "no_maladministration", "no_further")
    scheme = " + ".join(f"inquiries.closed.{part}" for part in parts)
    other = "inquiries.closed.settled + inquiries.closed.court"
    home = extended("identities.csv", "closed-by-outcome",
                    f"three,inquiries.closed,=,{scheme},whole_only,x\n"
                    f"lacking,inquiries.closed,=,{scheme} + inquiries.opened,whole_only,x\n"
                    "closed-by-outcome")  # fmt: skip
    ledger = pt.reconcile(pt.read_tables(home))
    assert "three" not in set(ledger["identity"])  # the other scheme's fourth part is printed
    path = home / "codebook" / "identities.csv"
    path.write_text(path.read_text().replace(f"{scheme} + inquiries.opened", other))
    path.write_text(
        path.read_text().replace(
            f"three,inquiries.closed,=,{scheme}", f"three,inquiries.closed,=,{other}"
        )
    )
    assert "three" in set(pt.reconcile(pt.read_tables(home))["identity"])


def test_what_a_source_covers_is_told_with_it(extended):
    """`coverage` may stand in sources.csv, and is named wherever the source is."""
    home = extended("about.yaml", "contract: 1", "contract: 1")
    path = home / "sources.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    rows = [f"{row},{'41 of 63 bodies' * row.startswith('commission')}" for row in rows]
    path.write_text("\n".join([f"{header},coverage", *rows]) + "\n", encoding="utf-8")
    table = pt.read_tables(home)
    listed = pt.sources(table)
    assert listed["coverage"].tolist() == ["", "", "41 of 63 bodies"]
    assert ", no date. 41 of 63 bodies. https://" in pt.Text(table=table).sources(listed)
