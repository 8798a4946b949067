"""Lambda entry: objects that were created in the bucket, each handed to the use case of its prefix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.domain.errors import Unavailable
from darkroom.domain.files import uploads
from darkroom.entrypoints.pauses import come_back
from darkroom.services.files.ingest_upload import IngestUpload
from darkroom.wiring import container
from darkroom_fonts.inspecting import FontInspector
from darkroom_graphics.inspecting import IsolatedInspector

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
inspector = IsolatedInspector()
inspector.start()  # it takes longer than the rest of this start, and nobody waits for it


@cache
def _ingest_upload() -> IngestUpload:
    return container().ingest_upload(inspector, FontInspector())


# Which use case an object is for, by the beginning of its key. Each answers in a word what came of it.
ROUTES: Mapping[str, Callable[[str], str]] = {
    uploads.PREFIX: lambda key: _ingest_upload()(key).value,
}


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Work off a batch of messages; only those that failed come back."""
    outcomes: Counter[str] = Counter()

    def work(record: SQSRecord) -> None:
        outcomes.update(_taken_in(record))

    response = process_partial_response(event, work, processor, context)
    logger.info("objects", outcomes=outcomes, failed=len(response["batchItemFailures"]))
    return response


def _taken_in(record: SQSRecord) -> list[str]:
    try:
        return [_route(key) for key in _created(record.json_body)]
    except Unavailable as unavailable:
        come_back(record, unavailable)
        raise
    except Exception:
        logger.exception("an object was not taken in", message_id=record.message_id)
        raise


def _created(notification: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the objects that a message of S3's is about; its test message is about none."""
    for record in notification.get("Records", ()):
        if str(record["eventName"]).removeprefix("s3:").startswith("ObjectCreated:"):
            yield unquote_plus(record["s3"]["object"]["key"])


def _route(key: str) -> str:
    for prefix, take_in in ROUTES.items():
        if key.startswith(prefix):
            return take_in(key)
    logger.warning("nothing is expected there", key=key)
    return "unexpected"
