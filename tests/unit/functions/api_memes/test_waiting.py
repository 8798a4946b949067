"""``Prefer: wait=N``."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import FailureCode
from darkroom.ports.storage import Store
from tests.harness.api_client import BusyStore
from tests.harness.container import BASE_URL
from tests.unit.functions.api_memes.client import NOW, Client, ClientResponse

PROMPT = {"prompt": "a red kite"}


def only_job(api: Client) -> str:
    return next(iter(api.memory.jobs.values())).id


def test_a_generation_that_ends_in_time_is_answered_finished(api: Client) -> None:
    api.meanwhile.append(lambda: api.end(only_job(api)))
    reply = api.post("/images", {**PROMPT, "count": 2}, headers={"prefer": "respond-async, wait=10"})
    assert reply.status == 200
    assert reply.headers["Preference-Applied"] == "wait=10"
    assert reply.json["generation"]["status"] == "succeeded"
    assert len(reply.json["generation"]["output"]) == 2
    assert (reply.json["usage"]["credits_used"], reply.json["usage"]["credits_remaining"]) == (2, 478)
    assert api.wallet.remaining == 478


def test_one_that_does_not_is_answered_as_it_stands(api: Client) -> None:
    reply = api.post("/images", PROMPT, headers={"prefer": "wait=3"})
    assert (reply.status, reply.json["generation"]["status"]) == (202, "queued")
    assert (api.clock.now() - NOW).total_seconds() == 3


def test_nobody_waits_for_more_than_twenty_seconds(api: Client) -> None:
    reply = api.post("/memes", PROMPT, headers={"prefer": "wait=3600"})
    assert reply.headers["Preference-Applied"] == "wait=20"
    assert (api.clock.now() - NOW).total_seconds() == 20


def test_a_failure_names_the_generation_it_is_about(api: Client) -> None:
    api.meanwhile.append(lambda: api.end(only_job(api), FailureCode.CONTENT_BLOCKED))
    reply = api.post("/images", PROMPT, headers={"prefer": "wait=10"})
    assert reply.refusal == (422, "generation_error", "content_blocked")
    assert reply.headers["Location"] == f"{BASE_URL}/memes/v1/generations/{only_job(api)}"
    assert api.wallet.remaining == 480


def test_a_generation_canceled_meanwhile_is_no_failure(api: Client) -> None:
    api.meanwhile.append(lambda: api.post(f"/generations/{only_job(api)}/cancel"))
    reply = api.post("/images", PROMPT, headers={"prefer": "wait=10"})
    assert (reply.status, reply.json["generation"]["status"]) == (200, "canceled")


def test_an_accepted_request_is_not_refused_because_it_cannot_be_watched(api: Client) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("The store is busy.")

    api.core.jobs.get = fail  # type: ignore[method-assign,assignment]
    assert api.post("/images", PROMPT, headers={"prefer": "wait=1"}).status == 202


def test_the_kept_answer_is_the_one_that_was_given(api: Client) -> None:
    headers = {"prefer": "wait=10", "idempotency-key": "k"}
    api.meanwhile.append(lambda: api.end(only_job(api)))
    first = api.post("/images", PROMPT, headers=headers)
    again = api.post("/images", PROMPT, headers=headers)
    assert (again.status, again.body) == (200, first.body)
    assert len(api.memory.jobs) == 1


def test_a_request_that_failed_while_it_was_held_back_fails_again_and_is_not_made_again(api: Client) -> None:
    headers = {"prefer": "wait=10", "idempotency-key": "k"}
    api.meanwhile.append(lambda: api.end(only_job(api), FailureCode.CONTENT_BLOCKED))
    first = api.post("/images", PROMPT, headers=headers)
    again = api.post("/images", PROMPT, headers=headers)
    assert (again.status, again.body) == (422, first.body)
    assert len(api.memory.jobs) == 1


def test_a_repetition_that_comes_while_the_first_is_held_back_gets_the_answer_of_the_submit(
    api: Client,
) -> None:
    headers, during = {"prefer": "wait=10", "idempotency-key": "k"}, list[ClientResponse]()
    api.meanwhile.append(lambda: during.append(api.post("/images", PROMPT, headers=headers)))
    assert api.post("/images", PROMPT, headers=headers).status == 202
    assert [(one.status, one.json["generation"]["status"]) for one in during] == [(202, "queued")]
    assert len(api.memory.jobs) == 1


def test_an_answer_that_could_not_be_kept_is_given_all_the_same(api: Client) -> None:
    headers = {"prefer": "wait=10", "idempotency-key": "k"}

    def end_and_fail() -> None:
        api.end(only_job(api))
        api.core.keep_response = replace(api.core.keep_response, store=cast("Store", BusyStore()))

    api.meanwhile.append(end_and_fail)
    assert api.post("/images", PROMPT, headers=headers).status == 200
    assert api.post("/images", PROMPT, headers=headers).status == 202


def test_where_too_many_requests_of_the_workspace_wait_it_is_answered_at_once(api: Client) -> None:
    api.have_others_wait()
    reply = api.post("/images", PROMPT, headers={"prefer": "wait=10"})
    assert (reply.status, reply.json["generation"]["status"]) == (202, "queued")
    assert "Preference-Applied" not in reply.headers
    assert api.clock.now() == NOW


def test_who_has_waited_gives_its_place_to_the_next(api: Client) -> None:
    api.have_others_wait()
    api.clock.advance(31)  # of requests whose function died
    for _ in range(3):
        started = api.clock.now()
        assert api.post("/images", PROMPT, headers={"prefer": "wait=3"}).status == 202
        assert (api.clock.now() - started).total_seconds() == 3
