"""Comparing one job's entries with its rows, exactly: both are read until nothing moved in between."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.reconcile.jobs import JobBooks, differences_of, entry_ids, paid_outputs

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.jobs.job import Job
    from darkroom.domain.reconcile.books import Difference
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.jobs import Assets, Jobs
    from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

TRIES = 5
PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class CheckJob:
    """Looks at a job that something seems wrong with."""

    accounts: Accounts
    jobs: Jobs
    assets: Assets
    clock: Clock

    def __call__(self, owner: Owner, job_id: str) -> Sequence[Difference]:
        """What is wrong with a job's entries. One that does not stand still is left to the next run."""
        for _ in range(TRIES):
            before = self._rows(owner, job_id)
            found = (self.accounts.entry(owner, entry_id) for entry_id in entry_ids(job_id))
            entries = {entry.id: entry for entry in found if entry is not None}
            if self._rows(owner, job_id) == before:
                books = JobBooks(owner, job_id, *before, entries)
                return differences_of(books, self._stored(owner, books))
            self.clock.sleep(PAUSE_SECONDS)
        logger.info("job %s moves too fast to be looked at", job_id)
        return ()

    def without_outputs(self, owner: Owner, jobs: Sequence[Job]) -> Sequence[str]:
        """Those of some jobs that were charged for outputs which are not there; a late one by the job it is of."""
        outputs = {
            task.asset.id: job.late_of or job.id
            for job in jobs
            for task in paid_outputs(job)
            if job.unit_price and task.asset is not None
        }
        stored = self.assets.get_many(owner, list(outputs)) if outputs else {}
        return [job_id for asset_id, job_id in outputs.items() if asset_id not in stored]

    def _rows(self, owner: Owner, job_id: str) -> tuple[Job | None, Job | None]:
        return self.jobs.get(owner, job_id), self.jobs.get(owner, late_id(job_id))

    def _stored(self, owner: Owner, books: JobBooks) -> frozenset[str]:
        outputs = [task.asset for job in books.jobs for task in paid_outputs(job)]
        ids = [asset.id for asset in outputs if asset is not None]
        return frozenset(self.assets.get_many(owner, ids)) if ids else frozenset()
