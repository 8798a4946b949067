"""How the platform shows things."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from darkroom.domain.accounts.api_keys import ApiKey
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.billing.ledger import LedgerEntry, Wallet
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.serialization import to_document

type Json = dict[str, Any]


def key(record: ApiKey, secret: str | None = None) -> Json:
    """A key; its secret only where it was just minted."""
    shown = {
        "id": record.id,
        "object": "api_key",
        "name": record.name,
        "prefix": record.prefix,
        "livemode": record.owner.livemode,
        "scopes": sorted(record.scopes),
        "created_at": _time(record.created_at),
        "expires_at": _time(record.expires_at),
        "revoked_at": _time(record.revoked_at),
        "requests_per_minute": record.requests_per_minute,
    }
    return shown if secret is None else {**shown, "secret": secret}


def workspace(record: Workspace) -> Json:
    """A workspace."""
    return {
        "id": record.id,
        "object": "workspace",
        "name": record.name,
        "plan": record.plan,
        "allowances": dict(record.allowances),
        "email": record.email,
        "created_at": _time(record.created_at),
    }


def wallet(record: Wallet) -> Json:
    """A wallet: ``granted = available + held + spent``."""
    return {
        "livemode": record.owner.livemode,
        "granted": record.granted,
        "available": record.available,
        "held": record.held,
        "spent": record.spent,
    }


def entry(record: LedgerEntry) -> Json:
    """One movement of credits."""
    return {
        "id": record.id,
        "object": "ledger_entry",
        "kind": record.kind.value,
        "at": _time(record.at),
        "granted": record.granted,
        "available": record.available,
        "held": record.held,
        "spent": record.spent,
        "job_id": record.job_id,
        "note": record.note,
    }


def job(record: Job) -> Json:
    """A job as its operator sees it: what was made where, and how that went. What was asked for is not shown."""
    return {
        "id": record.id,
        "object": "job",
        "livemode": record.owner.livemode,
        "dialect": record.dialect,
        "kind": record.kind,
        "model": record.model,
        "status": record.status.value,
        "created_at": _time(record.created_at),
        "deadline_at": _time(record.deadline_at),
        "completed_at": _time(record.completed_at),
        "held": 0 if record.terminal else record.held,
        "charged": record.charged,
        "routes": [{"vendor": way.engine, "model": way.engine_model} for way in record.ways],
        "tasks": [_task(record, one) for one in record.tasks],
    }


def _task(record: Job, task: Task) -> Json:
    return {
        "id": task.id,
        "index": task.index,
        "state": task.state.value,
        "vendor": record.route_of(task).engine,
        "route": task.route,
        "starts": task.attempts,
        "next_at": _time(task.poll_at),
        "failure": task.failure.value if task.failure else None,
        "facts": to_document(task.facts),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
