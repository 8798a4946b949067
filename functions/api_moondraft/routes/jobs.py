"""``/jobs``: what was requested with ``Prefer: respond-async``. Not part of the original API."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from api_moondraft.outputs import outputs
from darkroom.catalog_data import moondraft
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import NotFound
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.http.waiting import prefers_minimal
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/jobs/<job_id>", Scope.READ)
def get_job(request: RequestContext, caller: Caller, job_id: str) -> Response[str]:
    """How a job stands, with its result once there is one."""
    job = container().jobs.get(caller.owner, object_id(job_id, "job"))
    if job is None or job.late or job.dialect != moondraft.DIALECT:
        raise NotFound("No such job.")
    if not prefers_minimal(request.header("prefer")):
        return json_response(200, presenters.job(job, outputs(job)))
    request.extra_headers["Preference-Applied"] = "return=minimal"
    return json_response(200, presenters.job(job, outputs(job, room=0)))
