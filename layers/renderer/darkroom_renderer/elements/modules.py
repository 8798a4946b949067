"""Codes are read by machines: every module is a whole number of pixels, and begins where a pixel does."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.elements import BarcodeElement, QrElement
from darkroom_graphics.skia_api import Image, Path, skia
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import plain

type Modules = NDArray[np.bool_]


def encoded(element: QrElement | BarcodeElement, text: str, **options: str) -> Modules:
    """The code's modules, dark ones true, without a quiet zone. Raises RenderRefused where it holds no such text."""
    kinds = {"qr": "QRCode", "ean13": "EAN13", "code128": "Code128"}
    kind = kinds[element.format if isinstance(element, BarcodeElement) else "qr"]
    try:
        made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind), **options)
    except ValueError as problem:
        raise RenderRefused(element.id, "text", "cannot be written as this kind of code") from problem
    modules: Modules = np.asarray(made.to_image(scale=1, add_quiet_zones=False, add_hrt=False)) == 0
    return modules


def module_pixels(element: QrElement | BarcodeElement, modules: int, pixels: float) -> int:
    """How many of the picture's pixels a module gets where ``modules`` share ``pixels``.

    Raises
    ------
    RenderRefused
        It is not even one, so that nothing could read the code.
    """
    each = math.floor(pixels / modules + 1e-6)
    if each < 1:
        needed = f"the code needs {modules} pixels, and the element has {int(pixels)}"
        raise RenderRefused(element.id, "text", f"is too long to be readable here: {needed}")
    return each


@contextmanager
def pixel_grid(frame: Frame, element: QrElement | BarcodeElement, width: int, height: int) -> Iterator[Any]:
    """A canvas in the picture's own pixels, its origin the corner of ``width`` by ``height`` in the box's middle.

    The corner is on the pixel grid, and stays there when the element is turned by quarters.
    """
    canvas = frame.canvas
    left = round((element.x + element.width / 2) * frame.ratio - width / 2)
    top = round((element.y + element.height / 2) * frame.ratio - height / 2)
    canvas.save()
    canvas.resetMatrix()
    if frame.turned:
        canvas.concat(frame.turned)
    canvas.translate(left + width / 2, top + height / 2)
    if (width - height) % 2 and round(element.rotation) % 180 == 90:
        canvas.translate(0.5, 0.5)
    canvas.rotate(element.rotation)
    canvas.translate(-width / 2, -height / 2)
    try:
        yield canvas
    finally:
        canvas.restore()


def draw_modules(
    canvas: Any, modules: Modules, at: tuple[int, int], each: tuple[int, int], colour: str, *, shapes: bool
) -> None:
    """Draws the dark modules, each ``each`` pixels large, from ``at`` on; as ``shapes`` where pixels would blur."""
    rows, columns = modules.shape
    if not shapes and canvas.getTotalMatrix().preservesAxisAlignment():
        where = skia.Rect.MakeXYWH(at[0], at[1], columns * each[0], rows * each[1])
        canvas.drawImageRect(_mask(modules), where, skia.SamplingOptions(), plain(colour))
    else:
        canvas.drawPath(_outline(modules, at, each), plain(colour))


def _mask(modules: Modules) -> Image:
    alphas = np.where(modules, 255, 0).astype(np.uint8)
    rows, columns = alphas.shape
    info = skia.ImageInfo.Make(columns, rows, skia.kAlpha_8_ColorType, skia.kPremul_AlphaType)
    return skia.Image.MakeRasterCopy(skia.Pixmap(info, alphas, info.minRowBytes()))


def _outline(modules: Modules, at: tuple[int, int], each: tuple[int, int]) -> Path:
    """The modules as one shape, whose edges are smooth when it is turned and without seams between neighbours."""
    path = skia.Path()
    for y, x in np.argwhere(modules).tolist():
        left, top = at[0] + x * each[0], at[1] + y * each[1]
        path.addRect(skia.Rect.MakeXYWH(left, top, each[0], each[1]))
    return path
