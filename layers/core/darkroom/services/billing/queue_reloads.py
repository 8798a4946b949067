"""Having an owner's balance looked at: at once, or at a moment further away than a queue can wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.ports.billing import ReloadQueue
from darkroom.ports.system import Clock

LONGEST_DELAY: Final = 900  # seconds: SQS's


@dataclass(frozen=True, slots=True)
class QueueReloads:
    """Sends messages to the worker, which sends on what comes before its time: so one may wait for days."""

    queue: ReloadQueue
    clock: Clock

    def __call__(self, owner: Owner, not_before: datetime | None = None) -> None:
        """Have an owner's balance looked at."""
        self.queue.send(ReloadMessage(owner, not_before), delay_seconds=self._delay(not_before))

    def _delay(self, until: datetime | None) -> int:
        seconds = math.ceil((until - self.clock.now()).total_seconds()) if until else 0
        return min(max(seconds, 0), LONGEST_DELAY)
