"""What decides a number stands in the columns: a merge must not change a figure."""

import io

import numpy as np
import pandas as pd
import pytest
from examples import examples
from four_rows import RECEIVED, listed, row, table
from hypothesis import given
from hypothesis import strategies as st

import petitionlib as pt
from petitionlib.charts.composition import composition_numbers
from petitionlib.charts.settlement import settlement_numbers
from petitionlib.codebook.entries import entries
from petitionlib.errors import DataNotFoundError, TableError

KEY = ["place", "year", "span", "indicator"]
NUMBERS = [
    "value",
    "change",
    "change_percent",
    "decimals",
    "change_decimals",
    "change_percent_decimals",
]
HOME = "data"
FUNCTIONS = {
    "changes": pt.year_over_year,
    "ledger": pt.reconcile,
    "rates": pt.rates,
    "revisions": pt.revisions,
    "boundaries": lambda rows, **options: pt.year_over_year(
        pt.to_boundaries(rows, "2025-07-01", **options)
    ),
}


def merged(rows):
    """Add two columns of the codebook, which drops the attrs."""
    return rows.merge(
        pt.codebook.indicators()[["indicator", "kind", "unit"]], how="left", on="indicator"
    )


def with_another_index(rows):
    """Give the rows names instead of numbers, some of them the same."""
    return rows.set_axis([f"row {n // 2}" for n in range(len(rows))])


def in_pieces(rows):
    """Take the rows apart by year, and put them together again."""
    return pd.concat([piece for _, piece in rows.groupby("year")][::-1])


def through_csv(rows):
    """Write a CSV file and read it; a blank is missing in columns of numbers alone."""
    text = rows.to_csv(index=False)
    return pd.read_csv(
        io.StringIO(text),
        keep_default_na=False,
        na_values={name: [""] for name in [*NUMBERS, "source_order"]},
    )


def shuffled(rows):
    """Put the rows in another order, the same every time."""
    return rows.sample(frac=1, random_state=len(rows))


def without_attrs(rows):
    """Drop what pandas drops: the codebook, the titles of sources, the reasons."""
    rows = rows.copy()
    rows.attrs.clear()
    return rows


def as_categories(rows):
    """Keep each text once."""
    texts = rows.select_dtypes(include=["str", "object"]).columns
    return rows.astype(dict.fromkeys(texts, "category"))


WAYS = [
    merged,
    with_another_index,
    in_pieces,
    through_csv,
    shuffled,
    without_attrs,
    as_categories,
]


def comparable(found):
    """Sort a result by its keys, and forget kinds of columns, index and added columns."""
    by = [*KEY, "check", "identity", "source"]
    found = found.drop(columns=["kind", "unit"], errors="ignore")
    names = {name: found[name].astype("object").where(found[name].notna(), "") for name in found}
    numbers = [name for name in found if pd.api.types.is_numeric_dtype(found[name].dtype)]
    texts = pd.DataFrame(
        {
            name: found[name].to_numpy(dtype="float64", na_value=np.nan)
            if name in numbers
            else column.astype("str").to_numpy()
            for name, column in names.items()
        }
    )
    return texts.sort_values([name for name in by if name in texts], ignore_index=True)


def assert_same(expected, actual):
    """Hold two results against each other."""
    pd.testing.assert_frame_equal(comparable(expected), comparable(actual), check_dtype=False)


@pytest.fixture(scope="module")
def shipped():
    """Read the shipped tables."""
    return pt.read_tables(HOME)


