"""Tables that a batch has read and compared, laid out for its kernels."""

import os
import shutil
import signal

import pandas as pd
import psutil
import pytest

import petitionlib
from petitionlib import reconcile, year_over_year
from petitionlib.errors import TableError
from petitionlib.reports.batch import recorder, tables
from petitionlib.reports.batch.shelf import SHELF, content_of, hold, lay_out, take
from petitionlib.reports.batch.warm_up import warm_up
from petitionlib.tables.read import read_tables


@pytest.fixture
def home(root, tmp_path, monkeypatch):
    """Copy the data, and lay out what is made of it."""
    folder = tmp_path / "data"
    shutil.copytree(root / "data", folder)
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv(SHELF, str(shelf))
    table = read_tables(folder)
    made = {"year_over_year": year_over_year, "reconcile": reconcile, "read_tables": lambda t: t}
    lay_out(
        shelf,
        content_of(folder),
        {name: lambda make=make: make(table) for name, make in made.items()},
    )
    return folder


@pytest.fixture
def taken(monkeypatch):
    """Note the names of the tables that are taken from the shelf."""
    names = []

    def take_and_tell(name, content):
        found = take(name, content)
        names.extend([name] if found is not None else [])
        return found

    monkeypatch.setattr(recorder, "take", take_and_tell)
    return names


@pytest.mark.parametrize("make", [year_over_year, reconcile, lambda table: table])
def test_a_table_from_the_shelf_is_the_table_that_was_made(home, make):
    """Values, types, order and what the table carries are the same."""
    name = {"<lambda>": "read_tables"}.get(make.__name__, make.__name__)
    made, found = make(read_tables(home)), take(name, content_of(home))
    pd.testing.assert_frame_equal(made, found)
    assert made.attrs == found.attrs


@pytest.mark.parametrize("name", ["2022.csv", "sources.csv", "codebook/places.csv"])
def test_other_content_finds_nothing_on_the_shelf(home, name):
    """A table, the sources and the folder's own codebook are what a table was made of."""
    (home / "codebook").mkdir()
    with (home / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert take("read_tables", content_of(home)) is None


def test_a_folder_that_would_be_refused_has_no_content(home):
    """What is wrong with the files is said by who reads them."""
    (home / "strange.csv").write_text("a,b\n", encoding="utf-8")
    assert content_of(home) == content_of(home / "absent") == ""


def test_a_damaged_table_is_made_anew(home, tmp_path):
    """A shelf can only save time."""
    file = tmp_path / "shelf" / f"{content_of(home)}.read_tables"
    file.write_bytes(file.read_bytes()[:100])
    assert take("read_tables", content_of(home)) is None


def test_a_table_that_cannot_be_made_is_left_out(tmp_path):
    """Laying out never stops a batch."""
    lay_out(tmp_path, "content", {"bad": lambda: 1 / 0})
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_of_a_batch_takes_what_was_read_and_compared(home, taken):
    """A table that is still as it was read is not compared again."""
    table = recorder.recorded(petitionlib.read_tables)(home)
    recorder.recorded(petitionlib.year_over_year)(table)
    recorder.recorded(petitionlib.reconcile)(table)
    assert taken == ["read_tables", "year_over_year", "reconcile"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda table: table.query("year == 2022"), id="a part"),
        pytest.param(lambda table: table.drop(index=0), id="a row less"),
        pytest.param(lambda table: table.__setitem__("note", "x"), id="a column more"),
        pytest.param(lambda table: setattr(table, "value", 1.0), id="an attribute"),
        pytest.param(lambda table: table.__delitem__("locator"), id="a column less"),
        pytest.param(lambda table: table.iloc, id="what may write"),
    ],
)
def test_a_table_that_may_have_changed_is_compared_anew(home, taken, change):
    """What was compared before belongs to the table as it was read."""
    table = recorder.recorded(petitionlib.read_tables)(home)
    changed = change(table)
    recorder.recorded(petitionlib.year_over_year)(
        changed if isinstance(changed, pd.DataFrame) else table
    )
    assert taken == ["read_tables"]


