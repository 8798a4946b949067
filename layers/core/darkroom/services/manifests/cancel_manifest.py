"""Canceling a manifest: what is made is kept and charged, the rest is released and reported."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.errors import AlreadyFinished, NotFound, Unavailable
from darkroom.domain.manifests.manifest import Manifest, ManifestStatus, Stop
from darkroom.domain.manifests.messages import ManifestMessage
from darkroom.services.manifests.save import SaveNext, StaleManifest

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.ports.manifests import ManifestQueue, Manifests
    from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

MAX_RACES = 20
REASON = "The manifest was canceled."


@dataclass(frozen=True, slots=True)
class CancelManifest:
    """Cancels manifests. A worker ends the jobs that are under way."""

    manifests: Manifests
    save: SaveNext
    queue: ManifestQueue
    clock: Clock

    def __call__(self, owner: Owner, manifest_id: str) -> Manifest:
        """Cancel an open manifest; canceling it again changes nothing.

        Raises
        ------
        NotFound, AlreadyFinished, Unavailable
        """
        for _ in range(MAX_RACES):
            manifest = self.manifests.get(owner, manifest_id)
            if manifest is None:
                raise NotFound("No such manifest.")
            if manifest.terminal and manifest.status is not ManifestStatus.CANCELED:
                raise AlreadyFinished("The manifest has ended.")
            if manifest.terminal or manifest.stop is Stop.CANCELED:
                return manifest
            try:
                return self._cancel(manifest)
            except StaleManifest:
                continue  # it went on in between
        raise Unavailable("The manifest is busy.")

    def _cancel(self, manifest: Manifest) -> Manifest:
        stopped = manifest.stopped(Stop.CANCELED, "canceled", REASON)
        if manifest.status is ManifestStatus.PENDING:
            return self.save(manifest, stopped.ended(self.clock.now()))
        saved = self.save(manifest, stopped)
        try:
            self.queue.send([ManifestMessage(saved.owner, saved.id, saved.turn)])
        except Unavailable:
            logger.warning("manifest %s was canceled and its worker not told", saved.id)
        return saved
