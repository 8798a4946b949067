"""Every row of the error table, provoked over HTTP, and the table held against the tree of errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api_agent.errors import ROWS, SUGGESTIONS, TABLE
from darkroom.domain.accounts.api_keys import Scope
from tests.unit.functions.api_agent.client import MINIMAL, PREFIX, UNKNOWN_ID, Client, ClientResponse

type Provocation = Callable[[Client], ClientResponse]


def conflicting(api: Client) -> ClientResponse:
    api.post("/v1/generate", MINIMAL)
    return api.post("/v1/generate", {**MINIMAL, "prompt": "another"})


def rate_limited(api: Client) -> ClientResponse:
    for _ in range(120):
        api.get("/v1/credits/balance")
    return api.post("/v1/generate", MINIMAL)


def too_much_of_a_feature(api: Client) -> ClientResponse:
    api.change_workspace(allowances={"images": 3})
    return api.generate(units={"count": 4})


def broken(api: Client) -> ClientResponse:
    api.break_down(api.core.jobs, "get")
    return api.get(f"/v1/tasks/{UNKNOWN_ID}")


def busy(api: Client) -> ClientResponse:
    api.be_busy()
    return api.generate()


CASES: dict[tuple[int, str], Provocation] = {
    (400, "missing_param"): lambda api: api.post("/v1/generate", {"request_id": "x"}),
    (400, "invalid_param"): lambda api: api.generate(product="poem"),
    (400, "invalid_aspect_ratio"): lambda api: api.generate(units={"aspect_ratio": "5:7"}),
    (400, "count_out_of_range"): lambda api: api.generate(units={"count": 3}),
    (400, "invalid_body"): lambda api: api.post("/v1/generate", raw="{"),
    (400, "unknown_model"): lambda api: api.generate(model="nano-banana"),
    (401, "missing_token"): lambda api: api.get("/v1/models/list", key=None),
    (401, "invalid_token"): lambda api: api.get("/v1/models/list", key="ag_live_x"),
    (401, "expired_token"): lambda api: api.get("/v1/models/list", key=api.expired_key()),
    (401, "revoked_token"): lambda api: api.get("/v1/models/list", key=api.revoked_key()),
    (402, "insufficient_credits"): lambda _: Client(credits=19).generate(),
    (403, "insufficient_scope"): lambda api: api.post(
        "/v1/generate", MINIMAL, key=api.issue("reader", scopes=frozenset({Scope.READ}))
    ),
    (404, "not_found"): lambda api: api.get(f"/v1/tasks/{UNKNOWN_ID}"),
    (405, "method_not_allowed"): lambda api: api.get("/v1/generate"),
    (409, "request_id_conflict"): conflicting,
    (409, "price_version_mismatch"): lambda api: api.generate(price_version="1"),
    (410, "model_retired"): lambda api: api.generate(model="sora-2"),
    (413, "payload_too_large"): lambda api: api.post("/v1/generate", {"prompt": "x" * 2**20}),
    (429, "rate_limited"): rate_limited,
    (429, "feature_quota_exceeded"): too_much_of_a_feature,
    (500, "internal_error"): broken,
    (503, "temporarily_unavailable"): busy,
}
# What no route of this dialect can run into: there are no masks and no fonts, nothing is waited for or canceled, and
# no model is for some plans only.
UNUSED = {
    (409, "in_use"),
    (400, "invalid_mask"),
    (403, "plan_feature_unavailable"),
    (409, "already_finished"),
    (422, "content_blocked"),
    (422, "generation_failed"),
    (422, "generation_timed_out"),
}


@pytest.mark.parametrize("expected", CASES, ids=lambda case: case[1])
def test_every_row_of_the_table_can_be_provoked(api: Client, expected: tuple[int, str]) -> None:
    reply = CASES[expected](api)
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
def test_what_may_be_tried_again_says_when(api: Client, provoke: Provocation) -> None:
    reply = provoke(api)
    assert int(reply.headers["Retry-After"]) == reply.data["retry_after"] >= 7


def test_the_limit_of_a_minute_is_told_and_a_request_over_it_costs_nothing(api: Client) -> None:
    first = api.get("/v1/credits/balance")
    assert first.headers["RateLimit-Policy"] == '"agent";q=120;w=60'
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("120", "119")
    for _ in range(119):
        api.get("/v1/credits/balance")
    before = api.untouched()
    refused = api.generate()
    assert refused.refusal == (429, "rate_limited")
    assert api.untouched() == before
    api.clock.advance(refused.data["retry_after"])
    assert api.generate().status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/tasks"),
        ("GET", "/v1/nothing"),
        ("GET", "/"),
        ("GET", ""),
    ],
)
def test_what_is_no_endpoint_is_a_404_in_the_envelope(api: Client, method: str, path: str) -> None:
    reply = api.ask(method, path, prefix=PREFIX)
    assert reply.refusal == (404, "not_found")


def test_an_event_that_is_none_is_still_answered_in_the_envelope(api: Client) -> None:
    reply = api.send({"rawPath": PREFIX})
    assert reply.refusal == (500, "internal_error")
