"""Who waits no more is refunded at once; what a vendor has begun goes on, and can still be had."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.jobs.engine import Output
from darkroom.domain.jobs.engine_failures import RouteFailed
from darkroom.domain.jobs.job import Job, JobStatus, Late, TaskState
from tests.harness.vendors import PICTURE, LateHarness


def test_who_waits_no_more_is_refunded_at_once_and_the_work_and_its_slot_go_on() -> None:
    harness = LateHarness()
    job = harness.begun()
    ended = harness.run.finish(job)
    assert (ended.status, ended.charged) == (JobStatus.FAILED, 0)
    assert (harness.money(), harness.slots()) == ((harness.all(), 0, 0), 1)
    assert not harness.vendor.canceled
    harness.work()
    assert harness.slots() == 0
    late = harness.late(job)
    assert (late.late, late.status) == (Late.REFUNDED, JobStatus.SUCCEEDED)
    assert not harness.memory.assets
    assert harness.money() == (harness.all(), 0, 0)


def test_who_asks_while_it_is_under_way_waits_for_it() -> None:
    harness = LateHarness()
    job = harness.begun()
    harness.run.finish(job)
    again = harness.run.again(harness.caller(), harness.job(job.id))
    assert again.status is JobStatus.FAILED

    def worked(late: Job, _: float) -> Job:
        harness.work()
        return harness.job(late.id)

    again = replace(harness.run, wait=worked).again(harness.caller(), harness.job(job.id))
    assert again.status is JobStatus.SUCCEEDED


def test_five_starts_that_time_out_are_not_five_refunds_beyond_the_bound() -> None:
    harness = LateHarness(refunds_per_day=2 * LateHarness().price)
    jobs = []
    for _ in range(5):
        jobs.append(harness.begun())
        harness.run.finish(jobs[-1])
    assert harness.money() == (harness.all() - 3, 3, 0)
    harness.clock.advance(400)
    harness.sweep()
    harness.work()
    assert harness.money() == (harness.all() - 3, 0, 3)
    paid = harness.run.again(harness.caller(), harness.job(jobs[-1].id))
    assert (paid.status, paid.charged) == (JobStatus.SUCCEEDED, harness.price)
    assert harness.money() == (harness.all() - 3, 0, 3)


def test_what_fails_late_costs_nothing_even_beyond_the_bound() -> None:
    harness = LateHarness(refunds_per_day=0)
    job = harness.begun()
    harness.run.finish(job)
    harness.vendor.results.append(RouteFailed("no"))
    harness.work()
    assert (harness.money(), harness.slots()) == ((harness.all(), 0, 0), 0)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_worker_that_is_at_it_when_its_job_ends_hands_its_result_over(wanted: bool) -> None:
    """A vendor that answers with the picture itself holds the worker while the job ends."""
    harness = LateHarness()
    job = harness.made()
    start = harness.vendor.start

    def ends_meanwhile(request: object) -> object:
        outcome = start(request)  # type: ignore[arg-type]
        if wanted:
            harness.run.finish(harness.job(job.id))
        else:
            harness.cancel_job(harness.caller(), job.id)
        return outcome

    harness.vendor.start = ends_meanwhile  # type: ignore[method-assign, assignment]
    harness.vendor.then(Output(PICTURE, "image/png", "1:1"))
    harness.step()
    harness.work()
    late = harness.late(job)
    assert late.terminal
    assert late.tasks[0].state is TaskState.SUCCEEDED
    assert (harness.money(), harness.slots()) == ((harness.all(), 0, 0), 0)
    had = harness.run.again(harness.caller(), harness.job(job.id))
    assert (had.status is JobStatus.SUCCEEDED) == wanted


@pytest.mark.parametrize("wanted", [True, False])
def test_a_worker_whose_vendor_takes_the_work_meanwhile_parks_it_where_it_goes_on(wanted: bool) -> None:
    harness = LateHarness()
    job = harness.made()
    start = harness.vendor.start

    def ends_meanwhile(request: object) -> object:
        outcome = start(request)  # type: ignore[arg-type]
        if wanted:
            harness.run.finish(harness.job(job.id))
        else:
            harness.cancel_job(harness.caller(), job.id)
        return outcome

    harness.vendor.start = ends_meanwhile  # type: ignore[method-assign, assignment]
    harness.vendor.then(60)
    harness.step()
    assert harness.slots() == 1
    assert bool(harness.vendor.canceled) != wanted
    harness.work()
    assert harness.late(job).terminal
    assert (harness.money(), harness.slots()) == ((harness.all(), 0, 0), 0)
