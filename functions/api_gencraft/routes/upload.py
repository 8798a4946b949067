"""``/upload``: take over a picture from the web."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters
from api_gencraft.requests import UploadBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import encode, json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()


@router.post("/upload")
def upload() -> Response[str]:
    """Fetch a public image and answer the address we keep it at."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)

    def shown(asset: Asset) -> presenters.Json:
        return presenters.upload(asset, body.source_url, container().links)

    def first_answer(asset: Asset) -> StoredResponse:
        return StoredResponse(200, encode(shown(asset)))

    idempotency = current.idempotency_context(first_answer)
    body = parse(UploadBody, current.json_object())
    asset = container().rehost_image(
        caller.owner, body.source_url, param="source_url", idempotency=idempotency
    )
    return json_response(200, shown(asset))
