"""A working folder in which every text would run if it could: data, notebooks, their names."""

import csv
import json
import unicodedata

from payloads import PAYLOADS

from petitionlib.files import text_fault

FIGURES = ("petitions.received", "reception.visits", "evil.whole", "evil.part")
SHIPPED = ("yearly_report", "trend_report", "compare_places", "data_check", "explore")
DATA = 'data"><img src=x onerror=alert(1)>'
NOTEBOOK = "'><svg onload=alert(1)>"
FAILING = "<img src=x onerror=alert(1)>"


def chunks(texts, size=12):
    """Join texts, so many at a time: one name holds many of them."""
    return [" ".join(texts[i : i + size]) for i in range(0, len(texts), size)]


# What a table may hold: a reader refuses invisible characters and the like by name and line.
HELD = [p for p in (unicodedata.normalize("NFC", p.strip()) for p in PAYLOADS) if not text_fault(p)]
NAMES = chunks(HELD)
PLACES = [f"evil-{i}" for i in range(len(NAMES))]


def make(folder):
    """Write the folder; the plan in it builds reports of every kind."""
    data = folder / DATA
    _write_codebook(data / "codebook")
    _write_tables(data)
    notebooks = {NOTEBOOK: _telling(), FAILING: _failing()}
    for name, cells in notebooks.items():
        path = folder / f"{name}.ipynb"
        path.write_text(json.dumps(_notebook(cells)), encoding="utf-8")
    (folder / "reports.yaml").write_text(json.dumps(_plan()), encoding="utf-8")
    return folder


def _plan():
    """Write the plan: JSON is YAML as well."""
    both = ["en", "vi"]
    first = PLACES[0]
    return {
        "reports": [
            {"notebook": "yearly_report", "grid": {"place": PLACES, "year": 2022, "span": "Y"},
             "parameters": {"lang": "vi"}},
            {"notebook": "yearly_report", "grid": {"place": first, "year": 2022, "span": "evil"}},
            {"notebook": "trend_report", "grid": {"place": first, "lang": both}},
            {"notebook": "compare_places", "grid": {"year": 2022, "lang": both}},
            {"notebook": "data_check", "grid": {"lang": both}},
            {"notebook": "explore", "grid": {"lang": both}, "parameters": {"place": first}},
            {"notebook": f"./{NOTEBOOK}.ipynb", "grid": {"note": chunks(PAYLOADS)}},
            {"notebook": f"./{FAILING}.ipynb", "grid": {"note": NAMES[:3]}},
        ]
    }  # fmt: skip


def _write(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def _write_codebook(folder):
    """Write labels that are hostile into every file of the codebook."""
    one, two = NAMES[:2]
    _write(
        folder / "places.csv",
        "place,name_en,name_vi,level,code,parent,partition,valid_from,valid_to,successor",
        [[p, n, n, "province", *[""] * 6] for p, n in zip(PLACES, NAMES, strict=True)],
    )
    _write(
        folder / "indicators.csv",
        "indicator,unit,kind,label_en,label_vi,numerator,denominator",
        [["evil.whole", "petitions", "flow", one, two, "", ""],
         ["evil.part", "petitions", "flow", two, one, "", ""]],
    )  # fmt: skip
    _write(
        folder / "spans.csv",
        "span,label_en,label_vi,start,end,cumulative",
        [["evil", one, two, "Y/01-01", "Y/06-30", "yes"]],
    )
    _write(
        folder / "breaks.csv",
        "date,scope,indicators,label_en,label_vi,source",
        [[f"2022-0{i}-01", "form", "*", n, n, n] for i, n in enumerate(NAMES[:6], 1)],
    )
    _write(
        folder / "identities.csv",
        "identity,whole,relation,parts,severity,authority",
        [["evil", "evil.whole", "=", "evil.part", "error", one]],
    )


def _write_tables(folder):
    """Write figures that contradict one another, from a source for each payload."""
    header = "place,year,span,indicator,value,change,change_percent,status,source,locator"
    sources = [[f"s{i}", p, p, p, "2022-01-01", p] for i, p in enumerate(HELD)]
    _write(folder / "sources.csv", "source,title,publisher,url,published,note", sources)
    for year in (2021, 2022):
        rows = []
        for i, (place, name) in enumerate(zip(PLACES, NAMES, strict=True)):
            spans = ("Y", "evil") if i == 0 else ("Y",)
            rows += [
                [place, year, span, code, (year - 1900) * (n + 3) + i, "", "", "", f"s{i}", name]
                for span in spans
                for n, code in enumerate(FIGURES)
            ]
        rows += [  # every source is used, and named where it contradicts
            [PLACES[0], year, "Y", "evil.whole", 10 + i, "", "", "e", f"s{i}", p]
            for i, p in enumerate(HELD)
            if i
        ]
        _write(folder / f"{year}.csv", header, rows)
    known = [["evil", p, 2022, "Y", "evil.whole", f"s{i}", NAMES[i], NAMES[i]]
             for i, p in enumerate(PLACES)]  # fmt: skip
    _write(
        folder / "known.csv", "identity,place,year,span,indicator,source,reason,reason_vi", known
    )


def _notebook(cells):
    kernel = {"name": "python3", "display_name": HELD[0], "language": "python"}
    return {
        "cells": cells, "metadata": {"kernelspec": kernel, "title": HELD[0]},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


def _code(name, source, *tags):
    return {
        "cell_type": "code", "id": name, "source": source, "metadata": {"tags": list(tags)},
        "outputs": [], "execution_count": None,
    }  # fmt: skip


def _prose(name, source):
    return {"cell_type": "markdown", "id": name, "source": source, "metadata": {}}


def _telling():
    """Make a notebook that shows its parameter in every way that a notebook can."""
    helped = HELD[0].replace("\n", " ")
    return [
        _prose("about", f"# {PAYLOADS[0]}\n\n" + "\n\n".join(PAYLOADS)),
        _code("p", f'note: str = "x"  # {helped}', "parameters"),
        _code("t", "print(note)", "title"),
        _code("h", "print(note)", "headline"),
        _prose("prose", "\n\n".join(f"> {p}\n\n- {p}\n\n`{p}`" for p in PAYLOADS)),
        _code("s", "print(note)\nimport sys\nprint(note, file=sys.stderr)"),
        _code("v", "import pandas as pd\npd.DataFrame({note: [note]}, index=[note])", "figures"),
        _code("m", "from IPython.display import HTML, Markdown, display\ndisplay(HTML(note))"),
        _code("d", "display(Markdown(note))"),
        _code("f", "import plotly.graph_objects as go\n"
              "go.Figure(go.Bar(x=[note], y=[1], name=note, hovertext=note),"
              " {'title': {'text': note}, 'showlegend': True})"),
        _prose("end", "## end"),
    ]  # fmt: skip


def _failing():
    return [_code("p", 'note: str = "x"', "parameters"), _code("f", "raise ValueError(note)")]
