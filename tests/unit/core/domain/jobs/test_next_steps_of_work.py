"""What follows a start, a poll and an output: collected, waited for, started again, or the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.engine import Finished, Output, Pending
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    FileGone,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    RouteUnusable,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import NO_FACTS, VendorFacts
from darkroom.domain.jobs.job import FailureCode, Task
from darkroom.domain.jobs.next_steps import (
    TROUBLE_LOOK_UP,
    UNKNOWN_LOOK_UP,
    Collect,
    End,
    Park,
    StartAfterLease,
    StartAgain,
    UnusableInput,
    after_collecting,
    after_error,
    after_poll,
    after_start,
    current_facts,
    poll_failure,
)
from darkroom.domain.vendors.vendor_limits import VendorLimitReached
from tests.contract.examples import NOW, job

VENDOR = Route("fal", Queue.VENDORS, "flux")
JOB = replace(job(), routes=(VENDOR, Route("kie", Queue.VENDORS)), deadline_at=NOW + timedelta(hours=1))
TASK = Task(0, "t-1", attempts=1, facts=VendorFacts(started_at=NOW.timestamp() - 2))
PENDING = Pending("h-1", NOW + timedelta(seconds=9), VendorFacts(request_id="r-1"))
FINISHED = Finished(Output(b"kite", "image/png", "1:1"), VendorFacts(figures={"units": 3}))


def test_an_output_is_collected_and_work_that_goes_on_is_parked() -> None:
    collect = after_start(JOB, TASK, FINISHED, NOW)
    assert isinstance(collect, Collect)
    assert collect.finished is FINISHED
    assert collect.task.vendor_facts.figures == {"units": 3}
    park = after_start(JOB, TASK, PENDING, NOW)
    assert isinstance(park, Park)
    assert (park.handle, park.poll_at, park.new) == ("h-1", PENDING.poll_at, True)
    assert park.task.vendor_facts.request_id == "r-1"


def test_an_input_that_cannot_be_used_ends_the_task() -> None:
    told = replace(TASK, reason="image_id could not be fetched.")
    end = after_start(JOB, TASK, UnusableInput("image_id could not be fetched."), NOW)
    assert end == End(told, FailureCode.INPUT_REJECTED)


def test_a_lost_answer_is_looked_up_by_whatever_name_there_is_and_else_waits_for_the_lease() -> None:
    looked_up = after_start(JOB, TASK, OutcomeUnknown("lost", handle="h-2"), NOW)
    assert looked_up == Park(TASK, "h-2", NOW + UNKNOWN_LOOK_UP)
    named = replace(TASK, handle="h-1")
    assert after_start(JOB, named, OutcomeUnknown("lost"), NOW) == Park(named, "h-1", NOW + UNKNOWN_LOOK_UP)
    assert after_start(JOB, TASK, OutcomeUnknown("lost"), NOW) == StartAfterLease(TASK)


def test_work_is_waited_for_while_its_vendor_is_busy_or_refuses_our_key() -> None:
    busy = after_poll(JOB, TASK, "h-1", RateLimitedByVendor("busy", retry_after=7), NOW)
    assert busy == Park(TASK, "h-1", NOW + timedelta(seconds=7))
    trouble = after_poll(JOB, TASK, "h-1", AccountTrouble("no credit"), NOW)
    assert trouble == Park(TASK, "h-1", NOW + TROUBLE_LOOK_UP)


@pytest.mark.parametrize(
    ("error", "failure"),
    [(Blocked("no"), FailureCode.CONTENT_BLOCKED), (Rejected("no"), FailureCode.INPUT_REJECTED)],
)
def test_a_refusal_is_the_end_whenever_it_comes(error: EngineError, failure: FailureCode) -> None:
    for step in (after_start(JOB, TASK, error, NOW), after_poll(JOB, TASK, "h-1", error, NOW)):
        assert isinstance(step, End)
        assert step.failure is failure


def test_work_that_failed_goes_to_the_next_route() -> None:
    step = after_poll(JOB, TASK, "h-1", RouteFailed("no"), NOW)
    assert isinstance(step, StartAgain)
    assert (step.again.task.route, step.keeps_slot) == (1, False)


def test_only_who_waits_for_his_turn_keeps_his_slot() -> None:
    waiting = after_error(JOB, TASK, VendorLimitReached("full"), NOW)
    assert isinstance(waiting, StartAgain)
    assert waiting.keeps_slot
    assert waiting.again.task.vendor_facts.error is None
    failed = after_error(JOB, TASK, VendorUnavailable("down", code="503", request_id="r-9"), NOW)
    assert isinstance(failed, StartAgain)
    assert not failed.keeps_slot
    facts = failed.again.task.vendor_facts
    assert (facts.error, facts.error_code, facts.error_request_id) == ("VendorUnavailable", "503", "r-9")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ModelRetired("gone", code="404"), RouteFailed),
        (RouteUnusable("no such route", code="x"), RouteFailed),
        (AccountTrouble("no key"), AccountTrouble),
        (VendorUnavailable("down"), VendorUnavailable),
    ],
)
def test_a_route_that_no_longer_serves_has_lost_the_work_it_had(
    error: EngineError, kind: type[EngineError]
) -> None:
    counted = poll_failure(error)
    assert type(counted) is kind
    assert counted.code == error.code


def test_a_file_that_did_not_come_is_fetched_later_if_anything_leads_to_it() -> None:
    named, down = replace(TASK, handle="h-1"), VendorUnavailable("down", retry_after=3)
    assert after_collecting(JOB, named, down, NOW) == Park(named, "h-1", NOW + timedelta(seconds=3))
    assert isinstance(after_collecting(JOB, TASK, down, NOW), StartAgain)
    assert isinstance(after_collecting(JOB, named, FileGone("404"), NOW), StartAgain)
    assert isinstance(after_collecting(JOB, named, RouteFailed("too large"), NOW), StartAgain)


def test_the_facts_say_where_a_task_is_and_for_how_long_it_has_been_there() -> None:
    facts = current_facts(JOB, TASK, NOW)
    assert (facts.vendor, facts.model, facts.route, facts.starts, facts.latency_ms) == (
        "fal",
        "flux",
        0,
        1,
        2000,
    )
    assert current_facts(JOB, replace(TASK, facts=NO_FACTS), NOW).latency_ms is None


def test_nothing_is_noted_of_the_sandbox() -> None:
    sandbox = replace(JOB, routes=(Route("sandbox", Queue.SANDBOX),))
    assert current_facts(sandbox, replace(TASK, facts=NO_FACTS), NOW) == NO_FACTS
