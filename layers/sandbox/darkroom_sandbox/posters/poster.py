"""Composes a poster: its paper and shapes, pictures if it has any, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from darkroom_graphics.skia_api import Image
from darkroom_sandbox.brush import fill, rect
from darkroom_sandbox.light import grain
from darkroom_sandbox.posters.designs import DESIGNS, Box, Design, margin
from darkroom_sandbox.posters.inks import Inks
from darkroom_sandbox.posters.words import SHORT, divided, shortened
from darkroom_sandbox.reference_pictures import gallery
from darkroom_sandbox.stage import Stage, saved
from darkroom_sandbox.typography import Block, Fit, Manner, fitted

BODY: Final = Manner("Inter", 480, leading=1.42)
SMALL: Final = Manner("Inter", 650, leading=1.2, spacing=0.02)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a poster says and shows: its words, who it is for, the pictures set into it."""

    words: str
    company: str = ""
    pictures: tuple[Image, ...] = ()
    has_logo: bool = False


def draw_poster(stage: Stage, copy: Copy, inks: Inks, rng: Random) -> bool:
    """Draws a poster all over the stage, of a design that ``rng`` chooses.

    False, with nothing drawn, if no font has a shape for its words.
    """
    design = rng.choice([each for each in DESIGNS if each.is_calm or not copy.pictures])
    headline, body = divided(copy.words)
    zone, picture = _zones(stage, design, copy)
    title = _headline(stage, design, headline, zone, has_body=bool(body))
    if title is None:
        return False
    _ground(stage, design, inks, flipped=title.rtl)
    if picture is not None:
        gallery(stage, copy.pictures, picture, _side(design, title))
    text = _body(stage, body, zone, title)
    _letter(stage, design, inks, zone, title, text)
    if copy.company:
        _sign(stage, design, inks, copy.company, title.rtl)
    return True


def _zones(stage: Stage, design: Design, copy: Copy) -> tuple[Box, Box | None]:
    """Where words stand and where pictures do, in pixels."""
    m = margin(stage)
    top = m * (3.9 if copy.has_logo else 2.0 if copy.company and design.sign == "top" else 1.0)
    bottom = m * (2.1 if copy.company and design.sign == "bottom" else 1.0)
    w, h = stage.width - 2 * m, stage.height - top - bottom
    if copy.pictures and stage.width > stage.height * 1.2:
        return (m, top, w * 0.5, h), (m + w * 0.56, top, w * 0.44, h)
    if copy.pictures:
        return (m, top + h * 0.68, w, h * 0.32), (m, top, w, h * 0.62)
    x, y, zw, zh = design.zone(stage.width / stage.height)
    return (m + x * w, top + y * h, zw * w, zh * h), None


def _side(design: Design, title: Block) -> str:
    """The side on which pictures hang: the one on which lines begin."""
    return "center" if design.align == "center" else "end" if title.rtl else "start"


def _headline(stage: Stage, design: Design, words: str, zone: Box, *, has_body: bool) -> Block | None:
    side = min(stage.width, stage.height)
    room = zone[3] * (0.62 if has_body else 1.0)
    fit = Fit(zone[2], room, largest=side * 0.34, smallest=side * 0.03, most_lines=7, breaking=side * 0.055)
    return fitted(words, design.manner, fit)


def _body(stage: Stage, words: str, zone: Box, title: Block) -> Block | None:
    side = min(stage.width, stage.height)
    room = zone[3] - title.height - title.size * 0.5
    if not words or room < side * 0.03:
        return None
    largest = min(max(title.size * 0.5, side * 0.033), side * (0.062 if len(words) <= SHORT else 0.046))
    width = min(zone[2], largest * 28)
    return fitted(shortened(words), BODY, Fit(width, room, largest=largest, smallest=side * 0.019))


def _ground(stage: Stage, design: Design, inks: Inks, *, flipped: bool) -> None:
    stage.canvas.drawPaint(fill(inks.paper))
    with saved(stage.canvas):
        if flipped:
            stage.canvas.scale(-1, 1)
            stage.canvas.translate(-stage.width, 0)
        design.shapes(stage, inks)
    grain(stage, 0.03)


def _letter(stage: Stage, design: Design, inks: Inks, zone: Box, title: Block, text: Block | None) -> None:
    x, y, width, height = zone
    gap = max(title.size * 0.34, stage.unit * 26) if text else 0.0
    tall = title.height + gap + (text.height if text else 0.0)
    y += (height - tall) * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[design.anchor]
    title.draw(stage.canvas, x, y, width, design.align, fill(inks.ink))
    if text is None:
        return
    text.draw(stage.canvas, x, y + title.height + gap, width, design.align, fill(inks.ink, 0.82))


def _sign(stage: Stage, design: Design, inks: Inks, company: str, rtl: bool) -> None:
    """The company's name, small, at the end of the sheet that the words leave free, beside a short rule."""
    m, side = margin(stage), min(stage.width, stage.height)
    block = fitted(company, SMALL, Fit(stage.width * 0.5, m, side * 0.03, side * 0.018, most_lines=1))
    if block is None:
        return
    y = stage.height - m - block.height if design.sign == "bottom" else m
    width = stage.width - 2 * m
    if design.align == "center":
        block.draw(stage.canvas, m, y, width, "center", fill(inks.ink))
        return
    rule = side * 0.045
    left = stage.width - m - rule if rtl else m
    stage.canvas.drawRect(rect(left, y + block.above * 0.42, rule, max(1.0, side * 0.004)), fill(inks.accent))
    start = m if rtl else m + rule * 1.35
    block.draw(
        stage.canvas, start, y, width - rule * 1.35, "end" if rtl != block.rtl else "start", fill(inks.ink)
    )
