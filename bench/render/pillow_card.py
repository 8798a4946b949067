"""The card as one would write it with Pillow, drawn anew for every picture but for what is loaded once."""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont, ImageOps

from bench.render.serving import inputs, serve

STOPS = ((0.0, (0x1E, 0x1B, 0x4B)), (0.55, (0x6D, 0x28, 0xD9)), (1.0, (0xDB, 0x27, 0x77)))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(inputs()["font"], size)


@cache
def photo() -> Image.Image:
    return Image.open(io.BytesIO(Path(inputs()["avatar"]).read_bytes())).convert("RGB")


def gradient() -> Image.Image:
    y, x = np.mgrid[0:630, 0:1200].astype(np.float32)
    prefetch = (x + y + 1) / (1200 + 630)
    offsets = [offset for offset, _ in STOPS]
    channels = [np.interp(prefetch, offsets, [colour[c] for _, colour in STOPS]) for c in range(3)]
    return Image.fromarray(np.stack(channels, axis=-1).round().astype(np.uint8))


def wrapped(draw: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont, width: int) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, face) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def stars(value: float, width: int, height: int, smooth: int = 4) -> tuple[Image.Image, Image.Image]:
    side = (width - 16) / 5 * smooth
    mask = Image.new("L", (width * smooth, height * smooth))
    draw = ImageDraw.Draw(mask)
    for star in range(5):
        middle, radius = star * (side + 4 * smooth) + side / 2, side / 2 / math.sin(0.4 * math.pi)
        corners = [
            (
                middle + radius * (0.47 if i % 2 else 1) * math.sin(i * math.pi / 5),
                height * smooth / 2 - radius * (0.47 if i % 2 else 1) * math.cos(i * math.pi / 5),
            )
            for i in range(10)
        ]
        draw.polygon(corners, fill=255)
    colours = Image.new("RGBA", mask.size, (255, 255, 255, 64))
    filled = int(int(value) * (side + 4 * smooth) + side * (value % 1))
    colours.paste((251, 191, 36, 255), (0, 0, filled, mask.height))
    return colours.resize((width, height)), mask.resize((width, height), Image.Resampling.BOX)


def card(row: dict[str, Any]) -> bytes:
    image = gradient()
    draw = ImageDraw.Draw(image, "RGBA")
    x = 72.0
    for letter in "THE DARKROOM JOURNAL":
        draw.text((x, 66), letter, (255, 255, 255, 204), font(22))
        x += draw.textlength(letter, font(22)) + 3
    headline = wrapped(draw, row["headline"], font(66), 1056)
    draw.multiline_text((72, 116), headline, "white", font(66), spacing=12)
    disc = Image.new("L", (480, 480))
    ImageDraw.Draw(disc).ellipse((0, 0, 479, 479), fill=255)
    image.paste("white", (72, 438, 192, 558), disc.resize((120, 120), Image.Resampling.BOX))
    shrunk = ImageOps.fit(photo(), (112, 112), Image.Resampling.LANCZOS)
    image.paste(shrunk, (76, 442), disc.resize((112, 112), Image.Resampling.BOX))
    draw.text((216, 446), "Maya Lindqvist", "white", font(32))
    colours, mask = stars(row["rating"], 230, 44)
    image.paste(
        colours.convert("RGB"),
        (216, 502),
        Image.fromarray(np.asarray(mask) * (np.asarray(colours)[:, :, 3] / 255)).convert("L"),
    )
    code = zxingcpp.create_barcode(row["link"], zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = Image.fromarray(np.asarray(code.to_image(scale=1, add_quiet_zones=False, add_hrt=False)))
    framed = ImageOps.expand(modules, 2, 255)
    each = 168 // framed.width
    image.paste(
        framed.resize((framed.width * each, framed.width * each), Image.Resampling.NEAREST), (960, 390)
    )
    body = io.BytesIO()
    image.save(body, "PNG")
    return body.getvalue()


if __name__ == "__main__":
    serve(card)
