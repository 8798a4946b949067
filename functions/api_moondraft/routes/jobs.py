"""``/jobs``: what was asked for with ``Prefer: respond-async``. Not part of the original API."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters, results
from darkroom.catalog_data import moondraft
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import NotFound
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.params import object_id
from darkroom.wiring import container

router = new_router()


@router.get("/jobs/<job_id>")
def get_job(job_id: str) -> Response[str]:
    """How a job stands, with its result once there is one."""
    caller = request_context(router).sender(Scope.READ)
    job = container().jobs.get(caller.owner, object_id(job_id, "job"))
    if job is None or job.dialect != moondraft.DIALECT:
        raise NotFound("No such job.")
    return json_response(200, presenters.job(job, results.outputs(job)))
