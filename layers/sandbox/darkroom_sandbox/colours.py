"""Colour arithmetic on plain ``(r, g, b)`` tuples, each channel 0..1."""

import colorsys
import re
from typing import Final

type Rgb = tuple[float, float, float]

_HEX: Final = re.compile(r"#?([0-9a-fA-F]{6})")
WHITE: Final[Rgb] = (1.0, 1.0, 1.0)
BLACK: Final[Rgb] = (0.0, 0.0, 0.0)


def rgb(code: str) -> Rgb:
    """``#RRGGBB`` as a colour. Raises ValueError for any other spelling."""
    match = _HEX.fullmatch(code.strip())
    if match is None:
        raise ValueError("a colour is written #RRGGBB")
    value = int(match[1], 16)
    return (value >> 16) / 255, (value >> 8 & 255) / 255, (value & 255) / 255


def argb(colour: Rgb, alpha: float = 1.0) -> int:
    """Packed 8-bit ARGB, as gradients take it."""
    r, g, b = (round(min(1.0, max(0.0, channel)) * 255) for channel in colour)
    return round(min(1.0, max(0.0, alpha)) * 255) << 24 | r << 16 | g << 8 | b


def mix(a: Rgb, b: Rgb, t: float) -> Rgb:
    """From ``a`` (t = 0) to ``b`` (t = 1), in light rather than in sRGB so that midpoints do not turn
    muddy.
    """

    def blend(x: float, y: float) -> float:
        return float((x**2.2 + (y**2.2 - x**2.2) * t) ** (1 / 2.2))

    return blend(a[0], b[0]), blend(a[1], b[1]), blend(a[2], b[2])


def lighten(colour: Rgb, amount: float) -> Rgb:
    """Towards white by 0..1."""
    return mix(colour, WHITE, amount)


def darken(colour: Rgb, amount: float) -> Rgb:
    """Towards black by 0..1, keeping the hue."""
    r, g, b = colour
    return r * (1 - amount), g * (1 - amount), b * (1 - amount)


def luminance(colour: Rgb) -> float:
    """Perceived brightness, 0..1."""
    r, g, b = colour
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def saturation(colour: Rgb) -> float:
    """How colourful, 0..1 (HSV saturation weighted by value, so near-black counts as grey)."""
    _, s, v = colorsys.rgb_to_hsv(*colour)
    return s * v


def turned(colour: Rgb, degrees: float, strength: float = 1.0) -> Rgb:
    """The colour with its hue rotated and its saturation scaled."""
    h, s, v = colorsys.rgb_to_hsv(*colour)
    return colorsys.hsv_to_rgb((h + degrees / 360) % 1.0, min(1.0, s * strength), v)


def ink_on(background: Rgb) -> Rgb:
    """Black or white, whichever reads better."""
    return (0.06, 0.06, 0.09) if luminance(background) > 0.55 else WHITE
