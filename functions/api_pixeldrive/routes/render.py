"""``/render`` and ``/render/batch``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters, submissions
from api_pixeldrive.prefetch import BATCH, RENDER
from api_pixeldrive.requests import BatchBody, RenderBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import InvalidParam, OutcomeError
from darkroom.domain.renders.names import encoding
from darkroom.domain.renders.views import BatchAccepted, RenderOutcome
from darkroom.domain.writes import StoredResponse
from darkroom.http.job_replay import is_job, stored_job
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, refused_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from darkroom.wiring import container

if TYPE_CHECKING:
    from api_pixeldrive import resources
    from darkroom.domain.jobs.job import Job

routes = Routes()


@routes.post(RENDER, Scope.GENERATE)
def render(request: RequestContext, caller: Caller) -> Response[str]:
    """Render an image."""
    try:
        idempotency = request.idempotency_context(stored_job)
        body = request.parse(RenderBody)
        response = _rendered(request, caller, body, idempotency)
    except AlreadyAnswered as earlier:
        if not is_job(earlier.response):
            raise
        # The first request is still waiting, or its answer could not be kept.
        request.extra_headers["Idempotent-Replayed"] = "true"
        return json_response(200, _answer(submissions.repeated(caller, earlier.response)))
    return Response(response.status, "application/json", response.body)


@routes.post(BATCH, Scope.GENERATE)
def render_batch(request: RequestContext, caller: Caller) -> Response[str]:
    """Render up to a thousand images in the background."""
    idempotency = request.idempotency_context(_first_answer)
    batch = submissions.batch(caller, request.parse(BatchBody), idempotency)
    return json_response(202, presenters.batch_accepted(batch))


def _rendered(
    request: RequestContext, caller: Caller, body: RenderBody, idempotency: IdempotencyContext[Job] | None
) -> StoredResponse:
    """The answer about a new render, kept for a repeated request.

    Raises
    ------
    DomainError
        Nothing was made; what becomes of a render that was accepted is an answer like any other.
    """
    try:
        outcome = submissions.render(
            caller,
            body.templateId,
            body.payload,
            body.pixelRatio,
            preview=body.preview,
            idempotency=idempotency,
            written=encoding(body.format, body.quality),
        )
        response = stored_response(200, _answer(outcome))
    except (OutcomeError, InvalidParam) as error:
        if not caller.counted:  # refused before anything was accepted
            raise
        response = refused_response(request, error)
    container().keep_response(caller, idempotency, response)
    return response


def _answer(outcome: RenderOutcome) -> resources.RenderAnswer:
    return presenters.render(outcome, container().image_links, container().clock.now())


def _first_answer(batch: BatchAccepted) -> StoredResponse:
    return stored_response(202, presenters.batch_accepted(batch))
