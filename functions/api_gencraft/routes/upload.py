"""``/upload``: take over a picture from the web."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters
from api_gencraft.schemas import UploadBody
from darkroom.domain.accounts import Scope
from darkroom.domain.assets import Asset
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import encode, exchange, json_response, new_router
from darkroom.http.schemas import parse
from darkroom.wiring import container

router = new_router()


@router.post("/upload")
def upload() -> Response[str]:
    """Fetch a public image and answer the address we keep it at."""
    current = exchange(router)
    caller = current.sender(Scope.GENERATE)

    def shown(asset: Asset) -> presenters.Json:
        return presenters.upload(asset, body.source_url, container().links)

    def first_answer(asset: Asset) -> StoredResponse:
        return StoredResponse(200, encode(shown(asset)))

    receipt = current.receipt(first_answer)
    body = parse(UploadBody, current.json_object())
    asset = container().rehost_image(caller.owner, body.source_url, param="source_url", receipt=receipt)
    return json_response(200, shown(asset))