@pytest.mark.parametrize("option", [{"as_of": "2022-12-31"}, {"folder": None}])
def test_what_is_asked_for_in_another_way_is_made(home, taken, option, monkeypatch):
    """Only the plain call is known to give the plain table."""
    monkeypatch.setenv("PETITIONLIB_DATA", str(home))
    recorder.recorded(petitionlib.read_tables)(**option)
    assert taken == []


def test_tables_edited_while_they_are_read_are_not_laid_out(home, monkeypatch):
    """What was read may be neither the old content nor the new, so each kernel reads for itself."""
    digests = iter(["before", "after"])
    laid = []
    monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(tables, "content_of", lambda _: next(digests))
    monkeypatch.setattr(tables, "lay_out", lambda *given: laid.append(given))
    tables.prepare_tables(home, home, compare=False)
    assert laid == []
    digests = iter(["same", "same"])
    tables.prepare_tables(home, home, compare=False)
    assert [content for _, content, _ in laid] == ["same"]


@pytest.mark.parametrize("compare", [True, False])
def test_a_fork_lays_out_what_it_has_prepared(home, tmp_path, monkeypatch, compare):
    """The batch's own process has neither read nor compared, and finds what was."""
    shelf = tmp_path / "prepared"
    shelf.mkdir()
    monkeypatch.setenv(SHELF, str(shelf))
    tables.prepare_tables(home, shelf, compare=compare)
    content = content_of(home)
    pd.testing.assert_frame_equal(take("read_tables", content), read_tables(home))
    compared = [take(name, content) for name in ("year_over_year", "reconcile")]
    assert [table is not None for table in compared] == [compare, compare]


def test_a_fault_found_in_a_fork_is_raised_with_its_facts(home):
    """What the fork refuses comes as the error that it raised, and no process is left."""
    with (home / "2022.csv").open("a", encoding="utf-8") as file:
        file.write("can-tho,2022,Y,petitions.recieved,1,,,,s,\n")
    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(TableError, match="recieved") as caught:
        tables.prepare_tables(home, home, compare=False)
    assert caught.value.problems[0].column == "indicator"
    assert {child.pid for child in psutil.Process().children()} == before


def test_a_fork_that_is_killed_is_made_up_for(home, tmp_path, monkeypatch):
    """Where the system ends the fork, for want of memory perhaps, its work is done here."""
    ours = os.getpid()
    read = tables.content_of

    def die_elsewhere(folder):
        if os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(folder)

    monkeypatch.setattr(tables, "content_of", die_elsewhere)
    shelf = tmp_path / "prepared"
    shelf.mkdir()
    tables.prepare_tables(home, shelf, compare=False)
    assert list(shelf.iterdir())


@pytest.fixture
def held(home, monkeypatch):
    """Hold the tables that were laid out for the length of a test."""
    monkeypatch.setattr("petitionlib.reports.batch.shelf._HELD", {})
    return hold()


def test_tables_that_are_held_are_those_that_were_laid_out(home, held):
    """What lies in memory needs no reading."""
    assert set(held) == {"read_tables", "year_over_year", "reconcile"}
    for name, table in held.items():
        pd.testing.assert_frame_equal(take(name, content_of(home)), table)


def test_who_writes_to_a_held_table_writes_to_his_own(home, held):
    """Two readings of one report see the same figures."""
    own = take("read_tables", content_of(home))
    own["value"] = 0.0
    own.loc[:, "place"] = "x"
    pd.testing.assert_frame_equal(take("read_tables", content_of(home)), read_tables(home))


def test_a_rehearsal_makes_every_part_of_a_report(home, held):
    """A part that fails would be made in each kernel anew, and nobody would know."""
    warm_up()
