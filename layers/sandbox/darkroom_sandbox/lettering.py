"""Words on pictures, set in the two bundled faces; nothing depends on the machine's fonts."""

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any, Final

from darkroom_graphics.skia_api import Typeface, skia
from darkroom_sandbox.brush import fill, linear, rect, rounded, stroke
from darkroom_sandbox.colours import BLACK, WHITE, darken, ink_on
from darkroom_sandbox.stage import Stage

DISPLAY: Final = "Anton-Regular.ttf"
TEXT: Final = "Inter-SemiBold.ttf"
MAX_CAPTION: Final = 180
SIGNATURE_MARGIN: Final = 34


@cache
def typeface(name: str) -> Typeface:
    """A bundled face, read once per process."""
    data = (files("darkroom_sandbox") / "fonts" / name).read_bytes()
    return skia.Typeface.MakeFromData(skia.Data.MakeWithCopy(data))


def font(name: str, size: float) -> Any:
    """A bundled face at a size in pixels, with smooth edges and no hinting so that every machine agrees."""
    made = skia.Font(typeface(name), size)
    made.setEdging(skia.Font.Edging.kAntiAlias)
    made.setHinting(skia.FontHinting.kNone)
    made.setSubpixel(True)
    return made


def drawable(text: str, name: str) -> str:
    """The part of a text that the face has glyphs for, with single spaces."""
    face = typeface(name)
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    kept = (
        c if not c.isspace() and face.unicharToGlyph(ord(c)) and c.isprintable() else " " * c.isspace()
        for c in composed
    )
    return " ".join("".join(kept).split())


def _best_face(text: str) -> str:
    """The display face, unless the text face can set more of these characters (Cyrillic, Greek)."""
    return DISPLAY if len(drawable(text, DISPLAY)) >= len(drawable(text, TEXT)) else TEXT


def wrap(text: str, made: Any, width: float) -> list[str]:
    """Breaks into lines no wider than ``width`` pixels; a single longer word is cut."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and made.measureText(joined) <= width:
            lines[-1] = joined
            continue
        lines += _cut(word, made, width)
    return lines


def _cut(word: str, made: Any, width: float) -> list[str]:
    """A word as pieces that each fit into ``width`` pixels; nearly always the word itself."""
    pieces = []
    while made.measureText(word) > width and len(word) > 1:
        at = max(1, int(len(word) * width / made.measureText(word)) - 1)
        pieces.append(word[:at])
        word = word[at:]
    return [*pieces, word]


def caption(stage: Stage, text: str, *, below: float = 0.0) -> None:
    """Sets a caption in the meme manner: capitals, outlined, above and below the picture's middle.

    A line break splits top from bottom; without one, more than six words are split in half and fewer go
    below.
    ``below`` keeps that many pixels free at the top edge.
    """
    top, bottom = _halves(text)
    for words, above in ((top, True), (bottom, False)):
        face = _best_face(words)
        shown = drawable(words.upper(), face)[:MAX_CAPTION]
        if shown:
            _block(stage, shown, face, above=above, margin=below if above else 0.0)


def _halves(text: str) -> tuple[str, str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return lines[0], " ".join(lines[1:])
    words = " ".join(lines).split()
    if len(words) <= 6:
        return "", " ".join(words)
    middle = (len(words) + 1) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def _block(stage: Stage, text: str, face: str, *, above: bool, margin: float) -> None:
    w, h = stage.width, stage.height
    size = min(w, h) * 0.125
    while True:
        made = font(face, size)
        lines = wrap(text, made, w * 0.92)
        if len(lines) * size * 1.12 <= h * 0.25 or size < 14:
            break
        size *= 0.92
    leading = size * 1.14
    tall = leading * len(lines)
    _scrim(stage, margin + tall * 1.5, above=above)
    y = max(h * 0.03, margin) + size * 0.95 if above else h * 0.965 - tall + size * 0.92
    for line in lines:
        x = (w - made.measureText(line)) / 2
        _outlined(stage, line, x, y, made, size)
        y += leading


def _scrim(stage: Stage, depth: float, *, above: bool) -> None:
    """Darkens the edge under the words so that white stays readable on any picture."""
    w, h = stage.width, stage.height
    start, end = (0.0, depth) if above else (float(h), h - depth)
    shade = linear((0, start), (0, end), ((0, BLACK, 0.55), (1, BLACK, 0.0)))
    stage.canvas.drawRect(rect(0, min(start, end), w, depth), shade)


def _outlined(stage: Stage, line: str, x: float, y: float, made: Any, size: float) -> None:
    canvas = stage.canvas
    canvas.drawString(line, x, y + size * 0.05, made, stroke(BLACK, size * 0.14, 0.45, blur=size * 0.06))
    canvas.drawString(line, x, y, made, stroke((0.04, 0.04, 0.05), size * 0.11))
    canvas.drawString(line, x, y, made, fill(WHITE))


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
    made = font(TEXT, size)
    while made.measureText(shown) > stage.width * 0.6:
        shown = shown[:-1]
    accent, margin = stage.palette.accent, SIGNATURE_MARGIN * stage.unit
    pad, tall = size * 0.8, size * 1.9
    wide, canvas = made.measureText(shown) + pad * 2, stage.canvas
    canvas.drawRRect(
        rounded(margin, margin + size * 0.14, wide, tall, tall / 2), fill(BLACK, 0.3, blur=size * 0.2)
    )
    shade = linear((0, margin), (0, margin + tall), ((0, accent, 1), (1, darken(accent, 0.14), 1)))
    canvas.drawRRect(rounded(margin, margin, wide, tall, tall / 2), shade)
    canvas.drawString(shown, margin + pad, margin + tall / 2 + size * 0.36, made, fill(ink_on(accent)))
