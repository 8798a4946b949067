"""``/v1/tasks``: how a request stands."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import presenters
from darkroom.catalog_data.agent import DIALECT
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import NotFound
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/v1/tasks/<task_id>", Scope.READ)
def get_task(_request: RequestContext, caller: Caller, task_id: str) -> Response[str]:
    """How a task stands."""
    job = container().jobs.get(caller.owner, object_id(task_id, "task"))
    if job is None or job.late or job.dialect != DIALECT:
        raise NotFound("No such task.")
    return json_response(200, presenters.task_answer(job, container().links))
