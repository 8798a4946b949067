"""Starting a manifest when its file arrives: one that was registered, or one that the operator put."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from darkroom.domain.errors import DomainError
from darkroom.domain.ids import is_uuid
from darkroom.domain.manifests.manifest import (
    MAX_BYTES,
    OPERATOR,
    UPLOAD_SECONDS,
    Manifest,
    ManifestStatus,
    Order,
    Stop,
    operators_id,
    source_of,
)
from darkroom.domain.manifests.messages import ManifestMessage, SourceArrived
from darkroom.domain.writes import SaveManifest, WriteRefused
from darkroom.services.manifests.advance_manifest import LOST_AFTER
from darkroom.services.manifests.save import StaleManifest

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.manifests.manifest import Source
    from darkroom.ports.manifests import ManifestFiles, ManifestQueue, Manifests, SourceFile
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock
    from darkroom.services.manifests.orders import ResolveOrder
    from darkroom.services.manifests.save import SaveNext

logger = logging.getLogger(__name__)

UPLOAD_TIME = timedelta(seconds=UPLOAD_SECONDS) + timedelta(minutes=15)

TOO_LARGE = f"The file has more than {MAX_BYTES // 1024**2} MB."
NOT_UPLOADED = "No file was uploaded in time."


@dataclass(frozen=True, slots=True)
class StartManifest:
    """Handles the news of files, each of which may come twice, late and out of order."""

    manifests: Manifests
    files: ManifestFiles
    orders: ResolveOrder
    store: Store
    save: SaveNext
    queue: ManifestQueue
    clock: Clock

    def arrived(self, news: SourceArrived) -> None:
        """Start the manifest whose file this is; nothing happens for other files, or a second time.

        Raises
        ------
        Unavailable
        """
        source = source_of(news.key)
        if source is None:
            logger.info("%s is no manifest", news.key)
            return
        manifest = self.manifests.get(source.owner, source.name) if is_uuid(source.name) else None
        if manifest is None:
            self._operators(source, news)
        elif manifest.status is ManifestStatus.PENDING:
            self._start(manifest, news.etag, news.size)
        else:
            self._remind(manifest)

    def look(self, owner: Owner, manifest_id: str) -> None:
        """Start a pending manifest whose file is there though nobody said so; end one that got none in time."""
        manifest = self.manifests.get(owner, manifest_id)
        if manifest is None or manifest.status is not ManifestStatus.PENDING:
            return
        file = self.files.describe(manifest.source)
        if file is not None:
            self._start(manifest, file.etag, file.size)
        elif self.clock.now() >= manifest.created_at + UPLOAD_TIME:
            stopped = manifest.stopped(Stop.EXPIRED, "not_uploaded", NOT_UPLOADED)
            self._save(manifest, stopped.ended(self.clock.now()))

    def _start(self, manifest: Manifest, etag: str, size: int) -> None:
        now = self.clock.now()
        started = manifest.started(etag, size, now, now + LOST_AFTER)
        if size > MAX_BYTES:
            started = started.broken("too_large", TOO_LARGE)
        if self._save(manifest, started):
            self._send(started)

    def _operators(self, source: Source, news: SourceArrived) -> None:
        """Start what the operator put. What it is to become stands in the file's metadata."""
        manifest_id = operators_id(news.key, news.etag)
        known = self.manifests.get(source.owner, manifest_id)
        if known is not None:
            self._remind(known)
            return
        file = self.files.describe(news.key)
        if file is None or file.etag != news.etag:
            logger.info("%s is gone or was overwritten before it was started", news.key)
            return
        started = self._from_file(source, news.key, manifest_id, file)
        try:
            self.store.commit(SaveManifest(replace(started, version=1)))
        except WriteRefused:
            return  # told twice at once
        self._send(started)

    def _from_file(self, source: Source, key: str, manifest_id: str, file: SourceFile) -> Manifest:
        now = self.clock.now()
        try:
            order, problem = self.orders.from_metadata(source.owner, file.metadata), None
        except DomainError as error:
            order, problem = Order.unknown(), error
        manifest = Manifest(
            id=manifest_id,
            owner=source.owner,
            key_id=OPERATOR,
            order=order,
            format=source.format,
            source=key,
            name=source.name,
            created_at=now,
            check_at=now,
        ).started(file.etag, file.size, now, now + LOST_AFTER)
        if problem is not None:
            return manifest.broken("metadata", problem.detail)
        return manifest.broken("too_large", TOO_LARGE) if file.size > MAX_BYTES else manifest

    def _remind(self, manifest: Manifest) -> None:
        """Send a started manifest's first message again, which may never have been sent."""
        if manifest.turn == 1 and not manifest.terminal:
            self._send(manifest)

    def _save(self, before: Manifest, after: Manifest) -> bool:
        try:
            self.save(before, after)
        except StaleManifest:
            return False
        return True

    def _send(self, manifest: Manifest) -> None:
        self.queue.send([ManifestMessage(manifest.owner, manifest.id, manifest.turn)])
