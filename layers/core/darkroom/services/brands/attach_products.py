"""Filling a kit's products from its website. Nobody waits for it: the pictures appear in the kit when they are there.

Doing it twice changes nothing: a picture's id follows from its kit and its address.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.brands.brand_kit import MAX_PRODUCTS, PRODUCT, BrandKit, KitPicture
from darkroom.domain.errors import DomainError, InvalidParam
from darkroom.domain.files.uploads import MAX_STORED_BYTES
from darkroom.domain.ids import derived
from darkroom.domain.jobs.assets import Asset, AssetType, storage_key
from darkroom.domain.jobs.spec import Input, KitSpec
from darkroom.domain.media.sizes import nearest_aspect
from darkroom.domain.writes import CountStoredFile, SaveAsset, SaveBrandKit, WriteRefused
from darkroom.services.jobs.submit_job import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from darkroom.domain.jobs.job import Job
    from darkroom.domain.media.imported import ImportedPicture
    from darkroom.ports.brands import BrandKits, ImportPicture, WebPages
    from darkroom.ports.files import Files
    from darkroom.ports.jobs import Fetcher
    from darkroom.ports.storage import Blobs, Store
    from darkroom.ports.system import Clock
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.jobs.submit_job import SubmitJob

logger = logging.getLogger(__name__)

MAX_ATTACHED = 3  # which leaves room for pictures of the owner's choice
MAX_TRIED = 5
MIN_SIDE = 200  # pixels; smaller pictures are buttons and icons
MAX_BYTES = 10 * 1024 * 1024
MAX_RACES = 5
MIME = "image/png"


@dataclass(frozen=True, slots=True)
class RequestProducts:
    """Has a kit filled by a worker, in a free job."""

    submit: SubmitJob
    offer_id: str

    def __call__(self, caller: Caller, kit: BrandKit) -> None:
        """Queue it. The kit is as good without: if it cannot be queued just now, it is not."""
        if not kit.wants_products:
            return
        spec = KitSpec(inputs=(Input("page", str(kit.website_url)),), kit_id=kit.id)
        try:
            self.submit(caller, Submission(self.offer_id, spec))
        except DomainError:
            logger.warning("kit %s is not filled from its website", kit.id, exc_info=True)


@dataclass(frozen=True, slots=True)
class AttachProducts:
    """Does that, in the worker."""

    pages: WebPages
    fetcher: Fetcher
    import_picture: ImportPicture
    kits: BrandKits
    files: Files
    blobs: Blobs
    store: Store
    clock: Clock

    def __call__(self, job: Job) -> tuple[str, ...]:
        """Fill the job's kit; returns the ids of the pictures found for it.

        Raises
        ------
        InvalidParam
            The page cannot be read.
        """
        spec = job.spec_as(KitSpec)
        url = spec.inputs[0].location
        kit = self.kits.get(job.owner, spec.kit_id)
        if kit is None or not kit.wants_products or kit.website_url != url:
            return ()  # changed meanwhile
        if self.files.usage(job.owner).stored_bytes > MAX_STORED_BYTES:
            return ()
        found = [
            self._stored(job, kit, address, picture)
            for address, picture in self._pictures(self.pages.read(url).pictures)
        ]
        kept = self._put(kit, found)
        for asset in found:
            if asset.id not in kept:
                self.blobs.delete(asset.storage_key)
        return tuple(asset.id for asset in found if asset.id in kept)

    def _pictures(self, addresses: tuple[str, ...]) -> Iterator[tuple[str, ImportedPicture]]:
        """The first few that are pictures of something."""
        count = 0
        for address in addresses[:MAX_TRIED]:
            try:
                picture = self.import_picture(self.fetcher.fetch(address, max_bytes=MAX_BYTES), PRODUCT)
            except InvalidParam:
                continue
            if min(picture.width, picture.height) >= MIN_SIDE and count < MAX_ATTACHED:
                count += 1
                yield address, picture

    def _stored(self, job: Job, kit: BrandKit, address: str, picture: ImportedPicture) -> Asset:
        asset_id = derived(kit.owner.key, kit.id, PRODUCT, address)
        asset = Asset(
            id=asset_id,
            owner=kit.owner,
            collection=job.collection,
            type=AssetType.IMAGE,
            storage_key=storage_key(kit.owner, job.id, asset_id, MIME),
            mime=MIME,
            size=len(picture.data),
            aspect_ratio=nearest_aspect(picture.width, picture.height),
            model=job.model,
            created_at=self.clock.now(),
            job_id=job.id,
        )
        self.blobs.put(asset.storage_key, picture.data, MIME)
        return asset

    def _put(self, kit: BrandKit, found: list[Asset]) -> frozenset[str]:
        """Put the pictures behind those the kit has by then, as far as they fit; returns which it has then."""
        for _ in range(MAX_RACES):
            here = self.kits.get(kit.owner, kit.id)
            if here is None:
                return frozenset()
            had = frozenset(one.id for one in here.products)
            new = [one for one in found if one.id not in had][: MAX_PRODUCTS - len(had)]
            if not new:
                return had
            products = (*here.products, *map(KitPicture.of, new))
            changed = here.changed(self.clock.now(), products=products)
            counted = CountStoredFile(kit.owner, bytes=sum(one.size for one in new))
            try:
                self.store.commit(SaveBrandKit(changed), *map(SaveAsset, new), counted)
            except WriteRefused:
                continue  # changed, or deleted, in between
            return had | {one.id for one in new}
        return frozenset()
