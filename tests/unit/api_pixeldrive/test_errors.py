"""What every endpoint has in common: statuses, one envelope, and nothing of our insides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_pixeldrive.errors import ROWS, TABLE
from darkroom.domain.errors import InvalidParam
from tests.unit.api_pixeldrive.desk import Desk, Reply, unknown_id

DOCUMENTED = {400, 401, 402, 404, 429}
OURS = {403, 409, 413, 422, 500, 503}

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
def test_no_endpoint_answers_without_a_key(desk: Desk, method: str, path: str, key: str | None) -> None:
    assert desk.ask(method, path, {}, key=key).refusal == (401, "unauthorized")


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_no_endpoint_answers_a_revoked_key(desk: Desk, method: str, path: str) -> None:
    assert desk.ask(method, path, {}, key=desk.revoked_key()).refusal == (401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("GET", "/render"), ("DELETE", "/render/batch"), ("POST", "/batches"), ("GET", "")],
)
def test_what_is_no_endpoint_is_a_404(desk: Desk, method: str, path: str) -> None:
    assert desk.ask(method, path).refusal == (404, "not_found")


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
        ("accounts", "admit", lambda desk, template: desk.render(template)),
        ("jobs", "get", lambda desk, _: desk.get(f"/jobs/{unknown_id()}")),
        ("templates", "list", lambda desk, _: desk.get("/templates")),
        ("store", "commit", lambda desk, template: desk.render(template)),
    ],
)
def test_what_breaks_is_ours_and_nothing_of_it_is_told(
    desk: Desk, port: str, method: str, ask: Callable[[Desk, str], Reply]
) -> None:
    template = desk.template()
    desk.break_down(getattr(desk.core, port), method)
    reply = ask(desk, template)
    assert reply.refusal == (500, "internal_error")
    assert "secret" not in reply.body


def test_twice_at_once_is_charged_once(desk: Desk) -> None:
    template = desk.template()
    desk.working = False
    second: list[Any] = []

    def twin() -> None:
        desk.working = True
        second.append(desk.render(template).json)

    desk.meanwhile.append(twin)
    first = desk.render(template).json
    assert first["url"] == second[0]["url"]
    assert {first["fromCache"], second[0]["fromCache"]} == {False, "db"}
    assert desk.wallet.spent == 1
    assert desk.open(first["url"])["status"] == 200
    desk.check_books()


def test_a_key_over_its_limit_is_told_when_to_come_back(desk: Desk) -> None:
    slow = desk.issue("slow", requests_per_minute=1)
    assert desk.get("/templates", key=slow).status == 200
    refused = desk.get("/templates", key=slow)
    assert refused.refusal == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) >= 1
