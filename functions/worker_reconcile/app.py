"""Lambda entry: turns of reconciliations, the first of which the clock sends."""

from __future__ import annotations

from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.reconcile_messages import turn_from_json
from darkroom.wiring import container

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

RESERVE_MS: Final = (
    60_000  # of the function's two minutes, for the step that is under way when the time is up
)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Work off a batch of messages; only those that failed come back."""

    def work(record: SQSRecord) -> None:
        core = container()
        first = "task" in record.json_body
        turn = core.reconcile.begin() if first else turn_from_json(record.body)
        following = core.reconcile(turn, lambda: int(context.get_remaining_time_in_millis()) > RESERVE_MS)
        if following is not None:
            core.reconcile_queue.send(following)

    response = process_partial_response(event, work, processor, context)
    logger.info("turns", messages=len(event["Records"]), failed=len(response["batchItemFailures"]))
    return response
