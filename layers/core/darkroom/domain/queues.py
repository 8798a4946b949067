"""What holds for every queue."""

from __future__ import annotations

from typing import Final

MAX_DELAY_SECONDS: Final = 900  # what SQS can delay a message by
