"""Refining prompts: by a vendor's model where one is switched on, by rule otherwise, and never in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from darkroom.catalog_data import catalog, moondraft
from darkroom.domain.catalog import Queue, Units
from darkroom.domain.engine import Blocked, Broken, Down, EngineError, Finished, Order, Output, Pending
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs import FailureCode, JobStatus
from darkroom.ports import PageRequest
from darkroom.services.announce import Change, event_of
from tests.fakes.world import POLICY
from tests.unit.api_moondraft.desk import Desk, Reply

ROUGH = {"prompt": "sneakers on marble", "mode": "video"}
BY_MODEL = "White leather sneakers turn slowly on a slab of marble."


class Writer:
    """A vendor that writes, or fails in the ways it is told to, one by one."""

    resubmit_safe = False

    def __init__(self, name: str) -> None:
        self.name, self.orders, self.failures = name, list[Order](), list[EngineError]()

    def start(self, order: Order) -> Finished | Pending:
        self.orders.append(order)
        if self.failures:
            raise self.failures.pop(0)
        return Finished(Output(json.dumps({"prompt": BY_MODEL}).encode(), "application/json", ""))

    def poll(self, order: Order, handle: str) -> Finished | Pending:
        raise Broken("nothing to look up")

    def cancel(self, handle: str) -> None:
        raise AssertionError("nothing to cancel")


class RefiningDesk(Desk):
    """A desk on a stack with two vendors that write."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Writer("openai"), Writer("google")
        self.core.submit_job = replace(self.core.submit_job, engines=frozenset({"openai", "google"}))

    @property
    def worker(self) -> Any:
        return self.core.execute_task({one.name: one for one in (self.first, self.second)})

    def refine(self, **options: Any) -> Reply:
        return self.post("/prompt/refine", ROUGH, **options)


@pytest.fixture
def desk() -> Iterator[RefiningDesk]:
    at_work = RefiningDesk()
    yield at_work
    at_work.check_books()


def by_rule(reply: Reply) -> bool:
    return bool(reply.status == 200 and reply.json["refined_prompt"].startswith("sneakers on marble. "))


def test_a_vendors_model_rewrites_the_prompt_for_nothing(desk: RefiningDesk) -> None:
    before = desk.wallet
    reply = desk.refine()
    assert (reply.status, reply.json) == (200, {"refined_prompt": BY_MODEL})
    assert desk.wallet == before, "neither credits nor an allowance"
    asked = desk.first.orders[0]
    assert (asked.job.kind, asked.model, asked.job.queue) == ("refine", "gpt-6-luna", Queue.GENERATION)
    assert (asked.prompt, asked.job.spec.settings) == ("sneakers on marble", {"mode": "video"})


def test_the_next_vendor_is_asked_where_the_first_fails(desk: RefiningDesk) -> None:
    desk.first.failures = [Broken("no such text")]
    assert desk.refine().json == {"refined_prompt": BY_MODEL}
    assert len(desk.second.orders) == 1


def test_a_refused_prompt_is_told_so_and_not_shopped_around(desk: RefiningDesk) -> None:
    desk.first.failures = [Blocked("no", code="invalid_prompt")]
    reply = desk.refine()
    assert (reply.status, reply.error) == (410, "The content policy does not allow this request.")
    assert desk.second.orders == []


def test_vendors_that_all_fail_are_not_in_the_way(desk: RefiningDesk) -> None:
    desk.first.failures, desk.second.failures = [Broken("no")], [Broken("no")]
    assert by_rule(desk.refine())


def test_a_vendor_that_is_down_for_long_is_not_waited_for(desk: RefiningDesk) -> None:
    desk.first.failures = [Down("later", retry_after=600)]
    assert desk.refine().json == {"refined_prompt": BY_MODEL}
    assert len(desk.second.orders) == 1


def test_a_worker_that_takes_too_long_is_not_waited_for(desk: RefiningDesk) -> None:
    desk.working = False
    asked_at = desk.clock.now()
    assert by_rule(desk.refine())
    assert (desk.clock.now() - asked_at).total_seconds() < 20
    assert desk.last_job.failure is FailureCode.TIMED_OUT, "what comes later is dropped"


def test_test_keys_and_stacks_without_vendors_refine_by_rule_without_a_job(desk: RefiningDesk) -> None:
    assert by_rule(desk.refine(key=desk.issue("t", dialect="memes", livemode=False)))
    desk.core.submit_job = replace(desk.core.submit_job, engines=frozenset({"fal"}))
    vars(desk.core).pop("run_job", None)
    vars(desk.core).pop("refine_prompt", None)
    assert by_rule(desk.refine())
    assert desk.memory.jobs == {}


def test_a_text_is_in_no_list_no_event_is_of_it_and_nobody_can_cancel_it(desk: RefiningDesk) -> None:
    desk.refine()
    job = desk.last_job
    assert job.status is JobStatus.SUCCEEDED
    assert event_of(Change("1", replace(job, status=JobStatus.PROCESSING), job)) is None
    assert not desk.core.jobs.list(desk.owner, PageRequest()).items
    caller = desk.core.authenticate(desk.key, POLICY)
    with pytest.raises(NotFound):
        desk.core.cancel_job(caller, job.id)


def test_the_offer_is_free_on_purpose() -> None:
    offer, price = catalog().priced(moondraft.REFINE, Desk().clock.now(), Units())
    assert price == 0
    assert not offer.counted
    assert [route.engine for route in offer.routes] == ["openai", "google", "xai"]
