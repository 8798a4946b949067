"""Edits: the source stays recognisable, what the instruction asks for is done to it, the rest is written on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from darkroom.domain.prompts.chance import chance
from darkroom_graphics.masks import marked
from darkroom_graphics.rasters import resized, smooth_sampling
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.watermark import stamp
from darkroom_sandbox.brief import Painting, Reference
from darkroom_sandbox.brush import radial
from darkroom_sandbox.colours import BLACK, Rgb, lighten, mix
from darkroom_sandbox.editing.changes import brightness, overlaid, tinted_with, toned, turned_around
from darkroom_sandbox.editing.instructions import Change, Instruction, understand
from darkroom_sandbox.editing.notes import write_note, write_words
from darkroom_sandbox.editing.regions import Box, largest_box
from darkroom_sandbox.images import decode, from_rgb, painting, to_rgb
from darkroom_sandbox.light import bokeh, finish, glow, stars
from darkroom_sandbox.palettes import PALETTES, Palette, drawn_from, tinted
from darkroom_sandbox.ratios import AUTO, nearest_ratio, pixel_size
from darkroom_sandbox.reading import Reading, read
from darkroom_sandbox.reference_pictures import badge, portraits, prints
from darkroom_sandbox.reframing import extended
from darkroom_sandbox.scenes import SCENES
from darkroom_sandbox.scenes.props import snowfall
from darkroom_sandbox.stage import Stage

type Pixels = NDArray[np.uint8]

MAX_SIDE: Final = 2048
# How much of a new mood's colour the source takes on: more when the mood is all the instruction names.
MOOD_GRADE, PLACE_GRADE, TINT = 0.5, 0.2, 0.5
# Nobody sees that anything was done where channels differ by less in the mean, and fewer pixels differ clearly.
_LEAST_DIFFERENCE, _CLEARLY, _LEAST_SHARE = 1.6, 24, 0.004
_SHOWN: Final = frozenset(
    ("ref", "template", "product", "character")
)  # inputs that stand in the lower corners
_SMALLEST_SCENE: Final = 64  # px a side


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
    """Changes a picture after an instruction, at its own size (at most 2048 pixels a side), a ratio's or ``size``.

    What of the instruction is understood is done; where something is not, the instruction stands legibly on the
    picture. A mask limits both: where it is transparent, or white when it has no transparency, the picture may
    change; everywhere else the pixels stay exactly as they were, but for the watermark. Raises UnusablePicture for a
    picture that cannot be read, ValueError for an unknown ratio.
    """
    image = decode(source, longest=MAX_SIDE)
    rng = chance("edit", instruction, seed)
    asked, reading = understand(instruction, masked=mask is not None), read(instruction, rng)
    before, after, ratio = _turned(image, asked, aspect_ratio, size, seed, keeps_shape=mask is not None)
    height, width, _ = before.shape
    coverage = _coverage(decode(mask, longest=MAX_SIDE), width, height) if mask is not None else None
    region = (0.0, 0.0, float(width), float(height)) if coverage is None else largest_box(coverage)
    stage = _stage(width, height, rng, reading, asked, references)
    _change(stage, after, asked, coverage, styled=any(each.kind == "style" for each in references))
    if region is not None:
        _apply(stage, references, region)
    if asked.said and region is not None:
        write_words(stage, asked.said, region)
    result = _only_inside(before, to_rgb(stage.surface.makeImageSnapshot()), coverage)
    if region is not None and (not asked.is_understood or _is_same(before, result, coverage)):
        shows = not _SHOWN.isdisjoint(each.kind for each in references)
        high = shows or bool(asked.said)  # the lower part of the picture is taken
        fills = coverage is not None and not high
        if not write_note(stage, asked.text, region, fills=fills, high=high):
            _light(stage)  # words in a script without a font: the picture changes all the same
            finish(stage)
        result = _only_inside(before, to_rgb(stage.surface.makeImageSnapshot()), coverage)
    return painting(_stamped(result) if watermark else result, ratio)


def _turned(
    image: Image,
    asked: Instruction,
    aspect_ratio: str | None,
    size: tuple[int, int] | None,
    seed: str,
    *,
    keeps_shape: bool,
) -> tuple[Pixels, Pixels, str]:
    """The source as it is and turned as asked, both on the same canvas, and the canvas's ratio.

    A turn by quarters swaps the sides of a picture that may have any shape; the source is then stretched to them, to
    be compared with.
    """
    keeps_shape = keeps_shape or size is not None or aspect_ratio not in (None, AUTO)
    turned = turned_around(image, asked.changes, asked.angle, keeps_shape=keeps_shape)
    after, ratio = _canvas(turned, aspect_ratio, size, seed)
    if turned is image:
        return after, after, ratio
    if (turned.width(), turned.height()) != (image.width(), image.height()):
        image = resized(image, turned.width(), turned.height())
    return _canvas(image, aspect_ratio, size, seed)[0], after, ratio


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


def _stage(
    width: int,
    height: int,
    rng: Random,
    reading: Reading,
    asked: Instruction,
    references: Sequence[Reference],
) -> Stage:
    palette = PALETTES[asked.mood or reading.mood]
    style = next((r for r in references if r.kind == "style"), None)
    if style is not None:
        palette = tinted(palette, drawn_from(decode(style.data, longest=256)))
    elif asked.colours:
        palette = replace(tinted(palette, asked.colours), accent=asked.colours[0])
    return Stage(skia.Surface(width, height), width, height, rng, palette, reading.words)


def _change(
    stage: Stage, source: Pixels, asked: Instruction, coverage: Pixels | None, *, styled: bool
) -> None:
    """Draws the source with everything done to it that was understood."""
    moody = asked.mood is not None or styled or asked.is_empty
    if asked.place is not None:
        graded = from_rgb(_graded(source, stage.palette, PLACE_GRADE))
        _move(stage, graded, asked.place, coverage)
    elif moody:
        stage.canvas.drawImage(from_rgb(_graded(source, stage.palette, MOOD_GRADE)), 0, 0)
    else:
        tints = asked.colours and Change.BORDER not in asked.changes  # else the colour is the border's
        pixels = tinted_with(source, asked.colours[0], TINT) if tints else source
        stage.canvas.drawImage(from_rgb(pixels), 0, 0)
    if asked.place is not None or moody:
        _light(stage)
        finish(stage)
    if asked.changes:
        pixels = toned(to_rgb(stage.surface.makeImageSnapshot()), asked.changes)
        stage.canvas.drawImage(from_rgb(pixels), 0, 0)
        overlaid(stage, asked.changes, asked.colours)


def _move(stage: Stage, graded: Image, place: str, coverage: Pixels | None) -> None:
    """A new place comes in around the source from the edges; under a mask it is painted in place of what is there."""
    canvas, w, h = stage.canvas, stage.width, stage.height
    if coverage is not None:
        canvas.drawImage(graded, 0, 0)
        _paint_inside(stage, place, coverage)
        return
    SCENES[place](stage)
    canvas.saveLayer(None, skia.Paint())
    canvas.drawImage(graded, 0, 0)
    canvas.scale(w / 2, h / 2)
    fade = ((0.0, BLACK, 1.0), (0.56, BLACK, 0.97), (0.82, BLACK, 0.5), (1.0, BLACK, 0.14))
    canvas.drawPaint(radial((1, 1), 1.12, fade, blend="DstIn"))
    canvas.restore()


def _paint_inside(stage: Stage, place: str, coverage: Pixels) -> None:
    """Paints a scene as large as what the mask marks, so that its subject stands in the middle of that."""
    rows, columns = np.flatnonzero(coverage.any(axis=1)), np.flatnonzero(coverage.any(axis=0))
    if not len(rows):
        return
    x, y = int(columns[0]), int(rows[0])
    w, h = int(columns[-1]) - x + 1, int(rows[-1]) - y + 1
    grown = max(1.0, _SMALLEST_SCENE / w, _SMALLEST_SCENE / h)
    width, height = min(MAX_SIDE, round(w * grown)), min(MAX_SIDE, round(h * grown))
    scene = replace(stage, surface=skia.Surface(width, height), width=width, height=height)
    SCENES[place](scene)
    target = skia.Rect.MakeXYWH(x, y, w, h)
    stage.canvas.drawImageRect(scene.surface.makeImageSnapshot(), target, smooth_sampling(), skia.Paint())


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


def _apply(stage: Stage, references: Sequence[Reference], region: Box) -> None:
    def of(*kinds: str) -> list[Image]:
        return [decode(r.data, longest=MAX_SIDE) for kind in kinds for r in references if r.kind == kind]

    prints(stage, of("product", "ref", "template"), region)
    portraits(stage, of("character"), region)
    for place, logo in enumerate(of("logo")[:3]):
        badge(stage, logo, place, region)


def _is_same(before: Pixels, after: Pixels, coverage: Pixels | None) -> bool:
    """Whether nobody would see a difference; a sixteenth of the pixels decides."""
    grid = (slice(None, None, 4), slice(None, None, 4))
    apart = np.abs(after[grid].astype(np.int16) - before[grid]).max(axis=2)
    count = max(1, apart.size if coverage is None else int((coverage[grid] > 0).sum()))
    return (
        float(apart.sum()) / count < _LEAST_DIFFERENCE
        and int((apart > _CLEARLY).sum()) / count < _LEAST_SHARE
    )


def _graded(pixels: Pixels, palette: Palette, grade: float) -> Pixels:
    """Mixes in the palette's colour of the same brightness by ``grade``, 0..1; dark palettes also dim the
    source.
    """
    ramp = _ramp((palette.near, palette.sky[0], palette.far, palette.sky[2], palette.light))
    dim = 0.72 if palette.dark else 1.0
    kept = (np.arange(256) * (1 - grade) * dim).astype(np.uint8)
    added = (ramp * grade).astype(np.uint8)
    return np.asarray(kept[pixels] + added[brightness(pixels)], dtype=np.uint8)


def _ramp(colours: Sequence[Rgb]) -> NDArray[np.float64]:
    table, at = np.array(colours) * 255, np.linspace(0, 255, len(colours))
    order = np.argsort(table @ np.array((0.2126, 0.7152, 0.0722)), kind="stable")
    return np.stack([np.interp(np.arange(256), at, table[order, c]) for c in range(3)], axis=1)


def _coverage(mask: Image, width: int, height: int) -> Pixels:
    """How much each pixel may change, 0..255."""
    same_size = (mask.width(), mask.height()) == (width, height)
    return marked(mask if same_size else resized(mask, width, height))


def _only_inside(before: Pixels, after: Pixels, coverage: Pixels | None) -> Pixels:
    if coverage is None:
        return after
    share = coverage.astype(np.uint16)[:, :, None]
    blended = (before.astype(np.uint16) * (255 - share) + after.astype(np.uint16) * share + 127) // 255
    return blended.astype(np.uint8)


def _stamped(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    surface = skia.Surface(width, height)
    surface.getCanvas().drawImage(from_rgb(pixels), 0, 0)
    stamp(surface.getCanvas(), width, height)
    return to_rgb(surface.makeImageSnapshot())
