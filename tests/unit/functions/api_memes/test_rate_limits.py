"""The sliding window, in the headers of every answer."""

from __future__ import annotations

from api_memes.app import POLICY
from darkroom.domain.accounts.rate_limits import MinuteCount, RateWindow
from tests.unit.functions.api_memes.client import Client, ClientResponse

PROMPT = {"prompt": "a red kite"}
HOOK = {"url": "https://example.com/hooks/memes"}


def rate_limit(reply: ClientResponse) -> tuple[str, str, str]:
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    return tuple(reply.headers[name] for name in names)  # type: ignore[return-value]


def test_both_spellings_are_told_and_count_down(api: Client) -> None:
    first = api.get("/account")
    assert rate_limit(first) == ("120", "119", "60")
    assert first.headers["RateLimit-Policy"] == '"default";q=120;w=60'
    assert first.headers["RateLimit"] == '"default";r=119;t=60'
    api.clock.advance(22)
    assert rate_limit(api.post("/memes", PROMPT)) == ("120", "118", "38")
    assert rate_limit(api.get("/nothing"))[1] == "117"
    assert rate_limit(api.post("/memes", {}))[1] == "116"


def test_the_request_over_the_limit_is_refused_and_costs_nothing(api: Client) -> None:
    for _ in range(120):
        assert api.get("/account").status == 200
    before = api.untouched()
    reply = api.post("/memes", PROMPT)
    assert reply.refusal == (429, "rate_limit_error", "rate_limited")
    assert rate_limit(reply) == ("120", "0", reply.headers["Retry-After"])
    assert api.untouched() == before
    assert api.get("/account", key="test").status == 200


def test_after_the_told_time_a_request_fits_again(api: Client) -> None:
    for _ in range(120):
        api.get("/account")
    refused = api.get("/account")
    api.clock.advance(int(refused.headers["Retry-After"]))
    assert api.get("/account").status == 200


def test_a_key_may_have_a_limit_of_its_own(api: Client) -> None:
    key = api.issue("slow", requests_per_minute=2)
    assert rate_limit(api.get("/account", key=key))[:2] == ("2", "1")
    assert rate_limit(api.get("/account", key=key))[:2] == ("2", "0")
    assert api.get("/account", key=key).status == 429


def test_a_request_that_loses_the_race_for_the_last_place_says_so(api: Client) -> None:
    for _ in range(120):
        api.get("/account")
    before = api.untouched()
    api.admit_as_of(window=RateWindow.at(POLICY, api.clock.now().timestamp(), current=MinuteCount(60)))
    for reply in (api.post("/memes", PROMPT), api.get("/account"), api.post("/webhooks", HOOK)):
        assert reply.refusal[2] == "rate_limited"
        assert rate_limit(reply)[:2] == ("120", "0")
    assert api.untouched() == before


def test_whoever_has_no_key_is_told_the_limit_and_counted_nowhere(api: Client) -> None:
    assert rate_limit(api.get("/account", key=None)) == ("120", "120", "60")
    assert api.memory.rates == {}


def test_a_replayed_answer_is_counted_too(api: Client) -> None:
    headers = {"idempotency-key": "k"}
    api.post("/memes", PROMPT, headers=headers)
    assert rate_limit(api.post("/memes", PROMPT, headers=headers))[1] == "118"
    assert rate_limit(api.get("/account"))[1] == "117"
