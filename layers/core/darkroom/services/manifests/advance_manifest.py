"""One turn of a manifest: collect what has ended, expand what may follow, then end it or arrange the next turn.

A turn takes a bounded time and leaves everything it knows in the manifest's row, so it may die at any call: the
message comes back and the turn is done again from there. Of two workers on one manifest the row's version lets one
go on; the other stops at its first save.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.chains import may_go_on
from darkroom.domain.manifests.manifest import MAX_PARKED, Manifest, ManifestStatus, Stop
from darkroom.domain.manifests.messages import ManifestMessage
from darkroom.services.jobs.metrics import Metric
from darkroom.services.manifests.save import StaleManifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.ports.manifests import ManifestQueue, Manifests
    from darkroom.ports.system import Clock, Meter
    from darkroom.services.manifests.collect_segments import CollectSegments
    from darkroom.services.manifests.expand_segments import ExpandSegments
    from darkroom.services.manifests.finish_manifest import FinishManifest
    from darkroom.services.manifests.save import SaveNext

logger = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=10)  # beyond a turn's own delay: then housekeeping sends its message again
RETRY_PARKED = timedelta(minutes=5)

# How old a manifest is → how many seconds until jobs that are under way are looked at again.
_PACE = ((timedelta(minutes=1), 2), (timedelta(minutes=10), 10))
_SLOW = 30


@dataclass(frozen=True, slots=True)
class AdvanceManifest:
    """Handles the messages of manifests that have their file."""

    manifests: Manifests
    queue: ManifestQueue
    collect: CollectSegments
    expand: ExpandSegments
    finish: FinishManifest
    save: SaveNext
    clock: Clock
    meter: Meter

    def __call__(self, message: ManifestMessage, has_time: Callable[[], bool]) -> None:
        """Do a turn; ``has_time`` says whether there is time for another segment.

        Raises
        ------
        Unavailable
            The message must not be taken off the queue yet.
        """
        stored = self.manifests.get(message.owner, message.manifest_id)
        if stored is None or stored.terminal or stored.turn != message.turn:
            logger.info("manifest %s needs nothing of turn %d", message.manifest_id, message.turn)
            return
        try:
            self._turn(stored, has_time)
        except StaleManifest:
            logger.info("manifest %s is advanced by somebody else", stored.id)

    def _turn(self, stored: Manifest, has_time: Callable[[], bool]) -> None:
        now = self.clock.now()
        manifest = self.collect(stored, has_time)
        if manifest.parked_at is not None and now >= manifest.parked_at + MAX_PARKED:
            manifest = manifest.stopped(
                Stop.EXPIRED, "expired", "The manifest waited for credits for too long."
            )
        if manifest != stored:
            manifest = stored = self.save(stored, manifest)
        if not manifest.read_to_end:
            manifest = stored = self.expand(manifest, has_time)
        if manifest.read_to_end and not manifest.open and has_time():
            ended = self.finish(stored, manifest)
            logger.info("manifest %s ended as %s", ended.id, ended.status.value)
            return
        self._next_turn(stored, has_time, now)

    def _next_turn(self, manifest: Manifest, has_time: Callable[[], bool], now: datetime) -> None:
        """Save when the manifest is looked at again, and send the message that does it.

        A parked manifest with nothing under way has no message: new credits send one, or housekeeping does.
        """
        waits = manifest.status is ManifestStatus.PARKED and not manifest.open
        seconds = 0 if not has_time() else _pace(now - (manifest.started_at or now))
        check_at = now + (RETRY_PARKED if waits else timedelta(seconds=seconds) + LOST_AFTER)
        saved = self.save(manifest, replace(manifest, turn=manifest.turn + 1, check_at=check_at))
        if waits:
            return
        if not may_go_on(saved.turn, now - (saved.started_at or now)):
            self.meter.count(Metric.CHAIN_CUT)
            logger.error("manifest %s took %d turns: enough until housekeeping looks", saved.id, saved.turn)
            return
        try:
            self.queue.send([ManifestMessage(saved.owner, saved.id, saved.turn)], delay_seconds=seconds)
        except Unavailable:
            logger.warning("turn %d of manifest %s was not queued; housekeeping does", saved.turn, saved.id)


def _pace(age: timedelta) -> int:
    return next((seconds for until, seconds in _PACE if age < until), _SLOW)
