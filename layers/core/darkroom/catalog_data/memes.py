"""What the memes dialect sells. Prices are credits per delivered output."""

from __future__ import annotations

from darkroom.domain.accounts import Feature
from darkroom.domain.catalog import Offer

IMAGE_DEADLINE_SECONDS = 600

IMAGE = "memes.image"
IMAGE_FAST = "memes.image-fast"
MEME = "memes.meme"

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
)
