"""``/upload``: take over a picture from the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters
from api_gencraft.requests import UploadBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.writes import StoredResponse
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

if TYPE_CHECKING:
    from api_gencraft import resources

routes = Routes()


@routes.post("/upload", Scope.GENERATE)
def upload_image(request: RequestContext, caller: Caller) -> Response[str]:
    """Fetch a public image and keep it at a stable address."""

    def answer(asset: Asset) -> resources.Upload:
        return presenters.upload(asset, body.source_url, container().links)

    def first_answer(asset: Asset) -> StoredResponse:
        return stored_response(200, answer(asset))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(UploadBody)
    container().authenticate.count(caller)  # before the fetch, which is most of the work
    asset = container().rehost_image(
        caller.owner, body.source_url, param="source_url", idempotency=idempotency
    )
    return json_response(200, answer(asset))
