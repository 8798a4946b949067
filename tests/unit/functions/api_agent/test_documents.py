"""What machines read: the OpenAPI document and the texts for agents are current, valid, complete and served."""

from __future__ import annotations

import json
import re

import pytest
from openapi_spec_validator import validate

from api_agent.app import POLICY, api
from api_agent.errors import ROWS, TABLE
from api_agent.operations import DOCUMENT
from api_agent.requests import MAX_PROMPT, MAX_REQUEST_ID
from api_agent.routes.documents import ROOT_LLMS
from darkroom.catalog_data.agent import PRICE_VERSION
from darkroom.domain.jobs.job import FailureCode
from tests.harness.openapi import check_examples, check_scopes, routes_of
from tests.unit.functions.api_agent.client import PREFIX, Client
from tests.unit.functions.api_agent.test_errors import UNUSED
from tools import openapi
from tools.paths import ROOT

FOLDER = ROOT / "functions" / "api_agent"
LLMS = (FOLDER / "llms.txt").read_text()


def test_the_stored_document_is_current() -> None:
    stored = FOLDER / "openapi.json"
    assert openapi.documents()[stored] == stored.read_text(), "run `make openapi`"


def test_the_served_document_is_valid_and_needs_no_key(api: Client) -> None:
    reply = api.get("/openapi.json", key=None)
    validate(reply.json)
    assert reply.json == json.loads((FOLDER / "openapi.json").read_text())
    assert api.calls.made == []


@pytest.mark.parametrize("prefix", [PREFIX, ""])
def test_the_text_for_agents_is_served_at_both_places_and_needs_no_key(api: Client, prefix: str) -> None:
    reply = api.ask("GET", "/llms.txt", prefix=prefix, key=None)
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.body == LLMS
    assert api.calls.made == []


def test_every_route_is_told_and_nothing_else() -> None:
    told = {(told.method, PREFIX + told.path) for told in DOCUMENT.operations}
    assert routes_of(api) == told | {("GET", ROOT_LLMS)}


def test_the_told_scope_is_the_asked_one(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    check_scopes(DOCUMENT, monkeypatch, lambda operation, path: api.ask(operation.method, path, {}))


def test_examples_fit_their_schemas() -> None:
    check_examples(DOCUMENT)


def test_the_text_tells_every_route_and_every_error_that_can_happen() -> None:
    for operation in DOCUMENT.operations:
        if "json" not in operation.path and "llms" not in operation.path:
            assert f"{operation.method} {re.sub(r'<(\w+)>', r'{\1}', operation.path)}" in LLMS
    rows = {(row.status, row.code) for row in (*ROWS.values(), TABLE.internal)} - UNUSED
    told = {
        (int(status), code)
        for status, codes in re.findall(r"^\| (\d{3}) \| (.*?) \|", LLMS, re.MULTILINE)
        for code in re.findall(r"`(\w+)`", codes)
    }
    assert rows <= told <= {(row.status, row.code) for row in (*ROWS.values(), TABLE.internal)}
    assert [code for code in FailureCode if f"`{code.value}`" not in LLMS] == []


def test_the_text_is_about_this_version() -> None:
    assert f'"price_version": "{PRICE_VERSION}"' in LLMS
    assert f"{POLICY.limit} requests a minute" in LLMS
    assert f"(required, at most {MAX_REQUEST_ID} characters)" in LLMS
    assert f"At most {MAX_PROMPT} characters" in LLMS


def test_the_first_example_of_the_text_works(api: Client) -> None:
    body = re.search(r"POST /v1/generate\n(\{.*?\})\n\n", LLMS, re.DOTALL)
    assert body is not None
    assert api.post("/v1/generate", json.loads(body.group(1))).status == 200
