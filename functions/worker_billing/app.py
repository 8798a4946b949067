"""Lambda entry: changes of watched wallets, and messages to look at an owner's balance."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.dynamodb.keys import owner_of_wallet
from darkroom.adapters.sqs_reloads import reload_from_json
from darkroom.domain.errors import Unavailable
from darkroom.entrypoints.pauses import come_back
from darkroom.wiring import container

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

STREAM = "aws:dynamodb"


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Handle a batch of either sort."""
    if event["Records"][0]["eventSource"] == STREAM:
        return _changed(event["Records"])
    response = process_partial_response(event, _look, processor, context)
    logger.info("balances", messages=len(event["Records"]), failed=len(response["batchItemFailures"]))
    return response


def _changed(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Have each owner whose wallet changed looked at, once for all changes of a batch."""
    owners = {owner_of_wallet(record["dynamodb"]["Keys"]["pk"]["S"]) for record in records}
    for owner in owners:
        container().queue_reload(owner)
    logger.info("wallets changed", records=len(records), owners=len(owners))
    return {"batchItemFailures": []}


def _look(record: SQSRecord) -> None:
    try:
        container().reload_credits.handle(reload_from_json(record.body))
    except Unavailable as unavailable:
        come_back(record, unavailable)
        raise
    except Exception:
        logger.exception("a balance was not looked at", message_id=record.message_id)
        raise
