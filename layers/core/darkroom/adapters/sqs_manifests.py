"""Messages to the worker of manifests, over SQS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.adapters.aws_errors import translating
from darkroom.adapters.queue_messages import manifest_to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_sqs import SQSClient

    from darkroom.domain.manifests.messages import ManifestMessage


class SqsManifestQueue:
    """The queue of ``worker_manifests``; each message's group is its workspace."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, messages: Sequence[ManifestMessage], *, delay_seconds: int = 0) -> None:
        if not self._url:
            raise LookupError("this function was given no address for the queue")
        for message in messages:  # hardly ever more than one
            with translating():
                self._client.send_message(
                    QueueUrl=self._url,
                    MessageBody=manifest_to_json(message),
                    MessageGroupId=message.owner.workspace_id,
                    DelaySeconds=delay_seconds,
                )
