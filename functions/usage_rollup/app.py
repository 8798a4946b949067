"""Lambda entry: ends of jobs, and what is charged or refunded later, counted as usage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from darkroom.adapters.dynamodb.rows import job_from_image
from darkroom.services.usage.count_usage import JobChange
from darkroom.wiring import container

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001
    """Count a batch at once; the stream goes on behind the last record before the first that failed."""
    changes: list[JobChange] = []
    unreadable: list[str] = []
    for record in event["Records"]:
        try:
            changes.append(_change(record["dynamodb"]))
        except (KeyError, TypeError, ValueError):
            logger.exception("unreadable record")
            unreadable.append(record["dynamodb"]["SequenceNumber"])
    counted = container().count_usage(changes)
    failed = [*unreadable, *counted.failed]
    logger.info("counted", records=len(event["Records"]), facts=counted.facts, failed=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in failed]}


def _change(record: Mapping[str, Any]) -> JobChange:
    old = record.get("OldImage")
    return JobChange(
        record["SequenceNumber"], job_from_image(old) if old else None, job_from_image(record["NewImage"])
    )
