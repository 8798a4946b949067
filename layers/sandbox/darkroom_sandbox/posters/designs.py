"""The designs of posters: where words stand, how they are set, and the shapes beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import fill, linear, radial, rect, rounded, stroke
from darkroom_sandbox.colours import Rgb, darken, mix
from darkroom_sandbox.posters.inks import Inks, contrast
from darkroom_sandbox.stage import Stage, saved
from darkroom_sandbox.typography import Manner

type Box = tuple[float, float, float, float]  # left, top, width, height

GROTESQUE: Final = Manner("Inter", 800, leading=1.06, spacing=-0.022)
QUIET: Final = Manner("Inter", 650, leading=1.12, spacing=-0.015)
SERIF: Final = Manner("Playfair Display", 700, leading=1.14)
HEAVY_SERIF: Final = Manner("Playfair Display", 900, leading=1.08)
# Anton has one weight; the scripts it lacks are set as heavy as it is.
POSTER: Final = Manner("Anton", 800, leading=1.1, capitals=True)


@dataclass(frozen=True, slots=True)
class Design:
    """One way to make a poster.

    ``zone`` is where words may stand, in shares of the picture inside its margins; ``anchor`` where in it they begin;
    ``sign`` where the company's name is. ``is_calm`` says that there is room for pictures.
    """

    shapes: Callable[[Stage, Inks], None]
    manner: Manner
    zone: Callable[[float], Box]
    align: Literal["start", "center"] = "start"
    anchor: Literal["top", "middle", "bottom"] = "bottom"
    sign: Literal["top", "bottom"] = "top"
    is_calm: bool = False


def margin(stage: Stage) -> float:
    """The poster's margin in pixels."""
    return 0.078 * min(stage.width, stage.height)


# ---------------------------------------------------------------------------------------------- shapes


def sun(stage: Stage, inks: Inks) -> None:
    """A great disc that leaves the frame, another behind it, and a rule."""
    w, h, rng, canvas = stage.width, stage.height, stage.rng, stage.canvas
    r = min(w, h) * rng.uniform(0.23, 0.28)
    x, y = w - r * rng.uniform(0.75, 1.05), r * rng.uniform(0.65, 0.9)
    canvas.drawCircle(x - r * 0.85, y + r * 0.42, r * 0.44, fill(inks.second))
    canvas.drawCircle(x, y, r, fill(inks.accent))
    canvas.drawCircle(x - r * 0.85, y + r * 0.42, r * 0.44, fill(inks.second, 0.55))


def arches(stage: Stage, inks: Inks) -> None:
    """Concentric arches that rise from the lower right corner."""
    w, h, canvas = stage.width, stage.height, stage.canvas
    reach = min(w, h) * stage.rng.uniform(0.5, 0.56)
    tones = (inks.accent, inks.second, inks.paper, inks.accent, mix(inks.second, inks.ink, 0.25), inks.paper)
    for index, tone in enumerate(tones):
        canvas.drawCircle(w, h, reach * (1 - index / len(tones)), fill(tone))


def stripes(stage: Stage, inks: Inks) -> None:
    """Bands across the foot, each thinner than the one below it."""
    w, h, canvas = stage.width, stage.height, stage.canvas
    foot, thick = float(h), h * 0.115
    for tone in (inks.accent, inks.second, mix(inks.accent, inks.ink, 0.35), inks.accent, inks.second):
        canvas.drawRect(rect(0, foot - thick, w, thick), fill(tone))
        foot -= thick * 1.16
        thick *= 0.62


def frame(stage: Stage, inks: Inks) -> None:
    """A band and a double line around everything, with a lozenge in the middle of the upper and lower sides."""
    w, h, canvas, m = stage.width, stage.height, stage.canvas, margin(stage)
    glow = radial(
        (w / 2, h / 2), max(w, h) * 0.62, ((0, mix(inks.paper, inks.second, 0.1), 1), (1, inks.paper, 1))
    )
    canvas.drawPaint(glow)
    band = stroke(inks.accent, m * 0.72)
    band.setStrokeJoin(skia.Paint.kMiter_Join)
    canvas.drawRect(rect(0, 0, w, h), band)
    for inset, thick in ((0.53, 0.02), (0.64, 0.02)):
        box = rect(m * inset, m * inset, w - 2 * m * inset, h - 2 * m * inset)
        paint = stroke(inks.accent, m * thick)
        paint.setStrokeJoin(skia.Paint.kMiter_Join)
        canvas.drawRect(box, paint)
    for y in (m * 0.58, h - m * 0.58):
        canvas.drawRect(rect(w / 2 - m * 0.5, y - m * 0.2, m, m * 0.4), fill(inks.paper))
        for dx, size in ((0.0, 0.17), (-0.32, 0.08), (0.32, 0.08)):
            with saved(canvas):
                canvas.translate(w / 2 + dx * m, y)
                canvas.rotate(45)
                canvas.drawRect(
                    rect(-size * m / 1.4, -size * m / 1.4, size * m * 1.4, size * m * 1.4), fill(inks.accent)
                )


def mesh(stage: Stage, inks: Inks) -> None:
    """Soft light of all the colours, drifting in from the corners: the middle stays calm enough to read on."""
    w, h, rng, canvas = stage.width, stage.height, stage.rng, stage.canvas
    corners = rng.sample([(0, 0), (1, 0), (0, 1), (1, 1)], 4)
    tones = [_under(inks, tone) for tone in (inks.second, inks.accent, inks.second, inks.accent)]
    for (right, low), tone in zip(corners, tones, strict=True):
        x, y = w * (right + rng.uniform(-0.1, 0.1)), h * (low + rng.uniform(-0.1, 0.1))
        r = max(w, h) * rng.uniform(0.42, 0.6)
        stops = ((0.0, tone, 1.0), (0.3, tone, 0.75), (0.65, tone, 0.2), (1.0, tone, 0.0))
        canvas.drawCircle(x, y, r, radial((x, y), r, stops))


