"""A codebook of one's own: another country's units, year, title and languages."""

import json
from datetime import date

import pytest

import petitionlib as pt
from petitionlib.cli.formats import as_lines
from petitionlib.cli.outcome import examine
from petitionlib.codebook.about import read_about
from petitionlib.codebook.entries import about, columns_of, entries
from petitionlib.codebook.windows import last_day, window
from petitionlib.errors import TableError
from petitionlib.reports.rows import lay_out
from petitionlib.tables.raw import Snapshot

FILES = {
    "codebook/about.yaml": "codebook: own\nlanguages: [en]\ntitle: {en: Road collisions}\n"
    "default_span: FY\ncontract: 1\n",
    "codebook/units.csv": "unit,one_en,many_en,decimals\n"
    "collisions,collision,collisions,0\nkm,km,km,1\n",
    "codebook/indicators.csv": "indicator,unit,kind,label_en,numerator,denominator,lead\n"
    "urban,collisions,flow,Urban collisions,,,\nrural,collisions,flow,Rural collisions,,,\n"
    "urban_rate,percent,rate,Urban share,urban,all,2\nall,collisions,flow,Collisions,,,1\n"
    "roads,km,stock,Roads,,,\n",
    "codebook/identities.csv": "identity,whole,relation,parts,severity,authority\n"
    "by-road,all,=,urban + rural,error,annual report\n",
    "codebook/places.csv": "place,name_en,level,code,parent,partition,valid_from,valid_to,"
    "successor\nnorthshire,Northshire,province,,,,,,\n",
    "codebook/spans.csv": "span,label_en,start,end,cumulative\n"
    "FY,Financial year,Y/04-01,Y+1/03-31,yes\nFIVE,Five years,Y-4/04-01,Y+1/03-31,yes\n"
    "YTD,So far,Y/04-01,,yes\n",
    "sources.csv": "source,title,publisher,url,published,note\n"
    "a,Report 2022,Northshire,,2023-06-01,\nb,Report 2023,Northshire,,2024-06-01,\n",
}
HEADER = "place,year,span,indicator,value,change,change_percent,status,source,locator\n"
FIGURES = {
    2022: {"all": "1200", "urban": "900", "rural": "300", "roads": "812.5"},
    2023: {"all": "1080", "urban": "790", "rural": "280", "urban_rate": "73.1", "roads": "813.0"},
}


@pytest.fixture
def home(tmp_path):
    """Lay out the data folder of a council that counts collisions in financial years."""
    (tmp_path / "data" / "codebook").mkdir(parents=True)
    files = dict(FILES)
    for year, figures in FIGURES.items():
        rows = [
            f"northshire,{year},FY,{name},{value},,,,{'ab'[year - 2022]},p. 3\n"
            for name, value in figures.items()
        ]
        files[f"{year}.csv"] = HEADER + "".join(rows)
    for name, text in files.items():
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    return tmp_path / "data"


def test_nothing_of_the_shipped_codebook_is_left(home):
    """A codebook of one's own is whole: no unit, place, break or rule of Viet Nam is in it."""
    table = pt.read_tables(home)
    assert [*entries("units", table)] == ["collisions", "km"]
    assert [*entries("places", table)] == ["northshire"]
    assert [*entries("breaks", table)] == []
    assert [*entries("identities", table)] == ["by-road"]
    assert about(table) == (True, ("en",), {"en": "Road collisions"}, "FY")
    assert {name[:4] for name in table["codebook"]} == {"own-"}


def test_its_year_is_its_own(home):
    """Windows begin and end in any year; an open one lasts as long as the default span."""
    table = pt.read_tables(home)
    assert window("FY", 2023, table) == (date(2023, 4, 1), date(2024, 3, 31))
    assert window("FIVE", 2023, table) == (date(2019, 4, 1), date(2024, 3, 31))
    assert last_day("YTD", 2023, table) == date(2024, 3, 31)


