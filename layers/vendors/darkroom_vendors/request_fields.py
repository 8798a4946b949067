"""The parts of which inputs are made for vendors with many models: each turns an order into some fields.

Where an order allows more than an endpoint does, the nearest thing is asked for: the closest aspect ratio, the
closest length, the size scaled down in its shape, the prompt cut after its last whole word, as many pictures as fit.
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

PICTURE_ROLES = ("source", "ref", "template", "logo", "style", "character")
SQUARE = (1024, 1024)
MIN_PIXELS, MAX_PIXELS = 512 * 512, 2048 * 2048
GRAIN = 16  # what these models' sides are multiples of
MAX_EXPANSION = 700  # pixels an outpainting may add at one side

_QUALITIES: Mapping[str, str] = {"fast": "low", "standard": "medium", "premium": "high"}


def words(limit: int = 0, field: str = "prompt") -> Part:
    """The prompt, of at most ``limit`` characters where there is a limit; no field where there is no prompt."""

    def part(order: TaskRequest) -> Fields:
        text = shortened(composed(order), limit)
        return {field: text} if text else {}

    return part


def picture(field: str = "image_url") -> Part:
    """The picture that is worked on, which must be there."""
    return lambda order: {field: source(order).url}


def pictures(most: int, field: str = "image_urls") -> Part:
    """The picture that is worked on and those to go by: at least one."""

    def part(order: TaskRequest) -> Fields:
        given = shown(order)
        if not given:
            raise Rejected("the endpoint needs a picture")
        return {field: [one.url for one in given[:most]]}

    return part


def picture_if_any(field: str) -> Part:
    """The picture that is worked on, if there is one."""
    return lambda order: {field: source(order).url} if shown(order) else {}


def pictures_if_any(most: int, field: str) -> Part:
    """All pictures, if there are some."""

    def part(order: TaskRequest) -> Fields:
        given = shown(order)
        return {field: [one.url for one in given[:most]]} if given else {}

    return part


def mask(field: str) -> Part:
    """The mask, which must be there: see :mod:`darkroom_vendors.masks`."""
    return lambda order: {field: _needed(order, "mask").url}


def voice(field: str = "audio_url") -> Part:
    """The speech of an avatar, which must be there."""
    return lambda order: {field: _needed(order, "audio").url}


def ratio(*offered: str, auto: bool = False) -> Part:
    """The aspect ratio; with ``auto`` the endpoint may choose where the order leaves it open."""

    def part(order: TaskRequest) -> Fields:
        nearest = nearest_ratio(order.job.spec.aspect_ratio, offered)
        return {"aspect_ratio": nearest or "auto"} if nearest or auto else {}

    return part


def pixels(order: TaskRequest) -> Fields:
    """The size in pixels: always sent, because an endpoint's own default is wide."""
    width, height = wanted_size(order) or source_size(order) or SQUARE
    return {"image_size": _fitting(width, height)}


def pixels_if_wanted(order: TaskRequest) -> Fields:
    """The size in pixels, left to the endpoint's picture where the order leaves it open."""
    size = wanted_size(order)
    return {"image_size": _fitting(*size)} if size else {}


def seconds(offered: Sequence[int], form: Callable[[int], str | int]) -> Part:
    """The length: the nearest that is offered, in the form the endpoint reads."""

    def part(order: TaskRequest) -> Fields:
        length = order.job.spec_as(FilmSpec).seconds
        if length is None:
            return {}
        return {"duration": form(min(offered, key=lambda one: (abs(one - length), one)))}

    return part


def resolution(*offered: str) -> Part:
    """The named resolution the order was sold at, if the endpoint has it."""

    def part(order: TaskRequest) -> Fields:
        name = order.job.spec_as(VisualSpec).resolution
        return {"resolution": name} if name in offered else {}

    return part


def resolution_in_lower_case(*offered: str) -> Part:
    """As :func:`resolution` for endpoints that say ``2k`` for 2K."""

    def part(order: TaskRequest) -> Fields:
        name = (order.job.spec_as(VisualSpec).resolution or "").lower()
        return {"resolution": name} if name in offered else {}

    return part


def quality(order: TaskRequest) -> Fields:
    """How much care is taken."""
    return {"quality": _QUALITIES.get(order.job.spec.quality, "medium")}


def scale(form: Callable[[int], str | int] = int) -> Part:
    """How many times larger in width and height, in the form the endpoint reads."""
    return lambda order: {"upscale_factor": form(order.job.spec_as(ImageSpec).factor or 2)}


def only_png(order: TaskRequest) -> Fields:
    """No field: the endpoint reads PNG only, so anything else is for another route."""
    media = sniff(source(order).data)
    if media is None or media.mime != "image/png":
        raise RouteFailed("the endpoint reads PNG only", code="not_png")
    return {}


def expansion(order: TaskRequest) -> Fields:
    """How many pixels to add at each side for the ratio; every field is sent, because the defaults add some."""
    size = source_size(order)
    if size is None:
        raise Rejected("the source is of no known type")
    width, height = size
    wide, _, tall = (nearest_ratio(order.job.spec.aspect_ratio, sizes.ASPECTS) or "1:1").partition(":")
    wanted = int(wide) / int(tall)
    sideways = max(round((height * wanted - width) / 2), 0)
    upwards = max(round((width / wanted - height) / 2), 0)
    if max(sideways, upwards) > MAX_EXPANSION:
        raise RouteFailed("the endpoint cannot add that much", code="expansion")
    added = {
        "expand_left": sideways,
        "expand_right": sideways,
        "expand_top": upwards,
        "expand_bottom": upwards,
    }
    return {**added, "zoom_out_percentage": 0}


def song(order: TaskRequest) -> Fields:
    """A style and the words sung: whoever names a style gives the words as the prompt, as Suno's clients do."""
    style, text = order.job.spec_as(MusicSpec).style or "", order.prompt
    if min(len(style), len(text)) < 10:
        raise RouteFailed(
            "the endpoint needs a style and words to sing, ten characters each", code="no_words"
        )
    return {"prompt": shortened(style, 300), "lyrics_prompt": shortened(text, 3000)}


def track(shortest: int, longest: int) -> Part:
    """A piece of music from its description, so many seconds long."""

    def part(order: TaskRequest) -> Fields:
        spec = order.job.spec_as(MusicSpec)
        length = min(max(float(spec.seconds or 60), shortest), longest)
        words = [spec.title, spec.style, composed(order)]
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


def shown(order: TaskRequest) -> list[InputFile]:
    """All pictures, the one that is worked on first and the others as they came."""
    return sorted(order.input_files_as(*PICTURE_ROLES), key=lambda one: one.role != "source")


def source(order: TaskRequest) -> InputFile:
    """The picture that is worked on: the first one if none is marked as such."""
    given = shown(order)
    if not given:
        raise Rejected("the endpoint needs a picture")
    return given[0]


def source_size(order: TaskRequest) -> tuple[int, int] | None:
    """The source's width and height; its bytes are read for that."""
    media = sniff(source(order).data) if shown(order) else None
    return (media.width, media.height) if media and media.width else None


def wanted_size(order: TaskRequest) -> tuple[int, int] | None:
    """The width and height the order says, or about a megapixel in the ratio it says."""
    spec = order.job.spec_as(ImageSpec)
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


def _needed(order: TaskRequest, role: str) -> InputFile:
    given = order.input_files_as(role)
    if not given:
        raise Rejected(f"the endpoint needs a {role}")
    return given[0]
