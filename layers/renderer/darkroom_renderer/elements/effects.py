"""What is done to an element as a whole: seen through, blended with what is behind it, blurred and masked.

Each takes a layer, pixels of its own that are laid on the picture afterwards. How many of them may lie within each
other follows from the picture's size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.elements import AnyElement, Element, ImageElement, ShapeMask, SvgMask
from darkroom_graphics.skia_api import Paint, skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.elements.shape import outline
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import plain
from darkroom_renderer.photographs import showing
from darkroom_renderer.placing import Box, place

MAX_NESTED_PIXELS: Final = 120_000_000  # of layers within each other: 480 MB
LAYERS_OF_BLUR: Final = 3  # what is blurred, and two more while it is
LEAST_SIGMA: Final = 4.0  # pixels; what is blurred by twice as much is blurred at half the size

_BLENDS: Final[Mapping[str, Any]] = {
    "multiply": skia.BlendMode.kMultiply,
    "screen": skia.BlendMode.kScreen,
    "overlay": skia.BlendMode.kOverlay,
    "darken": skia.BlendMode.kDarken,
    "lighten": skia.BlendMode.kLighten,
    "color-dodge": skia.BlendMode.kColorDodge,
    "color-burn": skia.BlendMode.kColorBurn,
    "hard-light": skia.BlendMode.kHardLight,
    "soft-light": skia.BlendMode.kSoftLight,
    "difference": skia.BlendMode.kDifference,
    "exclusion": skia.BlendMode.kExclusion,
    "hue": skia.BlendMode.kHue,
    "saturation": skia.BlendMode.kSaturation,
    "color": skia.BlendMode.kColor,
    "luminosity": skia.BlendMode.kLuminosity,
}


def blends(element: Element) -> bool:
    """Whether an element looks different on another background."""
    return element.blend_mode is not None and element.blend_mode in _BLENDS


def layers_of(element: AnyElement) -> int:
    """How many layers an element takes at once, a plain one of opacity left out."""
    blurred = LAYERS_OF_BLUR * _is_blurred_whole(element)
    return max(blurred, blends(element)) + (element.mask is not None)


def check_layers(frame: Frame, element: AnyElement, layers: int) -> None:
    """Raises RenderRefused where ``layers`` more, within those around the element, are too many."""
    if not layers:
        return
    size = frame.canvas.imageInfo()
    if (frame.nested + layers) * size.width() * size.height() > MAX_NESTED_PIXELS:
        reason = (
            "too much is blurred, masked, blended or translucent within each other for a picture of this size"
        )
        raise RenderRefused(element.id, "", reason)


@contextmanager
def layered(frame: Frame, element: AnyElement, bounds: Any) -> Iterator[None]:
    """What is drawn meanwhile is blurred, then masked, then laid on the picture. Raises RenderRefused.

    ``bounds`` is where it can be. Whoever calls restores the canvas.
    """
    canvas = frame.canvas
    blur = _blurring(frame, element.blur / 2) if element.blur and _is_blurred_whole(element) else None
    if element.mask:
        canvas.saveLayer(_rect(_box(element)), _laying(element))
        if blur:
            canvas.saveLayer(None, skia.Paint(ImageFilter=blur))
    elif blur or blends(element):
        paint = _laying(element)
        paint.setImageFilter(blur)
        canvas.saveLayer(bounds, paint)
    elif element.opacity < 1:
        canvas.saveLayerAlpha(bounds, round(element.opacity * 255))
    yield
    if element.mask:
        if blur:
            canvas.restore()
        _draw_mask(frame, element, element.mask)


def shrinking(sigma: float) -> int:
    """How many times smaller, a power of two, something may be while it is blurred by ``sigma`` pixels."""
    return 1 << max(0, int(math.log2(max(sigma, LEAST_SIGMA) / LEAST_SIGMA)))


def _is_blurred_whole(element: AnyElement) -> bool:
    """Whether an element is blurred with its edge. Pictures are blurred within it, where they are drawn."""
    return bool(element.blur) and not isinstance(element, ImageElement)


def _blurring(frame: Frame, sigma: float) -> Any:
    """A blur by ``sigma`` px: a wide one costs ten times less on fewer pixels, and nobody sees them.

    On a page somebody would: readers enlarge without smoothing.
    """
    times = 1 if frame.is_page else shrinking(sigma * frame.ratio)
    if times == 1:
        return skia.ImageFilters.Blur(sigma, sigma)
    filters, linear = skia.ImageFilters, skia.FilterMode.kLinear
    fine = skia.SamplingOptions(linear, skia.MipmapMode.kLinear)
    small = filters.MatrixTransform(skia.Matrix.Scale(1 / times, 1 / times), fine, None)
    blurred = filters.Blur(sigma / times, sigma / times, skia.TileMode.kDecal, small)
    return filters.MatrixTransform(skia.Matrix.Scale(times, times), skia.SamplingOptions(linear), blurred)


def _laying(element: AnyElement) -> Paint:
    """How an element's layer is laid on what is behind it."""
    paint = skia.Paint(Alpha=round(element.opacity * 255))
    if element.blend_mode and blends(element):
        paint.setBlendMode(_BLENDS[element.blend_mode])
    return paint


def _draw_mask(frame: Frame, element: AnyElement, mask: ShapeMask | SvgMask) -> None:
    """Takes away, of the layer, what the mask does not leave. Raises RenderRefused."""
    canvas = frame.canvas
    canvas.saveLayer(None, skia.Paint(BlendMode=skia.BlendMode.kDstIn))
    if isinstance(mask, SvgMask):
        _draw_drawing(frame, element, mask)
    else:
        canvas.drawPath(outline(mask, _box(element)), plain("#000000"))
    canvas.restore()


def _draw_drawing(frame: Frame, element: AnyElement, mask: SvgMask) -> None:
    frame.check_time(element.id)  # for what is in a group was drawn since
    box = _box(element)
    pixels = (box.width * frame.ratio, box.height * frame.ratio)
    try:
        image = frame.tools.vectors.drawn(mask.svg.encode(), pixels, fit=mask.fit)
    except UnusablePicture as problem:
        raise RenderRefused(element.id, "mask.svg", f"the drawing {problem}") from problem
    placed = place(mask.fit, (image.width(), image.height()), box)
    paint = showing(image, placed.part, placed.at, skia.SamplingOptions(skia.FilterMode.kLinear))
    frame.canvas.drawRect(_rect(placed.at), paint)


def _box(element: AnyElement) -> Box:
    return Box(element.x, element.y, element.width, element.height)


def _rect(box: Box) -> Any:
    return skia.Rect.MakeXYWH(box.x, box.y, box.width, box.height)
