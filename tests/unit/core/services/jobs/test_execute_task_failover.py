"""What a worker does when a vendor fails: the same route again, the next one, or the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.job import FailureCode, JobStatus
from tests.harness.core import LEASE
from tests.harness.vendors import VendorHarness


@pytest.mark.parametrize(
    ("outcomes", "starts"),
    [
        ([VendorUnavailable("no")], [2, 0, 0]),
        ([VendorUnavailable("no"), VendorUnavailable("no")], [2, 1, 0]),
        ([RouteFailed("no")], [1, 1, 0]),
        ([AccountTrouble("no")], [1, 1, 0]),
        ([ModelRetired("no")], [1, 1, 0]),
        ([RateLimitedByVendor("no")] * 4, [5, 0, 0]),
        ([RateLimitedByVendor("no")] * 5, [5, 1, 0]),
        ([OutcomeUnknown("lost")], [2, 0, 0]),
        ([OutcomeUnknown("lost", handle="h")], [1, 0, 0]),
    ],
)
def test_each_failure_is_followed_by_what_it_calls_for(
    outcomes: list[EngineError], starts: list[int]
) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(*outcomes)
    job = harness.finish(harness.made())
    assert (job.status, job.charged, harness.starts()) == (JobStatus.SUCCEEDED, 1, starts)


@pytest.mark.parametrize(
    ("error", "failure"),
    [(Blocked("no"), FailureCode.CONTENT_BLOCKED), (Rejected("no"), FailureCode.INPUT_REJECTED)],
)
def test_a_refusal_is_not_taken_elsewhere(error: EngineError, failure: FailureCode) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(error)
    job = harness.finish(harness.made(count=3))
    assert harness.starts()[1:] == [0, 0]
    assert harness.task(job).failure is failure
    assert harness.starts()[0] == (1 if isinstance(error, Blocked) else 3)


def test_who_runs_out_of_routes_fails_and_is_refunded() -> None:
    harness = VendorHarness("a", "b")
    for vendor in harness.vendors.values():
        vendor.then(*[VendorUnavailable("no")] * 9)
    job = harness.finish(harness.made())
    assert (job.status, harness.wallet.spent, harness.wallet.held) == (JobStatus.FAILED, 0, 0)
    assert harness.starts() == [2, 2]


def test_four_starts_are_the_end_however_many_routes_there_are() -> None:
    harness = VendorHarness("a", "b", "c", "d")
    for vendor in harness.vendors.values():
        vendor.then(*[VendorUnavailable("no")] * 9)
    assert harness.finish(harness.made()).status is JobStatus.FAILED
    assert harness.starts() == [2, 2, 0, 0]


def test_two_unknown_outcomes_are_the_end_and_nobody_else_is_asked() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(*[OutcomeUnknown("lost")] * 9)
    assert harness.finish(harness.made()).status is JobStatus.FAILED
    assert harness.starts() == [2, 0, 0]


@pytest.mark.parametrize("then", [RouteFailed("no"), ModelRetired("no"), VendorUnavailable("no")])
def test_what_may_be_running_is_not_made_a_second_time_elsewhere(then: EngineError) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(OutcomeUnknown("lost"), then, then)
    assert harness.finish(harness.made()).status is JobStatus.FAILED
    assert harness.starts()[1:] == [0, 0]


def test_a_lost_answer_waits_for_the_lease_and_keeps_its_slot() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(OutcomeUnknown("lost"))
    job = harness.made()
    harness.step()
    _, delay = harness.only_message()
    assert delay == LEASE.total_seconds() + 1
    assert set(harness.memory.vendor_limits["a"].slots) == {harness.task(job).id}
    harness.finish(job)


def test_a_time_that_was_named_is_kept_to_the_second() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(RateLimitedByVendor("no", retry_after=100))
    job = harness.made()
    harness.step()
    message, delay = harness.only_message()
    assert 100 <= delay <= 120
    harness.clock.advance(90)
    harness.execute_task(message)
    assert harness.starts() == [1, 0, 0]
    harness.clock.advance(30)
    harness.execute_task(message)
    assert harness.starts() == [2, 0, 0]
    assert harness.job(job.id).terminal


def test_a_time_after_the_deadline_is_not_waited_for_where_there_is_another_route() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(RateLimitedByVendor("no", retry_after=900))
    job = harness.finish(harness.made())
    assert (job.status, harness.starts()) == (JobStatus.SUCCEEDED, [1, 1, 0])


def test_a_single_busy_route_is_waited_for_until_the_deadline_and_refunded_then() -> None:
    harness = VendorHarness("a")
    harness.vendors["a"].then(*[RateLimitedByVendor("no", retry_after=60)] * 99)
    job = harness.made()
    while harness.clock.now() < job.deadline_at:
        harness.step()
    harness.clock.advance(timedelta(minutes=3))
    harness.sweep()
    done = harness.job(job.id)
    assert (done.status, done.failure) == (JobStatus.FAILED, FailureCode.TIMED_OUT)
    harness.check_books()
    harness.check_slots()


def test_a_vendor_that_was_switched_off_meanwhile_is_no_route() -> None:
    harness = VendorHarness()
    job = harness.made()
    harness.engines = {"c": harness.vendors["c"]}
    assert harness.finish(job).status is JobStatus.SUCCEEDED
    assert harness.starts() == [0, 0, 1]
