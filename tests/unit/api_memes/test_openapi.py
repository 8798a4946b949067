"""The OpenAPI document: current, valid, complete, and served."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from openapi_spec_validator import validate

from api_memes.app import api
from api_memes.operations import DOCUMENT
from darkroom.http.operations import Operation
from local import openapi
from local.paths import ROOT
from tests.fakes.openapi import check_examples, check_scopes, routes_of
from tests.unit.api_memes.desk import PREFIX, Desk

STORED = ROOT / "functions" / "api_memes" / "openapi.json"


def served(desk: Desk) -> Mapping[str, Any]:
    document: Mapping[str, Any] = desk.get("/openapi.json", key=None).json
    return document


def test_the_stored_documents_are_current() -> None:
    assert openapi.main(["--check"]) == 0


def test_a_document_that_is_not_current_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openapi, "documents", lambda: {STORED: "{}"})
    assert openapi.main(["--check"]) == 1


def test_the_served_document_is_valid_and_needs_no_key(desk: Desk) -> None:
    validate(served(desk))
    assert served(desk) == json.loads(STORED.read_text())
    assert desk.calls.made == []


def test_every_route_is_told_and_nothing_else() -> None:
    assert routes_of(api) == {(told.method, PREFIX + told.path) for told in DOCUMENT.operations}


def test_the_told_scope_is_the_asked_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(operation: Operation, path: str) -> None:
        desk.clock.advance(60)
        desk.ask(operation.method, path)

    check_scopes(DOCUMENT, monkeypatch, ask)


def test_examples_fit_their_schemas() -> None:
    check_examples(DOCUMENT)
