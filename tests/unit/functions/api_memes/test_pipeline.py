"""What the shared HTTP pipeline promises every dialect, tried on one that is not the memes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import Response

from api_memes.errors import ROWS
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.errors import DomainError, InvalidParam
from darkroom.http.dialect import Dialect
from darkroom.http.errors import ErrorRow, ErrorTable
from darkroom.http.pipeline import Api
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from tests.harness.api_client import gateway_event
from tests.harness.container import BASE_URL
from tests.unit.functions.api_memes.client import Client, ClientResponse

routes = Routes()


@routes.post("/tasks", Scope.GENERATE)
def create(request: RequestContext, _: Caller) -> Response[str]:
    return json_response(200, {"code": 0, "given": request.json_object(optional=True)})


@routes.get("/tasks/<task_id>", Scope.READ)
def show(request: RequestContext, _: Caller, task_id: str) -> Response[str]:
    return json_response(200, {"code": 0, "id": task_id, "url": request.url_of(f"/tasks/{task_id}")})


def envelope(row: ErrorRow, error: DomainError, request_id: str) -> Mapping[str, Any]:
    return {"code": row.status, "message": error.detail, "requestId": request_id}


def policy(method: str, _: str) -> RatePolicy:
    return RatePolicy("writes", 2) if method == "POST" else RatePolicy("reads", 600)


def refuse_teapots(request: RequestContext) -> None:
    if request.header("x-teapot"):
        raise InvalidParam("No teapots.", param="X-Teapot")


@pytest.fixture
def other(api: Client) -> Api:
    dialect = Dialect(
        name="other",
        errors=ErrorTable(ROWS, ErrorRow(500, "", ""), envelope),
        policy=policy,
        max_body_bytes=100,
        prefixes=("/other/api/v1", "/other/v1"),
        check=refuse_teapots,
    )
    return Api.of(dialect, (routes,), lambda: api.core)


def ask(
    other: Api, api: Client, method: str, path: str, body: str | None = None, **headers: str
) -> ClientResponse:
    sent = {"authorization": f"Bearer {api.key}", **{n.replace("_", "-"): v for n, v in headers.items()}}
    event = gateway_event(method, path, sent)
    answer = other.handle(event | ({"body": body} if body is not None else {}), None)
    return ClientResponse(answer["statusCode"], answer["headers"], answer["body"])


@pytest.mark.parametrize("prefix", ["/other/api/v1", "/other/v1"])
def test_a_dialect_is_served_under_each_of_its_prefixes(other: Api, api: Client, prefix: str) -> None:
    assert ask(other, api, "GET", f"{prefix}/tasks/7").json == {
        "code": 0,
        "id": "7",
        "url": f"{BASE_URL}{prefix}/tasks/7",
    }
    assert ask(other, api, "GET", "/tasks/7").status == 404


def test_each_policy_has_a_window_of_its_own(other: Api, api: Client) -> None:
    replies = [ask(other, api, "POST", "/other/v1/tasks") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert replies[0].headers["RateLimit-Policy"] == '"writes";q=2;w=60'
    assert replies[2].json["message"].startswith("Rate limit of 2")
    read = ask(other, api, "GET", "/other/v1/tasks/7")
    assert (read.status, read.headers["RateLimit-Remaining"]) == (200, "599")


def test_a_refusal_is_in_the_dialects_own_envelope(other: Api, api: Client) -> None:
    reply = ask(other, api, "POST", "/other/v1/tasks", "x" * 101)
    assert reply.json == {
        "code": 400,
        "message": "The request body exceeds 100 bytes.",
        "requestId": reply.headers["X-Request-Id"],
    }
    assert ask(other, api, "GET", "/other/v1/tasks/7", x_teapot="1").json["message"] == "No teapots."


def test_an_optional_body_may_be_left_out_but_not_be_wrong(other: Api, api: Client) -> None:
    assert ask(other, api, "POST", "/other/v1/tasks").json["given"] == {}
    assert ask(other, api, "POST", "/other/v1/tasks", json.dumps([1])).status == 400
