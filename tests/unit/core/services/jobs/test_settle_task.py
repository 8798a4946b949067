"""What has been made is settled, however busy the store is: never made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import FailureCode, JobStatus, TaskState
from darkroom.domain.jobs.messages import TaskStep
from tests.harness.core import LEASE, CoreHarness


def fail(
    port: object, method: str, times: float, *, when: Callable[..., bool] = lambda *_, **__: True
) -> list[int]:
    """Have a port's method be too busy for its next ``times`` calls; returns how many are still to come."""
    real, left = getattr(port, method), [int(min(times, 10**9))]

    def busy(*args: Any, **kwargs: Any) -> Any:
        if left[0] and when(*args, **kwargs):
            left[0] -= 1
            raise Unavailable("busy")
        return real(*args, **kwargs)

    setattr(port, method, busy)
    return left


@pytest.mark.parametrize("times", [1, 2, 3, 8])
def test_a_contended_settlement_starts_the_vendor_once(times: int) -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit()
    fail(harness.store, "commit", times)
    harness.work()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED
    assert list(harness.engine.starts.values()) == [1]
    assert (harness.wallet.spent, harness.wallet.held) == (1, 0)
    assert len(harness.blobs.objects) == 1
    harness.check_books()


def test_what_was_made_is_persisted_and_a_later_message_only_settles() -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit()
    left = fail(harness.store, "commit", float("inf"))
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    task = harness.job(job.id).tasks[0]
    assert task.state is TaskState.WAITING
    assert task.asset is not None
    assert task.asset.storage_key in harness.blobs.objects
    ((later, delay),) = harness.take_messages()
    assert later.step is TaskStep.POLL
    assert delay <= 60
    left[0] = 0
    harness.clock.advance(delay)
    harness.calls.made.clear()
    harness.execute_task(later)
    assert harness.calls.made == ["jobs.claim_poll", "store.commit"]
    assert (harness.job(job.id).status, harness.wallet.spent) == (JobStatus.SUCCEEDED, 1)


def test_a_settlement_that_is_not_contended_persists_nothing_first() -> None:
    harness = CoreHarness()
    harness.submit()
    harness.calls.made.clear()
    harness.work()
    assert harness.calls.made == ["jobs.claim", "blobs.put", "store.commit"]


@pytest.mark.parametrize("prompt", ["[[fail]]", "[[block]]"])
def test_a_failure_whose_settlement_is_contended_is_not_tried_at_the_vendor_again(prompt: str) -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit(prompt)
    fail(harness.store, "commit", 10)
    harness.work()
    assert list(harness.engine.starts.values() or [1]) == [1]
    assert harness.job(job.id).status is JobStatus.FAILED
    assert harness.wallet.held == 0


def test_with_the_whole_table_down_the_message_carries_what_was_made() -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit()
    commits = fail(harness.store, "commit", float("inf"))
    keeps = fail(harness.jobs, "keep", float("inf"))
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    ((carried, _),) = harness.take_messages()
    assert carried.step is TaskStep.RECORD
    assert carried.task is not None
    assert carried.task.asset is not None
    harness.execute_task(carried)  # still down: it is carried on
    ((carried, _),) = harness.take_messages()
    commits[0] = keeps[0] = 0
    harness.execute_task(carried)
    assert harness.job(job.id).status is JobStatus.SUCCEEDED
    assert list(harness.engine.starts.values()) == [1]
    harness.execute_task(carried)
    harness.check_books()


def test_the_handle_of_running_work_is_not_lost_while_the_table_is_down() -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit("[[slow:30]]")
    parks = fail(harness.jobs, "park", float("inf"))
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    ((carried, delay),) = harness.take_messages()
    parks[0] = 0
    harness.clock.advance(delay)
    harness.execute_task(carried)
    harness.work()
    assert list(harness.engine.starts.values()) == [1]
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_bytes_the_bucket_was_too_busy_for_are_put_again_and_not_made_again() -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit()
    fail(harness.blobs, "put", 3)
    harness.work()
    assert list(harness.engine.starts.values()) == [1]
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_a_poll_whose_inputs_cannot_be_read_is_planned_again_within_seconds() -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit("[[slow:30]]")
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    ((poll, delay),) = harness.take_messages()
    harness.clock.advance(delay)

    def busy(*_: Any, **__: Any) -> None:
        raise Unavailable("busy")

    real, harness.engine.poll = harness.engine.poll, busy  # type: ignore[method-assign, assignment]
    harness.execute_task(poll)
    harness.engine.poll = real  # type: ignore[method-assign]
    ((_, delay),) = [sent for sent in harness.take_messages() if sent[0].step is TaskStep.POLL]
    assert delay <= 10
    harness.clock.advance(delay)
    harness.execute_task(poll)
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_a_canceled_job_drops_what_was_made_but_not_settled() -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit()
    left = fail(harness.store, "commit", float("inf"))
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    left[0] = 0
    harness.cancel_job(harness.caller(), job.id)
    harness.work()
    task = harness.job(job.id).tasks[0]
    assert (task.state, task.asset, harness.wallet.spent) == (TaskState.CANCELED, None, 0)
    harness.check_books()


def test_a_deadline_that_passes_meanwhile_refunds() -> None:
    harness = CoreHarness(resubmit_safe=False)
    job = harness.submit()
    left = fail(harness.store, "commit", float("inf"))
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    left[0] = 0
    harness.clock.set(harness.job(job.id).deadline_at + LEASE)
    harness.sweep()
    done = harness.job(job.id)
    assert (done.failure, done.tasks[0].asset) == (FailureCode.TIMED_OUT, None)
    assert harness.wallet.spent == 0
    harness.check_books()
