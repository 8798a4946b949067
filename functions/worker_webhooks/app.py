"""Lambda entry: delivery messages, each one try at one subscriber."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    AsyncBatchProcessor,
    EventType,
    async_process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.queue_messages import delivery_from_json
from darkroom.services.webhooks.deliver_webhook import DeliverWebhook
from darkroom.wiring import container

logger = Logger()
processor = AsyncBatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Try a batch side by side, so that one slow subscriber does not use up the time of the others."""
    deliver = container().deliver_webhook  # built here, because clients are not to be made in threads
    outcomes: Counter[str] = Counter()

    async def work(record: SQSRecord) -> None:
        outcomes[await asyncio.to_thread(_deliver, deliver, record)] += 1

    response = async_process_partial_response(event, work, processor, context)
    logger.info("deliveries", outcomes=outcomes, broken=len(response["batchItemFailures"]))
    return response


def _deliver(deliver: DeliverWebhook, record: SQSRecord) -> str:
    try:
        return deliver(delivery_from_json(record.body)).value
    except Exception:
        logger.exception("delivery was not tried", message_id=record.message_id)
        raise