@pytest.fixture(scope="module")
def found(shipped):
    """Find once what the table says as it was read."""
    return {name: call(shipped) for name, call in FUNCTIONS.items()}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Lay out a folder with a codebook of its own, whose sources have no dates."""
    home = tmp_path_factory.mktemp("own")
    (home / "codebook").mkdir()
    files = {
        "codebook/indicators.csv": "indicator,unit,kind,label_en,label_vi,numerator,denominator\n"
        "hearings.held,cases,flow,Hearings held,Phiên,,\n"
        "hearings.public,cases,flow,Public hearings,Công khai,,\n"
        "hearings.rate,percent,rate,Public share,Tỷ lệ,hearings.public,hearings.held\n",
        "codebook/identities.csv": "identity,whole,relation,parts,severity,authority\n"
        "hearings,hearings.held,=,hearings.public,error,form 1\n",
        "codebook/places.csv": "place,name_en,name_vi,level,code,parent,partition,valid_from,"
        "valid_to,successor\nnorth,North,Bắc,commune,,can-tho,communes,,,\n",
        "sources.csv": "source,title,publisher,url,published,note\nz,First,Z,,,\na,Second,A,,,\n",
        "known.csv": "identity,place,year,span,indicator,source,reason\n"
        "hearings,north,2023,Y,hearings.held,a,two were closed\n",
    }
    for year, figures in {2022: (8, 9, 7, 9), 2023: (12, 12, 10, 10)}.items():
        held, newer, public, newest = figures
        files[f"{year}.csv"] = (
            "place,year,span,indicator,value,change,change_percent,status,source,locator\n"
            f"north,{year},Y,hearings.held,{held},,,,z,paragraph 1\n"
            f"north,{year},Y,hearings.held,{newer},,,,a,paragraph 1\n"
            f"north,{year},Y,hearings.public,{public},,,,z,paragraph 1\n"
            f"north,{year},Y,hearings.public,{newest},,,,a,paragraph 1\n"
            f"north,{year},Y,hearings.rate,83.3,,,,a,paragraph 1\n"
        )
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def test_a_merge_changes_no_figure(shipped):
    """The figure of the issue: 391,512 visits, from the newest source, merge or not."""
    changes = pt.year_over_year(
        shipped.merge(pt.codebook.indicators()[["indicator", "kind"]], on="indicator")
    )
    found = changes.query(
        "place == 'viet-nam' and year == 2023 and span == 'AY' and indicator == 'reception.visits'"
    )
    assert [391_512] == found["value"].tolist()


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("way", WAYS)
def test_what_pandas_does_to_a_table_changes_nothing(shipped, found, way, function):
    """Comparisons, flags, ledger, rates and revisions are those of the table as it was read."""
    assert_same(found[function], FUNCTIONS[function](way(shipped)))


@examples(20)
@given(
    ways=st.lists(st.sampled_from(WAYS), unique=True, max_size=4),
    wanted=st.lists(st.sampled_from(["viet-nam", "can-tho", "can-tho-2025", "hau-giang"]),
                    min_size=1, unique=True),
)  # fmt: skip
def test_a_part_of_whole_places_says_what_the_whole_table_says(shipped, found, ways, wanted):
    """A query that keeps places, their children and all years keeps what is found of them."""
    there = set(wanted)
    for place, unit in list(entries("places", shipped).items()) * 3:
        if unit["parent"] in there:
            there.add(place)
    part = shipped[shipped["place"].isin(there)]
    for way in ways:
        part = way(part)
    for name in ("changes", "ledger", "rates", "revisions"):
        whole = found[name]
        assert_same(whole[whole["place"].isin(there)], FUNCTIONS[name](part))


@st.composite
def tables(draw):
    """Make a table of a few figures that several sources print, in any order of sources."""
    order = draw(st.permutations("abc"))
    cells = st.tuples(st.sampled_from([2021, 2022, 2023]), st.sampled_from("abc"))
    keys = draw(st.lists(cells, min_size=1, max_size=9, unique=True))
    rows = [
        row(year, draw(st.integers(1, 99)), source=source, status=draw(st.sampled_from(["", "e"])),
            change=draw(st.sampled_from([None, 5])))
        for year, source in keys
    ]  # fmt: skip
    return table(*rows, sources=order)


@examples(50)
@given(made=tables(), ways=st.lists(st.sampled_from(WAYS), max_size=4))
def test_any_table_says_the_same_however_it_went(made, ways):
    """Nothing that pandas does to a table changes which source is preferred."""
    gone = made
    for way in ways:
        columns = [name for name in ("kind", "unit") if name in gone]
        gone = way(gone.drop(columns=columns))
    for name in ("changes", "ledger", "revisions"):
        assert_same(FUNCTIONS[name](made), FUNCTIONS[name](gone))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("way", WAYS)
def test_a_codebook_that_was_lost_is_given_again(own, way, function):
    """With `codebook=`, the data folder, all results are those of the table as it was read."""
    call, read = FUNCTIONS[function], pt.read_tables(own)
    found = call(way(read), codebook=own)
    assert_same(call(read), found)
    assert read.attrs == found.attrs


def test_parts_and_shares_take_the_codebook_again(own):
    """So do contributions and shares, which need its identities."""
    read = pt.read_tables(own)
    for call in (pt.contributions, pt.shares):
        found = call(merged(read), "hearings.held", codebook=own)
        assert_same(call(read, "hearings.held"), found)
        assert read.attrs == found.attrs


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_table_without_its_codebook_is_refused(own, function):
    """Nothing is computed by another codebook; the remedy is named, in one line."""
    with pytest.raises(TableError, match=r"has lost it; .*: codebook=FOLDER") as error:
        FUNCTIONS[function](merged(pt.read_tables(own)))
    assert 1 == len(str(error.value).splitlines())


def test_the_codebook_of_another_folder_is_refused(own, shipped, tmp_path):
    """A folder that has not the codebook of the table's column is not the table's folder."""
    with pytest.raises(TableError, match="data/ has the shipped codebook; name the data folder"):
        pt.year_over_year(pt.read_tables(own), codebook=HOME)
    with pytest.raises(TableError, match=r"the shipped codebook, and .* has the codebook own-"):
        pt.year_over_year(shipped, codebook=own)
    with pytest.raises(DataNotFoundError, match="is not a folder; name the data folder"):
        pt.year_over_year(shipped, codebook=tmp_path / "nowhere")
    (tmp_path / "sources.csv").write_text("source\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"sources\.csv"):
        pt.year_over_year(shipped, codebook=tmp_path)


def test_a_codebook_that_is_not_the_tables_own_is_refused(own, shipped):
    """What a table carries must be what its column names."""
    read = without_attrs(shipped)
    read.attrs = pt.read_tables(own).attrs
    with pytest.raises(TableError, match="is ruled by the shipped codebook and carries the codebo"):
        pt.reconcile(read)


def test_two_codebooks_are_refused(own, shipped):
    """Rows of two folders are compared together only where one codebook rules them."""
    both = pd.concat([shipped, pt.read_tables(own)])
    with pytest.raises(TableError, match="is ruled by the shipped codebook and the codebook own-"):
        pt.year_over_year(both)
    for call in (as_categories, lambda rows: rows):
        with pytest.raises(TableError, match=r"compare the rows of each apart: table\[table"):
            pt.reconcile(call(both), codebook=None)


def test_the_digest_of_a_codebook_is_stable_text(own):
    """The same files have the same digest, which no CSV file takes for a number."""
    assert {"own-"} == {name[:4] for name in pt.read_tables(own)["codebook"]}
    again = through_csv(pt.read_tables(own))
    assert set(pt.read_tables(own)["codebook"]) == set(again["codebook"])
    assert {""} == set(pt.read_tables(HOME)["codebook"])


def test_a_table_of_no_folder_takes_a_codebook(own):
    """A table made in memory gets the codebook with its digest, so that its loss is seen."""
    made = table(row(2023, 10, indicator="hearings.held", place="north"))
    found = pt.year_over_year(made, codebook=own)
    assert pt.read_tables(own)["codebook"].iloc[0] == found["codebook"].iloc[0]
    with pytest.raises(TableError, match="codebook=FOLDER"):
        pt.year_over_year(without_attrs(found))


def test_reasons_and_titles_come_back(own):
    """What known.csv and sources.csv say is there again in every sentence."""
    ledger = pt.reconcile(merged(pt.read_tables(own)), codebook=own)
    assert "two were closed" in pt.Text("en", ledger).ledger(ledger)
    assert ["First", "Second"] == pt.sources(ledger)["title"].tolist()


def test_the_order_of_sources_decides_before_their_dates():
    """A folder's sources.csv says which source is newer, whatever day it was published."""
    rows = table(row(2022, 1, source="a"), row(2022, 2, source="b"))
    made = listed(rows, {"b": "2023-01-01", "a": "2022-01-01"})
    assert [1] == pt.year_over_year(made)["value"].tolist()


