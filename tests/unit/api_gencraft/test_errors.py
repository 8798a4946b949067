"""The error table held against the tree of errors, and its rows provoked over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_gencraft.errors import TABLE
from darkroom.catalog_data.gencraft import OFFERS
from darkroom.domain.accounts import Scope
from tests.unit.api_gencraft.desk import GARDEN, NOW, PREFIX, Desk, Reply, refusal

type Provocation = Callable[[Desk], Reply]


def without_scope(desk: Desk) -> Reply:
    return desk.post("/generate", GARDEN, key=desk.issue("reader", scopes=frozenset({Scope.READ})))


def conflicting(desk: Desk) -> Reply:
    headers = {"idempotency-key": "k"}
    desk.post("/generate", GARDEN, headers=headers)
    return desk.post("/generate", {**GARDEN, "count": 2}, headers=headers)


def rate_limited(desk: Desk) -> Reply:
    for _ in range(120):
        desk.post("/generate", {})
    return desk.post("/generate", {})


def over_the_plan(desk: Desk) -> Reply:
    desk.change_workspace(allowances={"images": 1})
    return desk.post("/generate", {**GARDEN, "count": 2})


def with_offer(**changes: Any) -> Provocation:
    def provoke(desk: Desk) -> Reply:
        desk.sell(OFFERS, **changes)
        return desk.post("/generate", GARDEN)

    return provoke


def broken(desk: Desk) -> Reply:
    desk.break_down(desk.core.jobs, "page_by_key")
    return desk.get("/history")


def busy(desk: Desk) -> Reply:
    desk.be_busy()
    return desk.post("/generate", GARDEN)


CASES: list[tuple[Provocation, int, str]] = [
    (lambda desk: desk.post("/generate", {}), 400, "invalid_request"),
    (lambda desk: desk.post("/generate", {**GARDEN, "prompt": "x" * 2**20}), 413, "invalid_request"),
    (with_offer(price=None, resolution_prices={}), 400, "invalid_request"),
    (with_offer(retires_at=NOW, replacement="flash3"), 410, "invalid_request"),
    (lambda desk: desk.get("/history", key=None), 401, "unauthorized"),
    (lambda desk: desk.get("/history", key="wrong"), 401, "invalid_api_key"),
    (lambda desk: desk.get("/user/status", key=desk.expired_key()), 401, "invalid_api_key"),
    (lambda desk: desk.get("/user/status", key=desk.revoked_key()), 401, "invalid_api_key"),
    (without_scope, 403, "forbidden"),
    (lambda _: Desk(credits=7).post("/generate", GARDEN), 402, "insufficient_credits"),
    (over_the_plan, 402, "quota_exceeded"),
    (lambda desk: desk.get("/tasks/task_abc123"), 404, "not_found"),
    (conflicting, 409, "conflict"),
    (rate_limited, 429, "rate_limited"),
    (broken, 500, "upstream_error"),
    (busy, 503, "upstream_error"),
]


@pytest.mark.parametrize(("provoke", "status", "kind"), CASES)
def test_each_refusal_has_its_status_and_type(
    desk: Desk, provoke: Provocation, status: int, kind: str
) -> None:
    assert refusal(provoke(desk)) == (status, kind)


def test_what_broke_on_our_side_is_not_told(desk: Desk) -> None:
    assert "secret" not in broken(desk).body


@pytest.mark.parametrize("provoke", [rate_limited, busy])
def test_what_may_be_retried_says_when(desk: Desk, provoke: Provocation) -> None:
    assert int(provoke(desk).headers["Retry-After"]) >= 7


def test_a_retired_model_names_its_replacement(desk: Desk) -> None:
    assert "flash3" in with_offer(retires_at=NOW, replacement="flash3")(desk).error["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/generate"), ("POST", "/tasks"), ("DELETE", "/tasks/task_abc"), ("GET", "/upload")),
        *(("POST", "/history"), ("PUT", "/user/status"), ("GET", "/user"), ("GET", "/"), ("GET", "")),
        *(("GET", "/tasks/a/b"), ("OPTIONS", "/generate"), ("HEAD", "/history")),
    ],
)
def test_what_is_no_endpoint_is_a_404_in_the_envelope(desk: Desk, method: str, path: str) -> None:
    assert refusal(desk.ask(method, path)) == (404, "not_found")


@pytest.mark.parametrize("prefix", ["/gencraft", "/gencraft/api", "/gencraft/api/v2", "/gencraft/v1/api/v1"])
def test_other_prefixes_are_none(desk: Desk, prefix: str) -> None:
    assert refusal(desk.get("/history", prefix=prefix)) == (404, "not_found")


def test_an_event_that_is_none_is_still_answered_in_the_envelope(desk: Desk) -> None:
    reply = desk.send({"rawPath": PREFIX})
    assert refusal(reply) == (500, "upstream_error")
    assert TABLE.internal.status == 500


def test_each_scope_opens_what_it_is_for(desk: Desk) -> None:
    routes = {
        Scope.GENERATE: [("POST", "/generate"), ("POST", "/upload")],
        Scope.READ: [("GET", "/tasks"), ("GET", "/tasks/x"), ("GET", "/history")],
        Scope.ACCOUNT: [("GET", "/user/status")],
    }
    for scope, opened in routes.items():
        key = desk.issue(scope.value, scopes=frozenset({scope}))
        for path in (route for others in routes.values() for route in others):
            assert (desk.ask(*path, key=key).status != 403) == (path in opened)
