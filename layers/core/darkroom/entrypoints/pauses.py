"""When a message is shown again for which something of ours was too busy: in seconds, and later from try to try."""

from __future__ import annotations

from typing import Final

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.domain.errors import Unavailable
from darkroom.wiring import container

LONGEST_PAUSE: Final = 120  # seconds


def come_back(record: SQSRecord, unavailable: Unavailable) -> None:
    """Show the message again after a pause. It is shown a few times only before it is given up, so pauses grow."""
    received = int(record.attributes.approximate_receive_count)
    come_back_in(record, min(unavailable.retry_after * 2 ** (received - 1), LONGEST_PAUSE))


def come_back_in(record: SQSRecord, seconds: int) -> None:
    """Show the message again after so many seconds."""
    container().visibility.come_back(record.event_source_arn, record.receipt_handle, seconds)
