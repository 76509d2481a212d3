"""Reports with ploomber-engine and nbconvert, both imported and warm, a place for each line read.

Run in a process of its own: `python benchmarks/in_ploomber.py FOLDER`. The notebook runs in this
process, not in a kernel. Its charts come with the HTML that plotly writes outside of one.
"""

import json
import sys
from pathlib import Path

from nbconvert import HTMLExporter
from ploomber_engine.ipython import PloomberClient

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "yearly_report.ipynb"


def main() -> None:
    """Write the page of each place into the folder, and say so."""
    folder = Path(sys.argv[1])
    answers, sys.stdout = sys.stdout, sys.stderr
    exporter = HTMLExporter()
    for line in sys.stdin:
        place = line.strip()
        client = PloomberClient.from_path(str(NOTEBOOK), progress_bar=False)
        executed = client.execute(parameters={"place": place, "year": 2022})
        text, _ = exporter.from_notebook_node(executed)
        (folder / f"{place}.html").write_text(text, encoding="utf-8")
        answers.write(f"{json.dumps(place)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
