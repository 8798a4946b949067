"""The few colours a poster is printed in, always with words that can be read on their paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from darkroom_sandbox.colours import BLACK, WHITE, Rgb, darken, lighten, mix, rgb, saturation, turned
from darkroom_sandbox.palettes import Palette

READABLE: Final = 5.0  # the least contrast of words and paper; WCAG asks 4.5 of small text


@dataclass(frozen=True, slots=True)
class Inks:
    """``paper`` lies under everything, ``ink`` is for words, ``accent`` and ``second`` for shapes."""

    paper: Rgb
    ink: Rgb
    accent: Rgb
    second: Rgb


def _set(paper: str, ink: str, accent: str, second: str) -> Inks:
    return Inks(rgb(paper), rgb(ink), rgb(accent), rgb(second))


HOUSE: Final = (
    _set("#f4efe6", "#1b1b1f", "#e4572e", "#f3a712"),
    _set("#10243e", "#f7f3ea", "#ff6b4a", "#3e7cb1"),
    _set("#0f3d3e", "#f2ebdd", "#f2a65a", "#3a7d6b"),
    _set("#fbe8d3", "#3b1c32", "#d7263d", "#f5a3a3"),
    _set("#eae4f2", "#2a1e5c", "#6c4ce0", "#f08cae"),
    _set("#1e1b2e", "#f5f0ff", "#ff5ca8", "#5b4bdb"),
    _set("#ffd23f", "#1a1a1a", "#ee4266", "#fff3c4"),
    _set("#d9ed92", "#143d3a", "#1e6f5c", "#f9f7e8"),
    _set("#c92f3c", "#fff6ec", "#1d1a2b", "#ffb4a2"),
    _set("#e7eef3", "#14213d", "#2a6fdb", "#f2b632"),
    _set("#2b2118", "#f6e7cb", "#e09f3e", "#9e4a2f"),
    _set("#f7f7f2", "#111111", "#2f2f2f", "#d9d4c7"),
)


def of_house(rng: Random) -> Inks:
    """Inks that belong to nobody's brand and no mood."""
    return rng.choice(HOUSE)


def of_mood(palette: Palette, rng: Random) -> Inks:
    """A mood's inks, on its lightest colour or its darkest."""
    if palette.dark or rng.random() < 0.35:
        paper = mix(palette.near, palette.sky[0], 0.45)
        return _readable(Inks(paper, lighten(palette.light, 0.2), palette.accent, palette.sky[2]))
    paper = lighten(palette.sky[3], 0.35)
    return _readable(Inks(paper, palette.near, palette.accent, palette.sky[1]))


def of_colours(colours: tuple[Rgb, ...], rng: Random) -> Inks:
    """A brand's inks, or those the prompt names: the first colour is the paper, or the paper is a breath of it."""
    main = colours[0]
    vivid = max(colours, key=saturation)
    others = [colour for colour in colours if colour != main] or [turned(main, 28), lighten(main, 0.55)]
    if rng.random() < 0.5:
        accent = others[0]
        if contrast(accent, main) < 1.3:
            accent = lighten(main, 0.5) if contrast(WHITE, main) > 2 else darken(main, 0.4)
        second = others[1] if len(others) > 1 else mix(main, accent, 0.45)
        return _readable(
            Inks(main, WHITE if contrast(WHITE, main) > contrast(BLACK, main) else BLACK, accent, second)
        )
    paper = lighten(mix(vivid, WHITE, 0.5), 0.82)
    second = next((colour for colour in colours if colour != vivid), lighten(vivid, 0.55))
    return _readable(Inks(paper, darken(main, 0.72), vivid, second))


def contrast(a: Rgb, b: Rgb) -> float:
    """How far apart two colours are in brightness, 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_linear(a), _linear(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(inks: Inks) -> Inks:
    """The inks with the words' colour moved away from the paper's until they can be read."""
    end = WHITE if contrast(WHITE, inks.paper) >= contrast(BLACK, inks.paper) else BLACK
    ink, paper = inks.ink, inks.paper
    for step in range(1, 11):
        if contrast(ink, paper) >= READABLE:
            break
        ink = mix(inks.ink, end, step / 10)
    if contrast(ink, paper) < READABLE:  # a paper of middling grey
        paper = mix(paper, BLACK if end == WHITE else WHITE, 0.35)
    return replace(inks, ink=ink, paper=paper)


def _linear(colour: Rgb) -> float:
    r, g, b = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
