"""Messages to the workers.

Each message names its workspace as its group: on a standard queue that makes SQS share the workers fairly
between workspaces, so one that sends thousands does not keep the others waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.adapters.aws_errors import BUSY, translating
from darkroom.adapters.batches import batched
from darkroom.adapters.queue_messages import delivery_to_json, task_to_json
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

    from darkroom.domain.jobs.messages import TaskMessage
    from darkroom.domain.webhooks.delivery_messages import DeliveryMessage

type _Letter = tuple[str, str]  # group, body

_OPTIONAL = frozenset({Queue.SANDBOX, Queue.SANDBOX_FILMS})  # a stack may be deployed without them


class SqsQueues:
    """Sends over SQS. A function is given the addresses of the queues it sends to and no others."""

    def __init__(
        self, client: SQSClient, *, tasks: Mapping[Queue, str], deliveries: str | None = None
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._deliveries = deliveries

    def send_tasks(self, queue: Queue, messages: Sequence[TaskMessage], *, delay_seconds: int = 0) -> None:
        if queue in _OPTIONAL and queue not in self._tasks:
            raise Unavailable("This stack was deployed without the sandbox.")
        letters = [(message.owner.workspace_id, task_to_json(message)) for message in messages]
        self._send(self._tasks.get(queue), letters, delay_seconds)

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: int = 0) -> None:
        letters = [(message.owner.workspace_id, delivery_to_json(message)) for message in messages]
        self._send(self._deliveries, letters, delay_seconds)

    def _send(self, url: str | None, letters: Sequence[_Letter], delay: int) -> None:
        if url is None:
            raise LookupError("this function was given no address for the queue")
        for batch in batched(letters, lambda letter: len(letter[1])):
            if len(batch) == 1:
                self._send_one(url, batch[0], delay)
            else:
                self._send_batch(url, batch, delay)

    def _send_one(self, url: str, letter: _Letter, delay: int) -> None:
        group, body = letter
        with translating():
            self._client.send_message(
                QueueUrl=url, MessageBody=body, MessageGroupId=group, DelaySeconds=delay
            )

    def _send_batch(self, url: str, batch: Sequence[_Letter], delay: int) -> None:
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "MessageBody": body, "MessageGroupId": group, "DelaySeconds": delay}
            for number, (group, body) in enumerate(batch)
        ]
        refused = self._refused(url, entries)
        if refused and self._refused(url, refused):
            raise Unavailable(BUSY)

    def _refused(
        self, url: str, entries: Sequence[SendMessageBatchRequestEntryTypeDef]
    ) -> list[SendMessageBatchRequestEntryTypeDef]:
        with translating():
            response = self._client.send_message_batch(QueueUrl=url, Entries=entries)
        failed = {failure["Id"] for failure in response.get("Failed", [])}
        return [entry for entry in entries if entry["Id"] in failed]
