"""Messages about tasks: to the queue of the task's route, and never before they are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.services.jobs.queue_task import QueueTask
from tests.contract.examples import job
from tests.fakes import FakeClock, FakeQueues
from tests.fakes.vendors import FakeMeter


@pytest.mark.parametrize(
    ("seconds", "delay"),
    [(-5, 0), (0, 0), (0.1, 1), (7, 7), (7.001, 8), (MAX_DELAY_SECONDS + 1, MAX_DELAY_SECONDS)],
)
def test_a_message_is_delayed_until_it_is_due_as_far_as_a_queue_can(seconds: float, delay: int) -> None:
    queues, clock = FakeQueues(), FakeClock()
    QueueTask(queues, clock, FakeMeter())(
        job(), job().tasks[0], TaskStep.START, clock.now() + timedelta(seconds=seconds)
    )
    (sent,) = queues.tasks
    assert (sent.message.step, sent.delay_seconds) == ("start", delay)


def test_a_message_goes_where_its_task_is_now() -> None:
    queues, clock = FakeQueues(), FakeClock()
    routed = job(routes=(Route("fal", Queue.VENDORS), Route("sandbox", Queue.SANDBOX)))
    for route in (0, 1):
        QueueTask(queues, clock, FakeMeter())(
            routed, replace(routed.tasks[1], route=route), TaskStep.START, clock.now()
        )
    assert [(sent.queue, sent.message.index) for sent in queues.tasks] == [
        (Queue.VENDORS, 1),
        (Queue.SANDBOX, 1),
    ]
