"""Domain objects in the contract's words. Pure: also what webhook payloads are made with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.accounts.api_keys import ApiKey
from darkroom.domain.accounts.workspaces import Feature, Workspace
from darkroom.domain.billing.ledger import Wallet, next_reset
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus
from darkroom.domain.webhooks.deliveries import Attempt, Delivery
from darkroom.domain.webhooks.endpoints import SUBSCRIBABLE, Endpoint
from darkroom.http.links import Links
from darkroom.http.waiting import failure_text

type Json = dict[str, Any]

INTERVAL = "rolling_30_days"
FEATURES = (Feature.IMAGES, Feature.VIDEO)  # what this contract has allowances for

# The contract has no code for an input that could not be used; the message says it.
_CODES: Mapping[FailureCode, str] = {
    FailureCode.CONTENT_BLOCKED: "content_blocked",
    FailureCode.INPUT_REJECTED: "generation_failed",
    FailureCode.FAILED: "generation_failed",
    FailureCode.TIMED_OUT: "generation_timed_out",
}


def moment(at: datetime) -> str:
    """A time as the contract writes it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def generation(job: Job, links: Links) -> Json:
    """The Generation object; all its keys, always."""
    assets = [task.asset for task in job.succeeded_tasks if task.asset is not None]
    return {
        "id": job.id,
        "object": "generation",
        "type": job.kind,
        "status": job.status.value,
        "model": job.model,
        "requested_count": len(job.tasks),
        "completed_count": len(job.succeeded_tasks),
        "failed_count": len(job.failed_tasks),
        "output": [asset(made, links) for made in assets],
        "error": _generation_error(job),
        "created_at": moment(job.created_at),
        "completed_at": _moment_or_none(job.completed_at),
    }


def asset(made: Asset, links: Links) -> Json:
    """The Asset object."""
    return {
        "id": made.id,
        "type": made.type.value,
        "url": links.file(made.storage_key),
        "aspect_ratio": made.aspect_ratio,
        "slide_index": made.slide_index,
        "parent_id": made.parent_id,
        "model": made.model,
        "created_at": moment(made.created_at),
    }


def usage(wallet: Wallet, now: datetime, *, used: int = 0, settled: int = 0) -> Json:
    """The usage block. ``settled`` credits were spent since the wallet was read."""
    return {
        "credits_used": used,
        "credits_remaining": wallet.remaining - settled,
        "interval": INTERVAL,
        "reset_at": moment(next_reset(now)),
    }


def account(workspace: Workspace, key: ApiKey) -> Json:
    """The Account object: the workspace as the key sees it, and what can be told of the key."""
    return {
        "id": workspace.id,
        "object": "account",
        "name": workspace.name,
        "plan": workspace.plan,
        "livemode": key.owner.livemode,
        "key": {
            "id": key.id,
            "prefix": key.prefix,
            "name": key.name,
            "scopes": sorted(scope.value for scope in key.scopes),
            "expires_at": _moment_or_none(key.expires_at),
        },
        "created_at": moment(workspace.created_at),
    }


def quotas(workspace: Workspace, wallet: Wallet, now: datetime) -> Json:
    """Plan, credits and what of each feature's thirty-day allowance is used."""
    return {
        "plan": workspace.plan,
        "credits_remaining": wallet.remaining,
        "intervals": {feature.value: _interval(feature, workspace, wallet, now) for feature in FEATURES},
    }


def webhook(endpoint: Endpoint) -> Json:
    """The webhook endpoint object, without its secret."""
    return {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "url": endpoint.url,
        "events": [event.value for event in SUBSCRIBABLE if event in endpoint.events],
        "enabled": endpoint.enabled,
        "description": endpoint.description,
        "livemode": endpoint.owner.livemode,
        "created_at": moment(endpoint.created_at),
        "disabled_reason": endpoint.disabled_reason,
    }


def delivery(sent: Delivery) -> Json:
    """The delivery object with its attempts, oldest first."""
    return {
        "id": sent.id,
        "object": "webhook_delivery",
        "webhook_id": sent.endpoint_id,
        "event_id": sent.event_id,
        "event_type": sent.event_type.value,
        "status": sent.status.value,
        "failure": sent.failure.value if sent.failure else None,
        "attempts": [_attempt(attempt) for attempt in sent.attempts],
        "next_attempt_at": _moment_or_none(sent.next_attempt_at),
        "created_at": moment(sent.created_at),
    }


def _generation_error(job: Job) -> Json | None:
    if job.status not in (JobStatus.FAILED, JobStatus.PARTIAL) or job.failure is None:
        return None
    return {"type": "generation_error", "code": _CODES[job.failure], "message": failure_text(job)}


def _interval(feature: Feature, workspace: Workspace, wallet: Wallet, now: datetime) -> Json:
    limit, used = workspace.allowance(feature), wallet.used_in_window(feature, now.date())
    return {
        "limit": limit,
        "used": used,
        "remaining": max(limit - used, 0),
        "interval": INTERVAL,
        "reset_at": moment(next_reset(now)),
    }


def _attempt(attempt: Attempt) -> Json:
    return {
        "at": moment(attempt.at),
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
        "error": attempt.error,
        "explanation": attempt.explanation,
        "response": attempt.response,
    }


def _moment_or_none(at: datetime | None) -> str | None:
    return None if at is None else moment(at)
