"""When a message that was not done comes back: in seconds, not when the function that had it might have timed out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_sqs import SQSClient

logger = logging.getLogger(__name__)


class SqsVisibility:
    """Changes when messages of this function's own queues are to be seen again."""

    def __init__(self, client: SQSClient, urls: Iterable[str]) -> None:
        self._client = client
        self._urls = {url.rpartition("/")[2]: url for url in urls if url}

    def come_back(self, queue_arn: str, receipt: str, seconds: int) -> None:
        """Show the message again after ``seconds``. If that fails it comes back when its queue would show it."""
        url = self._urls.get(queue_arn.rpartition(":")[2])
        if url is None:
            return
        try:
            self._client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )
        except (ClientError, BotoCoreError):
            logger.warning("a message comes back when its queue shows it", exc_info=True)
