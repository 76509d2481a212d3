"""Sentences stand in words.csv: prose in code would be read by nobody who reads Vietnamese."""

import ast
import re
from pathlib import Path

import pytest

import petitionlib

PACKAGE = Path(petitionlib.__file__).parent
WORDS = 3  # in a row make a sentence, or a good part of one; values between them do not part it
WORD = r"(?:[A-Za-z]+(?:['’][a-z]+)?|\{\})"
RUN = re.compile(rf"{WORD}(?:[,;:)\"'`]* +[(\"'`]*{WORD})+")
ALLOWED = {
    "_kernel": "it imports nothing of ours, and says what Jupyter's own classes say",
}
NO_SENTENCES = {
    "failed last time": "a reason to build again, which is stored and compared",
    "page is missing": "the same",
    "page was changed": "the same",
    "petitionlib report yearly": "a command to paste",
    "p place can": "the same",
    "petitionlib check data": "the same",
    "lambda t: t": "Python",
    "What to know about these tables": "a heading of data/README.md",
    "Page with live charts (petitionlib": "a name in a menu of JupyterLab",
    "textarea readonly rows": "HTML",
    "em; overflow: auto": "CSS",
    "position: sticky; top": "the same",
    "ui, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans": "names of fonts",
    "d MMMM y": "a pattern of babel's for a date",
    "changes, ledger, text": "Python",
    "place and year": "a query of pandas",
    "year and span": "the same",
    "place and span": "the same",
}


def prose(code):
    """Yield line and text of the strings of a module that read as prose, docstrings left out.

    What click makes of help texts and docstrings is left out, too: its own words are English only.
    """
    tree = ast.parse(code)
    left_out = {id(node) for call in ast.walk(tree) if _is_help(call) for node in ast.walk(call)}
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            left_out.add(id(body[0].value))
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
    texts = (node for node in ast.walk(tree) if id(node) not in left_out and _text(node))
    for node in sorted(texts, key=lambda node: node.lineno):
        yield from ((node.lineno, run) for run in RUN.findall(_text(node)) if _count(run) >= WORDS)


def _count(run):
    """Count the words of a run, its values left out."""
    return len(re.findall("[A-Za-z]+", run))


def _is_help(node):
    """Tell a keyword of click's that takes a text in English, or its default in words."""
    return isinstance(node, ast.keyword) and node.arg in {"help", "short_help", "show_default"}


def _text(node):
    """Return the text of a string, values in braces; nothing for other nodes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return "".join(map(str, parts))
    return ""


def modules():
    """List the modules in which no sentence may stand, by their path within the package."""
    paths = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
    return [p for p in paths if p not in ALLOWED and p.partition("/")[0] not in ALLOWED]


@pytest.mark.parametrize("path", modules())
def test_no_sentence_stands_in_code(path):
    """What a reader sees is written once, in words.csv, in both languages."""
    found = prose((PACKAGE / path).read_text(encoding="utf-8"))
    assert [(line, text) for line, text in found if text not in NO_SENTENCES] == []


def test_each_exception_is_needed():
    """What is allowed is there and holds a sentence; an exception that nobody needs goes."""
    for name in ALLOWED:
        files = [PACKAGE / name] if name.endswith(".py") else sorted((PACKAGE / name).rglob("*.py"))
        assert [file for file in files if list(prose(file.read_text(encoding="utf-8")))], name
    code = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    assert [text for text in NO_SENTENCES if text not in code] == []


MADE_UP = '''"""A module that says something."""
import click
KEYS = ("place", "no_such_key", "a b")
PATTERN = r"[a-z]+ of [0-9]+"
@click.option("--x", help="Only say what would be built.")
def check(value):
    """Tell a good value from a bad one."""
    if value:
        raise ValueError("the value is not good; write another")
    return f"{value!r} stands in {check} already"
def other(where):
    message = (
        f"{where}: the row is blank;"
        " delete it"
    )
    return message
'''


def test_a_sentence_in_code_would_be_found():
    """Sentences are found as constants, with values and over several lines, and nothing else."""
    assert list(prose(MADE_UP)) == [
        (9, "the value is not good; write another"),
        (10, "{} stands in {} already"),
        (13, "{}: the row is blank; delete it"),
    ]
