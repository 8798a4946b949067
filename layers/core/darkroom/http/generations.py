"""Shows jobs and assets as the Generation object, which the memes API answers with and its webhooks carry.

The types name the contract's kinds, which are all the API shows. A webhook also tells of jobs made through other
dialects, whose kinds it carries as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from darkroom.domain.jobs.job import FailureCode, Job, JobStatus
from darkroom.domain.times import utc_text
from darkroom.http.waiting import failure_text

if TYPE_CHECKING:
    from darkroom.domain.jobs import assets
    from darkroom.http.generation_resources import (
        Asset,
        ErrorCode,
        Generation,
        GenerationError,
        GenerationType,
        OutputType,
    )
    from darkroom.http.links import Links

# The contract has no code for an input that could not be used; the message says it.
_CODES: Mapping[FailureCode, ErrorCode] = {
    FailureCode.CONTENT_BLOCKED: "content_blocked",
    FailureCode.INPUT_REJECTED: "generation_failed",
    FailureCode.FAILED: "generation_failed",
    FailureCode.TIMED_OUT: "generation_timed_out",
}


def generation(job: Job, links: Links) -> Generation:
    """A job as a Generation object, always with all its members."""
    outputs = [task.asset for task in job.succeeded_tasks if task.asset is not None]
    return {
        "id": job.id,
        "object": "generation",
        "type": cast("GenerationType", job.kind),
        "status": job.status,
        "model": job.model,
        "requested_count": len(job.tasks),
        "completed_count": len(job.succeeded_tasks),
        "failed_count": len(job.failed_tasks),
        "output": [asset(output, links) for output in outputs],
        "error": _error(job),
        "created_at": utc_text(job.created_at),
        "completed_at": utc_text(job.completed_at),
    }


def asset(output: assets.Asset, links: Links) -> Asset:
    """An output as an Asset object."""
    return {
        "id": output.id,
        "type": cast("OutputType", output.type),
        "url": links.file(output.storage_key),
        "aspect_ratio": output.aspect_ratio,
        "slide_index": output.slide_index,
        "parent_id": output.parent_id,
        "model": output.model,
        "created_at": utc_text(output.created_at),
    }


def _error(job: Job) -> GenerationError | None:
    if job.status not in (JobStatus.FAILED, JobStatus.PARTIAL) or job.failure is None:
        return None
    return {"type": "generation_error", "code": _CODES[job.failure], "message": failure_text(job)}
