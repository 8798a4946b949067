"""Masks as a vendor wants them, whatever they look like when they come in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from darkroom.domain.jobs.engine_failures import Rejected
from darkroom_graphics.masks import SkiaMasks

KEPT, REPAINTED = 255, 0


def png(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


def left_white(mode: str, white: object, black: object) -> Image.Image:
    """Eight by four pixels of which the left half is marked."""
    image = Image.new(mode, (8, 4), black)  # type: ignore[arg-type]
    image.paste(white, (0, 0, 4, 4))  # type: ignore[arg-type]
    return image


def palette(transparent: bool) -> bytes:
    image = left_white("P", 1, 0)
    image.putpalette([0, 0, 0, 255, 255, 255])
    return png(image, transparency=1) if transparent else png(image)


def cut_out(mask: bytes, width: int = 8, height: int = 4) -> Image.Image:
    return Image.open(BytesIO(SkiaMasks().cut_out(mask, width, height)))


MASKS: dict[str, Callable[[], bytes]] = {
    "grey": lambda: png(left_white("L", 255, 0)),
    "sixteen bits of grey": lambda: png(left_white("I;16", 65_535, 0)),
    "black and white": lambda: png(left_white("1", 1, 0)),
    "colour": lambda: png(left_white("RGB", (255, 255, 255), (0, 0, 0))),
    "opaque with an alpha channel": lambda: png(left_white("RGBA", (255, 255, 255, 255), (0, 0, 0, 255))),
    "transparent where marked": lambda: png(left_white("RGBA", (0, 0, 0, 0), (255, 255, 255, 255))),
    "grey with transparency": lambda: png(left_white("LA", (255, 0), (255, 255))),
    "a palette": lambda: palette(transparent=False),
    "a palette with a transparent colour": lambda: palette(transparent=True),
    "a JPEG": lambda: png(left_white("L", 255, 0), "JPEG", quality=95),
}


@pytest.mark.parametrize("kind", MASKS)
def test_what_is_marked_becomes_transparent_and_nothing_else(kind: str) -> None:
    made = cut_out(MASKS[kind]())
    assert (made.format, made.mode, made.size) == ("PNG", "RGBA", (8, 4))
    alpha = made.getchannel("A")
    assert [alpha.getpixel((x, 2)) for x in range(8)] == [REPAINTED] * 4 + [KEPT] * 4


@pytest.mark.parametrize("kind", MASKS)
def test_what_is_marked_becomes_white_and_nothing_else(kind: str) -> None:
    made = Image.open(BytesIO(SkiaMasks().painted(MASKS[kind](), 16, 8)))
    assert (made.format, made.mode, made.size) == ("PNG", "L", (16, 8))
    assert [made.getpixel((x, 4)) for x in (0, 6, 9, 15)] == [255, 255, 0, 0]


def test_a_mask_of_another_size_is_fitted_to_the_picture() -> None:
    alpha = cut_out(MASKS["grey"](), 400, 100).getchannel("A")
    assert alpha.size == (400, 100)
    assert (alpha.getpixel((100, 50)), alpha.getpixel((300, 50))) == (REPAINTED, KEPT)
    assert set(alpha.tobytes()) == {REPAINTED, KEPT}, "half transparent counts as kept at the vendor"


@pytest.mark.parametrize("data", [b"", b"no picture", MASKS["grey"]()[:45], b"<svg/>"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected):
        SkiaMasks().cut_out(data, 8, 4)


def test_a_mask_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    huge = png(Image.new("1", (8_000, 8_000)))
    with pytest.raises(Rejected):
        SkiaMasks().cut_out(huge, 8, 4)
