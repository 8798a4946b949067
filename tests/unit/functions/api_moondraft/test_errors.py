"""Every row of the document's error table, provoked over HTTP, and the table held against the tree of errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_moondraft.app import handler
from api_moondraft.errors import ROWS, TABLE
from darkroom.catalog_data import moondraft
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.errors import Unavailable
from darkroom.wiring import override
from tests.unit.functions.api_moondraft.client import Client, ClientResponse, data_url, png

DOCUMENTED = {400, 401, 402, 404, 410, 413, 429, 500, 503}
PROMPT = {"prompt": "a red kite"}

type Provocation = Callable[[Client], ClientResponse]


def conflicting(api: Client) -> ClientResponse:
    headers = {"idempotency-key": "k"}
    api.post("/generate", PROMPT, headers=headers)
    return api.post("/generate", {"prompt": "another"}, headers=headers)


def rate_limited(api: Client) -> ClientResponse:
    for _ in range(3):
        api.post("/generate/batch", {})
    return api.post("/generate/batch", {})


def unpriced(api: Client) -> ClientResponse:
    api.price(moondraft.IMAGE, None)
    return api.post("/generate", PROMPT)


def busy(api: Client) -> ClientResponse:
    def refuse(*_: Any) -> None:
        raise Unavailable("The service is busy.", retry_after=7)

    api.store.commit = refuse  # type: ignore[method-assign]
    return api.post("/generate", PROMPT)


def broken(api: Client) -> ClientResponse:
    api.break_down(api.core.jobs, "list")
    return api.get("/usage")


CASES: dict[str, tuple[int, str, Provocation]] = {
    "missing": (400, "prompt is required", lambda api: api.post("/generate", {})),
    "invalid": (400, "quality", lambda api: api.post("/generate", {**PROMPT, "quality": "best"})),
    "no json": (400, "not valid JSON", lambda api: api.post("/generate", raw="{")),
    "empty body": (400, "empty", lambda api: api.post("/generate")),
    "a list": (400, "JSON object", lambda api: api.post("/generate", [PROMPT])),
    "no key": (401, "Missing API key", lambda api: api.get("/credits", key=None)),
    "wrong key": (401, "Invalid API key", lambda api: api.get("/credits", key="md_wrong")),
    "expired key": (401, "expired", lambda api: api.get("/credits", key=api.expired_key())),
    "revoked key": (401, "revoked", lambda api: api.get("/credits", key=api.revoked_key())),
    "no scope": (
        401,
        "scope",
        lambda api: api.post("/generate", PROMPT, key=api.issue(scopes=frozenset({Scope.READ}))),
    ),
    "no credits": (
        402,
        "Insufficient credits. You need 3 credits but have 1.",
        lambda _: Client(credits=1).post("/generate", {**PROMPT, "quality": "premium"}),
    ),
    "no endpoint": (404, "No such endpoint", lambda api: api.get("/nothing")),
    "wrong method": (405, "takes POST", lambda api: api.ask("PUT", "/generate", PROMPT)),
    "no such job": (404, "No such job", lambda api: api.get("/jobs/01950000-0000-7000-8000-ffffffffffff")),
    "conflict": (409, "different request", conflicting),
    "blocked": (410, "Content policy", lambda api: api.post("/generate", {"prompt": "[[block]]"})),
    "large image": (
        413,
        "image exceeds 10 MB",
        lambda api: api.post("/enhance", {"image": "A" * (14 * 1024 * 1024)}),
    ),
    "large body": (
        413,
        "request body exceeds",
        lambda api: api.post("/enhance", raw="x" * (50 * 2**20 + 1)),
    ),
    "too often": (429, "Rate limit of 3 requests per minute", rate_limited),
    "failed": (500, "Generation failed", lambda api: api.post("/generate", {"prompt": "[[fail]]"})),
    "unusable": (
        500,
        "Generation failed: an input",
        lambda api: api.post("/edit", {"prompt": "unusable", "image": data_url(png())}),
    ),
    "broken": (500, "Something went wrong", broken),
    "timed out": (503, "Timed out", lambda api: api.post("/generate", {"prompt": "[[slow:60]]"})),
    "not for sale": (503, "not available", unpriced),
    "busy": (503, "busy", busy),
}


@pytest.mark.parametrize("case", CASES)
def test_every_row_of_the_table_can_be_provoked(api: Client, case: str) -> None:
    status, message, provoke = CASES[case]
    reply = provoke(api)
    assert reply.status == status
    assert message in reply.error
    assert "insides" not in reply.body
    api.check_books()
    assert api.wallet.held == 0


def test_the_cases_are_the_whole_table() -> None:
    rows = {row.status for row in (*ROWS.values(), TABLE.internal)}
    # 409 answers only who sends an Idempotency-Key, which is ours; 405 is HTTP's own.
    assert rows == {status for status, _, _ in CASES.values()} == DOCUMENTED | {405, 409}


@pytest.mark.parametrize("case", ["large image", "large body"])
def test_what_is_too_large_is_told_what_to_do_instead(api: Client, case: str) -> None:
    before = api.untouched()
    reply = CASES[case][2](api)
    assert "https URL" in reply.error
    assert api.untouched() == before


def test_insufficient_credits_leave_nothing_behind() -> None:
    api = Client(credits=9)
    before = api.untouched()
    picture = data_url(png())
    for path, body, need in (
        ("/generate/batch", {"prompts": ["x"] * 10, "style_ref": picture}, 10),
        ("/generate/batch", {"prompts": ["x"] * 4, "quality": "premium"}, 12),
        ("/video", {"image": picture, "prompt": "x"}, 10),
    ):
        reply = api.post(path, body)
        assert reply.status == 402
        assert reply.error == f"Insufficient credits. You need {need} credits but have 9."
    assert api.untouched() == before


def test_a_race_for_the_last_credit_is_told_the_same() -> None:
    api = Client(credits=1)
    commit = api.store.commit

    def spend_meanwhile(*writes: Any) -> None:
        api.memory.wallets[api.owner] = Wallet(api.owner, available=0, held=0, spent=1, granted=1)
        commit(*writes)

    api.store.commit = spend_meanwhile  # type: ignore[method-assign]
    reply = api.post("/generate", PROMPT)
    assert (reply.status, reply.error) == (402, "Insufficient credits. You need 1 credit but have 0.")
    assert not api.memory.jobs


@pytest.mark.parametrize("case", ["too often", "busy"])
def test_what_may_be_retried_says_when(api: Client, case: str) -> None:
    assert int(CASES[case][2](api).headers["Retry-After"]) >= 1


def test_somebody_else_s_job_is_not_found(api: Client) -> None:
    job_id = api.post("/generate", {"prompt": "x"}, headers={"prefer": "respond-async"}).json["id"]
    stranger = api.core.open_workspace("Bob", credits=5)
    assert api.get(f"/jobs/{job_id}", key=api.issue(workspace_id=stranger.id)).status == 404
    assert api.get(f"/jobs/{job_id}").status == 200


@pytest.mark.parametrize("path", ["", "/", "/generate/", "/Generate", "/generate/batch/x", "/auth", "/jobs"])
def test_what_is_no_endpoint_is_404(api: Client, path: str) -> None:
    assert api.get(path).status == 404


def test_an_event_that_is_none_is_still_answered_in_the_envelope(api: Client) -> None:
    with override(api.core):
        answer = handler({"rawPath": "/moondraft/v1"}, None)
    assert answer["statusCode"] == 500
    assert answer["body"] == '{"error":"Something went wrong on our side."}'
