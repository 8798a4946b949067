"""Repeats the answer of a request whose outcome is its job's: the record keeps the job's id, not the answer."""

from __future__ import annotations

import json

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import StoredResponse
from darkroom.http.responses import stored_response
from darkroom.ports.jobs import Jobs


def stored_job(job: Job) -> StoredResponse:
    """What is kept for a repeated request."""
    return stored_response(202, {"id": job.id})


def is_job(stored: StoredResponse) -> bool:
    """Whether a record stands for a job, and not for an answer."""
    return set(json.loads(stored.body)) == {"id"}


def recorded_job(jobs: Jobs, owner: Owner, stored: StoredResponse) -> Job:
    """The job of the earlier request.

    Raises
    ------
    Unavailable
    """
    job = jobs.get(owner, json.loads(stored.body)["id"])
    if job is None:
        raise Unavailable("The earlier request cannot be read just now.")
    return job
