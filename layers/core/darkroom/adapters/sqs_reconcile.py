"""Turns of reconciliations, over SQS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.adapters.aws_errors import translating
from darkroom.adapters.reconcile_messages import turn_to_json

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from darkroom.domain.reconcile.books import Turn


class SqsReconcileQueue:
    """The queue of ``worker_reconcile``."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, turn: Turn) -> None:
        if not self._url:
            raise LookupError("this function was given no address for the queue")
        with translating():
            self._client.send_message(QueueUrl=self._url, MessageBody=turn_to_json(turn))
