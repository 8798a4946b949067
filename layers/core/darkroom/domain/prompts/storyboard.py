"""The story a storyboard tells: which beats its panels show, and how that is said to whoever draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from darkroom.domain.jobs.spec import StoryboardSpec


class Panel(NamedTuple):
    """One panel: what it is in the story, and what it shows."""

    title: str
    shows: str


# Four beats each. A story of three panels leaves the third out, which only builds up to the last.
_STORIES: Final[Mapping[str, tuple[Panel, Panel, Panel, Panel]]] = {
    "auto": (
        Panel("The moment", "a scene everybody knows"),
        Panel("The turn", "something unexpected changes it"),
        Panel("The effect", "what is different now, close up"),
        Panel("The payoff", "the happy end, with the product in it"),
    ),
    "comic-strip": (
        Panel("Setup", "who it is about and what they are up to"),
        Panel("Trouble", "it goes comically wrong"),
        Panel("Twist", "an unlikely rescue comes in"),
        Panel("Punchline", "the laugh at the end"),
    ),
    "problem-solution": (
        Panel("The problem", "somebody struggles with it"),
        Panel("The solution", "the product is discovered"),
        Panel("In use", "the product at work, close up"),
        Panel("Solved", "relief: the problem is gone"),
    ),
    "before-after": (
        Panel("Before", "how it was, dull and tiresome"),
        Panel("The change", "the product makes the difference"),
        Panel("Right after", "the first thing that is better"),
        Panel("After", "how it is now, bright and easy"),
    ),
    "how-it-works": (
        Panel("Step 1", "how one begins"),
        Panel("Step 2", "the product does its part"),
        Panel("Step 3", "the detail that matters, close up"),
        Panel("Done", "the result"),
    ),
    "customer-journey": (
        Panel("Discover", "a customer comes across it"),
        Panel("Try", "the first time"),
        Panel("Rely", "it has become part of the day"),
        Panel("Recommend", "telling a friend about it"),
    ),
    "testimonial-sequence": (
        Panel("Meet the customer", "a portrait of a real-looking customer"),
        Panel("Their doubt", "what kept them from trying"),
        Panel("Their find", "the moment that convinced them"),
        Panel("Their words", "the customer, happy, as if quoted"),
    ),
    "founder-story": (
        Panel("The itch", "the founder sees what is missing"),
        Panel("The work", "making the first one by hand"),
        Panel("The doubt", "a night when it nearly failed"),
        Panel("The launch", "the first customer has it in hand"),
    ),
}
PRESETS: Final = tuple(_STORIES)

_STYLES: Final[Mapping[str, str]] = {
    "comic-strip": "Draw it as a comic strip: inked outlines, flat colours, bold panel borders.",
    "clean-storyboard": "Draw it as a clean storyboard: even panels of photographic quality with white gutters.",
}
_DENSITIES: Final[Mapping[str, str]] = {
    "minimal": "Put no words on it except on the product.",
    "balanced": "Give each panel at most one short caption, spelled correctly and easy to read.",
    "rich": "Give each panel a title and a caption, and let people speak in bubbles; spell everything correctly.",
}
_PRODUCT: Final[Mapping[str, str]] = {
    "hero": "The product is the hero: large and recognisable in every panel.",
    "supporting": "The product supports the story: clearly seen in the panels that turn on it.",
    "background": "The product stays in the background: present, never the focus.",
}


def panels(spec: StoryboardSpec) -> tuple[Panel, ...]:
    """The panels in reading order."""
    first, second, third, last = _STORIES[spec.preset]
    return (first, second, third, last) if spec.panel_count == 4 else (first, second, last)


def storyboard_lines(spec: StoryboardSpec) -> list[str]:
    """How to draw the story, one sentence or panel a line."""
    story = panels(spec)
    told = [f"Panel {number}, {one.title}: {one.shows}." for number, one in enumerate(story, 1)]
    divided = (
        f"Make one single ad image that is divided into {len(story)} clearly separated panels, which tell one story "
        "in reading order with the same people and the same product throughout."
    )
    return [
        divided,
        *told,
        f"Narrative tone: {spec.tone}." if spec.tone else "",
        _PRODUCT.get(spec.product_role or "", ""),
        _STYLES.get(spec.visual_style or "", ""),
        _DENSITIES[spec.text_density],
    ]
