"""What the agent dialect sells, row by row of its document. Prices are credits per delivered output.

A changed price needs a new ``PRICE_VERSION``, so that a client is never charged a price it does not know; a test
checks the version against the whole table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Capabilities, Offer

DIALECT = "agent"
PRICE_VERSION = "2026-02-02-v1"

IMAGE_DEADLINE_SECONDS = 600
VIDEO_DEADLINE_SECONDS = 1800
MUSIC_DEADLINE_SECONDS = 1800

_COUNTS = (1, 2, 4, 8)
_FULL_HD = Fraction(9, 5)  # the factor for 1080p, where it has no price of its own
_FROM_IMAGE = Fraction(3, 2)  # the factor for a picture to animate

_SORA_ENDED = datetime(2026, 9, 24, tzinfo=UTC)
_LTX_2_SUCCEEDED = datetime(2026, 8, 15, tzinfo=UTC)

_COMMON_RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4")
_BANANA_RATIOS = (*_COMMON_RATIOS, "3:2", "2:3", "4:5", "5:4", "21:9")
_GROK_RATIOS = (*_COMMON_RATIOS, "3:2", "2:3", "2:1", "1:2")
_WIDE_OR_TALL = ("16:9", "9:16")
_VIDEO_RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4")


def _image(
    model: str,
    price: int,
    ratios: tuple[str, ...],
    *,
    resolutions: tuple[str, ...] = ("1K",),
    max_images: int = 0,
    from_text: bool = True,
    notes: str = "",
    exact: tuple[tuple[str, int], ...] = (),
) -> Offer:
    return Offer(
        id=f"{DIALECT}.{model}",
        dialect=DIALECT,
        kind="image" if from_text else "edit",
        model=model,
        price=price,
        feature=Feature.IMAGES,
        collection="image",
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=max(_COUNTS),
        resolution_prices=dict(exact),
        image_input_kind="edit",
        capabilities=Capabilities(
            counts=_COUNTS,
            resolutions=resolutions,
            aspect_ratios=ratios,
            from_text=from_text,
            max_images=max_images,
        ),
        notes=notes,
    )


def _video(
    model: str,
    price: int,
    takes: Capabilities,
    *,
    notes: str = "",
    exact: tuple[tuple[str, int], ...] = (),
    multiplied: bool = True,
) -> Offer:
    return Offer(
        id=f"{DIALECT}.{model}",
        dialect=DIALECT,
        kind="video",
        model=model,
        price=price,
        feature=Feature.VIDEO,
        collection="video",
        deadline_seconds=VIDEO_DEADLINE_SECONDS,
        max_count=1,
        resolution_prices=dict(exact),
        resolution_factors={"1080p": _FULL_HD} if multiplied else {},
        image_input_factor=_FROM_IMAGE if multiplied else Fraction(1),
        capabilities=takes,
        notes=notes,
    )


def _music(model: str, price: int) -> Offer:
    return Offer(
        id=f"{DIALECT}.{model}",
        dialect=DIALECT,
        kind="music",
        model=model,
        price=price,
        feature=Feature.MUSIC,
        collection="music",
        deadline_seconds=MUSIC_DEADLINE_SECONDS,
        max_count=1,
        capabilities=Capabilities(durations=_seconds(60, (30, 120, 180, 240))),
    )


def _seconds(usual: int, others: Iterable[int]) -> tuple[int, ...]:
    return (usual, *(seconds for seconds in others if seconds != usual))


def _moving(
    durations: tuple[int, ...],
    ratios: tuple[str, ...] = _WIDE_OR_TALL,
    *,
    resolutions: tuple[str, ...] = ("720p", "1080p"),
    from_text: bool = True,
    max_images: int = 1,
) -> Capabilities:
    return Capabilities(
        resolutions=resolutions,
        durations=durations,
        aspect_ratios=ratios,
        from_text=from_text,
        max_images=max_images,
    )


_IMAGES = (
    _image("google/nano-banana", 8, _BANANA_RATIOS, max_images=4, notes="fast draft"),
    _image(
        "nano-banana-pro",
        20,
        _BANANA_RATIOS,
        resolutions=("1K", "2K", "4K"),
        max_images=4,
        notes="4K = 40",
        exact=(("4K", 40),),
    ),
    _image("gpt4o_image", 10, ("1:1", "3:2", "2:3"), max_images=4),
    _image("qwen/text-to-image", 15, _COMMON_RATIOS),
    _image("qwen/image-to-image", 15, _COMMON_RATIOS, max_images=1, from_text=False),
    _image("xai/grok-imagine-image", 20, _GROK_RATIOS),
    _image("xai/grok-imagine-image/edit", 20, _GROK_RATIOS, max_images=3, from_text=False),
    _image("z-image", 20, _COMMON_RATIOS),
)

_VIDEOS = (
    replace(
        _video("sora-2", 10, _moving((4, 8, 12)), notes="720p baseline"),
        retires_at=_SORA_ENDED,
        replacement="veo3_fast",
    ),
    replace(
        _video("sora-2-pro", 30, _moving((4, 8, 12))),
        retires_at=_SORA_ENDED,
        replacement="veo3",
    ),
    _video("veo3_fast", 50, _moving((8, 4, 6))),
    _video("veo3", 280, _moving((8, 4, 6)), notes="1080p = 350", exact=(("1080p", 350),)),
    _video(
        "doubao-seedance-1.0-pro-fast",
        40,
        _moving(_seconds(5, range(2, 13)), (*_VIDEO_RATIOS, "21:9"), resolutions=("720p", "480p", "1080p")),
    ),
    _video(
        "wan-2.6",
        20,
        _moving((5, 10, 15), _VIDEO_RATIOS),
        notes="1080p = 300",
        exact=(("1080p", 300),),
    ),
    # From a picture it makes only 1080p, so its price is for that.
    replace(
        _video(
            "fal-ai/ltx-2/image-to-video",
            50,
            _moving((6, 8, 10), (), resolutions=("1080p",), from_text=False),
            multiplied=False,
        ),
        deprecated_at=_LTX_2_SUCCEEDED,
        replacement="wan-2.6",
    ),
    _video(
        "xai/grok-imagine-video/text-to-video",
        10,
        _moving(
            _seconds(6, range(1, 16)),
            (*_VIDEO_RATIOS, "3:2", "2:3"),
            resolutions=("720p", "480p"),
            max_images=0,
        ),
        multiplied=False,
    ),
)

_MUSIC = (
    _music("V5", 35),
    _music("V4_5PLUS", 30),
    _music("V4_5", 25),
    _music("V4", 20),
)

OFFERS = (*_IMAGES, *_VIDEOS, *_MUSIC)
