"""The words of readers, in English and Vietnamese."""

import ast
import csv
import re
import string
from pathlib import Path

import pytest

import petitionlib
from petitionlib.words import say

PACKAGE = Path(petitionlib.__file__).parent


def rows():
    """Read words.csv as it stands."""
    with (PACKAGE / "words" / "words.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def placeholders(text):
    """List the names in braces of a phrase."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["key"])
def test_words_have_both_languages(row):
    """Every phrase stands in both languages, with the same placeholders and no spaces around."""
    assert row["en"].strip() == row["en"] != ""
    assert row["vi"].strip() == row["vi"] != ""
    assert placeholders(row["en"]) == placeholders(row["vi"])


def test_words_have_one_row_each():
    """No key stands twice."""
    keys = [row["key"] for row in rows()]
    assert sorted(set(keys)) == sorted(keys)


def test_every_key_that_code_asks_for():
    """Every key that the code asks for is there, and no key is idle."""
    code = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    known = {row["key"] for row in rows()}
    asked = set(re.findall(r"""\bsa(?:y|id)\(\s*["']([a-z_.]+)["']""", code))
    families = (*re.findall(r"""["']([a-z_.]+\.)\{""", code), *(k for k in asked if k[-1] == "."))
    quoted = set(re.findall(r"""["']([a-z_.]+)["']""", code))
    assert {key for key in asked - known if key[-1] != "."} == set()
    called = re.findall(r"""\bsa(?:y|id)\(\s*f["']([a-z_.]+\.)\{""", code)
    assert [family for family in called if not any(key.startswith(family) for key in known)] == []
    assert {key for key in known - asked - quoted if not key.startswith(families)} == set()


def asked_with_values():
    """Yield key and names of values of each call of `say` and `said` that spells them out."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(
                    func=ast.Name(id="say" | "said"),
                    args=[ast.Constant(value=str(key)), *_],
                    keywords=keywords,
                ) if all(keyword.arg for keyword in keywords):
                    yield key, sorted(keyword.arg for keyword in keywords)


def test_every_sentence_gets_its_values():
    """What the code gives is what the sentence names, in both languages; nothing is left over."""
    known = {row["key"]: row for row in rows()}
    asked = [(key, names) for key, names in asked_with_values() if key[-1] != "."]
    assert len(asked) > 150
    for lang in ("en", "vi"):
        there = [(key, sorted(set(placeholders(known[key][lang])))) for key, _ in asked]
        assert there == asked


def test_a_further_language_speaks_the_first():
    """A phrase that is not there in a language is told in the first one."""
    assert say("year", "fr") == say("year", "en") == "year"
