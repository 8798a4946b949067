"""Words on pictures: a meme's caption and a brand's signature, in two of the type layer's families."""

import unicodedata
from functools import cache
from typing import Any, Final

from darkroom_sandbox.brush import fill, linear, rect, rounded, stroke
from darkroom_sandbox.colours import BLACK, WHITE, darken, ink_on
from darkroom_sandbox.stage import Stage
from darkroom_type.typesetting.faces import Face, Faces, Style

DISPLAY: Final = "Anton"
TEXT: Final = "Inter"
SEMIBOLD: Final = 600
MAX_CAPTION: Final = 180
SIGNATURE_MARGIN: Final = 34


@cache
def _faces() -> Faces:
    return Faces()


def _face(family: str, size: float = 32.0) -> Face:
    return _faces().family(Style(family, SEMIBOLD, italic=False, size=size))


def drawable(text: str, family: str) -> str:
    """The part of a text that the family has glyphs for, with single spaces."""
    face = _face(family)
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    kept = (
        c if not c.isspace() and face.glyph(ord(c)) and c.isprintable() else " " * c.isspace()
        for c in composed
    )
    return " ".join("".join(kept).split())


def _best_family(text: str) -> str:
    """The display family, unless the text family can set more of these characters (Cyrillic, Greek)."""
    return DISPLAY if len(drawable(text, DISPLAY)) >= len(drawable(text, TEXT)) else TEXT


def wrap(text: str, font: Any, width: float) -> list[str]:
    """Breaks into lines no wider than ``width`` pixels; a single longer word is cut."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and font.measureText(joined) <= width:
            lines[-1] = joined
            continue
        lines += _cut(word, font, width)
    return lines


def _cut(word: str, font: Any, width: float) -> list[str]:
    """A word as pieces that each fit into ``width`` pixels; nearly always the word itself."""
    pieces = []
    while font.measureText(word) > width and len(word) > 1:
        at = max(1, int(len(word) * width / font.measureText(word)) - 1)
        pieces.append(word[:at])
        word = word[at:]
    return [*pieces, word]


def caption(stage: Stage, text: str, *, below: float = 0.0) -> None:
    """Sets a caption in the meme manner: capitals, outlined, above and below the picture's middle.

    A line break splits top from bottom; without one, more than six words are split in half and fewer go below.
    ``below`` keeps that many pixels free at the top edge.
    """
    top, bottom = _halves(text)
    for words, above in ((top, True), (bottom, False)):
        family = _best_family(words)
        shown = drawable(words.upper(), family)[:MAX_CAPTION]
        if shown:
            _block(stage, shown, family, above=above, margin=below if above else 0.0)


def _halves(text: str) -> tuple[str, str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return lines[0], " ".join(lines[1:])
    words = " ".join(lines).split()
    if len(words) <= 6:
        return "", " ".join(words)
    middle = (len(words) + 1) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def _block(stage: Stage, text: str, family: str, *, above: bool, margin: float) -> None:
    w, h = stage.width, stage.height
    size = min(w, h) * 0.125
    while True:
        font = _face(family, size).at(size)
        lines = wrap(text, font, w * 0.92)
        if len(lines) * size * 1.12 <= h * 0.25 or size < 14:
            break
        size *= 0.92
    leading = size * 1.14
    tall = leading * len(lines)
    _scrim(stage, margin + tall * 1.5, above=above)
    y = max(h * 0.03, margin) + size * 0.95 if above else h * 0.965 - tall + size * 0.92
    for line in lines:
        x = (w - font.measureText(line)) / 2
        _outlined(stage, line, x, y, font, size)
        y += leading


def _scrim(stage: Stage, depth: float, *, above: bool) -> None:
    """Darkens the edge under the words so that white stays readable on any picture."""
    w, h = stage.width, stage.height
    start, end = (0.0, depth) if above else (float(h), h - depth)
    shade = linear((0, start), (0, end), ((0, BLACK, 0.55), (1, BLACK, 0.0)))
    stage.canvas.drawRect(rect(0, min(start, end), w, depth), shade)


def _outlined(stage: Stage, line: str, x: float, y: float, font: Any, size: float) -> None:
    canvas = stage.canvas
    canvas.drawString(line, x, y + size * 0.05, font, stroke(BLACK, size * 0.14, 0.45, blur=size * 0.06))
    canvas.drawString(line, x, y, font, stroke((0.04, 0.04, 0.05), size * 0.11))
    canvas.drawString(line, x, y, font, fill(WHITE))


def _signature_size(stage: Stage) -> float:
    return max(12.0, 27 * stage.unit)


def signature_depth(stage: Stage) -> float:
    """Where the signature's pill ends, in pixels from the top."""
    return SIGNATURE_MARGIN * stage.unit + 1.9 * _signature_size(stage)


def signature(stage: Stage, brand: str) -> None:
    """The brand's name on a pill of its own colour in the upper left corner."""
    shown = drawable(brand, TEXT)[:40]
    if not shown:
        return
    size = _signature_size(stage)
    font = _face(TEXT, size).at(size)
    while font.measureText(shown) > stage.width * 0.6:
        shown = shown[:-1]
    accent, margin = stage.palette.accent, SIGNATURE_MARGIN * stage.unit
    pad, tall = size * 0.8, size * 1.9
    wide, canvas = font.measureText(shown) + pad * 2, stage.canvas
    canvas.drawRRect(
        rounded(margin, margin + size * 0.14, wide, tall, tall / 2), fill(BLACK, 0.3, blur=size * 0.2)
    )
    shade = linear((0, margin), (0, margin + tall), ((0, accent, 1), (1, darken(accent, 0.14), 1)))
    canvas.drawRRect(rounded(margin, margin, wide, tall, tall / 2), shade)
    canvas.drawString(shown, margin + pad, margin + tall / 2 + size * 0.36, font, fill(ink_on(accent)))
