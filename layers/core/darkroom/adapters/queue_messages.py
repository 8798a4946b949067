"""Queue messages as JSON and back, for those who send them and those who receive them."""

from __future__ import annotations

import json

from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.serialization import (
    delivery_from_document,
    delivery_to_document,
    endpoint_from_document,
    endpoint_to_document,
    owner_from_document,
    owner_to_document,
)
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage


def task_to_json(message: TaskMessage) -> str:
    named = {"vendor": message.vendor, "work_id": message.work_id}
    return json.dumps(
        {
            "owner": owner_to_document(message.owner),
            "job_id": message.job_id,
            "index": message.index,
            "step": message.step,
            "count": message.count,
            **{name: value for name, value in named.items() if value},
        }
    )


def task_from_json(text: str) -> TaskMessage:
    document = json.loads(text)
    return TaskMessage(
        owner_from_document(document["owner"]),
        document["job_id"],
        document["index"],
        document["step"],
        document.get("count", 1),
        document.get("vendor", ""),
        document.get("work_id", ""),
    )


def delivery_to_json(message: DeliveryMessage) -> str:
    return json.dumps(
        {
            "owner": owner_to_document(message.owner),
            "endpoint_id": message.endpoint_id,
            "delivery_id": message.delivery_id,
            "first": delivery_to_document(message.first) if message.first else None,
            "endpoint": endpoint_to_document(message.endpoint) if message.endpoint else None,
        }
    )


def delivery_from_json(text: str) -> DeliveryMessage:
    document = json.loads(text)
    first, endpoint = document["first"], document["endpoint"]
    return DeliveryMessage(
        owner_from_document(document["owner"]),
        document["endpoint_id"],
        document["delivery_id"],
        delivery_from_document(first) if first else None,
        endpoint_from_document(endpoint) if endpoint else None,
    )
