"""``/prompt/refine``: free."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from api_moondraft.requests import RefineBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/prompt/refine", Scope.GENERATE)
def refine_prompt(request: RequestContext, caller: Caller) -> Response[str]:
    """Rewrite a rough prompt."""
    body = request.parse(RefineBody)
    text = container().refine_prompt(caller, body.prompt, body.mode.value)
    return json_response(200, presenters.refined_prompt(text))
