"""The page at the stack's own address."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from api_platform.app import handler
from darkroom.wiring import override
from tests.harness.core import CoreHarness
from tools.paths import ROOT


@pytest.fixture(autouse=True)
def harness() -> Iterator[CoreHarness]:
    harness = CoreHarness()
    with override(harness.core):
        yield harness


def ask(method: str = "GET", path: str = "/", accept: str = "*/*") -> dict[str, Any]:
    event = {
        "rawPath": path,
        "headers": {"accept": accept},
        "requestContext": {"http": {"method": method, "path": path}},
    }
    return handler(event, None)


def test_a_browser_gets_a_page_that_says_what_this_is() -> None:
    answer = ask(accept="text/html,application/xhtml+xml")
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer["headers"]["Content-Security-Policy"]
    assert "<h1>Darkroom</h1>" in answer["body"]
    assert "{" not in re.sub(r"<style>.*</style>", "", answer["body"], flags=re.DOTALL)


@pytest.mark.parametrize("path", ["/", ""])
def test_whoever_asks_otherwise_gets_the_same_as_json(harness: CoreHarness, path: str) -> None:
    answer = ask(path=path)
    assert answer["headers"]["Content-Type"] == "application/json"
    base = harness.core.settings.public_base_url
    apis = json.loads(answer["body"])["apis"]
    assert apis["memes"] == {"url": f"{base}/memes/v1", "openapi": f"{base}/memes/v1/openapi.json"}
    page = html.unescape(ask(accept="text/html")["body"])
    assert all(one["url"] in page and one["openapi"] in page for one in apis.values())


def test_every_api_is_named() -> None:
    served = {
        folder.name.removeprefix("api_")
        for folder in ROOT.glob("functions/api_*")
        if any(folder.glob("openapi.json"))
    }
    assert set(json.loads(ask()["body"])["apis"]) == served


def test_head_is_the_get_without_its_body_and_nothing_else_is_taken() -> None:
    assert (ask("HEAD")["statusCode"], ask("HEAD")["body"]) == (200, "")
    assert (ask("POST")["statusCode"], ask("POST")["headers"]["Allow"]) == (405, "GET, HEAD")
