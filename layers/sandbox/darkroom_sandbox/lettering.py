"""Words on pictures, in any script there is a font for: a meme's caption, a slide's headline, a brand's signature."""

from __future__ import annotations

from typing import Final

from darkroom_graphics.skia_api import Canvas
from darkroom_sandbox.brush import fill, linear, rect, rounded, stroke
from darkroom_sandbox.colours import BLACK, WHITE, darken, ink_on
from darkroom_sandbox.stage import Stage
from darkroom_sandbox.typography import Block, Fit, Manner, fitted

CAPTION: Final = Manner("Anton", 800, leading=1.14, capitals=True)
HEADLINE: Final = Manner("Inter", 780, leading=1.1, spacing=-0.018)
SIGNATURE: Final = Manner("Inter", 600)
MAX_CAPTION: Final = 180
SIGNATURE_MARGIN: Final = 34
# The share of a picture above the lower words, where pictures may stand.
ABOVE_CAPTION: Final = 0.72
ABOVE_HEADLINE: Final = 0.58


def caption(stage: Stage, text: str, *, below: float = 0.0) -> None:
    """Sets a caption in the meme manner: capitals, outlined, above and below the picture's middle.

    A line break splits top from bottom; without one, more than six words are split in half and fewer go below.
    ``below`` keeps that many pixels free at the top edge.
    """
    top, bottom = _halves(text)
    for words, above in ((top, True), (bottom, False)):
        _block(stage, words[:MAX_CAPTION], above=above, margin=below if above else 0.0)


def _halves(text: str) -> tuple[str, str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return lines[0], " ".join(lines[1:])
    words = " ".join(lines).split()
    if len(words) <= 6:
        return "", " ".join(words)
    middle = (len(words) + 1) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def _block(stage: Stage, text: str, *, above: bool, margin: float) -> None:
    w, h = stage.width, stage.height
    side = min(w, h)
    block = fitted(
        text, CAPTION, Fit(w * 0.92, h * 0.25, largest=side * 0.125, smallest=min(14.0, side * 0.08))
    )
    if block is None:
        return
    _scrim(stage, margin + block.height * 1.6, above=above)
    y = max(h * 0.035, margin) if above else h * 0.965 - block.height
    outlined(stage.canvas, block, w * 0.04, y, w * 0.92)


def _scrim(stage: Stage, depth: float, *, above: bool, strength: float = 0.55) -> None:
    """Darkens the edge under the words so that white stays readable on any picture."""
    w, h = stage.width, stage.height
    start, end = (0.0, depth) if above else (float(h), h - depth)
    fade = ((0.0, 1.0), (0.4, 0.72), (0.7, 0.28), (1.0, 0.0))  # thins out softly, so that no edge shows
    shade = linear((0, start), (0, end), [(at, BLACK, strength * share) for at, share in fade])
    stage.canvas.drawRect(rect(0, min(start, end), w, depth), shade)


def outlined(canvas: Canvas, block: Block, x: float, y: float, width: float) -> None:
    size = block.size
    shadow = stroke(BLACK, size * 0.14, 0.45, blur=size * 0.06)
    block.draw(canvas, x, y + size * 0.05, width, "center", shadow)
    block.draw(canvas, x, y, width, "center", stroke((0.04, 0.04, 0.05), size * 0.11), fill(WHITE))


def headline(stage: Stage, text: str) -> None:
    """Sets the words of a slide or an advertisement low on a picture, on a shade that deepens there."""
    w, h = stage.width, stage.height
    side, m = min(w, h), 0.07 * min(w, h)
    fit = Fit(min(w - 2 * m, side * 1.25), h * 0.34, largest=side * 0.105, smallest=side * 0.03, most_lines=6)
    block = fitted(text, HEADLINE, fit)
    if block is None:
        return
    _scrim(stage, min(float(h), (block.height + 2 * m) * 1.5), above=False, strength=0.86)
    y = h - m - block.height
    rule = rect(w - m - side * 0.09 if block.rtl else m, y - side * 0.045, side * 0.09, side * 0.009)
    stage.canvas.drawRect(rule, fill(stage.palette.accent))
    block.draw(stage.canvas, m, y, w - 2 * m, "start", fill(WHITE))


def _signature_size(stage: Stage) -> float:
    return max(12.0, 27 * stage.unit)


def signature_depth(stage: Stage) -> float:
    """Where the signature's pill ends, in pixels from the top."""
    return SIGNATURE_MARGIN * stage.unit + 1.9 * _signature_size(stage)


def signature(stage: Stage, brand: str) -> None:
    """The brand's name on a pill of its own colour in the upper left corner."""
    size = _signature_size(stage)
    pad, tall, canvas = size * 0.8, size * 1.9, stage.canvas
    block = fitted(
        brand, SIGNATURE, Fit(stage.width * 0.6, tall, largest=size, smallest=size * 0.6, most_lines=1)
    )
    if block is None:
        return
    accent, margin = stage.palette.accent, SIGNATURE_MARGIN * stage.unit
    wide = block.width + pad * 2
    canvas.drawRRect(
        rounded(margin, margin + size * 0.14, wide, tall, tall / 2), fill(BLACK, 0.3, blur=size * 0.2)
    )
    shade = linear((0, margin), (0, margin + tall), ((0, accent, 1), (1, darken(accent, 0.14), 1)))
    canvas.drawRRect(rounded(margin, margin, wide, tall, tall / 2), shade)
    y = margin + (tall - block.above) / 2
    block.draw(canvas, margin + pad, y, block.width, "start", fill(ink_on(accent)))
