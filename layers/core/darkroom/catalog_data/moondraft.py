"""What the moondraft dialect sells. Prices are credits per delivered output."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Offer

DIALECT = "moondraft"
SIGN_UPS_PER_NETWORK = 3  # that get first credits in a day; later ones sign up without
PLAN = "metered"

IMAGE = "moondraft.image"
IMAGE_PREMIUM = "moondraft.image-premium"
EDIT = "moondraft.edit"
UPSCALE = "moondraft.upscale"
VIDEO = "moondraft.video"
REFINE = "moondraft.refine"

# Synchronous requests time out long before these, which bound asynchronous ones.
_IMAGE_SECONDS = 600
_VIDEO_SECONDS = 900
_TEXT_SECONDS = 60


def _offer(
    offer_id: str, kind: str, price: int, *, feature: Feature = Feature.IMAGES, max_count: int = 1
) -> Offer:
    return Offer(
        id=offer_id,
        dialect=DIALECT,
        kind=kind,
        model=offer_id.replace(".", "-"),
        price=price,
        feature=feature,
        collection=feature.value.removesuffix("s"),
        deadline_seconds=_IMAGE_SECONDS if feature is Feature.IMAGES else _VIDEO_SECONDS,
        max_count=max_count,
    )


OFFERS = (
    _offer(IMAGE, "image", 1, max_count=10),
    _offer(IMAGE_PREMIUM, "image", 3, max_count=10),
    _offer(EDIT, "edit", 1),
    _offer(UPSCALE, "upscale", 2),
    _offer(VIDEO, "video", 10, feature=Feature.VIDEO),
    Offer(
        id=REFINE,
        dialect=DIALECT,
        kind="refine",
        model="moondraft-refine",
        price=0,
        feature=Feature.IMAGES,
        collection="text",
        deadline_seconds=_TEXT_SECONDS,
        max_count=1,
        counted=False,
    ),
)
