"""Aspect ratios and the pixel sizes they stand for."""

from typing import Final

AUTO: Final = "auto"

# About one megapixel each, both sides multiples of 16. The first seven are exact: a published contract
# names them.
SIZES: Final[dict[str, tuple[int, int]]] = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:3": (1152, 896),
    "3:4": (896, 1152),
    "2:1": (1440, 720),
    "1:2": (720, 1440),
    "3:1": (1776, 592),
    "1:3": (592, 1776),
    "4:5": (896, 1120),
    "5:4": (1120, 896),
    "21:9": (1568, 672),
    "9:21": (672, 1568),
}


def pixel_size(aspect_ratio: str) -> tuple[int, int]:
    """Width and height in pixels for a ratio; ``auto`` without a reference is square.

    Raises ValueError for a ratio that is not in the table.
    """
    if aspect_ratio == AUTO:
        return SIZES["1:1"]
    try:
        return SIZES[aspect_ratio]
    except KeyError:
        raise ValueError(f"unsupported aspect ratio, use one of: {', '.join(SIZES)}") from None


def nearest_ratio(width: int, height: int) -> str:
    """The supported ratio closest to a picture's own shape, compared by the factor between them."""
    shape = width / height

    def distance(name: str) -> float:
        w, h = SIZES[name]
        factor = (w / h) / shape
        return max(factor, 1 / factor)

    return min(SIZES, key=distance)
