"""A folder of four figures, and a plan of four reports that are built without a kernel."""

import asyncio
import sys
import tempfile
from pathlib import Path

from petitionlib.reports.batch.console import listed
from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.batch.pages import Records, write_index
from petitionlib.reports.batch.plan import plan_jobs
from petitionlib.reports.batch.run import run_batch
from petitionlib.reports.job import Built, Options
from petitionlib.reports.rows import Folders
from petitionlib.tables.raw import Snapshot

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
    declared = {"reads": {"place": "place"}}
    tell = folder / "notebooks" / "tell.ipynb"
    write(tell, "print(place)", parameters=PARAMETERS, declared=declared)
    write(folder / "notebooks" / "count.ipynb", "print(1)")
    (folder / "reports.yaml").write_text(f"reports:\n{GRID}  - notebook: count\n", encoding="utf-8")
    return folder


async def build(job, data, *, memory, single_file):
    """Make a page of the rows in the data folder of a report, which are all that it sees."""
    await asyncio.sleep(0)
    rows = sorted(Snapshot(data).rows.rows)
    return Built(f"{job.name} {rows}\n" * 50, f"Title of {job.name}", "Up <b>5</b>.")


class Narrowed:
    """Hands each report the folder of its rows, as a batch does."""

    def __init__(self, build, folders):
        """Take what builds pages of a job and a data folder, and the folders of the rows."""
        self.build, self.folders = build, folders

    async def __call__(self, job, **options):
        """Build a page of the rows of a job."""
        return await self.build(job, self.folders.of(job.places), **options)

    async def close(self):
        """Put away what was begun."""
        if close := getattr(self.build, "close", None):
            await close()


def run(folder, build=build, *, jobs=2, only=None, data="data", **options):
    """Run a batch over the folder, with its index, and return what became of each report."""
    data = Snapshot(folder / data)
    planned = plan_jobs(folder / "reports.yaml", data)
    records, inputs = Records(folder / "out"), Inputs(data)
    listeners = {name: options.pop(name) for name in ("say", "tell", "ready") if name in options}

    def close(result):
        write_index(
            records.out,
            listed(result),
            places=data.places,
            about=data.about,
            drafts=records.state,
            code=inputs.package,
        )

    chosen = None if only is None else [job for job in planned if job.name in only]
    with tempfile.TemporaryDirectory() as private:
        narrowed = Narrowed(build, Folders(data, Path(private)))
        return run_batch(planned, records, inputs, narrowed, Options(jobs, **options),
                         chosen=chosen, close=close, **listeners)  # fmt: skip


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
