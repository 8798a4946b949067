"""``/prompt/refine``: free."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft.requests import RefineBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()


@router.post("/prompt/refine")
def refine() -> Response[str]:
    """Rewrite a rough prompt."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)
    body = parse(RefineBody, current.json_object())
    refined = container().refine_prompt(caller, body.prompt, body.mode.value)
    return json_response(200, {"refined_prompt": refined})
