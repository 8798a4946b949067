"""``/storyboards``: make and fetch storyboards."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import submissions
from api_memes.requests import StoryboardBody
from api_memes.routes.collections import job_of
from api_memes.routes.envelopes import generation_answer
from api_memes.routes.submitting import submit
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller

routes = Routes()

KIND = "storyboard"


@routes.post("/storyboards", Scope.GENERATE)
def create_storyboard(request: RequestContext, caller: Caller) -> Response[str]:
    """Create a storyboard."""
    return submit(request, caller, lambda: submissions.storyboard(request.parse(StoryboardBody), caller))


@routes.get("/storyboards/<storyboard_id>", Scope.READ)
def get_storyboard(request: RequestContext, caller: Caller, storyboard_id: str) -> Response[str]:
    """Fetch a storyboard."""
    return json_response(200, generation_answer(request, caller, job_of(caller.owner, KIND, storyboard_id)))
