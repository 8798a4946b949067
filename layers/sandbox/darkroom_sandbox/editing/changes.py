"""The changes: each from the pixels of a picture to those of another of the same size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.rasters import resized, smooth_sampling
from darkroom_graphics.skia_api import Image, skia
from darkroom_sandbox.brush import fill, linear, radial, rect, stroke
from darkroom_sandbox.colours import BLACK, WHITE, Rgb
from darkroom_sandbox.editing.instructions import Change
from darkroom_sandbox.images import from_rgb, to_rgb
from darkroom_sandbox.light import bokeh, grain, mist, rays, stars
from darkroom_sandbox.scenes.props import snowfall
from darkroom_sandbox.scenes.town import rainfall
from darkroom_sandbox.stage import Stage, saved

type Pixels = NDArray[np.uint8]
type Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_RAMP: Final = np.arange(256) / 255
_LUMA: Final = np.array((54, 183, 19), np.uint16)
_STEPS: Final = 5  # shades of each colour in a cartoon


def brightness(pixels: Pixels) -> Pixels:
    """How bright each pixel is, 0..255."""
    return (pixels.astype(np.uint16) @ _LUMA >> 8).astype(np.uint8)


def toned(pixels: Pixels, changes: Sequence[Change]) -> Pixels:
    """The picture with changes of colour and of sharpness made, in their order."""
    for change in changes:
        made = _TONES.get(change)
        pixels = made(pixels) if made is not None else pixels
    return pixels


def overlaid(stage: Stage, changes: Sequence[Change], colours: Sequence[Rgb]) -> None:
    """Draws what changes add to a picture: weather, light, a border."""
    for change in changes:
        drawn = _OVERLAYS.get(change)
        if drawn is not None:
            drawn(stage)
    if Change.BORDER in changes:
        _border(stage, colours[0] if colours else WHITE)


def turned_around(image: Image, changes: Sequence[Change], angle: int, *, keeps_shape: bool) -> Image:
    """The picture mirrored, turned and zoomed into; by quarters its sides swap, unless it ``keeps_shape``."""
    if Change.ZOOM in changes:
        image = _drawn(image, image.width(), image.height(), angle=0, scale=1.5)
    if Change.FLIP in changes or Change.UPEND in changes:
        image = _mirrored(image, sideways=Change.FLIP in changes, upended=Change.UPEND in changes)
    if not angle:
        return image
    w, h = image.width(), image.height()
    if angle % 180 == 90 and not keeps_shape:
        return _drawn(image, h, w, angle=angle, scale=1.0)
    turn = np.radians(angle)
    across, down = abs(np.cos(turn)), abs(np.sin(turn))
    scale = max((w * across + h * down) / w, (w * down + h * across) / h)
    return _drawn(image, w, h, angle=angle, scale=float(scale))


def tinted_with(pixels: Pixels, colour: Rgb, strength: float) -> Pixels:
    """The picture with ``strength`` of it in shades of one colour."""
    shade = _RAMP[:, None] ** 0.9
    ramp = np.where(shade < 0.5, np.array(colour) * shade * 2, 1 - (1 - np.array(colour)) * (2 - 2 * shade))
    kept = (np.arange(256) * (1 - strength)).astype(np.uint8)
    added = (ramp * 255 * strength).astype(np.uint8)
    return np.asarray(kept[pixels] + added[brightness(pixels)], dtype=np.uint8)


def _curved(*curves: Curve) -> Callable[[Pixels], Pixels]:
    """Every channel through a curve: one for all, or one each."""
    tables = [(np.clip(curve(_RAMP), 0, 1) * 255).astype(np.uint8) for curve in curves]

    def change(pixels: Pixels) -> Pixels:
        if len(tables) == 1:
            return tables[0][pixels]
        return np.dstack([table[pixels[:, :, at]] for at, table in enumerate(tables)])

    return change


def _grey(pixels: Pixels) -> Pixels:
    return np.repeat(brightness(pixels)[:, :, None], 3, axis=2)


def _sepia(pixels: Pixels) -> Pixels:
    ramp = np.clip(np.stack([_RAMP * 1.06 + 0.06, _RAMP * 0.9 + 0.04, _RAMP * 0.68 + 0.02], axis=1), 0, 1)
    return np.asarray((ramp * 255).astype(np.uint8)[brightness(pixels)], dtype=np.uint8)


def _saturated(amount: float) -> Callable[[Pixels], Pixels]:
    def change(pixels: Pixels) -> Pixels:
        luma = brightness(pixels)[:, :, None].astype(np.float32)
        return np.clip(luma + (pixels - luma) * amount, 0, 255).astype(np.uint8)

    return change


def _filtered(pixels: Pixels, image_filter: Any) -> Pixels:
    height, width, _ = pixels.shape
    surface = skia.Surface(width, height)
    surface.getCanvas().drawImage(
        from_rgb(pixels), 0, 0, skia.SamplingOptions(), skia.Paint(ImageFilter=image_filter)
    )
    return to_rgb(surface.makeImageSnapshot())


def _blurred(pixels: Pixels) -> Pixels:
    sigma = max(2.0, min(pixels.shape[:2]) * 0.014)
    return _filtered(pixels, skia.ImageFilters.Blur(sigma, sigma, skia.TileMode.kClamp))


def _sharpened(pixels: Pixels) -> Pixels:
    sigma = max(0.8, min(pixels.shape[:2]) * 0.0016)
    soft = _filtered(pixels, skia.ImageFilters.Blur(sigma, sigma, skia.TileMode.kClamp)).astype(np.int16)
    return np.clip(pixels + (pixels - soft) * 1.4, 0, 255).astype(np.uint8)


def _pixelated(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    cells = max(1, round(min(width, height) / 40))
    small = resized(from_rgb(pixels), max(1, width // cells), max(1, height // cells))
    surface = skia.Surface(width, height)
    whole = skia.Rect.MakeWH(small.width(), small.height())
    surface.getCanvas().drawImageRect(
        small, whole, skia.Rect.MakeWH(width, height), skia.SamplingOptions(), skia.Paint()
    )
    return to_rgb(surface.makeImageSnapshot())


def _edges(pixels: Pixels, width: float) -> NDArray[np.float32]:
    """How much of an edge each pixel is on, 0..1."""
    smooth = _filtered(pixels, skia.ImageFilters.Blur(width, width, skia.TileMode.kClamp))
    luma = brightness(smooth).astype(np.float32)
    down, across = np.gradient(luma)
    return np.asarray(np.clip(np.hypot(down, across) * width / 22, 0, 1), np.float32)


def _cartoon(pixels: Pixels) -> Pixels:
    width = max(1.0, min(pixels.shape[:2]) * 0.003)
    smooth = _filtered(pixels, skia.ImageFilters.Blur(width, width, skia.TileMode.kClamp))
    vivid = _saturated(1.35)(smooth)
    steps = (np.round(_RAMP * (_STEPS - 1)) / (_STEPS - 1) * 255).astype(np.uint8)
    lines = 1 - _edges(pixels, width)[:, :, None] ** 1.5
    return np.asarray(steps[vivid] * lines, dtype=np.uint8)


def _sketched(pixels: Pixels) -> Pixels:
    width = max(0.8, min(pixels.shape[:2]) * 0.0022)
    lines = 1 - _edges(pixels, width) ** 0.8
    shade = 0.8 + 0.2 * brightness(pixels).astype(np.float32) / 255
    return _grey(np.repeat((lines * shade * 250).astype(np.uint8)[:, :, None], 3, axis=2))


def _dreamy(pixels: Pixels) -> Pixels:
    """Screened with a blurred copy."""
    sigma = min(pixels.shape[:2]) * 0.02
    soft = _filtered(pixels, skia.ImageFilters.Blur(sigma, sigma, skia.TileMode.kClamp))
    light = 255 - (255 - pixels.astype(np.uint16)) * (255 - soft.astype(np.uint16) * 6 // 10) // 255
    return light.astype(np.uint8)


_TONES: Final[Mapping[Change, Callable[[Pixels], Pixels]]] = {
    Change.GREY: _grey,
    Change.SEPIA: _sepia,
    Change.INVERT: _curved(lambda x: 1 - x),
    Change.WARMER: _curved(lambda x: x**0.82 + 0.02, lambda x: x**0.98, lambda x: x**1.3 * 0.94),
    Change.COOLER: _curved(lambda x: x**1.3 * 0.94, lambda x: x**1.02, lambda x: x**0.8 + 0.02),
    Change.DARKER: _curved(lambda x: x**1.25 * 0.66),
    Change.LIGHTER: _curved(lambda x: 1 - (1 - x) ** 1.25 * 0.72),
    Change.CONTRAST: _curved(lambda x: 0.5 + (x - 0.5) * 1.5),
    Change.FLATTER: _curved(lambda x: 0.5 + (x - 0.5) * 0.6),
    Change.VIVID: _saturated(1.7),
    Change.MUTED: _saturated(0.45),
    Change.BLUR: _blurred,
    Change.SHARPEN: _sharpened,
    Change.PIXELATE: _pixelated,
    Change.CARTOON: _cartoon,
    Change.SKETCH: _sketched,
    Change.DREAMY: _dreamy,
}


def _vignette(stage: Stage) -> None:
    w, h = stage.width, stage.height
    stops = ((0.0, BLACK, 0.0), (0.5, BLACK, 0.0), (1.0, BLACK, 0.78))
    stage.canvas.drawPaint(radial((w / 2, h / 2), (w * w + h * h) ** 0.5 / 2, stops))


def _fog(stage: Stage) -> None:
    w, h = stage.width, stage.height
    stops = ((0.0, WHITE, 0.2), (0.5, WHITE, 0.45), (1.0, WHITE, 0.75))
    stage.canvas.drawRect(rect(0, 0, w, h), linear((0, 0), (0, h), stops))
    mist(stage, h, h * 0.6, WHITE, 0.5)


def _rays(stage: Stage) -> None:
    w, h = stage.width, stage.height
    side = stage.rng.choice((0.1, 0.9))
    rays(stage, (w * side, -h * 0.1), 16, (1.0, 0.95, 0.8), 0.5, h * 1.3)


def _rain(stage: Stage) -> None:
    stage.canvas.drawPaint(fill((0.1, 0.14, 0.2), 0.3))
    rainfall(stage)


_OVERLAYS: Final[Mapping[Change, Callable[[Stage], None]]] = {
    Change.GRAIN: lambda stage: grain(stage, 0.16),
    Change.VIGNETTE: _vignette,
    Change.FOG: _fog,
    Change.RAYS: _rays,
    Change.SNOW: lambda stage: snowfall(stage, 420),
    Change.RAIN: _rain,
    Change.STARS: lambda stage: stars(stage, stage.height * 0.8, 1.6),
    Change.BOKEH: lambda stage: bokeh(stage, 34, 0, stage.height, ((1.0, 0.9, 0.6), (1.0, 0.75, 0.5), WHITE)),
}


def _border(stage: Stage, colour: Rgb) -> None:
    width = min(stage.width, stage.height) * 0.11
    paint = stroke(colour, width)
    paint.setStrokeJoin(skia.Paint.kMiter_Join)
    stage.canvas.drawRect(rect(0, 0, stage.width, stage.height), paint)


def _mirrored(image: Image, *, sideways: bool, upended: bool) -> Image:
    surface = skia.Surface(image.width(), image.height())
    canvas = surface.getCanvas()
    canvas.translate(image.width() if sideways else 0, image.height() if upended else 0)
    canvas.scale(-1 if sideways else 1, -1 if upended else 1)
    canvas.drawImage(image, 0, 0)
    return surface.makeImageSnapshot()


def _drawn(image: Image, width: int, height: int, *, angle: int, scale: float) -> Image:
    """The image turned and scaled about its middle, in a frame of a size in pixels."""
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    with saved(canvas):
        canvas.translate(width / 2, height / 2)
        canvas.rotate(angle)
        canvas.scale(scale, scale)
        canvas.drawImage(image, -image.width() / 2, -image.height() / 2, smooth_sampling())
    return surface.makeImageSnapshot()
