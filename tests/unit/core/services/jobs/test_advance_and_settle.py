"""Moving a job forward: what its end does to the money and to the slots, and who wins a race."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.billing.ledger import EntryKind
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import FailureCode, Job
from darkroom.domain.writes import (
    AdvanceJob,
    AppendEntry,
    ReleaseVendorSlots,
    SettleCredits,
    Write,
    WriteRefused,
)
from darkroom.services.jobs.advance_and_settle import (
    AdvanceAndSettle,
    StaleJob,
    settlement,
    slot_releases,
)
from tests.contract.examples import NOW, OWNER, asset, job
from tests.harness.core import CoreHarness

VENDORS = (Route("fal", Queue.VENDORS), Route("kie", Queue.VENDORS))


def succeeded(current: Job, index: int) -> Job:
    return transitions.task_succeeded(current, index, asset(), NOW)


def failed(current: Job, index: int, code: FailureCode = FailureCode.FAILED) -> Job:
    return transitions.task_failed(current, index, code, NOW)


def test_the_end_charges_what_was_delivered_and_returns_the_rest() -> None:
    three = job(tasks=3, unit_price=2, task_units=2)
    ended = failed(succeeded(failed(three, 0), 1), 2)
    settle, entry = settlement(ended)
    assert isinstance(settle, SettleCredits)
    assert (settle.held, settle.charged, settle.returned) == (6, 2, 4)
    assert settle.day == three.created_at.date()
    assert isinstance(entry, AppendEntry)
    assert (entry.entry.kind, entry.entry.spent, entry.entry.available) == (EntryKind.SETTLE, 2, 4)


def test_nothing_is_settled_for_what_moved_nothing_and_nothing_before_the_end() -> None:
    free = transitions.canceled(job(unit_price=0, task_units=0), NOW)
    assert settlement(free) == ()
    with pytest.raises(ValueError, match="has not ended"):
        settlement(job())


def test_a_slot_is_given_back_by_the_change_that_ends_its_task() -> None:
    before = succeeded(job(tasks=3, routes=VENDORS), 0)
    after = succeeded(before, 1)
    assert slot_releases(before, after) == (
        ReleaseVendorSlots("fal", (after.tasks[1].id,), healthy=True, workspace_id=OWNER.workspace_id),
    )


def test_slots_are_given_back_to_each_vendor_and_none_to_the_sandbox() -> None:
    both = job(tasks=2, routes=VENDORS)
    both = replace(both, tasks=(both.tasks[0], replace(both.tasks[1], route=1)))
    after = transitions.canceled(both, NOW)
    assert slot_releases(both, after) == (
        ReleaseVendorSlots("fal", (both.tasks[0].id,), healthy=False, workspace_id=OWNER.workspace_id),
        ReleaseVendorSlots("kie", (both.tasks[1].id,), healthy=False, workspace_id=OWNER.workspace_id),
    )
    ours = job()
    assert slot_releases(ours, transitions.canceled(ours, NOW)) == ()


@pytest.mark.parametrize(
    ("code", "healthy"),
    [
        (FailureCode.CONTENT_BLOCKED, True),
        (FailureCode.INPUT_REJECTED, True),
        (FailureCode.FAILED, False),
        (FailureCode.TIMED_OUT, False),
    ],
)
def test_a_vendor_that_looked_and_refused_is_well(code: FailureCode, healthy: bool) -> None:
    before = job(tasks=1, routes=VENDORS)
    released = slot_releases(before, failed(before, 0, code))
    assert released == (
        ReleaseVendorSlots("fal", (before.tasks[0].id,), healthy=healthy, workspace_id=OWNER.workspace_id),
    )


def test_the_loser_of_a_race_decides_again_on_what_is_there() -> None:
    harness = CoreHarness()
    seen = harness.submit(count=3)
    winner = harness.core.advance_and_settle(
        seen, lambda current: failed(current, 0), still_needed=lambda _: True
    )
    ended = harness.core.advance_and_settle(
        seen, lambda current: failed(current, 1), still_needed=lambda _: True
    )
    assert winner.finished == {0}
    assert ended.finished == {0, 1}


def test_a_change_that_somebody_else_made_is_not_made_again() -> None:
    harness = CoreHarness()
    seen = harness.submit()
    done = harness.core.advance_and_settle(
        seen, lambda current: failed(current, 0), still_needed=lambda _: True
    )
    for current in (seen, done):
        with pytest.raises(StaleJob) as stale:
            harness.core.advance_and_settle(current, lambda now: failed(now, 0), still_needed=lambda _: True)
        assert stale.value.job == done
    harness.check_books()


def test_a_job_nobody_can_get_hold_of_is_given_up_on() -> None:
    class Contended:
        """A store in which somebody else is always faster."""

        def commit(self, *writes: Write) -> None:
            (advance, *_) = writes
            assert isinstance(advance, AdvanceJob)
            raise WriteRefused(advance, advance.before)

    with pytest.raises(Unavailable):
        AdvanceAndSettle(Contended())(job(), lambda current: failed(current, 0), still_needed=lambda _: True)
