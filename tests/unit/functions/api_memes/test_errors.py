"""Every row of the error table, provoked over HTTP, and the table held against the tree of errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_memes.errors import ROWS, TABLE
from darkroom.catalog_data import memes
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.job import FailureCode
from tests.unit.functions.api_memes.client import NOW, PREFIX, UNKNOWN_ID, Client, ClientResponse

INVALID = "invalid_request_error"
PROMPT = {"prompt": "a red kite"}

type Provocation = Callable[[Client], ClientResponse]


def revoked(api: Client) -> ClientResponse:
    record, key = api.issued("gone")
    assert api.get("/account", key=key).status == 200
    api.core.manage_keys.revoke(api.workspace.id, record.id)
    return api.get("/account", key=key)


def conflicting(api: Client) -> ClientResponse:
    headers = {"idempotency-key": "k"}
    api.post("/memes", PROMPT, headers=headers)
    return api.post("/memes", {"prompt": "another"}, headers=headers)


def finished(api: Client) -> ClientResponse:
    job_id = api.create()
    api.end(job_id)
    return api.post(f"/generations/{job_id}/cancel")


def failing(code: FailureCode) -> Provocation:
    def provoke(api: Client) -> ClientResponse:
        api.meanwhile.append(lambda: api.end(next(iter(api.memory.jobs.values())).id, code))
        return api.post("/images", PROMPT, headers={"prefer": "wait=5"})

    return provoke


def rate_limited(api: Client) -> ClientResponse:
    for _ in range(120):
        api.get("/account")
    return api.get("/account")


def too_much_of_a_feature(api: Client) -> ClientResponse:
    api.change_workspace(allowances={"images": 3})
    return api.post("/memes", {**PROMPT, "count": 4})


def with_offer(**changes: Any) -> Provocation:
    def provoke(api: Client) -> ClientResponse:
        api.sell(memes.OFFERS, **changes)
        return api.post("/images", PROMPT)

    return provoke


def broken(api: Client) -> ClientResponse:
    api.break_down(api.core.assets, "list")
    return api.get("/images")


def busy(api: Client) -> ClientResponse:
    api.be_busy()
    return api.post("/images", PROMPT)


CASES: dict[tuple[int, str, str], Provocation] = {
    (400, INVALID, "missing_required_param"): lambda api: api.post("/images", {}),
    (400, INVALID, "invalid_param"): lambda api: api.post("/images", {**PROMPT, "quality": "best"}),
    (400, INVALID, "invalid_aspect_ratio"): lambda api: api.post("/memes", {**PROMPT, "aspect_ratio": "5:7"}),
    (400, INVALID, "count_out_of_range"): lambda api: api.post("/memes", {**PROMPT, "count": 5}),
    (400, INVALID, "invalid_body"): lambda api: api.post("/memes", raw="{"),
    (400, INVALID, "payload_too_large"): lambda api: api.post("/memes", {"prompt": "x" * 2**20}),
    (400, INVALID, "unsupported_version"): lambda api: api.get(
        "/account", headers={"memes-version": "2020-01-01"}
    ),
    (400, INVALID, "model_unavailable"): with_offer(price=None),
    (400, INVALID, "model_retired"): with_offer(retires_at=NOW, replacement="forge-image-2"),
    (401, "authentication_error", "invalid_api_key"): lambda api: api.get("/account", key=None),
    (401, "authentication_error", "expired_api_key"): lambda api: api.get("/account", key=api.expired_key()),
    (401, "authentication_error", "revoked_api_key"): revoked,
    (403, "permission_error", "insufficient_scope"): lambda api: api.post(
        "/memes", PROMPT, key=api.issue("reader", scopes=frozenset({Scope.READ}))
    ),
    (403, "permission_error", "plan_feature_unavailable"): lambda _: Client(plan="trial").post(
        "/images", {**PROMPT, "quality": "premium"}
    ),
    (404, "not_found_error", "resource_not_found"): lambda api: api.get(f"/generations/{UNKNOWN_ID}"),
    (405, INVALID, "method_not_allowed"): lambda api: api.ask("PUT", "/images"),
    (409, "conflict_error", "idempotency_conflict"): conflicting,
    (409, "conflict_error", "already_finished"): finished,
    (422, "generation_error", "content_blocked"): failing(FailureCode.CONTENT_BLOCKED),
    (422, "generation_error", "generation_failed"): failing(FailureCode.INPUT_REJECTED),
    (422, "generation_error", "generation_timed_out"): failing(FailureCode.TIMED_OUT),
    (429, "rate_limit_error", "rate_limited"): rate_limited,
    (429, "quota_error", "quota_exceeded"): lambda _: Client(credits=1).post(
        "/memes", {**PROMPT, "count": 2}
    ),
    (429, "quota_error", "feature_quota_exceeded"): too_much_of_a_feature,
    (500, "api_error", "internal_error"): broken,
    (503, "service_unavailable", "temporarily_unavailable"): busy,
}


@pytest.mark.parametrize("expected", CASES, ids=lambda case: case[2])
def test_every_row_of_the_table_can_be_provoked(api: Client, expected: tuple[int, str, str]) -> None:
    reply = CASES[expected](api)
    assert reply.refusal == expected
    assert reply.error["message"]
    assert "insides" not in reply.body


def test_the_cases_are_the_whole_table() -> None:
    rows = {(row.status, row.type, row.code) for row in (*ROWS.values(), TABLE.internal)}
    # No route of the first part takes a mask, and nothing here is deleted that something else uses.
    assert rows - set(CASES) == {(400, INVALID, "invalid_mask"), (409, "conflict_error", "in_use")}
    assert set(CASES) <= rows


def test_every_error_has_a_row_of_its_own() -> None:
    # This contract has one word for a key that is missing and one that is wrong.
    assert len(set(ROWS.values())) == len(ROWS) - 1


def test_the_documented_message_of_a_missing_prompt(api: Client) -> None:
    reply = api.post("/images", {"count": 2})
    assert reply.error["message"] == "Either prompt, brand_context, or reference_images is required."
    assert reply.error["param"] == "prompt"


@pytest.mark.parametrize(
    ("provoke", "seconds"), [(rate_limited, "38"), (busy, "7")], ids=["rate limit", "unavailable"]
)
def test_what_may_be_retried_says_when(api: Client, provoke: Provocation, seconds: str) -> None:
    reply = provoke(api)
    assert int(reply.headers["Retry-After"]) >= int(seconds)


def test_a_used_up_quota_says_nothing_about_retrying(api: Client) -> None:
    assert "Retry-After" not in too_much_of_a_feature(api).headers


def test_a_retired_model_is_answered_with_its_replacement(api: Client) -> None:
    reply = with_offer(retires_at=NOW, replacement="forge-image-2")(api)
    assert "forge-image-2" in reply.error["message"]
    assert reply.error["param"] == "model"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/images/a/b"),
        ("GET", "/images/"),
    ],
)
def test_what_is_no_endpoint_is_a_404_in_the_envelope(api: Client, method: str, path: str) -> None:
    assert api.ask(method, path).refusal == (404, "not_found_error", "resource_not_found")


def test_an_event_that_is_none_is_still_answered_in_the_envelope(api: Client) -> None:
    reply = api.send({"rawPath": PREFIX})
    assert reply.refusal == (500, "api_error", "internal_error")
    assert reply.headers["X-Request-Id"] == reply.error["request_id"]
