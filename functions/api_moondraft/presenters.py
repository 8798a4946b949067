"""How moondraft shows jobs, credits and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from darkroom.catalog_data import moondraft
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, Task
from darkroom.domain.jobs.spec import ImageSpec

type Json = dict[str, Any]

_TYPES = {
    moondraft.IMAGE: "generate",
    moondraft.IMAGE_PREMIUM: "generate",
    moondraft.EDIT: "edit",
    moondraft.UPSCALE: "enhance",
    moondraft.VIDEO: "video",
}
_REFUNDED = "Credits were refunded."
_FAILURES: Mapping[FailureCode | None, str] = {
    FailureCode.CONTENT_BLOCKED: f"Content policy violation: the prompt was rejected. {_REFUNDED}",
    FailureCode.INPUT_REJECTED: f"Generation failed: an input could not be used. {_REFUNDED}",
    FailureCode.FAILED: f"Generation failed. {_REFUNDED}",
    FailureCode.TIMED_OUT: f"Timed out. {_REFUNDED}",
    None: f"Canceled. {_REFUNDED}",
}


def failure(code: FailureCode | None) -> str:
    """Why there is no output."""
    return _FAILURES[code]


def result(job: Job, outputs: Sequence[str | None]) -> Json:
    """What an ended job is answered with."""
    if is_batch(job):
        items = [_item(job, task, output) for task, output in zip(job.tasks, outputs, strict=True)]
        return {"results": items, "quality": job.spec.quality}
    if job.kind == "video":
        return {"success": True, "video": outputs[0]}
    if job.kind == "image":
        return {"success": True, "quality": job.spec.quality, "image": outputs[0]}
    return {"success": True, "image": outputs[0]}


def is_batch(job: Job) -> bool:
    """Whether the job was asked for with a list of prompts."""
    return isinstance(job.spec, ImageSpec) and bool(job.spec.prompts)


def _item(job: Job, task: Task, output: str | None) -> Json:
    prompt = job.spec.prompt_of(task.index)
    if output is None:
        return {"prompt": prompt, "success": False, "error": failure(task.failure)}
    return {"prompt": prompt, "image": output, "success": True}


def job(record: Job, outputs: Sequence[str | None]) -> Json:
    """A job that was asked for asynchronously."""
    made = any(outputs)
    told = failure(record.failure) if record.terminal and record.status is not JobStatus.SUCCEEDED else None
    return {
        "id": record.id,
        **action(record),
        "completed_at": None if record.completed_at is None else _time(record.completed_at),
        "result": result(record, outputs) if made else None,
        "error": told,
    }


def action(record: Job) -> Json:
    """One line of the usage history. What has not ended costs what it may cost at most."""
    return {
        "type": "batch" if is_batch(record) else _TYPES.get(record.offer_id, record.kind),
        "credits": record.charged if record.terminal else record.held,
        "timestamp": _time(record.created_at),
        "status": record.status.value,
    }


def credits(wallet: Wallet) -> Json:
    """The balance: what can be spent now; ``held`` is reserved for what is under way."""
    return {"credits": wallet.available, "held": wallet.held}


def auto_reload(settings: AutoReload | None) -> Json:
    """When credits are bought without being asked."""
    if settings is None:
        return {"enabled": False, "threshold": None, "pack": None}
    return {"enabled": True, "threshold": settings.threshold, "pack": settings.pack_id}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
