"""What machines read: the OpenAPI document and the texts for agents are current, valid, complete and served."""

from __future__ import annotations

import json
import re

import pytest

from api_agent.app import POLICY
from api_agent.errors import ROWS, TABLE
from api_agent.operations import DOCUMENT
from api_agent.requests import MAX_PROMPT, MAX_REQUEST_ID
from darkroom.catalog_data.agent import PRICE_VERSION
from darkroom.domain.jobs.job import FailureCode
from tests.unit.functions.api_agent.client import PREFIX, Client
from tests.unit.functions.api_agent.test_errors import UNUSED
from tools.paths import ROOT

FOLDER = ROOT / "functions" / "api_agent"
LLMS = (FOLDER / "llms.txt").read_text()


@pytest.mark.parametrize("prefix", [PREFIX, ""])
def test_the_text_for_agents_is_served_at_both_places_and_needs_no_key(api: Client, prefix: str) -> None:
    reply = api.ask("GET", "/llms.txt", prefix=prefix, key=None)
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.body == LLMS
    assert api.calls.made == []


def test_the_text_tells_every_route_and_every_error_that_can_happen() -> None:
    for documented in DOCUMENT.routes():
        route = documented.route
        if "json" not in route.path and "llms" not in route.path:
            assert f"{route.method} {re.sub(r'<(\w+)>', r'{\1}', route.path)}" in LLMS
    rows = {(row.status, row.code) for row in (*ROWS.values(), TABLE.internal)} - UNUSED
    listed = {
        (int(status), code)
        for status, codes in re.findall(r"^\| (\d{3}) \| (.*?) \|", LLMS, re.MULTILINE)
        for code in re.findall(r"`(\w+)`", codes)
    }
    assert rows <= listed <= {(row.status, row.code) for row in (*ROWS.values(), TABLE.internal)}
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
