"""Reading a workspace's manifests, and where their results are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from darkroom.domain.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.manifests.manifest import Manifest
    from darkroom.domain.paging import Page, PageRequest
    from darkroom.ports.manifests import Manifests
    from darkroom.ports.storage import Blobs
    from darkroom.ports.system import Clock

DOWNLOAD_TIME = timedelta(minutes=15)  # well within the life of the function's own credentials


@dataclass(frozen=True, slots=True)
class ManifestDownloads:
    """Addresses of a manifest's results and of its report of bad rows, good until ``expires_at``."""

    results: str
    errors: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReadManifests:
    """Reads manifests."""

    manifests: Manifests
    blobs: Blobs
    clock: Clock

    def get(self, owner: Owner, manifest_id: str) -> Manifest:
        """One manifest.

        Raises
        ------
        NotFound
        """
        found = self.manifests.get(owner, manifest_id)
        if found is None:
            raise NotFound("No such manifest.")
        return found

    def list(self, owner: Owner, page: PageRequest) -> Page[Manifest]:
        """Manifests, by default the newest first.

        Raises
        ------
        InvalidParam
            The cursor is no manifest's id.
        """
        return self.manifests.list(owner, page)

    def results_of(self, owner: Owner, manifest_id: str) -> ManifestDownloads | None:
        """Where the results of a manifest that has ended are; ``None`` of one that has none yet, or never began.

        Raises
        ------
        NotFound
        """
        manifest = self.get(owner, manifest_id)
        if not manifest.terminal or manifest.started_at is None:
            return None
        seconds = int(DOWNLOAD_TIME.total_seconds())
        return ManifestDownloads(
            self.blobs.presigned_get(manifest.results_key(), expires_seconds=seconds),
            self.blobs.presigned_get(manifest.report_key(), expires_seconds=seconds),
            self.clock.now() + DOWNLOAD_TIME,
        )
