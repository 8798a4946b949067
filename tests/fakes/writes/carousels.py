"""Plans of carousels, and whose slides are whose."""

from __future__ import annotations

from darkroom.domain import writes
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect


@effect(writes.SavePlan, row=lambda write: ("plan", write.plan.owner, write.plan.id))
def save_plan(memory: Memory, write: writes.SavePlan) -> Effect:
    plan = as_stored(write.plan)
    return lambda: memory.plans.update({(plan.owner, plan.id): plan})


@effect(writes.PointAtSlide, row=lambda write: ("slide", write.owner, write.slide_id))
def point_at_slide(memory: Memory, write: writes.PointAtSlide) -> Effect:
    return lambda: memory.slides.update({(write.owner, write.slide_id): write.job_id})