@pytest.mark.parametrize("orders", [(0, 0), (0, None)], ids=["two folders", "one is unknown"])
def test_of_two_folders_the_later_date_decides(orders):
    """Where an order is that of two sources, or of none, the date of publication decides."""
    made = table(row(2022, 1, source="a"), row(2022, 2, source="b")).assign(
        published=["2023-01-01", "2022-01-01"], source_order=pd.array(orders, dtype="Int64")
    )
    assert [1] == pt.year_over_year(made)["value"].tolist()
    assert ["b", "a"] == pt.revisions(made)["source"].tolist()
    assert ["b"] == pt.reconcile(made)["source"].tolist()


def test_one_source_of_two_orders_is_of_two_folders():
    """The same id at two places of two lists says nothing of which is newer."""
    rows = [row(2021, 1, source="a"), row(2022, 1, source="a"), row(2022, 2, source="b")]
    made = table(*rows).assign(source_order=[7, 2, 1], published=["", "2020-01-01", "2021-01-01"])
    assert 2 == pt.year_over_year(made)["value"].iloc[-1]


@pytest.mark.parametrize(
    "days",
    [("", ""), ("2022-06-01", ""), ("2022-06-01", "2022-06-01"), ("2022-06", "2022-06-15")],
    ids=["no dates", "one date", "one day", "a day of the month"],
)
def test_what_nothing_tells_is_refused(days):
    """Two sources that print different values, and nothing says which is newer: both are named."""
    made = table(row(2022, 1, source="a"), row(2022, 2, source="b")).assign(published=days)
    for call in (pt.year_over_year, pt.reconcile, pt.revisions, pt.rates):
        rows = made.replace({RECEIVED: "cases.complaints.due"}) if call is pt.rates else made
        with pytest.raises(TableError) as error:
            call(rows)
        problem = str(error.value)
        assert "is 1 in a and 2 in b, and nothing says which source is newer; fill" in problem
        assert 1 == len(problem.splitlines())


