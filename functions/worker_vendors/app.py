"""Lambda entry: task messages from the generation queue, each one step of one output made by a vendor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.queue_messages import task_from_json
from darkroom.wiring import container
from darkroom_graphics.masks import SkiaMasks

LEASE: Final = timedelta(seconds=330)  # the function may run for 300 s

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Work off a batch; messages whose work did not end go back to the queue, the others do not."""
    logger.info("tasks", count=len(event["Records"]))
    return process_partial_response(event, _execute, processor, context)


def _execute(record: SQSRecord) -> None:
    core = container()
    core.execute_task(core.engines(SkiaMasks()), LEASE)(task_from_json(record.body))
