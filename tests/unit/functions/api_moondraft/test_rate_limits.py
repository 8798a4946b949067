"""The document's table of rate limits, row by row."""

from __future__ import annotations

import pytest

from api_moondraft.dialect import LIMITS, PREFIX, policy
from tests.unit.functions.api_moondraft.client import Client

TABLE = [
    ("/generate", "POST", 10),
    ("/generate/batch", "POST", 3),
    ("/edit", "POST", 10),
    ("/video", "POST", 5),
    ("/enhance", "POST", 10),
    ("/prompt/refine", "POST", 20),
    ("/credits", "GET", 30),
    ("/usage", "GET", 10),
    ("/credits/buy", "POST", 5),
    ("/credits/auto-reload", "POST", 10),
    ("/credits/auto-reload", "GET", 10),
    ("/credits/auto-reload", "DELETE", 10),
    ("/auth/send-code", "POST", 3),
    ("/auth/verify", "POST", 5),
]


@pytest.mark.parametrize(("path", "method", "limit"), TABLE)
def test_each_endpoint_takes_so_many_requests_a_minute(
    api: Client, path: str, method: str, limit: int
) -> None:
    api.clock.advance(60 - api.clock.now().second)
    key = None if path.startswith("/auth") else "live"
    replies = [api.ask(method, path, {}, key=key) for _ in range(limit)]
    assert 429 not in {reply.status for reply in replies}
    assert [int(reply.headers["RateLimit-Remaining"]) for reply in replies] == list(range(limit))[::-1]
    refused = api.ask(method, path, {}, key=key)
    assert refused.status == 429
    assert refused.headers["RateLimit-Limit"] == str(limit)
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]
    api.clock.advance(int(refused.headers["Retry-After"]))
    assert api.ask(method, path, {}, key=key).status != 429


@pytest.mark.parametrize("second", [0, 1, 17, 29, 59])
@pytest.mark.parametrize(("path", "method", "limit"), TABLE)
def test_who_keeps_the_limit_is_never_refused(
    api: Client, path: str, method: str, limit: int, second: int
) -> None:
    """At the steady pace that the limit allows, and then all at once after a silent minute."""
    key = None if path.startswith("/auth") else "live"
    api.clock.advance(60 - api.clock.now().second + second)
    for _ in range(3 * limit):
        assert api.ask(method, path, {}, key=key).status != 429
        api.clock.advance(60 / limit)
    api.clock.advance(60)
    statuses = [api.ask(method, path, {}, key=key).status for _ in range(limit + 1)]
    assert [status == 429 for status in statuses] == [False] * limit + [True]


def test_the_table_is_the_whole_table() -> None:
    assert {path: limit for path, _, limit in TABLE} == dict(LIMITS)


def test_one_endpoint_s_requests_do_not_count_for_another(api: Client) -> None:
    for _ in range(4):
        api.post("/generate/batch", {})
    assert api.post("/generate", {}).status == 400
    assert api.get("/credits").status == 200


def test_limits_are_per_key(api: Client) -> None:
    other = api.issue()
    for _ in range(4):
        api.post("/generate/batch", {})
    assert api.post("/generate/batch", {}, key=other).status == 400


def test_the_methods_of_one_endpoint_share_its_limit(api: Client) -> None:
    for method in ("GET", "DELETE") * 5:
        assert api.ask(method, "/credits/auto-reload").status == 200
    assert api.get("/credits/auto-reload").status == 429


def test_without_a_key_limits_are_per_source(api: Client) -> None:
    for number in range(4):
        status = api.post("/auth/send-code", {"email": f"a{number}@example.com"}, key=None).status
        assert status == (200 if number < 3 else 429)
    assert len(api.mailer.sent) == 3
    elsewhere = api.post("/auth/send-code", {"email": "b@example.com"}, key=None, source="198.51.100.7")
    assert elsewhere.status == 200


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("nonsense", "", True),
    ],
)
def test_a_source_is_an_address_or_an_ipv6_subscriber(
    api: Client, first: str, second: str, same: bool
) -> None:
    for _ in range(3):
        api.post("/auth/send-code", {}, key=None, source=first)
    assert (api.post("/auth/send-code", {}, key=None, source=second).status == 429) == same


def test_fifty_at_once_are_counted_exactly(api: Client) -> None:
    window = api.core.accounts.visits("192.0.2.1", policy("POST", f"{PREFIX}/auth/verify"), api.clock.now())
    api.core.accounts.visits = lambda *_: window  # type: ignore[method-assign]
    statuses = [api.post("/auth/verify", {}, key=None).status for _ in range(50)]
    assert statuses.count(429) == 45
