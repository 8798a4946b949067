"""Editing: the source stays recognisable; the instruction's mood, place and light come over it."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from darkroom.domain.prompts.chance import chance
from darkroom_graphics.decoding import resized, smooth_sampling
from darkroom_graphics.masks import marked
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.watermark import stamp
from darkroom_sandbox.brief import Painting, Reference
from darkroom_sandbox.brush import radial
from darkroom_sandbox.colours import BLACK, Rgb, lighten, mix
from darkroom_sandbox.images import decode, from_rgb, painting, to_rgb
from darkroom_sandbox.light import bokeh, finish, glow, stars
from darkroom_sandbox.palettes import PALETTES, Palette, drawn_from, tinted
from darkroom_sandbox.ratios import AUTO, nearest_ratio, pixel_size
from darkroom_sandbox.reading import Reading, read
from darkroom_sandbox.reference_pictures import badge, portraits, prints, whole
from darkroom_sandbox.reframing import extended
from darkroom_sandbox.scenes import SCENES
from darkroom_sandbox.scenes.props import snowfall
from darkroom_sandbox.stage import Stage

type Pixels = NDArray[np.uint8]

MAX_SIDE = 2048
# How much of a new mood's colour the source takes on: more when the mood is all the instruction names.
MOOD_GRADE, PLACE_GRADE = 0.5, 0.2


def edit(
    source: bytes,
    instruction: str,
    *,
    seed: str,
    mask: bytes | None = None,
    references: Sequence[Reference] = (),
    aspect_ratio: str | None = None,
    size: tuple[int, int] | None = None,
    watermark: bool = False,
) -> Painting:
    """Repaints a picture after an instruction, at its own size (at most 2048 pixels a side), a ratio's or ``size``.

    A mask limits the change: where it is transparent, or white when it has no transparency, the picture may
    change; everywhere else the pixels stay exactly as they were, but for the watermark. Raises UnusablePicture for a
    picture that cannot be read, ValueError for an unknown ratio.
    """
    image = decode(source, longest=MAX_SIDE)
    rng = chance("edit", instruction, seed)
    reading = read(instruction, rng)
    before, ratio = _canvas(image, aspect_ratio, size, seed)
    height, width, _ = before.shape
    stage = _stage(width, height, rng, reading, references)
    _repaint(stage, before, reading, masked=mask is not None)
    _apply(stage, references)
    finish(stage)
    after = to_rgb(stage.surface.makeImageSnapshot())
    if mask is not None:
        after = _only_inside(before, after, _coverage(decode(mask, longest=MAX_SIDE), width, height))
    if watermark:
        after = _stamped(after)
    return painting(after, ratio)


def _canvas(
    image: Image, aspect_ratio: str | None, size: tuple[int, int] | None, seed: str
) -> tuple[Pixels, str]:
    if size is not None:
        return to_rgb(extended(image, *size, seed=seed).makeImageSnapshot()), nearest_ratio(*size)
    if aspect_ratio is not None and aspect_ratio != AUTO:
        surface = extended(image, *pixel_size(aspect_ratio), seed=seed)
        return to_rgb(surface.makeImageSnapshot()), aspect_ratio
    surface = skia.Surface(image.width(), image.height())
    surface.getCanvas().clear(skia.ColorWHITE)
    surface.getCanvas().drawImage(image, 0, 0)
    ratio = nearest_ratio(image.width(), image.height())
    return to_rgb(surface.makeImageSnapshot()), ratio


def _stage(width: int, height: int, rng: Random, reading: Reading, references: Sequence[Reference]) -> Stage:
    palette = PALETTES[reading.mood]
    style = next((r for r in references if r.kind == "style"), None)
    if style is not None:
        palette = tinted(palette, drawn_from(decode(style.data, longest=256)))
    elif reading.colours:
        palette = replace(tinted(palette, reading.colours), accent=reading.colours[0])
    return Stage(skia.Surface(width, height), width, height, rng, palette, reading.words)


def _repaint(stage: Stage, before: Pixels, reading: Reading, *, masked: bool) -> None:
    """New place around (or, under a mask, in place of) the source; then the mood's grade and its light."""
    grade = MOOD_GRADE if reading.setting in (None, "abstract") else PLACE_GRADE
    graded = from_rgb(_graded(before, stage.palette, grade))
    if reading.setting is None or reading.setting == "abstract":
        stage.canvas.drawImage(graded, 0, 0)
    else:
        SCENES[reading.setting](stage)
        _blend_source(stage, graded, masked=masked)
    _light(stage)


