"""``/fonts``: a workspace's own fonts, uploaded as files are and named by templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters
from api_pixeldrive.requests import FontBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.writes import StoredResponse
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

if TYPE_CHECKING:
    from darkroom.domain.files.uploads import FileUpload

routes = Routes()


@routes.post("/fonts", Scope.GENERATE)
def create_font(request: RequestContext, caller: Caller) -> Response[str]:
    """Announce a font, and learn how to upload it."""
    from darkroom.services.files.request_upload import NewFile  # noqa: PLC0415 - requests for fonts are rare

    def first_answer(requested: FileUpload) -> StoredResponse:
        return stored_response(201, presenters.font_upload(requested, container().clock.now()))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(FontBody)
    announced = NewFile(body.filename, body.contentType, body.size, body.checksumSha256, body.family)
    requested = container().manage_fonts.request(caller, announced, idempotency)
    return json_response(201, presenters.font_upload(requested, container().clock.now()))


@routes.get("/fonts", Scope.READ)
def list_fonts(_request: RequestContext, caller: Caller) -> Response[str]:
    """List fonts."""
    return json_response(200, presenters.font_list(container().manage_fonts.list(caller.owner)))


@routes.get("/fonts/<font_id>", Scope.READ)
def get_font(_request: RequestContext, caller: Caller, font_id: str) -> Response[str]:
    """Fetch a font."""
    core = container()
    found = core.manage_fonts.get(caller.owner, object_id(font_id.lower(), "font"))
    return json_response(200, presenters.font(found, core.clock.now()))


@routes.delete("/fonts/<font_id>", Scope.GENERATE)
def delete_font(_request: RequestContext, caller: Caller, font_id: str) -> Response[str]:
    """Delete a font."""
    font_id = object_id(font_id.lower(), "font")
    container().manage_fonts.delete(caller, font_id)
    return json_response(200, presenters.deleted(font_id))
