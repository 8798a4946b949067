"""``/videos``: make, animate, list, fetch and delete videos."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters, submissions
from api_memes.requests import AnimateBody, VideoBody
from api_memes.routes.collections import job_of, jobs_page
from api_memes.routes.envelopes import envelope, generation_answer
from api_memes.routes.submitting import submit
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

KIND = "video"


@routes.post("/videos", Scope.GENERATE)
def create_video(request: RequestContext, caller: Caller) -> Response[str]:
    """Create a video."""
    return submit(request, caller, lambda: submissions.video(request.parse(VideoBody), caller))


@routes.post("/videos/animate", Scope.GENERATE)
def animate_image(request: RequestContext, caller: Caller) -> Response[str]:
    """Animate an image."""
    return submit(request, caller, lambda: submissions.animation(request.parse(AnimateBody), caller))


@routes.get("/videos", Scope.READ)
def list_videos(request: RequestContext, caller: Caller) -> Response[str]:
    """List videos."""
    page = jobs_page(request, caller, KIND)
    return json_response(200, presenters.generation_list(page, container().links, envelope(request, caller)))


@routes.get("/videos/<video_id>", Scope.READ)
def get_video(request: RequestContext, caller: Caller, video_id: str) -> Response[str]:
    """Fetch a video."""
    return json_response(200, generation_answer(request, caller, job_of(caller.owner, KIND, video_id)))


@routes.delete("/videos/<video_id>", Scope.GENERATE)
def delete_video(request: RequestContext, caller: Caller, video_id: str) -> Response[str]:
    """Delete a video."""
    job = job_of(caller.owner, KIND, video_id)
    deletion = container().delete_job(caller, job, refundable=True)
    around = envelope(request, caller, settled=-deletion.credits)
    return json_response(200, presenters.deleted_video_answer(deletion, around))
