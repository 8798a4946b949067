"""The event bus in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence

from darkroom.adapters.eventbridge import event_from_detail, event_to_detail
from darkroom.domain.webhooks.events import Event


class FakeBus:
    """Keeps what was announced, as it would arrive. It does not take the events named in ``refusing``."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.refusing: set[str] = set()

    def publish(self, events: Sequence[Event]) -> Sequence[str]:
        taken = [event for event in events if event.id not in self.refusing]
        self.events += [event_from_detail(json.loads(event_to_detail(event))) for event in taken]
        return [event.id for event in events if event.id in self.refusing]
