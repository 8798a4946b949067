"""``/v1/generate``: take a request, once."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import lifecycles, ordering, presenters
from api_agent.requests import GenerateBody, is_request_id
from api_agent.words import PREFIX, ok
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import RequestContext, encode, json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()

PATH = f"{PREFIX}/v1/generate"


def request_id_of(current: RequestContext) -> str | None:
    """This dialect's idempotency key: the body's ``request_id``. One that is none is refused with the body.

    Raises
    ------
    MalformedBody, PayloadTooLarge
    """
    if (current.event.http_method, current.event.path) != ("POST", PATH):
        return None
    given = current.json_object().get("request_id")
    return given if is_request_id(given) else None


@router.post(PATH)
def generate() -> Response[str]:
    """Hold the credits and take the request; a repeated one gets its first answer."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)
    idempotency = current.idempotency_context(_first_answer)
    body = parse(GenerateBody, current.json_object())
    lifecycles.tell(current, body.model)
    core = container()
    job = core.submit_job(caller, ordering.submission(body, core.estimate(body.wish())), idempotency)
    return json_response(200, ok(presenters.accepted(job)))


def _first_answer(job: Job) -> StoredResponse:
    return StoredResponse(200, encode(ok(presenters.accepted(job))))
