"""Every dialect's OpenAPI document: current, valid, complete, served, and what its handlers do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.harness.container import BASE_URL
from tests.harness.dialects import CLIENTS, DIALECTS, document
from tests.harness.openapi import check_examples, check_operations, check_routes, check_served
from tools import openapi
from tools.paths import ROOT

# Served at the root too, where no document can say so.
UNLISTED: Mapping[str, set[tuple[str, str]]] = {"agent": {("GET", "/llms.txt")}}

each_dialect = pytest.mark.parametrize("dialect", DIALECTS)


@each_dialect
def test_the_stored_document_is_current(dialect: str) -> None:
    path = ROOT / "functions" / f"api_{dialect}" / "openapi.json"
    assert openapi.documents()[path] == path.read_text(), "run `make openapi`"


def test_the_tool_notices_a_document_that_is_not_current(monkeypatch: pytest.MonkeyPatch) -> None:
    assert openapi.main(["--check"]) == 0
    stored = ROOT / "functions" / "api_memes" / "openapi.json"
    monkeypatch.setattr(openapi, "documents", lambda: {stored: "{}"})
    assert openapi.main(["--check"]) == 1


@each_dialect
def test_the_served_document_is_valid_and_needs_no_key(dialect: str) -> None:
    client = CLIENTS[dialect]()
    client.calls.made.clear()
    stored = (ROOT / "functions" / f"api_{dialect}" / "openapi.json").read_text()
    check_served(document(dialect), client.get("/openapi.json", key=None).json, stored, BASE_URL)
    assert client.calls.made == []


@each_dialect
def test_every_route_is_documented_and_nothing_else(dialect: str) -> None:
    check_routes(document(dialect), unlisted=UNLISTED.get(dialect))


@each_dialect
def test_handlers_use_what_their_operations_document(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client: Any = CLIENTS[dialect]()
    key = getattr(client, "admin", "live")  # the platform's operator may ask for everything
    check_operations(document(dialect), monkeypatch, lambda *asked: client.ask(*asked, key=key))


@each_dialect
def test_examples_fit_their_schemas(dialect: str) -> None:
    check_examples(document(dialect))
