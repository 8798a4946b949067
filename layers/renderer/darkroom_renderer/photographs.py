"""Pictures of pixels as paints: cut to their placement once, then as cheap to draw as a colour."""

from __future__ import annotations

import math

from darkroom_graphics.skia_api import Image, Paint, skia
from darkroom_renderer.pictures import Pictures
from darkroom_renderer.placing import Box, place


def photograph(
    pictures: Pictures, data: bytes, fit: str, box: Box, focal: tuple[float, float], ratio: float
) -> Paint:
    """A paint that shows the picture where it belongs in ``box`` and nothing elsewhere. Raises UnusablePicture."""
    placed = place(fit, pictures.size(data), box, focal)
    part, at = placed.part, placed.at
    # Pixels of the result; a shrunk picture is kept at that size, an enlarged one at its own.
    width, height = max(1, round(at.width * ratio)), max(1, round(at.height * ratio))
    if width <= part.width and height <= part.height:
        image, shown = pictures.fitted(data, part, width, height), Box(0, 0, width, height)
        sampling = skia.SamplingOptions(skia.FilterMode.kLinear)
    else:
        image = pictures.whole(data)
        shown = part
        sampling = skia.SamplingOptions(skia.CubicResampler.Mitchell())
    return showing(image, shown, at, sampling)


def showing(image: Image, part: Box, at: Box, sampling: object) -> Paint:
    """A paint that shows ``part`` of an image at ``at``."""
    if part.x or part.y or part.width != image.width() or part.height != image.height():
        image = image.makeSubset(_around(image, part))
        part = Box(part.x % 1, part.y % 1, part.width, part.height)
    matrix = skia.Matrix.Translate(at.x, at.y)
    matrix.preScale(at.width / part.width, at.height / part.height)
    matrix.preTranslate(-part.x, -part.y)
    # Clamped, so that the picture's own edge does not fade; the shape that is painted ends where it does.
    # Given by name: the setter copies a shader by writing it out, its picture as a PNG.
    clamp = skia.TileMode.kClamp
    return skia.Paint(AntiAlias=True, Shader=image.makeShader(clamp, clamp, sampling, matrix))


def _around(image: Image, part: Box) -> object:
    """The whole pixels that ``part`` is on, one at least."""
    left, top = min(math.floor(part.x), image.width() - 1), min(math.floor(part.y), image.height() - 1)
    return skia.IRect.MakeLTRB(
        left,
        top,
        max(left + 1, min(image.width(), math.ceil(part.x + part.width))),
        max(top + 1, min(image.height(), math.ceil(part.y + part.height))),
    )
