"""``/video``: what is sent decides what is made."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import submissions
from api_moondraft.requests import VideoBody
from api_moondraft.routes.submitting import submit
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller

routes = Routes()


@routes.post("/video", Scope.GENERATE)
def create_video(request: RequestContext, caller: Caller) -> Response[str]:
    """Make a clip of five seconds."""
    return submit(request, caller, lambda: submissions.video(request.parse(VideoBody), caller))