def test_a_table_without_columns_of_order_is_refused_where_it_matters():
    """A list in the attrs alone, which pandas drops, decides nothing."""
    made = table(row(2022, 1, source="a"), row(2022, 2, source="b"), sources=("b", "a"))
    with pytest.raises(TableError, match="nothing says which source is newer"):
        pt.year_over_year(made.drop(columns=["source_order", "published"]))


@pytest.mark.parametrize("way", [lambda rows: rows, through_csv, as_categories])
def test_tables_without_a_list_of_sources_have_no_order(tmp_path, way):
    """Where no sources.csv stands beside the file, nothing says which source is newer."""
    lines = [f"can-tho,2022,{RECEIVED},{n},{source}\n" for n, source in enumerate("ab")]
    for name, text in {"one": lines[:1], "two": lines}.items():
        path = tmp_path / f"{name}.csv"
        head = "place,year,indicator,value,source,span,change,change_percent,status,locator\n"
        rows = [f"{line.strip()},Y,,,,\n" for line in text]
        path.write_text(head + "".join(rows), encoding="utf-8")
    one, two = (way(pt.read_table(tmp_path / f"{name}.csv")) for name in ("one", "two"))
    assert [0] == pt.year_over_year(one)["value"].tolist()
    assert [["a", *[""] * 6]] == pt.sources(one).to_numpy().tolist()
    with pytest.raises(TableError, match="is 0 in a and 1 in b, and nothing says which source"):
        pt.year_over_year(two)


def test_equal_values_need_no_order():
    """Where both print the same any may stand: the later id, in any order of rows."""
    made = table(row(2022, 5, source="a"), row(2022, 5, source="b"), row(2021, 4, source="b"))
    for rows in (made, made.iloc[::-1]):
        assert "b" == pt.year_over_year(rows)["source"].iloc[-1]
        assert ["exact"] == pt.reconcile(rows)["verdict"].tolist()
        assert ["a", "b"] == pt.revisions(rows)["source"].tolist()


def test_an_exact_figure_needs_no_order_before_an_approximate_one():
    """Exact goes before approximate, whichever is newer; in which order they came is not known."""
    made = table(row(2022, 100, source="a"), row(2022, 99, source="b", status="e"))
    assert [100] == pt.year_over_year(made)["value"].tolist()
    with pytest.raises(TableError, match="nothing says which source is newer"):
        pt.revisions(made)


def test_the_newest_of_three_is_enough():
    """Where the newest is known, the order of the older ones decides no figure."""
    rows = [row(2022, n, source=source) for n, source in enumerate("abc")]
    made = table(*rows).assign(published=["2022-01-01", "2022-01-01", "2023-01-01"])
    assert [2] == pt.year_over_year(made)["value"].tolist()
    with pytest.raises(TableError, match="is 0 in a and 1 in b, and nothing says"):
        pt.revisions(made)


