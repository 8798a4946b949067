"""Every message twice, every call the last one: whatever dies where, one charge, one end, nothing lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage
from darkroom.domain.writes import StoredResponse
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from tests.harness.core import LEASE, CoreHarness, Crash

PROMPTS = {
    "a kite": 2,
    "[[fail:1]] a kite": 1,
    "[[block]]": 0,
    "[[slow:30]] a kite": 2,
    "[[lose]] a kite": 2,
}
TERMINAL = {JobStatus.SUCCEEDED, JobStatus.PARTIAL, JobStatus.FAILED}


def redeliver(harness: CoreHarness, message: TaskMessage) -> None:
    """The queue shows a message again until its worker gets through, as SQS does after a crash."""
    for _ in range(6):
        try:
            harness.execute_task(message)
        except TaskBusy:
            harness.clock.advance(LEASE)
        else:
            return
    raise AssertionError("the message never got through")


def run_with_crash(prompt: str, die_at: int, *, after_effect: bool) -> tuple[CoreHarness, str, bool]:
    """Run a two-output job to its end with one crash at the nth call; says whether it came to that."""
    harness = CoreHarness()
    job = harness.submit(prompt, count=2)
    harness.calls.made.clear()
    harness.calls.die_at, harness.calls.die_after_effect = die_at, after_effect
    crashed = False
    for _ in range(200):
        messages = harness.take_messages()
        if not messages:
            if harness.job(job.id).terminal:
                return harness, job.id, crashed
            harness.clock.advance(timedelta(minutes=6))
            harness.sweep()
            continue
        for message, delay in messages:
            harness.clock.advance(delay)
            try:
                harness.execute_task(message)
            except TaskBusy:
                redeliver(harness, message)
            except Crash:
                crashed = True
                harness.calls.die_at = None
                redeliver(harness, message)
    raise AssertionError("the job never ended")


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("prompt", "charged"), PROMPTS.items())
def test_a_worker_may_die_at_any_call(prompt: str, charged: int, after_effect: bool) -> None:
    for die_at in range(1, 100):
        harness, job_id, crashed = run_with_crash(prompt, die_at, after_effect=after_effect)
        done = harness.job(job_id)
        assert done.status in TERMINAL, die_at
        assert (done.charged, harness.wallet.spent, harness.wallet.held) == (charged, charged, 0), die_at
        assert len(harness.memory.assets) == len(done.succeeded_tasks) == len(harness.blobs.objects), die_at
        harness.check_books()
        if not crashed:
            assert die_at > 3
            return
    raise AssertionError("there is no end to the calls")


@pytest.mark.parametrize(("prompt", "charged"), PROMPTS.items())
def test_every_message_may_come_twice_and_in_any_order(prompt: str, charged: int) -> None:
    harness = CoreHarness()
    job = harness.submit(prompt, count=2)
    seen: list[TaskMessage] = []
    while messages := harness.take_messages():
        for message, delay in reversed(messages):
            harness.clock.advance(delay)
            redeliver(harness, message)
            redeliver(harness, message)
            seen.append(message)
    before = (harness.wallet, len(harness.memory.entries), dict(harness.engine.starts))
    for message in [*seen, *reversed(seen)]:
        harness.execute_task(message)
    assert (harness.wallet, len(harness.memory.entries), dict(harness.engine.starts)) == before
    assert harness.job(job.id).charged == charged
    harness.check_books()


def test_accepting_may_die_at_any_call_and_the_client_may_ask_again() -> None:
    idempotency: IdempotencyContext[Job] = IdempotencyContext(
        "key", "body", lambda job: StoredResponse(202, json.dumps(job.id))
    )
    for after_effect in (False, True):
        for die_at in (1, 2, 3):
            harness = CoreHarness()
            harness.calls.die_at, harness.calls.die_after_effect = die_at, after_effect
            with pytest.raises(Crash):
                harness.submit(idempotency=idempotency)
            harness.calls.die_at = None
            try:
                harness.submit(idempotency=idempotency)
            except AlreadyAnswered:
                harness.clock.advance(timedelta(minutes=3))
                harness.sweep()
            assert len(harness.memory.jobs) == 1
            harness.work()
            assert (harness.wallet.spent, harness.wallet.held) == (1, 0)
            harness.check_books()
