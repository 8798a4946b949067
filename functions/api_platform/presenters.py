"""How the platform shows things."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from darkroom.domain.accounts import ApiKey, Workspace
from darkroom.domain.ledger import LedgerEntry, Wallet

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


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
