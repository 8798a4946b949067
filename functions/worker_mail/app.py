"""Lambda entry: events from the bus that a workspace's owner is written of."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.eventbridge import event_from_detail
from darkroom.wiring import container

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Write of a batch; only the events that failed come back."""
    response = process_partial_response(event, _write, processor, context)
    logger.info("letters", events=len(event["Records"]), failed=len(response["batchItemFailures"]))
    return response


def _write(record: SQSRecord) -> None:
    try:
        container().write_to_owner(event_from_detail(record.json_body["detail"]))
    except Exception:
        logger.exception("an owner was not written to", message_id=record.message_id)
        raise
