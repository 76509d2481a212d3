"""Tables as a notebook shows them: in words, whole, and as text that is not code."""

import json
import re

import pandas as pd
import pytest
from four_rows import RECEIVED, figures_of, row, table

from petitionlib.changes.contributions import contributions, shares
from petitionlib.changes.rates import rates
from petitionlib.changes.revisions import revisions
from petitionlib.changes.year_over_year import year_over_year
from petitionlib.checks.reconcile import reconcile
from petitionlib.codebook.codebook import indicators
from petitionlib.tables.sources import sources
from petitionlib.text.text import Text, show

RATE = "cases.complaints.settlement_rate"


def cells(shown):
    """Give the cells of a shown table, heading first."""
    rows = re.findall(r"<tr.*?>(.*?)</tr>", shown.html, re.DOTALL)
    return [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", one, re.DOTALL) for one in rows]


def test_codes_become_names_and_numbers_are_written():
    """A reader sees no code: place, period and indicator are named, and the figure has its unit."""
    shown = Text("vi", year_over_year(table(row(2022, 2636), row(2023, 3108))).tail(1)).show(
        year_over_year(table(row(2022, 2636), row(2023, 3108))).tail(1)
    )
    told = dict(zip(*cells(shown), strict=True))
    assert told["Đơn vị"] == "Cần Thơ"
    assert told["Kỳ báo cáo"] == "năm 2023"
    assert told["Chỉ tiêu"] == "Đơn tiếp nhận trong kỳ"
    assert told["Công bố"] == "3.108 đơn"
    assert told["Tăng, giảm"] == "tăng 472 đơn"
    assert told["Tăng, giảm (%)"] == "tăng 17,9%"
    assert told["Số cùng kỳ"] == "đã công bố"


def test_a_missing_figure_is_a_dash():
    """Missing stays missing, and is not written as nan."""
    shown = show(year_over_year(table(row(2023, None, change=5), row(2022, 3))))
    assert "nan" not in shown.text.lower()
    assert "–" in shown.text


def test_a_rate_has_its_decimals_and_points():
    """A rate is written as printed, its change in percentage points."""
    rows = table(row(2022, 93.1, indicator=RATE), row(2023, 90, indicator=RATE))
    found = show(year_over_year(rows.assign(decimals=[2, 1])))
    assert "93.10%" in found.text
    assert "-3.1 percentage points" in found.text


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda t: t, id="read_tables"),
        pytest.param(year_over_year, id="year_over_year"),
        pytest.param(reconcile, id="reconcile"),
        pytest.param(rates, id="rates"),
        pytest.param(lambda t: contributions(t, "petitions.in_jurisdiction"), id="contributions"),
        pytest.param(lambda t: shares(t, "petitions.in_jurisdiction"), id="shares"),
        pytest.param(revisions, id="revisions"),
        pytest.param(sources, id="sources"),
    ],
)
def test_every_table_of_ours_has_headings_in_both_languages(shipped, make, lang):
    """No column of a table that petitionlib makes is headed by its code, and none is lost."""
    made = make(shipped).head(3)
    heading = cells(Text(lang, made).show(made))[0]
    assert [name for name in heading if re.fullmatch("[a-z_]+", name) or not name] == []
    hidden = {"span", "decimals", "change_percent_decimals", "split", "cause_part", "cause_detail"}
    hidden |= {"first_value", "change_decimals", "parts", "missing", "event"}
    hidden |= {name for name in made.columns if str(name).startswith("suspect")}
    hidden |= {"source_order", "codebook"}
    hidden |= {"published", "coverage"} if "source_order" in made else set()
    assert len(set(heading)) == len(set(made.columns) - hidden)


def test_a_table_of_text_stays_as_it_is():
    """What `Text` made is shown with its index, word for word."""
    made = pd.DataFrame({"Published": ["3,108"]}, index=["Petitions received"])
    assert cells(show(made)) == [["", "Published"], ["Petitions received", "3,108"]]
    assert repr(show(made)) == made.to_string()


def test_text_from_data_is_escaped():
    """A name that is HTML stands as it is, also in a heading."""
    nasty = "<img src=x onerror=alert(1)>"
    shown = show(table(row(2022, 1, place=nasty)).assign(**{nasty: nasty}))
    assert "<img" not in shown.html
    assert "&lt;img" in shown.html


def test_a_long_table_scrolls_under_its_header():
    """From forty rows on a table stands in a box, its header above; a short one does not."""
    rows = [row(1900 + i, i) for i in range(40)]
    assert "position: sticky" in show(table(*rows)).html
    assert "<div" not in show(table(*rows[:39])).html
    assert len(cells(show(table(*rows)))) == 41


