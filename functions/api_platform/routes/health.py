"""Is the API up?"""

from __future__ import annotations

from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from darkroom.http import static_documents
from darkroom.http.api import json_response, new_router
from darkroom.wiring import container

router = new_router()


@router.get("/health")
def health() -> Response[str]:
    """Answer without a key and without touching anything that could be down."""
    return json_response(200, {"status": "ok", "stage": container().settings.stage})


@router.get("/openapi.json")
def get_openapi() -> Response[str]:
    """This API as OpenAPI, for anybody."""
    return static_documents.openapi(Path(__file__).parent.parent)
