"""The same ``request_id`` never charges twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.catalog_data.agent import PRICE_VERSION
from darkroom.domain.accounts.api_keys import Scope
from tests.unit.functions.api_agent.client import MINIMAL, Client


def test_a_repeated_request_gets_its_first_answer_and_costs_nothing(api: Client) -> None:
    first = api.post("/v1/generate", MINIMAL)
    api.work()
    before = api.untouched()
    again = api.post(
        "/v1/generate", raw='{"request_id":"6f1c", "prompt":"a red kite","model":"nano-banana-pro"}'
    )
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api.untouched() == before


@pytest.mark.parametrize(
    "spelled_out",
    [
        {"units": {"count": 1}},
        {"units": {"count": 1.0, "resolution": "1K", "aspect_ratio": "1:1"}},
        {"units": {}, "input_image_urls": []},
        {"price_version": PRICE_VERSION},
        {"product": "image", "units": {"duration": None}, "unknown": 1},
    ],
)
def test_a_retry_that_spells_out_a_default_is_the_same_request(
    api: Client, spelled_out: dict[str, object]
) -> None:
    first = api.post("/v1/generate", MINIMAL)
    again = api.post("/v1/generate", {**MINIMAL, **spelled_out})
    assert (again.status, again.body) == (200, first.body)
    api.generate("other")
    other = {**MINIMAL, **spelled_out, "request_id": "the other way round"}
    first = api.post("/v1/generate", other)
    assert api.post("/v1/generate", {**MINIMAL, "request_id": other["request_id"]}).body == first.body


def test_two_that_say_it_differently_at_once_are_one(api: Client) -> None:
    first = api.post("/v1/generate", MINIMAL)
    api.admit_as_of(idempotency_record=None)
    assert api.post("/v1/generate", {**MINIMAL, "units": {"count": 1}}).body == first.body
    assert len(api.memory.jobs) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"units": {"count": 2}},
        {"units": {"resolution": "4K"}},
        {"units": {"aspect_ratio": "16:9"}},
        {"price_version": "2025-12-01-v1"},
        {"product": "video"},
        {"input_image_urls": ["https://a.example/b"]},
    ],
)
def test_what_is_no_default_is_another_request(api: Client, other: dict[str, object]) -> None:
    api.post("/v1/generate", MINIMAL)
    assert api.post("/v1/generate", {**MINIMAL, **other}).refusal == (409, "request_id_conflict")


def test_the_record_comes_with_the_one_read_of_admission(api: Client) -> None:
    api.post("/v1/generate", MINIMAL)
    assert api.calls.made == ["accounts.admit", "store.commit", "queues.send_tasks"]
    api.calls.made.clear()
    api.post("/v1/generate", MINIMAL)
    assert api.calls.made == ["accounts.admit", "store.commit"]


@pytest.mark.parametrize("other", [{"prompt": "another"}, {"units": {"count": 3}}, {"model": 7}])
def test_another_body_is_a_conflict_even_if_it_is_invalid(api: Client, other: dict[str, object]) -> None:
    api.post("/v1/generate", MINIMAL)
    before = api.untouched()
    reply = api.post("/v1/generate", {**MINIMAL, **other})
    assert reply.refusal == (409, "request_id_conflict")
    assert reply.data["param"] == "request_id"
    assert api.untouched() == before


def test_two_admitted_before_either_was_written_are_one(api: Client) -> None:
    first = api.post("/v1/generate", MINIMAL)
    api.admit_as_of(idempotency_record=None)
    second = api.post("/v1/generate", MINIMAL)
    assert second.body == first.body
    assert len(api.memory.jobs) == 1
    assert api.post("/v1/generate", {**MINIMAL, "prompt": "another"}).refusal[0] == 409


@pytest.mark.parametrize("credits", [20, 480])
def test_many_at_once_are_charged_once(credits: int) -> None:
    """Also where the credits are only enough for one: the others get its answer, not a refusal."""
    api = Client(credits=credits)
    api.admit_as_of(idempotency_record=None)
    # A process serves one request at a time: what makes them "at once" is that none saw another's record.
    replies = [api.post("/v1/generate", MINIMAL) for _ in range(8)]
    assert [reply.status for reply in replies] == [200] * 8
    assert len({reply.body for reply in replies}) == 1
    assert len(api.memory.jobs) == 1
    api.work()
    assert (api.wallet.spent, api.wallet.held) == (20, 0)


def test_the_first_answer_holds_whatever_has_changed_since(api: Client) -> None:
    body = {**MINIMAL, "model": "fal-ai/ltx-2/image-to-video", "input_image_urls": ["https://a.example/b"]}
    first = api.post("/v1/generate", body)
    api.change_workspace(allowances={"video": 0})
    assert api.post("/v1/generate", body).body == first.body
    api.clock.advance(timedelta(days=364))
    assert api.post("/v1/generate", body).body == first.body


def test_a_refused_request_is_not_remembered() -> None:
    api = Client(credits=10)
    assert api.post("/v1/generate", MINIMAL).status == 402
    assert api.memory.idempotency_record == {}
    api.core.grant_credits_by_hand(api.workspace.id, 10)
    assert api.post("/v1/generate", MINIMAL).status == 200


def test_the_header_of_other_dialects_means_nothing_here(api: Client) -> None:
    headers = {"idempotency-key": "k"}
    first = api.generate("one").data["task_id"]
    replies = [api.post("/v1/generate", {**MINIMAL, "request_id": n}, headers=headers) for n in "ab"]
    assert len({first, *(reply.data["task_id"] for reply in replies)}) == 3


def test_live_and_test_mode_have_requests_of_their_own(api: Client) -> None:
    live, test = api.post("/v1/generate", MINIMAL), api.post("/v1/generate", MINIMAL, key="test")
    assert live.data["task_id"] != test.data["task_id"]


def test_a_key_without_the_scope_is_told_nothing(api: Client) -> None:
    api.post("/v1/generate", MINIMAL)
    reader = api.issue("reader", scopes=frozenset({Scope.READ}))
    assert api.post("/v1/generate", MINIMAL, key=reader).refusal == (403, "insufficient_scope")


@pytest.mark.parametrize("request_id", ["x", "é" * 128, "a b", "../#:"])
def test_any_printable_text_tells_a_request(api: Client, request_id: str) -> None:
    first = api.generate(request_id)
    assert api.generate(request_id).body == first.body
    assert len(api.memory.jobs) == 1


@pytest.mark.parametrize("request_id", ["", " ", "x" * 129, "a\nb", 7, ["x"], True])
def test_what_cannot_tell_a_request_is_refused(api: Client, request_id: object) -> None:
    before = api.untouched()
    reply = api.post("/v1/generate", {**MINIMAL, "request_id": request_id})
    assert reply.refusal == (400, "invalid_param")
    assert reply.data["param"] == "request_id"
    assert api.untouched() == before


@pytest.mark.parametrize("body", [{}, {"request_id": None}])
def test_a_request_without_one_is_refused(api: Client, body: dict[str, object]) -> None:
    reply = api.post("/v1/generate", {"model": "z-image", "prompt": "x", **body})
    assert (*reply.refusal, reply.data["param"]) == (400, "missing_param", "request_id")
