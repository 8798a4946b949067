"""The moving operations of the sandbox, each from a task request to an output.

Films have no words, so that their worker needs no fonts: one about something that no scene shows is abstract.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from darkroom.domain.jobs.engine import Output, TaskRequest
from darkroom.domain.jobs.spec import FilmSpec, MusicSpec
from darkroom_graphics.skia_api import Image, skia
from darkroom_sandbox.films.clip import Script, film
from darkroom_sandbox.films.direction import PICTURE_MOVES, SCENE_MOVES, TALK_MOVES, subject
from darkroom_sandbox.films.sizes import frame_size
from darkroom_sandbox.films.sound import decode
from darkroom_sandbox.images import decode as decode_image
from darkroom_sandbox.music.composing import Piece, compose
from darkroom_sandbox.ratios import AUTO, nearest_ratio
from darkroom_sandbox.reframing import extended
from darkroom_sandbox.scenery import paint_scenery
from darkroom_sandbox.task_requests import Maker, brief_of, input_file, seed_of

FILM_SECONDS: Final = (1.0, 15.0)
MUSIC_SECONDS: Final = (5.0, 240.0)
# A painted still is larger than the frame, so that it stays sharp when the camera comes closer.
OVERSIZE: Final = 1.15
MAX_PAINTED_SIDE: Final = 2600
# A source at most this much wider or taller than the frame is cropped; beyond, it grows instead.
CROP: Final = 1.2


def _film(request: TaskRequest, prompt: str) -> Output:
    spec = request.job.spec_as(FilmSpec)
    seconds = _seconds(spec.seconds, 5.0, FILM_SECONDS)
    voice, source = input_file(request, "audio"), input_file(request, "source")
    sound = decode(voice) if voice is not None else None
    picture = decode_image(source) if source is not None else None
    ratio = _ratio(spec.aspect_ratio, picture)
    size = frame_size(ratio, spec.resolution or "720p")
    still = (
        _fitted(picture, size, seed_of(request)) if picture is not None else _painted(request, prompt, size)
    )
    script = Script(
        prompt=prompt,
        seed=seed_of(request),
        size=size,
        seconds=seconds,
        moves=TALK_MOVES if sound is not None else PICTURE_MOVES if picture is not None else SCENE_MOVES,
        sound=sound,
        watermark=not request.job.owner.livemode,
    )
    return Output(film(still, script), "video/mp4", ratio)


def _music(request: TaskRequest, prompt: str) -> Output:
    spec = request.job.spec_as(MusicSpec)
    piece = Piece(
        prompt=prompt,
        seed=seed_of(request),
        seconds=_seconds(spec.seconds, 30.0, MUSIC_SECONDS),
        instrumental=bool(spec.instrumental),
        style=spec.style or "",
        title=spec.title or "",
        watermark=not request.job.owner.livemode,
    )
    return Output(compose(piece), "audio/mpeg", request.job.spec.aspect_ratio)


MOVING: Final[Mapping[str, Maker]] = {"video": _film, "music": _music}


def _seconds(setting: object, usual: float, bounds: tuple[float, float]) -> float:
    """A length in seconds; raises ValueError for what is no number or out of bounds."""
    seconds = float(str(setting)) if setting is not None else usual
    low, high = bounds
    if not low <= seconds <= high:
        raise ValueError(f"seconds must be {low:g} to {high:g}")
    return seconds


def _ratio(asked: str, picture: Image | None) -> str:
    if asked not in ("", AUTO):
        return asked
    return nearest_ratio(picture.width(), picture.height()) if picture is not None else "16:9"


def _painted(request: TaskRequest, prompt: str, size: tuple[int, int]) -> Image:
    larger = min(OVERSIZE, MAX_PAINTED_SIDE / max(size))
    width, height = (round(side * larger) for side in size)
    scenery = paint_scenery(brief_of(request, subject(prompt) or prompt, size=(width, height)))
    scenery.place_logos()
    return scenery.stage.surface.makeImageSnapshot()


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
