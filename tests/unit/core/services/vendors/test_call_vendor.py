"""Slots, breakers and moderation before a vendor is called, and what the operator sees of it."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    OutcomeUnknown,
    RateLimitedByVendor,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.job import FailureCode, JobStatus, TaskState
from darkroom.domain.vendors.vendor_limits import THRESHOLD
from tests.harness.core import LEASE
from tests.harness.vendors import VendorHarness


def test_a_vendor_without_a_key_is_no_route() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(AccountTrouble("no key", code="no_key"))
    assert harness.finish(harness.made()).status is JobStatus.SUCCEEDED
    assert harness.meter.counted["RouteSkipped"] == 1
    assert not harness.meter.counted["AccountTrouble"]


def test_trouble_with_an_account_is_for_somebody_to_look_at(caplog: pytest.LogCaptureFixture) -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(AccountTrouble("no", code="insufficient_quota"))
    harness.finish(harness.made())
    assert harness.meter.counted["AccountTrouble"] == 1
    assert any(
        record.levelname == "ERROR" and "account trouble" in record.message for record in caplog.records
    )


def test_over_the_limit_work_waits_in_the_queue_and_costs_nothing() -> None:
    harness = VendorHarness(limits={"a": 1})
    harness.vendors["a"].then(40, 40)
    job = harness.made(count=2)
    harness.step()
    harness.step()
    assert harness.starts() == [1, 0, 0]
    second = harness.task(job, 1)
    assert (second.state, second.attempts, second.route) == (TaskState.QUEUED, 0, 0)
    assert harness.finish(job).charged == 2
    assert harness.starts() == [2, 0, 0]


def test_a_message_delivered_twice_takes_no_second_slot() -> None:
    harness = VendorHarness(limits={"a": 1})
    harness.vendors["a"].then(OutcomeUnknown("lost"))
    job = harness.made()
    message, _ = harness.only_message()
    harness.step()
    harness.clock.advance(LEASE)
    harness.execute_task(message)
    assert harness.job(job.id).status is JobStatus.SUCCEEDED
    harness.check_slots()


def test_canceling_gives_slots_back_when_the_vendor_has_stopped() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(60, 60)
    job = harness.made(count=2)
    harness.step()
    harness.step()
    assert len(harness.memory.vendor_limits["a"].slots) == 2
    harness.cancel_job(harness.caller(), job.id)
    assert len(harness.memory.vendor_limits["a"].slots) == 2
    harness.vendors["a"].results.extend([RouteFailed("canceled"), RouteFailed("canceled")])
    harness.work()
    harness.check_slots()
    assert len(harness.vendors["a"].canceled) == 2


def test_a_vendor_that_keeps_failing_is_left_alone_and_its_work_goes_elsewhere() -> None:
    harness = VendorHarness(credits=1000)
    harness.vendors["a"].then(*[VendorUnavailable("no")] * 999)
    for _ in range(40):
        harness.finish(harness.made())
    assert harness.meter.counted["BreakerOpened"] >= 1
    assert harness.starts()[0] < 40
    assert harness.starts()[1] == 40


def test_one_tries_again_and_then_all_do() -> None:
    harness = VendorHarness("a", credits=1000)
    harness.vendors["a"].then(*[RateLimitedByVendor("no", retry_after=1)] * THRESHOLD)
    jobs = [harness.made() for _ in range(THRESHOLD + 3)]
    harness.work()
    assert {harness.job(job.id).status for job in jobs} == {JobStatus.SUCCEEDED}
    harness.check_slots()
    assert harness.memory.vendor_limits["a"].open_until is None


class FakeModerator:
    def __init__(self, *outcomes: EngineError | None) -> None:
        self.outcomes = list(outcomes)
        self.checked = 0

    def check(self, order: TaskRequest) -> None:
        self.checked += 1
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome


def test_what_it_refuses_no_vendor_sees() -> None:
    harness = VendorHarness(moderator=FakeModerator(Blocked("no")))
    job = harness.finish(harness.made())
    assert (job.failure, harness.starts()) == (FailureCode.CONTENT_BLOCKED, [0, 0, 0])


def test_what_it_passes_is_sent_and_not_checked_again() -> None:
    moderator = FakeModerator()
    harness = VendorHarness(moderator=moderator)
    harness.vendors["a"].then(VendorUnavailable("no"))
    assert harness.finish(harness.made()).status is JobStatus.SUCCEEDED
    assert moderator.checked == 1


def test_what_cannot_be_checked_waits() -> None:
    harness = VendorHarness(moderator=FakeModerator(VendorUnavailable("no"), VendorUnavailable("no")))
    assert harness.finish(harness.made()).status is JobStatus.SUCCEEDED
    assert harness.starts() == [1, 0, 0]
    assert harness.meter.counted["ModerationFailed"] == 2


def test_or_is_sent_all_the_same() -> None:
    harness = VendorHarness(moderator=FakeModerator(VendorUnavailable("no")), unchecked_passes=True)
    harness.made()
    harness.step()
    assert harness.starts() == [1, 0, 0]
