"""Refining prompts: by a vendor's model where one is switched on, by rule otherwise, and never in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from darkroom.catalog_data import catalog, moondraft
from darkroom.domain.catalog.offers import Units
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, EngineError, RouteFailed, VendorUnavailable
from darkroom.domain.jobs.job import FailureCode, JobStatus
from darkroom.domain.paging import PageRequest
from darkroom.domain.serialization import to_document
from darkroom.services.webhooks.announce import Change, event_of
from tests.harness.core import POLICY
from tests.unit.functions.api_moondraft.client import Client, ClientResponse

ROUGH = {"prompt": "sneakers on marble", "mode": "video"}
BY_MODEL = "White leather sneakers turn slowly on a slab of marble."


class Writer:
    """A vendor that writes, or fails in the ways it is told to, one by one."""

    resubmit_safe = False

    def __init__(self, name: str) -> None:
        self.name, self.requests, self.failures = name, list[TaskRequest](), list[EngineError]()

    def start(self, order: TaskRequest) -> Finished | Pending:
        self.requests.append(order)
        if self.failures:
            raise self.failures.pop(0)
        return Finished(Output(json.dumps({"prompt": BY_MODEL}).encode(), "application/json", ""))

    def poll(self, order: TaskRequest, handle: str) -> Finished | Pending:
        raise RouteFailed("nothing to look up")

    def cancel(self, handle: str) -> None:
        raise AssertionError("nothing to cancel")


class RefiningClient(Client):
    """A client of a stack with two vendors that write."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Writer("openai"), Writer("google")
        self.core.submit_job = replace(self.core.submit_job, engines=frozenset({"openai", "google"}))

    @property
    def worker(self) -> Any:
        return self.core.execute_task({one.name: one for one in (self.first, self.second)})

    def refine(self, **options: Any) -> ClientResponse:
        return self.post("/prompt/refine", ROUGH, **options)


@pytest.fixture
def api() -> Iterator[RefiningClient]:
    at_work = RefiningClient()
    yield at_work
    at_work.check_books()


def by_rule(reply: ClientResponse) -> bool:
    return bool(reply.status == 200 and reply.json["refined_prompt"].startswith("sneakers on marble. "))


def test_a_vendors_model_rewrites_the_prompt_for_nothing(api: RefiningClient) -> None:
    before = api.wallet
    reply = api.refine()
    assert (reply.status, reply.json) == (200, {"refined_prompt": BY_MODEL})
    assert api.wallet == before, "neither credits nor an allowance"
    asked = api.first.requests[0]
    assert (asked.job.kind, asked.model, asked.job.queue) == ("refine", "gpt-6-luna", Queue.VENDORS)
    assert (asked.prompt, to_document(asked.job.spec)["settings"]) == (
        "sneakers on marble",
        {"mode": "video"},
    )


def test_the_next_vendor_is_asked_where_the_first_fails(api: RefiningClient) -> None:
    api.first.failures = [RouteFailed("no such text")]
    assert api.refine().json == {"refined_prompt": BY_MODEL}
    assert len(api.second.requests) == 1


def test_a_refused_prompt_is_told_so_and_not_shopped_around(api: RefiningClient) -> None:
    api.first.failures = [Blocked("no", code="invalid_prompt")]
    reply = api.refine()
    assert (reply.status, reply.error) == (410, "The content policy does not allow this request.")
    assert api.second.requests == []


def test_vendors_that_all_fail_are_not_in_the_way(api: RefiningClient) -> None:
    api.first.failures, api.second.failures = [RouteFailed("no")], [RouteFailed("no")]
    assert by_rule(api.refine())


def test_a_vendor_that_is_down_for_long_is_not_waited_for(api: RefiningClient) -> None:
    api.first.failures = [VendorUnavailable("later", retry_after=600)]
    assert api.refine().json == {"refined_prompt": BY_MODEL}
    assert len(api.second.requests) == 1


def test_a_worker_that_takes_too_long_is_not_waited_for(api: RefiningClient) -> None:
    api.working = False
    asked_at = api.clock.now()
    assert by_rule(api.refine())
    assert (api.clock.now() - asked_at).total_seconds() < 20
    assert api.last_job.failure is FailureCode.TIMED_OUT, "what comes later is dropped"


def test_test_keys_and_stacks_without_vendors_refine_by_rule_without_a_job(api: RefiningClient) -> None:
    assert by_rule(api.refine(key=api.issue("t", dialect="memes", livemode=False)))
    api.core.submit_job = replace(api.core.submit_job, engines=frozenset({"fal"}))
    vars(api.core).pop("run_job", None)
    vars(api.core).pop("refine_prompt", None)
    assert by_rule(api.refine())
    assert api.memory.jobs == {}


def test_a_text_is_in_no_list_no_event_is_of_it_and_nobody_can_cancel_it(api: RefiningClient) -> None:
    api.refine()
    job = api.last_job
    assert job.status is JobStatus.SUCCEEDED
    assert event_of(Change("1", replace(job, status=JobStatus.PROCESSING), job)) is None
    assert not api.core.jobs.list(api.owner, PageRequest()).items
    caller = api.core.authenticate(api.key, POLICY)
    with pytest.raises(NotFound):
        api.core.cancel_job(caller, job.id)


def test_the_offer_is_free_on_purpose() -> None:
    offer, price = catalog().priced(moondraft.REFINE, Client().clock.now(), Units())
    assert price == 0
    assert not offer.counted
    assert [route.engine for route in offer.routes] == ["openai", "google", "xai"]
