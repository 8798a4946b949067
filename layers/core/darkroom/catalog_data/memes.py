"""What the memes dialect sells. Prices are credits per delivered output."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Offer

IMAGE_DEADLINE_SECONDS = 600
VIDEO_DEADLINE_SECONDS = 900
TEXT_DEADLINE_SECONDS = 60
FORGET_DEADLINE_SECONDS = 86_400

IMAGE = "memes.image"
IMAGE_FAST = "memes.image-fast"
MEME = "memes.meme"

CAROUSEL = "memes.carousel"
STORYBOARD = "memes.storyboard"
VIDEO = "memes.video"
MOTION = "memes.motion"

ENHANCE = "memes.enhance"
PLAN = "memes.plan"
PROFILE = "memes.profile"

PAGE = "memes.page"
IMPORT = "memes.import"
PRODUCTS = "memes.products"
FORGET = "memes.forget"

# An output made from a picture is in the list of its source.
EDITS: Mapping[str, str] = {"image": "memes.edit", "meme": "memes.edit-meme"}
REFRAMES: Mapping[str, str] = {"image": "memes.reframe", "meme": "memes.reframe-meme"}


def _derived(offer_id: str, kind: str, collection: str) -> Offer:
    return Offer(
        id=offer_id,
        dialect="memes",
        kind=kind,
        model="forge-edit",
        price=1,
        feature=Feature.IMAGES,
        collection=collection,
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=1,
    )


def _video(offer_id: str, model: str) -> Offer:
    return Offer(
        id=offer_id,
        dialect="memes",
        kind="video",
        model=model,
        price=10,
        feature=Feature.VIDEO,
        collection="video",
        deadline_seconds=VIDEO_DEADLINE_SECONDS,
        max_count=1,
    )


def _free(
    offer_id: str,
    kind: str,
    model: str,
    collection: str = "text",
    *,
    deadline_seconds: int = TEXT_DEADLINE_SECONDS,
) -> Offer:
    """What serves another request is free and not counted against any allowance."""
    return Offer(
        id=offer_id,
        dialect="memes",
        kind=kind,
        model=model,
        price=0,
        feature=Feature.IMAGES,
        collection=collection,
        deadline_seconds=deadline_seconds,
        max_count=1,
        counted=False,
    )


OFFERS = (
    Offer(
        id=IMAGE,
        dialect="memes",
        kind="image",
        model="forge-image",
        price=1,
        feature=Feature.IMAGES,
        collection="image",
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=4,
    ),
    Offer(
        id=IMAGE_FAST,
        dialect="memes",
        kind="image",
        model="forge-image-fast",
        price=1,
        feature=Feature.IMAGES,
        collection="image",
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=4,
    ),
    Offer(
        id=MEME,
        dialect="memes",
        kind="meme",
        model="forge-image",
        price=1,
        feature=Feature.IMAGES,
        collection="meme",
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=4,
    ),
    *(_derived(offer_id, "edit", collection) for collection, offer_id in EDITS.items()),
    *(_derived(offer_id, "reframe", collection) for collection, offer_id in REFRAMES.items()),
    Offer(
        id=CAROUSEL,
        dialect="memes",
        kind="carousel",
        model="forge-image",
        price=1,
        feature=Feature.IMAGES,
        collection="meme",
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=10,
    ),
    Offer(
        id=STORYBOARD,
        dialect="memes",
        kind="storyboard",
        model="forge-image",
        price=4,
        feature=Feature.IMAGES,
        collection="storyboard",
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=1,
    ),
    _video(VIDEO, "forge-video"),
    _video(MOTION, "forge-motion"),
    _free(ENHANCE, "refine", "forge-prompt"),
    _free(PLAN, "plan", "forge-plan"),
    _free(PROFILE, "profile", "forge-copy-fast"),
    _free(PAGE, "page", "forge-copy-fast"),
    _free(PRODUCTS, "products", "upload", "brand"),
    _free(FORGET, "forget", "upload", deadline_seconds=FORGET_DEADLINE_SECONDS),
    _free(IMPORT, "import", "upload", "brand"),
)