def test_it_is_told_in_its_words(home):
    """Title, finding, key figures and numbers come from the codebook, in its first language."""
    table = pt.read_tables(home)
    text, changes = pt.Text(table=table), pt.year_over_year(table)
    assert text.lang == "en"
    assert text.title("northshire", 2023, span="FY") == "Northshire, 2023: road collisions"
    assert text.headline(changes) == (
        "In 2023, collisions fell by 120 (-10.0%) to 1,080 compared with 2022."
    )
    figures = text.key_figures(changes.query("year == 2023"))
    assert figures.index.tolist() == ["Collisions", "Urban share"]
    assert text.figure(813, "km", decimals=1) == "813.0 km"
    assert text.count(1, "collisions") == "1 collision"
    trend = pt.plot_trend(table, "northshire", "roads", text=text)
    assert trend.layout.title.text == "Northshire, 2023. Roads: 813.0 km, up 0.5 (+0.1%) on 2022."


def test_without_a_title_reports_are_about_figures(home):
    """A codebook of one's own that does not say what reports are about borrows no title."""
    path = home / "codebook" / "about.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "title" not in line), encoding="utf-8")
    text = pt.Text(table=pt.read_tables(home))
    assert text.title("northshire", 2023, span="FY") == "Northshire, 2023: figures"
    assert text.title("northshire") == "Northshire: figures over the years"


def test_every_chart_is_drawn(home):
    """Charts know no indicator of another country: one with nothing to draw says so."""
    table = pt.read_tables(home)
    text, changes = pt.Text(table=table), pt.year_over_year(table)
    composition = pt.plot_composition(table, "northshire", 2023, span="FY", text=text)
    assert composition.layout.title.text.replace("<br>", " ") == (
        "Northshire, 2023. Collisions: Urban collisions made up 73.1% (790 of 1,080)"
    )
    settlement = pt.plot_settlement(table, "northshire", 2023, span="FY", text=text)
    ranking = pt.plot_ranking(table, 2023, "all", span="FY", text=text)
    bars = pt.plot_changes(changes, "northshire", 2023, span="FY", text=text)
    for figure in (composition, settlement, ranking, bars):
        drawn = figure.to_json()
        assert "Northshire" in drawn
        assert not [word for word in ("petition", "Viet", "December") if word in drawn]


def test_in_a_language_that_it_has_not_its_own_labels_stand(home):
    """The library's words are Vietnamese, the labels are those of the codebook's first language."""
    text = pt.Text("vi", pt.read_tables(home))
    assert text.indicator("all") == "Collisions"
    assert text.count(2, "collisions") == "2 collisions"


def test_it_is_checked_without_a_word_of_another_country(home):
    """The contradiction is told; nothing of Viet Nam, petitions or December is."""
    found = examine(home)
    lines = as_lines(found, pt.Text(table=found.table))
    assert (
        "Northshire, 2023. Collisions: 1,080 printed, 790 + 280 = 1,070; difference 10" in lines[2]
    )
    for word in ("Viet", "petition", "circular", "December"):
        assert not [line for line in lines if word in line and "petitionlib check" not in line]


def test_a_narrowed_folder_has_the_whole_codebook(home, tmp_path):
    """What a report reads is ruled by the same codebook, about.yaml with it."""
    data = Snapshot(home)
    assert [*data.places] == ["northshire"]
    laid_out = lay_out(data, ["northshire"], tmp_path / "narrow")
    again, table = pt.read_tables(laid_out), pt.read_tables(home)
    assert again.attrs == table.attrs
    assert again.equals(table)


