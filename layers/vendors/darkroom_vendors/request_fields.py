"""The parts of inputs for vendors with many models: each turns a request into some fields.

Where a request allows more than an endpoint does, the nearest possible is sent: the closest aspect ratio, the closest
length, the size scaled down in its shape, the prompt cut after its last whole word, as many pictures as fit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from darkroom.domain.jobs.engine import InputFile, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected, RouteFailed
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec, MusicSpec, VisualSpec
from darkroom.domain.media import sizes
from darkroom.domain.media.sniffing import sniff
from darkroom.domain.prompts.composing import composed
from darkroom_vendors.base import nearest_ratio

type Fields = Mapping[str, Any]
type Part = Callable[[TaskRequest], Fields]

PICTURE_ROLES = ("source", "ref", "template", "logo", "product", "style", "character")
SQUARE = (1024, 1024)
MIN_PIXELS, MAX_PIXELS = 512 * 512, 2048 * 2048
GRAIN = 16  # the sides of these models' pictures are multiples of this
MAX_EXPANSION = 700  # pixels an outpainting may add at one side

_QUALITIES: Mapping[str, str] = {"fast": "low", "standard": "medium", "premium": "high"}


def words(limit: int = 0, field: str = "prompt") -> Part:
    """The prompt, cut to ``limit`` characters if there is a limit; no field without a prompt."""

    def part(request: TaskRequest) -> Fields:
        text = shortened(composed(request), limit)
        return {field: text} if text else {}

    return part


def picture(field: str = "image_url") -> Part:
    """The source picture, which is required."""
    return lambda request: {field: source(request).url}


def pictures(most: int, field: str = "image_urls") -> Part:
    """The source and the reference pictures, of which at least one is required."""

    def part(request: TaskRequest) -> Fields:
        files = shown(request)
        if not files:
            raise Rejected("the endpoint needs a picture")
        return {field: [one.url for one in files[:most]]}

    return part


def picture_if_any(field: str) -> Part:
    """The source picture, if there is one."""
    return lambda request: {field: source(request).url} if shown(request) else {}


def pictures_if_any(most: int, field: str) -> Part:
    """All pictures, if there are any."""

    def part(request: TaskRequest) -> Fields:
        files = shown(request)
        return {field: [one.url for one in files[:most]]} if files else {}

    return part


def mask(field: str) -> Part:
    """The mask, which is required: see :mod:`darkroom_vendors.masks`."""
    return lambda request: {field: _needed(request, "mask").url}


def voice(field: str = "audio_url") -> Part:
    """The speech of an avatar, which is required."""
    return lambda request: {field: _needed(request, "audio").url}


def ratio(*offered: str, auto: bool = False) -> Part:
    """The aspect ratio; with ``auto`` the endpoint chooses if the request leaves it open."""

    def part(request: TaskRequest) -> Fields:
        nearest = nearest_ratio(request.job.spec.aspect_ratio, offered)
        return {"aspect_ratio": nearest or "auto"} if nearest or auto else {}

    return part


def pixels(request: TaskRequest) -> Fields:
    """The size in pixels: always sent, because an endpoint's own default is wide."""
    width, height = requested_size(request) or source_size(request) or SQUARE
    return {"image_size": _fitting(width, height)}


def pixels_if_requested(request: TaskRequest) -> Fields:
    """The size in pixels, left to the endpoint if the request leaves it open."""
    size = requested_size(request)
    return {"image_size": _fitting(*size)} if size else {}


def seconds(offered: Sequence[int], form: Callable[[int], str | int]) -> Part:
    """The length: the nearest that the endpoint offers, in the form it reads."""

    def part(request: TaskRequest) -> Fields:
        length = request.job.spec_as(FilmSpec).seconds
        if length is None:
            return {}
        return {"duration": form(min(offered, key=lambda one: (abs(one - length), one)))}

    return part


def resolution(*offered: str) -> Part:
    """The request's named resolution, if the endpoint has it."""

    def part(request: TaskRequest) -> Fields:
        name = request.job.spec_as(VisualSpec).resolution
        return {"resolution": name} if name in offered else {}

    return part


def resolution_in_lower_case(*offered: str) -> Part:
    """As :func:`resolution`, for endpoints that spell 2K ``2k``."""

    def part(request: TaskRequest) -> Fields:
        name = (request.job.spec_as(VisualSpec).resolution or "").lower()
        return {"resolution": name} if name in offered else {}

    return part


