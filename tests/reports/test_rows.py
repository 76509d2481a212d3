"""A data folder of exactly the rows that a report reads."""

import os
import shutil

import pandas as pd
import pytest
from four_jobs import HEADER, SOURCES

from petitionlib.reports.rows import Folders, lay_out, with_children
from petitionlib.tables.folder import COLUMNS
from petitionlib.tables.raw import Snapshot
from petitionlib.tables.read import read_tables

PLACES = (
    "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor\n"
    "ward-1,Ward 1,Phường 1,commune,,can-tho,,,,\n"
)


@pytest.fixture
def data(tmp_path):
    """Make a data folder of two tables and three places."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
    rows = (
        "can-tho,2022,Y,petitions.received,1,,,,new,\n"
        "ha-noi,2022,Y,petitions.received,2,,,,new,\n"
        'can-tho,2022,Y,reception.visits,3,,,,new,"table 1, row 2"\n'
        "can-tho--districts,2022,Y,petitions.received,4,,,,new,"
    )
    (folder / "2022.csv").write_text(HEADER + rows, encoding="utf-8")
    row = "ha-noi,2021,Y,petitions.received,5,,,,old,\n"
    (folder / "2021.csv").write_text(HEADER + row, encoding="utf-8")
    return folder


def names(folder):
    """Return the files of a folder."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_every_place_reads_the_same_from_its_own_folder(root, shipped, tmp_path):
    """Values, order, kinds and what the table carries are those of its rows in the whole table."""
    data = Snapshot(root / "data")
    for place in sorted(shipped["place"].unique()):
        places = with_children([place], data)
        narrow = read_tables(lay_out(data, places, tmp_path / place))
        expected = shipped[shipped["place"].isin(places)].reset_index(drop=True)
        pd.testing.assert_frame_equal(expected, narrow)
        assert shipped.attrs == narrow.attrs


def test_lines_stand_as_they_are_and_tables_without_rows_are_left_out(data, tmp_path):
    """Header and lines are those of the file; a last line without an end is given one."""
    target = lay_out(Snapshot(data), with_children(["can-tho"], Snapshot(data)), tmp_path / "n")
    assert names(target) == ["2022.csv", "sources.csv"]
    lines = (data / "2022.csv").read_text(encoding="utf-8").splitlines()
    kept = [*lines[:2], *lines[3:], ""]
    assert (target / "2022.csv").read_text(encoding="utf-8") == "\n".join(kept)
    assert (target / "sources.csv").read_bytes() == (data / "sources.csv").read_bytes()


def test_a_row_of_several_lines_is_kept_whole(data, tmp_path):
    """What quotes keep together stays together, with other line ends, a BOM and blank lines."""
    path = data / "2022.csv"
    text = path.read_text(encoding="utf-8").replace("table 1, row 2", "table 1\nrow 2")
    text = text.replace("\n", "\r\n").replace("\r\nha-noi", "\r\n\r\nha-noi")
    path.write_text("\ufeff" + text, encoding="utf-8", newline="")
    target = lay_out(Snapshot(data), ["can-tho"], tmp_path / "n")
    rows = Snapshot(target).rows.rows
    assert [row for row in Snapshot(data).rows.rows if row[0] == "can-tho"] == rows
    assert rows[1][COLUMNS.index("locator")] == "table 1\r\nrow 2"


def test_a_place_without_rows_has_a_table_without_rows(data, tmp_path):
    """`read_tables` finds a folder of tables, with nothing in it."""
    table = read_tables(lay_out(Snapshot(data), ["da-nang"], tmp_path / "n"))
    assert (len(table), list(table)) == (0, list(read_tables(data)))


def test_direct_children_come_along_and_nobody_else(data):
    """Children are those of the codebook, shipped and the folder's own; not theirs in turn."""
    (data / "codebook").mkdir()
    (data / "codebook" / "places.csv").write_text(PLACES, encoding="utf-8")
    found = with_children(["can-tho"], Snapshot(data))
    assert {"can-tho", "can-tho--districts", "ward-1"} <= set(found)
    assert {"viet-nam", "ha-noi", "can-tho-2025"}.isdisjoint(found)
    assert "ward-1" not in with_children(["viet-nam"], Snapshot(data))
    assert with_children(None, Snapshot(data)) is None


def test_a_codebook_that_cannot_be_read_has_no_children_and_no_error(data):
    """Its faults are told by who checks the tables."""
    (data / "codebook").mkdir()
    broken = b'place,parent\nward-1,can-tho\nward-2,"' + b"x" * 200_000
    (data / "codebook" / "places.csv").write_bytes(broken)
    assert "ward-1" in with_children(["can-tho"], Snapshot(data))


def test_each_set_of_places_is_laid_out_once(data, tmp_path):
    """Reports of the same places share a folder; what is whole is one file under many names."""
    folders = Folders(Snapshot(data), tmp_path)
    one, other = folders.of(("can-tho",)), folders.of(("ha-noi",))
    assert (folders.of(("can-tho",)), one == other) == (one, False)
    assert (one / "sources.csv").samefile(other / "sources.csv")
    assert not (one / "sources.csv").samefile(data / "sources.csv")


def test_where_there_are_no_links_files_are_copied(data, tmp_path, monkeypatch):
    """A disk without links costs space and nothing else."""

    def refuse(*_, **__):
        raise OSError(1, "no links")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "symlink", refuse)
    folders = Folders(Snapshot(data), tmp_path)
    assert names(folders.of(("ha-noi",))) == ["2021.csv", "2022.csv", "sources.csv"]
    assert names(folders.of(None)) == ["2021.csv", "2022.csv", "sources.csv"]


def test_who_reads_all_rows_finds_what_else_lies_in_the_data_folder(data, tmp_path):
    """A notebook that declares nothing may open what it likes beside the tables."""
    (data / "note.txt").write_text("hello", encoding="utf-8")
    whole = Folders(Snapshot(data), tmp_path).of(None)
    assert (whole / "note.txt").read_text(encoding="utf-8") == "hello"
    pd.testing.assert_frame_equal(read_tables(whole), read_tables(data))


def test_what_is_edited_later_is_not_laid_out(data, tmp_path):
    """All folders are of one moment: that in which the first row was read."""
    read = Snapshot(data)
    whole = read_tables(data)
    assert read.rows.rows
    shutil.rmtree(data)
    folders = Folders(read, tmp_path)
    expected = whole[whole["place"] == "ha-noi"].reset_index(drop=True)
    pd.testing.assert_frame_equal(expected, read_tables(folders.of(("ha-noi",))))
    pd.testing.assert_frame_equal(whole, read_tables(folders.of(None)))


def test_what_is_added_later_is_not_linked(data, tmp_path):
    """A year or a codebook that comes after the reading is for the next batch."""
    read = Snapshot(data)
    assert read.rows.rows
    (data / "2023.csv").write_text(HEADER, encoding="utf-8")
    (data / "codebook").mkdir()
    (data / "codebook" / "places.csv").write_text(PLACES, encoding="utf-8")
    whole = Folders(read, tmp_path).of(None)
    assert names(whole) == ["2021.csv", "2022.csv", "sources.csv"]


def test_without_a_data_folder_there_is_none(tmp_path):
    """A report that reads no tables is given no folder."""
    assert Folders(Snapshot(), tmp_path).of(None) is None
