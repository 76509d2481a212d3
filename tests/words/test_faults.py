"""Faults in Vietnamese: another sentence than in English, and the same numbers, codes and files."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest
from four_jobs import make
from four_lines import COLUMNS, FIGURES, HEADER, SOURCES

import petitionlib as pt
from petitionlib.cli.outcome import faults
from petitionlib.codebook.validate import read_codebook
from petitionlib.errors import FaultsError, PetitionlibError
from petitionlib.files import PACKAGE
from petitionlib.reports.batch.plan import choose, plan_jobs
from petitionlib.reports.parameters import check_parameters, find_notebook
from petitionlib.reports.selection import check_selection
from petitionlib.tables.raw import Snapshot

FAMILIES = ("fault.", "batch.", "cli.", "kind.", "plan.")
ALIKE = {  # told alike: nothing but what they are given, or words of the file itself
    "batch.count", "batch.counts", "batch.noted", "batch.notes", "batch.outcome", "fault.at",
    "fault.lines", "fault.text", "fault.then", "plan.grid", "plan.parameters",
    "plan.reports",
}  # fmt: skip
FACTS = re.compile(r"""\d[\d./-]*\d|\d|'[^']*'|[\w/-]+\.(?:csv|yaml|ipynb|py|md)\b|\$\w+|--\w+""")
TRANSLATED = {"fault.only_value"}  # the placeholder of a value, in a command to write

