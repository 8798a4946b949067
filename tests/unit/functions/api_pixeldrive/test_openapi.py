"""The OpenAPI document: valid, complete, and served."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import validate

from api_pixeldrive.app import api
from api_pixeldrive.operations import DOCUMENT
from api_pixeldrive.prefetch import PREFIX
from tests.harness.openapi import check_examples, check_scopes, routes_of
from tests.unit.functions.api_pixeldrive.client import Client
from tools import openapi
from tools.paths import ROOT

STORED = ROOT / "functions" / "api_pixeldrive" / "openapi.json"


def test_the_stored_document_is_current() -> None:
    assert openapi.documents()[STORED] == STORED.read_text()


def test_the_served_document_is_valid_and_needs_no_key(api: Client) -> None:
    served = api.get("/openapi.json", key=None).json
    validate(served)
    assert served == json.loads(STORED.read_text())
    assert api.calls.made == []


def test_every_route_is_told_and_nothing_else() -> None:
    assert routes_of(api) == {(told.method, PREFIX + told.path) for told in DOCUMENT.operations}


def test_the_told_scope_is_the_asked_one(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    check_scopes(DOCUMENT, monkeypatch, lambda operation, path: api.ask(operation.method, path))


def test_examples_fit_their_schemas() -> None:
    check_examples(DOCUMENT)
