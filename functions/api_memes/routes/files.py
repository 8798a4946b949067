"""``/files`` (beyond the contract, which announces it): upload pictures and sounds, to use them by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters
from api_memes.routes.envelopes import envelope
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.writes import StoredResponse
from darkroom.http.paging import page_request
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

if TYPE_CHECKING:
    from api_memes import resources
    from darkroom.domain.files.uploads import FileUpload

routes = Routes()


@routes.post("/files", Scope.GENERATE)
def create_file(request: RequestContext, caller: Caller) -> Response[str]:
    """Announce a file, and learn how to upload it."""
    from darkroom.http.file_requests import UploadBody  # noqa: PLC0415 - requests for files are rare

    def answer(requested: FileUpload) -> resources.UploadAnswer:
        core = container()
        return presenters.upload_answer(requested, core.links, core.clock.now(), envelope(request, caller))

    def first_answer(requested: FileUpload) -> StoredResponse:
        return stored_response(201, answer(requested))

    idempotency = request.idempotency_context(first_answer)
    announced = request.parse(UploadBody).announced()
    requested = container().request_upload(caller, announced, idempotency)
    request.extra_headers["Location"] = request.url_of(f"/files/{requested.file.id}")
    return json_response(201, answer(requested))


@routes.get("/files", Scope.READ)
def list_files(request: RequestContext, caller: Caller) -> Response[str]:
    """List files."""
    core = container()
    page = core.manage_files.list(caller.owner, page_request(request.query()))
    answer = presenters.file_list(page, core.links, core.clock.now(), envelope(request, caller))
    return json_response(200, answer)


@routes.get("/files/<file_id>", Scope.READ)
def get_file(request: RequestContext, caller: Caller, file_id: str) -> Response[str]:
    """Fetch a file."""
    core = container()
    found = core.manage_files.get(caller.owner, object_id(file_id, "file"))
    answer = presenters.file_answer(found, core.links, core.clock.now(), envelope(request, caller))
    return json_response(200, answer)


@routes.delete("/files/<file_id>", Scope.GENERATE)
def delete_file(request: RequestContext, caller: Caller, file_id: str) -> Response[str]:
    """Delete a file and its bytes."""
    container().manage_files.delete(caller, object_id(file_id, "file"))
    return json_response(200, presenters.deleted_answer(file_id, envelope(request, caller)))
