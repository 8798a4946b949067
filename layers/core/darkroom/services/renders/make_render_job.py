"""Making the jobs of renders and batches, and the messages that start them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from darkroom.domain.catalog.offers import Offer
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.spec import TemplateSpec
from darkroom.domain.renders import names
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.accept_job import job_for

# A caller waits for a single render; a batch's renders are fetched later.
INTERACTIVE = Route(names.RENDERER, Queue.RENDERS)
FREE = Route(names.RENDERER, Queue.PREVIEWS)  # nobody pays for a preview: it may wait for other previews
BULK = Route(names.RENDERER, Queue.BULK_RENDERS)
# As JSON; a single render's payload is stored in its job's row, which can have 400 KB.
MAX_PAYLOAD_BYTES = 256 * 1024


def make_render_job(
    job_id: str,
    caller: Caller,
    offer: Offer,
    price: int,
    spec: TemplateSpec,
    now: datetime,
    route: Route = INTERACTIVE,
) -> Job:
    """A caller's new job with one task. A free one counts against no allowance either."""
    job = job_for(caller, offer, route, spec, job_id=job_id, price=price, now=now)
    return replace(job, task_units=1 if price else 0)


def render_message(job: Job) -> TaskMessage:
    """The one message that has all rows of a job rendered, or a batch expanded."""
    step = TaskStep.EXPAND if job.kind == names.BATCH else TaskStep.RENDER
    return TaskMessage(job.owner, job.id, 0, step, len(job.tasks))


def check_size(payload_json: Mapping[str, Any], param: str) -> None:
    """Refuse a payload of more than 256 KB.

    Raises
    ------
    InvalidParam
    """
    if len(json.dumps(payload_json).encode()) > MAX_PAYLOAD_BYTES:
        limit = MAX_PAYLOAD_BYTES // 1024
        raise InvalidParam(f"{param}: may have at most {limit} KB as JSON.", param=param)
