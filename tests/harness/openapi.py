"""What must hold of every dialect's OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import Api, RequestContext
from darkroom.http.openapi import ApiDocument, Operation
from darkroom.services.accounts.authenticate import Caller


def routes_of(api: Api) -> set[tuple[str, str]]:
    """Every route that is served: its method and whole path."""
    return {(route.method, route.path) for route in (*api.app._static_routes, *api.app._dynamic_routes)}


def check_scopes(
    document: ApiDocument, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Operation, str], object]
) -> None:
    """The scope an operation tells of is the only one its route asks for. ``ask`` requests it at a path."""
    asked: set[Scope] = set()
    sender = RequestContext.sender

    def listen(current: RequestContext, scope: Scope) -> Caller:
        asked.add(scope)
        return sender(current, scope)

    monkeypatch.setattr(RequestContext, "sender", listen)
    for operation in document.operations:
        asked.clear()
        ask(operation, operation.path.replace("<", "").replace(">", ""))
        assert asked == ({operation.scope} if operation.scope else set()), operation.id


def check_examples(document: ApiDocument) -> None:
    """Every example fits the schema it stands beside."""
    for operation in document.operations:
        if operation.example is not None and operation.body is not None:
            operation.body.model_validate(dict(operation.example))
        for answer in operation.answers:
            if answer.example is not None and answer.model is not None:
                answer.model.model_validate_json(json.dumps(answer.example))
