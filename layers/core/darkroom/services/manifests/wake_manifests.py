"""Sending manifests their messages: those that wait for credits once there are some, and those that lost theirs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from darkroom.domain.errors import Unavailable
from darkroom.domain.manifests.messages import ManifestMessage
from darkroom.services.manifests.save import SaveNext, StaleManifest

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.manifests.manifest import Manifest
    from darkroom.ports.manifests import ManifestQueue, Manifests
    from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

MOST = 25
AGAIN_AFTER = timedelta(minutes=5)
UNREADABLE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WakeManifests:
    """Wakes manifests."""

    manifests: Manifests
    queue: ManifestQueue
    save: SaveNext
    clock: Clock

    def of(self, owner: Owner) -> int:
        """Wake those of an owner who got credits; returns how many. Housekeeping wakes whom this does not reach."""
        try:
            return self._send(self.manifests.parked(owner, MOST))
        except Unavailable:
            logger.warning("the manifests of %s were not woken", owner.workspace_id)
            return 0

    def overdue(self, limit: int = 200) -> int:
        """Send their message again to those whose last one is lost, and to those that are parked."""
        now = self.clock.now()
        due = self.manifests.due(now, limit)
        for row in due.unreadable:
            self.manifests.set_aside(row, now + UNREADABLE_AFTER)
        return sum(self._remind(manifest, now) for manifest in due.items)

    def _remind(self, manifest: Manifest, now: datetime) -> int:
        """Send one its message, if nobody else is at it; one that fails stops no other."""
        try:
            return self._send([self.save(manifest, replace(manifest, check_at=now + AGAIN_AFTER))])
        except StaleManifest:
            return 0
        except Exception:
            logger.exception("manifest %s could not be sent its message", manifest.id)
            return 0

    def _send(self, manifests: Sequence[Manifest]) -> int:
        messages = [ManifestMessage(it.owner, it.id, it.turn) for it in manifests]
        if messages:
            self.queue.send(messages)
        return len(messages)
