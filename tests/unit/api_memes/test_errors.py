"""Every row of the error table, provoked over HTTP, and the table held against the tree of errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_memes.errors import ROWS, TABLE
from darkroom.catalog_data import memes
from darkroom.domain.accounts import Scope
from darkroom.domain.jobs import FailureCode
from tests.unit.api_memes.desk import NOW, PREFIX, UNKNOWN_ID, Desk, Reply

INVALID = "invalid_request_error"
PROMPT = {"prompt": "a red kite"}

type Provocation = Callable[[Desk], Reply]


def revoked(desk: Desk) -> Reply:
    record, key = desk.issued("gone")
    assert desk.get("/account", key=key).status == 200
    desk.core.manage_keys.revoke(desk.workspace.id, record.id)
    return desk.get("/account", key=key)


def conflicting(desk: Desk) -> Reply:
    headers = {"idempotency-key": "k"}
    desk.post("/memes", PROMPT, headers=headers)
    return desk.post("/memes", {"prompt": "another"}, headers=headers)


def finished(desk: Desk) -> Reply:
    job_id = desk.create()
    desk.end(job_id)
    return desk.post(f"/generations/{job_id}/cancel")


def failing(code: FailureCode) -> Provocation:
    def provoke(desk: Desk) -> Reply:
        desk.meanwhile.append(lambda: desk.end(next(iter(desk.memory.jobs.values())).id, code))
        return desk.post("/images", PROMPT, headers={"prefer": "wait=5"})

    return provoke


def rate_limited(desk: Desk) -> Reply:
    for _ in range(120):
        desk.get("/account")
    return desk.get("/account")


def too_much_of_a_feature(desk: Desk) -> Reply:
    desk.change_workspace(allowances={"images": 3})
    return desk.post("/memes", {**PROMPT, "count": 4})


def with_offer(**changes: Any) -> Provocation:
    def provoke(desk: Desk) -> Reply:
        desk.sell(memes.OFFERS, **changes)
        return desk.post("/images", PROMPT)

    return provoke


def broken(desk: Desk) -> Reply:
    desk.break_down(desk.core.assets, "list")
    return desk.get("/images")


def busy(desk: Desk) -> Reply:
    desk.be_busy()
    return desk.post("/images", PROMPT)


CASES: dict[tuple[int, str, str], Provocation] = {
    (400, INVALID, "missing_required_param"): lambda desk: desk.post("/images", {}),
    (400, INVALID, "invalid_param"): lambda desk: desk.post("/images", {**PROMPT, "quality": "best"}),
    (400, INVALID, "invalid_aspect_ratio"): lambda desk: desk.post(
        "/memes", {**PROMPT, "aspect_ratio": "5:7"}
    ),
    (400, INVALID, "count_out_of_range"): lambda desk: desk.post("/memes", {**PROMPT, "count": 5}),
    (400, INVALID, "invalid_body"): lambda desk: desk.post("/memes", raw="{"),
    (400, INVALID, "payload_too_large"): lambda desk: desk.post("/memes", {"prompt": "x" * 2**20}),
    (400, INVALID, "unsupported_version"): lambda desk: desk.get(
        "/account", headers={"memes-version": "2020-01-01"}
    ),
    (400, INVALID, "model_unavailable"): with_offer(price=None),
    (400, INVALID, "model_retired"): with_offer(retires_at=NOW, replacement="forge-image-2"),
    (401, "authentication_error", "invalid_api_key"): lambda desk: desk.get("/account", key=None),
    (401, "authentication_error", "expired_api_key"): lambda desk: desk.get(
        "/account", key=desk.expired_key()
    ),
    (401, "authentication_error", "revoked_api_key"): revoked,
    (403, "permission_error", "insufficient_scope"): lambda desk: desk.post(
        "/memes", PROMPT, key=desk.issue("reader", scopes=frozenset({Scope.READ}))
    ),
    (403, "permission_error", "plan_feature_unavailable"): lambda _: Desk(plan="trial").post(
        "/images", {**PROMPT, "quality": "premium"}
    ),
    (404, "not_found_error", "resource_not_found"): lambda desk: desk.get(f"/generations/{UNKNOWN_ID}"),
    (409, "conflict_error", "idempotency_conflict"): conflicting,
    (409, "conflict_error", "already_finished"): finished,
    (422, "generation_error", "content_blocked"): failing(FailureCode.CONTENT_BLOCKED),
    (422, "generation_error", "generation_failed"): failing(FailureCode.INPUT_REJECTED),
    (422, "generation_error", "generation_timed_out"): failing(FailureCode.TIMED_OUT),
    (429, "rate_limit_error", "rate_limited"): rate_limited,
    (429, "quota_error", "quota_exceeded"): lambda _: Desk(credits=1).post("/memes", {**PROMPT, "count": 2}),
    (429, "quota_error", "feature_quota_exceeded"): too_much_of_a_feature,
    (500, "api_error", "internal_error"): broken,
    (503, "service_unavailable", "temporarily_unavailable"): busy,
}


@pytest.mark.parametrize("expected", CASES, ids=lambda case: case[2])
def test_every_row_of_the_table_can_be_provoked(desk: Desk, expected: tuple[int, str, str]) -> None:
    reply = CASES[expected](desk)
    assert reply.refusal == expected
    assert reply.error["message"]
    assert "insides" not in reply.body


def test_the_cases_are_the_whole_table() -> None:
    rows = {(row.status, row.type, row.code) for row in (*ROWS.values(), TABLE.internal)}
    # No route of the first part takes a mask.
    assert rows - set(CASES) == {(400, INVALID, "invalid_mask")}
    assert set(CASES) <= rows


def test_every_error_has_a_row_of_its_own() -> None:
    # This contract has one word for a key that is missing and one that is wrong.
    assert len(set(ROWS.values())) == len(ROWS) - 1


def test_the_documented_message_of_a_missing_prompt(desk: Desk) -> None:
    reply = desk.post("/images", {"count": 2})
    assert reply.error["message"] == "Either prompt, brand_context, or reference_images is required."
    assert reply.error["param"] == "prompt"


@pytest.mark.parametrize(
    ("provoke", "seconds"), [(rate_limited, "38"), (busy, "7")], ids=["rate limit", "unavailable"]
)
def test_what_may_be_retried_says_when(desk: Desk, provoke: Provocation, seconds: str) -> None:
    reply = provoke(desk)
    assert int(reply.headers["Retry-After"]) >= int(seconds)


def test_a_used_up_quota_says_nothing_about_retrying(desk: Desk) -> None:
    assert "Retry-After" not in too_much_of_a_feature(desk).headers


def test_a_retired_model_is_answered_with_its_replacement(desk: Desk) -> None:
    reply = with_offer(retires_at=NOW, replacement="forge-image-2")(desk)
    assert "forge-image-2" in reply.error["message"]
    assert reply.error["param"] == "model"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/images"),
        ("DELETE", "/generations"),
        ("GET", f"/generations/{UNKNOWN_ID}/cancel"),
        ("GET", "/nothing"),
        ("GET", "/"),
        ("GET", ""),
        ("POST", "/account"),
        ("OPTIONS", "/images"),
        ("HEAD", "/images"),
        ("GET", "/images/a/b"),
        ("GET", "/images/"),
    ],
)
def test_what_is_no_endpoint_is_a_404_in_the_envelope(desk: Desk, method: str, path: str) -> None:
    assert desk.ask(method, path).refusal == (404, "not_found_error", "resource_not_found")


def test_an_event_that_is_none_is_still_answered_in_the_envelope(desk: Desk) -> None:
    reply = desk.send({"rawPath": PREFIX})
    assert reply.refusal == (500, "api_error", "internal_error")
    assert reply.headers["X-Request-Id"] == reply.error["request_id"]
