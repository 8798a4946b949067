"""``/memes``: make, list, fetch, trace and delete branded memes."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters, submissions
from api_memes.requests import MemeBody
from api_memes.routes.collections import assets_page, one_asset
from api_memes.routes.envelopes import envelope
from api_memes.routes.submitting import submit
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.params import flag
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

COLLECTION = "meme"


@routes.post("/memes", Scope.GENERATE)
def create_meme(request: RequestContext, caller: Caller) -> Response[str]:
    """Create memes."""
    return submit(request, caller, lambda: submissions.meme(request.parse(MemeBody), caller))


@routes.get("/memes", Scope.READ)
def list_memes(request: RequestContext, caller: Caller) -> Response[str]:
    """List memes."""
    exclude_carousel = flag(request.query(), "exclude_carousel")
    page = assets_page(request, caller, COLLECTION, exclude_carousel=exclude_carousel)
    return json_response(200, presenters.asset_list(page, container().links, envelope(request, caller)))


@routes.get("/memes/<meme_id>", Scope.READ)
def get_meme(request: RequestContext, caller: Caller, meme_id: str) -> Response[str]:
    """Fetch a meme."""
    asset = one_asset(caller.owner, COLLECTION, meme_id)
    return json_response(200, presenters.meme_answer(asset, container().links, envelope(request, caller)))


@routes.get("/memes/<meme_id>/lineage", Scope.READ)
def get_lineage(request: RequestContext, caller: Caller, meme_id: str) -> Response[str]:
    """Trace a meme's family."""
    lineage = container().trace_lineage(one_asset(caller.owner, COLLECTION, meme_id))
    return json_response(
        200, presenters.lineage_answer(lineage, container().links, envelope(request, caller))
    )


@routes.delete("/memes/<meme_id>", Scope.GENERATE)
def delete_meme(request: RequestContext, caller: Caller, meme_id: str) -> Response[str]:
    """Delete a meme."""
    container().delete_asset(caller, one_asset(caller.owner, COLLECTION, meme_id))
    return json_response(200, presenters.deleted_answer(meme_id, envelope(request, caller)))
