"""Tasks that wait for long: chains of messages that end by themselves, at the deadline at the latest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.chains import FREE_HOPS
from darkroom.domain.jobs.engine import Download
from darkroom.domain.jobs.engine_failures import RateLimitedByVendor, VendorUnavailable
from darkroom.domain.jobs.job import FailureCode, JobStatus, TaskState
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import FilmSpec
from darkroom.domain.vendors.vendor_limits import VendorLimitReached
from darkroom.services.jobs.metrics import Metric
from tests.harness.vendors import FILM, VendorHarness

AWS_STOPS_AFTER = 16


def films(deadline: timedelta) -> VendorHarness:
    """A stack that sells films of one vendor."""
    harness = VendorHarness("a")
    film = next(offer for offer in memes.OFFERS if offer.kind.endswith("video"))
    harness.sell(
        replace(
            film, routes=(Route("a", Queue.VENDORS, "m"),), deadline_seconds=int(deadline.total_seconds())
        )
    )
    return harness


def chain(harness: VendorHarness) -> list[TaskMessage]:
    """The messages of the only task, worked off until there are none; housekeeping does nothing."""
    seen = []
    while harness.queues.tasks:
        sent = harness.queues.tasks.pop(0)
        seen.append(sent.message)
        harness.clock.advance(sent.delay_seconds)
        harness.execute_task(sent.message)
    return seen


def test_a_film_of_half_an_hour_under_a_busy_vendor_ends_without_housekeeping() -> None:
    harness = films(timedelta(minutes=50))
    vendor = harness.vendors["a"]
    job = harness.made(FilmSpec("a kite", "16:9"))
    vendor.then(*[RateLimitedByVendor("busy", retry_after=10)] * 4, 20)
    vendor.results.extend([20] * 45)
    vendor.results.extend([VendorUnavailable("busy", retry_after=30)] * 20)
    vendor.results.extend([20] * 25)
    harness.downloads.files["https://cdn.test/film"] = FILM
    vendor.results.append(Download("https://cdn.test/film"))
    before = harness.clock.now()
    messages = chain(harness)
    done = harness.job(job.id)
    assert done.status is JobStatus.SUCCEEDED
    assert harness.clock.now() - before > timedelta(minutes=28)
    assert len(messages) > 4 * AWS_STOPS_AFTER
    assert [message.hops for message in messages] == list(range(len(messages)))
    assert harness.meter.counted[Metric.CHAIN_CUT] == 0
    assert vendor.starts.total() == 5
    harness.check_books()
    harness.check_slots()


@pytest.mark.parametrize("every", [7, 60, 899, 2000])
def test_work_that_never_ends_is_given_up_at_the_deadline_and_stopped(every: int) -> None:
    harness = films(timedelta(minutes=30))
    vendor = harness.vendors["a"]
    job = harness.made(FilmSpec("a kite", "16:9"))
    vendor.then(every)
    vendor.results.extend([every] * 1000)
    chain(harness)
    done = harness.job(job.id)
    assert (done.status, done.failure) == (JobStatus.FAILED, FailureCode.TIMED_OUT)
    assert done.deadline_at <= harness.clock.now() <= done.deadline_at + timedelta(seconds=1)
    assert vendor.canceled
    assert harness.wallet.held == 0
    harness.check_books()
    harness.check_slots()


def test_a_vendor_that_is_never_free_ends_the_task_at_the_deadline_and_is_not_called_then() -> None:
    harness = films(timedelta(minutes=30))
    vendor = harness.vendors["a"]
    job = harness.made(FilmSpec("a kite", "16:9"))
    vendor.then(*[RateLimitedByVendor("busy", retry_after=400)] * 1000)
    chain(harness)
    assert harness.job(job.id).failure is FailureCode.TIMED_OUT
    assert harness.clock.now() <= job.deadline_at + timedelta(seconds=1)
    assert len(vendor.requests) <= 6
    harness.check_books()
    harness.check_slots()


def test_a_task_that_waits_for_its_turn_until_the_deadline_ends_there() -> None:
    harness = films(timedelta(minutes=30))
    job = harness.made(FilmSpec("a kite", "16:9"))

    def full(*_: object, **__: object) -> bool:
        raise VendorLimitReached("no")

    harness.vendor_limits.enter = full  # type: ignore[method-assign]
    chain(harness)
    assert harness.job(job.id).failure is FailureCode.TIMED_OUT
    assert not harness.vendors["a"].requests


def test_a_chain_that_goes_on_far_too_fast_is_cut_counted_and_left_to_housekeeping() -> None:
    harness = films(timedelta(minutes=30))
    vendor = harness.vendors["a"]
    job = harness.made(FilmSpec("a kite", "16:9"))
    vendor.then(0)
    vendor.results.extend([0] * 10_000)
    messages = chain(harness)
    assert FREE_HOPS <= len(messages) <= 2 * FREE_HOPS
    assert harness.meter.counted[Metric.CHAIN_CUT] == 1
    assert harness.task(job).state is TaskState.WAITING
    harness.clock.advance(timedelta(minutes=6))
    vendor.results.clear()
    harness.downloads.files["https://cdn.test/film"] = FILM
    vendor.results.append(Download("https://cdn.test/film"))
    assert harness.sweep().requeued == 1
    assert [message.hops for message in chain(harness)] == [0]
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_carried_messages_are_of_the_chain_too() -> None:
    harness = films(timedelta(minutes=30))
    harness.made(FilmSpec("a kite", "16:9"))
    harness.vendors["a"].then(60)

    def down(*_: object, **__: object) -> None:
        raise Unavailable("busy")

    harness.jobs.park = down  # type: ignore[method-assign]
    first = harness.queues.tasks.pop(0).message
    harness.execute_task(first)
    assert [sent.message.hops for sent in harness.queues.tasks] == [first.hops + 1]
