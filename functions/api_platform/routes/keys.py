"""A workspace's keys."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters
from api_platform.requests import NewKey
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.wiring import container

router = new_router()


@router.post("/keys")
def create_key() -> Response[str]:
    """Mint a key of the caller's workspace; the only time its secret is shown."""
    current = request_context(router)
    caller = current.sender(Scope.KEYS)
    body = parse(NewKey, current.json_object())
    wanted = KeyRequest(
        name=body.name,
        dialect=body.dialect,
        livemode=body.livemode,
        scopes=None if body.scopes is None else frozenset(body.scopes),
        expires_at=body.expires_at,
        requests_per_minute=body.requests_per_minute,
    )
    key, secret = container().issue_key.for_caller(caller, wanted)
    return json_response(201, {"key": presenters.key(key, secret)})


@router.get("/keys")
def list_keys() -> Response[str]:
    """All keys of the caller's workspace, revoked ones too."""
    caller = request_context(router).sender(Scope.KEYS)
    keys = container().manage_keys.all(caller.owner.workspace_id)
    return json_response(200, {"data": [presenters.key(key) for key in keys]})


@router.delete("/keys/<key_id>")
def revoke_key(key_id: str) -> Response[str]:
    """Revoke a key, at once."""
    caller = request_context(router).sender(Scope.KEYS)
    container().manage_keys.revoke(caller.owner.workspace_id, key_id)
    return json_response(200, {"id": key_id, "object": "api_key", "revoked": True})
