"""Reframing: the source stays sharp and whole, the picture grows around it."""

from darkroom.domain.prompts.chance import chance
from darkroom_graphics.rasters import resized, smooth_sampling
from darkroom_graphics.skia_api import Canvas, Image, Surface, skia
from darkroom_graphics.watermark import stamp
from darkroom_sandbox.brief import Painting
from darkroom_sandbox.brush import linear, rect
from darkroom_sandbox.colours import BLACK
from darkroom_sandbox.images import decode, finished
from darkroom_sandbox.ratios import AUTO, nearest_ratio, pixel_size
from darkroom_sandbox.stage import saved

_SHRINK = 8


def reframe(source: bytes, aspect_ratio: str, *, seed: str, watermark: bool = False) -> Painting:
    """Extends a picture to another ratio. Raises UnusablePicture, or ValueError for an unknown ratio.

    The source is fitted whole and centred; beyond its edges it continues mirrored, then dissolves into blur.
    The seed moves how fast it dissolves.
    """
    if aspect_ratio != AUTO:
        pixel_size(aspect_ratio)
    image = decode(source)
    ratio = nearest_ratio(image.width(), image.height()) if aspect_ratio == AUTO else aspect_ratio
    surface = extended(image, *pixel_size(ratio), seed=seed)
    if watermark:
        stamp(surface.getCanvas(), *pixel_size(ratio))
    return finished(surface, ratio)


def extended(image: Image, width: int, height: int, *, seed: str) -> Surface:
    """A surface of this size in pixels with the image fitted into it and its surroundings grown."""
    scale = min(width / image.width(), height / image.height())
    w, h = max(1, round(image.width() * scale)), max(1, round(image.height() * scale))
    x, y = (width - w) // 2, (height - h) // 2
    fitted = resized(image, w, h)
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorWHITE)
    _mirrored(canvas, fitted, x, y)
    if (w, h) != (width, height):
        softness = chance("reframe", seed).uniform(0.25, 0.45)
        _dissolve(canvas, _blurred(fitted, x, y, width, height), (x, y, w, h), (width, height), softness)
    canvas.drawRect(rect(x, y, w, h), skia.Paint(Color=skia.ColorWHITE))
    canvas.drawImage(fitted, x, y)
    return surface


def _mirrored(canvas: Canvas, image: Image, x: float, y: float) -> None:
    place = skia.Matrix.Translate(x, y)
    tile = skia.TileMode.kMirror
    canvas.drawPaint(skia.Paint(Shader=image.makeShader(tile, tile, skia.SamplingOptions(), place)))


def _blurred(image: Image, x: int, y: int, width: int, height: int) -> Image:
    """The mirrored surroundings, blurred at an eighth of the size, where it costs next to nothing."""
    small = skia.Surface(max(1, width // _SHRINK), max(1, height // _SHRINK))
    canvas = small.getCanvas()
    paint = skia.Paint(ImageFilter=skia.ImageFilters.Blur(9, 9, skia.TileMode.kMirror))
    canvas.saveLayer(None, paint)
    canvas.scale(1 / _SHRINK, 1 / _SHRINK)
    _mirrored(canvas, image, x, y)
    canvas.restore()
    return small.makeImageSnapshot()


def _dissolve(
    canvas: Canvas, soft: Image, hole: tuple[int, int, int, int], size: tuple[int, int], softness: float
) -> None:
    """Fades from the mirrored picture at the seam to the blurred, slightly darker one at the frame."""
    (x, y, w, h), (width, height) = hole, size
    sideways = x > 0
    gap = max(1, x if sideways else y)
    for near, far in (
        ((x if sideways else y), 0),
        ((x + w if sideways else y + h), width if sideways else height),
    ):
        start, end = ((near, 0), (far, 0)) if sideways else ((0, near), (0, far))
        box = (
            rect(min(near, far), 0, gap + 1, height) if sideways else rect(0, min(near, far), width, gap + 1)
        )
        with saved(canvas):
            canvas.clipRect(box)
            canvas.saveLayer(None, skia.Paint())
            whole = rect(0, 0, soft.width(), soft.height())
            canvas.drawImageRect(soft, whole, rect(0, 0, width, height), smooth_sampling(), skia.Paint())
            fade = (
                (0.0, BLACK, 0.0),
                (softness * 0.4, BLACK, 0.55),
                (softness, BLACK, 1.0),
                (1.0, BLACK, 1.0),
            )
            canvas.drawPaint(linear(start, end, fade, blend="DstIn"))
            canvas.restore()
            canvas.drawPaint(linear(start, end, ((0.0, BLACK, 0.0), (1.0, BLACK, 0.3))))
