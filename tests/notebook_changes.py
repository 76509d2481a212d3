"""What changed in a notebook's outputs, in the reader's terms: a plugin of pytest beside nbval.

nbval compares; where it finds a difference, this says which figure, sentence or cell of a table
changed from what to what. Where nothing can be said, nbval's own comparison stands.
"""

import difflib
import html
import json
import re
from html.parser import HTMLParser

import pytest

FIGURE = "application/vnd.plotly.v1+json"
DATA = "application/vnd.dataresource+json"
MOST = 12
CONTEXT = 3


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Put what changed in place of nbval's dump of both outputs; `-vv` shows that as well."""
    report = yield
    new = getattr(item, "test_outputs", None)
    if report.when == "call" and report.failed and new is not None and hasattr(item, "cell"):
        lines = told(item.cell.outputs, new, item.cell.source)
        if lines and "Cell outputs differ" in str(call.excinfo.value):
            where = f"{item.path.stem}, cell {item.cell_num + 1}"
            text = "\n".join(f"{where}, {line}" for line in lines)
            verbose = item.config.get_verbosity() > 1
            report.longrepr = f"{text}\n\n{report.longrepr}" if verbose else text
    return report


def told(old, new, source=""):
    """List what changed between the stored outputs of a cell and the new ones."""
    olds, news = by_kind(old), by_kind(new)
    if "".join(olds.get("text/html", "")).startswith("<p"):  # sentences, which the text is, too
        olds.pop("text/html")
        news.pop("text/html", None)
    if "text/html" in olds or FIGURE in olds:
        olds.pop("text/plain", None)
        news.pop("text/plain", None)
    if olds.get("text/html") != news.get("text/html"):  # which tells the same in the reader's words
        olds.pop(DATA, None)
        news.pop(DATA, None)
    lines = []
    for kind in dict.fromkeys([*olds, *news]):
        before, after = olds.get(kind, []), news.get(kind, [])
        lines += [f"{NAMES.get(kind, kind)}: no longer there"] * (len(before) - len(after))
        lines += [f"{NAMES.get(kind, kind)}: new"] * (len(after) - len(before))
        for one, other in zip(before, after, strict=False):
            if one != other:
                lines += COMPARED.get(kind, changed_lines)(one, other, source)
    more = len(lines) - MOST
    return lines[:MOST] + ([f"and {more} more"] if more > 0 else [])


def by_kind(outputs):
    """Return the outputs of a cell by their kind: printed text, or a MIME type."""
    found = {}
    for output in outputs:
        if output["output_type"] == "stream":
            found.setdefault(output["name"], []).append("".join(output["text"]))
        for kind, data in output.get("data", {}).items():
            found.setdefault(kind, []).append("".join(data) if isinstance(data, list) else data)
    return found


def changed_figure(old, new, source):
    """Say which points of a figure changed; then, if it is none, which part of the drawing."""
    drawn = re.search(r"\bplot_(\w+)", source)
    title = plain(old.get("layout", {}).get("title", {}).get("text", ""))
    head = ", ".join(filter(None, [drawn[1] if drawn else "figure", title.partition(",")[0]]))
    before, after = ((rows(figure), heading(figure)) for figure in (old, new))
    lines = changed_rows(before[0], after[0], before[1], after[1])
    if not lines:
        now = plain(new.get("layout", {}).get("title", {}).get("text", ""))
        lines = [f"title: {line}" for line in changed_lines(title, now, "")] if title != now else []
    if not lines:
        lines = [f"drawing: {line}" for line in changed_parts(old, new)]
    return [f"{head}, {line}" for line in lines]


def rows(figure):
    """Return the points of a figure as rows: those it tells as text, or those of its traces."""
    meta = figure.get("layout", {}).get("meta")
    if isinstance(meta, dict) and meta.get("rows"):
        return [[str(cell) for cell in row] for row in meta["rows"]]
    return [point for trace in figure.get("data", []) for point in points(trace)]


def heading(figure):
    """Return the names of the columns of `rows`."""
    meta = figure.get("layout", {}).get("meta")
    return list(meta["columns"]) if isinstance(meta, dict) and meta.get("rows") else ["", ""]


def points(trace):
    """Yield the points of a trace: where it stands, and what is written at it or its value."""
    flat = trace.get("orientation") == "h"
    places, values = (trace.get(axis) or [] for axis in ("yx" if flat else "xy"))
    words = trace.get("customdata") or [None] * len(places)
    if not all(isinstance(axis, list) for axis in (places, values, words)):
        return  # packed numbers, which nobody reads
    for place, value, said in zip(places, values, words, strict=False):
        name = plain(str(place)).strip()
        label = ", ".join(filter(None, [trace.get("name"), name]))
        yield [label, plain(said) if isinstance(said, str) else str(value)]


