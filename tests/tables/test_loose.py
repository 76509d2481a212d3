"""A table that lies beside no sources.csv and no codebook: anybody's figures in one line."""

import contextlib
import io
import re
from pathlib import Path

import pandas as pd
import pytest

import petitionlib as pt
from petitionlib.errors import DataNotFoundError, TableError

LOANS = """place,year,indicator,value,unit
Leeds,2021,Loans,52100,
Leeds,2022,Loans,54700,
York,2021,Loans,18000,
York,2022,Loans,17100,
Leeds,2021,Returned on time,81.5,percent
Leeds,2022,Returned on time,79.25,percent
Ørsted Bibliotek,2022,Loans,12,
"""


@pytest.fixture
def loans(tmp_path):
    """Write a table of library loans, alone in its folder."""
    path = tmp_path / "loans.csv"
    path.write_text(LOANS, encoding="utf-8")
    return path


def test_four_columns_are_a_table(tmp_path):
    """Place, year, indicator and value are enough; the file is the source."""
    path = tmp_path / "accidents.csv"
    path.write_text("place,year,indicator,value\nA1,2020,accidents,7\n", encoding="utf-8")
    table = pt.read_table(path)
    assert ["A1", 2020, "Y", "accidents", 7.0] == table.iloc[0, :5].tolist()
    assert {"none"} == set(table["codebook"])
    assert ["accidents.csv"] == table["source"].tolist()


def test_codes_are_names(loans):
    """Codes and labels are as they are, in the order of the file; nothing else is known."""
    table = pt.read_table(loans)
    assert ["Loans", "Returned on time"] == pt.codebook.indicators(table)["indicator"].tolist()
    for book in (pt.codebook.places, pt.codebook.breaks, pt.codebook.identities, pt.codebook.spans):
        assert book(table).empty
    assert "Leeds" == pt.selection(table).place
    assert "Loans" == pt.Text(table=table).indicator("Loans")


def test_a_unit_of_percent_is_a_rate(loans):
    """What is measured in percent changes in points, and is not ranked by percent."""
    changes = pt.year_over_year(pt.read_table(loans)).query("place == 'Leeds' and year == 2022")
    found = changes.set_index("indicator")
    assert [2600.0, -2.25] == found.loc[["Loans", "Returned on time"], "absolute_change"].tolist()
    assert found["relative_change"].isna().tolist() == [False, True]


def test_its_span_is_in_no_sentence(loans):
    """The span that nobody wrote is in the key, and in no word."""
    table = pt.read_table(loans)
    text, changes = pt.Text(table=table), pt.year_over_year(table)
    here = changes.query("place == 'Leeds' and year == 2022")
    assert text.title("Leeds", 2022) == "Leeds, 2022: figures"
    assert text.headline(here) == "Loans rose by 2,600 (+5.0%) to 54,700 compared with 2021."
    assert text.comparison(here.iloc[0]) == "Loans: 54,700, up 2,600 (+5.0%) on 2021."


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_function_takes_it(loans, lang):
    """Comparisons, checks, charts and texts work, and say nothing of Viet Nam."""
    table = pt.read_table(loans)
    text, changes, ledger = pt.Text(lang, table), pt.year_over_year(table), pt.reconcile(table)
    told = [
        text.ledger(ledger), text.cautions(changes), text.sources(pt.sources(table)),
        text.rankings(table, 2022), text.definitions(changes),
        *(frame.to_string() for frame in (
            text.key_figures(changes.query("place == 'Leeds' and year == 2022")),
            text.comparisons(changes, ledger), text.main_figures(changes), text.coverage(table),
        )),
        *(repr(pt.show(frame)) for frame in (table, changes, ledger, pt.rates(table))),
        *(figure.to_json() for figure in (
            pt.plot_trend(table, ["Leeds", "York"], text=text),
            pt.plot_changes(changes, "Leeds", 2022, text=text),
            pt.plot_ranking(table, 2022, text=text),
            pt.plot_composition(table, "Leeds", 2022, text=text),
            pt.plot_settlement(table, "Leeds", 2022, text=text),
        )),
    ]  # fmt: skip
    words = "Viet Nam|Việt Nam|petition|đơn thư|citizen|circular|December|Y 2022"
    assert re.findall(words, "\n".join(told)) == []
    assert "Ørsted Bibliotek" in "\n".join(told)