def _blend_source(stage: Stage, graded: Image, *, masked: bool) -> None:
    """Keeps the middle of the source and lets the new place come in from the edges."""
    canvas, w, h = stage.canvas, stage.width, stage.height
    if masked:
        canvas.drawImage(graded, 0, 0, smooth_sampling(), skia.Paint(Alphaf=0.28))
        return
    canvas.saveLayer(None, skia.Paint())
    canvas.drawImage(graded, 0, 0)
    canvas.scale(w / 2, h / 2)
    fade = ((0.0, BLACK, 1.0), (0.56, BLACK, 0.97), (0.82, BLACK, 0.5), (1.0, BLACK, 0.14))
    canvas.drawPaint(radial((1, 1), 1.12, fade, blend="DstIn"))
    canvas.restore()


def _light(stage: Stage) -> None:
    w, h, rng = stage.width, stage.height, stage.rng
    at = (w * rng.choice((0.12, 0.88)), h * rng.uniform(0.05, 0.25))
    glow(stage, at, max(w, h) * 0.75, mix(stage.palette.light, stage.palette.accent, 0.4), 0.5)
    if stage.has("snow", "snowy", "winter", "christmas"):
        snowfall(stage, 220)
    elif stage.has("night", "stars", "starry", "space", "galaxy"):
        stars(stage, h * 0.7, 1.2)
    else:
        bokeh(stage, 10, 0, h, (stage.palette.accent, lighten(stage.palette.accent, 0.5)))


def _apply(stage: Stage, references: Sequence[Reference]) -> None:
    def of(kind: str) -> list[Image]:
        return [decode(r.data, longest=MAX_SIDE) for r in references if r.kind == kind]

    prints(stage, [*of("product"), *of("ref"), *of("template")], whole(stage))
    portraits(stage, of("character"), whole(stage))
    for place, logo in enumerate(of("logo")[:3]):
        badge(stage, logo, place, whole(stage))


def _graded(pixels: Pixels, palette: Palette, grade: float) -> Pixels:
    """Mixes in the palette's colour of the same brightness by ``grade``, 0..1; dark palettes also dim the
    source.
    """
    ramp = _ramp((palette.near, palette.sky[0], palette.far, palette.sky[2], palette.light))
    weights = np.array((54, 183, 19), np.uint16)
    luma = (pixels.astype(np.uint16) @ weights >> 8).astype(np.uint8)
    dim = 0.72 if palette.dark else 1.0
    kept = (np.arange(256) * (1 - grade) * dim).astype(np.uint8)
    added = (ramp * grade).astype(np.uint8)
    return np.asarray(kept[pixels] + added[luma], dtype=np.uint8)


def _ramp(colours: Sequence[Rgb]) -> NDArray[np.float64]:
    table, at = np.array(colours) * 255, np.linspace(0, 255, len(colours))
    order = np.argsort(table @ np.array((0.2126, 0.7152, 0.0722)), kind="stable")
    return np.stack([np.interp(np.arange(256), at, table[order, c]) for c in range(3)], axis=1)


def _coverage(mask: Image, width: int, height: int) -> Pixels:
    """How much each pixel may change, 0..255."""
    same_size = (mask.width(), mask.height()) == (width, height)
    return marked(mask if same_size else resized(mask, width, height))


def _only_inside(before: Pixels, after: Pixels, coverage: Pixels) -> Pixels:
    share = coverage.astype(np.uint16)[:, :, None]
    blended = (before.astype(np.uint16) * (255 - share) + after.astype(np.uint16) * share + 127) // 255
    return blended.astype(np.uint8)


def _stamped(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    surface = skia.Surface(width, height)
    surface.getCanvas().drawImage(from_rgb(pixels), 0, 0)
    stamp(surface.getCanvas(), width, height)
    return to_rgb(surface.makeImageSnapshot())
