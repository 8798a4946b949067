"""What the client sends, what it sends again, and what it makes of the answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from darkroom_client import (
    ApiError,
    AsyncDarkroom,
    ConnectionFailed,
    Darkroom,
    InvalidRequest,
    PaymentRequired,
    RateLimited,
    ServerError,
    transport,
)

META = {
    "usage": {
        "credits_used": 0,
        "credits_remaining": 9,
        "interval": "rolling_30_days",
        "reset_at": "2026-12-01T00:00:00Z",
    },
    "meta": {"request_id": "req_1", "livemode": True},
}
GENERATION = {
    "id": "g",
    "object": "generation",
    "type": "image",
    "status": "queued",
    "model": "forge-image",
    "requested_count": 1,
    "completed_count": 0,
    "failed_count": 0,
    "output": [],
    "error": None,
    "created_at": "2026-11-21T00:00:00Z",
    "completed_at": None,
}
BUSY = httpx.Response(503, json={"error": {"code": "unavailable", "message": "Try again."}})


def generation(**changes: Any) -> httpx.Response:
    return httpx.Response(202, json={"generation": {**GENERATION, **changes}, **META})


class Server:
    """Answers what it was told to, in that order, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.asked: list[httpx.Request] = []
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; how long would have been."""
    slept: list[float] = []
    asleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asleep(0)

    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("asyncio.sleep", sleep)
    return slept


def sync_call(server: Server, call: Callable[[Any], Any]) -> Any:
    with httpx.Client(transport=httpx.MockTransport(server)) as http:
        made = call(Darkroom("https://d.test/", "sk_live_1", http_client=http))
        return list(made) if isinstance(made, Iterator) else made


def async_call(server: Server, call: Callable[[Any], Any]) -> Any:
    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as http:
            made = call(AsyncDarkroom("https://d.test/", "sk_live_1", http_client=http))
            return [one async for one in made] if hasattr(made, "__aiter__") else await made

    return asyncio.run(run())


both = pytest.mark.parametrize("run", [sync_call, async_call])


@both
def test_a_call_is_the_documents(run: Callable[..., Any]) -> None:
    server = Server(generation())
    answer = run(server, lambda d: d.memes.create_image(prompt="a red kite", count=2, wait_seconds=5))
    assert answer.generation.id == "g"
    (request,) = server.asked
    assert (request.method, str(request.url)) == ("POST", "https://d.test/memes/v1/images")
    assert json.loads(request.content) == {"prompt": "a red kite", "count": 2}
    assert request.headers["Authorization"] == "Bearer sk_live_1"
    assert request.headers["Prefer"] == "wait=5"
    assert len(request.headers["Idempotency-Key"]) == 36


@both
def test_what_passes_by_itself_is_tried_again_with_the_same_key(
    run: Callable[..., Any], pauses: list[float]
) -> None:
    asked_to_wait = httpx.Response(
        429, headers={"Retry-After": "7"}, json={"error": {"code": "rate_limited"}}
    )
    server = Server(BUSY, asked_to_wait, httpx.ReadTimeout("late"), generation())
    assert run(server, lambda d: d.memes.create_image(prompt="x")).generation.id == "g"
    assert len({request.headers["Idempotency-Key"] for request in server.asked}) == 1
    assert len(pauses) == 3
    assert pauses[1] == 7


@both
def test_after_some_tries_it_is_given_up(run: Callable[..., Any]) -> None:
    server = Server(*[BUSY] * 4)
    with pytest.raises(ServerError, match="503 unavailable: Try again"):
        run(server, lambda d: d.memes.get_generation("g"))
    assert len(server.asked) == 4


@both
def test_what_might_be_done_twice_is_not_sent_again(run: Callable[..., Any]) -> None:
    server = Server(httpx.ReadTimeout("late"))
    with pytest.raises(ConnectionFailed, match="late"):
        run(server, lambda d: d.platform.create_key(name="ci", scopes=["generations:read"]))
    server = Server(BUSY)
    with pytest.raises(ServerError):
        run(server, lambda d: d.platform.create_key(name="ci", scopes=["generations:read"]))
    assert len(server.asked) == 1


@both
def test_what_never_arrived_is_sent_again_whatever_it_is(run: Callable[..., Any]) -> None:
    server = Server(
        httpx.ConnectError("refused"), httpx.Response(200, json={"id": "k", "object": "key", "deleted": True})
    )
    with pytest.raises(Exception):  # noqa: B017, PT011 - what it answers is not what this is about
        run(server, lambda d: d.platform.create_key(name="ci", scopes=["generations:read"]))
    assert len(server.asked) == 2


@both
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (
            httpx.Response(429, json={"error": {"code": "quota_exceeded", "message": "No credits."}}),
            RateLimited,
        ),
        (httpx.Response(429, headers={"Retry-After": "86400"}, json={}), RateLimited),
        (httpx.Response(402, json={"error": "No credits", "code": "insufficient_credits"}), PaymentRequired),
        (httpx.Response(400, content=b"<html>"), InvalidRequest),
    ],
)
def test_a_refusal_is_final(run: Callable[..., Any], answer: httpx.Response, kind: type[ApiError]) -> None:
    server = Server(answer)
    with pytest.raises(kind):
        run(server, lambda d: d.memes.create_image(prompt="x"))
    assert len(server.asked) == 1


@both
def test_an_error_says_what_the_api_said(run: Callable[..., Any]) -> None:
    memes = {
        "error": {"code": "invalid_param", "message": "Too long.", "param": "prompt", "request_id": "req_2"}
    }
    with pytest.raises(InvalidRequest) as caught:
        run(Server(httpx.Response(400, json=memes)), lambda d: d.memes.create_image(prompt="x"))
    error = caught.value
    assert str(error) == "400 invalid_param (prompt): Too long."
    assert (error.param, error.request_id) == ("prompt", "req_2")
    pixeldrive = {"error": "Bad payload", "code": "BAD", "requestId": "r", "details": [{"path": "a"}]}
    with pytest.raises(InvalidRequest) as caught:
        run(Server(httpx.Response(400, json=pixeldrive)), lambda d: d.pixeldrive.render(templateId="t"))
    error = caught.value
    assert (error.code, error.message, error.request_id, error.details) == (
        "BAD",
        "Bad payload",
        "r",
        [{"path": "a"}],
    )


@both
def test_lists_are_read_page_after_page(run: Callable[..., Any]) -> None:
    def page(ids: str, cursor: str | None) -> httpx.Response:
        data = [{**GENERATION, "id": one} for one in ids]
        return httpx.Response(
            200, json={"data": data, "has_more": bool(cursor), "next_cursor": cursor, **META}
        )

    server = Server(page("ab", "b"), page("c", None))
    listed = run(server, lambda d: d.memes.iterate_generations(limit=2, status=["queued", "failed"]))
    assert [one.id for one in listed] == ["a", "b", "c"]
    first, second = (dict(request.url.params) for request in server.asked)
    assert first == {"limit": "2", "status": "queued,failed"}
    assert second == {**first, "starting_after": "b"}


@both
def test_members_and_values_of_later_versions_are_no_mistake(run: Callable[..., Any]) -> None:
    later = generation(status="paused", colour="blue")
    assert run(Server(later), lambda d: d.memes.get_generation("g")).generation.status == "paused"


@both
def test_waiting_asks_until_it_has_ended(run: Callable[..., Any]) -> None:
    server = Server(generation(), generation(status="processing"), generation(status="succeeded"))
    assert run(server, lambda d: d.memes.wait("g")).status == "succeeded"
    assert len(server.asked) == 3


def test_there_is_one_retry_after_that_is_heeded() -> None:
    assert transport._seconds("1.5") == 1.5
    assert transport._seconds("Wed, 21 Oct 2026 07:28:00 GMT") is None
    assert transport._seconds(None) is None