@pytest.mark.parametrize("way", ["attrs", "csv", "concat", "category"])
def test_columns_alone_decide(loans, tmp_path, way):
    """What pandas drops changes no number and no word: the column `codebook` says `none`."""
    table = pt.read_table(loans)
    lost = table.copy()
    if way == "csv":
        table.to_csv(tmp_path / "again.csv", index=False)
        texts = dict.fromkeys(table.select_dtypes("str").columns, "str")
        blank = {name: [""] for name in ("value", "change", "change_percent")}
        again = {"dtype": texts, "keep_default_na": False, "na_values": blank}
        lost = pd.read_csv(tmp_path / "again.csv", **again)
    if way == "concat":
        lost = pd.concat([table.iloc[:2], table.iloc[2:]], ignore_index=True)
    if way == "category":
        lost = table.astype(dict.fromkeys(("place", "span", "indicator"), "category"))
    lost.attrs = {}
    columns = ["value", "previous", "absolute_change", "relative_change"]
    one, other = pt.year_over_year(table), pt.year_over_year(lost)
    assert (
        one[columns].to_numpy().tolist().__repr__() == other[columns].to_numpy().tolist().__repr__()
    )
    assert one["flag"].tolist() == other["flag"].tolist()
    draw = [pt.plot_trend(each, "Leeds", "Returned on time").to_json() for each in (table, lost)]
    assert draw[0] == draw[1]


WIDE = {
    "years across": "Library,Measure,2020,2021\nLeeds,Loans,1,2\n",
    "financial years": "Library,Measure,Note,FY2020/21,FY2021/22\nLeeds,Loans,x,1,2\n",
    "other names": "Area,Year,Kind,Number\nLeeds,2020,Loans,1\nLeeds,2021,Loans,2\n",
    "capitals": "Place,Year,Indicator,Value\nLeeds,2020,Loans,1\nLeeds,2021,Loans,2\n",
    "no indicator": "town,year,value\nLeeds,2020,1\nLeeds,2021,2\n",
    "one more column": "place,year,indicator,value,who\nA,2020,Loans,1,x\nA,2021,Loans,2,\n",
    "no place": "year,loans,visits\n2020,1,5\n2021,2,6\n",
    "one year across": "Library,Measure,2020\nLeeds,Loans,1\nYork,Loans,2\n",
    "a trailing comma": "Library,Measure,2020,2021,\nLeeds,Loans,1,2,\n",
    "a country called NA": "country,code,2020,2021\nNamibia,NA,1,2\n",
    "one more that varies": "place,year,indicator,sex,value\nA,2020,x,f,1\nA,2021,x,m,2\n",
    "a code beside": "country,code,year,loans,visits\nN,NA,2020,1,5\nN,NA,2021,2,6\n",
    "quotes": 'Library,"Kind, all",2020,2021\nLeeds,"it\'s a ""loan""",1,2\n',
}


