"""Domain objects in the contract's words."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from api_gencraft import task_ids
from darkroom.catalog_data.gencraft import KINDS
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.jobs.assets import EXTENSIONS, Asset
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, Task, TaskState
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.http.links import Links

if TYPE_CHECKING:
    from api_gencraft import resources

# How long a picture usually takes; progress is at nine tenths by then.
EXPECTED_SECONDS: Mapping[str, int] = {"1K": 8, "2K": 12, "4K": 25}
MAX_FILENAME = 100

# The contract knows four tiers; a plan that only credits limit can do what the highest can.
TIERS: Mapping[str, str] = {"metered": "pro"}

_MODES = {kind: mode for mode, kind in KINDS.items()}
_CANCELED = "canceled"
_FAILURES: Mapping[FailureCode | None, str] = {
    FailureCode.CONTENT_BLOCKED: "content policy: the request was refused",
    FailureCode.INPUT_REJECTED: "an input image could not be used",
    FailureCode.FAILED: "generation failed",
    FailureCode.TIMED_OUT: "generation timed out",
}


def accepted(job: Job, workspace: Workspace) -> resources.Accepted:
    """The answer to a request for images: what to poll for."""
    ids = [task_ids.spell(job, task.index) for task in job.tasks]
    return {"task_ids": ids, "email": workspace.email or ""}


def task(job: Job, record: Task, now: datetime, links: Links) -> resources.Task:
    """A task: ``imageUrl`` comes with *completed* and ``error`` with *failed*, neither with anything else."""
    status = _status(job, record)
    answer: resources.Task = {
        "task_id": task_ids.spell(job, record.index),
        "status": status,
        "progress": _progress(job, status, now),
    }
    if record.asset is not None:
        answer["imageUrl"] = links.file(record.asset.storage_key)
    if status == "failed":
        answer["error"] = (record.reason or _FAILURES.get(record.failure, _CANCELED)).removesuffix(".")
    return answer


def unknown_task(task_id: str) -> resources.Task:
    """An unknown id in a list of tasks: it is answered as failed, so that clients stop polling."""
    return {"task_id": task_id, "status": "failed", "progress": 0, "error": "not found"}


def task_list(tasks: Sequence[resources.Task]) -> resources.TaskList:
    """Many tasks."""
    return {"tasks": list(tasks)}


def history(jobs: Sequence[Job], links: Links, *, total: int, page: int, limit: int) -> resources.History:
    """One page of the history."""
    return {
        "items": [_generation(job, links) for job in jobs],
        "total": total,
        "page": page,
        "limit": limit,
        "total_pages": -(-total // limit),
    }


def upload(asset: Asset, source_url: str, links: Links) -> resources.Upload:
    """A picture that was taken over."""
    return {
        "url": links.file(asset.storage_key),
        "filename": filename(source_url, asset.mime),
        "content_type": asset.mime,
        "bytes": asset.size,
    }


def account(workspace: Workspace, *, has_key: bool) -> resources.Account:
    """Who the key belongs to."""
    return {
        "email": workspace.email or "",
        "tier": TIERS.get(workspace.plan, workspace.plan),
        "has_key": has_key,
    }


def filename(url: str, mime: str) -> str:
    """A harmless name for what was at ``url``: its last part, with an extension that tells what it really is."""
    last = unquote(urlsplit(url).path).rpartition("/")[2]
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", last).strip("._-")[-MAX_FILENAME:].lstrip("._-") or "image"
    if mimetypes.guess_type(name)[0] == mime:
        return name
    return f"{name.rpartition('.')[0] or name}.{EXTENSIONS[mime]}"


def _generation(job: Job, links: Links) -> resources.Generation:
    """A request in the history. Its id is its first task's, which can be polled."""
    assets = [task.asset for task in job.succeeded_tasks if task.asset is not None]
    return {
        "id": task_ids.spell(job, 0),
        "prompt": job.spec.prompt,
        "model": job.model,
        "mode": _MODES[job.kind],
        "aspect": job.spec.aspect_ratio,
        "imageSize": _image_size(job),
        "imageCount": len(job.tasks),
        "images": [links.file(asset.storage_key) for asset in assets],
        "refs": [_reference(source, links) for source in job.spec.inputs],
        "createdAt": int(job.created_at.timestamp() * 1000),
    }


def _image_size(job: Job) -> str:
    return str(job.spec_as(ImageSpec).resolution)


def _status(job: Job, record: Task) -> resources.Status:
    if record.state is TaskState.SUCCEEDED:
        return "completed"
    if record.state in (TaskState.FAILED, TaskState.CANCELED):
        return "failed"
    # A task that was put back into the queue must not seem to fall behind: the job's work has begun for all of it.
    return "queued" if job.status is JobStatus.QUEUED else "in_progress"


def _progress(job: Job, status: resources.Status, now: datetime) -> int:
    """Per cent. Of what is left, nine tenths pass in each expected duration: it only grows and never arrives."""
    if status != "in_progress":
        return 100 if status == "completed" else 0
    elapsed = max((now - job.created_at).total_seconds(), 0)
    passed = 100 - 100 * 10 ** -(elapsed / EXPECTED_SECONDS[_image_size(job)])
    return min(max(int(passed), 1), 99)


def _reference(source: Input, links: Links) -> str:
    return links.file(source.location) if source.stored else source.location
