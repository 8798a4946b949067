"""Files a workspace uploads, to use them by their ids in every dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.writes import StoredResponse
from darkroom.http.files import upload_answer
from darkroom.http.paging import page_request
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

if TYPE_CHECKING:
    from darkroom.domain.files.uploads import FileUpload
    from darkroom.http.file_resources import UploadAnswer

routes = Routes()


@routes.post("/files", Scope.GENERATE)
def create_file(request: RequestContext, caller: Caller) -> Response[str]:
    """Announce a file, and learn how to upload it."""
    from darkroom.http.file_requests import UploadBody  # noqa: PLC0415 - requests for files are rare

    def answer(requested: FileUpload) -> UploadAnswer:
        core = container()
        return upload_answer(requested, core.links, core.clock.now())

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
    return json_response(200, presenters.file_list(page, core.links, core.clock.now()))


@routes.get("/files/<file_id>", Scope.READ)
def get_file(_request: RequestContext, caller: Caller, file_id: str) -> Response[str]:
    """Fetch a file."""
    core = container()
    found = core.manage_files.get(caller.owner, object_id(file_id, "file"))
    return json_response(200, presenters.file_answer(found, core.links, core.clock.now()))


@routes.delete("/files/<file_id>", Scope.GENERATE)
def delete_file(_request: RequestContext, caller: Caller, file_id: str) -> Response[str]:
    """Delete a file and its bytes."""
    container().manage_files.delete(caller, object_id(file_id, "file"))
    return json_response(200, presenters.file_deleted(file_id))
