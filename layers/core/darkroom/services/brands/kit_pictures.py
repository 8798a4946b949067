"""A kit's logo and products: brought in by a worker while the caller waits, then put into the kit.

API functions fetch nothing and load no image library. A worker makes a PNG of whatever comes, in a free job whose
output is an asset of the caller's; the kit keeps where that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.brands.brand_kit import LOGO, MAX_PRODUCTS, PRODUCT, BrandKit, KitPicture
from darkroom.domain.errors import (
    FeatureQuotaExceeded,
    GenerationFailed,
    GenerationTimedOut,
    InvalidParam,
    NotFound,
)
from darkroom.domain.files.uploads import MAX_STORED_BYTES
from darkroom.domain.jobs.assets import SVG
from darkroom.domain.jobs.job import FailureCode
from darkroom.domain.jobs.spec import Spec
from darkroom.domain.writes import CountStoredFile
from darkroom.services.jobs.resolve_inputs import InputPolicy, NamedFile, ResolveInputs, Source
from darkroom.services.jobs.submit_job import Submission

if TYPE_CHECKING:
    from darkroom.domain.jobs.job import Job
    from darkroom.ports.files import Files
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.brands.manage_brand_kits import ManageBrandKits
    from darkroom.services.idempotency import IdempotencyContext
    from darkroom.services.jobs.run_job import RunJob

_MEDIA = frozenset({"image/png", "image/jpeg", "image/webp"})
SOURCES = InputPolicy(
    sources=(Source.BYTES, Source.URL, Source.OWN_FILE, Source.ASSET),
    media=_MEDIA,
    byte_media=_MEDIA | {SVG},
)


@dataclass(frozen=True, slots=True)
class KitPictures:
    """Puts pictures into kits and takes them out. ``run`` bounds the time a picture may take."""

    manage: ManageBrandKits
    resolve: ResolveInputs
    files: Files
    run: RunJob
    offer_id: str

    def set_logo(
        self,
        caller: Caller,
        kit_id: str,
        source: str,
        idempotency: IdempotencyContext[BrandKit] | None = None,
    ) -> BrandKit:
        """Make the picture that ``source`` names the kit's logo, in place of any other.

        Raises
        ------
        NotFound, InvalidParam, PayloadTooLarge, GenerationFailed, GenerationTimedOut, RateLimited, Unavailable
        FeatureQuotaExceeded
            Too much is stored.
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """
        self.manage.get(caller.owner, kit_id)
        logo, size = self._imported(caller, LOGO, source)
        counted = CountStoredFile(caller.owner, bytes=size)
        return self.manage.change(caller, kit_id, lambda _: {"logo": logo}, idempotency, counted)

    def remove_logo(self, caller: Caller, kit_id: str) -> BrandKit:
        """The kit without a logo, whether it had one or not.

        Raises
        ------
        NotFound, Unavailable
        """
        return self.manage.change(caller, kit_id, lambda _: {"logo": None})

    def add_product(
        self,
        caller: Caller,
        kit_id: str,
        source: str,
        idempotency: IdempotencyContext[BrandKit] | None = None,
    ) -> BrandKit:
        """Add the picture that ``source`` names to the kit's products, as the last.

        Raises
        ------
        NotFound, InvalidParam, PayloadTooLarge, GenerationFailed, GenerationTimedOut, RateLimited, Unavailable
            ``InvalidParam`` also if there are as many as there can be.
        FeatureQuotaExceeded
            Too much is stored.
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """
        _with_room(self.manage.get(caller.owner, kit_id))
        product, size = self._imported(caller, PRODUCT, source)
        return self.manage.change(
            caller,
            kit_id,
            lambda kit: {"products": (*_with_room(kit).products, product)},
            idempotency,
            CountStoredFile(caller.owner, bytes=size),
        )

    def remove_product(self, caller: Caller, kit_id: str, picture_id: str) -> BrandKit:
        """The kit without one of its products.

        Raises
        ------
        NotFound, Unavailable
        """

        def without(kit: BrandKit) -> dict[str, object]:
            left = tuple(one for one in kit.products if one.id != picture_id)
            if len(left) == len(kit.products):
                raise NotFound("No such product reference.")
            return {"products": left}

        return self.manage.change(caller, kit_id, without)

    def _imported(self, caller: Caller, role: str, source: str) -> tuple[KitPicture, int]:
        """The picture that ``source`` names, brought in, and its size in bytes."""
        if self.files.usage(caller.owner).stored_bytes > MAX_STORED_BYTES:
            raise FeatureQuotaExceeded(
                f"Files and pictures of brand kits may have {MAX_STORED_BYTES // 1024**3} GB; delete some.",
                feature="files",
            )
        inputs = self.resolve(caller.owner, [NamedFile(role, source, "source", SOURCES)])
        job = self.run(caller, Submission(self.offer_id, Spec("", "", inputs=inputs)))
        asset = job.tasks[0].asset
        if asset is None:
            raise _refusal(job)
        return KitPicture.of(asset), asset.size


def _with_room(kit: BrandKit) -> BrandKit:
    """The kit, if another product fits.

    Raises
    ------
    InvalidParam
    """
    if len(kit.products) >= MAX_PRODUCTS:
        raise InvalidParam(f"A brand kit has at most {MAX_PRODUCTS} product references.", param="source")
    return kit


def _refusal(job: Job) -> Exception:
    match job.failure:
        case FailureCode.INPUT_REJECTED:
            return InvalidParam(
                "source could not be used: it must be a PNG, JPEG, WebP or SVG picture of at most 10 MB and 40 "
                "megapixels, and an SVG must not refer to anything outside of itself.",
                param="source",
            )
        case FailureCode.TIMED_OUT:
            return GenerationTimedOut("The picture could not be brought in in time.", param="source")
        case _:
            return GenerationFailed("The picture could not be brought in.", param="source")
