"""What a browser sees of the deployed stack: preflights, HEAD, methods, and addresses behind the gateway's path."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.client import Client

ORIGIN = {"Origin": "https://app.example.com"}


@pytest.mark.parametrize("path", ["/memes/v1/images", "/agent/v1/generate", "/moondraft/v1/generate"])
def test_a_page_may_ask_with_a_key(live: Client, path: str) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,prefer",
    }
    answer = live.http.options(live.base_url + path, headers={**ORIGIN, **asked})
    assert answer.status_code in (200, 204)
    allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert {"authorization", "content-type", "idempotency-key", "prefer"} <= allowed
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_a_page_may_read_what_an_answer_says_in_headers(live: Client) -> None:
    answer = live.http.get(
        f"{live.base_url}/memes/v1/account", headers={**ORIGIN, "Authorization": f"Bearer {live.key}"}
    )
    exposed = {name.strip() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"RateLimit-Remaining", "Retry-After", "Location", "X-Request-Id"} <= exposed


def test_head_405_and_401_are_http_s_own(live: Client) -> None:
    head = live.call("HEAD", "/memes/v1/images")
    assert (head.status_code, head.content) == (200, b"")
    wrong = live.call("DELETE", "/memes/v1/images")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, HEAD, POST")
    nobody = live.with_key("nonsense").call("GET", "/memes/v1/images")
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_lists_are_by_time(live: Client) -> None:
    for _ in range(3):
        live.ended(live.submit("a red kite", count=2))
    images = live.get("/memes/v1/images", limit=100)["data"]
    times = [image["created_at"] for image in images]
    assert times == sorted(times, reverse=True)
    entries = live.get("/platform/v1/ledger", limit=100)["data"]
    moments = [entry["at"] for entry in entries]
    assert moments == sorted(moments, reverse=True)
    page = live.get("/platform/v1/ledger", limit=2, starting_after=entries[1]["id"])["data"]
    assert page == entries[2:4]
    assert live.call("GET", "/memes/v1/images", params={"starting_after": "5" * 8}).status_code == 400


def test_addresses_lead_back_through_the_gateway_s_path(live: Client) -> None:
    submitted = live.call("POST", "/memes/v1/images", {"prompt": "a red kite"})
    location = submitted.headers["Location"]
    assert location == f"{live.base_url}/memes/v1/generations/{submitted.json()['generation']['id']}"
    assert live.get(location.removeprefix(live.base_url))["generation"]["object"] == "generation"
    for server in live.get("/memes/v1/openapi.json")["servers"]:
        assert live.http.get(f"{server['url']}/openapi.json").status_code == 200


def test_the_stack_says_what_it_is_to_whoever_opens_its_address(live: Client) -> None:
    page = live.http.get(f"{live.base_url}/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<h1>Darkroom</h1>" in page.text
    for api in live.http.get(f"{live.base_url}/").json()["apis"].values():
        assert live.http.get(api["openapi"]).status_code == 200
    bare = live.http.get(
        httpx.URL(live.base_url).join("/"), headers={"Accept": "text/html"}, follow_redirects=True
    )
    assert bare.text == page.text
