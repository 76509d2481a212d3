"""A report in Vietnamese is in Vietnamese: titles, axes, legends, sentences and tables."""

import ast
import contextlib
import csv
import io
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
from test_notebooks import BILINGUAL, cells, source, tags

import petitionlib as pt
from petitionlib.page.sanitize import plain

LETTERS = 5  # shorter words may be Vietnamese ones, or part of a name
CASES = [
    pytest.param(path, {}, id=path.stem) for path in BILINGUAL if path.stem != "explore"
] + [
    pytest.param(path, {"year": year, "span": span}, id=f"{path.stem} of {place} {year} {span}")
    for path in BILINGUAL
    for place, year, span in [("can-tho", 2023, "Y"), ("can-tho", 2024, "H1")]
    if path.stem == "yearly_report"
]  # fmt: skip


def english():
    """List what words.csv says in English and not in Vietnamese, cut at its placeholders."""
    path = Path(pt.__file__).with_name("words") / "words.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    vietnamese = {text.casefold() for row in rows for text in pieces(row["vi"])}
    found = {text for row in rows if row["en"] != row["vi"] for text in pieces(row["en"])}
    return sorted(text for text in found if text.casefold() not in vietnamese)


def pieces(phrase):
    """Cut a phrase at its placeholders and marks, and keep what is long enough to be told."""
    parts = (part.strip(" .,;:()“”·") for part in re.split(r"\{\w+\}", phrase))
    return [part for part in parts if len(re.findall("[A-Za-z]", part)) >= LETTERS]


def shown(path, **parameters):
    """Run the cells of a notebook here, and return every text that a reader sees."""
    told = io.StringIO()
    names = {"display": lambda *shown: [print(*texts(each), sep="\n") for each in shown]}  # noqa: T201  # into the collected text
    for cell in cells(path, "code"):
        body = ast.parse(source(cell)).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(told):
            exec(compile(ast.Module(body, []), path.stem, "exec"), names)  # noqa: S102  # our own
            if "parameters" in tags(cell):
                names.update(parameters, lang="vi")
            if last:
                expression = compile(ast.Expression(last.value), path.stem, "eval")
                result = eval(expression, names)  # noqa: S307  # our own
                print("\n".join(texts(result)))  # noqa: T201  # into the collected text
    return re.sub(r"https?://\S+", "", told.getvalue())


def texts(value):
    """Return the texts of a figure, a table or nothing."""
    if isinstance(value, go.Figure):
        return [plain(re.sub("<br>", " ", text)) for text in strings(value.to_plotly_json())]
    return [] if value is None else [str(value)]


def strings(content):
    """Yield every text in the JSON of a figure."""
    if isinstance(content, dict):
        for name, part in content.items():
            if name not in {"template", "type", "mode", "hovertemplate", "orientation"}:
                yield from strings(part)
    elif isinstance(content, list | tuple):
        for part in content:
            yield from strings(part)
    elif isinstance(content, str):
        yield content


@pytest.mark.parametrize(("path", "parameters"), CASES)
def test_no_english_word_is_left(path, parameters):
    """No phrase that words.csv has in Vietnamese stands there in English."""
    told = shown(path, **parameters)
    assert "năm 20" in told
    cited = " ".join(pt.sources(pt.read_tables())["title"])  # as they were published
    words = [text for text in english() if text not in cited]
    left = [text for text in words if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", told)]
    assert left == []


def test_an_english_word_would_be_found():
    """The search finds the words of an English report: most of its headings and axes."""
    assert {"Published", "A year before", "Remarks", "change"} <= set(english())
