"""The OpenAPI document: valid, complete, and served."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import validate

from api_pixeldrive.along import PREFIX
from api_pixeldrive.app import api
from api_pixeldrive.operations import DOCUMENT
from darkroom.domain.accounts import Scope
from darkroom.http.api import Exchange
from darkroom.services.authenticate import Caller
from local import openapi
from local.paths import ROOT
from tests.unit.api_pixeldrive.desk import Desk

STORED = ROOT / "functions" / "api_pixeldrive" / "openapi.json"


def test_the_stored_document_is_current() -> None:
    assert openapi.documents()[STORED] == STORED.read_text()


def test_the_served_document_is_valid_and_needs_no_key(desk: Desk) -> None:
    served = desk.get("/openapi.json", key=None).json
    validate(served)
    assert served == json.loads(STORED.read_text())
    assert desk.calls.made == []


def test_every_route_is_told_and_nothing_else() -> None:
    app = api.app
    routes = {(route.method, route.path) for route in (*app._static_routes, *app._dynamic_routes)}
    assert routes == {(told.method, PREFIX + told.path) for told in DOCUMENT.operations}


def test_the_told_scope_is_the_asked_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Scope] = []
    sender = Exchange.sender

    def listen(current: Exchange, scope: Scope) -> Caller:
        asked.append(scope)
        return sender(current, scope)

    monkeypatch.setattr(Exchange, "sender", listen)
    for operation in DOCUMENT.operations:
        asked.clear()
        desk.ask(operation.method, operation.path.replace("<", "").replace(">", ""))
        assert set(asked) == ({operation.scope} if operation.scope else set()), operation.id


def test_examples_fit_their_schemas() -> None:
    for operation in DOCUMENT.operations:
        if operation.example is not None and operation.body is not None:
            operation.body.model_validate(dict(operation.example))
        for answer in operation.answers:
            if answer.example is not None and answer.model is not None:
                answer.model.model_validate_json(json.dumps(answer.example))
