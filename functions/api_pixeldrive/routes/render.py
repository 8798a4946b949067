"""``/render`` and ``/render/batch``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters, submissions
from api_pixeldrive.prefetch import BATCH, RENDER
from api_pixeldrive.requests import BatchBody, RenderBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.renders.views import BatchAccepted
from darkroom.domain.writes import StoredResponse
from darkroom.http.job_replay import stored_job
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered
from darkroom.wiring import container

routes = Routes()


@routes.post(RENDER, Scope.GENERATE)
def render(request: RequestContext, caller: Caller) -> Response[str]:
    """Render an image."""
    try:
        idempotency = request.idempotency_context(stored_job)
        body = request.parse(RenderBody)
        outcome = submissions.render(
            caller,
            body.payload,
            body.pixelRatio,
            preview=body.preview,
            idempotency=idempotency,
        )
    except AlreadyAnswered as earlier:
        request.extra_headers["Idempotent-Replayed"] = "true"
        outcome = submissions.repeated(caller, earlier.response)
    answer = presenters.render(outcome, container().image_links, container().clock.now())
    return json_response(200, answer)


@routes.post(BATCH, Scope.GENERATE)
def render_batch(request: RequestContext, caller: Caller) -> Response[str]:
    """Render up to a thousand images in the background."""
    idempotency = request.idempotency_context(_first_answer)
    batch = submissions.batch(caller, request.parse(BatchBody), idempotency)
    return json_response(202, presenters.batch_accepted(batch))


def _first_answer(batch: BatchAccepted) -> StoredResponse:
    return stored_response(202, presenters.batch_accepted(batch))
