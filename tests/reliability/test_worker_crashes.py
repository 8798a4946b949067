"""Every message twice, every call the last one: whatever dies where, one charge, one end, nothing lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from darkroom.domain.jobs import Job, JobStatus
from darkroom.domain.writes import StoredResponse
from darkroom.ports import TaskMessage
from darkroom.services.execute_task import TaskBusy
from darkroom.services.idempotency import AlreadyAnswered, Receipt
from tests.fakes.world import LEASE, Crash, World

PROMPTS = {
    "a kite": 2,
    "[[fail:1]] a kite": 1,
    "[[block]]": 0,
    "[[slow:30]] a kite": 2,
    "[[lose]] a kite": 2,
}
TERMINAL = {JobStatus.SUCCEEDED, JobStatus.PARTIAL, JobStatus.FAILED}


def redeliver(world: World, message: TaskMessage) -> None:
    """The queue shows a message again until its worker gets through, as SQS does after a crash."""
    for _ in range(6):
        try:
            world.execute_task(message)
        except TaskBusy:
            world.clock.advance(LEASE)
        else:
            return
    raise AssertionError("the message never got through")


def run_with_crash(prompt: str, die_at: int, *, after_effect: bool) -> tuple[World, str, bool]:
    """Run a two-output job to its end with one crash at the nth call; says whether it came to that."""
    world = World()
    job = world.submit(prompt, count=2)
    world.calls.made.clear()
    world.calls.die_at, world.calls.die_after_effect = die_at, after_effect
    crashed = False
    for _ in range(200):
        messages = world.take_messages()
        if not messages:
            if world.job(job.id).terminal:
                return world, job.id, crashed
            world.clock.advance(timedelta(minutes=6))
            world.sweep()
            continue
        for message, delay in messages:
            world.clock.advance(delay)
            try:
                world.execute_task(message)
            except TaskBusy:
                redeliver(world, message)
            except Crash:
                crashed = True
                world.calls.die_at = None
                redeliver(world, message)
    raise AssertionError("the job never ended")


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("prompt", "charged"), PROMPTS.items())
def test_a_worker_may_die_at_any_call(prompt: str, charged: int, after_effect: bool) -> None:
    for die_at in range(1, 100):
        world, job_id, crashed = run_with_crash(prompt, die_at, after_effect=after_effect)
        done = world.job(job_id)
        assert done.status in TERMINAL, die_at
        assert (done.charged, world.wallet.spent, world.wallet.held) == (charged, charged, 0), die_at
        assert len(world.memory.assets) == len(done.succeeded_tasks) == len(world.fake_blobs.objects), die_at
        world.check_books()
        if not crashed:
            assert die_at > 3
            return
    raise AssertionError("there is no end to the calls")


@pytest.mark.parametrize(("prompt", "charged"), PROMPTS.items())
def test_every_message_may_come_twice_and_in_any_order(prompt: str, charged: int) -> None:
    world = World()
    job = world.submit(prompt, count=2)
    seen: list[TaskMessage] = []
    while messages := world.take_messages():
        for message, delay in reversed(messages):
            world.clock.advance(delay)
            redeliver(world, message)
            redeliver(world, message)
            seen.append(message)
    before = (world.wallet, len(world.memory.entries), dict(world.engine.starts))
    for message in [*seen, *reversed(seen)]:
        world.execute_task(message)
    assert (world.wallet, len(world.memory.entries), dict(world.engine.starts)) == before
    assert world.job(job.id).charged == charged
    world.check_books()


def test_accepting_may_die_at_any_call_and_the_client_may_ask_again() -> None:
    receipt: Receipt[Job] = Receipt("key", "body", lambda job: StoredResponse(202, json.dumps(job.id)))
    for after_effect in (False, True):
        for die_at in (1, 2, 3):
            world = World()
            world.calls.die_at, world.calls.die_after_effect = die_at, after_effect
            with pytest.raises(Crash):
                world.submit(receipt=receipt)
            world.calls.die_at = None
            try:
                world.submit(receipt=receipt)
            except AlreadyAnswered:
                world.clock.advance(timedelta(minutes=3))
                world.sweep()
            assert len(world.memory.jobs) == 1
            world.work()
            assert (world.wallet.spent, world.wallet.held) == (1, 0)
            world.check_books()
