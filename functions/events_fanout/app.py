"""Lambda entry: events from the bus, fanned out to the endpoints that want them."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.eventbridge import event_from_detail
from darkroom.wiring import container
from events_fanout import payloads

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Fan out a batch; only the events that failed come back."""
    response = process_partial_response(event, _fan_out, processor, context)
    failed = len(response["batchItemFailures"])
    logger.info("fanned out", events=len(event["Records"]), failed=failed)
    return response


def _fan_out(record: SQSRecord) -> None:
    core = container()
    try:
        event = event_from_detail(record.json_body["detail"])
        core.fan_out(event, lambda: payloads.data(event, core.links))
    except Exception:
        logger.exception("event was not fanned out", message_id=record.message_id)
        raise
