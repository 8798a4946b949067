"""The offline engine's painter: a brief in, a finished picture out; no network, no model, no clock."""

from __future__ import annotations

from random import Random

from darkroom.domain.prompts.chance import chance
from darkroom_graphics.watermark import stamp
from darkroom_sandbox.brief import Brief, Painting
from darkroom_sandbox.colours import rgb
from darkroom_sandbox.images import finished
from darkroom_sandbox.lettering import (
    ABOVE_CAPTION,
    ABOVE_HEADLINE,
    caption,
    headline,
    signature,
    signature_depth,
)
from darkroom_sandbox.palettes import drawn_from
from darkroom_sandbox.posters.designs import margin
from darkroom_sandbox.posters.inks import Inks, of_colours, of_house, of_mood
from darkroom_sandbox.posters.poster import Copy, draw_poster
from darkroom_sandbox.scenery import Scenery, open_scenery
from darkroom_sandbox.typography import can_be_set

# Beside a caption a logo is smaller, and ends so deep in the picture, in parts of its shorter side.
_LOGO_BY_CAPTION, _LOGO_DEPTH = 0.66, 0.17


def paint(brief: Brief) -> Painting:
    """Paints a brief as a PNG: a scene, or a poster of the prompt where no scene shows what it is about.

    Equal briefs give equal bytes; raises as ``open_scenery`` does. What must stay crisp goes over the scene's grain:
    words, logos and the mark of test mode.
    """
    scenery = open_scenery(brief)
    stage = scenery.stage
    if _wants_poster(brief, scenery) and _drew_poster(brief, scenery):
        scenery.place_logos(inset=margin(stage) * 0.5)
    else:
        low = _headline(brief, scenery)
        scenery.paint(free=ABOVE_CAPTION if brief.caption else ABOVE_HEADLINE if low else 1.0)
        _letter(brief, scenery)
        scenery.place_logos(size=_LOGO_BY_CAPTION if brief.caption else 1.0)
    if brief.watermark:
        stamp(stage.canvas, stage.width, stage.height)
    return finished(stage.surface, scenery.aspect_ratio)


def _wants_poster(brief: Brief, scenery: Scenery) -> bool:
    return not scenery.is_known and not brief.caption


def _drew_poster(brief: Brief, scenery: Scenery) -> bool:
    rng = scenery.stage.rng if brief.look is None else chance("look", brief.look)
    inks = _inks(brief, scenery, rng)
    return draw_poster(scenery.stage, _copy(brief, scenery), inks, rng)


def _copy(brief: Brief, scenery: Scenery) -> Copy:
    """What the poster says: a company alone, where there is nothing else to say."""
    kinds = ("product", "ref", "character")
    words = _words(brief)
    says = can_be_set(words)
    return Copy(
        words=words if says else brief.brand or "",
        company=(brief.brand or "") if says else "",
        pictures=tuple(image for kind in kinds for image in scenery.references[kind]),
        has_logo=bool(scenery.references["logo"]),
    )


def _words(brief: Brief) -> str:
    """What the picture says, where it says anything."""
    return brief.headline or (brief.prompt if brief.title is None else brief.title)


def _headline(brief: Brief, scenery: Scenery) -> str:
    """What stands low on a scene: what was asked for, and on a template, which shows nothing of it, the prompt."""
    return brief.headline or (_words(brief) if scenery.references["template"] else "")


def _inks(brief: Brief, scenery: Scenery, rng: Random) -> Inks:
    """A brand's colours win over a style picture's, those over the ones the prompt names, and all over its mood."""
    reading = scenery.reading
    if brief.palette:
        return of_colours(tuple(rgb(code) for code in brief.palette), rng)
    if scenery.references["style"]:
        return of_colours(drawn_from(scenery.references["style"][0])[:3], rng)
    if reading.colours:
        return of_colours(reading.colours, rng)
    return of_mood(scenery.stage.palette, rng) if reading.has_mood else of_house(rng)


def _letter(brief: Brief, scenery: Scenery) -> None:
    stage = scenery.stage
    if brief.caption:
        logo = _LOGO_DEPTH * min(stage.width, stage.height) if scenery.references["logo"] else 0.0
        caption(stage, brief.caption, below=max(logo, signature_depth(stage) if brief.brand else 0.0))
    else:
        headline(stage, _headline(brief, scenery))
    if brief.brand:
        signature(stage, brief.brand)
