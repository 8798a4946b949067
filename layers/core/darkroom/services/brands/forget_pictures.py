"""Deleting pictures that a kit no longer has, once nothing that was accepted while it had them can need them.

What is made from a kit keeps what the kit showed when it was asked for. So a picture goes only after the longest
deadline of what could show it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from darkroom.domain.brands.brand_kit import LOGO
from darkroom.domain.errors import DomainError
from darkroom.domain.jobs.spec import Spec
from darkroom.domain.writes import CountStoredFile, DeleteAsset, WriteRefused
from darkroom.services.jobs.submit_job import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from darkroom.domain.brands.brand_kit import KitPicture
    from darkroom.domain.jobs.job import Job
    from darkroom.ports.jobs import Assets
    from darkroom.ports.storage import Blobs, Store
    from darkroom.ports.system import Clock
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.jobs.submit_job import SubmitJob

logger = logging.getLogger(__name__)

FORGET_AFTER: Final = timedelta(minutes=15)  # the longest deadline of what is made with a kit


@dataclass(frozen=True, slots=True)
class RequestForgetting:
    """Has pictures deleted later, by a worker."""

    submit: SubmitJob
    offer_id: str

    def __call__(self, caller: Caller, pictures: Sequence[KitPicture]) -> None:
        """Queue it. If it cannot be queued just now, the pictures stay, and stay counted."""
        if not pictures:
            return
        spec = Spec("", "", inputs=tuple(one.as_input(LOGO) for one in pictures))
        try:
            self.submit(caller, Submission(self.offer_id, spec))
        except DomainError:
            logger.warning("%d pictures stay without a kit", len(pictures), exc_info=True)


@dataclass(frozen=True, slots=True)
class ForgetPictures:
    """Does that, in the worker."""

    assets: Assets
    blobs: Blobs
    store: Store
    clock: Clock

    def __call__(self, job: Job) -> tuple[str, ...]:
        """Delete the pictures that are the job's inputs; returns the ids of those that were still there."""
        gone = []
        for one in job.spec.inputs:
            asset = self.assets.get(job.owner, one.asset_id or "")
            self.blobs.delete(one.location)
            if asset is None or asset.storage_key != one.location or asset.deleted_at is not None:
                continue
            try:
                self.store.commit(
                    DeleteAsset(asset, self.clock.now()), CountStoredFile(job.owner, bytes=-asset.size)
                )
            except WriteRefused:
                continue  # somebody else was first
            gone.append(asset.id)
        return tuple(gone)
