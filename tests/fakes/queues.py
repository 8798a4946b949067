"""Queues in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkroom.adapters import queue_messages as wire
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage


@dataclass(frozen=True, slots=True)
class SentTask:
    """A task message on its queue."""

    queue: Queue
    message: TaskMessage
    delay_seconds: int


@dataclass(frozen=True, slots=True)
class SentDelivery:
    """A delivery message on its queue."""

    message: DeliveryMessage
    delay_seconds: int


class FakeQueues:
    """Keeps what was sent, as it would arrive. With ``busy`` set it takes nothing."""

    def __init__(self) -> None:
        self.tasks: list[SentTask] = []
        self.deliveries: list[SentDelivery] = []
        self.busy = False

    def send_tasks(self, queue: Queue, messages: Sequence[TaskMessage], *, delay_seconds: int = 0) -> None:
        self._refuse_if_busy(delay_seconds)
        arriving = [wire.task_from_json(wire.task_to_json(message)) for message in messages]
        self.tasks += [SentTask(queue, message, delay_seconds) for message in arriving]

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: int = 0) -> None:
        self._refuse_if_busy(delay_seconds)
        arriving = [wire.delivery_from_json(wire.delivery_to_json(message)) for message in messages]
        self.deliveries += [SentDelivery(message, delay_seconds) for message in arriving]

    def _refuse_if_busy(self, delay_seconds: int) -> None:
        if not 0 <= delay_seconds <= 900:
            raise ValueError(f"a delay of {delay_seconds} seconds is not possible")
        if self.busy:
            raise Unavailable("The queue is busy.")