def test_nothing_of_pandas_is_changed():
    """No option is left changed, and the table itself neither."""
    rows = figures_of(petitions__received=3)
    before, width = rows.copy(), pd.get_option("display.max_colwidth")
    show(rows)
    assert rows.equals(before)
    assert width == pd.get_option("display.max_colwidth")


def test_names_of_the_data_folder():
    """An indicator that the data folder brought is named by its own label."""
    rows = table(row(2022, 5, indicator="letters"))
    own = [["letters", "petitions", "flow", "Letters", "Thư", "", ""]]
    rows.attrs["codebook"] = json.dumps({"indicators": own})
    assert "Thư" in Text("vi", rows).show(rows).text
    assert "5 petitions" in show(rows).text


def test_a_column_of_ones_own_stays():
    """What an analyst added is shown under its own name."""
    shown = show(table(row(2022, 5)).assign(per_head=0.25))
    assert cells(shown)[0][-1] == "per_head"
    assert cells(shown)[1][-1] == "0.25"


def test_an_empty_table_has_its_headings():
    """Nothing to show is shown as an empty table, not as an error."""
    assert "Indicator" in show(table(row(2022, 5)).iloc[:0]).html


@pytest.mark.parametrize("dtype", ["category", "object"])
def test_texts_of_any_kind(dtype):
    """Codes may be categories, as in a large table."""
    rows = table(row(2022, 5), row(2023, 6))
    expected = show(year_over_year(rows)).text
    codes = dict.fromkeys(("place", "span", "indicator", "source", "status"), dtype)
    assert expected == show(year_over_year(rows.astype(codes))).text


def test_indicators_are_named_wherever_they_stand():
    """Parts and wholes are named as well, and what no part explains."""
    rows = figures_of(
        petitions__in_jurisdiction=10, petitions__in_jurisdiction__complaints=4,
        petitions__in_jurisdiction__denunciations=3, petitions__in_jurisdiction__feedback=2,
    )  # fmt: skip
    text = show(shares(rows, "petitions.in_jurisdiction")).text
    assert "Within jurisdiction: complaints" in text
    assert "not explained by the parts" in text
    assert RECEIVED not in text


def test_the_counts_of_settlement_are_called_what_they_are():
    """Cases settled and cases to settle are told apart by name; of other rates they are counts."""
    counts = ["indicator", "numerator_value", "denominator_value"]
    cases = [
        row(2022, n, indicator=f"cases.complaints.{c}") for n, c in ((3, "settled"), (4, "due"))
    ]
    settled = rates(table(*cases))
    assert cells(Text("vi", settled[counts]).show(settled[counts]))[0] == [
        "Chỉ tiêu", "Đã giải quyết", "Phải giải quyết",
    ]  # fmt: skip
    shares_ = [
        row(2022, 3, indicator="petitions.eligible"),
        row(2022, 4, indicator="petitions.received"),
    ]
    mixed = rates(table(*cases, *shares_))
    assert cells(show(mixed[counts]))[0][1:] == ["Numerator's figure", "Denominator's figure"]


@pytest.mark.parametrize(
    "make", [year_over_year, reconcile, rates, revisions], ids=lambda make: make.__name__
)
def test_a_table_from_a_csv_file(make, shipped, tmp_path):
    """A table that was saved and read again is shown like the one that was not: a blank is none."""
    made = make(shipped)
    made.to_csv(tmp_path / "made.csv", index=False)
    again = pd.read_csv(tmp_path / "made.csv").astype({"year": "int64"})
    again.attrs = made.attrs
    assert again.isna().sum().sum() > made.isna().sum().sum()
    assert cells(show(again)) == cells(show(made))


def test_heads_and_numbers_are_marked(shipped):
    """Columns of numbers are named as such, heads and row names by what they head; texts are not.

    A source whose id begins with a digit is none.
    """
    at = "place == 'viet-nam' and year == 2013"
    text = Text("vi", shipped)
    changes = year_over_year(shipped).query(at)
    found = text.show(changes)
    assert changes["source"].str[0].str.isdigit().any()
    heads = dict(zip(cells(found)[0], re.findall("<th( .*?)>", found.html), strict=False))
    assert heads["Công bố"] == heads["Tăng, giảm (%)"] == ' class="number" scope="col"'
    assert heads["Nguồn"] == heads["Kỳ báo cáo"] == ' scope="col"'
    written = text.show(text.comparisons(changes)).html
    assert written.count('<th scope="row">') == len(changes)
    assert written.count('<td class="number">') == 3 * len(changes)


