"""One run of `petitionlib batch`: the plan, the batch, how it goes, its index, how it ended."""

import signal
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from petitionlib.errors import (
    BatchError,
    DataNotFoundError,
    PetitionlibError,
    PlanError,
    TableError,
    said,
)
from petitionlib.reports.batch.console import (
    Progress,
    Teller,
    as_json,
    exit_code,
    listed,
    plan_lines,
    summary_lines,
)
from petitionlib.reports.batch.dependencies import Inputs
from petitionlib.reports.batch.pages import Records, assess, keep_shared, share, write_index
from petitionlib.reports.batch.plan import choose, plan_jobs
from petitionlib.reports.batch.run import Result, run_batch
from petitionlib.reports.job import Built, Job, Options
from petitionlib.reports.rows import Folders
from petitionlib.tables.folder import find_data
from petitionlib.tables.raw import Snapshot
from petitionlib.tables.texts import check_table

if TYPE_CHECKING:
    from petitionlib.reports.batch.workers import Workers

__all__ = ["Session"]


class Session:
    """The reports of a plan, those chosen of them, and how their batch ended."""

    def __init__(
        self,
        plan: Path,
        data: Path | None,
        out: Path,
        only: Sequence[str],
        *,
        single_file: bool | None = None,
    ) -> None:
        """Read the plan and the rows, and choose; nothing is built or written yet."""
        self.planned, self.data = _read_plan(plan, data)
        self.chosen = choose(self.planned, only)
        self.records = Records(out)
        self.inputs = Inputs(self.data, single_file=single_file)
        self.result = Result([], [])
        self._names = {job.name for job in self.chosen}
        self._teller = Teller()

    def preview(self, *, why: bool, force: bool, lang: str = "en") -> list[str]:
        """Say what would be built; refuse tables with faults, as a batch would."""
        states = assess(self.chosen, self.records, self.inputs)
        if self.data.folder is not None and (force or any(state.why for state in states)):
            check_table(self.data.folder)
        return list(plan_lines(states, why=why, force=force, lang=lang))

    def run(self, options: Options, *, quiet: bool, why: bool, lang: str = "en") -> None:
        """Build what has changed and show how it goes; `quiet`: not in a log."""
        progress = Progress(lines=not quiet, why=why, lang=lang)
        self._teller = progress.teller
        builder = _Builder(self.records, self.data)

        def ready(total: int) -> None:
            _check(self.data, builder)
            progress.start(total)

        try:
            self.result = run_batch(
                self.planned, self.records, self.inputs, builder, options,
                chosen=self.chosen,
                ready=ready, tell=progress.tell, say=progress.say, close=self._close,
            )  # fmt: skip
        except KeyboardInterrupt:  # before the first report was begun
            self.result = Result([], [], signal.SIGINT)
        finally:
            builder.remove_files()
            progress.close()

    def lines(self) -> list[str]:
        """Say how the batch ended."""
        out = self.records.out
        return list(summary_lines(self.result, out, self._names, self._teller))

    def document(self) -> str:
        """Write how the batch ended as JSON."""
        return as_json(self.result, self.records.out, self._names)

    def exit_code(self) -> int:
        """Return the exit code of the command."""
        return exit_code(self.result)

    def _close(self, result: Result) -> None:
        """Write the index and see to plotly.js, while the folder is still this batch's own."""
        keep_shared(self.records, [o.job.name for o in result.outcomes if o.stands])
        write_index(
            self.records.out, listed(result), places=self.data.places, about=self.data.about,
            drafts=self.records.state, code=self.inputs.package,
        )  # fmt: skip


def _read_plan(plan: Path, data: Path | None) -> tuple[list[Job], Snapshot]:
    """Read a plan and the data folder that it is made for; it may need no data."""
    missing = None
    try:
        folder: Path | None = data or find_data(plan.absolute().parent)
    except DataNotFoundError as error:
        folder, missing = None, error
    read = Snapshot(folder)
    try:
        _ = read.rows
    except TableError:  # of a file that is no table: there may be other faults
        if folder:
            check_table(folder)
        raise
    try:
        return plan_jobs(plan, read), read
    except PlanError as error:
        if missing and all(problem.line for problem in error.problems):
            raise missing from None
        raise


def _check(data: Snapshot, builder: "_Builder") -> None:
    """Refuse tables with faults before anything is built: those that the reports will read.

    The faults are told of the files as they stand, by their own names.
    """
    folder, laid_out = data.folder, builder.folders.of(None)
    if folder is None or laid_out is None:
        return
    try:
        check_table(laid_out)
    except PetitionlibError:
        check_table(folder)
        raise BatchError(said("fault.edited", folder=str(folder))) from None


class _Builder:
    """Builds pages with what builds them, which is loaded when there is one to build."""

    def __init__(self, records: Records, data: Snapshot) -> None:
        self._records = records
        self._data = data
        self._workers: Workers | None = None
        self._folders: Folders | None = None

    @property
    def workers(self) -> "Workers":
        """The processes that build."""
        from petitionlib.reports.batch.workers import Workers  # noqa: PLC0415  # loads asyncio

        if self._workers is None:
            self._workers = Workers()
        return self._workers

    @property
    def folders(self) -> Folders:
        """The data folders of the reports, which go with the files of the workers."""
        if self._folders is None:
            self._folders = Folders(self._data, self.workers.folder)
        return self._folders

    def __call__(self, job: Job, *, memory: int | None, single_file: bool) -> Awaitable[Built]:
        if not single_file:
            share(self._records)
        data = self.folders.of(job.places)
        return self.workers(job, data, memory=memory, single_file=single_file)

    async def close(self) -> None:
        """End the processes that built pages."""
        if self._workers is not None:
            await self._workers.close()

    def remove_files(self) -> None:
        """Remove what was laid out for processes that were perhaps never started."""
        if self._workers is not None:
            self._workers.remove_files()
