"""The error table held against the tree of errors, and its rows provoked over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_gencraft.errors import TABLE
from darkroom.catalog_data.gencraft import OFFERS
from darkroom.domain.accounts.api_keys import Scope
from tests.unit.functions.api_gencraft.client import GARDEN, NOW, PREFIX, Client, ClientResponse, refusal

type Provocation = Callable[[Client], ClientResponse]


def without_scope(api: Client) -> ClientResponse:
    return api.post("/generate", GARDEN, key=api.issue("reader", scopes=frozenset({Scope.READ})))


def conflicting(api: Client) -> ClientResponse:
    headers = {"idempotency-key": "k"}
    api.post("/generate", GARDEN, headers=headers)
    return api.post("/generate", {**GARDEN, "count": 2}, headers=headers)


def rate_limited(api: Client) -> ClientResponse:
    for _ in range(120):
        api.post("/generate", {})
    return api.post("/generate", {})


def over_the_plan(api: Client) -> ClientResponse:
    api.change_workspace(allowances={"images": 1})
    return api.post("/generate", {**GARDEN, "count": 2})


def with_offer(**changes: Any) -> Provocation:
    def provoke(api: Client) -> ClientResponse:
        api.sell(OFFERS, **changes)
        return api.post("/generate", GARDEN)

    return provoke


def broken(api: Client) -> ClientResponse:
    api.break_down(api.core.jobs, "page_by_key")
    return api.get("/history")


def busy(api: Client) -> ClientResponse:
    api.be_busy()
    return api.post("/generate", GARDEN)


CASES: list[tuple[Provocation, int, str]] = [
    (lambda api: api.post("/generate", {}), 400, "invalid_request"),
    (lambda api: api.post("/generate", {**GARDEN, "prompt": "x" * 2**20}), 413, "invalid_request"),
    (with_offer(price=None, resolution_prices={}), 400, "invalid_request"),
    (with_offer(retires_at=NOW, replacement="flash3"), 410, "invalid_request"),
    (lambda api: api.get("/history", key=None), 401, "unauthorized"),
    (lambda api: api.get("/history", key="wrong"), 401, "invalid_api_key"),
    (lambda api: api.get("/user/status", key=api.expired_key()), 401, "invalid_api_key"),
    (lambda api: api.get("/user/status", key=api.revoked_key()), 401, "invalid_api_key"),
    (without_scope, 403, "forbidden"),
    (lambda _: Client(credits=7).post("/generate", GARDEN), 402, "insufficient_credits"),
    (over_the_plan, 402, "quota_exceeded"),
    (lambda api: api.get("/tasks/task_abc123"), 404, "not_found"),
    (conflicting, 409, "conflict"),
    (rate_limited, 429, "rate_limited"),
    (broken, 500, "upstream_error"),
    (busy, 503, "upstream_error"),
]


@pytest.mark.parametrize(("provoke", "status", "kind"), CASES)
def test_each_refusal_has_its_status_and_type(
    api: Client, provoke: Provocation, status: int, kind: str
) -> None:
    assert refusal(provoke(api)) == (status, kind)


def test_what_broke_on_our_side_is_not_told(api: Client) -> None:
    assert "secret" not in broken(api).body


@pytest.mark.parametrize("provoke", [rate_limited, busy])
def test_what_may_be_retried_says_when(api: Client, provoke: Provocation) -> None:
    assert int(provoke(api).headers["Retry-After"]) >= 7


def test_a_retired_model_names_its_replacement(api: Client) -> None:
    assert "flash3" in with_offer(retires_at=NOW, replacement="flash3")(api).error["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/user"), ("GET", "/"), ("GET", ""), ("GET", "/tasks/a/b"), ("POST", "/nothing")),
    ],
)
def test_what_is_no_endpoint_is_a_404_in_the_envelope(api: Client, method: str, path: str) -> None:
    assert refusal(api.ask(method, path)) == (404, "not_found")


@pytest.mark.parametrize("prefix", ["/gencraft", "/gencraft/api", "/gencraft/api/v2", "/gencraft/v1/api/v1"])
def test_other_prefixes_are_none(api: Client, prefix: str) -> None:
    assert refusal(api.get("/history", prefix=prefix)) == (404, "not_found")


def test_an_event_that_is_none_is_still_answered_in_the_envelope(api: Client) -> None:
    reply = api.send({"rawPath": PREFIX})
    assert refusal(reply) == (500, "upstream_error")
    assert TABLE.internal.status == 500


def test_each_scope_opens_what_it_is_for(api: Client) -> None:
    routes = {
        Scope.GENERATE: [("POST", "/generate"), ("POST", "/upload")],
        Scope.READ: [("GET", "/tasks"), ("GET", "/tasks/x"), ("GET", "/history")],
        Scope.ACCOUNT: [("GET", "/user/status")],
    }
    for scope, opened in routes.items():
        key = api.issue(scope.value, scopes=frozenset({scope}))
        for path in (route for others in routes.values() for route in others):
            assert (api.ask(*path, key=key).status != 403) == (path in opened)
