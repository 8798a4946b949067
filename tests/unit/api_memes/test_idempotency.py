"""Doing a thing once however often it is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.accounts import Scope
from tests.unit.api_memes.desk import Desk

KEY = {"idempotency-key": "3f1c9a52-0e9b-4b8d-9a1a-1f2e3d4c5b6a"}
PROMPT = {"prompt": "a red kite", "count": 2}


def test_a_repeated_request_gets_its_first_answer_and_costs_nothing(desk: Desk) -> None:
    first = desk.post("/memes", PROMPT, headers=KEY)
    before = desk.untouched()
    again = desk.post("/memes", raw='{ "count":2, "prompt":"a red kite" }', headers=KEY)
    assert (again.status, again.body) == (202, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert desk.untouched() == before


def test_another_body_is_a_conflict_even_if_it_is_invalid(desk: Desk) -> None:
    desk.post("/memes", PROMPT, headers=KEY)
    before = desk.untouched()
    for body in ({"prompt": "another"}, {"count": 9}, {}):
        assert desk.post("/memes", body, headers=KEY).refusal == (
            409,
            "conflict_error",
            "idempotency_conflict",
        )
    assert desk.post("/images", PROMPT, headers=KEY).status == 409
    assert desk.untouched() == before


def test_the_first_answer_holds_whatever_has_changed_since(desk: Desk) -> None:
    asset = desk.end(desk.create()).tasks[0].asset
    assert asset is not None
    body = {"reference_images": [{"type": "ref", "source": asset.id}], "quality": "premium"}
    first = desk.post("/images", body, headers=KEY)
    desk.memory.assets[desk.owner, asset.id] = asset.deleted(desk.clock.now())
    desk.change_workspace(plan="trial")
    assert desk.post("/images", body, headers=KEY).body == first.body
    assert desk.post("/images", body).status == 403


def test_after_a_day_the_key_is_new_again(desk: Desk) -> None:
    desk.post("/memes", PROMPT, headers=KEY)
    desk.clock.advance(timedelta(hours=24, seconds=1))
    reply = desk.post("/memes", {"prompt": "another"}, headers=KEY)
    assert reply.status == 202
    assert "Idempotent-Replayed" not in reply.headers


def test_a_refused_request_is_not_remembered(desk: Desk) -> None:
    assert desk.post("/memes", {"count": 2}, headers=KEY).status == 400
    assert desk.post("/memes", PROMPT, headers=KEY).status == 202


def test_live_and_test_mode_have_keys_of_their_own(desk: Desk) -> None:
    live = desk.post("/memes", PROMPT, headers=KEY)
    test = desk.post("/memes", PROMPT, headers=KEY, key="test")
    assert test.status == 202
    assert test.json["generation"]["id"] != live.json["generation"]["id"]


def test_a_key_without_the_scope_is_told_nothing(desk: Desk) -> None:
    desk.post("/memes", PROMPT, headers=KEY)
    reader = desk.issue("reader", scopes=frozenset({Scope.READ}))
    assert desk.post("/memes", PROMPT, headers=KEY, key=reader).status == 403


def test_two_at_once_are_one(desk: Desk) -> None:
    """The second was admitted before the first was written, and finds it when it writes."""
    first = desk.post("/memes", PROMPT, headers=KEY)
    desk.admit_as_of(remembered=None)
    second = desk.post("/memes", PROMPT, headers=KEY)
    assert second.body == first.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(desk.memory.jobs) == 1
    assert desk.post("/memes", {"prompt": "another"}, headers=KEY).status == 409


def test_canceling_twice_with_a_key_is_canceling_once(desk: Desk) -> None:
    job_id = desk.create()
    first = desk.post(f"/generations/{job_id}/cancel", headers=KEY)
    again = desk.post(f"/generations/{job_id}/cancel", headers=KEY)
    assert (again.status, again.body) == (200, first.body)
    assert desk.post(f"/generations/{job_id}/cancel").status == 409


@pytest.mark.parametrize("length", [1, 255])
def test_keys_of_the_shortest_and_longest_length_work(desk: Desk, length: int) -> None:
    headers = {"idempotency-key": "é" * length}
    first = desk.post("/memes", PROMPT, headers=headers)
    assert desk.post("/memes", PROMPT, headers=headers).body == first.body
    assert len(desk.memory.jobs) == 1
