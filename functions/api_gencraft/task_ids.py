"""Task ids as gencraft spells them: the job's id and the task's index, so that a look-up is one read."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from darkroom.catalog_data.gencraft import DIALECT
from darkroom.domain.jobs.job import Job, Task

_SHAPE = re.compile(r"task_([0-9a-f]{32})_(0|[1-9][0-9]?)")


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A task's job and its index in it."""

    job_id: str
    index: int

    def of(self, job: Job | None) -> Task | None:
        """The task in ``job``, if the job is one of this dialect's and has so many."""
        if job is None or job.dialect != DIALECT or self.index >= len(job.tasks):
            return None
        return job.tasks[self.index]


def spell(job: Job, index: int) -> str:
    """A task's id."""
    return f"task_{uuid.UUID(job.id).hex}_{index}"


def parse(text: str) -> TaskRef | None:
    """Parse an id; ``None`` for a text that :func:`spell` never wrote."""
    match = _SHAPE.fullmatch(text)
    return TaskRef(str(uuid.UUID(hex=match[1])), int(match[2])) if match else None
