"""Writes to the assets table: carousels' plans, and whose slides are whose."""

from __future__ import annotations

import math

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.parts import Part, put
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.serialization import to_document
from darkroom.domain.writes import PointAtSlide, SavePlan


@spelled(SavePlan, "assets")
def save_plan(table: str, write: SavePlan) -> Part:
    plan = write.plan
    row = keys.plan(plan.owner, plan.id) | to_document(plan)
    return put(table, row | {"expires_at": math.ceil(to_epoch(plan.kept_until))})


@spelled(PointAtSlide, "assets")
def point_at_slide(table: str, write: PointAtSlide) -> Part:
    row = keys.slide(write.owner, write.slide_id)
    return put(table, row | {"job_id": write.job_id, "created_at": write.at.isoformat()})