def _under(inks: Inks, tone: Rgb) -> Rgb:
    """A tone under words: so near the paper's that they can still be read."""
    return tone if contrast(inks.ink, tone) >= 3 else mix(tone, inks.paper, 0.62)


def tiles(stage: Stage, inks: Inks) -> None:
    """A strip of quarter circles and dots: across the top, or down the right side of a wide picture."""
    w, h, rng, canvas = stage.width, stage.height, stage.rng, stage.canvas
    wide = w > h * 1.2
    cell = h / 4 if wide else w / 5
    columns, rows = (max(1, round(w * 0.3 / cell)), 4) if wide else (5, max(1, round(h * 0.34 / cell)))
    tones = (inks.accent, inks.second, mix(inks.paper, inks.ink, 0.12), inks.ink)
    for row in range(rows):
        for column in range(columns):
            back, front = rng.sample(tones, 2)
            left = w - (columns - column) * cell if wide else column * cell
            with saved(canvas):
                canvas.translate(left + cell / 2, (row + 0.5) * cell)
                canvas.rotate(90 * rng.randrange(4))
                half = cell / 2 + 0.5
                canvas.clipRect(rect(-half, -half, 2 * half, 2 * half), skia.ClipOp.kIntersect, True)
                canvas.drawPaint(fill(back))
                match rng.randrange(4):
                    case 0:
                        canvas.drawCircle(-half, -half, cell, fill(front))
                    case 1:
                        canvas.drawCircle(0, 0, cell * 0.34, fill(front))
                    case 2:
                        canvas.drawCircle(-half, 0, half, fill(front))
                        canvas.drawCircle(half, 0, half, fill(front))
                    case _:
                        canvas.drawCircle(half, half, cell, fill(front))
                        canvas.drawCircle(half, half, cell * 0.5, fill(back))


def halftone(stage: Stage, inks: Inks) -> None:
    """Dots that grow towards the upper right corner."""
    w, h, canvas = stage.width, stage.height, stage.canvas
    step = min(w, h) * 0.036
    reach = min(w, h) * stage.rng.uniform(0.52, 0.58)
    row = 0
    y = 0.0
    while y < reach:
        x = float(w) - (step / 2 if row % 2 else 0.0)
        while x > w - reach:
            t = 1 - ((w - x) ** 2 + y**2) ** 0.5 / reach
            if t > 0.03:
                canvas.drawCircle(x, y, step * 0.72 * t**0.75, fill(inks.accent))
            x -= step
        y += step * 0.866
        row += 1
    side = margin(stage)
    canvas.drawRect(rect(0, 0, side * 0.22, h), fill(inks.second))


def card(stage: Stage, inks: Inks) -> None:
    """A sheet of a second colour with a soft shadow, its corner folded."""
    w, h, canvas, m = stage.width, stage.height, stage.canvas, margin(stage)
    canvas.drawPaint(
        linear((0, 0), (w, h), ((0, inks.accent, 1), (1, mix(inks.accent, inks.second, 0.75), 1)))
    )
    sheet = rounded(m * 0.62, m * 0.62, w - m * 1.24, h - m * 1.24, m * 0.34)
    cast = rounded(m * 0.62, m * 0.86, w - m * 1.24, h - m * 1.24, m * 0.34)
    canvas.drawRRect(cast, fill(darken(inks.accent, 0.7), 0.4, blur=m * 0.3))
    canvas.drawRRect(sheet, fill(inks.paper))


# ---------------------------------------------------------------------------------------------- zones


def _low(shape: float) -> Box:
    return (0, 0.44, 0.7, 0.56) if shape > 1.2 else (0, 0.53, 1, 0.47)


def _high(shape: float) -> Box:
    return (0, 0, 0.8, 0.62) if shape > 1.2 else (0, 0, 1, 0.58)


def _corner(shape: float) -> Box:
    return (0, 0, 0.66, 0.92) if shape > 1.2 else (0, 0, 0.94, 0.5)


def _beside(shape: float) -> Box:
    return (0, 0.06, 0.6, 0.94) if shape > 1.2 else (0, 0.46, 1, 0.54)


def _middle(shape: float) -> Box:
    return (0.08, 0.1, 0.84, 0.8) if shape > 1.2 else (0.05, 0.12, 0.9, 0.76)


def _inner(shape: float) -> Box:
    return (0.05, 0.1, 0.8, 0.84) if shape > 1.2 else (0.05, 0.08, 0.9, 0.86)


DESIGNS: Final = (
    Design(sun, GROTESQUE, _low),
    Design(halftone, POSTER, _low, is_calm=True),
    Design(arches, HEAVY_SERIF, _corner, anchor="top", sign="bottom"),
    Design(stripes, POSTER, _high, anchor="top"),
    Design(frame, SERIF, _middle, align="center", anchor="middle", is_calm=True),
    Design(mesh, QUIET, _middle, anchor="middle", is_calm=True),
    Design(tiles, GROTESQUE, _beside, sign="bottom"),
    Design(card, HEAVY_SERIF, _inner, is_calm=True),
)
