"""How long a chain of messages may get, in which each has a worker send the next.

AWS would end such a chain after about sixteen, which a film polled every ten seconds has sent in three minutes.
The workers are exempt from that (`RecursiveLoop: Allow`), so nothing but this keeps a defect from sending for ever.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FREE_HOPS: Final = 64


def may_go_on(hops: int, age: timedelta) -> bool:
    """Whether a chain of ``hops`` messages, for a job of that age, may have one more: one a second, on average."""
    return hops < FREE_HOPS + age.total_seconds()
