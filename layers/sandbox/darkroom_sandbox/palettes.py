"""Palettes: the mood of a picture as a handful of colours, written by hand or drawn from a brand or a
photograph.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from darkroom_graphics.rasters import resized
from darkroom_graphics.skia_api import Image
from darkroom_sandbox.colours import Rgb, darken, lighten, luminance, mix, rgb, saturation, turned
from darkroom_sandbox.images import to_rgb


@dataclass(frozen=True, slots=True)
class Palette:
    """``sky`` from zenith to horizon, the light's own colour, distant and near silhouettes, one accent, cloud
    tint.
    """

    sky: tuple[Rgb, Rgb, Rgb, Rgb]
    light: Rgb
    far: Rgb
    near: Rgb
    accent: Rgb
    cloud: Rgb
    dark: bool = False

    def depth(self, t: float) -> Rgb:
        """The silhouette colour at a distance: 0 at the horizon, 1 at the viewer's feet."""
        return mix(self.far, self.near, t)


def _hand(sky: str, light: str, far: str, near: str, accent: str, cloud: str, dark: bool = False) -> Palette:
    a, b, c, d = (rgb(code) for code in sky.split())
    return Palette((a, b, c, d), rgb(light), rgb(far), rgb(near), rgb(accent), rgb(cloud), dark)


PALETTES: Final[dict[str, Palette]] = {
    "day": _hand("#2b7fd0 #5fb0e6 #a8dcf2 #e9f6ee", "#fff6d8", "#9cc9dc", "#14504f", "#ff9f43", "#ffffff"),
    "dawn": _hand("#3a3f7a #8a6aa8 #f0a6a0 #ffe0b0", "#fff0c8", "#c79ab5", "#2a2450", "#ff8a6b", "#ffd3c4"),
    "sunset": _hand("#2a1659 #8a2f7c #f0645c #ffc069", "#ffe9a8", "#c2547a", "#1a0d33", "#ffb038", "#ff9a7a"),
    "golden": _hand("#6d7fa8 #c9a58c #f8c675 #ffe9b5", "#fffbe0", "#d3a06a", "#3f2a1e", "#e8573a", "#fff0cf"),
    "night": _hand(
        "#050a22 #0d1d4a #1f3c7c #4f76ad", "#fdf4d6", "#2e4a86", "#050b1c", "#ffc65c", "#5b7bb5", True
    ),
    "aurora": _hand(
        "#03091c #07233d #0c4a5a #2a8f86", "#d8fff0", "#1a5566", "#030d18", "#6dffb8", "#4fd6a8", True
    ),
    "fog": _hand("#6f8aa3 #a3b9c8 #dcdad4 #f8e6cf", "#fff7ea", "#a3b5c4", "#1d323d", "#d97b4f", "#ffffff"),
    "storm": _hand(
        "#1d2733 #3b4b5a #6b7d88 #aab5b5", "#e8f0ff", "#5d6d78", "#10171e", "#f2c14e", "#7f8d98", True
    ),
    "neon": _hand(
        "#0a0420 #2b0a5c #8c1a94 #ff4d97", "#ffd0f0", "#5d1c8f", "#08031a", "#23e5ff", "#c23aa8", True
    ),
    "autumn": _hand("#7a93a8 #c7bda8 #f2cf94 #fbe6bd", "#fff3d0", "#d59a5c", "#4a1f14", "#d9481c", "#fff1da"),
    "spring": _hand("#7cc4e8 #b5e0ec #f4e4ec #fff3e0", "#ffffff", "#b7d9b8", "#2c6148", "#ff6f91", "#ffffff"),
    "tropical": _hand(
        "#0b86b8 #2fb8cf #8de0d6 #fff0c4", "#fffbe0", "#5fbfae", "#0a4a4e", "#ff6b57", "#ffffff"
    ),
    "winter": _hand("#6e9cc9 #a5c6e2 #d9e7f3 #fdf3ec", "#fffaf0", "#a9c2dc", "#234265", "#e4574c", "#ffffff"),
    "warm": _hand("#7a3b2a #c06a45 #eab07f #f8dfc0", "#fff4df", "#d9a27a", "#3a1a12", "#e2583e", "#ffeedd"),
    "noir": _hand(
        "#0c0d10 #24262b #55585f #a8aaae", "#ffffff", "#5f6268", "#050506", "#d8c9a3", "#c9cacf", True
    ),
    "pastel": _hand("#b7c7f2 #d9c9f0 #f9d3dd #fff0dc", "#ffffff", "#c9b9e0", "#5a4a86", "#ff8fa3", "#ffffff"),
    "ember": _hand(
        "#140a0c #3d1014 #9c2a1c #ff8a3c", "#ffe6a0", "#6b1f1c", "#0c0507", "#ffb52e", "#c2502c", True
    ),
    "deep": _hand(
        "#0a6fa8 #075487 #053a63 #021b36", "#c8fbff", "#0f6d94", "#01142a", "#ff9d5c", "#7fd9e8", True
    ),
}


def tinted(base: Palette, colours: tuple[Rgb, ...]) -> Palette:
    """A palette built from a brand's or a picture's colours, keeping the base's contrast between light and dark.

    Brands send one to a handful of colours, in any order: the most colourful becomes the accent, the darkest
    the foreground, and the sky runs through all of them at the base palette's brightness.
    """
    if not colours:
        return base
    accent = max(colours, key=saturation)
    main = max(colours, key=lambda c: saturation(c) - (0.5 if c == accent and len(colours) > 1 else 0.0))
    by_light = sorted(colours, key=luminance)

    def step(i: int) -> Rgb:
        source = by_light[min(len(by_light) - 1, i * len(by_light) // 4)]
        # Greys borrow some of the accent, or a black-and-white brand would always get a dead sky.
        source = mix(source, accent, 0.34 * max(0.0, 1 - saturation(source) / 0.35))
        return _at_brightness(source, luminance(base.sky[i]))

    near = _at_brightness(by_light[0], min(luminance(base.near), 0.12))
    return Palette(
        sky=(step(0), step(1), step(2), step(3)),
        light=lighten(by_light[-1], 0.75),
        far=_at_brightness(main, luminance(base.far)),
        near=near,
        accent=accent if len(colours) > 1 else turned(accent, 24.0),
        cloud=lighten(by_light[-1], 0.6),
        dark=base.dark,
    )


def _at_brightness(colour: Rgb, target: float) -> Rgb:
    now = luminance(colour)
    if now > target:
        return darken(colour, 1 - target / now)
    return lighten(colour, min(1.0, ((target**2.2 - now**2.2) / max(1e-6, 1 - now**2.2))))


def drawn_from(image: Image, count: int = 7) -> tuple[Rgb, ...]:
    """The colours a picture lives on, most common first (a small k-means with fixed starts, so
    repeatable).
    """
    points = to_rgb(resized(image, 48, 48)).reshape(-1, 3).astype(np.float64) / 255
    order = np.argsort(points @ np.array((0.2126, 0.7152, 0.0722)), kind="stable")
    centres = points[order[np.linspace(0, len(points) - 1, count).astype(int)]]
    nearest = np.zeros(len(points), dtype=np.intp)
    for _ in range(6):
        nearest = ((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array(
            [points[nearest == i].mean(axis=0) if (nearest == i).any() else centres[i] for i in range(count)]
        )
    weight = np.bincount(nearest, minlength=count)
    return tuple((float(r), float(g), float(b)) for r, g, b in centres[np.argsort(-weight, kind="stable")])
