"""A film from a still: frame after frame drawn on one array and handed to the encoder."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkroom.domain.prompts.chance import chance
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.watermark import stamp
from darkroom_sandbox.films.camera import Camera
from darkroom_sandbox.films.direction import SCENE_MOVES, direct
from darkroom_sandbox.films.glow import Glow
from darkroom_sandbox.films.mp4 import FPS, encode
from darkroom_sandbox.films.particles import Particles
from darkroom_sandbox.films.sound import Sound
from darkroom_sandbox.films.tags import plain
from darkroom_sandbox.films.talking import Talking

type Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Script:
    """One film to make. Equal scripts with equal stills give equal bytes.

    ``size`` is in pixels, both even; ``moves`` are what the camera may do where the prompt does not say. With
    ``sound`` the film is as long as the sound, whatever ``seconds`` says.
    """

    prompt: str
    seed: str
    size: tuple[int, int]
    seconds: float
    moves: tuple[str, ...] = SCENE_MOVES
    sound: Sound | None = None
    watermark: bool = False


def film(still: Image, script: Script) -> bytes:
    """The still brought to life as an MP4; it has the frame's shape and is shown whole in the first frame."""
    return encode(_frames(still, script), script.size, plain(script.prompt), script.sound)


def _frames(still: Image, script: Script) -> Iterator[Pixels]:
    seconds = script.sound.seconds if script.sound is not None else script.seconds
    rng = chance("film", script.prompt, script.seed)
    direction = direct(script.prompt, rng, script.moves)
    width, height = script.size
    pixels = np.zeros((height, width, 4), np.uint8)
    surface = skia.Surface(pixels, colorType=skia.kRGBA_8888_ColorType)
    canvas = surface.getCanvas()
    camera = Camera(_opaque(still), script.size, direction, seconds)
    glow = Glow(script.size, seconds, rng)
    particles = Particles(direction.air, script.size, rng)
    talking = Talking(script.size, script.sound.loudness(FPS)) if script.sound is not None else None
    mark = _mark(script.size) if script.watermark else None
    for number in range(ceil(round(seconds * FPS, 3))):
        moment = number / FPS
        camera.draw(canvas, moment, loud=talking.loud(number) if talking is not None else 0.0)
        glow.draw(canvas, moment)
        particles.draw(canvas, moment)
        if talking is not None:
            talking.draw(canvas, number)
        if mark is not None:
            canvas.drawImage(mark, 0, 0)
        yield pixels


def _opaque(still: Image) -> Image:
    """The still without transparency, which is quicker to draw; white shows where it was transparent."""
    width, height = still.width(), still.height()
    pixels = np.empty((height, width, 4), np.uint8)
    surface = skia.Surface(pixels, colorType=skia.kRGBA_8888_ColorType)
    surface.getCanvas().clear(skia.ColorWHITE)
    surface.getCanvas().drawImage(still, 0, 0)
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kOpaque_AlphaType)
    return skia.Image.MakeRasterCopy(skia.Pixmap(info, pixels, width * 4))


def _mark(size: tuple[int, int]) -> Any:
    surface = skia.Surface(*size)
    surface.getCanvas().clear(skia.ColorTRANSPARENT)
    stamp(surface.getCanvas(), *size)
    return surface.makeImageSnapshot()
