"""``/prompt/refine``: free, and makes no job."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft.schemas import RefineBody
from darkroom.domain.accounts import Scope
from darkroom.http.api import exchange, json_response, new_router
from darkroom.http.schemas import parse
from darkroom.wiring import container

router = new_router()


@router.post("/prompt/refine")
def refine() -> Response[str]:
    """Rewrite a rough prompt."""
    current = exchange(router)
    current.sender(Scope.GENERATE)
    body = parse(RefineBody, current.json_object())
    return json_response(200, {"refined_prompt": container().refiner.refine(body.prompt, body.mode.value)})
