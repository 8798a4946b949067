"""The sliding window, told on every answer."""

from __future__ import annotations

from api_memes.app import POLICY
from darkroom.domain.limits import RateWindow
from tests.unit.api_memes.desk import Desk, Reply

PROMPT = {"prompt": "a red kite"}
HOOK = {"url": "https://example.com/hooks/memes"}


def told(reply: Reply) -> tuple[str, str, str]:
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    return tuple(reply.headers[name] for name in names)  # type: ignore[return-value]


def test_both_spellings_are_told_and_count_down(desk: Desk) -> None:
    first = desk.get("/account")
    assert told(first) == ("120", "119", "38")
    assert first.headers["RateLimit-Policy"] == '"default";q=120;w=60'
    assert first.headers["RateLimit"] == '"default";r=119;t=38'
    assert told(desk.post("/memes", PROMPT))[1] == "118"
    assert told(desk.get("/nothing"))[1] == "117"
    assert told(desk.post("/memes", {}))[1] == "116"


def test_the_request_over_the_limit_is_refused_and_costs_nothing(desk: Desk) -> None:
    for _ in range(120):
        assert desk.get("/account").status == 200
    before = desk.untouched()
    reply = desk.post("/memes", PROMPT)
    assert reply.refusal == (429, "rate_limit_error", "rate_limited")
    assert told(reply) == ("120", "0", reply.headers["Retry-After"])
    assert desk.untouched() == before
    assert desk.get("/account", key="test").status == 200


def test_after_the_told_time_a_request_fits_again(desk: Desk) -> None:
    for _ in range(120):
        desk.get("/account")
    refused = desk.get("/account")
    desk.clock.advance(int(refused.headers["Retry-After"]))
    assert desk.get("/account").status == 200


def test_a_key_may_have_a_limit_of_its_own(desk: Desk) -> None:
    key = desk.issue("slow", requests_per_minute=2)
    assert told(desk.get("/account", key=key))[:2] == ("2", "1")
    assert told(desk.get("/account", key=key))[:2] == ("2", "0")
    assert desk.get("/account", key=key).status == 429


def test_a_request_that_loses_the_race_for_the_last_place_says_so(desk: Desk) -> None:
    for _ in range(120):
        desk.get("/account")
    before = desk.untouched()
    desk.admit_as_of(window=RateWindow.at(POLICY, desk.clock.now().timestamp(), previous=0, current=60))
    for reply in (desk.post("/memes", PROMPT), desk.get("/account"), desk.post("/webhooks", HOOK)):
        assert reply.refusal[2] == "rate_limited"
        assert told(reply)[:2] == ("120", "0")
    assert desk.untouched() == before


def test_whoever_has_no_key_is_told_the_limit_and_counted_nowhere(desk: Desk) -> None:
    assert told(desk.get("/account", key=None)) == ("120", "120", "60")
    assert desk.memory.rates == {}


def test_a_replayed_answer_is_counted_too(desk: Desk) -> None:
    headers = {"idempotency-key": "k"}
    desk.post("/memes", PROMPT, headers=headers)
    assert told(desk.post("/memes", PROMPT, headers=headers))[1] == "118"
    assert told(desk.get("/account"))[1] == "117"
