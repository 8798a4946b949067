"""The offline engine's painter: a brief in, a finished picture out; no network, no model, no clock."""

from darkroom_graphics.watermark import stamp
from darkroom_sandbox.brief import Brief, Painting
from darkroom_sandbox.images import finished
from darkroom_sandbox.lettering import caption, signature, signature_depth
from darkroom_sandbox.scenery import paint_scenery


def paint(brief: Brief) -> Painting:
    """Paints a brief as a PNG. Equal briefs give equal bytes; raises as ``paint_scenery`` does.

    What must stay crisp goes over the scene's grain: words, logos and the mark of test mode.
    """
    scenery = paint_scenery(brief)
    stage = scenery.stage
    if brief.caption:
        caption(stage, brief.caption, below=signature_depth(stage) if brief.brand else 0.0)
    if brief.brand:
        signature(stage, brief.brand)
    scenery.place_logos()
    if brief.watermark:
        stamp(stage.canvas, stage.width, stage.height)
    return finished(stage.surface, scenery.aspect_ratio)
