"""The jobs table's stream in memory: every change of a job, in order, as the row was before and after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.job import Job
from darkroom.services.usage.count_usage import JobChange
from tests.fakes import Memory


class _Recorded(dict[tuple[Owner, str], Job]):
    """The jobs of a memory, which note what is done to them."""

    def __init__(self, jobs: Mapping[tuple[Owner, str], Job], changes: list[JobChange]) -> None:
        super().__init__(jobs)
        self._changes = changes

    def __setitem__(self, place: tuple[Owner, str], job: Job) -> None:
        self._changes.append(JobChange(f"{len(self._changes):09}", self.get(place), job))
        super().__setitem__(place, job)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for place, job in dict(*args, **kwargs).items():
            self[place] = job


def record_jobs(memory: Memory) -> list[JobChange]:
    """Record a memory's jobs from now on; the list grows with every change."""
    changes: list[JobChange] = []
    memory.jobs = _Recorded(memory.jobs, changes)
    return changes
