"""Callbacks, and work that one names whose handle was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.engine_failures import (
    EngineError,
    OutcomeUnknown,
    RateLimitedByVendor,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, TaskState
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.vendors.callbacks import CallbackTarget
from darkroom.services.vendors.handle_callback import CallbackResult
from tests.harness.vendors import VendorHarness


def waiting() -> tuple[VendorHarness, Job, CallbackTarget]:
    harness = VendorHarness()
    harness.vendors["a"].then(100)
    job = harness.made()
    harness.step()
    return harness, job, CallbackTarget(harness.owner, job.id, 0)


def test_one_makes_the_poll_due_and_the_vendor_is_asked() -> None:
    harness, job, target = waiting()
    assert harness.handle_callback("a", target, job.tasks[0].id) is CallbackResult.EXPEDITED
    harness.queues.tasks.reverse()
    assert harness.queues.tasks[0].delay_seconds == 0
    harness.step()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED
    assert harness.vendors["a"].polls == [f"a:{job.tasks[0].id}"]


def test_many_do_no_harm() -> None:
    harness, job, target = waiting()
    for _ in range(4):
        harness.handle_callback("a", target, job.tasks[0].id)
    assert harness.finish(job).charged == 1
    assert harness.handle_callback("a", target, job.tasks[0].id) is CallbackResult.LATE
    assert not harness.queues.tasks


def test_one_about_other_work_is_not_heard() -> None:
    harness, job, target = waiting()
    assert harness.handle_callback("a", target, "another") is CallbackResult.UNKNOWN
    assert harness.handle_callback("b", target, job.tasks[0].id) is CallbackResult.LATE
    elsewhere = CallbackTarget(harness.owner, "01950000-0000-7000-8000-00000000ffff", 0)
    assert harness.handle_callback("a", elsewhere, job.tasks[0].id) is CallbackResult.UNKNOWN
    assert (
        harness.handle_callback("a", CallbackTarget(harness.owner, job.id, 7), "x") is CallbackResult.UNKNOWN
    )
    assert len(harness.queues.tasks) == 1


def test_one_that_comes_before_the_handle_was_noted_is_not_forgotten() -> None:
    harness = VendorHarness()
    vendor = harness.vendors["a"]
    vendor.then(100)
    job, start = harness.made(), vendor.start
    target = CallbackTarget(harness.owner, job.id, 0)
    heard: list[CallbackResult] = []

    def call_back_at_once(order: TaskRequest) -> object:
        outcome = start(order)
        heard.append(harness.handle_callback("a", target, order.reference))
        return outcome

    vendor.start = call_back_at_once  # type: ignore[assignment,method-assign]
    harness.step()
    assert heard == [CallbackResult.EARLY]
    early = harness.queues.tasks.pop(0)
    assert (early.message.step, early.delay_seconds) == (TaskStep.EXPEDITE, 5)
    harness.clock.advance(5)
    harness.execute_task(early.message)
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_one_about_nothing_any_more_is_dropped() -> None:
    harness = VendorHarness()
    job = harness.finish(harness.made())
    harness.execute_task(TaskMessage(harness.owner, job.id, 0, TaskStep.EXPEDITE))
    harness.execute_task(
        TaskMessage(harness.owner, "01950000-0000-7000-8000-00000000ffff", 0, TaskStep.EXPEDITE)
    )
    assert not harness.queues.tasks


# The response to a start was lost, and the vendor calls back about the work all the same.


def lost(*outcomes: EngineError) -> tuple[VendorHarness, Job, CallbackTarget]:
    harness = VendorHarness()
    harness.vendors["a"].then(*(outcomes or (OutcomeUnknown("the line was cut"),)))
    job = harness.made()
    harness.step()
    return harness, job, CallbackTarget(harness.owner, job.id, 0)


def test_it_is_taken_for_the_tasks_and_nothing_is_started_again() -> None:
    harness, job, target = lost()
    assert harness.handle_callback("a", target, "work-1") is CallbackResult.EARLY
    harness.queues.tasks.reverse()  # it is due in seconds, the next start when the lease is over
    done = harness.finish(job)
    assert (done.status, done.charged) == (JobStatus.SUCCEEDED, 1)
    assert harness.starts() == [1, 0, 0]
    assert harness.vendors["a"].polls == ["work-1"]
    assert harness.wallet.spent == 1
    assert harness.meter.counted["VendorWorkFound"] == 1


def test_however_often_it_is_called_about() -> None:
    harness, job, target = lost()
    for _ in range(3):
        harness.handle_callback("a", target, "work-1")
    harness.queues.tasks.reverse()
    assert harness.finish(job).charged == 1
    assert harness.starts() == [1, 0, 0]
    assert harness.meter.counted["VendorWorkFound"] == 1


def test_also_after_a_failure_that_was_none() -> None:
    harness, job, target = lost(VendorUnavailable("a gateway gave up", retry_after=60))
    harness.handle_callback("a", target, "work-1")
    harness.queues.tasks.reverse()
    assert harness.finish(job).charged == 1
    assert harness.starts() == [1, 0, 0]


def test_not_by_a_task_that_went_elsewhere_before_the_message_came() -> None:
    harness, job, target = lost(VendorUnavailable("no"))
    harness.handle_callback("a", target, "work-1")
    harness.vendors["a"].then(VendorUnavailable("no"))
    called = harness.queues.tasks.pop()
    harness.step()
    assert harness.job(job.id).route_of(harness.task(job)).engine == "b"
    harness.execute_task(called.message)
    assert harness.task(job).handle is None
    assert harness.finish(job).charged == 1
    assert harness.vendors["b"].polls == []


def test_not_by_one_that_was_never_started_there() -> None:
    harness, job, target = lost(RateLimitedByVendor("no", retry_after=60))
    harness.handle_callback("a", target, "work-1")
    harness.execute_task(harness.queues.tasks.pop().message)
    assert harness.task(job).handle is None


def test_not_if_it_is_work_that_failed_before() -> None:
    harness = VendorHarness("a")
    twice = Catalog.of([replace(harness.offer, routes=harness.offer.routes * 2)])
    harness.core.submit_job = replace(harness.submit_job, catalog=twice)
    vendor = harness.vendors["a"]
    vendor.then(100, OutcomeUnknown("the line was cut"))
    vendor.results.append(RouteFailed("no"))
    job = harness.made()
    for _ in range(3):
        harness.step()
    assert (harness.task(job).state, harness.task(job).handle) == (TaskState.RUNNING, None)
    harness.handle_callback(
        "a", CallbackTarget(harness.owner, job.id, 0), "r-1"
    )  # what the vendor told of the first
    harness.execute_task(harness.queues.tasks.pop().message)
    assert harness.task(job).handle is None


def test_nor_after_the_task_was_given_up() -> None:
    harness, job, target = lost()
    harness.handle_callback("a", target, "work-1")
    called = harness.queues.tasks.pop()
    harness.clock.advance(job.deadline_at - harness.clock.now() + timedelta(minutes=2))
    harness.sweep()
    assert harness.job(job.id).failure is FailureCode.TIMED_OUT
    harness.execute_task(called.message)
    assert harness.handle_callback("a", target, "work-1") is CallbackResult.LATE
    assert harness.wallet.spent == 0
    assert not harness.vendors["a"].polls
    harness.check_books()


def test_a_worker_that_is_answered_after_all_goes_by_the_answer() -> None:
    harness = VendorHarness()
    vendor = harness.vendors["a"]
    job, start = harness.made(), vendor.start
    vendor.then(100)

    def slowly(order: TaskRequest) -> object:
        outcome = start(order)
        harness.handle_callback("a", CallbackTarget(harness.owner, job.id, 0), "work-1")
        vendor.results.append(30)
        harness.execute_task(harness.queues.tasks.pop().message)
        assert harness.task(job).handle == "work-1"
        return outcome

    vendor.start = slowly  # type: ignore[assignment,method-assign]
    harness.step()
    assert harness.task(job).handle == f"a:{job.tasks[0].id}"
    assert harness.finish(job).charged == 1
    assert harness.starts() == [1, 0, 0]
