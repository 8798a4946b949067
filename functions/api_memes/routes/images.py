"""``/images``: make, edit, reframe, list and fetch ad images."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters, submissions
from api_memes.requests import EditBody, ImageBody, ReframeBody
from api_memes.routes.collections import assets_page, one_asset
from api_memes.routes.envelopes import envelope
from api_memes.routes.submitting import submit
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

REFRAME_WAIT_SECONDS = 8
COLLECTION = "image"


@routes.post("/images", Scope.GENERATE)
def create_image(request: RequestContext, caller: Caller) -> Response[str]:
    """Create images."""
    return submit(request, caller, lambda: submissions.image(request.parse(ImageBody), caller))


@routes.post("/images/edits", Scope.GENERATE)
def edit_image(request: RequestContext, caller: Caller) -> Response[str]:
    """Edit an image."""
    return submit(request, caller, lambda: submissions.edit(request.parse(EditBody), caller))


@routes.post("/images/reframe", Scope.GENERATE)
def reframe_image(request: RequestContext, caller: Caller) -> Response[str]:
    """Give an image another aspect ratio."""
    return submit(
        request,
        caller,
        lambda: submissions.reframe(request.parse(ReframeBody), caller),
        wait_seconds=REFRAME_WAIT_SECONDS,
    )


@routes.get("/images", Scope.READ)
def list_images(request: RequestContext, caller: Caller) -> Response[str]:
    """List images."""
    page = assets_page(request, caller, COLLECTION)
    return json_response(200, presenters.asset_list(page, container().links, envelope(request, caller)))


@routes.get("/images/<image_id>", Scope.READ)
def get_image(request: RequestContext, caller: Caller, image_id: str) -> Response[str]:
    """Fetch an image."""
    asset = one_asset(caller.owner, COLLECTION, image_id)
    return json_response(200, presenters.image_answer(asset, container().links, envelope(request, caller)))