def quality(request: TaskRequest) -> Fields:
    """The quality."""
    return {"quality": _QUALITIES.get(request.job.spec.quality, "medium")}


def scale(form: Callable[[int], str | int] = int) -> Part:
    """How many times larger in width and height, in the form the endpoint reads."""
    return lambda request: {"upscale_factor": form(request.job.spec_as(ImageSpec).factor or 2)}


def only_png(request: TaskRequest) -> Fields:
    """No field: the endpoint reads only PNG, so other types are for another route."""
    media = sniff(source(request).data)
    if media is None or media.mime != "image/png":
        raise RouteFailed("the endpoint reads PNG only", code="not_png")
    return {}


def expansion(request: TaskRequest) -> Fields:
    """How many pixels to add at each side for the ratio; every field is sent, because the defaults add some."""
    size = source_size(request)
    if size is None:
        raise Rejected("the source is of no known type")
    width, height = size
    wide, _, tall = (nearest_ratio(request.job.spec.aspect_ratio, sizes.ASPECTS) or "1:1").partition(":")
    target = int(wide) / int(tall)
    sideways = max(round((height * target - width) / 2), 0)
    upwards = max(round((width / target - height) / 2), 0)
    if max(sideways, upwards) > MAX_EXPANSION:
        raise RouteFailed("the endpoint cannot add that much", code="expansion")
    added = {
        "expand_left": sideways,
        "expand_right": sideways,
        "expand_top": upwards,
        "expand_bottom": upwards,
    }
    return {**added, "zoom_out_percentage": 0}


def song(request: TaskRequest) -> Fields:
    """A style and the lyrics. A caller that names a style sends the lyrics as the prompt, as Suno's clients do."""
    style, text = request.job.spec_as(MusicSpec).style or "", request.prompt
    if min(len(style), len(text)) < 10:
        raise RouteFailed(
            "the endpoint needs a style and words to sing, ten characters each", code="no_words"
        )
    return {"prompt": shortened(style, 300), "lyrics_prompt": shortened(text, 3000)}


def track(shortest: int, longest: int) -> Part:
    """A piece of music from its description, so many seconds long."""

    def part(request: TaskRequest) -> Fields:
        spec = request.job.spec_as(MusicSpec)
        length = min(max(float(spec.seconds or 60), shortest), longest)
        words = [spec.title, spec.style, composed(request)]
        return {
            "prompt": shortened(". ".join(text for text in words if text), 4000),
            "music_length_ms": round(length * 1000),
            "force_instrumental": bool(spec.instrumental),
        }

    return part


def shortened(text: str, limit: int) -> str:
    """``text`` up to the last whole word within ``limit`` characters; all of it where the limit is zero."""
    if not limit or len(text) <= limit:
        return text
    cut = text[: limit + 1]
    return cut[: cut.rfind(" ")].rstrip() if " " in cut[1:] else text[:limit]


def shown(request: TaskRequest) -> list[InputFile]:
    """All pictures, the source first and the others in the request's order."""
    return sorted(request.input_files_as(*PICTURE_ROLES), key=lambda one: one.role != "source")


def source(request: TaskRequest) -> InputFile:
    """The source picture: the first picture if none has that role."""
    files = shown(request)
    if not files:
        raise Rejected("the endpoint needs a picture")
    return files[0]


def source_size(request: TaskRequest) -> tuple[int, int] | None:
    """The source's width and height, read from its bytes."""
    media = sniff(source(request).data) if shown(request) else None
    return (media.width, media.height) if media and media.width else None


def requested_size(request: TaskRequest) -> tuple[int, int] | None:
    """The requested width and height, or about a megapixel in the requested ratio."""
    spec = request.job.spec_as(ImageSpec)
    if spec.size:
        return spec.size
    aspect = nearest_ratio(spec.aspect_ratio, sizes.ASPECTS)
    return sizes.pixels(aspect, "1K") if aspect else None


def _fitting(width: int, height: int) -> dict[str, int]:
    """The size in its shape, neither larger nor smaller than these models make."""
    area = min(max(width * height, MIN_PIXELS), MAX_PIXELS)
    grown = math.sqrt(area / (width * height))
    sides = {"width": width * grown, "height": height * grown}
    return {name: max(int(side / GRAIN) * GRAIN, GRAIN) for name, side in sides.items()}


def _needed(request: TaskRequest, role: str) -> InputFile:
    files = request.input_files_as(role)
    if not files:
        raise Rejected(f"the endpoint needs a {role}")
    return files[0]
