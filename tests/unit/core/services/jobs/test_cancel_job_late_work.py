"""What a vendor still does for a canceled job: its hold and its slot, and who pays for what is made."""

from __future__ import annotations

import pytest

from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.engine_failures import OutcomeUnknown, RouteFailed
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.paging import PageRequest
from tests.harness.vendors import LateHarness


def test_a_cancel_is_final_at_once_and_its_hold_and_slot_stay_until_the_vendor_has_stopped() -> None:
    harness = LateHarness()
    job, total = harness.begun(2), LateHarness().all()
    ended = harness.cancel_job(harness.caller(), job.id)
    assert (ended.status, ended.charged) == (JobStatus.CANCELED, 0)
    assert (harness.money(), harness.slots()) == ((total - 2, 2, 0), 2)
    harness.vendor.results.extend([RouteFailed("canceled"), RouteFailed("canceled")])
    harness.work()
    assert len(harness.vendor.canceled) == 2
    assert (harness.money(), harness.slots()) == ((total, 0, 0), 0)
    assert harness.starts() == [2]
    assert not harness.wallet.refunded


def test_what_the_vendor_finishes_all_the_same_is_refunded_within_the_day_s_bound() -> None:
    harness = LateHarness()
    harness.cancel_job(harness.caller(), harness.begun().id)
    harness.work()
    assert harness.money() == (harness.all(), 0, 0)
    assert sum(harness.wallet.refunded.values()) == harness.price
    assert not harness.blobs.objects


def test_beyond_the_bound_it_is_charged() -> None:
    harness = LateHarness(refunds_per_day=2 * LateHarness().price)
    for _ in range(5):
        harness.cancel_job(harness.caller(), harness.begun().id)
        harness.work()
    assert harness.money() == (harness.all() - 3, 0, 3)
    harness.clock.advance(86_400)
    harness.cancel_job(harness.caller(), harness.begun().id)
    harness.work()
    assert harness.money() == (harness.all() - 3, 0, 3)


def test_a_vendor_that_does_not_stop_keeps_the_hold_until_the_deadline() -> None:
    harness = LateHarness()
    job = harness.begun()
    harness.cancel_job(harness.caller(), job.id)
    harness.vendor.results.extend([30] * 1000)
    harness.work()
    assert harness.clock.now() >= job.deadline_at
    assert (harness.money(), harness.slots()) == ((harness.all(), 0, 0), 0)


def test_what_had_not_begun_is_released_at_once() -> None:
    harness = LateHarness()
    harness.vendor.then(60)
    job = harness.made(count=3)
    harness.step()
    harness.cancel_job(harness.caller(), job.id)
    assert harness.money() == (harness.all() - 1, 1, 0)
    harness.work()
    assert harness.money() == (harness.all(), 0, 0)
    assert harness.starts() == [1]


def test_a_cancel_message_that_is_lost_leaves_it_to_housekeeping() -> None:
    harness = LateHarness()
    harness.cancel_job(harness.caller(), harness.begun().id)
    harness.queues.tasks.clear()
    harness.clock.advance(300)
    harness.sweep()
    harness.work()
    assert (harness.money(), harness.slots()) == ((harness.all(), 0, 0), 0)


def test_late_work_starts_nothing_whatever_becomes_of_it() -> None:
    harness = LateHarness()
    job = harness.begun()
    harness.cancel_job(harness.caller(), job.id)
    harness.vendor.results.append(OutcomeUnknown("lost"))
    harness.work()
    assert harness.starts() == [1]
    assert harness.late(job).terminal


def test_messages_that_come_twice_change_nothing() -> None:
    harness = LateHarness()
    harness.cancel_job(harness.caller(), harness.begun().id)
    for _ in range(4):
        messages = [sent for sent, _ in harness.take_messages()]
        harness.clock.advance(5)
        for message in messages * 2:
            harness.execute_task(message)
    harness.work()
    assert (harness.money(), harness.slots()) == ((harness.all(), 0, 0), 0)


def test_late_work_is_in_no_list_and_nobody_cancels_it() -> None:
    harness = LateHarness()
    job = harness.begun()
    harness.cancel_job(harness.caller(), job.id)
    page = harness.core.jobs.list(harness.owner, PageRequest())
    assert [one.id for one in page.items] == [job.id]
    with pytest.raises(NotFound):
        harness.cancel_job(harness.caller(), late_id(job.id))
