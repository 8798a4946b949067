"""Claims: a message that is early, late, or about somebody else's work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.jobs.engine_failures import OutcomeUnknown
from darkroom.domain.jobs.job import Job, TaskState
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage, TaskStep
from darkroom.services.jobs.claim_task import EARLY
from tests.harness.core import LEASE, CoreHarness
from tests.harness.vendors import VendorHarness

SECOND = timedelta(seconds=1)


def waiting(harness: CoreHarness, state: TaskState, left: timedelta) -> tuple[Job, TaskMessage]:
    """A job whose only task is due in ``left``, and the message about it."""
    job = harness.submit("[[slow:300]] a kite")
    harness.execute_task(harness.take_messages()[0][0])
    ((message, _),) = harness.take_messages()
    stored = harness.job(job.id)
    task = replace(stored.tasks[0], state=state, poll_at=harness.clock.now() + left)
    harness.memory.jobs[job.owner, job.id] = replace(stored, tasks=(task,))
    return job, message


@pytest.mark.parametrize(
    ("state", "step"), [(TaskState.WAITING, TaskStep.POLL), (TaskState.QUEUED, TaskStep.START)]
)
def test_a_message_that_comes_a_moment_too_soon_is_sent_again_for_when_it_is_due(
    state: TaskState, step: TaskStep
) -> None:
    harness = CoreHarness()
    _, message = waiting(harness, state, EARLY)
    harness.execute_task(message)
    ((again, delay),) = harness.take_messages()
    assert (again.step, delay) == (step, EARLY.total_seconds())


@pytest.mark.parametrize("state", [TaskState.WAITING, TaskState.QUEUED])
def test_a_message_that_comes_much_too_soon_is_one_too_many(state: TaskState) -> None:
    harness = CoreHarness()
    _, message = waiting(harness, state, EARLY + SECOND)
    harness.execute_task(message)
    assert not harness.queues.tasks


def test_a_start_waits_for_the_worker_that_has_the_task_and_a_poll_does_not() -> None:
    harness = CoreHarness()
    job, poll = waiting(harness, TaskState.WAITING, timedelta())
    start = TaskMessage(job.owner, job.id, 0)
    stored, now = harness.job(job.id), harness.clock.now()
    task = replace(stored.tasks[0], state=TaskState.RUNNING, lease_until=now + LEASE)
    harness.memory.jobs[job.owner, job.id] = replace(stored, tasks=(task,))
    with pytest.raises(TaskBusy):
        harness.execute_task(start)
    harness.execute_task(poll)
    assert not harness.queues.tasks


def test_lost_work_is_adopted_from_the_vendor_the_task_is_at_and_from_no_other() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(OutcomeUnknown("the line was cut"))
    job = harness.made()
    harness.step()
    harness.take_messages()
    for vendor, handle in (("b", None), ("a", "work-1")):
        called = TaskMessage(job.owner, job.id, 0, TaskStep.EXPEDITE, vendor=vendor, work_id="work-1")
        vendor_a = harness.vendors["a"]
        vendor_a.results.append(100)
        harness.execute_task(called)
        assert harness.task(job).handle == handle
