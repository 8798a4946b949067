"""What every endpoint has in common: statuses, one envelope, and nothing of our insides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_pixeldrive.errors import ROWS, TABLE
from darkroom.domain.errors import InvalidParam
from tests.unit.functions.api_pixeldrive.client import Client, ClientResponse, unknown_id

DOCUMENTED = {400, 401, 402, 404, 429}
OURS = {403, 405, 409, 413, 422, 500, 503}

ENDPOINTS = (
    ("POST", "/render"),
    ("POST", "/render/batch"),
    ("GET", f"/batches/{unknown_id()}"),
    ("GET", f"/batches/{unknown_id()}/stream"),
    ("GET", f"/jobs/{unknown_id()}"),
    ("POST", "/sign"),
    ("GET", "/templates"),
    ("POST", "/templates"),
    ("GET", f"/templates/{unknown_id()}"),
    ("PATCH", f"/templates/{unknown_id()}"),
    ("PUT", f"/templates/{unknown_id()}"),
    ("DELETE", f"/templates/{unknown_id()}"),
    ("GET", f"/templates/{unknown_id()}/versions/1"),
)


def test_the_table_has_the_documented_statuses_and_some_of_ours() -> None:
    assert {row.status for row in ROWS.values()} == DOCUMENTED | OURS


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize("key", [None, "pdrv_x"])
def test_no_endpoint_answers_without_a_key(api: Client, method: str, path: str, key: str | None) -> None:
    assert api.ask(method, path, {}, key=key).refusal == (401, "unauthorized")


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_no_endpoint_answers_a_revoked_key(api: Client, method: str, path: str) -> None:
    assert api.ask(method, path, {}, key=api.revoked_key()).refusal == (401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("POST", "/batches"), ("GET", "")],
)
def test_what_is_no_endpoint_is_a_404(api: Client, method: str, path: str) -> None:
    assert api.ask(method, path).refusal == (404, "not_found")


def test_several_mistakes_are_all_told() -> None:
    error = InvalidParam("a: x.", param="a", also=(InvalidParam("b: y.", param="b"),))
    _, body, _ = TABLE.answer(error, "req_1")
    assert body == {
        "error": "a: x.",
        "code": "invalid_param",
        "requestId": "req_1",
        "details": [{"path": "a", "message": "a: x."}, {"path": "b", "message": "b: y."}],
    }


@pytest.mark.parametrize(
    ("port", "method", "ask"),
    [
        ("accounts", "admit", lambda api, template: api.render(template)),
        ("jobs", "get", lambda api, _: api.get(f"/jobs/{unknown_id()}")),
        ("templates", "list", lambda api, _: api.get("/templates")),
        ("store", "commit", lambda api, template: api.render(template)),
    ],
)
def test_what_breaks_is_ours_and_nothing_of_it_is_told(
    api: Client, port: str, method: str, ask: Callable[[Client, str], ClientResponse]
) -> None:
    template = api.template()
    api.break_down(getattr(api.core, port), method)
    reply = ask(api, template)
    assert reply.refusal == (500, "internal_error")
    assert "secret" not in reply.body


def test_twice_at_once_is_charged_once(api: Client) -> None:
    template = api.template()
    api.working = False
    second: list[Any] = []

    def twin() -> None:
        api.working = True
        second.append(api.render(template).json)

    api.meanwhile.append(twin)
    first = api.render(template).json
    assert first["url"] == second[0]["url"]
    assert {first["fromCache"], second[0]["fromCache"]} == {False, "db"}
    assert api.wallet.spent == 1
    assert api.open(first["url"])["status"] == 200
    api.check_books()


def test_a_key_over_its_limit_is_told_when_to_come_back(api: Client) -> None:
    slow = api.issue("slow", requests_per_minute=1)
    assert api.get("/templates", key=slow).status == 200
    refused = api.get("/templates", key=slow)
    assert refused.refusal == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) >= 1
