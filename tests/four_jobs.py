"""A folder of four figures, and a plan of four reports that are built without a kernel."""

import asyncio
import sys
from pathlib import Path

from petitionlib.reports.batch.console import listed
from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.batch.pages import Records, write_index
from petitionlib.reports.batch.plan import plan_jobs
from petitionlib.reports.batch.run import run_batch
from petitionlib.reports.job import Built, Options
from petitionlib.tables.raw import read_rows

HEADER = "place,year,span,indicator,value,change,change_percent,status,source,locator\n"
TABLES = {
    "2021": "can-tho,2021,Y,petitions.received,2636,,,,old,\n",
    "2022": "can-tho,2022,Y,petitions.received,3108,472,,,new,\n"
            "ha-noi,2022,H1,reception.visits,50,,,,new,\n"
            "ha-noi,2022,Y,reception.visits,,5,,,new,\n",
}  # fmt: skip
SOURCES = "source,title,publisher,url,published,note\nold,O,P,,,\nnew,N,P,,,\n"
PARAMETERS = (
    'place: str = "can-tho"  # a place\nyear: int = 2022\nspan: str = "Y"\nlang: str = "en"'
)
GRID = "  - notebook: tell\n    grid: {place: all, year: all, span: all}\n"
NAMES = ["tell.can-tho.2021.Y.en", "tell.can-tho.2022.Y.en", "tell.ha-noi.2022.H1.en", "count"]


def make(folder, write):
    """Write the tables, two notebooks and the plan."""
    (folder / "data").mkdir()
    (folder / "data" / "sources.csv").write_text(SOURCES, encoding="utf-8")
    for year, rows in TABLES.items():
        (folder / "data" / f"{year}.csv").write_text(HEADER + rows, encoding="utf-8")
    (folder / "notebooks").mkdir()
    write(folder / "notebooks" / "tell.ipynb", "print(place)", parameters=PARAMETERS)
    write(folder / "notebooks" / "count.ipynb", "print(1)")
    (folder / "reports.yaml").write_text(f"reports:\n{GRID}  - notebook: count\n", encoding="utf-8")
    return folder


def reads_of(job):
    """Say what a report reads: its cell and that of the year before; without a place, all."""
    if "place" not in job.values:
        return {"all": True, "cells": []}
    place, year, span = (job.values[name] for name in ("place", "year", "span"))
    return {"all": False, "cells": [[place, year, span], [place, year - 1, span]]}


async def build(job, data, *, memory, single_file):
    """Make a page of what a report reads of the tables."""
    await asyncio.sleep(0)
    cells = {tuple(map(str, cell)) for cell in reads_of(job)["cells"]}
    rows = [row for row in sorted(read_rows(data).rows) if not cells or row[:3] in cells]
    return Built(f"{job.name} {rows}\n" * 50, reads_of(job), f"Title of {job.name}", "Up <b>5</b>.")


def run(folder, build=build, *, jobs=2, only=None, data="data", **options):
    """Run a batch over the folder, with its index, and return what became of each report."""
    data = folder / data
    rows = read_rows(data)
    planned = plan_jobs(folder / "reports.yaml", rows)
    records, inputs = Records(folder / "out"), Inputs(data, rows)
    listeners = {name: options.pop(name) for name in ("say", "tell", "ready") if name in options}

    def close(result):
        write_index(
            records.out, listed(result), data=data, drafts=records.state, code=inputs.package
        )

    chosen = None if only is None else [job for job in planned if job.name in only]
    return run_batch(planned, records, inputs, build, Options(jobs, **options), chosen=chosen,
                     close=close, **listeners)  # fmt: skip


def kinds(result):
    """Return what became of each report, by name."""
    return {outcome.job.name: outcome.kind for outcome in result.outcomes}


def pages(folder):
    """Return the bytes of every file that a batch leaves, but for its lock."""
    files = [path for path in (folder / "out").rglob("*") if path.is_file() and path.name != "lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


if __name__ == "__main__":
    print("start", flush=True)  # noqa: T201  # tells the test that the clock starts
    run(Path(sys.argv[1]))
