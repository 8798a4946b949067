"""Writes of carousels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.carousels.plan import CarouselPlan


@dataclass(frozen=True, slots=True)
class SavePlan(Write):
    """Put a carousel's plan, which is forgotten when it has expired. No condition."""

    plan: CarouselPlan


@dataclass(frozen=True, slots=True)
class PointAtSlide(Write):
    """Note which job a slide is a task of, so that it can be found by its own id. No condition."""

    owner: Owner
    slide_id: str
    job_id: str
    at: datetime
