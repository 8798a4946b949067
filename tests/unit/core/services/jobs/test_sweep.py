"""Housekeeping goes on, whatever one row or one part of it does."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.paging import RowKey
from darkroom.services.jobs.metrics import Metric
from darkroom.services.jobs.sweep import JOBS_TIME, UNREADABLE_RECHECK, SweepIncomplete
from darkroom.services.jobs.tend_job import RECHECK
from tests.harness.core import CoreHarness

FOREIGN = RowKey("w#live", "job#of-another-version")


def counted(harness: CoreHarness, metric: Metric) -> int:
    return harness.meter.counted[metric]


def break_for(harness: CoreHarness, port: object, method: str, job_id: str) -> None:
    """Have a port's method fail for one job, in a way nobody has foreseen."""
    real = getattr(port, method)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if job_id in repr((args, kwargs)):
            raise TypeError("a defect")
        return real(*args, **kwargs)

    setattr(port, method, broken)


def test_one_bad_job_stops_nobody_else_and_is_looked_at_later() -> None:
    harness = CoreHarness()
    first, bad, last = (harness.submit() for _ in range(3))
    harness.clock.set(bad.deadline_at)
    break_for(harness, harness.store, "commit", bad.id)
    swept = harness.sweep()
    assert (swept.timed_out, swept.set_aside) == (2, 1)
    assert harness.job(first.id).terminal
    assert harness.job(last.id).terminal
    assert harness.job(bad.id).check_at == harness.clock.now() + RECHECK
    assert counted(harness, Metric.SET_ASIDE) == 1
    assert counted(harness, Metric.ROUND) == 1
    harness.check_books()


def test_a_job_that_cannot_even_be_put_off_stops_nobody_else() -> None:
    harness = CoreHarness()
    bad, other = harness.submit(), harness.submit()
    harness.clock.set(bad.deadline_at)
    break_for(harness, harness.store, "commit", bad.id)
    break_for(harness, harness.jobs, "postpone", bad.id)
    assert harness.sweep().timed_out == 1
    assert harness.job(other.id).terminal


def test_a_row_this_version_cannot_read_is_counted_and_looked_at_in_an_hour() -> None:
    harness = CoreHarness()
    job, now = harness.submit(), harness.clock.now()
    harness.jobs.unreadable[FOREIGN] = harness.endpoints.unreadable[FOREIGN] = now
    harness.clock.set(job.deadline_at)
    swept = harness.sweep()
    assert (swept.timed_out, swept.set_aside) == (1, 2)
    due = harness.clock.now() + UNREADABLE_RECHECK
    assert harness.jobs.unreadable == harness.endpoints.unreadable == {FOREIGN: due}
    assert harness.sweep().set_aside == 0


@pytest.mark.parametrize("part", ["jobs", "endpoints"])
def test_a_part_that_cannot_be_looked_at_keeps_no_other_from_its_turn(part: str) -> None:
    harness = CoreHarness()
    job = harness.submit()
    harness.take_messages()

    def broken(*_: Any) -> None:
        raise TypeError("a defect")

    getattr(harness, part).due = broken
    harness.clock.set(job.deadline_at)
    with pytest.raises(SweepIncomplete):
        harness.sweep()
    assert harness.job(job.id).terminal is (part == "endpoints")
    assert "endpoints.due" in harness.calls.made
    assert counted(harness, Metric.ROUND) == 0


def test_jobs_that_take_too_long_leave_deliveries_their_turn() -> None:
    harness = CoreHarness()
    jobs = [harness.submit() for _ in range(5)]
    harness.clock.set(jobs[0].deadline_at)
    real = harness.store.commit

    def slow(*writes: Any) -> None:
        harness.clock.advance(JOBS_TIME / 2)
        real(*writes)

    harness.store.commit = slow  # type: ignore[method-assign]
    assert 1 <= harness.sweep().timed_out < 5
    assert "endpoints.due" in harness.calls.made
    harness.store.commit = real  # type: ignore[method-assign]
    harness.sweep()
    assert all(harness.job(job.id).terminal for job in jobs)
