"""``/prompts/enhance``: free."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters, submissions
from api_memes.requests import EnhanceBody
from api_memes.routes.envelopes import envelope
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.writes import StoredResponse
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/prompts/enhance", Scope.GENERATE)
def enhance_prompt(request: RequestContext, caller: Caller) -> Response[str]:
    """Enhance a prompt."""

    def first_answer(enhanced: str) -> StoredResponse:
        answer = presenters.enhanced_answer(body.prompt, enhanced, envelope(request, caller))
        return stored_response(200, answer)

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(EnhanceBody)
    spec = submissions.rough_prompt(body, caller)
    enhanced = container().enhance_prompt(caller, spec, body.website_url, idempotency)
    return json_response(200, presenters.enhanced_answer(body.prompt, enhanced, envelope(request, caller)))
