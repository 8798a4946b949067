"""Pictures for tests: made, written as files by another library than ours, and read back by it."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

type Pixels = NDArray[np.uint8]


def pixels(png: bytes, mode: str = "RGB") -> Pixels:
    """What another library than ours reads in a PNG."""
    image = Image.open(io.BytesIO(png))
    image.load()
    return np.asarray(image.convert(mode))


def encoded(array: Pixels, kind: str = "PNG", **options: Any) -> bytes:
    """An ``(h, w, 3 or 4)`` array as a picture's file."""
    body = io.BytesIO()
    image = Image.fromarray(array)
    (image.convert("RGB") if kind == "JPEG" else image).save(body, kind, **options)
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


def flat(width: int, height: int, *colour: int) -> Pixels:
    """One colour everywhere."""
    return np.full((height, width, len(colour)), colour, np.uint8)


def checker(width: int, height: int, side: int = 16) -> Pixels:
    """A magenta and lime chequerboard: colours no scene paints side by side."""
    y, x = np.mgrid[0:height, 0:width]
    odd = ((x // side + y // side) % 2).astype(bool)
    return np.where(odd[:, :, None], (255, 0, 255), (0, 255, 0)).astype(np.uint8)
