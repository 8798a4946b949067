"""Domain objects in the contract's words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from darkroom.catalog_data import moondraft
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, Task
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.times import utc_text

if TYPE_CHECKING:
    from api_moondraft import resources
    from darkroom.services.accounts.sign_in import SignedIn

CODE_SENT = "If this address can receive mail, a 6-digit code is on its way. It is good for 10 minutes."

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


def failure(code: FailureCode | None, reason: str | None = None) -> str:
    """Why there is no output; without a code, because the job was canceled. ``reason`` is about an input."""
    return f"Generation failed: {reason} {_REFUNDED}" if reason else _FAILURES[code]


def is_batch(job: Job) -> bool:
    """Whether the job was asked for with several prompts."""
    return isinstance(job.spec, ImageSpec) and bool(job.spec.prompts)


def result(job: Job, outputs: Sequence[str | None]) -> resources.Result:
    """What a job made."""
    if is_batch(job):
        return _batch(job, outputs)
    output = next(output for output in outputs if output is not None)
    if job.kind == "video":
        return {"success": True, "video": output}
    if job.kind == "image":
        return {"success": True, "quality": job.spec.quality, "image": output}
    return {"success": True, "image": output}


def failed_batch(job: Job, outputs: Sequence[str | None], error: str) -> resources.ErrorAnswer:
    """A batch without any output."""
    return {"error": error, **_batch(job, outputs)}


def job(record: Job, outputs: Sequence[str | None]) -> resources.Job:
    """A job that was asked for asynchronously."""
    failed = record.terminal and record.status is not JobStatus.SUCCEEDED
    return {
        "id": record.id,
        **_action(record),
        "completed_at": utc_text(record.completed_at),
        "result": result(record, outputs) if any(outputs) else None,
        "error": failure(record.failure, record.failure_reason) if failed else None,
    }


def usage(jobs: Sequence[Job]) -> resources.Usage:
    """The usage history."""
    return {"usage": [_action(record) for record in jobs]}


def credits(wallet: Wallet) -> resources.Credits:
    """The balance: what can be spent now; ``held`` is reserved for jobs under way."""
    return {"credits": wallet.available, "held": wallet.held}


def checkout(url: str) -> resources.Checkout:
    """Where to pay."""
    return {"checkout_url": url}


def auto_reload(settings: AutoReload | None) -> resources.AutoReload:
    """When which pack is bought automatically."""
    if settings is None:
        return {"enabled": False, "threshold": None, "pack": None, "monthly_limit_cents": None}
    return {
        "enabled": True,
        "threshold": settings.threshold,
        "pack": settings.pack_id,
        "monthly_limit_cents": settings.limit_cents,
    }


def refined_prompt(text: str) -> resources.RefinedPrompt:
    """A rewritten prompt."""
    return {"refined_prompt": text}


def code_sent() -> resources.CodeSent:
    """The same answer for every address, so that it does not reveal who has an account."""
    return {"success": True, "message": CODE_SENT}


def signed_in(account: SignedIn) -> resources.SignedIn:
    """A key, shown this once, and the credits it can spend."""
    return {"success": True, "api_key": account.secret, "credits": account.wallet.available}


def _batch(job: Job, outputs: Sequence[str | None]) -> resources.Batch:
    items = [_item(job, task, output) for task, output in zip(job.tasks, outputs, strict=True)]
    return {"results": items, "quality": job.spec.quality}


def _item(job: Job, task: Task, output: str | None) -> resources.BatchImage | resources.BatchFailure:
    prompt = job.spec.prompt_of(task.index)
    if output is None:
        return {"prompt": prompt, "success": False, "error": failure(task.failure, task.reason)}
    return {"prompt": prompt, "image": output, "success": True}


def _action(record: Job) -> resources.Action:
    return {
        "type": "batch" if is_batch(record) else _TYPES.get(record.offer_id, record.kind),
        "credits": record.charged if record.terminal else record.held,
        "timestamp": utc_text(record.created_at),
        "status": record.status,
    }
