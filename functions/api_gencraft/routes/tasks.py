"""``/tasks``: poll one task or many."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters, task_ids
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import InvalidParam, MissingParam, NotFound
from darkroom.http.api import json_response, new_router, request_context
from darkroom.wiring import container

router = new_router()

MAX_IDS = 20


@router.get("/tasks")
def get_tasks() -> Response[str]:
    """Poll up to twenty tasks at once; each id is answered in its place, whatever it is."""
    current = request_context(router)
    caller = current.sender(Scope.READ)
    ids = _ids(current.query())
    refs = [task_ids.parse(task_id) for task_id in ids]
    wanted = list(dict.fromkeys(ref.job_id for ref in refs if ref is not None))
    jobs = container().jobs.get_many(caller.owner, wanted) if wanted else {}
    now = container().clock.now()
    shown = []
    for task_id, ref in zip(ids, refs, strict=True):
        job = jobs.get(ref.job_id) if ref is not None else None
        task = ref.of(job) if ref is not None else None
        if job is None or task is None:
            shown.append(presenters.unknown_task(task_id))
        else:
            shown.append(presenters.task(job, task, now, container().links))
    return json_response(200, {"tasks": shown})


@router.get("/tasks/<task_id>")
def get_task(task_id: str) -> Response[str]:
    """Poll one task."""
    current = request_context(router)
    caller = current.sender(Scope.READ)
    ref = task_ids.parse(task_id)
    job = container().jobs.get(caller.owner, ref.job_id) if ref is not None else None
    task = ref.of(job) if ref is not None else None
    if job is None or task is None:
        raise NotFound("No such task.")
    return json_response(200, presenters.task(job, task, container().clock.now(), container().links))


def _ids(query: Mapping[str, str]) -> list[str]:
    ids = [task_id for part in query.get("ids", "").split(",") if (task_id := part.strip())]
    if not ids:
        raise MissingParam("ids is required: task ids separated by commas.", param="ids")
    if len(ids) > MAX_IDS:
        raise InvalidParam(f"ids: at most {MAX_IDS} per request.", param="ids")
    return ids
