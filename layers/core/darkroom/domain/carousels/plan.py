"""A carousel's plan: what each slide says and shows, kept for a week to be rendered from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.spec import BrandProfile, Input, Slide

MIN_SLIDES: Final = 3
MAX_SLIDES: Final = 10
NO_BRAND: Final = BrandProfile()
KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The strategy alone, whoever made it."""

    concept_title: str
    viral_mechanic: str
    audience: str
    cta: str
    slides: tuple[Slide, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarouselPlan(Outline):
    """A stored plan. ``brand`` and ``inputs`` are the grounding it was made with, and will be rendered with."""

    id: str
    owner: Owner
    aspect_ratio: str
    created_at: datetime
    kept_until: datetime
    goal: str
    platform: str | None = None
    brand: BrandProfile = NO_BRAND
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanKey(PrefetchKey[CarouselPlan]):
    """The plan that a request is to render."""

    plan_id: str
