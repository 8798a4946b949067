"""The same ``request_id`` never charges twice."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from darkroom.domain.accounts import Scope
from darkroom.wiring import override
from tests.unit.api_agent.desk import MINIMAL, Desk, Reply


def test_a_repeated_request_gets_its_first_answer_and_costs_nothing(desk: Desk) -> None:
    first = desk.post("/v1/generate", MINIMAL)
    desk.work()
    before = desk.untouched()
    again = desk.post(
        "/v1/generate", raw='{"request_id":"6f1c", "prompt":"a red kite","model":"nano-banana-pro"}'
    )
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert desk.untouched() == before


def test_the_record_comes_with_the_one_read_of_admission(desk: Desk) -> None:
    desk.post("/v1/generate", MINIMAL)
    assert desk.calls.made == ["accounts.admit", "store.commit", "queues.send_tasks"]
    desk.calls.made.clear()
    desk.post("/v1/generate", MINIMAL)
    assert desk.calls.made == ["accounts.admit", "store.commit"]


@pytest.mark.parametrize("other", [{"prompt": "another"}, {"units": {"count": 3}}, {"model": 7}])
def test_another_body_is_a_conflict_even_if_it_is_invalid(desk: Desk, other: dict[str, object]) -> None:
    desk.post("/v1/generate", MINIMAL)
    before = desk.untouched()
    reply = desk.post("/v1/generate", {**MINIMAL, **other})
    assert reply.refusal == (409, "request_id_conflict")
    assert reply.data["param"] == "request_id"
    assert desk.untouched() == before


def test_two_admitted_before_either_was_written_are_one(desk: Desk) -> None:
    first = desk.post("/v1/generate", MINIMAL)
    desk.admit_as_of(remembered=None)
    second = desk.post("/v1/generate", MINIMAL)
    assert second.body == first.body
    assert len(desk.memory.jobs) == 1
    assert desk.post("/v1/generate", {**MINIMAL, "prompt": "another"}).refusal[0] == 409


@pytest.mark.parametrize("credits", [20, 480])
def test_many_at_once_are_charged_once(credits: int) -> None:
    """Also where the credits are only enough for one: the others get its answer, not a refusal."""
    desk = Desk(credits=credits)
    desk.admit_as_of(remembered=None)
    together, replies = threading.Barrier(8), list[Reply]()

    def send() -> None:
        together.wait()
        replies.append(desk.post("/v1/generate", MINIMAL))

    senders = [threading.Thread(target=send) for _ in range(8)]
    with override(desk.core):  # whoever is done first must not put it away under the others
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert [reply.status for reply in replies] == [200] * 8
    assert len({reply.body for reply in replies}) == 1
    assert len(desk.memory.jobs) == 1
    desk.work()
    assert (desk.wallet.spent, desk.wallet.held) == (20, 0)


def test_the_first_answer_holds_whatever_has_changed_since(desk: Desk) -> None:
    body = {**MINIMAL, "model": "fal-ai/ltx-2/image-to-video", "input_image_urls": ["https://a.example/b"]}
    first = desk.post("/v1/generate", body)
    desk.change_workspace(allowances={"video": 0})
    assert desk.post("/v1/generate", body).body == first.body
    desk.clock.advance(timedelta(days=364))
    assert desk.post("/v1/generate", body).body == first.body


def test_a_refused_request_is_not_remembered() -> None:
    desk = Desk(credits=10)
    assert desk.post("/v1/generate", MINIMAL).status == 402
    assert desk.memory.remembered == {}
    desk.core.grant_more(desk.workspace.id, 10)
    assert desk.post("/v1/generate", MINIMAL).status == 200


def test_the_header_of_other_dialects_means_nothing_here(desk: Desk) -> None:
    headers = {"idempotency-key": "k"}
    first = desk.generate("one").data["task_id"]
    replies = [desk.post("/v1/generate", {**MINIMAL, "request_id": n}, headers=headers) for n in "ab"]
    assert len({first, *(reply.data["task_id"] for reply in replies)}) == 3


def test_live_and_test_mode_have_requests_of_their_own(desk: Desk) -> None:
    live, test = desk.post("/v1/generate", MINIMAL), desk.post("/v1/generate", MINIMAL, key="test")
    assert live.data["task_id"] != test.data["task_id"]


def test_a_key_without_the_scope_is_told_nothing(desk: Desk) -> None:
    desk.post("/v1/generate", MINIMAL)
    reader = desk.issue("reader", scopes=frozenset({Scope.READ}))
    assert desk.post("/v1/generate", MINIMAL, key=reader).refusal == (403, "insufficient_scope")


@pytest.mark.parametrize("request_id", ["x", "é" * 128, "a b", "../#:"])
def test_any_printable_text_tells_a_request(desk: Desk, request_id: str) -> None:
    first = desk.generate(request_id)
    assert desk.generate(request_id).body == first.body
    assert len(desk.memory.jobs) == 1


@pytest.mark.parametrize("request_id", ["", " ", "x" * 129, "a\nb", 7, ["x"], True])
def test_what_cannot_tell_a_request_is_refused(desk: Desk, request_id: object) -> None:
    before = desk.untouched()
    reply = desk.post("/v1/generate", {**MINIMAL, "request_id": request_id})
    assert reply.refusal == (400, "invalid_param")
    assert reply.data["param"] == "request_id"
    assert desk.untouched() == before


@pytest.mark.parametrize("body", [{}, {"request_id": None}])
def test_a_request_without_one_is_refused(desk: Desk, body: dict[str, object]) -> None:
    reply = desk.post("/v1/generate", {"model": "z-image", "prompt": "x", **body})
    assert (*reply.refusal, reply.data["param"]) == (400, "missing_param", "request_id")
