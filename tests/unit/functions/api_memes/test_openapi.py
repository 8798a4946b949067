"""The OpenAPI document: current, valid, complete, and served."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from openapi_spec_validator import validate

from api_memes.app import api
from api_memes.operations import DOCUMENT
from darkroom.http.openapi import Operation
from tests.harness.openapi import check_examples, check_scopes, routes_of
from tests.unit.functions.api_memes.client import PREFIX, Client
from tools import openapi
from tools.paths import ROOT

STORED = ROOT / "functions" / "api_memes" / "openapi.json"


def served(api: Client) -> Mapping[str, Any]:
    document: Mapping[str, Any] = api.get("/openapi.json", key=None).json
    return document


def test_the_stored_documents_are_current() -> None:
    assert openapi.main(["--check"]) == 0


def test_a_document_that_is_not_current_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openapi, "documents", lambda: {STORED: "{}"})
    assert openapi.main(["--check"]) == 1


def test_the_served_document_is_valid_and_needs_no_key(api: Client) -> None:
    validate(served(api))
    assert served(api) == json.loads(STORED.read_text())
    assert api.calls.made == []


def test_every_route_is_told_and_nothing_else() -> None:
    assert routes_of(api) == {(told.method, PREFIX + told.path) for told in DOCUMENT.operations}


def test_the_told_scope_is_the_asked_one(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(operation: Operation, path: str) -> None:
        api.clock.advance(60)
        api.ask(operation.method, path)

    check_scopes(DOCUMENT, monkeypatch, ask)


def test_examples_fit_their_schemas() -> None:
    check_examples(DOCUMENT)
