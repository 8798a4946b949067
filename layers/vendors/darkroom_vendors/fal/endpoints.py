"""The known endpoints, and the parts that make their inputs.

An endpoint that works from words alone names the ones to use for requests with pictures or a mask. ``usual`` is
sent where neither the route nor the request says otherwise: an endpoint's own defaults are written out wherever they
affect shape or price.

Seeds, guidance and steps are left to the endpoints. ``verified`` is false if no published schema of the input was
read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected
from darkroom_vendors.request_fields import (
    PICTURE_ROLES,
    Fields,
    Part,
    expansion,
    mask,
    only_png,
    picture,
    pictures,
    pixels,
    pixels_if_requested,
    quality,
    ratio,
    resolution,
    resolution_in_lower_case,
    scale,
    seconds,
    song,
    track,
    voice,
    words,
)


class Pace(Enum):
    """How often work is polled: the first and the longest wait, in seconds."""

    STILL = (2.0, 15.0)
    MOVING = (10.0, 60.0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint, and how a request becomes its input."""

    pace: Pace
    parts: tuple[Part, ...]
    usual: Fields = field(default_factory=dict)
    with_pictures: str = ""
    with_mask: str = ""
    verified: bool = True


_BANANA = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16")
_BANANA_2 = (*_BANANA, "1:4", "4:1", "1:8", "8:1")
_GROK = (
    *("2:1", "20:9", "19.5:9", "16:9", "4:3", "3:2", "1:1"),
    *("2:3", "3:4", "9:16", "9:19.5", "9:20", "1:2"),
)
_GROK_FILM = ("16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16")
_SEEDANCE = ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16")
_WAN = ("16:9", "9:16", "1:1", "4:3", "3:4")
_REFRAME = ("21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16", "9:21")
_LUMA = ("1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "9:21")

_PNG: Fields = {"num_images": 1, "output_format": "png"}
_CHECKED: Fields = {**_PNG, "enable_safety_checker": True}


def _still(*parts: Part, usual: Fields = _PNG, **more: Any) -> Endpoint:
    return Endpoint(Pace.STILL, parts, usual, **more)


def _moving(*parts: Part, with_pictures: str = "", **usual: Any) -> Endpoint:
    return Endpoint(Pace.MOVING, parts, usual, with_pictures)


def _veo(*parts: Part, with_pictures: str = "", auto: bool = False) -> Endpoint:
    return _moving(
        words(),
        ratio("16:9", "9:16", auto=auto),
        seconds((4, 6, 8), "{}s".format),
        resolution("720p", "1080p", "4k"),
        *parts,
        with_pictures=with_pictures,
        resolution="720p",
        duration="8s",
        generate_audio=True,
    )


def _seedance(*parts: Part, with_pictures: str = "", auto: bool = False) -> Endpoint:
    return _moving(
        words(),
        ratio(*_SEEDANCE, auto=auto),
        seconds(range(2, 13), str),
        resolution("480p", "720p", "1080p"),
        *parts,
        with_pictures=with_pictures,
        resolution="720p",
        duration="5",
        enable_safety_checker=True,
    )


def _wan(*parts: Part, with_pictures: str = "") -> Endpoint:
    return _moving(
        words(800),
        seconds((5, 10, 15), str),
        resolution("720p", "1080p"),
        *parts,
        with_pictures=with_pictures,
        resolution="720p",
        duration="5",
    )


def _grok_film(*parts: Part, with_pictures: str = "") -> Endpoint:
    return _moving(
        words(),
        ratio(*_GROK_FILM),
        seconds(range(1, 16), int),
        resolution("480p", "720p"),
        *parts,
        with_pictures=with_pictures,
        resolution="720p",
        duration=6,
    )


def _ltx(*parts: Part) -> Endpoint:
    return _moving(
        words(),
        picture(),
        seconds((6, 8, 10), str),
        resolution("1080p", "1440p", "2160p"),
        *parts,
        resolution="1080p",
        duration="6",
        generate_audio=True,
    )


MODELS: Mapping[str, Endpoint] = {
    "fal-ai/qwen-image": _still(
        words(),
        pixels,
        usual=_CHECKED,
        with_pictures="fal-ai/qwen-image-edit-2511",
        with_mask="fal-ai/qwen-image-edit/inpaint",
    ),
    "fal-ai/qwen-image/image-to-image": _still(
        words(), picture(), pixels, usual={**_CHECKED, "strength": 0.6}
    ),
    "fal-ai/qwen-image-edit": _still(
        words(), picture(), pixels_if_requested, usual=_CHECKED, with_mask="fal-ai/qwen-image-edit/inpaint"
    ),
    # White is taken for what to repaint, as in the other inpainting endpoints; the schema does not say.
    "fal-ai/qwen-image-edit/inpaint": _still(
        words(), picture(), mask("mask_url"), pixels_if_requested, usual={**_CHECKED, "strength": 0.93}
    ),
    "fal-ai/qwen-image-edit-2511": _still(
        words(), pictures(4), pixels_if_requested, usual=_CHECKED, with_mask="fal-ai/qwen-image-edit/inpaint"
    ),
    "fal-ai/z-image/turbo": _still(words(), pixels, usual=_CHECKED, with_mask="fal-ai/z-image/turbo/inpaint"),
    "fal-ai/z-image/turbo/inpaint": _still(
        words(), picture(), mask("mask_image_url"), pixels, usual=_CHECKED
    ),
    "fal-ai/nano-banana": _still(words(), ratio(*_BANANA), with_pictures="fal-ai/nano-banana/edit"),
    "fal-ai/nano-banana/edit": _still(words(), ratio(*_BANANA, auto=True), pictures(10)),
    "fal-ai/nano-banana-2": _still(
        words(),
        ratio(*_BANANA_2, auto=True),
        resolution("0.5K", "1K", "2K", "4K"),
        usual={**_PNG, "resolution": "1K"},
        with_pictures="fal-ai/nano-banana-2/edit",
    ),
    "fal-ai/nano-banana-2/edit": _still(
        words(),
        ratio(*_BANANA_2, auto=True),
        resolution("0.5K", "1K", "2K", "4K"),
        pictures(14),
        usual={**_PNG, "resolution": "1K"},
    ),
    "fal-ai/nano-banana-pro": _still(
        words(),
        ratio(*_BANANA, auto=True),
        resolution("1K", "2K", "4K"),
        usual={**_PNG, "resolution": "1K"},
        with_pictures="fal-ai/nano-banana-pro/edit",
    ),
    "fal-ai/nano-banana-pro/edit": _still(
        words(),
        ratio(*_BANANA, auto=True),
        resolution("1K", "2K", "4K"),
        pictures(14),
        usual={**_PNG, "resolution": "1K"},
    ),
    "openai/gpt-image-2": _still(
        words(), pixels, quality, with_pictures="openai/gpt-image-2/edit", verified=False
    ),
    "openai/gpt-image-2/edit": _still(words(), pictures(16), pixels_if_requested, quality, verified=False),
    # The newer of its two published inputs has a resolution, 1k or 2k; it is sent only if 2K was sold.
    "xai/grok-imagine-image": _still(
        words(),
        ratio(*_GROK),
        resolution_in_lower_case("2k"),
        with_pictures="xai/grok-imagine-image/edit",
    ),
    "xai/grok-imagine-image/edit": _still(
        words(), pictures(3), resolution_in_lower_case("1k", "2k"), usual={**_PNG, "resolution": "1k"}
    ),
    "xai/grok-imagine-video/text-to-video": _grok_film(with_pictures="xai/grok-imagine-video/image-to-video"),
    "xai/grok-imagine-video/image-to-video": _grok_film(picture()),
    "xai/grok-imagine-video/v1.5/image-to-video": _grok_film(picture()),
    "fal-ai/ltx-2/image-to-video": _ltx(),
    "fal-ai/ltx-2/image-to-video/fast": _ltx(),
    "fal-ai/ltx-2.3/image-to-video": _ltx(ratio("16:9", "9:16", auto=True)),
    "fal-ai/bytedance/seedance/v1/pro/fast/text-to-video": _seedance(
        with_pictures="fal-ai/bytedance/seedance/v1/pro/fast/image-to-video"
    ),
    "fal-ai/bytedance/seedance/v1/pro/fast/image-to-video": _seedance(picture(), auto=True),
    "wan/v2.6/text-to-video": _wan(ratio(*_WAN), with_pictures="wan/v2.6/image-to-video"),
    "wan/v2.6/image-to-video": _wan(picture()),
    "fal-ai/veo3.1": _veo(with_pictures="fal-ai/veo3.1/image-to-video"),
    "fal-ai/veo3.1/image-to-video": _veo(picture(), auto=True),
    "fal-ai/veo3.1/fast": _veo(with_pictures="fal-ai/veo3.1/fast/image-to-video"),
    "fal-ai/veo3.1/fast/image-to-video": _veo(picture(), auto=True),
    "fal-ai/veo3.1/reference-to-video": _veo(pictures(4)),
    "fal-ai/seedvr/upscale/image": _still(
        picture(), scale(), usual={"upscale_mode": "factor", "output_format": "png"}
    ),
    "fal-ai/clarity-upscaler": _still(picture(), scale(), usual={}),
    "fal-ai/recraft/upscale/crisp": _still(only_png, picture(), usual={}),
    # Speech may last sixty seconds in 720p and only thirty in 1080p.
    "fal-ai/bytedance/omnihuman/v1.5": _moving(
        picture(), voice(), words(), resolution("720p", "1080p"), resolution="720p"
    ),
    "fal-ai/kling-video/ai-avatar/v2/standard": _moving(picture(), voice(), words()),
    "fal-ai/kling-video/ai-avatar/v2/pro": _moving(picture(), voice(), words()),
    "veed/fabric-1.0": _moving(picture(), voice(), resolution("480p", "720p"), resolution="720p"),
    "fal-ai/image-editing/reframe": _still(picture(), ratio(*_REFRAME), usual={"output_format": "png"}),
    "fal-ai/ideogram/v3/reframe": _still(
        picture(), pixels, usual={"rendering_speed": "BALANCED", "num_images": 1}
    ),
    "fal-ai/luma-photon/reframe": _still(picture(), ratio(*_LUMA), words(), usual={"aspect_ratio": "1:1"}),
    "fal-ai/image-apps-v2/outpaint": _still(picture(), expansion, words(), usual={"output_format": "png"}),
    "fal-ai/minimax-music/v2": _moving(song),
    "fal-ai/elevenlabs/music": _moving(track(3, 600)),
}


def chosen(request: TaskRequest) -> tuple[str, Endpoint]:
    """The endpoint for a request: the route's, or the one it names for requests with pictures or a mask.

    Raises
    ------
    Rejected
        The route names an unknown endpoint, or the endpoint reads no mask.
    """
    endpoint = MODELS.get(request.model)
    if endpoint is None:
        raise Rejected(f"no mapping for the endpoint {request.model}")
    roles = {one.role for one in request.input_files} | {one.role for one in request.job.spec.inputs}
    if "mask" in roles:
        return _masked(request.model, endpoint)
    name = endpoint.with_pictures if endpoint.with_pictures and roles & {*PICTURE_ROLES} else request.model
    return name, MODELS[name]


def payload(request: TaskRequest, endpoint: Endpoint) -> dict[str, Any]:
    """The input: the usual fields, overridden by the route's options and these by the request's fields.

    Raises
    ------
    Rejected, RouteFailed
        The endpoint cannot serve the request.
    """
    built: dict[str, Any] = {**endpoint.usual, **request.options}
    for part in endpoint.parts:
        built.update(part(request))
    return built


def _masked(name: str, endpoint: Endpoint) -> tuple[str, Endpoint]:
    masked = endpoint.with_mask or (name if name.endswith("/inpaint") else "")
    if not masked:
        raise Rejected(f"{name} takes no mask")
    return masked, MODELS[masked]