def test_an_extended_codebook_may_have_its_own_title(home):
    """Without `own` the rows are added, and what about.yaml leaves out is the shipped one's."""
    for path in (home / "codebook").glob("*.csv"):
        path.unlink()
    for year in FIGURES:
        (home / f"{year}.csv").unlink()
    (home / "codebook" / "about.yaml").write_text("title: {en: Our letters, vi: Thư}\n")
    (home / "2022.csv").write_text(f"{HEADER}can-tho,2022,Y,petitions.received,5,,,,a,p. 3\n")
    table = pt.read_tables(home)
    assert pt.Text("vi", table).title("can-tho", 2022) == "Cần Thơ, năm 2022: thư"
    assert about(table)[2:] == ({"en": "Our letters", "vi": "Thư"}, "Y")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("codebook: mine\n", 1, "codebook 'mine' is none of own, extends"),
        (
            "languages: [en]\nlanguage: en\n",
            2,
            "has the key 'language', which is none; did you mean",
        ),
        ("contract: 2\n", 1, "this petitionlib knows contract 1; install a newer petitionlib"),
        ("languages: [xx]\n", 1, "has languages ['xx']; write a list"),
        ("languages: en\n", 1, "; write a list of language codes, for instance languages: [en]"),
        ("languages: [en, vi]\ntitle: {en: A}\n", 2, "title that is not a text for each of en, vi"),
        ("title: A\n", 1, "title that is not a text for each of"),
        ("default_span: [Y]\n", 1, "has a default_span that is not a text"),
        ("default_span: Z\n", None, "default_span 'Z' is no row of spans.csv"),
        ("- a\n", 1, "is not a list of keys; it takes codebook, languages"),
        ("codebook: [a, b]\n", 1, "codebook \"['a', 'b']\" is none of own, extends"),
        (
            "languages: [[en]]\n",
            1,
            "; write a list of language codes, for instance languages: [en]",
        ),
        ("title: {en: A\x01}\n", None, "is not readable as YAML: special characters"),
        ("[" * 9999, None, "too deep"),
        ("a: [\n", 2, "is not readable as YAML"),
    ],
)
def test_a_fault_of_about_yaml_is_told_with_its_line(home, text, line, message):
    """Each fault names the file, the line and the remedy, in both languages."""
    for path in (home / "codebook").glob("*.csv"):
        path.unlink()
    (home / "codebook" / "about.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as error:
        pt.read_tables(home)
    (problem,) = [one for one in error.value.problems if one.file.endswith("about.yaml")]
    assert problem.line == line
    assert message in str(problem)
    assert problem.told("vi") != problem.told("en")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("units", "km,km,km,1", "km,km,km,x", "decimals 'x' is not a number from 0 to 15"),
        ("units", "km,km,km,1", "percent,%,%,1", "'percent'"),
        ("units", "km,km,km,1", "km,,km,1", "one_en is blank"),
        (
            "indicators",
            "roads,km,",
            "roads,kms,",
            "unit 'kms' is not in the codebook; did you mean 'km'",
        ),
        ("indicators", "roads,km,", "roads,,", "unit is blank"),
        (
            "indicators",
            "Collisions,,,1",
            "Collisions,,,first",
            "lead 'first' is not a number like 1",
        ),
        ("spans", "Y+1/03-31,yes\nFIVE", "Y+1/3-31,yes\nFIVE", "Y+1/3-31"),
    ],
)
def test_a_fault_of_its_files_is_told(home, name, old, new, message):
    """The rules of the shipped files are those of one's own."""
    path = home / "codebook" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TableError) as error:
        pt.read_tables(home)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("value", "message"),
    [("812.55", "more decimals than its unit allows, 1: see units.csv"), ("-1", "is negative")],
)
def test_a_figure_has_no_more_decimals_than_its_unit(home, value, message):
    """A unit that is measured says how finely it may be printed."""
    path = home / "2022.csv"
    path.write_text(path.read_text("utf-8").replace("812.5", value), encoding="utf-8")
    with pytest.raises(TableError, match=message):
        pt.read_tables(home)


def test_a_blank_about_says_nothing():
    """A file without content is none."""
    assert read_about("about.yaml", b" \n# only a comment\n") == ({}, [])


def test_rows_that_a_table_carries_may_lack_later_columns():
    """A table that was kept before a column came has it blank."""
    carried = type(
        "T", (), {"attrs": {"codebook": json.dumps({"units": [["k", "k", "k", "k", "k"]]})}}
    )
    assert entries("units", carried)["k"] == dict.fromkeys(columns_of("units")[:5], "k") | {
        "decimals": "0"
    }
