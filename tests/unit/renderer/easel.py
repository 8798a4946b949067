"""Helpers for drawing in tests: small templates, pictures from outside, and looking at what came out."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import parse_payload
from darkroom.domain.templates.template import Template
from darkroom_renderer.renderer import PngRenderer

type Pixels = NDArray[np.uint8]

URL = "https://pictures.example/one"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def template(*elements: Mapping[str, Any], version: int = 1, **canvas: Any) -> Template:
    """A template of these elements on a canvas of 240 by 160 px, if nothing else is said."""
    document = parse_definition(
        {"canvas": {"width": 240, "height": 160} | canvas, "elements": list(elements)}
    )
    return Template("6f3f8a1e", Owner("studio", True), "Card", version, document, WHEN, WHEN)


def element(kind: str, **fields: Any) -> dict[str, Any]:
    """An element in the middle of that canvas, named after its type."""
    return {"id": kind, "type": kind, "x": 20, "y": 20, "width": 200, "height": 120} | fields


def rendered(
    drawn: Template,
    payload: Mapping[str, Any] | None = None,
    pictures: Mapping[str, bytes] | None = None,
    *,
    ratio: float = 1,
    watermark: bool = False,
    renderer: PngRenderer | None = None,
) -> bytes:
    """The PNG of a template, by a renderer that has drawn nothing before if none is given."""
    filled = parse_payload(drawn.document, dict(payload or {}))
    return (renderer or PngRenderer()).render(drawn, filled, pictures or {}, ratio, watermark=watermark)


def pixels(png: bytes, mode: str = "RGB") -> Pixels:
    """What another library than ours reads in a PNG."""
    image = Image.open(io.BytesIO(png))
    image.load()
    return np.asarray(image.convert(mode))


def encoded(array: Pixels, kind: str = "PNG", **options: Any) -> bytes:
    """An ``(h, w, 3 or 4)`` array as a picture's file."""
    body = io.BytesIO()
    Image.fromarray(array).save(body, kind, **options)
    return body.getvalue()


def quarters(width: int = 80, height: int = 40) -> Pixels:
    """Red and green above blue and white, so that every turn and flip shows."""
    array = np.empty((height, width, 3), np.uint8)
    array[: height // 2, : width // 2] = (230, 30, 30)
    array[: height // 2, width // 2 :] = (30, 180, 60)
    array[height // 2 :, : width // 2] = (40, 60, 220)
    array[height // 2 :, width // 2 :] = (250, 250, 250)
    return array


def photo(side: int = 256) -> Pixels:
    """Something with a photograph's soft shades and grain."""
    y, x = np.mgrid[0:side, 0:side] / side
    shades = np.stack([np.sin(5 * x + 2 * y), np.cos(4 * y), np.sin(6 * (x - y))], axis=-1)
    grain = np.random.default_rng(7).normal(0, 6, shades.shape)
    return (128 + 90 * shades + grain).clip(0, 255).astype(np.uint8)


def png_announcing(width: int, height: int) -> bytes:
    """A small PNG whose header says it is large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
