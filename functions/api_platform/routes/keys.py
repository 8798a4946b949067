"""A workspace's keys."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters, submissions
from api_platform.requests import KeyBudget, NewKey
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.paging import page_request
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/keys", Scope.KEYS)
def create_key(request: RequestContext, caller: Caller) -> Response[str]:
    """Mint a key."""
    key, secret = container().issue_key.for_caller(caller, submissions.key(request.parse(NewKey)))
    return json_response(201, presenters.key_answer(key, secret))


@routes.get("/keys", Scope.KEYS)
def list_keys(request: RequestContext, caller: Caller) -> Response[str]:
    """List keys, revoked ones too."""
    keys = container().manage_keys.page(caller.owner, page_request(request.query(), order="oldest"))
    return json_response(200, presenters.key_list(keys))


@routes.put("/keys/<key_id>/budget", Scope.KEYS)
def set_key_budget(request: RequestContext, caller: Caller, key_id: str) -> Response[str]:
    """Set a key's ceilings."""
    budget = submissions.budget(request.parse(KeyBudget))
    changed = container().manage_keys.set_budget_for(caller, key_id, budget)
    return json_response(200, presenters.changed_key(changed))


@routes.delete("/keys/<key_id>", Scope.KEYS)
def revoke_key(_request: RequestContext, caller: Caller, key_id: str) -> Response[str]:
    """Revoke a key, at once, and the keys it made."""
    container().manage_keys.revoke_for(caller, key_id)
    return json_response(200, presenters.revoked(key_id))
