"""The Lambda entry every worker shares: SQS messages in, one use case called per message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.queue_messages import task_from_json
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage
from darkroom.wiring import container

logger = Logger()

LONGEST_PAUSE: Final = 120  # seconds, between tries of a message that something of ours was too busy for

type Handler = Callable[[dict[str, Any], Any], Any]


def task_worker(execute: Callable[[TaskMessage], None]) -> Handler:
    """A Lambda handler that has ``execute`` work off a batch of task messages.

    A message for which it raises goes back to the queue; the others are done. Where it is known when to try again,
    the message is shown again then.
    """
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def work(record: SQSRecord) -> None:
        try:
            execute(task_from_json(record.body))
        except TaskBusy as busy:
            _come_back(record, busy.retry_after)
            raise
        except Unavailable as unavailable:
            # A message is shown a few times only before it is given up, so pauses grow.
            received = int(record.attributes.approximate_receive_count)
            _come_back(record, min(unavailable.retry_after * 2 ** (received - 1), LONGEST_PAUSE))
            raise

    @logger.inject_lambda_context
    def handler(event: dict[str, Any], context: Any) -> Any:
        logger.info("tasks", count=len(event["Records"]))
        return process_partial_response(event, work, processor, context)

    return handler


def _come_back(record: SQSRecord, seconds: int) -> None:
    container().visibility.come_back(record.event_source_arn, record.receipt_handle, seconds)