@pytest.mark.parametrize("content", WIDE.values(), ids=WIDE)
def test_another_shape_is_told_its_line_of_pandas(tmp_path, monkeypatch, content):
    """A wide table or other names are refused; the line of pandas that is offered works."""
    monkeypatch.chdir(tmp_path)
    Path("loans.csv").write_text(content, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        pt.read_table("loans.csv")
    told = str(caught.value)
    assert told.startswith("loans.csv, line 1: the columns are ")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(told.partition("In pandas: ")[2], {"pd": pd})  # noqa: S102  # as a user would
    table = pt.read_table("loans-tidy.csv")
    assert {2020, 2021} >= set(table["year"])
    assert not table["place"].eq("").any()
    assert table["value"].sum() == (14 if "visits" in content else 3)


@pytest.mark.parametrize(
    "header",
    ["place,indicator,2020 Q1,2020 Q2", "place,2020,2021,value", "place,indicator,value"],
)
def test_where_a_column_may_mean_two_things_no_line_is_offered(tmp_path, header):
    """Quarters across, a value beside years, no year at all: nothing is guessed."""
    path = tmp_path / "loans.csv"
    path.write_text(f"{header}\nA,1,2,3\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        pt.read_table(path)
    assert "pandas" not in str(caught.value)


def test_its_lines_are_all_figures(tmp_path):
    """No line of a loose table is a comment: a place may begin like one."""
    path = tmp_path / "schools.csv"
    path.write_text("place,year,indicator,value\n# 1 school,2020,pupils,1\n", encoding="utf-8")
    assert ["# 1 school"] == pt.read_table(path)["place"].tolist()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param("Leeds,2021,Loans,1 200,", "write 1200", id="thousands"),
        pytest.param("Leeds,2021,Loans,-3,", "is negative", id="negative"),
        pytest.param("Leeds,21,Loans,3,", "year '21'", id="a short year"),
        pytest.param(" Leeds,2021,Loans,3,", "has spaces around it", id="blanks"),
        pytest.param("Leeds,2021,,3,", "indicator is blank", id="no indicator"),
        pytest.param("Leeds,2021,Loans,3,\nLeeds,2021,Loans,4,", "line 2", id="twice"),
        pytest.param("Leeds,2021,Loans,3,\nYork,2021,Loans,4,percent", "has one unit", id="units"),
    ],
)  # fmt: skip
def test_its_form_is_checked(tmp_path, row, fault):
    """Only the form of a loose table is checked, and each fault has its line and remedy."""
    path = tmp_path / "loans.csv"
    path.write_text(f"place,year,indicator,value,unit\n{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=re.escape(fault)):
        pt.check_table(path)


def test_beside_a_list_of_sources_the_codebook_is_binding(loans):
    """The same file beside a sources.csv is no loose table: its codes must be known."""
    (loans.parent / "sources.csv").write_text(
        "source,title,publisher,url,published,note\na,A,A,,,\n"
    )
    with pytest.raises(TableError, match="unknown column 'unit'"):
        pt.read_table(loans)


def test_two_codebooks_are_not_compared(loans, shipped):
    """A loose table put together with another one is refused, with the remedy."""
    with pytest.raises(TableError, match="no codebook"):
        pt.year_over_year(pd.concat([pt.read_table(loans), shipped]))


def test_a_report_of_it_is_a_page(loans, tmp_path):
    """Its page comes from one command, names the file as its source, and is about the figures."""
    page = pt.build_report(
        "yearly_report", data=loans, out=tmp_path / "out", place="Leeds", year=2022
    )
    told = page.read_text(encoding="utf-8")
    assert page.name == "yearly_report.Leeds.2022.Y.en.html"
    assert "<title>Leeds, 2022: figures</title>" in told
    assert "loans.csv" in told


def test_a_report_fills_in_what_is_blank(loans, tmp_path):
    """Without parameters the first place and the latest year are taken."""
    page = pt.build_report("yearly_report", data=loans, out=tmp_path)
    assert page.name == "yearly_report.Leeds.2022.Y.en.html"


def test_a_place_that_is_not_there_is_told_those_that_are(loans, tmp_path):
    """A slip in the place of a report names the nearest one."""
    with pytest.raises(DataNotFoundError, match="did you mean 'Leeds'"):
        pt.build_report("yearly_report", data=loans, out=tmp_path, place="leeds", year=2022)


def test_a_change_may_be_approximate(tmp_path):
    """`change_status` says so: it contradicts nothing nearby, and a base from it is approximate."""
    path = tmp_path / "loans.csv"
    path.write_text(
        "place,year,indicator,value,change,change_percent,change_status\n"
        "A,2021,loans,1000,,,\nA,2022,loans,1240,,25,e\nB,2022,loans,900,100,,e\n",
        encoding="utf-8",
    )
    table = pt.read_table(path)
    assert "contradicts" not in set(pt.reconcile(table)["verdict"])
    assert "contradicts" in set(pt.reconcile(table.drop(columns="change_status"))["verdict"])
    changes = pt.year_over_year(table).query("place == 'B'")
    assert changes[["previous", "flag"]].to_numpy().tolist() == [[800.0, "approximate"]]


def test_an_approximate_change_has_no_other_status(tmp_path):
    """The status of a change is blank or `e`."""
    path = tmp_path / "loans.csv"
    path.write_text(
        "place,year,indicator,value,change_status\nA,2021,loans,1,p\n", encoding="utf-8"
    )
    with pytest.raises(TableError, match="change_status 'p' is none of e"):
        pt.read_table(path)