def test_a_change_is_derived_from_the_newest():
    """So is a base that was not published."""
    rows = [row(2022, 10, change=1, source="z"), row(2022, 10, change=2, source="a")]
    assert 9 == pt.year_over_year(table(*rows, sources=("a", "z")))["previous"].iloc[0]
    assert 8 == pt.year_over_year(table(*rows, sources=("z", "a")))["previous"].iloc[0]


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [
        ("published", ["27/12/2022", ""], "has published '27/12/2022', which is not a date like"),
        ("source_order", ["1", "2"], "has source_order as str, not as numbers; use pandas.to_nu"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused(column, cells, message):
    """A date and an order are what the contract says, or the remedy is named."""
    made = table(row(2022, 1, source="a"), row(2022, 2, source="b"))
    with pytest.raises(TableError, match=message):
        pt.year_over_year(made.assign(**{column: pd.array(cells, dtype="str")}))


def test_charts_take_their_order_from_the_whole_table():
    """The rows of one place may have orders of two folders, which say nothing of each other."""
    names = ["cases.complaints.settled", "cases.complaints.due"]
    rows = [
        row(2022, value, indicator=name, source=source)
        for source, values in {"a": (5, 10), "b": (9, 10)}.items()
        for name, value in zip(names, values, strict=True)
    ]
    other = row(2021, 1, source="c", place="hau-giang")
    made = table(*rows, other).assign(
        source_order=[2, 2, 1, 1, 2], published=[*["2022-01-01"] * 2, *["2023-01-01"] * 2, ""]
    )
    assert [90] == settlement_numbers(made, "can-tho", 2022)["rate"].tolist()
    assert [90] == pt.rates(made)["computed"].dropna().tolist()
    assert [50] == settlement_numbers(made.iloc[:4], "can-tho", 2022)["rate"].tolist()


def test_shares_of_a_composition_come_from_the_newest_source(shipped):
    """A table that has lost its attrs has the same parts."""
    for place, year, span in {tuple(k) for k in shipped[KEY[:3]].to_numpy().tolist()}:
        expected = composition_numbers(shipped, place, year, span=span)
        actual = composition_numbers(merged(shipped), place, year, span=span)
        pd.testing.assert_frame_equal(expected, actual)


def test_made_figures_have_the_order_of_their_newest_part():
    """What is added up stands where its newest part stands, and is compared without an error."""
    parts = [
        row(year, value, place=place, source=source)
        for year in (2023, 2024)
        for place, source, value in [("can-tho", "a", 5), ("hau-giang", "b", 7),
                                     ("soc-trang", "a", 9)]
    ]  # fmt: skip
    made = listed(table(*parts), {"b": "2024-01-01", "a": ""})
    found = pt.to_boundaries(made, "2025-07-01")
    assert ["a + b"] * 2 == found["source"].tolist()
    assert [1, 1] == found["source_order"].tolist()
    assert ["", ""] == found["published"].tolist()
    new = listed(table(row(2025, 30, place="can-tho-2025", source="a")), {"b": "", "a": ""})
    changes = pt.year_over_year(pd.concat([found, new]))
    assert 21 == changes["previous"].iloc[-1]


def test_what_was_known_on_a_day_needs_no_attrs(shipped):
    """The columns say it: a source without a date is as old as the next dated one."""
    rows = table(row(2022, 1, source="z"), row(2022, 2, source="m"), row(2022, 3, source="a"),
                 row(2022, 4, source="b"))  # fmt: skip
    days = {"z": "2023-01-05", "m": "", "a": "2023-06-30", "b": ""}
    made = without_attrs(listed(rows, days))
    assert ["z"] == pt.known_on(made, "2023-06-29")["source"].tolist()
    assert ["z", "m", "a"] == pt.known_on(made, "2023-06-30")["source"].tolist()
    two = made.assign(source_order=0)
    assert ["z", "a"] == pt.known_on(two, "2024-01-01")["source"].tolist()
    for day in ("2018-12-31", "2022-12-31", "2025-09-08"):
        expected = pt.known_on(shipped, day)
        pd.testing.assert_frame_equal(expected, pt.known_on(without_attrs(shipped), day))
        assert_same(pt.year_over_year(expected), pt.year_over_year(merged(shipped), as_of=day))


def test_sources_without_their_list_have_ids_and_dates(shipped):
    """Where the titles are lost, ids and days remain, oldest first."""
    expected, actual = pt.sources(shipped), pt.sources(merged(shipped))
    for name in ("source", "published"):
        assert expected[name].tolist() == actual[name].tolist()
    assert {""} == set(actual["title"])


def test_fingerprints_are_of_what_was_published(shipped):
    """Added columns change no fingerprint."""
    pd.testing.assert_frame_equal(pt.Text().tables(shipped), pt.Text().tables(merged(shipped)))


def test_a_table_that_is_shown_has_no_columns_of_order(shipped):
    """A reader sees the source, not its number."""
    rows = pt.year_over_year(shipped).head(2)
    plain = rows.drop(columns=["published", "source_order", "coverage", "codebook"])
    assert pt.show(plain).text == pt.show(rows).text


def said_of(rows, place, year, indicator, text, **codebook):
    """Say all that a report of a place and year says, and draw it."""
    changes, ledger = pt.year_over_year(rows, **codebook), pt.reconcile(rows, **codebook)
    here = (changes["place"] == place) & (changes["year"] == year)
    here, found = (
        one[(one["place"] == place) & (one["year"] == year)].sort_values([*KEY, "source"])
        for one in (changes, ledger)
    )
    figures = [
        pt.plot_changes(changes, place, year, text=text),
        pt.plot_trend(rows, place, indicator, text=text),
        pt.plot_composition(rows, place, year, text=text),
        pt.plot_settlement(rows, place, year, text=text),
        pt.plot_ranking(rows, year, indicator, places=[place, "viet-nam"], text=text),
    ]
    shown = [text.key_figures(here, found), text.comparisons(here, found), text.verdicts(found)]
    columns = [*KEY, "value", "previous", "absolute_change", "basis", "flag"]
    return [
        text.title(place, year),
        text.headline(here, found),
        text.cautions(here),
        text.ledger(found),
        text.agreement(found),
        text.rankings(rows, year),
        *(table.to_string() for table in [*shown, text.coverage(rows)]),
        text.show(here[columns]).html,
        *(figure.to_json() for figure in figures),
    ]


AT = ("can-tho", 2022, RECEIVED)


@pytest.fixture(scope="module")
def told(shipped):
    """Say once, in each language, what the table as it was read says of one place."""
    return {lang: said_of(shipped, *AT, pt.Text(lang, shipped)) for lang in ("en", "vi")}


@pytest.mark.parametrize(("way", "lang"), [*((way, "vi") for way in WAYS), (merged, "en")])
def test_sentences_and_charts_are_the_same(shipped, told, way, lang):
    """Of the shipped codebook nothing is lost: titles, reasons and charts come by `codebook=`."""
    found = said_of(way(shipped), *AT, pt.Text(lang, codebook=HOME), codebook=HOME)
    assert told[lang] == found


@pytest.mark.parametrize("way", WAYS)
def test_sentences_and_charts_take_a_codebook_of_ones_own_again(own, way):
    """So they are where the folder has a codebook of its own, which the table has lost."""
    read = pt.read_tables(own)
    expected = said_of(read, "north", 2023, "hearings.held", pt.Text("vi", read))
    text = pt.Text("vi", codebook=own)
    assert expected == said_of(way(read), "north", 2023, "hearings.held", text, codebook=own)


@pytest.mark.parametrize("call", [pt.year_over_year, pt.reconcile, pt.rates, pt.revisions])
@pytest.mark.parametrize("way", [lambda rows: rows, as_categories])
def test_a_negative_value_is_refused(call, way):
    """A count or a rate cannot be negative, nor in memory; a published change may."""
    made = table(row(2022, 1, change=-2), row(2023, -3))
    with pytest.raises(TableError, match=r"has the value -3\.0; a count or a rate cannot be neg"):
        call(way(made))
    call(way(made[made["year"] == 2022]))


@pytest.mark.parametrize("call", [pt.year_over_year, pt.reconcile, pt.revisions])
@pytest.mark.parametrize("way", [lambda rows: rows, as_categories])
@pytest.mark.parametrize("column", ["place", "span", "indicator"])
@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("Ho\u00e0", "Hoa\u0300"),
        ("can-tho", "can-tho "),
        ("a b", "a\u00a0b"),
        ("\u1ec7", "e\u0323\u0302"),
    ],
    ids=["composed", "blank", "no-break", "two marks"],
)
def test_two_spellings_of_one_code_are_refused(call, way, column, code, other):
    """What differs only in blanks or in its Unicode form would be two series, and look like one."""
    made = table(row(2022, 1), row(2023, 2)).assign(**{column: [code, other]})
    with pytest.raises(TableError, match=rf"table: has the {column} as .* write both alike: table"):
        call(way(made))


@pytest.mark.parametrize("pair", [("oa", "ao"), ("\u0111", "d"), ("A", "a"), ("\u00e0", "a")])
def test_codes_that_differ_are_two_codes(pair):
    """Letters, marks and capitals make another code."""
    made = table(row(2022, 1), row(2023, 2)).assign(place=pair)
    assert len(pt.year_over_year(made)) == 2
