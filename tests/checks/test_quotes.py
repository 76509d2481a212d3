"""Printed numbers against the texts of their sources: twelve made-up articles."""

import pandas as pd
import pytest

from petitionlib.checks.quotes import look_up
from petitionlib.codebook.entries import loose_codebook
from petitionlib.files import PACKAGE

FOLDER = PACKAGE.parent / "tests" / "texts"
DECIMALS = {
    "value": "decimals",
    "change": "change_decimals",
    "change_percent": "change_percent_decimals",
}
RATES = ("rate", "share", "on_time")


@pytest.fixture(scope="module")
def texts():
    """Read the articles."""
    return {path.stem: path.read_text(encoding="utf-8-sig") for path in FOLDER.glob("*.txt")}


def figures():
    """List the figures that were copied from them, as text."""
    return pd.read_csv(FOLDER / "figures.csv", dtype="str", keep_default_na=False)


def table(rows):
    """Make a table of rows of text."""
    rows = pd.DataFrame(rows).reset_index(drop=True)
    made = rows.astype({"year": "int64"})
    for name, decimals in DECIMALS.items():
        made[name] = pd.to_numeric(rows[name].replace("", None))
        count = [len(cell.partition(".")[2]) if cell else None for cell in rows[name]]
        made[decimals] = pd.array(count, dtype="Int8")
    units = {
        code: "percent" if any(word in code for word in RATES) else ""
        for code in made["indicator"].unique()
    }
    made.attrs["codebook"] = loose_codebook(units.items())
    return made


def said(text, value, column="value", unit="visits", locator="paragraph 1"):
    """Look one number up in a text."""
    row = dict.fromkeys(("value", "change", "change_percent"), "") | {
        "place": "x", "year": "2022", "span": "Y", "indicator": unit, "status": "", "source": "s",
        "locator": locator, column: value,
    }  # fmt: skip
    found = look_up(table([row]), {"s": text})
    assert len(found) == 1
    return tuple(found.loc[0, ["verdict", "near"]])


def test_every_number_that_was_copied_right_stands(texts):
    """Of 151 numbers none is told."""
    found = look_up(table(figures()), texts)
    assert (len(texts), len(found)) == (12, 151)
    assert found.loc[found["verdict"] != "stands"].empty


def test_a_wrong_digit_is_found(texts):
    """Every digit of every number is replaced by every other: 95 of 100 are told."""
    slips, own = [], []
    for number, row in enumerate(figures().to_dict("records")):
        for name in DECIMALS:
            for spot, letter in enumerate(row[name]):
                first = spot == 0 and len(row[name]) > 1
                for digit in sorted({*"0123456789"} - {letter}) if letter.isdigit() else ():
                    if not (first and digit == "0"):
                        wrong = row[name][:spot] + digit + row[name][spot + 1 :]
                        slips.append(row | dict.fromkeys(DECIMALS, "") | {name: wrong})
                        own.append(f"{number} {name}")
    told = look_up(table(slips), texts)["verdict"] == "differs"
    assert len(slips) > 3900
    assert told.mean() > 0.98
    assert told.groupby(own).mean().mean() > 0.95


@pytest.mark.parametrize(
    ("text", "value", "column", "unit"),
    [
        ("tiếp 2.650 lượt", "2650", "value", "visits"),
        ("tiếp 2 650 lượt", "2650", "value", "visits"),
        ("tiếp 2\u202f650 lượt", "2650", "value", "visits"),
        ("2,650 visits", "2650", "value", "visits"),
        ("03 đoàn", "3", "value", "groups"),
        ("ba đoàn", "3", "value", "groups"),
        ("năm đoàn", "5", "value", "groups"),
        ("hơn 159 nghìn lượt", "159000", "value", "visits"),
        ("gần 1,2 triệu lượt", "1200000", "value", "visits"),
        ("15 tỷ 350 triệu đồng", "15350", "value", "money"),
        ("15,35 tỷ đồng", "15350", "value", "money"),
        ("15.350.000.000 đồng", "15350", "value", "money"),
        ("Không phát sinh đơn tố cáo", "0", "value", "visits"),
        ("giảm 40.550 lượt", "-40550", "change", "visits"),
        ("tăng 17,9% so với 2021", "17.9", "change_percent", "visits"),
        ("giảm 0,26 %", "-0.26", "change_percent", "visits"),
        ("đạt 95,67 phần trăm", "95.67", "value", "rate"),
        ("lần lượt là 92, 93 và 95%", "92", "value", "rate"),
        ("từ 92 lên 95%", "92", "value", "rate"),
        ("tỷ lệ giải quyết là 92", "92", "value", "rate"),
        ("tăng 3,5 điểm phần trăm", "3.5", "change", "rate"),
        ("150/156 vụ việc", "156", "value", "cases"),
        ("tie\u0302\u0301p 12 lu\u031bo\u031b\u0323t", "12", "value", "visits"),
    ],
)
def test_how_numbers_are_written(text, value, column, unit):
    """Both languages, thousands and decimals of either kind, words, millions and shares."""
    assert said(text, value, column, unit) == ("stands", "")


@pytest.mark.parametrize(
    ("text", "value", "column", "unit"),
    [
        ("ngày 15/12/2021 tiếp 9 lượt", "15", "value", "visits"),
        ("năm 2022 tiếp 9 lượt", "2022", "value", "visits"),
        ("6 tháng đầu năm, 9 lượt", "6", "value", "visits"),
        ("Nghị định 124 và 9 lượt", "124", "value", "visits"),
        ("9 lượt, tăng 17%", "17", "value", "visits"),
        ("9 lượt, tăng 17%", "9", "value", "rate"),
    ],
)
def test_what_is_no_such_number(text, value, column, unit):
    """Dates, years, periods and laws are no counts; a share is none, and a count no share."""
    assert said(text, value, column, unit)[0] == "differs"


def test_the_number_that_is_one_slip_away_is_named():
    """As it stands in the paragraph."""
    assert said("tiếp 2.650 lượt với 2.716 người", "2560") == ("differs", "2650")
    assert said("đạt 95,67%", "96.75", unit="rate") == ("differs", "")
    assert said("đạt 95,67%", "95.76", unit="rate") == ("differs", "95.67")


@pytest.mark.parametrize(
    ("locator", "verdict"),
    [
        ("paragraph 1", "not_found"),
        ("paragraph 2", "stands"),
        ("paragraphs 1-2", "stands"),
        ("paragraph 9", "not_found"),
        ("paragraph 0", "not_found"),
        ("paragraphs 1, 2", "not_looked_up"),
        ("table 2", "not_looked_up"),
        ("", "not_looked_up"),
    ],
)
def test_where_a_number_is_looked_up(locator, verdict):
    """Only in paragraphs, which stand between blank lines."""
    assert said("A headline\r\n \r\n\r\n12 visits\nin 3 lines", "12", locator=locator)[0] == verdict


def test_a_source_without_a_text_is_not_looked_up():
    """It is counted."""
    assert set(look_up(table(figures()), {})["verdict"]) == {"not_looked_up"}