def changed_table(old, new, _):
    """Say which cells of a table changed; a row is named by its first cells."""
    before, after = Table.read(old), Table.read(new)
    lines = changed_rows(before.body, after.body, before.head, after.head)
    return lines or changed_lines(before.text(), after.text(), "")


def changed_data(old, new, _):
    """Say which cells changed in the data of a table."""
    before, after = ([list(map(str, row.values())) for row in one["data"]] for one in (old, new))
    heads = ([field["title"] for field in one["schema"]["fields"]] for one in (old, new))
    lines = changed_rows(before, after, *heads)
    return [f"data: {line}" for line in lines or changed_parts(old, new)]


def changed_rows(old, new, old_head, new_head):
    """Compare rows by their labels and cells by their columns."""
    wide = label_width(old, new)
    before, after = (labelled(body, wide) for body in (old, new))
    heads = [one for one in new_head if one not in old_head]
    lines = [f"column {name}: new" for name in heads]
    lines += [f"column {name}: no longer there" for name in old_head if name not in new_head]
    for label in dict.fromkeys([*before, *after]):
        if label not in after:
            lines.append(f"{label[0]}: no longer there ({', '.join(filter(None, before[label]))})")
        elif label not in before:
            lines.append(f"{label[0]}: new ({', '.join(filter(None, after[label]))})")
        else:
            was = dict(zip(old_head[wide:], before[label], strict=False))
            now = dict(zip(new_head[wide:], after[label], strict=False))
            for name in [name for name in was if name in now and was[name] != now[name]]:
                where = ", ".join(filter(None, [label[0], name]))
                lines.append(f"{where}: {was[name] or 'blank'} → {now[name] or 'blank'}")
    return lines


def label_width(*bodies):
    """Return how many leading cells name a row, so that no two rows have the same name."""
    for wide in (1, 2, 3):
        names = [[tuple(row[:wide]) for row in body] for body in bodies]
        if all(len(set(some)) == len(some) for some in names):
            return wide
    return 1


def labelled(body, wide):
    """Return rows by their label; of equal labels the second is told from the first."""
    found = {}
    for row in body:
        label, again = ", ".join(row[:wide]), 0
        while (label, again) in found:
            again += 1
        found[label, again] = row[wide:]
    return found


def changed_lines(old, new, _=""):
    """Say which words of a text changed, with those before them."""
    before, after = str(old).splitlines(), str(new).splitlines()
    lines = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if kind == "replace" and b - a == d - c:
            for one, other in zip(before[a:b], after[c:d], strict=True):
                lines += changed_words(one, other)
        elif kind != "equal":
            lines += [f"line no longer there: {line}" for line in before[a:b]]
            lines += [f"new line: {line}" for line in after[c:d]]
    return lines


def changed_words(old, new):
    """Yield each run of words that changed, with a few words before it."""
    before, after = old.split(), new.split()
    for kind, a, b, c, d in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            lead = " ".join(before[max(0, a - CONTEXT) : a])
            lead = f"… {lead} " if a > CONTEXT else f"{lead} " if lead else ""
            was, now = " ".join(before[a:b]), " ".join(after[c:d])
            yield f"“{lead}{was or '(nothing)'}” → “{lead}{now or '(nothing)'}”"


def changed_parts(old, new, path=""):
    """Yield which parts of a figure's JSON changed, by their names."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys([*old, *new]):
            yield from changed_parts(old.get(name), new.get(name), f"{path}.{name}".strip("."))
    elif old != new:
        yield f"{path}: {json.dumps(old)[:80]} → {json.dumps(new)[:80]}"


def plain(text):
    """Give a text of a figure on one line, without its marks of type."""
    bare = re.sub(r"<br\s*/?>|\N{NO-BREAK SPACE}", " ", str(text))
    return html.unescape(re.sub(r"</?\w+[^<>]*>", "", bare))


class Table(HTMLParser):
    """The rows of an HTML table; the first of them heads the others."""

    def __init__(self):
        """Start without rows."""
        super().__init__()
        self.rows = []
        self.open = False

    @classmethod
    def read(cls, text):
        """Read a table."""
        table = cls()
        table.feed(text)
        return table

    @property
    def head(self):
        """Return the names of the columns."""
        return self.rows[0] if self.rows else []

    @property
    def body(self):
        """Return the rows below the header."""
        return self.rows[1:]

    def text(self):
        """Return the cells as lines of text."""
        return "\n".join(" ".join(row) for row in self.rows)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  # the parser gives them
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self.open = True

    def handle_endtag(self, tag):
        """End a cell."""
        if tag in {"td", "th"}:
            self.open = False

    def handle_data(self, data):
        """Add to a cell."""
        if self.open:
            self.rows[-1][-1] += data


NAMES = {FIGURE: "figure", "text/html": "table", DATA: "data", "stdout": "printed text"}
COMPARED = {FIGURE: changed_figure, "text/html": changed_table, DATA: changed_data}
