"""Work that takes longer than a call: polled, canceled, never started twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.job import FailureCode, JobStatus, TaskState
from tests.harness.vendors import VendorHarness


def test_the_handle_is_noted_and_asked_for_when_it_is_time() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(30)
    harness.vendors["a"].results.extend([30, 60])
    job = harness.made()
    harness.step()
    task = harness.task(job)
    assert (task.state, task.handle, task.vendor_facts.request_id) == (
        TaskState.WAITING,
        f"a:{task.id}",
        "r-1",
    )
    assert harness.only_message()[1] == 30
    harness.finish(job)
    assert len(harness.vendors["a"].polls) == 3


@pytest.mark.parametrize(
    "trouble",
    [VendorUnavailable("no"), RateLimitedByVendor("no"), AccountTrouble("no"), OutcomeUnknown("no")],
)
def test_not_hearing_of_started_work_is_no_reason_to_start_it_again(trouble: EngineError) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(10)
    harness.vendors["a"].results.extend([trouble, trouble, trouble])
    harness.finish(harness.made())
    assert harness.starts() == [1, 0, 0]


@pytest.mark.parametrize("error", [RouteFailed("no"), ModelRetired("gone")])
def test_work_that_came_to_nothing_goes_to_the_next_route(error: EngineError) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(10)
    harness.vendors["a"].results.append(error)
    assert harness.finish(harness.made()).status is JobStatus.SUCCEEDED
    assert harness.starts() == [1, 1, 0]


def test_work_that_is_refused_in_the_end_is_refused() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(10)
    harness.vendors["a"].results.append(Blocked("no"))
    assert harness.finish(harness.made()).failure is FailureCode.CONTENT_BLOCKED
    assert harness.starts() == [1, 0, 0]


def test_a_vendor_is_told_to_stop_when_the_deadline_passes() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(10_000)
    job = harness.made()
    harness.step()
    harness.queues.tasks.clear()
    harness.clock.set(job.deadline_at + timedelta(hours=4))
    harness.sweep()
    harness.work()
    assert harness.vendors["a"].canceled == [f"a:{job.tasks[0].id}"]
    assert harness.job(job.id).failure is FailureCode.TIMED_OUT
    harness.check_slots()


def test_work_that_was_started_for_a_job_that_had_just_ended_is_stopped() -> None:
    harness = VendorHarness()
    vendor = harness.vendors["a"]
    vendor.then(60)
    job, start = harness.made(), vendor.start

    def cancel_meanwhile(order: TaskRequest) -> object:
        harness.cancel_job(harness.caller(), job.id)
        return start(order)

    vendor.start = cancel_meanwhile  # type: ignore[assignment,method-assign]
    harness.step()
    assert vendor.canceled == [f"a:{job.tasks[0].id}"]
    harness.check_books()


def test_a_poll_that_was_lost_is_made_up_for() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(30)
    job = harness.made()
    harness.step()
    harness.queues.tasks.clear()
    harness.clock.advance(timedelta(minutes=3))
    harness.sweep()
    assert harness.finish(job).status is JobStatus.SUCCEEDED
