"""The OpenAPI document: valid, complete, and served."""

from __future__ import annotations

import pytest

from api_gencraft.operations import DOCUMENT
from tests.harness.container import BASE_URL
from tests.harness.openapi import check_examples, check_operations, check_routes, check_served
from tests.unit.functions.api_gencraft.client import Client
from tools import openapi
from tools.paths import ROOT

STORED = ROOT / "functions" / "api_gencraft" / "openapi.json"


def test_the_stored_document_is_current() -> None:
    assert openapi.documents()[STORED] == STORED.read_text()


def test_the_served_document_is_valid_and_needs_no_key(api: Client) -> None:
    check_served(DOCUMENT, api.get("/openapi.json", key=None).json, STORED.read_text(), BASE_URL)
    assert api.calls.made == []


def test_every_route_is_documented_and_nothing_else() -> None:
    check_routes(DOCUMENT)


def test_handlers_use_what_their_operations_document(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    check_operations(DOCUMENT, monkeypatch, api.ask)


def test_examples_fit_their_schemas() -> None:
    check_examples(DOCUMENT)
