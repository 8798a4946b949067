"""Renders as jobs: what a request for some becomes, and how a worker is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from darkroom.domain import renders
from darkroom.domain.catalog import Offer, Queue
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs import Job, Spec, new_tasks
from darkroom.ports import TaskMessage
from darkroom.services.authenticate import Caller

if TYPE_CHECKING:
    from darkroom.domain.templates.template import Template

FIRST_CHECK = timedelta(seconds=120)  # a message that was never sent is noticed after this
MAX_PAYLOAD_BYTES = (
    256 * 1024
)  # as JSON; a single render's payload is kept in its job's row, which has 400 KB


def settings_of(template: Template, ratio: float) -> dict[str, Any]:
    """What a job keeps of what it renders. Versions never change, so the document itself need not be kept with it."""
    return {"template": template.id, "version": template.version, "ratio": ratio}


def render_job(
    job_id: str, caller: Caller, offer: Offer, price: int, settings: Mapping[str, Any], now: datetime
) -> Job:
    """A job of one task for a caller. One that costs nothing counts against no allowance either."""
    return Job(
        id=job_id,
        owner=caller.owner,
        key_id=caller.key.id,
        dialect=offer.dialect,
        kind=offer.kind,
        offer_id=offer.id,
        model=offer.model,
        collection=offer.collection,
        feature=offer.feature,
        engine=renders.RENDERER,
        engine_model="",
        queue=Queue.RENDER,
        spec=Spec("", "", settings=settings),
        unit_price=price,
        tasks=new_tasks(job_id, 1),
        created_at=now,
        deadline_at=now + timedelta(seconds=offer.deadline_seconds),
        check_at=now + FIRST_CHECK,
        task_units=1 if price else 0,
    )


def render_message(job: Job) -> TaskMessage:
    """The one message that has all of a job's rows rendered, or a batch expanded."""
    step = "expand" if job.kind == renders.BATCH else "render"
    return TaskMessage(job.owner, job.id, 0, step, len(job.tasks))


def check_size(payload_json: Mapping[str, Any], param: str) -> None:
    """Refuse a payload that is larger than any sensible one.

    Raises
    ------
    InvalidParam
    """
    if len(json.dumps(payload_json).encode()) > MAX_PAYLOAD_BYTES:
        limit = MAX_PAYLOAD_BYTES // 1024
        raise InvalidParam(f"{param}: may have at most {limit} KB as JSON.", param=param)
