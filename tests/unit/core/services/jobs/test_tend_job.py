"""Housekeeping's rounds over jobs: who is left alone, until when, and who is helped on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from darkroom.domain.jobs.job import LEASE_SLACK, FailureCode, Job, JobStatus
from darkroom.domain.jobs.messages import TaskStep
from darkroom.services.jobs.tend_job import RECHECK
from tests.harness.core import LEASE, CoreHarness

SECOND = timedelta(seconds=1)


def submitted(harness: CoreHarness, prompt: str = "a kite") -> Job:
    job = harness.submit(prompt)
    harness.take_messages()
    return job


def look_at(harness: CoreHarness, job: Job) -> None:
    """Have the job be due now, whatever it was to be looked at for."""
    stored = harness.job(job.id)
    harness.memory.jobs[job.owner, job.id] = replace(stored, check_at=harness.clock.now())


def test_a_job_under_a_lease_is_looked_at_when_the_lease_is_over() -> None:
    harness = CoreHarness()
    job, now = submitted(harness), harness.clock.now()
    harness.jobs.claim(harness.owner, job.id, 0, now=now, lease_until=now + LEASE)
    harness.clock.advance(LEASE - SECOND)
    look_at(harness, job)
    harness.sweep()
    assert harness.job(job.id).check_at == now + LEASE + LEASE_SLACK
    assert not harness.queues.tasks


def test_a_job_ends_at_its_deadline_and_not_before() -> None:
    harness = CoreHarness()
    job = submitted(harness)
    harness.clock.set(job.deadline_at - timedelta(microseconds=1))
    assert harness.sweep().timed_out == 0
    harness.clock.set(job.deadline_at)
    assert harness.sweep().timed_out == 1
    assert harness.job(job.id).failure is FailureCode.TIMED_OUT


def test_the_next_look_is_never_after_the_deadline() -> None:
    harness = CoreHarness()
    job = submitted(harness)
    harness.clock.set(job.deadline_at - RECHECK / 2)
    harness.sweep()
    assert harness.job(job.id).check_at == job.deadline_at
    early = submitted(harness)
    look_at(harness, early)
    harness.sweep()
    assert harness.job(early.id).check_at == harness.clock.now() + RECHECK


def test_what_is_not_due_yet_is_not_queued_again() -> None:
    harness = CoreHarness()
    job = harness.submit("[[slow:300]] a kite")
    harness.execute_task(harness.take_messages()[0][0])
    harness.take_messages()
    poll_at = harness.job(job.id).tasks[0].poll_at
    assert poll_at
    harness.clock.set(poll_at - SECOND)
    look_at(harness, job)
    assert harness.sweep().requeued == 0
    assert not harness.queues.tasks
    harness.clock.set(poll_at)
    look_at(harness, job)
    assert harness.sweep().requeued == 1
    ((message, _),) = harness.take_messages()
    assert message.step is TaskStep.POLL


def test_a_task_that_has_ended_is_not_queued_again() -> None:
    harness = CoreHarness()
    job = harness.submit("a kite", count=2)
    (first, _), *_ = harness.take_messages()
    harness.execute_task(first)
    look_at(harness, job)
    harness.sweep()
    assert [message.index for message, _ in harness.take_messages()] == [1]


def test_a_queued_job_nobody_took_is_queued_again() -> None:
    harness = CoreHarness()
    job = harness.submit(count=2)
    harness.take_messages()
    harness.clock.advance(timedelta(minutes=3))
    assert harness.sweep().requeued == 1
    harness.work()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_a_running_task_whose_worker_died_is_taken_over() -> None:
    harness = CoreHarness()
    job = harness.submit()
    harness.take_messages()
    now = harness.clock.now()
    harness.jobs.claim(harness.owner, job.id, 0, now=now, lease_until=now + LEASE)
    harness.clock.advance(timedelta(minutes=4))
    harness.sweep()
    harness.work()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_a_waiting_task_whose_poll_was_lost_is_polled() -> None:
    harness = CoreHarness()
    job = harness.submit("[[slow:30]]")
    harness.execute_task(harness.take_messages()[0][0])
    harness.take_messages()
    harness.clock.advance(timedelta(minutes=4))
    harness.sweep()
    harness.work()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_past_its_deadline_a_job_ends_and_its_hold_expires() -> None:
    harness = CoreHarness(credits=10)
    job = harness.submit(count=2)
    (first, _), *_ = harness.take_messages()
    harness.execute_task(first)
    harness.clock.advance(timedelta(minutes=11))
    assert harness.sweep().timed_out == 1
    done = harness.job(job.id)
    assert (done.status, done.failure, done.charged) == (JobStatus.PARTIAL, FailureCode.TIMED_OUT, 1)
    assert (harness.wallet.available, harness.wallet.held, harness.wallet.spent) == (9, 0, 1)
    harness.check_books()


def test_a_worker_that_is_still_at_it_is_not_cut_off() -> None:
    harness = CoreHarness()
    job = harness.submit()
    harness.clock.advance(timedelta(minutes=9, seconds=50))
    now = harness.clock.now()
    harness.jobs.claim(harness.owner, job.id, 0, now=now, lease_until=now + LEASE)
    harness.clock.advance(timedelta(seconds=30))
    harness.sweep()
    assert not harness.job(job.id).terminal


def test_one_that_cannot_be_queued_holds_up_no_other_and_ends_at_its_deadline() -> None:
    harness = CoreHarness()
    stuck = [harness.submit(), harness.submit()]
    harness.take_messages()
    harness.clock.advance(timedelta(minutes=3))
    harness.queues.busy = True  # or a queue this stack no longer has
    assert (harness.sweep().requeued, harness.calls.made.count("queues.send_tasks")) == (0, 4)
    harness.clock.advance(timedelta(minutes=8))
    assert harness.sweep().timed_out == 2
    assert {harness.job(job.id).charged for job in stuck} == {0}
    harness.check_books()


def test_sweeping_twice_changes_nothing_more() -> None:
    harness = CoreHarness()
    harness.submit()
    harness.clock.advance(timedelta(minutes=11))
    harness.sweep()
    spent = harness.wallet
    assert harness.sweep().timed_out == 0
    assert harness.wallet == spent
    harness.check_books()
