"""The events on the bus. An event's id follows from what happened, so publishing it twice makes one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from darkroom.domain.accounts.key_budgets import KeySpending, Period, Reached
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.files.file import File, FileStatus
from darkroom.domain.ids import derived
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.manifests.manifest import Manifest
from darkroom.domain.serialization import to_document
from darkroom.domain.webhooks.endpoints import Endpoint, EventType

EVENT_OF_STATUS: Mapping[JobStatus, EventType] = {
    JobStatus.SUCCEEDED: EventType.COMPLETED,
    JobStatus.PARTIAL: EventType.PARTIAL,
    JobStatus.FAILED: EventType.FAILED,
    JobStatus.CANCELED: EventType.CANCELED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``data`` is a document of :mod:`darkroom.domain.serialization`."""

    id: str
    type: EventType
    owner: Owner
    occurred_at: datetime
    data: Mapping[str, Any]


def job_ended(job: Job) -> Event:
    """The event of a job's end.

    Raises
    ------
    ValueError
        The job has not ended.
    """
    if job.completed_at is None:
        raise ValueError(f"job {job.id} has not ended")
    return Event(
        derived(job.id, "ended"),
        EVENT_OF_STATUS[job.status],
        job.owner,
        job.completed_at,
        to_document(job),
    )


def endpoint_disabled(endpoint: Endpoint) -> Event:
    """The event that one of a workspace's endpoints was disabled for failing.

    Raises
    ------
    ValueError
        The endpoint's owner disabled it, or nobody did.
    """
    if endpoint.disabled_at is None or endpoint.disabled_reason is None:
        raise ValueError(f"endpoint {endpoint.id} is not disabled")
    return Event(
        derived(endpoint.id, "disabled", endpoint.disabled_at.isoformat()),
        EventType.ENDPOINT_DISABLED,
        endpoint.owner,
        endpoint.disabled_at,
        to_document(endpoint),
    )


def file_settled(file: File) -> Event:
    """The event that an uploaded file became ready or was rejected.

    Raises
    ------
    ValueError
        Neither has happened yet.
    """
    if file.settled_at is None:
        raise ValueError(f"file {file.id} is not settled")
    ready = file.status is FileStatus.READY
    return Event(
        derived(file.id, "settled"),
        EventType.FILE_READY if ready else EventType.FILE_REJECTED,
        file.owner,
        file.settled_at,
        to_document(file),
    )


def budget_reached(spending: KeySpending, reached: Reached, at: datetime) -> Event:
    """The event that a threshold of a key's budget was reached: one for each key, period and threshold."""
    key_id = spending.budget.key_id
    return Event(
        derived(key_id, "budget", reached.span, reached.threshold),
        EventType.BUDGET_REACHED,
        spending.owner,
        at,
        {
            "budget": {
                "key_id": key_id,
                "period": reached.period.value,
                "starts": reached.span if reached.period is Period.DAY else f"{reached.span}-01",
                "threshold": reached.threshold,
                "limit": reached.limit,
                "used": reached.used,
            }
        },
    )


def manifest_ended(manifest: Manifest) -> Event:
    """The event of a manifest's end, however it ended.

    Raises
    ------
    ValueError
        It has not ended.
    """
    if manifest.completed_at is None:
        raise ValueError(f"manifest {manifest.id} has not ended")
    return Event(
        derived(manifest.id, "ended"),
        EventType.BATCH_COMPLETED,
        manifest.owner,
        manifest.completed_at,
        to_document(manifest),
    )
