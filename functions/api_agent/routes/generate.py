"""``/v1/generate``: take a request, once."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import presenters, submissions
from api_agent.requests import GenerateBody, is_request_id
from api_agent.routes.models import add_lifecycle_headers
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import DomainError
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import StoredResponse
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

PATH = "/v1/generate"


def idempotency_key(request: RequestContext) -> str | None:
    """This dialect's idempotency key: the body's ``request_id``. An invalid one is refused with the body.

    That of a large body is not looked up while the caller is not known; the transaction finds what it had made.

    Raises
    ------
    MalformedBody, PayloadTooLarge
    """
    if (request.event.http_method, request.route_path) != ("POST", PATH):
        return None
    body = request.json_object() if request.caller else request.read_ahead() or {}
    request_id = body.get("request_id")
    return request_id if is_request_id(request_id) else None


@routes.post(PATH, Scope.GENERATE)
def generate(request: RequestContext, caller: Caller) -> Response[str]:
    """Make images, a video or music."""
    idempotency = request.idempotency_context(_first_answer, lambda: _normalized(request))
    body = request.parse(GenerateBody)
    add_lifecycle_headers(request, body.model)
    submission = submissions.generation(body, caller, container().estimate(body.quote_request()))
    job = container().submit_job(caller, submission, idempotency)
    return json_response(200, presenters.generate_answer(job))


def _normalized(request: RequestContext) -> str:
    """What the request comes to once defaults are filled in; nothing for one that cannot be accepted now."""
    try:
        body = request.parse(GenerateBody)
        quote = container().estimate(body.quote_request())
    except DomainError:
        return ""
    return submissions.fingerprint(body, quote)


def _first_answer(job: Job) -> StoredResponse:
    return stored_response(200, presenters.generate_answer(job))
