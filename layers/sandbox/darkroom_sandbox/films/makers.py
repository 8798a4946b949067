"""The moving operations of the sandbox, each from an order to an output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from darkroom.domain.jobs.engine import Output, TaskRequest
from darkroom_graphics.skia_api import Image, skia
from darkroom_sandbox.films.clip import Script, film
from darkroom_sandbox.films.direction import PICTURE_MOVES, SCENE_MOVES, TALK_MOVES, subject
from darkroom_sandbox.films.sizes import frame_size
from darkroom_sandbox.films.sound import decode
from darkroom_sandbox.images import decode as decode_image
from darkroom_sandbox.music.composing import Wish, compose
from darkroom_sandbox.painter import paint
from darkroom_sandbox.ratios import AUTO, nearest_ratio
from darkroom_sandbox.reframing import extended
from darkroom_sandbox.stills import Maker, brief_of, input_file, seed_of

FILM_SECONDS: Final = (1.0, 15.0)
MUSIC_SECONDS: Final = (5.0, 240.0)
# A painted still is larger than the frame, so that it stays sharp when the camera comes closer.
OVERSIZE: Final = 1.15
MAX_PAINTED_SIDE: Final = 2600
# A source at most this much wider or taller than the frame is cropped; beyond, it grows instead.
CROP: Final = 1.2


def _film(order: TaskRequest, prompt: str) -> Output:
    settings = order.job.spec.settings
    seconds = _seconds(settings.get("seconds"), 5.0, FILM_SECONDS)
    voice, source = input_file(order, "audio"), input_file(order, "source")
    sound = decode(voice) if voice is not None else None
    picture = decode_image(source) if source is not None else None
    ratio = _ratio(order.job.spec.aspect_ratio, picture)
    size = frame_size(ratio, str(settings.get("resolution") or "720p"))
    still = _fitted(picture, size, seed_of(order)) if picture is not None else _painted(order, prompt, size)
    script = Script(
        prompt=prompt,
        seed=seed_of(order),
        size=size,
        seconds=seconds,
        moves=TALK_MOVES if sound is not None else PICTURE_MOVES if picture is not None else SCENE_MOVES,
        sound=sound,
        watermark=not order.job.owner.livemode,
    )
    return Output(film(still, script), "video/mp4", ratio)


def _music(order: TaskRequest, prompt: str) -> Output:
    settings = order.job.spec.settings
    wish = Wish(
        prompt=prompt,
        seed=seed_of(order),
        seconds=_seconds(settings.get("seconds"), 30.0, MUSIC_SECONDS),
        instrumental=bool(settings.get("instrumental", False)),
        style=str(settings.get("style") or ""),
        title=str(settings.get("title") or ""),
        watermark=not order.job.owner.livemode,
    )
    return Output(compose(wish), "audio/mpeg", order.job.spec.aspect_ratio)


MOVING: Final[Mapping[str, Maker]] = {"video": _film, "music": _music}


def _seconds(wanted: object, usual: float, bounds: tuple[float, float]) -> float:
    """A length in seconds; raises ValueError for what is no number or out of bounds."""
    seconds = float(str(wanted)) if wanted is not None else usual
    low, high = bounds
    if not low <= seconds <= high:
        raise ValueError(f"seconds must be {low:g} to {high:g}")
    return seconds


def _ratio(wanted: str, picture: Image | None) -> str:
    if wanted not in ("", AUTO):
        return wanted
    return nearest_ratio(picture.width(), picture.height()) if picture is not None else "16:9"


def _painted(order: TaskRequest, prompt: str, size: tuple[int, int]) -> Image:
    larger = min(OVERSIZE, MAX_PAINTED_SIDE / max(size))
    width, height = (round(side * larger) for side in size)
    brief = brief_of(order, subject(prompt) or prompt, size=(width, height))
    return decode_image(paint(replace(brief, watermark=False)).data)


def _fitted(picture: Image, size: tuple[int, int], seed: str) -> Image:
    """The source in the frame's shape: cropped where little is lost, else whole, with its surroundings grown."""
    width, height = size
    factor = (picture.width() / picture.height()) / (width / height)
    if not 1 / CROP <= factor <= CROP:
        return extended(picture, width, height, seed=seed).makeImageSnapshot()
    scale = max(width / picture.width(), height / picture.height())
    w, h = width / scale, height / scale
    part = skia.Rect.MakeXYWH((picture.width() - w) / 2, (picture.height() - h) / 2, w, h)
    surface = skia.Surface(width, height)
    surface.getCanvas().clear(skia.ColorWHITE)
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    surface.getCanvas().drawImageRect(picture, part, skia.Rect.MakeWH(width, height), smooth, skia.Paint())
    return surface.makeImageSnapshot()
