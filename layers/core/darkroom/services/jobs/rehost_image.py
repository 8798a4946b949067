"""Copying a picture from the web to our bucket, so that its address keeps working for a while."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from darkroom.domain.accounts.budgets import Budget
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import FeatureQuotaExceeded, InvalidParam, Unavailable
from darkroom.domain.ids import derived
from darkroom.domain.jobs.assets import COPIES_KEPT, Asset, AssetType, copy_key
from darkroom.domain.media.sniffing import Media, intact, picture
from darkroom.domain.writes import CountBudget, SaveAsset, WriteRefused
from darkroom.ports.jobs import Fetcher
from darkroom.ports.storage import Blobs, Store
from darkroom.ports.system import Clock
from darkroom.services.idempotency import IdempotencyContext, raise_if_answered, save_record

MAX_BYTES = 25 * 1024 * 1024
ACCEPTED = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"})
COLLECTION = "upload"
COPIES = Budget("copies", 200)  # of a workspace in a day: they are free


@dataclass(frozen=True, slots=True)
class RehostImage:
    """Fetches a picture and keeps it for :data:`COPIES_KEPT`; the same bytes are stored once a day, in one place."""

    fetcher: Fetcher
    blobs: Blobs
    store: Store
    clock: Clock

    def __call__(
        self,
        owner: Owner,
        url: str,
        *,
        param: str,
        idempotency: IdempotencyContext[Asset] | None = None,
    ) -> Asset:
        """Copy the picture at ``url``, which the request's parameter ``param`` named.

        It is counted against what a workspace may copy in a day before anything is fetched.

        Raises
        ------
        InvalidParam
            The URL did not answer, with one message for every reason; or its response is no picture of an accepted
            type with at most :data:`MAX_BYTES` bytes and forty megapixels, or goes on after the picture's end.
        FeatureQuotaExceeded
            The day's copies are used up.
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """
        self._count(owner)
        data = self._fetched(url, param)
        media = picture(data, accepted=ACCEPTED, param=param)
        if not intact(data, media):
            raise InvalidParam(f"{param} is a damaged image, or more than an image.", param=param)
        asset = self._asset(owner, data, media)
        self.blobs.put(asset.storage_key, data, asset.mime)
        try:
            self.store.commit(SaveAsset(asset), *save_record(idempotency, owner, asset, asset.created_at))
        except WriteRefused as refusal:
            raise_if_answered(refusal, idempotency)
            raise Unavailable("The image could not be stored.") from refusal
        return asset

    def _count(self, owner: Owner) -> None:
        try:
            self.store.commit(CountBudget(owner.key, COPIES, self.clock.now()))
        except WriteRefused as refusal:
            raise FeatureQuotaExceeded(
                f"A workspace can take over {COPIES.limit} images a day.", feature="uploads"
            ) from refusal

    def _fetched(self, url: str, param: str) -> bytes:
        try:
            return self.fetcher.fetch(url, max_bytes=MAX_BYTES)
        except InvalidParam as refused:
            limit = MAX_BYTES // (1024 * 1024)
            raise InvalidParam(
                f"{param} could not be fetched: it must be a public https URL of an image of at most {limit} MB.",
                param=param,
            ) from refused

    def _asset(self, owner: Owner, data: bytes, media: Media) -> Asset:
        now = self.clock.now()
        last_day = (now + COPIES_KEPT).date()
        asset_id = derived(owner.key, COLLECTION, hashlib.sha256(data).hexdigest(), last_day.isoformat())
        common = math.gcd(media.width, media.height)
        return Asset(
            id=asset_id,
            owner=owner,
            collection=COLLECTION,
            type=AssetType.IMAGE,
            storage_key=copy_key(owner, asset_id, media.mime, last_day),
            mime=media.mime,
            size=len(data),
            aspect_ratio=f"{media.width // common}:{media.height // common}",
            model="",
            created_at=now,
            job_id="",
        )
