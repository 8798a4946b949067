"""``/generate``: take a request for images."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters, submissions
from api_gencraft.requests import GenerateBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import StoredResponse
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/generate", Scope.GENERATE)
def generate(request: RequestContext, caller: Caller) -> Response[str]:
    """Take a request; each of its images is a task to poll for."""

    def first_answer(job: Job) -> StoredResponse:
        return stored_response(200, presenters.accepted(job, caller.workspace))

    idempotency = request.idempotency_context(first_answer)
    submission = submissions.generation(request.parse(GenerateBody), caller)
    job = container().submit_job(caller, submission, idempotency)
    return json_response(200, presenters.accepted(job, caller.workspace))
