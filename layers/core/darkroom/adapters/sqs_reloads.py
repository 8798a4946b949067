"""Messages to the worker that sells credits, over SQS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from darkroom.adapters.aws_errors import translating
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.domain.serialization import from_document, to_document

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def reload_to_json(message: ReloadMessage) -> str:
    return json.dumps(to_document(message))


def reload_from_json(text: str) -> ReloadMessage:
    return from_document(ReloadMessage, json.loads(text))


class SqsReloadQueue:
    """The queue of ``worker_billing``; each message's group is its workspace."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: ReloadMessage, *, delay_seconds: int = 0) -> None:
        with translating():
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=reload_to_json(message),
                MessageGroupId=message.owner.workspace_id,
                DelaySeconds=delay_seconds,
            )
