"""``/v1/tasks``: how a request stands."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import presenters
from api_agent.words import PREFIX, ok
from darkroom.catalog_data.agent import DIALECT
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import NotFound
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.params import object_id
from darkroom.wiring import container

router = new_router()


@router.get(f"{PREFIX}/v1/tasks/<task_id>")
def get_task(task_id: str) -> Response[str]:
    """One task with its outputs."""
    caller = request_context(router).sender(Scope.READ)
    job = container().jobs.get(caller.owner, object_id(task_id, "task"))
    if job is None or job.dialect != DIALECT:
        raise NotFound("No such task.")
    return json_response(200, ok(presenters.task(job, container().links)))
