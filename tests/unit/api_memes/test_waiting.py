"""``Prefer: wait=N``."""

from __future__ import annotations

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import FailureCode
from tests.unit.api_memes.desk import NOW, Desk

PROMPT = {"prompt": "a red kite"}


def only_job(desk: Desk) -> str:
    return next(iter(desk.memory.jobs.values())).id


def test_a_generation_that_ends_in_time_is_answered_finished(desk: Desk) -> None:
    desk.meanwhile.append(lambda: desk.end(only_job(desk)))
    reply = desk.post("/images", {**PROMPT, "count": 2}, headers={"prefer": "respond-async, wait=10"})
    assert reply.status == 200
    assert reply.headers["Preference-Applied"] == "wait=10"
    assert reply.json["generation"]["status"] == "succeeded"
    assert len(reply.json["generation"]["output"]) == 2
    assert (reply.json["usage"]["credits_used"], reply.json["usage"]["credits_remaining"]) == (2, 478)
    assert desk.wallet.remaining == 478


def test_one_that_does_not_is_answered_as_it_stands(desk: Desk) -> None:
    reply = desk.post("/images", PROMPT, headers={"prefer": "wait=3"})
    assert (reply.status, reply.json["generation"]["status"]) == (202, "queued")
    assert (desk.clock.now() - NOW).total_seconds() == 3


def test_nobody_waits_for_more_than_twenty_seconds(desk: Desk) -> None:
    reply = desk.post("/memes", PROMPT, headers={"prefer": "wait=3600"})
    assert reply.headers["Preference-Applied"] == "wait=20"
    assert (desk.clock.now() - NOW).total_seconds() == 20


def test_a_failure_names_the_generation_it_is_about(desk: Desk) -> None:
    desk.meanwhile.append(lambda: desk.end(only_job(desk), FailureCode.CONTENT_BLOCKED))
    reply = desk.post("/images", PROMPT, headers={"prefer": "wait=10"})
    assert reply.refusal == (422, "generation_error", "content_blocked")
    assert reply.headers["Location"] == f"/memes/v1/generations/{only_job(desk)}"
    assert desk.wallet.remaining == 480


def test_a_generation_canceled_meanwhile_is_no_failure(desk: Desk) -> None:
    desk.meanwhile.append(lambda: desk.post(f"/generations/{only_job(desk)}/cancel"))
    reply = desk.post("/images", PROMPT, headers={"prefer": "wait=10"})
    assert (reply.status, reply.json["generation"]["status"]) == (200, "canceled")


def test_an_accepted_request_is_not_refused_because_it_cannot_be_watched(desk: Desk) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("The store is busy.")

    desk.core.jobs.get = fail  # type: ignore[method-assign,assignment]
    assert desk.post("/images", PROMPT, headers={"prefer": "wait=1"}).status == 202


def test_the_kept_answer_is_the_one_at_submit(desk: Desk) -> None:
    headers = {"prefer": "wait=10", "idempotency-key": "k"}
    desk.meanwhile.append(lambda: desk.end(only_job(desk)))
    assert desk.post("/images", PROMPT, headers=headers).status == 200
    again = desk.post("/images", PROMPT, headers=headers)
    assert (again.status, again.json["generation"]["status"]) == (202, "queued")
    assert len(desk.memory.jobs) == 1
