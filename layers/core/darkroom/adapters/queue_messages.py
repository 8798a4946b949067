"""Queue messages as JSON and back, for those who send them and those who receive them."""

from __future__ import annotations

import json

from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.manifests.messages import ManifestMessage
from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage


def task_to_json(message: TaskMessage) -> str:
    return json.dumps(to_document(message))


def task_from_json(text: str) -> TaskMessage:
    return from_document(TaskMessage, json.loads(text))


def delivery_to_json(message: DeliveryMessage) -> str:
    return json.dumps(to_document(message))


def delivery_from_json(text: str) -> DeliveryMessage:
    return from_document(DeliveryMessage, json.loads(text))


def manifest_to_json(message: ManifestMessage) -> str:
    return json.dumps(to_document(message))


def manifest_from_json(text: str) -> ManifestMessage:
    return from_document(ManifestMessage, json.loads(text))
