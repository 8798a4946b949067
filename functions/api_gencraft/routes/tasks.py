"""``/tasks``: poll one task or many."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters, task_ids
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import InvalidParam, MissingParam, NotFound
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

MAX_IDS = 20


@routes.get("/tasks", Scope.READ)
def get_tasks(request: RequestContext, caller: Caller) -> Response[str]:
    """Poll up to twenty tasks; every id is answered, in the order they were sent."""
    ids = _ids(request.query())
    refs = [task_ids.parse(task_id) for task_id in ids]
    job_ids = list(dict.fromkeys(ref.job_id for ref in refs if ref is not None))
    jobs = container().jobs.get_many(caller.owner, job_ids) if job_ids else {}
    now = container().clock.now()
    tasks = []
    for task_id, ref in zip(ids, refs, strict=True):
        job = jobs.get(ref.job_id) if ref is not None else None
        task = ref.of(job) if ref is not None else None
        if job is None or job.late or task is None:
            tasks.append(presenters.unknown_task(task_id))
        else:
            tasks.append(presenters.task(job, task, now, container().links))
    return json_response(200, presenters.task_list(tasks))


@routes.get("/tasks/<task_id>", Scope.READ)
def get_task(_request: RequestContext, caller: Caller, task_id: str) -> Response[str]:
    """Poll one task."""
    ref = task_ids.parse(task_id)
    job = container().jobs.get(caller.owner, ref.job_id) if ref is not None else None
    task = ref.of(job) if ref is not None else None
    if job is None or job.late or task is None:
        raise NotFound("No such task.")
    return json_response(200, presenters.task(job, task, container().clock.now(), container().links))


def _ids(query: Mapping[str, str]) -> list[str]:
    ids = [task_id for part in query.get("ids", "").split(",") if (task_id := part.strip())]
    if not ids:
        raise MissingParam("ids is required: task ids separated by commas.", param="ids")
    if len(ids) > MAX_IDS:
        raise InvalidParam(f"ids: at most {MAX_IDS} per request.", param="ids")
    return ids
