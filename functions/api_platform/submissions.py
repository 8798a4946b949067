"""Parsed bodies as what the services take."""

from __future__ import annotations

from collections.abc import Mapping

from api_platform.requests import Allowances, NewKey
from darkroom.domain.accounts.workspaces import Feature
from darkroom.services.accounts.api_keys import KeyRequest


def key(body: NewKey) -> KeyRequest:
    """A key to mint."""
    return KeyRequest(
        name=body.name,
        dialect=body.dialect,
        livemode=body.livemode,
        scopes=None if body.scopes is None else frozenset(body.scopes),
        expires_at=body.expires_at,
        requests_per_minute=body.requests_per_minute,
    )


def allowances(body: Allowances) -> Mapping[Feature, int]:
    """The allowances that replace the plan's."""
    limits = body.model_dump(exclude_none=True)
    return {Feature(name): limit for name, limit in limits.items()}
