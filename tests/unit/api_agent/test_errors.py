"""Every row of the error table, provoked over HTTP, and the table held against the tree of errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api_agent.errors import ROWS, SUGGESTIONS, TABLE
from darkroom.domain.accounts import Scope
from tests.unit.api_agent.desk import MINIMAL, PREFIX, UNKNOWN_ID, Desk, Reply

type Provocation = Callable[[Desk], Reply]


def conflicting(desk: Desk) -> Reply:
    desk.post("/v1/generate", MINIMAL)
    return desk.post("/v1/generate", {**MINIMAL, "prompt": "another"})


def rate_limited(desk: Desk) -> Reply:
    for _ in range(120):
        desk.get("/v1/credits/balance")
    return desk.post("/v1/generate", MINIMAL)


def too_much_of_a_feature(desk: Desk) -> Reply:
    desk.change_workspace(allowances={"images": 3})
    return desk.generate(units={"count": 4})


def broken(desk: Desk) -> Reply:
    desk.break_down(desk.core.jobs, "get")
    return desk.get(f"/v1/tasks/{UNKNOWN_ID}")


def busy(desk: Desk) -> Reply:
    desk.be_busy()
    return desk.generate()


CASES: dict[tuple[int, str], Provocation] = {
    (400, "missing_param"): lambda desk: desk.post("/v1/generate", {"request_id": "x"}),
    (400, "invalid_param"): lambda desk: desk.generate(product="poem"),
    (400, "invalid_aspect_ratio"): lambda desk: desk.generate(units={"aspect_ratio": "5:7"}),
    (400, "count_out_of_range"): lambda desk: desk.generate(units={"count": 3}),
    (400, "invalid_body"): lambda desk: desk.post("/v1/generate", raw="{"),
    (400, "unknown_model"): lambda desk: desk.generate(model="nano-banana"),
    (401, "missing_token"): lambda desk: desk.get("/v1/models/list", key=None),
    (401, "invalid_token"): lambda desk: desk.get("/v1/models/list", key="ag_live_x"),
    (401, "expired_token"): lambda desk: desk.get("/v1/models/list", key=desk.expired_key()),
    (401, "revoked_token"): lambda desk: desk.get("/v1/models/list", key=desk.revoked_key()),
    (402, "insufficient_credits"): lambda _: Desk(credits=19).generate(),
    (403, "insufficient_scope"): lambda desk: desk.post(
        "/v1/generate", MINIMAL, key=desk.issue("reader", scopes=frozenset({Scope.READ}))
    ),
    (404, "not_found"): lambda desk: desk.get(f"/v1/tasks/{UNKNOWN_ID}"),
    (409, "request_id_conflict"): conflicting,
    (409, "price_version_mismatch"): lambda desk: desk.generate(price_version="1"),
    (410, "model_retired"): lambda desk: desk.generate(model="sora-2"),
    (413, "payload_too_large"): lambda desk: desk.post("/v1/generate", {"prompt": "x" * 2**20}),
    (429, "rate_limited"): rate_limited,
    (429, "feature_quota_exceeded"): too_much_of_a_feature,
    (500, "internal_error"): broken,
    (503, "temporarily_unavailable"): busy,
}
# What no route of this dialect can run into: there are no masks, nothing is waited for or canceled, and no
# model is for some plans only.
UNUSED = {
    (400, "invalid_mask"),
    (403, "plan_feature_unavailable"),
    (409, "already_finished"),
    (422, "content_blocked"),
    (422, "generation_failed"),
    (422, "generation_timed_out"),
}


@pytest.mark.parametrize("expected", CASES, ids=lambda case: case[1])
def test_every_row_of_the_table_can_be_provoked(desk: Desk, expected: tuple[int, str]) -> None:
    reply = CASES[expected](desk)
    assert reply.refusal == expected
    assert reply.data["suggestion"] == SUGGESTIONS[expected[1]]
    assert "insides" not in reply.body


def test_the_cases_are_the_whole_table() -> None:
    rows = {(row.status, row.code) for row in (*ROWS.values(), TABLE.internal)}
    assert rows == set(CASES) | UNUSED
    assert {code for _, code in rows} == set(SUGGESTIONS)


def test_every_error_has_a_row_of_its_own() -> None:
    assert len(set(ROWS.values())) == len(ROWS)


@pytest.mark.parametrize("provoke", [rate_limited, busy])
def test_what_may_be_tried_again_says_when(desk: Desk, provoke: Provocation) -> None:
    reply = provoke(desk)
    assert int(reply.headers["Retry-After"]) == reply.data["retry_after"] >= 7


def test_the_limit_of_a_minute_is_told_and_a_request_over_it_costs_nothing(desk: Desk) -> None:
    first = desk.get("/v1/credits/balance")
    assert first.headers["RateLimit-Policy"] == '"agent";q=120;w=60'
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("120", "119")
    for _ in range(119):
        desk.get("/v1/credits/balance")
    before = desk.untouched()
    refused = desk.generate()
    assert refused.refusal == (429, "rate_limited")
    assert desk.untouched() == before
    desk.clock.advance(refused.data["retry_after"])
    assert desk.generate().status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/generate"),
        ("POST", "/v1/models/list"),
        ("GET", "/v1/tasks"),
        ("GET", "/auth/moltbook/exchange"),
        ("GET", "/v1/nothing"),
        ("GET", "/"),
        ("GET", ""),
        ("OPTIONS", "/v1/generate"),
        ("POST", "/llms.txt"),
    ],
)
def test_what_is_no_endpoint_is_a_404_in_the_envelope(desk: Desk, method: str, path: str) -> None:
    reply = desk.ask(method, path, prefix=PREFIX)
    assert reply.refusal == (404, "not_found")


def test_an_event_that_is_none_is_still_answered_in_the_envelope(desk: Desk) -> None:
    reply = desk.send({"rawPath": PREFIX})
    assert reply.refusal == (500, "internal_error")