def test_a_table_is_there_as_data_too(shipped):
    """Beside HTML and text stands the table schema: codes, numbers, decimals, units, titles."""
    changes = year_over_year(shipped)
    bundle = Text("vi", shipped).show(changes)._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html", "application/vnd.dataresource+json"]
    resource = json.loads(json.dumps(bundle["application/vnd.dataresource+json"], allow_nan=False))
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["value"]["type"] == "number"
    assert fields["value"]["title"] == "Công bố"
    rows = pd.DataFrame(resource["data"])
    assert set(rows) == set(fields) == {*changes.columns, "unit"}
    units = indicators().set_index("indicator")["unit"]
    assert rows["unit"].tolist() == changes["indicator"].map(units).tolist()
    names = Text("vi", shipped).show(Text("vi", shipped).key_figures(changes.head(5))).resource
    assert names["schema"]["fields"][0]["name"] == "Chỉ tiêu"
    assert names["data"][0]["Chỉ tiêu"]
    for name in ("value", "previous", "relative_change", "decimals"):
        expected = changes[name].astype("float64").reset_index(drop=True)
        pd.testing.assert_series_equal(rows[name].astype("float64"), expected)


FOREIGN = {
    "columns twice": pd.DataFrame([["can-tho", 1, 2]], columns=["place", "x", "x"]),
    "numbers as names": pd.DataFrame([[1]], columns=[2022]),
    "two levels of columns": pd.DataFrame({("a", "b"): [1]}),
    "two levels of rows": pd.DataFrame({"a": ["x"]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
    "a pivot": pd.DataFrame({"y": [2022], "i": ["a"], "v": [1.5]}).pivot_table("v", "y", "i"),
    "an index with a name": pd.DataFrame({"a": ["x"]}, index=pd.Index(["r"], name="row")),
    "numbers": pd.DataFrame({"a": [1.5]}),
    "periods": pd.DataFrame({"a": pd.period_range("2020", periods=1)}),
    "nothing": pd.DataFrame(),
}


@pytest.mark.parametrize("made", FOREIGN.values(), ids=FOREIGN)
def test_a_table_that_is_none_of_ours_is_no_data(made):
    """It is shown as pandas shows it, in HTML and text alone."""
    bundle = show(made)._repr_mimebundle_()
    if made.empty:
        return
    assert list(bundle) == ["text/plain", "text/html"]
    assert "dataframe" in bundle["text/html"]


STRANGE = {
    "periods": pd.period_range("2020", periods=2),
    "bytes": [b"\xff", b"a"],
    "surrogate": ["\ud800", "a"],
    "objects": [object(), {1: 2}],
    "dates": pd.to_datetime(["2020-01-01", None]),
    "infinite": [float("inf"), float("nan")],
    "truth": [True, False],
    "intervals": pd.interval_range(0, 2),
}


@pytest.mark.parametrize("column", STRANGE.values(), ids=STRANGE)
def test_a_column_of_any_kind_is_shown(column):
    """Beside codes may stand what an analyst has put there; it may be no data, and is seen."""
    shown = show(pd.DataFrame({"place": ["can-tho", "x"], "own": pd.Series(list(column))}))
    assert cells(shown)[0] == ["Place", "own"]
    assert shown.resource is None or json.dumps(shown.resource, allow_nan=False)
    assert '<th scope="col">own' in shown.html or column == STRANGE["infinite"]


def test_two_columns_of_one_head_are_both_shown():
    """A head may be that of two columns: neither is lost."""
    rows = pd.DataFrame({"year": [2022], "span": ["H1"], "Period": ["mine"]})
    assert cells(show(rows)) == [["Period", "Period"], ["first six months of 2022", "mine"]]


def test_rows_of_text_keep_their_names_in_the_data():
    """Dates as names of rows are written as text has them; a blank cell is a dash everywhere."""
    made = pd.DataFrame({"a": ["x", None]}, index=pd.to_datetime(["2020-01-01", "2021-01-01"]))
    shown = show(made.astype("str"))
    assert cells(shown)[1:] == [["2020-01-01", "x"], ["2021-01-01", "–"]]
    assert "–" in shown.text


def test_the_unit_of_the_data_is_that_of_the_figure(shipped):
    """A printed change in percent is percent; a part has the unit of its whole."""
    ledger = reconcile(shipped)
    rows = pd.DataFrame(show(ledger).resource["data"])
    changes = rows[rows["identity"] == "change_percent"]
    assert set(changes["unit"]) == {"percent"}
    parts = show(shares(shipped, RECEIVED)).resource["data"]
    assert {row["unit"] for row in parts} == {"petitions"}
    fields = show(year_over_year(shipped)).resource["schema"]["fields"]
    titles = {field["name"]: field["title"] for field in fields}
    assert (titles["year"], titles["relative_change"]) == ("Year", "relative_change")
