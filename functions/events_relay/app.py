"""Lambda entry: changes from the tables' streams, announced on the bus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger

from darkroom.adapters.dynamodb.events import EVENT, event_from_image
from darkroom.adapters.dynamodb.files import file_from_image
from darkroom.adapters.dynamodb.manifests import MANIFEST, manifest_from_image
from darkroom.adapters.dynamodb.marshal import Image
from darkroom.adapters.dynamodb.rows import (
    ENDPOINT,
    FILE,
    JOB,
    SPENDING,
    endpoint_from_image,
    job_from_image,
    spending_from_image,
)
from darkroom.services.webhooks.announce import Change, Subject
from darkroom.wiring import container

logger = Logger()

READERS: Mapping[str, Callable[[Image], Subject]] = {
    JOB: job_from_image,
    ENDPOINT: endpoint_from_image,
    FILE: file_from_image,
    MANIFEST: manifest_from_image,
    EVENT: event_from_image,
    SPENDING: spending_from_image,
}


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001
    """Publish a batch at once; the stream goes on behind the last record before the first that failed."""
    changes: list[Change] = []
    unreadable: list[str] = []
    for record in event["Records"]:
        try:
            changes.append(_change(record["dynamodb"]))
        except (KeyError, TypeError, ValueError):
            logger.exception("unreadable record")
            unreadable.append(record["dynamodb"]["SequenceNumber"])
    announced = container().announce(changes)
    failed = [*unreadable, *announced.failed]
    logger.info("relayed", records=len(event["Records"]), events=announced.events, failed=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in failed]}


def _change(record: Mapping[str, Any]) -> Change:
    return Change(record["SequenceNumber"], _object(record.get("OldImage")), _object(record.get("NewImage")))


def _object(image: Image | None) -> Subject | None:
    """What the image is of, if it is anything that is announced."""
    read = READERS.get(image["entity"]["S"]) if image and "entity" in image else None
    return read(image) if read and image else None
