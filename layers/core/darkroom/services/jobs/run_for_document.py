"""Running a free job for the JSON document that is its output, while the caller waits."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkroom.domain.errors import NotFound

if TYPE_CHECKING:
    from darkroom.domain.jobs.job import Job
    from darkroom.ports.storage import Blobs
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.jobs.run_job import RunJob
    from darkroom.services.jobs.submit_job import Submission

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunForDocument:
    """Runs jobs of which somebody waits for the output. ``run`` bounds the time."""

    run: RunJob
    blobs: Blobs

    def __call__(self, caller: Caller, submission: Submission) -> tuple[Job, Mapping[str, Any] | None]:
        """The ended job, and its output's document, ``None`` if there is none.

        Raises
        ------
        DomainError
            The job was not accepted.
        """
        job = self.run(caller, submission)
        asset = job.tasks[0].asset
        if asset is None:
            logger.warning("job %s, a %s, has no output: %s", job.id, job.kind, job.failure)
            return job, None
        try:
            document: Mapping[str, Any] = json.loads(self.blobs.get(asset.storage_key))
        except NotFound:
            logger.warning("job %s, a %s, has lost its output", job.id, job.kind)
            return job, None
        return job, document
