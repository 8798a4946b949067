"""Outlining a carousel by rule, for where no model writes: the brief's own words, put into a form that works.

Nothing is claimed that the brief does not say. What a rule cannot know, such as a myth's content, is left to a number
and a direction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from darkroom.domain.carousels.plan import Outline
from darkroom.domain.jobs.spec import BrandProfile, Slide, TextSpec

MAX_TITLE: Final = 60
MAX_LINE: Final = 90


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of carousel: what makes people swipe on, and what the slides between hook and end are."""

    mechanic: str
    role: str
    numbered: str
    shows: str


_FORMS: Final = (
    (
        r"myth|misconception|debunk|busted",
        _Form("myth/fact reveal", "myth", "Myth {}", "the myth, struck through"),
    ),
    (
        r"how to|step|guide|tutorial|recipe",
        _Form("step by step", "step", "Step {}", "one action, hands at work"),
    ),
    (
        r"before|after|transform|makeover",
        _Form("before and after", "contrast", "Change {}", "a clear contrast, side by side"),
    ),
    (
        r"mistake|avoid|stop|never",
        _Form("mistakes to avoid", "mistake", "Mistake {}", "the mistake, then a hint of better"),
    ),
    (
        r"reason|ways|tips|ideas|things|facts|\d",
        _Form("countdown of points", "point", "No. {}", "one point, one strong object"),
    ),
)
_USUAL: Final = _Form("problem to payoff", "point", "Part {}", "one idea, one strong object")
_CALLS: Final = {
    "awareness": "Follow to see more",
    "leads": "Learn more: link in bio",
    "sales": "Shop now",
    "followers": "Follow for more",
    "engagement": "Tell us in the comments",
}
_POINT: Final = re.compile(r"(?:^|\n)\s*(?:[-*•]|\d+[.)])\s+|[;\n]+|(?<=[.!?])\s+")


def outlined(spec: TextSpec) -> Outline:
    """An outline of exactly as many slides as the brief asks for."""
    count, brief = spec.slide_count or 5, " ".join(spec.prompt.split())
    form = next(
        (form for pattern, form in _FORMS if re.search(rf"\b(?:{pattern})", brief, re.IGNORECASE)), _USUAL
    )
    points = _points(spec.prompt)
    title = _title(points[0] if points else brief)
    call = _CALLS[spec.goal or "leads"]
    hook = Slide("hook", title, _direction(f"an opening that stops the thumb: {title}", spec.brand))
    end = Slide("cta", call, _direction("a calm close with room for the call to action", spec.brand))
    between = [_middle(form, number, points[1:], spec.brand) for number in range(1, count - 1)]
    return Outline(
        concept_title=title,
        viral_mechanic=form.mechanic,
        audience=spec.brand.target_audience or _audience(brief),
        cta=call,
        slides=(hook, *between, end),
    )


def _middle(form: _Form, number: int, points: Sequence[str], brand: BrandProfile) -> Slide:
    label = form.numbered.format(number)
    point = points[number - 1] if number <= len(points) else ""
    text = f"{label}: {point}" if point else label
    return Slide(form.role, text[:MAX_LINE].rstrip(), _direction(f"{form.shows}. {point}".strip(), brand))


def _points(brief: str) -> list[str]:
    """The brief's sentences, list items and clauses, the first of which says what it is all about."""
    parts = [" ".join(part.split()).strip(" .,;:") for part in _POINT.split(brief)]
    return [part for part in parts if part]


def _title(text: str) -> str:
    if len(text) <= MAX_TITLE:
        return text[:1].upper() + text[1:]
    cut = text[: MAX_TITLE + 1]
    cut = cut[: cut.rfind(" ")] if " " in cut else text[:MAX_TITLE]
    return cut[:1].upper() + cut[1:].rstrip(" ,;:")


def _audience(brief: str) -> str:
    match = re.search(r"\bfor ((?:[\w'-]+ ?){1,5})", brief, re.IGNORECASE)
    return match[1].strip() if match else "people who have not tried it yet"


def _direction(scene: str, brand: BrandProfile) -> str:
    about = ", ".join(filter(None, (brand.company_name, brand.industry)))
    colours = f"; brand colours {', '.join(brand.brand_colors[:3])}" if brand.brand_colors else ""
    return f"{scene}{f' ({about})' if about else ''}{colours}"
