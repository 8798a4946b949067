"""The Lambda entry every worker shares: SQS messages in, one use case called per message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.queue_messages import task_from_json
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage
from darkroom.entrypoints.pauses import come_back, come_back_in

logger = Logger()

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
            come_back_in(record, busy.retry_after)
            raise
        except Unavailable as unavailable:
            come_back(record, unavailable)
            raise

    @logger.inject_lambda_context
    def handler(event: dict[str, Any], context: Any) -> Any:
        logger.info("tasks", count=len(event["Records"]))
        return process_partial_response(event, work, processor, context)

    return handler
