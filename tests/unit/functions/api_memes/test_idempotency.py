"""Doing a thing once however often it is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.accounts.api_keys import Scope
from tests.unit.functions.api_memes.client import Client

KEY = {"idempotency-key": "3f1c9a52-0e9b-4b8d-9a1a-1f2e3d4c5b6a"}
PROMPT = {"prompt": "a red kite", "count": 2}


def test_a_repeated_request_gets_its_first_answer_and_costs_nothing(api: Client) -> None:
    first = api.post("/memes", PROMPT, headers=KEY)
    before = api.untouched()
    again = api.post("/memes", raw='{ "count":2, "prompt":"a red kite" }', headers=KEY)
    assert (again.status, again.body) == (202, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert api.untouched() == before


def test_another_body_is_a_conflict_even_if_it_is_invalid(api: Client) -> None:
    api.post("/memes", PROMPT, headers=KEY)
    before = api.untouched()
    for body in ({"prompt": "another"}, {"count": 9}, {}):
        assert api.post("/memes", body, headers=KEY).refusal == (
            409,
            "conflict_error",
            "idempotency_conflict",
        )
    assert api.post("/images", PROMPT, headers=KEY).status == 409
    assert api.untouched() == before


def test_the_first_answer_holds_whatever_has_changed_since(api: Client) -> None:
    asset = api.end(api.create()).tasks[0].asset
    assert asset is not None
    body = {"reference_images": [{"type": "ref", "source": asset.id}], "quality": "premium"}
    first = api.post("/images", body, headers=KEY)
    api.memory.assets[api.owner, asset.id] = asset.deleted(api.clock.now())
    api.change_workspace(plan="trial")
    assert api.post("/images", body, headers=KEY).body == first.body
    assert api.post("/images", body).status == 403


def test_after_a_day_the_key_is_new_again(api: Client) -> None:
    api.post("/memes", PROMPT, headers=KEY)
    api.clock.advance(timedelta(hours=24, seconds=1))
    reply = api.post("/memes", {"prompt": "another"}, headers=KEY)
    assert reply.status == 202
    assert "Idempotent-Replayed" not in reply.headers


def test_a_refused_request_is_not_remembered(api: Client) -> None:
    assert api.post("/memes", {"count": 2}, headers=KEY).status == 400
    assert api.post("/memes", PROMPT, headers=KEY).status == 202


def test_live_and_test_mode_have_keys_of_their_own(api: Client) -> None:
    live = api.post("/memes", PROMPT, headers=KEY)
    test = api.post("/memes", PROMPT, headers=KEY, key="test")
    assert test.status == 202
    assert test.json["generation"]["id"] != live.json["generation"]["id"]


def test_a_key_without_the_scope_is_told_nothing(api: Client) -> None:
    api.post("/memes", PROMPT, headers=KEY)
    reader = api.issue("reader", scopes=frozenset({Scope.READ}))
    assert api.post("/memes", PROMPT, headers=KEY, key=reader).status == 403


def test_two_at_once_are_one(api: Client) -> None:
    """The second was admitted before the first was written, and finds it when it writes."""
    first = api.post("/memes", PROMPT, headers=KEY)
    api.admit_as_of(idempotency_record=None)
    second = api.post("/memes", PROMPT, headers=KEY)
    assert second.body == first.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(api.memory.jobs) == 1
    assert api.post("/memes", {"prompt": "another"}, headers=KEY).status == 409


def test_canceling_twice_with_a_key_is_canceling_once(api: Client) -> None:
    job_id = api.create()
    first = api.post(f"/generations/{job_id}/cancel", headers=KEY)
    again = api.post(f"/generations/{job_id}/cancel", headers=KEY)
    assert (again.status, again.body) == (200, first.body)
    assert api.post(f"/generations/{job_id}/cancel").status == 409


@pytest.mark.parametrize("length", [1, 255])
def test_keys_of_the_shortest_and_longest_length_work(api: Client, length: int) -> None:
    headers = {"idempotency-key": "é" * length}
    first = api.post("/memes", PROMPT, headers=headers)
    assert api.post("/memes", PROMPT, headers=headers).body == first.body
    assert len(api.memory.jobs) == 1