ROW = "can-tho,2022,Y,petitions.received,{},,,{},{},{}\n"
TABLES = {
    "cells": "".join(
        ROW.format(*cells)
        for cells in (
            ("2.650", "", "paper", ""), ("2650.0", "", "paper", ""), ("2650.5", "", "paper", ""),
            ("2,650", "", "paper", ""), ("hơn 300", "", "paper", ""), ("x", "", "paper", ""),
            ("many", "", "paper", ""), ("-5", "", "paper", ""), ("9" * 17, "", "paper", ""),
            ("5", "q", "paper", ""), ("5", "", "papr", ""), ("5", "", "", ""),
            ("5", "", "paper", " p. 3"), ("5", "", "paper", "a\u200bb"),
            ("5", "", "paper", "Ca\u0302\u0300n"),
        )
    ),
    "keys": FIGURES + FIGURES
    + "Cần Thơ,2022,Y,petitions.received,1,,,,paper,\n"
    + "can-tho,2023,Y,petitions.received,1,,,,paper,\n"
    + "can-tho,22,Q9,petition.received,1,,,,paper,\n"
    + "can-tho-2025,2022,Y,petitions.received,1,,,,paper,\n",
    "rows": FIGURES + "a,b,c\na\n" + ",,,,,,,,,\n" + "1,2,3,4,5,6,7,8,9,10,11,12\n",
    "quote": FIGURES + 'can-tho,2022,Y,"x,1,,,,paper,\n',
}  # fmt: skip
FILES = {
    "merged": {"2026.csv": COLUMNS + "can-tho,2026,Y,petitions.received,1,,,,paper,\n"},
    "header": {"2022.csv": "place,yaer,year,year,span\n"},
    "semicolons": {"2022.csv": "place;year\n"},
    "tabs": {"2022.csv": "place\tyear\n"},
    "empty": {"2022.csv": ""},
    "blank header": {"2022.csv": "\na,b\n"},
    "not text": {"2022.csv": b"place\n\xd0\n", "2021.csv": b"PK..", "2020.csv": b"\xff\xfea"},
    "null": {"2022.csv": "place\0\n"},
    "strange name": {"2022-v2.csv": "x\n"},
    "sources": {
        "sources.csv": SOURCES + "paper,A,B,,27/12/2022,\n,A,B,,2022,\n a,A,B,,,\n",
    },
    "known": {
        "known.csv": HEADER.replace("reason", "stated,reason")
        + "x,can-tho,22,Y,a,paper,1.2.3,\n" + "y,,2022,Y,a,paper,,z\n" * 2,
    },
    "codebook": {
        "codebook/places.csv":
            "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor\n"
            "can-tho,A,A,province,,viet-nam,,,,\nx y,A,,village,,moon,,2025-1-1,2020-01-01,x y\n"
            "b,B,B,commune,,can-tho,,2020-01-01,2019-01-01,can-tho\n",
        "codebook/spans.csv": "span,label_en,label_vi,start,end,cumulative\nL,A,B,Y/3-1,,maybe\n",
        "codebook/indicators.csv":
            "indicator,unit,kind,label_en,label_vi,numerator,denominator\n"
            "r,percent,rate,A,B,,petition.received\n",
        "codebook/identities.csv":
            "identity,whole,relation,parts,severity,authority\ni,,=,,error,x\n",
    },
    "codebook file": {"codebook/place.csv": "x\n"},
}  # fmt: skip
PLANS = {
    "blank": "", "no reports": "report: []\n", "empty": "reports: []\n", "kind": "reports: 5\n",
    "yaml": "reports: [\n", "alias": "reports:\n  - &a {notebook: tell}\n  - *a\n",
    "keys": "reports:\n  - notebok: tell\n  - {notebook: tell, notebook: tell}\n  - notebook: [1]\n"
    "  - {notebook: tell, grid: {year: []}, parameters: {year: 2022}}\n  - {? [a] : 1}\n",
    "notebook": "reports:\n  - notebook: tel\n",
    "parameter": "reports:\n  - {notebook: tell, parameters: {yaer: 2022}}\n",
    "type": "reports:\n  - {notebook: tell, parameters: {year: last}}\n",
    "lang": "reports:\n  - {notebook: tell, parameters: {lang: fr}}\n",
    "all": "reports:\n  - {notebook: tell, grid: {x: all, lang: all}}\n",
    "twice": "reports:\n  - {notebook: tell, grid: {year: [2022, 2022]}}\n",
    "range": "reports:\n  - {notebook: tell, grid: {year: 2023-2020}}\n",
    "absent": "reports:\n  - {notebook: tell, grid: {year: 1999}}\n",
    "near": "reports:\n  - {notebook: tell, grid: {place: can-thoo}}\n",
    "same page": "reports:\n  - {notebook: count}\n  - {notebook: count}\n",
}  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Work beside a data folder that files are written into; return how."""
    monkeypatch.chdir(tmp_path)

    def write(files):
        for name, content in {"sources.csv": SOURCES, **files}.items():
            path = Path("data") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Path("data")

    return write


def facts(text):
    """Return the numbers, quoted words, files and options of a text."""
    return set(FACTS.findall(text))


def assert_told(error):
    """Hold what an error says in Vietnamese against what it says in English, line by line."""
    english, vietnamese = (error.told(lang).splitlines() for lang in ("en", "vi"))
    assert len(english) == len(vietnamese) > 0
    for one, other in zip(english, vietnamese, strict=True):
        assert one != other
        assert facts(one) - facts(other) == set(), (one, other)
    ours = re.sub(r"'[^']*'|\([^()]*\)|YAML: .*", "", "\n".join(vietnamese))  # not what others say
    assert re.findall(r"\b(is|the|not|where|there|write|did you mean|leave|stands)\b", ours) == []


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_faults_of_a_table(home, table):
    """Every fault of a row is told in Vietnamese, with its file, its line and its number."""
    with pytest.raises(FaultsError) as caught:
        pt.read_tables(home({"2022.csv": COLUMNS + table}))
    assert_told(caught.value)


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_faults_of_files(home, files):
    """So is every fault of a file: of tables, sources, known contradictions and the codebook."""
    with pytest.raises(FaultsError) as caught:
        pt.read_tables(home({"2022.csv": COLUMNS + FIGURES, **files}))
    assert_told(caught.value)
    assert [each.level for each in faults(caught.value.problems)].count("error") > 0


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_faults_of_a_plan(tmp_path, write, monkeypatch, plan):
    """So is every fault of a plan."""
    monkeypatch.chdir(tmp_path)
    work = make(tmp_path, write)
    (work / "reports.yaml").write_text(plan, encoding="utf-8")
    with pytest.raises(PetitionlibError) as caught:
        plan_jobs(work / "reports.yaml", Snapshot(work / "data"))
    assert_told(caught.value)


NOTHING = pd.DataFrame({"place": [], "year": [], "span": [], "indicator": [], "value": []})
ASKED = {
    "no folder": lambda _: pt.read_tables("nowhere"),
    "no table": lambda _: pt.read_table("data/2019.csv"),
    "a folder": lambda _: pt.read_table("data"),
    "a file": lambda _: pt.read_tables("data/2022.csv"),
    "no data": lambda _: pt.read_tables(),
    "no place": lambda table: pt.plot_trend(table, "can-thoo", "petitions.received"),
    "a name": lambda table: pt.plot_trend(table, "Cần Thơ", "petitions.received"),
    "no text": lambda table: pt.plot_trend(table, 5, "petitions.received"),
    "no year": lambda table: pt.plot_composition(table, "can-tho", "last"),
    "no day": lambda table: pt.known_on(table, "tomorrow"),
    "no source": lambda table: pt.known_on(table.assign(source="papr"), "2022-12-31"),
    "no table at all": lambda _: pt.year_over_year([1, 2]),
    "no column": lambda table: pt.year_over_year(table.drop(columns="value")),
    "text for numbers": lambda table: pt.year_over_year(table.assign(value="x")),
    "twice": lambda table: pt.year_over_year(pd.concat([table, table])),
    "years as text": lambda table: pt.year_over_year(table.astype({"year": str})),
    "no split": lambda table: pt.shares(table, "reception.visits", split="nothing"),
    "nothing to explore": lambda _: pt.explore(NOTHING),
    "no notebook": lambda _: find_notebook("yearly_reprt"),
    "no parameter": lambda _: check_parameters(find_notebook("yearly_report"), {"yaer": 1}),
    "wrong type": lambda _: check_parameters(find_notebook("yearly_report"), {"year": "x"}),
    "no such year": lambda _: check_selection(
        Path("yearly_report.ipynb"), {"place": "can-tho", "year": 1999}, "data"
    ),
    "no report": lambda _: choose([], ["x"]),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_what_cannot_be_asked(home, ask):
    """So is what is refused of a function's arguments."""
    data = home({"2021.csv": COLUMNS, "2022.csv": COLUMNS + FIGURES})
    table = pt.read_tables(data)
    if ask is ASKED["no data"]:
        (data / "sources.csv").unlink()
    with pytest.raises(PetitionlibError) as caught:
        ask(table)
    assert_told(caught.value)


def test_a_sound_codebook_has_no_faults(home):
    """The cases are not faulty for another reason than the one that each shows."""
    data = home({"2022.csv": COLUMNS + FIGURES})
    assert read_codebook(data) == ""
    assert len(pt.read_tables(data)) == 4


def sentences():
    """List the sentences of faults and commands."""
    with (PACKAGE / "words" / "words.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["key"].startswith(FAMILIES)]


@pytest.mark.parametrize("row", sentences(), ids=lambda row: row["key"])
def test_each_sentence_says_the_same(row):
    """A sentence differs between the languages and has the same numbers, codes and files."""
    assert (row["en"] == row["vi"]) == (row["key"] in ALIKE)
    values = r"\{\w+(?:![rs])?\}"
    assert sorted(re.findall(values, row["en"])) == sorted(re.findall(values, row["vi"]))
    bare = [re.sub(values, "…", row[lang]) for lang in ("en", "vi")]
    assert row["key"] in TRANSLATED or facts(bare[0]) - facts(bare[1]) == set()
