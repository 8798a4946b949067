"""Counting: once whatever is repeated, together what is told together, later what could not be written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import Job
from darkroom.domain.usage.measures import total
from darkroom.domain.usage.places import KeyUsage, OfferUsage, WorkspaceUsage
from darkroom.domain.writes import AddUsage, NoteUsage
from darkroom.services.usage.count_usage import MOST_WRITES, Counted, JobChange
from tests.contract.examples import NOW, OWNER, asset, job, object_id
from tests.harness.container import Harness


def ended(number: int = 1, **changes: object) -> Job:
    one = job(number, tasks=1, **changes)
    return transitions.task_succeeded(one, 0, asset(number), NOW)


def change(number: int = 1, **changes: object) -> JobChange:
    return JobChange(str(number), None, ended(number, **changes))


@pytest.fixture
def harness() -> Harness:
    return Harness()


def test_what_is_told_together_is_added_together(harness: Harness) -> None:
    assert harness.core.count_usage([change(number) for number in range(20)]) == Counted(20)
    ((*writes,),) = harness.store.commits
    assert len([write for write in writes if isinstance(write, NoteUsage)]) == 20
    assert len([write for write in writes if isinstance(write, AddUsage)]) == 3
    for kind in (KeyUsage, OfferUsage, WorkspaceUsage):
        sums = total(sums for place, sums in harness.memory.usage.items() if isinstance(place, kind))
        assert (sums.jobs, sums.outputs, sums.credits) == (20, 20, 60)


def test_a_job_alone_takes_four_writes_in_one_call(harness: Harness) -> None:
    harness.core.count_usage([change()])
    assert harness.calls.made == ["store.commit"]
    assert len(harness.store.commits[0]) == 4


def test_no_transaction_has_more_writes_than_one_takes(harness: Harness) -> None:
    changes = [change(number, key_id=object_id(number), offer_id=f"o{number}") for number in range(200)]
    assert harness.core.count_usage(changes) == Counted(200)
    assert all(len(commit) <= MOST_WRITES for commit in harness.store.commits)
    assert len(harness.store.commits) < 10


def test_what_was_counted_before_is_left_out_and_the_rest_counted(harness: Harness) -> None:
    harness.core.count_usage([change(1), change(2)])
    assert harness.core.count_usage([change(1), change(2), change(3), change(3)]) == Counted(1)
    assert harness.core.count_usage([change(1)]) == Counted(0)
    assert harness.memory.usage[WorkspaceUsage(OWNER, NOW.date())].jobs == 3


def test_what_could_not_be_written_is_to_be_told_again(harness: Harness) -> None:
    core = harness.core
    core.count_usage = replace(core.count_usage, store=_Busy())
    counted = core.count_usage([change(1), JobChange("2", ended(2), ended(2))])
    assert counted == Counted(0, ("1",))


def test_changes_that_move_nothing_write_nothing(harness: Harness) -> None:
    assert harness.core.count_usage([JobChange("1", None, job())]) == Counted(0)
    assert harness.core.count_usage([]) == Counted(0)
    assert not harness.store.commits


class _Busy:
    """A store that is too busy."""

    def commit(self, *writes: object) -> None:
        raise Unavailable("busy")
