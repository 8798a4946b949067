"""What AWS hands to a function: its context, and events of queues and streams."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.events import event_row
from darkroom.adapters.dynamodb.manifests import manifest_row
from darkroom.adapters.dynamodb.marshal import to_image
from darkroom.adapters.dynamodb.rows import SPENDING, endpoint_row, job_row, spending_column
from darkroom.adapters.dynamodb.writes.files import file_row
from darkroom.adapters.eventbridge import event_to_detail
from darkroom.domain.accounts.key_budgets import KeySpending
from darkroom.domain.files.file import File
from darkroom.domain.jobs.job import Job
from darkroom.domain.manifests.manifest import Manifest
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.webhooks.events import Event
from darkroom.services.webhooks.announce import Subject
from tools.paths import ROOT

type Payload = dict[str, Any]

SAMPLES = ROOT / "events"


@dataclass(frozen=True)
class LambdaContext:
    """What a handler is told about its invocation."""

    function_name: str = "f"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:1:function:f"
    aws_request_id: str = "r"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


CONTEXT = LambdaContext()


def sqs_event(bodies: Sequence[str]) -> Payload:
    """An event of a queue; the messages are numbered from 0."""
    return {
        "Records": [
            {
                "messageId": str(number),
                "receiptHandle": "h",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:1:q",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def stream_record(sequence: str, before: Subject | None, after: Subject | None) -> Payload:
    """A change of a row as the table's stream tells of it."""
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventName": "MODIFY" if before else "INSERT",
        "dynamodb": {
            "SequenceNumber": sequence,
            **{name: image_of(thing) for name, thing in images.items() if thing is not None},
        },
    }


def image_of(thing: Subject) -> Payload:
    return json.loads(json.dumps(to_image(_row_of(thing))))  # type: ignore[no-any-return]


def _row_of(thing: Subject) -> Payload:
    match thing:
        case Job():
            return job_row(thing)
        case Endpoint():
            return endpoint_row(thing)
        case File():
            return file_row(thing)
        case Manifest():
            return manifest_row(thing)
        case KeySpending():
            return _spending_row(thing)
        case Event():
            return event_row(thing)


def _spending_row(spending: KeySpending) -> Payload:
    """As the writes leave it that count."""
    limits = {"day_limit": spending.budget.day, "month_limit": spending.budget.month}
    counted = {spending_column(name): used for name, used in spending.used.items()}
    said = {"entity": SPENDING, **{name: limit for name, limit in limits.items() if limit is not None}}
    at = {"counted_at": spending.counted_at.isoformat()} if spending.counted_at else {}
    return {**keys.spending(spending.owner, spending.budget.key_id), **said, **counted, **at}


def bus_message(event: Event) -> str:
    """An event as the bus's rule puts it on a queue."""
    return json.dumps({"source": "darkroom", "detail": json.loads(event_to_detail(event))})


def failures(response: Any) -> list[str]:
    """The messages, or places in a stream, that a handler wants to see again."""
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def sample(name: str) -> Payload:
    """A trigger's payload as AWS sends it."""
    return json.loads((SAMPLES / f"{name}.json").read_text())  # type: ignore[no-any-return]
