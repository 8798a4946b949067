"""Manifests: files of rows that become renders or generations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters, submissions
from api_platform.requests import NewManifest
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
    from darkroom.services.manifests.register_manifest import Registered

routes = Routes()


@routes.post("/manifests", Scope.GENERATE)
def create_manifest(request: RequestContext, caller: Caller) -> Response[str]:
    """Announce a manifest, and learn how to upload its file."""
    base_url = request.public_base_url

    def first_answer(registered: Registered) -> StoredResponse:
        return stored_response(201, presenters.manifest_upload(registered, base_url))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(NewManifest)
    order = submissions.order(body, caller.owner)
    registered = container().register_manifest(caller, order, body.format, body.size, body.name, idempotency)
    request.extra_headers["Location"] = request.url_of(f"/manifests/{registered.manifest.id}")
    return json_response(201, presenters.manifest_upload(registered, base_url))


@routes.get("/manifests", Scope.READ)
def list_manifests(request: RequestContext, caller: Caller) -> Response[str]:
    """List manifests."""
    page = container().read_manifests.list(caller.owner, page_request(request.query()))
    return json_response(200, presenters.manifest_list(page, request.public_base_url))


@routes.get("/manifests/<manifest_id>", Scope.READ)
def get_manifest(request: RequestContext, caller: Caller, manifest_id: str) -> Response[str]:
    """How a manifest stands."""
    found = container().read_manifests.get(caller.owner, object_id(manifest_id, "manifest"))
    return json_response(200, presenters.manifest_answer(found, request.public_base_url))


@routes.get("/manifests/<manifest_id>/stream", Scope.READ)
def stream_manifest(request: RequestContext, caller: Caller, manifest_id: str) -> Response[str]:
    """A manifest's progress as server-sent events."""
    from api_platform.routes.manifest_stream import next_part  # noqa: PLC0415 - streams are rare

    known = object_id(manifest_id, "manifest")
    read = container().read_manifests
    last = request.header("last-event-id") or ""
    return next_part(caller.owner, lambda: read.get(caller.owner, known), last, request.public_base_url)


@routes.get("/manifests/<manifest_id>/results", Scope.READ)
def get_manifest_results(_request: RequestContext, caller: Caller, manifest_id: str) -> Response[str]:
    """Where a manifest's results and its report of bad rows are."""
    downloads = container().read_manifests.results_of(caller.owner, object_id(manifest_id, "manifest"))
    return json_response(200, presenters.manifest_results(downloads))


@routes.post("/manifests/<manifest_id>/cancel", Scope.GENERATE)
def cancel_manifest(request: RequestContext, caller: Caller, manifest_id: str) -> Response[str]:
    """Cancel a manifest."""
    canceled = container().cancel_manifest(caller.owner, object_id(manifest_id, "manifest"))
    return json_response(200, presenters.manifest_answer(canceled, request.public_base_url))
