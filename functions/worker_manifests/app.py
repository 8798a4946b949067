"""Lambda entry: manifests whose files have arrived, and turns of those under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.queue_messages import manifest_from_json
from darkroom.domain.errors import Unavailable
from darkroom.domain.manifests.messages import ManifestMessage, SourceArrived
from darkroom.entrypoints.pauses import come_back
from darkroom.wiring import container

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

RESERVE_MS: Final = 60_000  # of the function's two minutes, for what a turn does after its last segment


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Work off a batch of messages; only those that failed come back."""

    def has_time() -> bool:
        return int(context.get_remaining_time_in_millis()) > RESERVE_MS

    response = process_partial_response(event, lambda record: _work(record, has_time), processor, context)
    logger.info("manifests", messages=len(event["Records"]), failed=len(response["batchItemFailures"]))
    return response


def _work(record: SQSRecord, has_time: Callable[[], bool]) -> None:
    try:
        body = record.json_body
        if "manifest_id" in body:
            _go_on(manifest_from_json(record.body), has_time)
        for news in _created(body):
            container().start_manifest.arrived(news)
    except Unavailable as unavailable:
        come_back(record, unavailable)
        raise
    except Exception:
        logger.exception("a manifest was not advanced", message_id=record.message_id)
        raise


def _go_on(message: ManifestMessage, has_time: Callable[[], bool]) -> None:
    if message.is_before_the_file:
        container().start_manifest.look(message.owner, message.manifest_id)
    else:
        container().advance_manifest(message, has_time)


def _created(notification: Mapping[str, Any]) -> Iterator[SourceArrived]:
    """The files that a message of S3's is about; its test message is about none."""
    for record in notification.get("Records", ()):
        if str(record["eventName"]).removeprefix("s3:").startswith("ObjectCreated:"):
            created = record["s3"]["object"]
            yield SourceArrived(unquote_plus(created["key"]), created["eTag"].strip('"'), created["size"])
