"""Registering a manifest: what its rows are to become, and how its file is uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from darkroom.domain.errors import FeatureQuotaExceeded, InvalidParam
from darkroom.domain.manifests.manifest import MAX_BYTES, UPLOAD_SECONDS, Manifest, source_key
from darkroom.domain.manifests.records import Format
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import SaveManifest
from darkroom.services.commit_counted import commit_counted
from darkroom.services.manifests.start_manifest import UPLOAD_TIME

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.manifests.manifest import Order
    from darkroom.ports.manifests import ManifestFiles, Manifests, Upload
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock, Ids
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.idempotency import IdempotencyContext


MAX_PER_HOUR = 50
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Registered:
    """A manifest and how its file is uploaded."""

    manifest: Manifest
    upload: Upload


@dataclass(frozen=True, slots=True)
class RegisterManifest:
    """Registers manifests. Nothing is held before the file is read."""

    store: Store
    manifests: Manifests
    files: ManifestFiles
    clock: Clock
    ids: Ids

    def __call__(
        self,
        caller: Caller,
        order: Order,
        format: str,
        size: int,
        name: str = "",
        idempotency: IdempotencyContext[Registered] | None = None,
    ) -> Registered:
        """Register a manifest whose file will have ``size`` bytes.

        Raises
        ------
        InvalidParam, FeatureQuotaExceeded, RateLimited, AlreadyAnswered, IdempotencyConflict
        """
        if not 1 <= size <= MAX_BYTES:
            raise InvalidParam(f"size: must be from 1 to {MAX_BYTES} bytes.", param="size")
        manifest_id, now = self.ids.new(), self.clock.now()
        self._check_frequency(caller.owner, now)
        manifest = Manifest(
            id=manifest_id,
            owner=caller.owner,
            key_id=caller.key.id,
            order=order,
            format=(written := Format(format)),
            source=source_key(caller.owner, manifest_id, written),
            name=name,
            size=size,
            created_at=now,
            check_at=now + UPLOAD_TIME,
        )
        upload = self.files.upload(
            manifest.source, written.mime, size, now=now, expires_seconds=UPLOAD_SECONDS
        )
        registered = Registered(manifest, upload)
        commit_counted(self.store, caller, idempotency, registered, now, SaveManifest(manifest))
        return registered

    def _check_frequency(self, owner: Owner, now: datetime) -> None:
        """Refuse one too many: files cost nothing to upload, and something to keep.

        Raises
        ------
        FeatureQuotaExceeded
        """
        newest = self.manifests.list(owner, PageRequest(limit=MAX_PER_HOUR)).items
        if len(newest) == MAX_PER_HOUR and newest[-1].created_at > now - HOUR:
            raise FeatureQuotaExceeded(
                f"At most {MAX_PER_HOUR} manifests may be announced within an hour.", feature="manifests"
            )
