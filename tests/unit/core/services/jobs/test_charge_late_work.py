"""Late work is paid for when it is asked for again, once, by who can."""

from __future__ import annotations

import pytest

from darkroom.domain.errors import InsufficientCredits
from darkroom.domain.jobs.job import JobStatus
from tests.harness.vendors import LateHarness


def test_who_asks_again_within_an_hour_gets_it_and_pays_once() -> None:
    harness = LateHarness()
    job = harness.begun()
    harness.run.finish(job)
    harness.work()
    for _ in range(3):
        had = harness.run.again(harness.caller(), harness.job(job.id))
        assert had.status is JobStatus.SUCCEEDED
        assert had.tasks[0].asset is not None
        assert had.charged == harness.price
    assert harness.money() == (harness.all() - 1, 0, 1)
    assert len(harness.memory.assets) == 1
    assert harness.starts() == [1]


def test_after_an_hour_it_cannot_be_had_any_more() -> None:
    harness = LateHarness()
    job = harness.begun()
    harness.run.finish(job)
    harness.work()
    harness.clock.advance(3600)
    assert harness.run.again(harness.caller(), harness.job(job.id)).status is JobStatus.FAILED
    assert harness.money() == (harness.all(), 0, 0)


def test_who_cannot_pay_does_not_get_it() -> None:
    harness = LateHarness(credits=LateHarness().price)
    job = harness.begun()
    harness.run.finish(job)
    harness.work()
    harness.finish(harness.made())
    with pytest.raises(InsufficientCredits):
        harness.run.again(harness.caller(), harness.job(job.id))
    assert harness.money() == (0, 0, 1)
    assert len(harness.memory.assets) == 1
